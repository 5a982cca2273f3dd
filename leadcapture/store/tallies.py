"""What calls to the CRM came to, summed up over all time at the price of the newest few.

The sums up to an attempt stand in one row; a reading adds the attempts after it. Attempts that have settled are put
into the row for good, so that the sums neither read the whole table nor fall when a lead's attempts are erased.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from leadcapture.domain.lead import LeadState
from leadcapture.store.db import Database
from leadcapture.store.tables import attempts, leads, tallies
from leadcapture.store.writer import Writer

NAME = "attempts"
SETTLED_AFTER = timedelta(minutes=2)
"""Two transactions may commit in another order than their ids: what is older than this has been committed."""
ROWS_AT_ONCE = 20_000
BOUNDS_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0, 86400.0)
LAST_CALLS = ("create opportunity", "replace opportunity")


@dataclass(slots=True)
class Durations:
    """A histogram: how many took at most each of BOUNDS_SECONDS, and longer; and all of them together."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_SECONDS) + 1))
    total_seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one duration."""
        place = next((n for n, bound in enumerate(BOUNDS_SECONDS) if seconds <= bound), len(BOUNDS_SECONDS))
        self.buckets[place] += 1
        self.total_seconds += seconds


@dataclass(slots=True)
class Sums:
    """Calls by (call, status or ""), their latency, and how long delivered leads took from form to CRM."""

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    latency: Durations = field(default_factory=Durations)
    delivery: Durations = field(default_factory=Durations)

    def to_json(self) -> str:
        """Write the sums down."""
        calls = [[call, status, number] for (call, status), number in sorted(self.calls.items())]
        durations = [[d.buckets, d.total_seconds] for d in (self.latency, self.delivery)]
        return json.dumps([calls, *durations], separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Sums":
        """Read what `to_json` wrote."""
        calls, latency, delivery = json.loads(text)
        counted = Counter({(call, status): number for call, status, number in calls})
        return cls(counted, Durations(*latency), Durations(*delivery))

    def add(self, rows: Iterable[Any]) -> None:
        """Count attempts."""
        for row in rows:
            self.calls[row.call, "" if row.status is None else str(row.status)] += 1
            self.latency.add(row.latency_ms / 1000)
            if row.delivered_at is not None and row.call in LAST_CALLS and row.status in (200, 201):
                self.delivery.add(max(0.0, (row.delivered_at - row.received_at).total_seconds()))


class Tallies:
    """Reads the sums, and moves them forward."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def read(self, now: datetime) -> Sums:
        """Return the sums as of now."""
        while True:
            with self._database.reading() as connection:
                last_id, sums = _stored(connection)
                rows = _after(connection, last_id)
            if not _settled(rows, now):
                sums.add(rows)
                return sums
            self._writer.run(self._move, now)
            if len(rows) < ROWS_AT_ONCE:
                return self._as_it_is()

    def _as_it_is(self) -> Sums:
        with self._database.reading() as connection:
            last_id, sums = _stored(connection)
            sums.add(_after(connection, last_id))
        return sums

    def _move(self, connection: Connection, times: list[datetime]) -> list[None]:
        statement = self._database.upsert(tallies)
        empty = {"name": NAME, "last_id": 0, "sums": Sums().to_json()}
        connection.execute(statement.on_conflict_do_nothing(), empty)
        last_id, sums = _stored(connection, locked=True)
        settled = _settled(_after(connection, last_id), max(times))
        sums.add(settled)
        if settled:
            changed = {"last_id": settled[-1].id, "sums": sums.to_json()}
            connection.execute(tallies.update().where(tallies.c.name == NAME).values(changed))
        return [None] * len(times)


def _stored(connection: Connection, locked: bool = False) -> tuple[int, Sums]:
    statement = select(tallies.c.last_id, tallies.c.sums).where(tallies.c.name == NAME)
    row = connection.execute(statement.with_for_update() if locked else statement).one_or_none()
    return (row.last_id, Sums.from_json(row.sums)) if row else (0, Sums())


def _after(connection: Connection, last_id: int) -> list[Any]:
    delivered = (leads.c.id == attempts.c.lead_id) & (leads.c.state == LeadState.DELIVERED)
    statement = (
        select(
            attempts.c.id,
            attempts.c.call,
            attempts.c.at,
            attempts.c.status,
            attempts.c.latency_ms,
            leads.c.received_at,
            leads.c.delivered_at,
        )
        .select_from(attempts.outerjoin(leads, delivered))
        .where(attempts.c.id > last_id)
        .order_by(attempts.c.id)
        .limit(ROWS_AT_ONCE)
    )
    return list(connection.execute(statement))


def _settled(rows: list[Any], now: datetime) -> list[Any]:
    settled = []
    for row in rows:
        if row.at > now - SETTLED_AFTER:
            break
        settled.append(row)
    return settled
