"""The sign-in of a connection: encrypted, replaced as a whole, renewed by one process at a time."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, update

from leadcapture.domain.token import Token
from leadcapture.errors import StoreUnavailable
from leadcapture.store.db import Database
from leadcapture.store.tables import connections
from leadcapture.store.vault import Vault
from leadcapture.store.writer import Writer

LOCK_SECONDS = 60
LOCK_PATIENCE_SECONDS = 75
LOCK_POLL_SECONDS = 0.1


class Tokens:
    """The sign-in of one connection, encrypted, replaced as a whole; kept for one account at one address."""

    def __init__(self, database: Database, writer: Writer, vault: Vault, name: str, url: str) -> None:
        self._database = database
        self._writer = writer
        self._vault = vault
        self._name = name
        self._url = url

    def load(self) -> Token | None:
        """Return the stored token, or None: never signed in, another CRM's, or sealed with a lost key."""
        row = self._row(connections.c.token, connections.c.url)
        if row is None or row.token is None or row.url != self._url:
            return None
        return self._vault.open(row.token)

    def save(self, token: Token) -> None:
        """Replace the token; committed when this returns."""
        sealed = self._vault.seal(token)
        self._writer.run(self._update, {"token": sealed, "token_expires_at": token.expires_at, "url": self._url})

    def client_id(self) -> str:
        """Return this installation's own client id for the connection."""
        row = self._row(connections.c.client_id)
        if row is None:
            raise StoreUnavailable("the connection has no row yet")
        return str(row.client_id)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Be the only one, in any process on any machine, who renews this token; the lock ends by itself."""
        mine = str(uuid.uuid4())
        give_up = time.monotonic() + LOCK_PATIENCE_SECONDS
        pause = threading.Event()
        while not self._writer.run(self._try_lock, mine):
            if time.monotonic() > give_up:
                raise StoreUnavailable("the token's lock is held for too long")
            pause.wait(LOCK_POLL_SECONDS)
        try:
            yield
        finally:
            self._writer.run(self._unlock, mine)

    def _row(self, *columns: Any) -> Row[Any] | None:
        with self._database.reading() as connection:
            return connection.execute(select(*columns).where(connections.c.name == self._name)).one_or_none()

    def _update(self, connection: Connection, items: list[dict[str, Any]]) -> list[None]:
        for values in items:
            connection.execute(update(connections).where(connections.c.name == self._name).values(values))
        return [None] * len(items)

    def _try_lock(self, connection: Connection, items: list[str]) -> list[bool]:
        now = datetime.now(UTC)
        # A lock that would end later than any does was taken before the clock was set back.
        latest = now + timedelta(seconds=2 * LOCK_SECONDS)
        until = connections.c.lock_until
        free = or_(connections.c.lock_token.is_(None), until < now, until > latest)
        statement = update(connections).where(and_(connections.c.name == self._name, free))
        values = {"lock_until": now + timedelta(seconds=LOCK_SECONDS)}
        return [connection.execute(statement.values(lock_token=mine, **values)).rowcount == 1 for mine in items]

    def _unlock(self, connection: Connection, items: list[str]) -> list[None]:
        for mine in items:
            connection.execute(
                update(connections)
                .where(connections.c.name == self._name, connections.c.lock_token == mine)
                .values(lock_token=None, lock_until=None)
            )
        return [None] * len(items)
