"""Accepting: the same submission is one lead, however often, however quickly and by however many it is brought."""

import contextlib
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from factories import NOW, make_content, make_new_lead
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from service import wait_until
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from leadcapture.errors import NothingWritten, StoreUnavailable
from leadcapture.store import accepting, db, tables
from leadcapture.store.leads import Query
from leadcapture.store.statements import AT_ONCE
from leadcapture.store.store import Store

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


def test_accept__same_answers_under_other_ids_are_one_lead_for_ten_minutes(store):
    """A page that is loaded again has another id; who sends the same from it has sent it twice."""
    answers = ("answers", NOW + WINDOW)
    first = make_new_lead(at=NOW, dedup_keys=(answers,))
    others = [make_new_lead(at=NOW, dedup_keys=((f"id {number}", None), answers)) for number in range(2)]
    store.leads.accept(first)

    told = [store.leads.accept(one) for one in others]
    much_later = make_new_lead(at=NOW + timedelta(days=9), dedup_keys=(("id 1", None), ("other answers", None)))

    assert {(one.id, one.repeated) for one in told} == {(first.id, True)}
    assert store.leads.accept(much_later).id == first.id  # an id that came with a repeat is that lead's, too
    assert ids_in(store) == [first.id]


def test_accept__in_one_batch_each_key_counts(store):
    known = make_new_lead(dedup_keys=(("known", None),))
    store.leads.accept(known)
    first = make_new_lead(dedup_keys=(("a", None), ("b", None)))
    by_second = make_new_lead(dedup_keys=(("c", None), ("b", None)))
    by_old = make_new_lead(dedup_keys=(("d", None), ("known", None)))
    through = make_new_lead(dedup_keys=(("d", None), ("e", None)))
    own = make_new_lead(dedup_keys=())
    changed = make_new_lead(at=NOW, dedup_keys=(("a", None), ("other answers", NOW + WINDOW)))

    told = store.leads.accept_all([first, by_second, by_old, through, own, changed])

    assert [one.id for one in told] == [first.id, first.id, known.id, known.id, own.id, first.id]
    assert set(ids_in(store)) == {known.id, first.id, own.id}
    assert store.leads.owner_of("other answers") is None  # they are stored nowhere
    for key, owner in (("c", first), ("d", known), ("e", known)):
        assert store.leads.owner_of(key) == owner.id


def test_accept__who_says_what_a_repeat_says_is_new_also_in_one_batch(store):
    """Other answers under a known id are stored nowhere: who says the same without it is answered for nothing else."""
    answers = ("other answers", NOW + WINDOW)
    known = make_new_lead(at=NOW, dedup_keys=(("id", None), ("answers", NOW + WINDOW)))
    store.leads.accept(known)
    changed = make_new_lead(at=NOW, dedup_keys=(("id", None), answers))
    alone, again = (make_new_lead(at=NOW, dedup_keys=(answers,)) for _ in range(2))

    told = store.leads.accept_all([changed, alone, again])

    assert [one.id for one in told] == [known.id, alone.id, alone.id]
    assert set(ids_in(store)) == {known.id, alone.id}
    assert store.leads.owner_of("other answers") == alone.id


KEYS = st.lists(st.tuples(st.sampled_from("abcde"), st.booleans()), max_size=3, unique_by=lambda key: key[0])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(before=st.lists(KEYS, max_size=3), batch=st.lists(KEYS, min_size=1, max_size=6))
def test_accept__a_batch_comes_to_the_same_as_one_after_the_other(store, before, batch):
    def outcome(accept_new):
        """What became of each, by the place of the lead that it is, and whose each key is."""
        scope = str(uuid4())
        leads = [
            make_new_lead(at=NOW, dedup_keys=tuple((scope + key, None if ever else NOW + WINDOW) for key, ever in keys))
            for keys in [*before, *batch]
        ]
        place = {lead.id: number for number, lead in enumerate(leads)}
        told = [store.leads.accept(lead) for lead in leads[: len(before)]] + accept_new(leads[len(before) :])
        there = set(ids_in(store)) & place.keys()
        assert {one.id for one in told} == there
        owners = {key: store.leads.owner_of(scope + key) for key in "abcde"}
        return [(place[one.id], one.repeated) for one in told], {k: o and place[o] for k, o in owners.items()}

    assert outcome(store.leads.accept_all) == outcome(lambda new: [store.leads.accept(one) for one in new])


