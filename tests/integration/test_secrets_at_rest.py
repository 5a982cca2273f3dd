"""The stored sign-in: sealed with SECRET_KEY, readable after a rotation, useless to another key or another CRM."""

from datetime import timedelta

import pytest
from factories import NOW
from sqlalchemy import select

from leadcapture.domain.token import Token
from leadcapture.store.store import Store
from leadcapture.store.tables import connections

OLD, NEW, THIRD = (f"a key of the tests, long enough, {number}" for number in range(3))
URL = "https://spaces.nexudus.com"
TOKEN = Token("recognisable-access", "recognisable-refresh", NOW, NOW + timedelta(days=7))


@pytest.fixture
def open_store(database_url):
    """A function that opens the store with today's key and yesterday's."""
    opened = []

    def make(key, previous=None):
        store = Store(database_url, key, previous)
        opened.append(store)
        store.migrate()
        store.connections.ensure("main")
        return store

    yield make
    for store in opened:
        store.close()


def test_token__is_read_with_the_key_that_sealed_it_and_after_a_rotation(open_store):
    open_store(OLD).tokens("main", URL).save(TOKEN)
    assert open_store(OLD).tokens("main", URL).load() == TOKEN
    assert open_store(NEW, OLD).tokens("main", URL).load() == TOKEN


def test_token__is_sealed_anew_with_the_new_key(open_store):
    open_store(OLD).tokens("main", URL).save(TOKEN)
    rotated = open_store(NEW, OLD).tokens("main", URL)
    rotated.save(rotated.load())
    assert open_store(NEW).tokens("main", URL).load() == TOKEN
    assert open_store(OLD).tokens("main", URL).load() is None


@pytest.mark.parametrize("keys", [(NEW,), (NEW, THIRD)])
def test_token__is_nothing_to_another_key(open_store, keys):
    open_store(OLD).tokens("main", URL).save(TOKEN)
    assert open_store(*keys).tokens("main", URL).load() is None


def test_token__is_nothing_at_another_crm(open_store):
    open_store(OLD).tokens("main", URL).save(TOKEN)
    assert open_store(OLD).tokens("main", "https://spaces.other.example").load() is None


def test_token__does_not_lie_in_the_clear(open_store):
    store = open_store(OLD)
    store.tokens("main", URL).save(TOKEN)
    with store.database.reading() as connection:
        row = connection.execute(select(connections)).one()
    assert b"recognisable" not in repr(tuple(row)).encode()
