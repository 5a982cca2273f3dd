"""Accepting on PostgreSQL: what is all new is one statement and one trip; whatever that refuses goes step by step."""

import threading
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from factories import NOW, make_content, make_new_lead
from service import wait_until

from leadcapture.errors import StoreUnavailable
from leadcapture.store import accepting, statements
from leadcapture.store.accepting import Accepting, entry
from leadcapture.store.leads import Query
from leadcapture.store.statements import AllOrNothing
from leadcapture.store.texts import REMEMBERED

WINDOW = timedelta(minutes=10)


@pytest.fixture
def store(postgres_url, make_store):
    return make_store(postgres_url)


@pytest.fixture
def server(postgres_url, store):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def lead(key, said="", person="somebody@example.com", **about):
    return make_new_lead(
        at=NOW,
        dedup_keys=((key, NOW + WINDOW),),
        text_key=said,
        content=make_content(person),
        text_from_people=2,
        **about,
    )


def rows(server, table):
    return server.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def states(store):
    return sorted(row.state for row in store.leads.find(Query(limit=100)))


def at_commit(server, does):
    """Have PostgreSQL do something when a transaction that writes leads commits: after it has said what was written."""
    server.execute(f"CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NULL; END $$")
    server.execute(
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON leads DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION late()"
    )


def step_by_step(*_):
    raise AssertionError("went step by step")


def test_new_leads__are_one_statement_with_all_that_belongs_to_them(store, server, monkeypatch):
    monkeypatch.setattr(accepting, "accept", step_by_step)
    new = [lead(f"key {number}", f"text {number}") for number in range(3)]
    handed = [store.leads.hand_in(lambda one=one: one) for one in new]
    assert [one.wait() for one in handed] == [accepting.Accepted(one.id, repeated=False) for one in new]
    assert {table: rows(server, table) for table in ("leads", "submissions", "submission_keys", "texts")} == {
        "leads": 3,
        "submissions": 3,
        "submission_keys": 3,
        "texts": 3,
    }
    assert store.leads.get(new[0].id).content == new[0].content


def test_new_leads__are_written_in_the_order_of_those_that_go_step_by_step(store, server):
    """Any other order, and two processes could wait for each other; and a refusal would be known last."""
    tables = ("submission_keys", "texts", "leads", "submissions")
    server.execute("CREATE TABLE written (place serial, name text)")
    server.execute(
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO written (name) VALUES (TG_TABLE_NAME); RETURN NEW; END $$"
    )
    for table in tables:
        server.execute(f"CREATE TRIGGER note BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION note()")
    with closing(store.database.connect_to_write()) as line:
        assert Accepting().at_once(line, [entry(lead("key", "text"))]) is not None
    with store.database.writing() as connection:
        accepting.accept(connection, [entry(lead("another key", "another text"))])
    assert [name for (name,) in server.execute("SELECT name FROM written ORDER BY place")] == [*tables, *tables]


def test_lead__without_a_key_or_a_text_is_one_statement_too(store, monkeypatch):
    monkeypatch.setattr(accepting, "accept", step_by_step)
    store.leads.accept(make_new_lead(dedup_keys=()))
    assert len(states(store)) == 1


def test_repeat__writes_nothing_at_once(store, server):
    first, again = lead("key", "text"), lead("key", "another text")
    operation = Accepting()
    with closing(store.database.connect_to_write()) as line:
        assert operation.at_once(line, [entry(first)]) is not None
        assert operation.at_once(line, [entry(lead("new", "new")), entry(again)]) is None
    assert {rows(server, table) for table in ("leads", "submissions", "submission_keys", "texts")} == {1}
    assert store.leads.accept(again) == accepting.Accepted(first.id, repeated=True)


def test_key_that_has_expired__is_taken_over(store):
    old = make_new_lead(at=NOW, dedup_keys=(("key", NOW + WINDOW),))
    new = make_new_lead(at=NOW + 2 * WINDOW, dedup_keys=(("key", NOW + 3 * WINDOW),))
    assert store.leads.accept(old).id == old.id
    assert store.leads.accept(new).id == new.id
    assert store.leads.owner_of("key") == new.id


def test_text__that_many_say_is_tried_once_and_held_from_as_many_as_before(store, monkeypatch):
    tried = []
    write = accepting._ALL.write
    monkeypatch.setattr(accepting._ALL, "write", lambda *given: tried.append(1) or write(*given))
    for number in range(5):
        store.leads.accept(lead(f"key {number}", "the same text", f"{number}@example.com"))
    assert states(store) == ["held"] * 4 + ["received"]
    assert len(tried) == 2  # the first, which was new, and the second, which was refused