@pytest.mark.parametrize("keys", [(("answers", NOW + WINDOW),), (("id", None), ("answers", NOW + WINDOW))])
def test_accept__what_was_erased_is_not_what_is_sent_again(store, keys):
    first = make_new_lead("ann@customer.co.uk", at=NOW, dedup_keys=keys)
    store.leads.accept(first)
    store.actions.erase("test", "ann@customer.co.uk", NOW)

    again = make_new_lead("ann@customer.co.uk", at=NOW, dedup_keys=keys)
    third = make_new_lead("ann@customer.co.uk", at=NOW, dedup_keys=keys)

    assert not store.leads.accept(again).repeated
    assert store.leads.accept(third).id == again.id
    assert store.leads.get(again.id).content.email == "ann@customer.co.uk"


def test_accept__changed_answers_are_another_lead(store):
    first, second = (make_new_lead(at=NOW, dedup_keys=((key, NOW + WINDOW),)) for key in ("one", "two"))
    store.leads.accept(first)
    store.leads.accept(second)
    assert set(ids_in(store)) == {first.id, second.id}


def test_accept__more_in_one_batch_than_one_statement_takes(store):
    """Every third is another's repeat, so that keys are read, too."""
    new = [make_new_lead(dedup_keys=((f"key {number - number % 3 // 2}", None),)) for number in range(AT_ONCE * 2 + 7)]
    accepted = store.leads.accept_all(new)
    repeated = [one for one in accepted if one.repeated]
    assert len(repeated) == len(new) // 3
    assert sorted(ids_in(store)) == sorted(one.id for one in accepted if not one.repeated)
    assert {one.id for one in repeated} <= set(ids_in(store))


def test_accept__many_at_once_over_two_processes_stores_are_one_lead(database_url, make_store):
    stores = [make_store(database_url), make_store(database_url)]
    leads = [make_new_lead(dedup_keys=(("key", None),)) for _ in range(24)]

    with ThreadPoolExecutor(24) as threads:
        accepted = list(threads.map(lambda pair: stores[pair[0] % 2].leads.accept(pair[1]), enumerate(leads)))

    assert len({one.id for one in accepted}) == 1
    assert sum(not one.repeated for one in accepted) == 1
    assert ids_in(stores[0]) == [accepted[0].id]


@pytest.mark.parametrize("alike", ["keys", "texts", "further keys"])
def test_accept__two_processes_that_write_the_same_in_opposite_order_do_not_wait_for_each_other(
    postgres_url, make_store, alike
):
    stores = [make_store(postgres_url), make_store(postgres_url)]
    both = threading.Barrier(2, timeout=20)

    def lead(turn, number):
        own, same = (uuid4().hex, None), (f"{turn} {number}", None)
        keys = {"keys": (same,), "texts": (own,), "further keys": (own, same)}[alike]
        return make_new_lead(dedup_keys=keys, text_key=same[0] if alike == "texts" else "", text_from_people=9)

    def write(store, leads):
        with store.database.writing() as connection:
            both.wait()
            accepting.accept(connection, [accepting.entry(one) for one in leads])

    with ThreadPoolExecutor(2) as threads:
        for turn in range(15):
            waves = [[lead(turn, number) for number in order] for order in (range(200), reversed(range(200)))]
            for call in [threads.submit(write, *one) for one in zip(stores, waves, strict=True)]:
                call.result()


