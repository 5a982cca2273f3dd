"""The operator's sessions that are open: a cookie is good for nothing without its row."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from leadcapture.domain.lead import digest
from leadcapture.store.db import Database
from leadcapture.store.tables import sessions
from leadcapture.store.writer import Writer


class Sessions:
    """Open sessions, by a digest of what the browser holds."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def open(self, name: str, now: datetime, ends_at: datetime) -> None:
        """Begin a session; those that have ended by themselves are forgotten."""
        self._writer.run(self._open, (name, now, ends_at))

    def _open(self, connection: Connection, items: list[tuple[str, datetime, datetime]]) -> list[None]:
        for name, now, ends_at in items:
            connection.execute(delete(sessions).where(sessions.c.ends_at < now))
            connection.execute(insert(sessions).values(key=digest(name), ends_at=ends_at))
        return [None] * len(items)

    def is_open(self, name: str, now: datetime) -> bool:
        """Say whether a session has begun and not ended."""
        statement = select(sessions.c.ends_at).where(sessions.c.key == digest(name))
        with self._database.reading() as connection:
            ends_at: datetime | None = connection.execute(statement).scalar_one_or_none()
        return ends_at is not None and now < ends_at

    def close(self, name: str) -> None:
        """End a session."""
        self._writer.run(self._close, name)

    def _close(self, connection: Connection, names: list[str]) -> list[None]:
        connection.execute(delete(sessions).where(sessions.c.key.in_([digest(name) for name in names])))
        return [None] * len(names)
