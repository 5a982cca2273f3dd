"""Signs of life: which part of the service was last at work, and when; and whose turn a daily duty is."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from leadcapture.domain.frozen import frozen
from leadcapture.store.db import Database
from leadcapture.store.tables import heartbeats
from leadcapture.store.writer import Writer

WORKER, WRITABLE = "worker", "writable"


@frozen
class Turn:
    """A duty's turn: `last` is when it was done before, None when never."""

    last: datetime | None


class Heartbeats:
    """When the worker was last known to be at work; one of several is enough."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def beat(self, now: datetime) -> None:
        """Say that a worker is at work."""
        self._writer.run(self._beat, (WORKER, now))

    def prove(self, now: datetime) -> None:
        """Write something, to see whether that is possible; raises StoreUnavailable."""
        self._writer.run(self._beat, (WRITABLE, now))

    def _beat(self, connection: Connection, items: list[tuple[str, datetime]]) -> list[None]:
        statement = self._database.upsert(heartbeats)
        statement = statement.on_conflict_do_update(
            index_elements=[heartbeats.c.name], set_={"at": statement.excluded.at}
        )
        for name, at in items:
            connection.execute(statement, {"name": name, "at": at})
        return [None] * len(items)

    def take(self, duty: str, every: timedelta, now: datetime) -> Turn | None:
        """Take a duty's turn, if it was nobody's for so long: of several processes one gets it, whenever they began."""
        return self._writer.run(self._take, (duty, every, now))

    def _take(self, connection: Connection, items: list[tuple[str, timedelta, datetime]]) -> list[Turn | None]:
        return [self._take_one(connection, *item) for item in items]

    def _take_one(self, connection: Connection, duty: str, every: timedelta, now: datetime) -> Turn | None:
        wanted = heartbeats.c.name == duty
        last = connection.execute(select(heartbeats.c.at).where(wanted).with_for_update()).scalar_one_or_none()
        if last is not None and last > now - every:
            return None
        if last is None:
            made = self._database.upsert(heartbeats).on_conflict_do_nothing().returning(heartbeats.c.name)
            taken = connection.execute(made, {"name": duty, "at": now}).scalar_one_or_none() is not None
            return Turn(None) if taken else None
        connection.execute(heartbeats.update().where(wanted).values(at=now))
        return Turn(last)

    def give_back(self, duty: str, turn: Turn) -> None:
        """A duty failed: somebody may take its turn again."""
        self._writer.run(self._give_back, (duty, turn))

    def _give_back(self, connection: Connection, items: list[tuple[str, Turn]]) -> list[None]:
        for duty, turn in items:
            wanted = heartbeats.c.name == duty
            if turn.last is None:
                connection.execute(heartbeats.delete().where(wanted))
            else:
                connection.execute(heartbeats.update().where(wanted).values(at=turn.last))
        return [None] * len(items)

    def last(self) -> datetime | None:
        """Return when a worker was last at work; None when none ever was."""
        with self._database.reading() as connection:
            at: datetime | None = connection.execute(
                select(heartbeats.c.at).where(heartbeats.c.name == WORKER)
            ).scalar_one_or_none()
        return at
