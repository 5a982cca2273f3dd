"""Who renews a token is alone with it, whatever dies or is set back meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from leadcapture.errors import StoreUnavailable
from leadcapture.store import tokens
from leadcapture.store.tables import connections

URL = "https://spaces.nexudus.com"


@pytest.fixture
def mine(store, monkeypatch):
    """The token of a connection, for whose lock nobody waits long."""
    store.connections.ensure("main")
    monkeypatch.setattr(tokens, "LOCK_PATIENCE_SECONDS", 0.2)
    return store.tokens("main", URL)


def lock_until(store, moment):
    with store.database.writing() as connection:
        connection.execute(update(connections).values(lock_token="another's", lock_until=moment))


def test_lock__of_another_is_waited_for(store, mine):
    lock_until(store, datetime.now(UTC) + timedelta(seconds=50))
    with pytest.raises(StoreUnavailable, match="held for too long"), mine.exclusive():
        pass


@pytest.mark.parametrize("ends", [timedelta(seconds=-1), timedelta(hours=1)], ids=["over", "before a clock set back"])
def test_lock__of_who_has_died_is_taken_over(store, mine, ends):
    lock_until(store, datetime.now(UTC) + ends)
    with mine.exclusive():
        pass
