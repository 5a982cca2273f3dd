"""Days of a location's calendar, states in groups, and pages without their queries."""

from datetime import UTC, date, datetime

import pytest

from leadcapture.domain.lead import LeadState
from leadcapture.domain.reports import DayRow, PageRow, Period, by_day, group_of, midnight, pages_of, period

LONDON = "Europe/London"
EVENING = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def quarter(*moment):
    return int(datetime(*moment, tzinfo=UTC).timestamp()) // 900


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (date(2026, 1, 5), LONDON, datetime(2026, 1, 5, 0, tzinfo=UTC)),
        (date(2026, 7, 5), LONDON, datetime(2026, 7, 4, 23, tzinfo=UTC)),
        (date(2026, 3, 30), LONDON, datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 1, 5), "Pacific/Auckland", datetime(2026, 1, 4, 11, tzinfo=UTC)),
        # a night without midnight, and one with two
        (date(2018, 11, 4), "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
        (date(2018, 2, 18), "America/Sao_Paulo", datetime(2018, 2, 18, 3, tzinfo=UTC)),
    ],
)
def test_midnight__of_the_zones_own_day(day, zone, expected):
    assert midnight(day, zone) == expected


@pytest.mark.parametrize(
    ("first", "last", "zone", "expected"),
    [
        (None, None, LONDON, (date(2026, 2, 1), date(2026, 3, 2))),
        (None, None, "Pacific/Auckland", (date(2026, 2, 2), date(2026, 3, 3))),
        (date(2026, 1, 1), None, LONDON, (date(2026, 1, 1), date(2026, 3, 2))),
        (None, date(2026, 1, 31), LONDON, (date(2026, 1, 2), date(2026, 1, 31))),
        (date(2026, 1, 5), date(2026, 1, 5), LONDON, (date(2026, 1, 5), date(2026, 1, 5))),
        (date(2026, 2, 5), date(2026, 1, 5), LONDON, (date(2026, 1, 5), date(2026, 1, 5))),
        (date(2027, 1, 1), date(2028, 1, 1), LONDON, (date(2026, 3, 2), date(2026, 3, 2))),
        (date(2000, 1, 1), None, LONDON, (date(2025, 3, 2), date(2026, 3, 2))),
        (date(1, 1, 1), date(1, 1, 1), LONDON, (date(1999, 1, 1), date(2000, 1, 1))),
        (None, date(1, 1, 3), LONDON, (date(1999, 12, 3), date(2000, 1, 1))),
    ],
)
def test_period__whole_days_up_to_today_and_a_year_at_most(first, last, zone, expected):
    found = period(first, last, EVENING, zone)

    assert (found.first, found.last, found.zone) == (*expected, zone)
    assert len(found.days) <= 366


def test_period__both_ends_are_included():
    found = Period(date(2026, 3, 28), date(2026, 3, 29), LONDON)

    assert found.days == [date(2026, 3, 28), date(2026, 3, 29)]
    assert found.since == datetime(2026, 3, 28, tzinfo=UTC)
    assert found.until == datetime(2026, 3, 29, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "group"),
    [
        (LeadState.RECEIVED, "waiting"),
        (LeadState.DELIVERING, "waiting"),
        (LeadState.UNKNOWN, "waiting"),
        (LeadState.DELIVERED, "delivered"),
        (LeadState.HELD, "held"),
        (LeadState.BLOCKED, "blocked"),
        (LeadState.DISCARDED, "discarded"),
    ],
)
def test_group_of__as_a_report_counts_it(state, group):
    assert group_of(state.value) == group
    assert by_day([(quarter(2026, 7, 4, 12), state.value, 3)], Period(date(2026, 7, 4), date(2026, 7, 4), LONDON)) == [
        DayRow(date(2026, 7, 4), **{group: 3})
    ]


def test_by_day__the_zones_days_with_none_left_out():
    quarters = [
        (quarter(2026, 7, 3, 22, 45), "delivered", 1),
        (quarter(2026, 7, 3, 23, 0), "delivered", 2),
        (quarter(2026, 7, 4, 22, 45), "unknown", 4),
        (quarter(2026, 7, 4, 9, 15), "received", 8),
        (quarter(2026, 7, 9, 9, 0), "held", 16),
    ]

    assert by_day(quarters, Period(date(2026, 7, 3), date(2026, 7, 5), LONDON)) == [
        DayRow(date(2026, 7, 3), delivered=1),
        DayRow(date(2026, 7, 4), delivered=2, waiting=12),
        DayRow(date(2026, 7, 5)),
    ]


def test_day_row__total_is_all_of_them():
    assert DayRow(date(2026, 7, 3), delivered=1, waiting=2, held=4, blocked=8, discarded=16).total == 31


def test_pages_of__queries_are_left_out_and_the_busiest_comes_first():
    found = {
        "https://www.example.com/a?utm_source=x#top": 2,
        "https://www.example.com/a": 3,
        "https://www.example.com/b": 9,
        "http://www.example.com/a": 1,
        "": 4,
        "not an address": 1,
    }

    assert pages_of(found) == [
        PageRow("https://www.example.com/b", 9),
        PageRow("https://www.example.com/a", 5),
        PageRow("", 5),
        PageRow("http://www.example.com/a", 1),
    ]
    assert pages_of(found, most=1) == [PageRow("https://www.example.com/b", 9)]