def test_write__that_was_given_up_for_another_is_tried_once_more(database_url, make_store):
    tried = []

    def operation(_connection, items):
        tried.append(len(items))
        if len(tried) != 2:
            raise NothingWritten("deadlock")
        return items

    writer = make_store(database_url)._writer
    assert writer.run(operation, "done") == "done"
    with pytest.raises(NothingWritten):
        writer.run(operation, "in vain")
    assert tried == [1, 1, 1, 1]


def test_write__that_waits_for_one_who_waits_for_it_is_given_up(postgres_url, make_store):
    store = make_store(postgres_url)
    first, second = (make_new_lead(dedup_keys=((key, None),)) for key in ("one", "two"))
    store.leads.accept(first)
    store.leads.accept(second)
    both = threading.Barrier(2, timeout=20)

    def change(*order):
        with store.database.writing() as connection:
            connection.execute(update(tables.leads).where(tables.leads.c.id == order[0]).values(reason="mine"))
            both.wait()
            connection.execute(update(tables.leads).where(tables.leads.c.id == order[1]).values(reason="mine"))

    with ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(change, *pair) for pair in ((first.id, second.id), (second.id, first.id))]
        raised = {type(call.exception()) for call in calls}
    assert raised == {type(None), NothingWritten}


def test_accept__over_a_connection_that_has_died_since_the_last_one(postgres_url, make_store):
    store = make_store(postgres_url)
    store.leads.accept(make_new_lead(dedup_keys=(("one", None),)))
    with contextlib.closing(psycopg.connect(postgres_url)) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    store.leads.accept(make_new_lead(dedup_keys=(("two", None),)))

    assert len(ids_in(store)) == 2


def test_accept__nothing_into_a_file_that_another_one_has_replaced(sqlite_url, make_store):
    """A backup is put back while the service runs: what went into the old file would be answered, and lost."""
    store = make_store(sqlite_url)
    store.leads.accept(make_new_lead(dedup_keys=(("one", None),)))
    path = Path(store.database.url.database)
    path.rename(f"{path}.old")
    shutil.copy(f"{path}.old", path)
    with pytest.raises(StoreUnavailable, match="restart"):
        store.leads.accept(make_new_lead(dedup_keys=(("two", None),)))
    with pytest.raises(StoreUnavailable, match="restart"):
        store.ready()
    Path(f"{path}.old").rename(path)
    store.leads.accept(make_new_lead(dedup_keys=(("three", None),)))
    assert len(ids_in(store)) == 2


def test_log__that_grew_while_somebody_read_for_long_is_cut_when_he_has_ended(sqlite_url, make_store, monkeypatch):
    monkeypatch.setattr(db, "LONGEST_LOG_BYTES", 200_000)
    store = make_store(sqlite_url)
    log = Path(f"{store.database.url.database}-wal")
    with contextlib.closing(sqlite3.connect(store.database.url.database, isolation_level=None)) as backup:
        backup.execute("BEGIN")
        backup.execute("SELECT count(*) FROM leads").fetchall()
        for _ in range(6):
            store.leads.accept(make_new_lead(body=b"x" * 2_000_000))
        assert log.stat().st_size > 12_000_000
    for _ in range(3):
        store.leads.accept(make_new_lead())
    assert log.stat().st_size <= 200_000
    assert len(ids_in(store)) == 9


def test_file__that_is_damaged_counts_as_a_database_that_can_not_be_used(sqlite_url, make_store):
    """Somebody has copied a backup over the file while the service ran."""
    store = make_store(sqlite_url)
    store.leads.accept(make_new_lead())
    store.close()
    store.database.shred()
    path = Path(store.database.url.database)
    sound = path.read_bytes()
    path.write_bytes(sound[:4096] + b"\xff" * (len(sound) - 4096))
    fresh = Store(sqlite_url, "a key of the tests, long enough")
    with pytest.raises(StoreUnavailable):
        fresh.ready()
    with pytest.raises(StoreUnavailable):
        fresh.leads.accept(make_new_lead())
    fresh.close()


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
