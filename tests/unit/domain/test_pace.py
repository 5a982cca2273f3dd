"""The allowance: no minute and no day ever holds more than allowed, whatever is spent and given back when."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.pace import Allowance, Cost, Pace, spent

START = 1_772_442_000.0
LEAD = Cost(4, 2)
ALLOWED = Allowance(writes_per_minute=10, writes_per_day=40, calls_per_minute=25)


def after(pace, *spendings):
    """Spend at so many seconds after the start."""
    for seconds, cost in spendings:
        pace.spend(cost, START + seconds)
    return pace


@pytest.mark.parametrize(
    ("allowance", "unit", "spendings", "room"),
    [
        (ALLOWED, LEAD, [], 5),
        (ALLOWED, LEAD, [(0, Cost(4, 2))], 4),
        (ALLOWED, LEAD, [(0, Cost(0, 9))], 0),
        (ALLOWED, LEAD, [(0, Cost(22, 0))], 0),
        (ALLOWED, LEAD, [(0, Cost(21, 0))], 1),
        (ALLOWED, Cost(1, 0), [(0, Cost(20, 10))], 5),
        (ALLOWED, Cost(0, 1), [(0, Cost(25, 9))], 0),
        (ALLOWED, Cost(0, 1), [(0, Cost(24, 9))], 1),
        (ALLOWED, LEAD, [(0, Cost(99, 99))], 0),
        (ALLOWED, LEAD, [(-3600, Cost(0, 37))], 1),
        (ALLOWED, LEAD, [(-3600, Cost(0, 39))], 0),
        (ALLOWED, Cost(1, 0), [(-3600, Cost(0, 40))], 25),
    ],
)
def test_room__is_what_the_tightest_window_leaves(allowance, unit, spendings, room):
    assert after(Pace(), *spendings).room(allowance, unit, START) == room


@pytest.mark.parametrize(
    ("age", "counted"), [(0, True), (59.9, True), (60.9, True), (61, False), (-61, True), (-62, False)]
)
def test_forget__a_second_counts_for_sixty_one(age, counted):
    pace = after(Pace(), (0, LEAD))

    pace.forget(START + age)

    assert bool(pace.seconds) is counted


@pytest.mark.parametrize(
    ("age_hours", "counted"), [(0, True), (24, True), (24.99, True), (25, False), (-1, True), (-2, False)]
)
def test_forget__an_hour_counts_for_twenty_five(age_hours, counted):
    pace = after(Pace(), (0, LEAD))

    pace.forget(START + age_hours * 3600)

    assert pace.writes_today() == (2 if counted else 0)


WORK = st.tuples(st.floats(0, 60), st.floats(0, 1), st.integers(0, 4), st.integers(0, 2))
PAUSE = st.one_of(st.floats(0, 5), st.floats(0, 90), st.floats(0, 40_000))
STEPS = st.lists(st.tuples(PAUSE, st.lists(WORK, max_size=6), st.sampled_from(["", "forget", "json"])), max_size=40)


@given(STEPS, st.floats(0, 3600))
def test_pace__no_window_holds_more_than_allowed_whatever_the_order(steps, offset):
    """Work is reserved, called for at some time, and settled at its end, as delivery does it."""
    pace, now, calls, open_work = Pace(), START + offset, [], []
    for pause, works, then in steps:
        now += pause
        open_work = _settle(pace, open_work, now)
        for lasts, share, number, writes in works:
            if pace.room(ALLOWED, LEAD, now) > 0:
                used = Cost(max(number, writes), writes)
                pace.spend(LEAD, now)
                open_work.append((now + lasts, now, used))
                calls.append((now + lasts * share, used))
        if then == "forget":
            pace.forget(now)
        elif then == "json":
            pace = Pace.from_json(pace.to_json())
    _assert_windows_hold(calls)


@pytest.mark.parametrize(("step", "steps"), [(0.31, 900), (7.3, 400), (299.0, 900)])
def test_pace__no_window_holds_more_than_allowed_when_all_of_it_is_used(step, steps):
    pace, calls, random = Pace(), [], Random(1)
    for number in range(steps):
        now = START + number * step * (0.5 + random.random() / 2)
        now = max(now, calls[-1][0] if calls else now)
        for _ in range(pace.room(ALLOWED, LEAD, now)):
            pace.spend(LEAD, now)
            calls.append((now, LEAD))
    _assert_windows_hold(calls)
    assert len(calls) > 15


def _settle(pace, open_work, now):
    for end, reserved_at, used in sorted(open_work, key=lambda work: work[0]):
        if end <= now:
            pace.refund(LEAD, reserved_at)
            pace.spend(used, end)
    return [work for work in open_work if work[0] > now]


def _assert_windows_hold(calls):
    for start, _ in calls:
        minute = [cost for at, cost in calls if start <= at < start + 60]
        day = [cost for at, cost in calls if start <= at < start + 86_400]
        assert sum(cost.calls for cost in minute) <= ALLOWED.calls_per_minute
        assert sum(cost.writes for cost in minute) <= ALLOWED.writes_per_minute
        assert sum(cost.writes for cost in day) <= ALLOWED.writes_per_day


def test_spend__adds_up_in_its_second_and_its_hour():
    pace = after(Pace(), (0, Cost(3, 0)), (0.9, Cost(2, 1)), (1, Cost(1, 1)))

    assert pace.seconds == {int(START): (5, 1), int(START) + 1: (1, 1)}
    assert list(pace.hours.values()) == [2]
    assert after(Pace(), (0, Cost(3, 0))).writes_today() == 0


def test_refund__gives_back_once_and_never_more_than_was_spent():
    pace = after(Pace(), (0, LEAD), (0.5, LEAD))

    pace.refund(LEAD, START + 0.9)
    assert (pace.seconds[int(START)], pace.writes_today()) == ((4, 2), 2)
    pace.refund(Cost(9, 9), START)
    assert (pace.seconds[int(START)], pace.writes_today()) == ((0, 0), 0)


def test_refund__of_what_no_window_holds_changes_nothing():
    pace = after(Pace(), (0, LEAD))

    pace.refund(LEAD, START - 3600)

    assert (pace.seconds[int(START)], pace.writes_today()) == ((4, 2), 2)


SPENDINGS = st.lists(st.tuples(st.integers(-95_000, 0), st.integers(0, 9), st.integers(0, 5)), max_size=30)


@given(SPENDINGS)
def test_json__says_the_same_again(spendings):
    pace = after(Pace(), *((age, Cost(calls, writes)) for age, calls, writes in spendings))

    assert Pace.from_json(pace.to_json()) == pace


def test_json__nothing_written_is_nothing_spent():
    assert Pace.from_json("") == Pace.from_json("{}") == Pace()


@pytest.mark.parametrize(
    ("observed", "cost"),
    [
        ({}, Cost(0, 0)),
        ({"GET": 3}, Cost(3, 0)),
        ({"GET": 2, "POST": 2, "PUT": 1}, Cost(5, 3)),
        ({"POST": 1}, Cost(1, 1)),
    ],
)
def test_spent__everything_but_reading_is_a_write(observed, cost):
    assert spent(observed) == cost
