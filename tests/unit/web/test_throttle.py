"""How many posts, and failed sign-ins, an address may send."""

import time_machine

from leadcapture.web.admin.lockout import Lockout
from leadcapture.web.throttle import Rate, Throttle

NOON, AN_HOUR_BEFORE = "2026-11-25T12:00:00Z", "2026-11-25T11:00:00Z"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_rate__lets_a_burst_through_and_then_one_at_a_time():
    clock = Clock()
    throttle, rate = Throttle(clock), Rate(burst=3, per_minute=60)
    assert [throttle.wait_seconds("ann", rate) for _ in range(4)] == [0, 0, 0, 1]
    assert throttle.wait_seconds("bob", rate) == 0
    clock.now += 1
    assert [throttle.wait_seconds("ann", rate) for _ in range(2)] == [0, 1]


def test_rate__a_clock_that_is_set_back_refuses_nobody():
    throttle, rate = Throttle(), Rate(burst=2, per_minute=60)
    with time_machine.travel(NOON):
        throttle.wait_seconds("ann", rate)
    with time_machine.travel(AN_HOUR_BEFORE):
        assert throttle.wait_seconds("ann", rate) == 0


def test_lockout__a_clock_that_is_set_back_locks_nobody_out_for_longer():
    lockout = Lockout(failures=2, window_seconds=300)
    with time_machine.travel(NOON):
        assert [lockout.failed("192.0.2.1") for _ in range(2)] == [False, True]
    with time_machine.travel(AN_HOUR_BEFORE):
        assert 0 < lockout.wait_seconds("192.0.2.1") <= 300