def test_text__of_two_people_in_one_batch_is_never_tried(store):
    operation = Accepting()
    with closing(store.database.connect_to_write()) as line:
        both = [entry(lead(key, "the same text", f"{key}@example.com")) for key in ("one", "two")]
        assert operation.at_once(line, both) is None
        twice = [entry(lead("one", "a")), entry(lead("one", "b"))]
        assert operation.at_once(line, twice) is None
    assert states(store) == []


def test_texts__that_are_known_to_be_common_are_not_kept_without_end(store, monkeypatch):
    monkeypatch.setattr(accepting, "COMMON_TEXTS", 3)
    operation = Accepting()
    for number in range(6):
        store.leads.accept(lead(f"key {number}", f"text {number}"))
        with closing(store.database.connect_to_write()) as line:
            assert operation.at_once(line, [entry(lead(f"again {number}", f"text {number}"))]) is None
        assert len(operation._common) <= 3


def test_text__is_new_again_when_its_day_is_over(store):
    later = NOW + REMEMBERED + WINDOW
    store.leads.accept(lead("one", "text", "one@example.com"))
    store.leads.accept(
        make_new_lead(at=later, dedup_keys=(), text_key="text", text_from_people=2, content=make_content())
    )
    assert states(store) == ["received", "received"]


def test_commit_that_fails_after_the_rows_were_written__is_no_answer(store, server):
    at_commit(server, "RAISE EXCEPTION 'the disk is full' USING ERRCODE = 'disk_full'")
    with pytest.raises(StoreUnavailable):
        store.leads.accept(lead("key", "text"))
    assert {rows(server, table) for table in ("leads", "submissions", "submission_keys", "texts")} == {0}


def test_server_that_goes_down_in_the_middle__is_no_answer_and_the_repeat_is_accepted(store, server):
    at_commit(server, "PERFORM pg_sleep(20)")
    failed = []

    def accept():
        try:
            store.leads.accept(lead("key", "text"))
        except StoreUnavailable as error:
            failed.append(error)

    thread = threading.Thread(target=accept)
    thread.start()
    sleeping = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    wait_until(lambda: server.execute(sleeping).fetchall())
    thread.join(20)
    assert len(failed) == 1
    server.execute("DROP TRIGGER late ON leads")
    again = lead("key", "text")
    assert store.leads.accept(again) == accepting.Accepted(again.id, repeated=False)


def test_statement__waits_for_nobody_for_long_and_is_on_disk_when_it_says_so(postgres_url, make_store, server):
    """Whatever the server is set to."""
    server.execute("CREATE TABLE told (place serial, synchronous text, patience text)")
    settings = "current_setting('synchronous_commit'), current_setting('lock_timeout')"
    at_commit(server, f"INSERT INTO told (synchronous, patience) SELECT {settings}")
    for given in ("off", "local"):
        server.execute(f"ALTER DATABASE \"{server.info.dbname}\" SET synchronous_commit = '{given}'")
        make_store(postgres_url).leads.accept(lead(given, given))
    told = server.execute("SELECT synchronous, patience FROM told ORDER BY place").fetchall()
    assert told == [("on", "12s"), ("local", "12s")]


def test_row_that_somebody_else_holds__is_given_up_and_holds_up_nobody(store, postgres_url, monkeypatch):
    monkeypatch.setattr(statements, "CAREFULLY", statements.CAREFULLY.replace("12s", "1s"))
    monkeypatch.setattr(accepting, "_ALL", AllOrNothing(*accepting._ALL._inserts))
    with psycopg.connect(postgres_url) as other:
        other.execute("INSERT INTO submission_keys (key, lead_id) VALUES ('held', 'x')")
        with pytest.raises(StoreUnavailable, match="LockNotAvailable"):
            store.leads.accept(lead("held", "text"))
        store.leads.accept(lead("another", "another text"))
        other.rollback()
    assert states(store) == ["received"]


def test_line_that_is_known_to_be_closed__is_replaced(store):
    store.leads.accept(lead("one", "one"))
    store._writer._kept._connection.connection.driver_connection.close()
    store.leads.accept(lead("two", "two"))
    assert len(states(store)) == 2
