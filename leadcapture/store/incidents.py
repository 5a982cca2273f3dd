"""What is wrong right now, and whether anybody has been told: one row for an incident, not for each lead."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Lead
from leadcapture.store.db import Database
from leadcapture.store.leads import lead_from
from leadcapture.store.tables import IS_WAITING, incidents, leads
from leadcapture.store.writer import Writer


@frozen
class Incident:
    """Something that a person should know of."""

    key: str
    opened_at: datetime
    message: str
    told: bool


@frozen
class News:
    """What has begun and what is over since the last look; only one process gets each."""

    begun: tuple[Incident, ...]
    over: tuple[Incident, ...]


class Incidents:
    """The record of incidents."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def open(self) -> list[Incident]:
        """Return what is wrong now, oldest first."""
        with self._database.reading() as connection:
            return _read(connection)

    def compare(self, wrong: Mapping[str, str], now: datetime) -> News:
        """Write down what is wrong, key -> sentence; return what is new or untold, and what is over."""
        return self._writer.run(self._compare, (dict(wrong), now))

    def _compare(self, connection: Connection, items: list[tuple[dict[str, str], datetime]]) -> list[News]:
        return [self._compare_one(connection, wrong, now) for wrong, now in items]

    def _compare_one(self, connection: Connection, wrong: dict[str, str], now: datetime) -> News:
        rows = [{"key": key, "opened_at": now, "message": message} for key, message in wrong.items()]
        if rows:
            connection.execute(self._database.upsert(incidents).on_conflict_do_nothing(), rows)
        untold = incidents.c.told_at.is_(None)
        claimed = set(
            connection.execute(
                update(incidents)
                .where(incidents.c.key.in_(wrong), untold)
                .values(told_at=now)
                .returning(incidents.c.key)
            ).scalars()
        )
        known = _read(connection)
        over = [incident for incident in known if incident.key not in wrong]
        gone = set()
        if over:
            keys = [incident.key for incident in over]
            statement = delete(incidents).where(incidents.c.key.in_(keys)).returning(incidents.c.key)
            gone = set(connection.execute(statement).scalars())
        return News(
            tuple(incident for incident in known if incident.key in claimed),
            tuple(incident for incident in over if incident.key in gone and incident.told),
        )

    def not_told(self, keys: list[str]) -> None:
        """A message did not get through: tell it again at the next look."""
        self._writer.run(self._not_told, keys)

    def _not_told(self, connection: Connection, items: list[list[str]]) -> list[None]:
        for keys in items:
            connection.execute(update(incidents).where(incidents.c.key.in_(keys)).values(told_at=None))
        return [None] * len(items)

    def unmailed(self, received_before: datetime, limit: int = 20) -> list[Lead]:
        """Return waiting leads that were received before a time and that nobody got by mail."""
        statement = (
            select(leads)
            .where(IS_WAITING, leads.c.received_at < received_before, leads.c.mailed_at.is_(None))
            .order_by(leads.c.due_at)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [lead_from(row) for row in connection.execute(statement)]

    def take_for_mail(self, lead_id: str, now: datetime) -> bool:
        """Say that a lead is being mailed; false when another process has done so."""
        return self._writer.run(self._take_for_mail, (lead_id, now))

    def _take_for_mail(self, connection: Connection, items: list[tuple[str, datetime]]) -> list[bool]:
        mine = update(leads).where(leads.c.mailed_at.is_(None))
        return [
            connection.execute(mine.where(leads.c.id == lead_id).values(mailed_at=now)).rowcount == 1
            for lead_id, now in items
        ]

    def not_mailed(self, lead_id: str) -> None:
        """A lead's mail did not get through: it is mailed at another look."""
        self._writer.run(self._not_mailed, lead_id)

    def _not_mailed(self, connection: Connection, lead_ids: list[str]) -> list[None]:
        connection.execute(update(leads).where(leads.c.id.in_(lead_ids)).values(mailed_at=None))
        return [None] * len(lead_ids)


def _read(connection: Connection) -> list[Incident]:
    rows = connection.execute(select(incidents).order_by(incidents.c.opened_at, incidents.c.key))
    return [Incident(row.key, row.opened_at, row.message, row.told_at is not None) for row in rows]
