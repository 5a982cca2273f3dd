"""How long to wait for the allowance: as long as it must be and no longer; and how long a backlog takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.pace import Allowance, Cost, Pace, seconds_until_empty

START = 1_772_442_000.0
LEAD = Cost(4, 2)
ALLOWED = Allowance(writes_per_minute=10, writes_per_day=40, calls_per_minute=25)


@pytest.mark.parametrize(
    ("unit", "spendings", "seconds"),
    [
        (LEAD, [], 0.0),
        (LEAD, [(0, Cost(0, 8))], 0.0),
        (LEAD, [(0, Cost(0, 10))], 61.0),
        (LEAD, [(-40, Cost(0, 1)), (-20, Cost(0, 1)), (0, Cost(0, 8))], 41.0),
        (LEAD, [(-40, Cost(22, 0)), (0, Cost(0, 9))], 61.0),
        (Cost(1, 0), [(-30, Cost(25, 10))], 31.0),
        (Cost(1, 0), [(-7200, Cost(0, 40)), (-30, Cost(25, 10))], 31.0),
        (LEAD, [(-7200, Cost(0, 40))], 23 * 3600),
        (LEAD, [(-7200, Cost(0, 1)), (-3600, Cost(0, 39))], 24 * 3600),
        (LEAD, [(-7200, Cost(3, 0)), (-3600, Cost(0, 40))], 24 * 3600),
        (LEAD, [(-24.99 * 3600, Cost(0, 40)), (0, Cost(0, 10))], 61.0),
        (Cost(26, 0), [], 61.0),
    ],
)
def test_wait_seconds__until_every_window_has_room(unit, spendings, seconds):
    aligned = START - START % 3600
    pace = Pace()
    for age, cost in spendings:
        pace.spend(cost, aligned + age)

    assert pace.wait_seconds(ALLOWED, unit, aligned) == pytest.approx(seconds, abs=0.01)


SPENDINGS = st.lists(st.tuples(st.integers(-95_000, 0), st.integers(0, 9), st.integers(0, 5)), max_size=30)


@given(SPENDINGS, st.integers(0, 3600))
def test_wait_seconds__neither_too_short_nor_too_long(spendings, offset):
    pace, now = Pace(), START + offset
    for age, calls, writes in sorted(spendings):
        pace.spend(Cost(calls, writes), now + age)

    wait = pace.wait_seconds(ALLOWED, LEAD, now)

    if wait > 0.05:
        assert Pace.from_json(pace.to_json()).room(ALLOWED, LEAD, now + wait - 0.01) == 0
    assert pace.room(ALLOWED, LEAD, now + wait + 0.001) > 0


def test_wait_seconds__never_so_short_that_a_worker_spins():
    pace = Pace()
    pace.spend(Cost(25, 0), START)

    assert pace.wait_seconds(ALLOWED, LEAD, START + 60.99) == 0.05


@pytest.mark.parametrize(
    ("waiting", "today", "seconds"),
    [
        (0, 0, 0),
        (5, 0, 60),
        (20, 0, 240),
        (20, 20, 120 + 86_400),
        (20, 40, 86_400),
        (21, 0, 240 + 86_400),
        (41, 0, 240 + 2 * 86_400),
        (20, 99, 86_400),
    ],
)
def test_seconds_until_empty__at_the_writes_a_minute_and_a_day(waiting, today, seconds):
    assert seconds_until_empty(waiting, ALLOWED, today) == pytest.approx(seconds)
