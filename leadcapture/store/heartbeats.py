"""Signs of life: which part of the service was last at work, and when."""

from datetime import datetime

from sqlalchemy import Connection, select

from leadcapture.store.db import Database
from leadcapture.store.tables import heartbeats
from leadcapture.store.writer import Writer

WORKER = "worker"


class Heartbeats:
    """When the worker was last known to be at work; one of several is enough."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def beat(self, now: datetime) -> None:
        """Say that a worker is at work."""
        self._writer.run(self._beat, now)

    def _beat(self, connection: Connection, times: list[datetime]) -> list[None]:
        statement = self._database.upsert(heartbeats)
        statement = statement.on_conflict_do_update(
            index_elements=[heartbeats.c.name], set_={"at": statement.excluded.at}
        )
        connection.execute(statement, {"name": WORKER, "at": max(times)})
        return [None] * len(times)

    def last(self) -> datetime | None:
        """Return when a worker was last at work; None when none ever was."""
        with self._database.reading() as connection:
            at: datetime | None = connection.execute(
                select(heartbeats.c.at).where(heartbeats.c.name == WORKER)
            ).scalar_one_or_none()
        return at
