"""The leads as a queue: claims with a lease, one person at a time, within the CRM's allowance."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, case, exists, func, insert, or_, select, update

from leadcapture.domain.lead import LeadState
from leadcapture.domain.outcome import BREAKER_AFTER, Claim, Outcome, Person
from leadcapture.domain.pace import Allowance, Cost, Pace
from leadcapture.errors import LeaseLost
from leadcapture.store.connections import locked_pace
from leadcapture.store.content import storable
from leadcapture.store.db import Database
from leadcapture.store.leads import lead_from
from leadcapture.store.tables import IS_WAITING, attempts, connections, leads, parkings, people
from leadcapture.store.writer import Writer

PROBE_SECONDS = 30
# Made once: SQLAlchemy takes longer to make a statement than SQLite to answer it.
_NEXT_DUE = select(func.min(leads.c.due_at)).where(leads.c.connection == bindparam("wanted"), IS_WAITING)
_LOCKED_CONNECTION = select(connections).where(connections.c.name == bindparam("wanted")).with_for_update()
_PARKED = select(parkings).where(parkings.c.connection == bindparam("wanted"), parkings.c.until > bindparam("now"))
_SOMEBODY_DEALS_WITH_THE_PERSON = exists().where(
    people.c.connection == leads.c.connection,
    people.c.person == leads.c.person,
    people.c.lease_token.is_not(None),
    people.c.lease_until >= bindparam("now"),
)
# Without the persons that are leased: theirs would fill the list and hold others up.
_CANDIDATES = (
    select(leads.c.id, leads.c.person)
    .where(
        leads.c.connection == bindparam("wanted"),
        IS_WAITING,
        leads.c.due_at <= bindparam("now"),
        ~_SOMEBODY_DEALS_WITH_THE_PERSON,
    )
    .order_by(leads.c.due_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(leads)
    .where(leads.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=LeadState.DELIVERING.value,
        lease_token=bindparam("token"),
        due_at=bindparam("until"),
        sent_at=case((leads.c.state == LeadState.DELIVERING, leads.c.due_at), else_=leads.c.sent_at),
        looks=case((leads.c.state == LeadState.DELIVERING, 0), else_=leads.c.looks),
    )
    .returning(leads)
)


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """What a worker asks for: at most `limit` due leads of a connection, each reserving `cost`."""

    connection: str
    allowance: Allowance
    cost: Cost
    limit: int
    now: datetime
    lease_seconds: float


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a worker got: leads, or how long to wait; `probe` asks it to find out whether the CRM is back,
    `stopped` says that nothing goes on before a person has acted."""

    claims: tuple[Claim, ...] = ()
    wait_seconds: float = 0.0
    probe: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Finish:
    claim: Claim
    outcome: Outcome
    now: datetime


