"""Accepting: the same submission is one lead, however often, however quickly and by however many it is brought."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from factories import NOW, make_content, make_new_lead
from service import wait_until
from sqlalchemy.exc import DBAPIError

from leadcapture.store.leads import Query

WINDOW = timedelta(minutes=10)


def ids_in(store):
    return [row.id for row in store.leads.find(Query(limit=10_000))]


def test_accept__same_key_for_ever_is_one_lead(store):
    first = make_new_lead(at=NOW, dedup_keys=(("key", None),))
    again = make_new_lead(at=NOW + timedelta(days=400), dedup_keys=(("key", None),))

    assert not store.leads.accept(first).repeated
    repeat = store.leads.accept(again)

    assert (repeat.id, repeat.repeated) == (first.id, True)
    assert ids_in(store) == [first.id]


def test_accept__same_answers_within_ten_minutes_are_one_lead(store):
    first = make_new_lead(at=NOW, dedup_keys=(("answers", NOW + WINDOW),))
    later = NOW + timedelta(minutes=9)
    again = make_new_lead(at=later, dedup_keys=(("answers", later + WINDOW),))

    store.leads.accept(first)

    assert store.leads.accept(again).id == first.id
    assert ids_in(store) == [first.id]


def test_accept__same_answers_after_ten_minutes_are_another_lead(store):
    later = NOW + timedelta(minutes=11)
    first = make_new_lead(at=NOW, dedup_keys=(("answers", NOW + WINDOW),))
    second = make_new_lead(at=later, dedup_keys=(("answers", later + WINDOW),))
    third = make_new_lead(at=later, dedup_keys=(("answers", later + WINDOW),))

    store.leads.accept(first)
    store.leads.accept(second)

    assert store.leads.accept(third).id == second.id
    assert set(ids_in(store)) == {first.id, second.id}


def test_accept__an_id_that_comes_with_its_answers_registers_both(store):
    first = make_new_lead(at=NOW, dedup_keys=(("id", None), ("answers", NOW + WINDOW)))
    without_id = make_new_lead(at=NOW, dedup_keys=(("answers", NOW + WINDOW),))

    store.leads.accept(first)

    assert store.leads.accept(without_id).id == first.id


def test_accept__changed_answers_are_another_lead(store):
    first, second = (make_new_lead(at=NOW, dedup_keys=((key, NOW + WINDOW),)) for key in ("one", "two"))
    store.leads.accept(first)
    store.leads.accept(second)
    assert set(ids_in(store)) == {first.id, second.id}


def test_accept__many_at_once_over_two_processes_stores_are_one_lead(database_url, make_store):
    stores = [make_store(database_url), make_store(database_url)]
    leads = [make_new_lead(dedup_keys=(("key", None),)) for _ in range(24)]

    with ThreadPoolExecutor(24) as threads:
        accepted = list(threads.map(lambda pair: stores[pair[0] % 2].leads.accept(pair[1]), enumerate(leads)))

    assert len({one.id for one in accepted}) == 1
    assert sum(not one.repeated for one in accepted) == 1
    assert ids_in(stores[0]) == [accepted[0].id]


def in_one_batch(store, leads):
    """Accept leads that have all come while the writer was busy; returns what each call gave or raised."""
    busy, go_on = threading.Event(), threading.Event()

    def hold(_connection, items):
        busy.set()
        assert go_on.wait(20)
        return items

    def accept(lead):
        try:
            return store.leads.accept(lead)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(leads) + 1) as threads:
        threads.submit(store._writer.run, hold, None)
        assert busy.wait(20)
        calls = [threads.submit(accept, lead) for lead in leads]
        wait_until(lambda: store._writer._queue.qsize() == len(leads))
        go_on.set()
        return [call.result() for call in calls]


def test_accept__same_key_within_one_batch_is_one_lead(store):
    leads = [make_new_lead(dedup_keys=(("key", None),)) for _ in range(6)]
    accepted = in_one_batch(store, leads)
    assert len({one.id for one in accepted}) == 1
    assert len(ids_in(store)) == 1


def test_accept__a_row_that_can_not_be_written_does_not_sink_its_batch(store):
    there = make_new_lead()
    store.leads.accept(there)
    poison = make_new_lead(id=there.id, dedup_keys=(("poison", None),))
    good = [make_new_lead(dedup_keys=((f"good {number}", None),)) for number in range(5)]

    results = in_one_batch(store, [*good[:2], poison, *good[2:]])

    assert isinstance(results[2], DBAPIError)
    assert [one.id for one in results[:2] + results[3:]] == [lead.id for lead in good]
    assert set(ids_in(store)) == {there.id, *(lead.id for lead in good)}


def test_accept__a_lead_that_can_not_be_made_does_not_sink_its_batch(store):
    def broken():
        raise ZeroDivisionError

    leads = [make_new_lead(dedup_keys=((f"good {number}", None),)) for number in range(3)]
    first, *later = leads
    handed = [store.leads.hand_in(make) for make in (lambda: first, broken, *(lambda one=one: one for one in later))]

    with pytest.raises(ZeroDivisionError):
        handed.pop(1).wait()
    assert [one.wait().id for one in handed] == [lead.id for lead in leads]
    assert set(ids_in(store)) == {lead.id for lead in leads}


def test_accept__keeps_every_letter_of_what_was_said(store):
    said = make_content(name="Zoë 🪑 O’Neil", message="first line\nsecond ‮ line", email="Ann+Tag@Customer.co.uk")
    lead = make_new_lead(content=said, body=bytes(range(256)))

    store.leads.accept(lead)

    assert store.leads.get(lead.id).content == said
    assert store.leads.body(lead.id)[1] == bytes(range(256))


@pytest.mark.parametrize("name", ["a\x00b", "\ud800", "x" * 5000])
def test_accept__stores_names_that_databases_do_not_like(store, name):
    lead = make_new_lead(content=make_content(name=name))
    store.leads.accept(lead)
    assert store.leads.get(lead.id) is not None
