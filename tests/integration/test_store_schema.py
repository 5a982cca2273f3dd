"""The schema: migrations make exactly the tables that the code knows, once, and queries find what they need."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from factories import NOW, make_content, make_new_lead
from hot_queries import READS, plans_of
from sqlalchemy import text

from leadcapture.errors import StoreUnavailable
from leadcapture.store import db
from leadcapture.store.inbox import InboxQuery
from leadcapture.store.migrating import scripts
from leadcapture.store.schema import current_revision, head_revision
from leadcapture.store.statements import Ready
from leadcapture.store.store import Store
from leadcapture.store.tables import metadata


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_migrations__make_the_tables_of_the_code(store):
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrations__may_start_twice_at_once_and_again(database_url):
    stores = [Store(database_url, "a key of the tests, long enough") for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Store.migrate, stores))
    stores[0].migrate()
    assert all(store.ready() for store in stores)
    for store in stores:
        store.close()


def test_migrations__behind_a_backup_name_what_is_in_their_way_and_change_nothing(postgres_url, monkeypatch):
    monkeypatch.setattr(db, "_BEGIN_PATIENTLY", Ready("BEGIN; SET LOCAL lock_timeout = '200ms'"))
    store = Store(postgres_url, "a key of the tests, long enough")
    store.migrate()
    with store.database.writing() as connection:
        connection.execute(text("ALTER TABLE leads DROP COLUMN surname"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    with store.database.reading() as backup:
        backup.execute(text("SELECT count(*) FROM leads"))
        with pytest.raises(StoreUnavailable, match="LockNotAvailable"):
            store.migrate()
    with store.database.reading() as connection:
        assert current_revision(connection) == "0004"
    store.close()


def test_migrations__give_surnames_to_the_leads_that_are_there(database_url):
    store = Store(database_url, "a key of the tests, long enough")
    store.migrate()
    lead = store.leads.accept(make_new_lead(content=make_content(name="Jan van der Berg"))).id
    other = store.leads.accept(make_new_lead(content=make_content(name="Ann"))).id
    with store.database.writing() as connection:
        for index in ("leads_by_surname", "leads_by_reference"):
            connection.execute(text(f"DROP INDEX {index}"))
        connection.execute(text("ALTER TABLE leads DROP COLUMN surname"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    store.migrate()
    assert [row.id for row in store.inbox.page(InboxQuery(search="berg")).rows] == [lead]
    assert [row.id for row in store.inbox.page(InboxQuery(search=other[-10:])).rows] == [other]
    store.close()


def test_ready__says_no_before_the_migrations(database_url):
    store = Store(database_url, "a key of the tests, long enough")
    assert not store.ready()
    store.close()


def test_revisions__are_told_as_alembic_tells_them(store):
    assert head_revision() == scripts().get_current_head()
    with store.database.reading() as connection:
        assert current_revision(connection) == MigrationContext.configure(connection).get_current_revision()


def test_ready__says_no_to_a_schema_that_is_older(database_url):
    store = Store(database_url, "a key of the tests, long enough")
    store.migrate()
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert not store.ready()
    with store.database.writing() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    assert not store.ready()
    store.close()


def test_migrate__of_a_database_that_is_newer_leaves_it_and_is_ready(database_url):
    """A deploy that is taken back: its release step runs, and the code of before goes on."""
    store = Store(database_url, "a key of the tests, long enough")
    store.migrate()
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.migrate()
    with store.database.reading() as connection:
        assert current_revision(connection) == "9999"
    assert store.ready()
    store.close()


def test_indexes__are_as_partial_as_the_tables_say(sqlite_url, make_store):
    with make_store(sqlite_url).database.reading() as connection:
        made = dict(connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index'")).all())
    told = {index.name: index.info.get("where", "") for table in metadata.tables.values() for index in table.indexes}
    assert {name: made[name].partition(" WHERE ")[2] for name in told} == told


def test_commits__are_on_disk_when_they_say_so_whatever_the_server_is_set_to(postgres_url):
    store = Store(postgres_url, "a key of the tests, long enough")
    told = {}
    for given in ("off", "remote_apply"):
        with store.database.connect_to_write() as connection:
            connection.exec_driver_sql(f"SET synchronous_commit = {given}")
            connection.commit()
            with connection.begin():
                told[given] = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
    assert told == {"off": "on", "remote_apply": "remote_apply"}
    store.close()


@pytest.fixture(scope="module")
def full(postgres):
    """A store on PostgreSQL with many delivered leads and a few that wait."""
    url = postgres.new_database()
    store = Store(url, "a key of the tests, long enough")
    store.migrate()
    store.connections.ensure("main")
    store.leads.accept(make_new_lead("person.1@x.co.uk", NOW))
    delivered = """
        INSERT INTO leads (id, form, connection, state, received_at, person, email, name, source, content)
        SELECT '0190' || lpad(n::text, 32, '0'), 'contact', 'main', 'delivered', n, 'p' || n, 'p' || n, '', '', '{}'
        FROM generate_series(1, 20000) AS n"""
    with store.database.writing() as connection:
        connection.execute(text(delivered))
    with store.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    yield store
    store.close()
    postgres.drop(url)


@pytest.mark.postgres
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_queries__read_an_index_on_postgres(full, read):
    with plans_of(full) as plans:
        read(full)
    assert plans
    assert not [plan for plan in plans if "Seq Scan on leads" in plan], plans