class Queue:
    """Claims and what comes of them."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer
        self._lease_person = _lease_person(database)

    def next_due(self, connection_name: str) -> datetime | None:
        """Return when the connection's next lead is due (or its lease ends), None when nothing waits."""
        with self._database.reading() as connection:
            due: datetime | None = connection.execute(_NEXT_DUE, {"wanted": connection_name}).scalar_one()
        return due

    def claim(self, request: ClaimRequest) -> Claimed:
        """Lease due leads, oldest first, never two of one person; reserve what they may cost."""
        return self._writer.run(self._claim_all, request)

    def _claim_all(self, connection: Connection, requests: list[ClaimRequest]) -> list[Claimed]:
        return [self._claim(connection, request) for request in requests]

    def _claim(self, connection: Connection, request: ClaimRequest) -> Claimed:
        state = connection.execute(_LOCKED_CONNECTION, {"wanted": request.connection}).one_or_none()
        if state is None or state.stopped_reason:
            return Claimed(wait_seconds=1.0, stopped=True)
        if state.paused_until and state.paused_until > request.now:
            return Claimed(wait_seconds=(state.paused_until - request.now).total_seconds())
        if state.failures >= BREAKER_AFTER:
            until = request.now + timedelta(seconds=PROBE_SECONDS)
            connection.execute(_this(request.connection).values(paused_until=until))
            return Claimed(probe=True)
        pace = Pace.from_json(state.pace)
        now = request.now.timestamp()
        room = pace.room(request.allowance, request.cost, now)
        if room <= 0:
            return Claimed(wait_seconds=pace.wait_seconds(request.allowance, request.cost, now))
        claims = self._lease(connection, request, min(room, request.limit))
        if claims:
            total = Cost(request.cost.calls * len(claims), request.cost.writes * len(claims))
            pace.spend(total, now)
            connection.execute(_this(request.connection).values(pace=pace.to_json()))
        return Claimed(tuple(claims), wait_seconds=0.0 if claims else 0.2)

    def _lease(self, connection: Connection, request: ClaimRequest, limit: int) -> list[Claim]:
        candidates = connection.execute(
            _CANDIDATES, {"wanted": request.connection, "now": request.now, "most": limit * 4}
        )
        chosen: dict[str, str] = {}
        for lead_id, person in candidates:
            if len(chosen) < limit:
                chosen.setdefault(person, lead_id)
        if not chosen:
            return []
        token = str(uuid.uuid4())
        until = request.now + timedelta(seconds=request.lease_seconds)
        persons = self._lease_people(connection, request, sorted(chosen), token, until)
        taken = [chosen[person] for person in persons]
        if not taken:
            return []
        rows = connection.execute(_LEASE, {"ids": taken, "token": token, "until": until})
        found = [Claim(lead_from(row), token, until, persons[row.person], request.cost, request.now) for row in rows]
        return sorted(found, key=lambda claim: claim.lead.id)

    def _lease_people(
        self, connection: Connection, request: ClaimRequest, keys: list[str], token: str, until: datetime
    ) -> dict[str, Person]:
        """Lease the persons that nobody else deals with."""
        rows = [
            {"connection": request.connection, "person": key, "lease_token": token, "lease_until": until}
            | {"now": request.now}
            for key in keys
        ]
        return {
            row.person: Person(row.coworker_id, row.verified_at, row.sent_at, row.looks)
            for row in connection.execute(self._lease_person, rows)
        }

    def extend(self, claim: Claim, until: datetime) -> None:
        """Keep a lease for longer; raises LeaseLost when another worker has the lead, or its person, by now."""
        if not self._writer.run(self._extend, (claim, until)):
            raise LeaseLost(claim.lead.id)

    def _extend(self, connection: Connection, items: list[tuple[Claim, datetime]]) -> list[bool]:
        kept = []
        for claim, until in items:
            lead = connection.execute(_leased(claim).values(due_at=until)).rowcount
            person = connection.execute(_leased_person(claim).values(lease_until=until)).rowcount
            kept.append(lead == person == 1)
        return kept

    def note_customer(self, claim: Claim, coworker_id: int, now: datetime) -> None:
        """Write down whose customer a lead's person is, before anything else is sent for it."""
        self._writer.run(self._note_customer, (claim, coworker_id, now))

    def _note_customer(self, connection: Connection, items: list[tuple[Claim, int, datetime]]) -> list[None]:
        for claim, coworker_id, now in items:
            connection.execute(
                _leased_person(claim).values(coworker_id=coworker_id, verified_at=now, sent_at=None, looks=0)
            )
        return [None] * len(items)

    def finish(self, claim: Claim, outcome: Outcome, now: datetime) -> None:
        """Record what came of a claim; raises LeaseLost, and records nothing, when it is another's by now."""
        if not self._writer.run(self._finish, _Finish(claim, outcome, now)):
            raise LeaseLost(claim.lead.id)

    def _finish(self, connection: Connection, items: list[_Finish]) -> list[bool]:
        names = sorted({item.claim.lead.connection for item in items})
        paces = {name: locked_pace(connection, name) for name in names}
        recorded = [self._record(connection, item) for item in items]
        calls = [
            {"lead_id": item.claim.lead.id, "call": call.call, "at": call.at, "status": call.status}
            | {"latency_ms": call.latency_ms, "outcome": call.outcome[:300]}
            for item in items
            for call in item.outcome.calls
        ]
        if calls:
            connection.execute(insert(attempts), calls)
        for name, pace in paces.items():
            _settle(connection, name, pace, [item for item in items if item.claim.lead.connection == name])
        return recorded

    def _record(self, connection: Connection, item: _Finish) -> bool:
        lead, outcome = item.claim.lead, item.outcome
        values: dict[str, Any] = {
            "state": outcome.state.value,
            "reason": storable(outcome.reason),
            "waits_for": outcome.waits_for.value,
            "due_at": outcome.due_at,
            "lease_token": None,
            "attempts": lead.attempts + outcome.counts,
            "generic_failures": lead.generic_failures + outcome.generic,
            "looks": outcome.looks,
            "sent_at": outcome.sent_at,
            "coworker_id": outcome.coworker_id,
            "opportunity_id": outcome.opportunity_id or lead.opportunity_id,
        }
        if outcome.state is LeadState.DELIVERED:
            values["delivered_at"] = item.now
        changed = connection.execute(_leased(item.claim).values(values)).rowcount
        person = outcome.person
        connection.execute(
            _leased_person(item.claim).values(
                coworker_id=person.coworker_id,
                verified_at=person.verified_at,
                sent_at=person.sent_at,
                looks=person.looks,
                lease_token=None,
            )
        )
        return changed == 1

    def rehome(self, homes: Mapping[str, str]) -> int:
        """Give waiting leads, for which nothing was sent yet, to the connection that their form names today.

        `homes` is form -> connection; returns how many were moved. A lead for which something was sent stays: it is
        looked up where it was sent.
        """
        return self._writer.run(self._rehome, dict(homes))

    def _rehome(self, connection: Connection, items: list[dict[str, str]]) -> list[int]:
        moved = []
        for homes in items:
            statements = (
                update(leads)
                .where(IS_WAITING, leads.c.form == form, leads.c.connection != name)
                .where(leads.c.state == LeadState.RECEIVED, leads.c.sent_at.is_(None), leads.c.coworker_id.is_(None))
                .values(connection=name, waits_for="", reason="", due_at=leads.c.received_at)
                for form, name in homes.items()
            )
            moved.append(sum(connection.execute(statement).rowcount for statement in statements))
        return moved

    def waiting_by_connection(self) -> dict[str, int]:
        """Return how many leads wait for each connection."""
        statement = select(leads.c.connection, func.count()).where(IS_WAITING).group_by(leads.c.connection)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def parked(self, connection_name: str, now: datetime) -> dict[str, tuple[datetime, str]]:
        """Return what part of a connection waits for room: scope -> (until, reason)."""
        with self._database.reading() as connection:
            rows = connection.execute(_PARKED, {"wanted": connection_name, "now": now})
            return {row.scope: (row.until, row.reason) for row in rows}


