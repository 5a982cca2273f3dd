"""Daily duties: done once a day by one process, however many there are and however often they begin."""

from datetime import timedelta

from factories import NOW
from service import wait_until

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


def test_worker__says_that_it_is_at_work_as_soon_as_it_begins(make_service, database_url):
    service = make_service(database_url=database_url)
    service.migrate()
    service.start_worker()
    wait_until(service.store.heartbeats.last, 13, "the worker was heard of, before its first upkeep is due")
