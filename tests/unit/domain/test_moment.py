"""A location's wall clock and UTC: summer and winter, the hour that is skipped and the hour that comes twice."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.moment import to_crm, wall_clock_to_utc

NEW_YORK, LONDON, AUCKLAND, SYDNEY = "America/New_York", "Europe/London", "Pacific/Auckland", "Australia/Sydney"


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-01-15", LONDON, "2026-01-15T12:00:00Z"),
        ("2026-07-15", LONDON, "2026-07-15T11:00:00Z"),
        ("2026-07-15T14:30", LONDON, "2026-07-15T13:30:00Z"),
        ("2026-07-15T00:15", LONDON, "2026-07-14T23:15:00Z"),
        ("2026-01-15", AUCKLAND, "2026-01-14T23:00:00Z"),
        # the clock goes forward: the skipped half hour is read with the offset before the change
        ("2026-03-29T00:59", LONDON, "2026-03-29T00:59:00Z"),
        ("2026-03-29T01:30", LONDON, "2026-03-29T01:30:00Z"),
        ("2026-03-29T02:00", LONDON, "2026-03-29T01:00:00Z"),
        ("2026-03-08T02:30", NEW_YORK, "2026-03-08T07:30:00Z"),
        # the clock goes back: an hour that comes twice is its first coming
        ("2026-10-25T01:30", LONDON, "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:00", LONDON, "2026-10-25T02:00:00Z"),
        ("2026-11-01T01:30", NEW_YORK, "2026-11-01T05:30:00Z"),
        ("2026-04-05T02:30", SYDNEY, "2026-04-04T15:30:00Z"),
        # the day of the change itself
        ("2026-03-29", LONDON, "2026-03-29T11:00:00Z"),
        ("2026-10-25", LONDON, "2026-10-25T12:00:00Z"),
        # a time that names its own offset
        ("2026-07-15T14:30+02:00", LONDON, "2026-07-15T12:30:00Z"),
        ("2026-07-15T14:30Z", NEW_YORK, "2026-07-15T14:30:00Z"),
    ],
)
def test_wall_clock_to_utc__in_the_zone(text, zone, expected):
    moment = wall_clock_to_utc(text, zone)

    assert moment.tzinfo is UTC
    assert to_crm(moment) == expected


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "01/02/2026", "2026-01-01T25:00", "2026-01-01 14:30"])
def test_wall_clock_to_utc__no_date(text):
    with pytest.raises(ValueError, match=r".+"):
        wall_clock_to_utc(text, LONDON)


def test_wall_clock_to_utc__no_zone():
    with pytest.raises(KeyError):
        wall_clock_to_utc("2026-01-01", "Mars/Olympus")


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)), st.sampled_from([NEW_YORK, LONDON, AUCKLAND, SYDNEY]))
def test_wall_clock_to_utc__a_day_stays_that_day(day, zone):
    assert wall_clock_to_utc(day.isoformat(), zone).astimezone(ZoneInfo(zone)).date() == day


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 3, 2, 9, 0, 5, 999999, tzinfo=UTC), "2026-03-02T09:00:05Z"),
        (datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))), "2026-03-02T03:30:00Z"),
        (datetime(26, 9, 1, 12, 0, tzinfo=UTC), "0026-09-01T12:00:00Z"),
    ],
)
def test_to_crm__utc_in_whole_seconds(moment, expected):
    assert to_crm(moment) == expected