def _lease_person(database: Database) -> Any:
    """Make the statement that leases a person; who left a lease unfinished may have sent a create."""
    statement = database.upsert(people)
    abandoned = people.c.lease_token.is_not(None)
    return statement.on_conflict_do_update(
        index_elements=[people.c.connection, people.c.person],
        set_={
            "lease_token": statement.excluded.lease_token,
            "lease_until": statement.excluded.lease_until,
            "sent_at": case((abandoned, people.c.lease_until), else_=people.c.sent_at),
            "looks": case((abandoned, 0), else_=people.c.looks),
        },
        where=or_(people.c.lease_token.is_(None), people.c.lease_until < bindparam("now")),
    ).returning(people.c.person, people.c.coworker_id, people.c.verified_at, people.c.sent_at, people.c.looks)


def _settle(connection: Connection, name: str, pace: Pace, items: list[_Finish]) -> None:
    """Count what was used from now on, in place of what was reserved, and note when something was delivered last.

    A call may have been made long after it was reserved, and the CRM counts it from then: counting from the end of
    the work is never too early.
    """
    for item in items:
        pace.refund(item.claim.reserved, item.claim.reserved_at.timestamp())
        pace.spend(item.outcome.used, item.now.timestamp())
    values: dict[str, Any] = {"pace": pace.to_json()}
    if any(item.outcome.state is LeadState.DELIVERED for item in items):
        values["last_delivered_at"] = max(item.now for item in items)
    connection.execute(_this(name).values(values))


def _this(name: str) -> Any:
    return update(connections).where(connections.c.name == name)


def _leased(claim: Claim) -> Any:
    return update(leads).where(and_(leads.c.id == claim.lead.id, leads.c.lease_token == claim.token))


def _leased_person(claim: Claim) -> Any:
    return update(people).where(
        people.c.connection == claim.lead.connection,
        people.c.person == (claim.lead.person),
        people.c.lease_token == claim.token,
    )
