"""Daily duties: done once a day by one process, however many there are and however often they begin."""

from datetime import timedelta

from factories import NOW

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
