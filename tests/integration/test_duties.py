"""Daily duties: done once a day by one process, however many there are and however often they begin."""

from datetime import timedelta

from factories import NOW, make_new_lead
from service import wait_until

from leadcapture.bootstrap import mend_times
from leadcapture.domain.pace import Allowance, Cost
from leadcapture.domain.steady_clock import LOOK_SECONDS, SteadyClock
from leadcapture.store.queue import ClaimRequest

DAY = timedelta(days=1)


def test_turn__is_taken_by_one_and_a_day_later_again(store):
    beats = store.heartbeats
    assert beats.take("digest", DAY, NOW).last is None
    assert beats.take("digest", DAY, NOW + timedelta(hours=23)) is None
    assert beats.take("digest", DAY, NOW + DAY).last == NOW
    assert beats.take("digest", DAY, NOW + DAY) is None


def test_turn__of_another_duty_is_another(store):
    assert store.heartbeats.take("digest", DAY, NOW)
    assert store.heartbeats.take("reconcile main", DAY, NOW)


def test_turn__that_failed_is_given_back(store):
    beats = store.heartbeats
    first = beats.take("digest", DAY, NOW)
    beats.give_back("digest", first)
    again = beats.take("digest", DAY, NOW + timedelta(minutes=5))
    assert again.last is None
    later = beats.take("digest", DAY, NOW + timedelta(days=2))
    beats.give_back("digest", later)
    assert beats.take("digest", DAY, NOW + timedelta(days=2, minutes=5)).last == NOW + timedelta(minutes=5)


def test_mend__leaves_leases_alone_until_those_of_the_time_before_are_over(store):
    """The store's clock was three hours ahead and is put right while another worker delivers by the time of before."""
    passed, ahead, lease = [0.0], [timedelta(hours=3)], 36.0
    clock = SteadyClock(lambda: NOW + ahead[0] + timedelta(seconds=passed[0]), lambda: NOW, lease, lambda: passed[0])
    clock.rest_seconds()
    store.connections.ensure("main")
    lead = store.leads.accept(make_new_lead(at=NOW)).id
    plenty = Allowance(100, 1000, 100)
    [claim] = store.queue.claim(ClaimRequest("main", plenty, Cost(4, 2), 1, clock(), lease)).claims
    ahead[0] = timedelta(0)
    passed[0] = LOOK_SECONDS

    mend_times(store, clock)
    assert store.leads.get(lead).due_at == claim.until
    passed[0] += lease + LOOK_SECONDS
    mend_times(store, clock)
    assert store.leads.get(lead).due_at == clock()


def test_worker__says_that_it_is_at_work_as_soon_as_it_begins(make_service, database_url):
    service = make_service(database_url=database_url)
    service.migrate()
    service.start_worker()
    wait_until(service.store.heartbeats.last, 13, "the worker was heard of, before its first upkeep is due")
