"""`/readyz`: 200 with how the queue stands, 503 when the database is away or behind."""

import time
from datetime import timedelta

import pytest
from admin_site import open_desk
from factories import NOW, make_new_lead
from sqlalchemy import create_engine, text

from leadcapture.domain.lead import LeadState
from leadcapture.errors import StoreUnavailable
from leadcapture.store.db import IDLE_SECONDS
from leadcapture.store.leads import VERY_MANY

KEYS = {"store", "oldest_due_seconds", "due", "blocked", "held", "last_delivered_at", "token_expires_at"}


@pytest.fixture
def desk(tmp_path, database_url):
    desk = open_desk(tmp_path, database_url, signed_in=False)
    yield desk
    desk.store.close()


def test_readyz__counts_what_is_due_blocked_and_held(desk):
    for state in (LeadState.RECEIVED, LeadState.RECEIVED, LeadState.BLOCKED, LeadState.HELD):
        desk.store.leads.accept(make_new_lead(state=state))
    answer = desk.client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json) >= KEYS
    assert (answer.json["store"], answer.json["due"], answer.json["blocked"], answer.json["held"]) == ("ok", 2, 1, 1)
    assert answer.json["oldest_due_seconds"] >= 0


def test_readyz__of_a_database_that_is_not_migrated(tmp_path, database_url):
    desk = open_desk(tmp_path, database_url, signed_in=False)
    with desk.store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    answer = desk.client.get("/readyz")
    assert (answer.status_code, "migrate" in answer.json["store"]) == (503, True)
    assert set(answer.json) >= KEYS
    desk.store.close()


def test_readyz__of_a_database_that_is_away(tmp_path):
    desk = open_desk(tmp_path, "postgresql://nobody@127.0.0.1:9/none", signed_in=False, migrate=False)
    answer = desk.client.get("/readyz")
    assert (answer.status_code, answer.json["store"]) == (503, "unreachable")
    assert desk.client.get("/healthz").status_code == 200
    desk.store.close()


def test_readyz__of_a_database_that_takes_nothing_until_it_does(tmp_path, postgres_url):
    """Sessions that began while the server took no writes (a failover) stay so, and are let go of."""
    desk = open_desk(tmp_path, postgres_url, signed_in=False)
    accept = desk.store.leads.accept
    accept(make_new_lead())
    lay_down(postgres_url, "on")
    time.sleep(IDLE_SECONDS + 0.1)
    with pytest.raises(StoreUnavailable):
        accept(make_new_lead())
    away = desk.client.get("/readyz")
    lay_down(postgres_url, "off")
    assert (away.status_code, away.json["store"]) == (503, "unreachable")
    assert desk.client.get("/readyz").json["store"] == "ok"
    accept(make_new_lead())
    desk.store.close()


def lay_down(url, read_only):
    """Let new sessions of a database be read-only, and end those that are there; or let the next ones write again."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {read_only}'))
        if read_only == "on":
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    engine.dispose()


def test_counts__of_very_many_held_leads_are_taken_once_in_a_while(store):
    store.leads.accept_all([make_new_lead(state=LeadState.HELD) for _ in range(VERY_MANY - 1)])
    before = store.leads.counts(NOW).held
    store.leads.accept(make_new_lead(state=LeadState.HELD))
    fresh = store.leads.counts(NOW).held
    store.leads.accept(make_new_lead(state=LeadState.HELD))
    store.leads.accept(make_new_lead())
    seen = [store.leads.counts(NOW + timedelta(days=1)) for _ in range(2)]
    store.leads.accept(make_new_lead(state=LeadState.HELD))
    later = store.leads.counts(NOW + timedelta(days=1))
    assert (before, fresh) == (VERY_MANY - 1, VERY_MANY)
    assert [counts.held for counts in seen] == [VERY_MANY + 1] * 2
    assert (later.held, later.waiting) == (VERY_MANY + 1, 1)
