"""The workers' time: nobody's clock moves it, and a jump of the store's own is waited out."""

from datetime import UTC, datetime, timedelta

import pytest

from leadcapture.domain.steady_clock import LOOK_SECONDS, SteadyClock, since_boot
from leadcapture.errors import StoreUnavailable

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = 36.0


class Hosts:
    """A store's clock, a machine's, and the seconds that pass on both."""

    def __init__(self, machine_ahead=0.0):
        self.passed, self.store_ahead, self.machine_ahead = 0.0, 0.0, machine_ahead
        self.looks, self.look_takes, self.store_is_there = 0, 0.0, True
        self.jumps = []
        self.clock = SteadyClock(self.store_time, self.machine_time, LEASE, lambda: self.passed, self.jumps.append)

    def store_time(self):
        self.looks += 1
        if not self.store_is_there:
            raise StoreUnavailable("gone")
        told = START + timedelta(seconds=self.passed + self.store_ahead)
        self.passed += self.look_takes
        return told

    def machine_time(self):
        return START + timedelta(seconds=self.passed + self.machine_ahead)

    def off_by(self):
        """How far the clock is from the seconds that passed."""
        return (self.clock() - START).total_seconds() - self.passed


def test_clock__is_the_stores_whatever_the_machine_says():
    hosts = Hosts(machine_ahead=3600.0)
    assert hosts.off_by() == 3600

    assert hosts.clock.rest_seconds() == 0
    assert hosts.off_by() == 0
    hosts.machine_ahead = -7200.0
    hosts.passed += 5
    assert (hosts.clock.rest_seconds(), hosts.off_by()) == (0, 0)


def test_clock__small_corrections_are_taken_over():
    hosts = Hosts()
    hosts.clock.rest_seconds()
    hosts.store_ahead = 4.0
    hosts.passed += LOOK_SECONDS

    assert (hosts.clock.rest_seconds(), hosts.off_by()) == (0, 4)


@pytest.mark.parametrize("jump", [-3600.0, 6.0, 3600.0])
def test_rest__outlasts_every_lease_of_the_time_before(jump):
    hosts = Hosts()
    hosts.clock.rest_seconds()
    hosts.store_ahead = jump
    hosts.passed += LOOK_SECONDS - 1
    assert (hosts.clock.rest_seconds(), hosts.off_by()) == (0, 0)

    hosts.passed += 1
    assert hosts.clock.rest_seconds() == LEASE + LOOK_SECONDS
    assert (hosts.off_by(), hosts.jumps) == (jump, [jump])
    hosts.passed += LEASE + LOOK_SECONDS - 1
    assert hosts.clock.rest_seconds() == 1
    hosts.passed += 1
    assert hosts.clock.rest_seconds() == 0


def test_look__is_due_now_and_then_for_all_lanes_together():
    hosts = Hosts()
    for _ in range(100):
        hosts.clock.rest_seconds()
        hosts.passed += 1

    assert hosts.looks == 7


def test_look__that_took_long_says_nothing():
    hosts = Hosts()
    hosts.clock.rest_seconds()
    hosts.look_takes = 8.0
    hosts.passed += LOOK_SECONDS

    assert (hosts.clock.rest_seconds(), hosts.off_by()) == (0, 0)


def test_look__without_a_store_is_needed_once():
    hosts = Hosts()
    hosts.store_is_there = False
    with pytest.raises(StoreUnavailable):
        hosts.clock.rest_seconds()
    hosts.store_is_there = True
    hosts.clock.rest_seconds()
    hosts.store_is_there = False
    hosts.passed += 100

    assert (hosts.clock.rest_seconds(), hosts.off_by()) == (0, 0)


def test_since_boot__only_grows():
    assert 0 < since_boot() <= since_boot()
