"""What is known of each Nexudus account: its sign-in, whether it is stopped or paused, and what it has spent."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import LeadState
from leadcapture.domain.outcome import BREAKER_AFTER, WaitsFor
from leadcapture.domain.pace import Cost, Pace
from leadcapture.store.db import Database
from leadcapture.store.statements import Ready
from leadcapture.store.tables import IS_WAITING, connections, leads, parkings
from leadcapture.store.writer import Writer

_ONE = select(connections).where(connections.c.name == bindparam("wanted"))
_LOCKED_PACE = Ready("SELECT pace FROM connections WHERE name = ?", ("pace",), " FOR UPDATE")


@frozen
class ConnectionState:
    """How a connection stands; `token_expires_at` is None while there is no sign-in."""

    name: str
    token_expires_at: datetime | None
    stopped_reason: str
    paused_until: datetime | None
    pause_reason: str
    failures: int
    notes_limit: int | None
    last_delivered_at: datetime | None
    writes_today: int

    def rests(self, now: datetime) -> bool:
        """Say whether nothing is delivered just now: stopped, paused, or Nexudus does not answer."""
        paused = self.paused_until is not None and self.paused_until > now
        return bool(self.stopped_reason or paused or self.failures)


class Connections:
    """The record of connections; every method is one short transaction."""

    def __init__(self, database: Database, writer: Writer, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock

    def ensure(self, name: str) -> None:
        """Make the connection's row if it has none; its client id is this installation's own (contract 2.3)."""
        self._writer.run(self._ensure, name)

    def _ensure(self, connection: Connection, names: list[str]) -> list[None]:
        statement = self._database.upsert(connections).on_conflict_do_nothing()
        for name in names:
            connection.execute(statement, {"name": name, "client_id": str(uuid.uuid4())})
        return [None] * len(names)

    def state(self, name: str) -> ConnectionState | None:
        """Return how a connection stands, or None when it was never used."""
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"wanted": name}).one_or_none()
        return None if row is None else _state(row, self._clock())

    def all(self) -> list[ConnectionState]:
        """Return every connection that was ever used."""
        with self._database.reading() as connection:
            rows = connection.execute(select(connections).order_by(connections.c.name)).all()
        return [_state(row, self._clock()) for row in rows]

    def stop(self, name: str, reason: str) -> None:
        """Stop delivery until the sign-in is taken again: a person acted, or it was tried once more by itself."""
        self._set(name, stopped_reason=reason)

    def resume(self, name: str) -> None:
        """Deliver again: nothing stopped, paused or parked, and what waited for it due in the old order."""
        self._set(name, stopped_reason="", paused_until=None, pause_reason="", failures=0)
        self._writer.run(self._unpark, name)

    def pause(self, name: str, until: datetime | None, reason: str) -> None:
        """Let nobody call the CRM for this connection before `until`; None ends a pause."""
        self._set(name, paused_until=until, pause_reason=reason)

    def failed(self, name: str, failures: int, until: datetime | None, reason: str) -> None:
        """Count calls in a row that did not reach the CRM; pause when `until` says so."""
        values: dict[str, Any] = {"failures": failures}
        if until:
            values |= {"paused_until": until, "pause_reason": reason}
        self._set(name, **values)

    def restarted(self, name: str) -> None:
        """A worker begins, or a refused sign-in is taken again: what waited for it is due. Pauses and parkings hold."""
        self._set(name, stopped_reason="", failures=0)
        self._writer.run(self._wake, (name, [WaitsFor.CREDENTIALS]))

    def recovered(self, name: str) -> None:
        """The CRM answers again: what waited for it is due, in the order in which it was received; who has failed
        often himself keeps his own back-off."""
        self._set(name, failures=0, paused_until=None, pause_reason="")
        self._writer.run(self._wake_few, name)

    def limit_notes(self, name: str, length: int) -> None:
        """Remember how long this account's Notes may be."""
        self._set(name, notes_limit=length)

    def park(self, name: str, scope: str, until: datetime, reason: str) -> None:
        """Let leads of one scope wait for room; the others go on."""
        self._writer.run(self._park, {"connection": name, "scope": scope, "until": until, "reason": reason})

    def unpark(self, name: str) -> None:
        """There is room again, or a person says so: everything parked is due."""
        self._writer.run(self._unpark, name)

    def spend(self, name: str, cost: Cost) -> None:
        """Count calls that no lead reserved: sign-ins, probes, look-ups of the account."""
        self._writer.run(self._spend, (name, cost))

    def _set(self, name: str, **values: Any) -> None:
        self._writer.run(self._set_all, (name, values))

    def _set_all(self, connection: Connection, items: list[tuple[str, dict[str, Any]]]) -> list[None]:
        for name, values in items:
            connection.execute(update(connections).where(connections.c.name == name).values(values))
        return [None] * len(items)

    def _wake(self, connection: Connection, items: list[tuple[str, list[WaitsFor]]]) -> list[None]:
        for name, why in items:
            connection.execute(
                update(leads)
                .where(
                    leads.c.connection == name,
                    IS_WAITING,
                    leads.c.state == LeadState.RECEIVED,
                    leads.c.waits_for.in_([w.value for w in why]),
                )
                .values(due_at=leads.c.received_at, waits_for="", reason="")
            )
        return [None] * len(items)

    def _wake_few(self, connection: Connection, names: list[str]) -> list[None]:
        for name in names:
            connection.execute(
                update(leads)
                .where(leads.c.connection == name, IS_WAITING, leads.c.state == LeadState.RECEIVED)
                .where(leads.c.waits_for == WaitsFor.OUTAGE, leads.c.attempts < BREAKER_AFTER)
                .values(due_at=leads.c.received_at, waits_for="", reason="")
            )
        return [None] * len(names)

    def _park(self, connection: Connection, rows: list[dict[str, Any]]) -> list[None]:
        statement = self._database.upsert(parkings)
        statement = statement.on_conflict_do_update(
            index_elements=[parkings.c.connection, parkings.c.scope],
            set_={"until": statement.excluded.until, "reason": statement.excluded.reason},
        )
        for row in rows:
            connection.execute(statement, row)
        return [None] * len(rows)

    def _unpark(self, connection: Connection, names: list[str]) -> list[None]:
        for name in names:
            connection.execute(delete(parkings).where(parkings.c.connection == name))
        why = [WaitsFor.OUTAGE, WaitsFor.CREDENTIALS, WaitsFor.ROOM, WaitsFor.THROTTLE]
        return self._wake(connection, [(name, why) for name in names])

    def _spend(self, connection: Connection, items: list[tuple[str, Cost]]) -> list[None]:
        for name, cost in items:
            pace = locked_pace(connection, name)
            pace.spend(cost, self._clock().timestamp())
            connection.execute(update(connections).where(connections.c.name == name).values(pace=pace.to_json()))
        return [None] * len(items)


def locked_pace(connection: Connection, name: str) -> Pace:
    """Read a connection's pace; its row is locked first, as every claim does, so that the two never deadlock."""
    return Pace.from_json(_LOCKED_PACE.read(connection, name)[0].pace)


def _state(row: Any, now: datetime) -> ConnectionState:
    pace = Pace.from_json(row.pace)
    pace.forget(now.timestamp())
    return ConnectionState(
        name=row.name,
        token_expires_at=row.token_expires_at,
        stopped_reason=row.stopped_reason,
        paused_until=row.paused_until,
        pause_reason=row.pause_reason,
        failures=row.failures,
        notes_limit=row.notes_limit,
        last_delivered_at=row.last_delivered_at,
        writes_today=pace.writes_today(),
    )
