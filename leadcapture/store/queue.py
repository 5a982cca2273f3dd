"""The leads as a queue: claims with a lease, one person at a time, within the CRM's allowance."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Lead, LeadState
from leadcapture.domain.outcome import BREAKER_AFTER, Claim, Outcome, Person, Standing
from leadcapture.domain.pace import Allowance, Cost, Pace
from leadcapture.errors import LeaseLost, StoreUnavailable
from leadcapture.store import content
from leadcapture.store.db import Database
from leadcapture.store.statements import Bulk, Changes, Ready
from leadcapture.store.tables import IS_WAITING, WAITING_SQL, attempts, leads, microseconds, moment, people
from leadcapture.store.writer import Writer

PROBE_SECONDS = 30
_DELIVERING = f"leads.state = '{LeadState.DELIVERING.value}'"
_NEXT_DUE = select(func.min(leads.c.due_at)).where(leads.c.connection == bindparam("wanted"), IS_WAITING)
_PARKED = Ready(
    "SELECT scope, until, reason FROM parkings WHERE connection = ? AND until > ?", ("scope", "until", "reason")
)
_STATE = ("stopped_reason", "paused_until", "failures", "notes_limit", "pace")
_LOCKED = Ready(f"SELECT {', '.join(_STATE)} FROM connections WHERE name = ?", _STATE, " FOR UPDATE")  # noqa: S608
_PAUSE = Ready("UPDATE connections SET paused_until = ? WHERE name = ?")
_PACE = Ready("UPDATE connections SET pace = ?, last_delivered_at = COALESCE(?, last_delivered_at) WHERE name = ?")
# Without the persons that are leased: theirs would fill the list and hold others up.
_CANDIDATES = Ready(
    f"SELECT id, person FROM leads WHERE connection = ? AND {WAITING_SQL} AND due_at <= ? AND NOT EXISTS "  # noqa: S608
    "(SELECT 1 FROM people WHERE people.connection = leads.connection AND people.person = leads.person "
    "AND people.lease_token IS NOT NULL AND people.lease_until >= ?) ORDER BY due_at LIMIT ?",
    ("id", "person"),
    " FOR UPDATE SKIP LOCKED",
)
_LEAD = (
    *("id", "form", "connection", "state", "reason", "received_at", "due_at", "content", "delivered_at", "attempts"),
    *("generic_failures", "looks", "sent_at", "coworker_id", "opportunity_id", "crm_status", "person"),
)
_LEASE = Changes(
    leads,
    ("id",),
    ("lease_token", "due_at"),
    also=f"state = '{LeadState.DELIVERING.value}', "
    f"sent_at = CASE WHEN {_DELIVERING} THEN leads.due_at ELSE leads.sent_at END, "
    f"looks = CASE WHEN {_DELIVERING} THEN 0 ELSE leads.looks END",
    returns=_LEAD,
)
# Who left a lease unfinished may have sent a create.
_LEASE_PEOPLE = Bulk(
    people,
    ("connection", "person", "lease_token", "lease_until"),
    "ON CONFLICT (connection, person) DO UPDATE SET lease_token = excluded.lease_token, "
    "lease_until = excluded.lease_until, "
    "sent_at = CASE WHEN people.lease_token IS NOT NULL THEN people.lease_until ELSE people.sent_at END, "
    "looks = CASE WHEN people.lease_token IS NOT NULL THEN 0 ELSE people.looks END "
    "WHERE people.lease_token IS NULL OR people.lease_until < ?",
    ("person", "coworker_id", "verified_at", "sent_at", "looks"),
)
_LEASED_PERSON = ("connection", "person", "lease_token")
_EXTEND = Ready("UPDATE leads SET due_at = ? WHERE id = ? AND lease_token = ?")
_EXTEND_PERSON = Ready("UPDATE people SET lease_until = ? WHERE connection = ? AND person = ? AND lease_token = ?")
_NOTE_CUSTOMERS = Changes(people, _LEASED_PERSON, ("coworker_id", "verified_at"), also="sent_at = NULL, looks = 0")
_FINISH_PEOPLE = Changes(
    people, _LEASED_PERSON, ("coworker_id", "verified_at", "sent_at", "looks"), also="lease_token = NULL"
)
_FINISH = Changes(
    leads,
    ("id", "lease_token"),
    (
        *("state", "reason", "waits_for", "due_at", "attempts", "generic_failures", "looks", "sent_at"),
        *("coworker_id", "opportunity_id", "delivered_at"),
    ),
    values={"delivered_at": "COALESCE({}, leads.delivered_at)"},
    also="lease_token = NULL",
    returns=("id",),
)
_ATTEMPTS = Bulk(attempts, ("lead_id", "call", "at", "status", "latency_ms", "outcome"))


@frozen
class ClaimRequest:
    """What a worker asks for: at most `limit` due leads of a connection, each reserving `cost`."""

    connection: str
    allowance: Allowance
    cost: Cost
    limit: int
    now: datetime
    lease_seconds: float


@frozen
class Claimed:
    """What a worker got: leads, or how long to wait; `probe` asks it to find out whether the CRM is back,
    `stopped` says that nothing goes on before the sign-in is taken again."""

    claims: tuple[Claim, ...] = ()
    wait_seconds: float = 0.0
    probe: bool = False
    stopped: bool = False


@frozen
class Finished:
    """What came of a claim, and when."""

    claim: Claim
    outcome: Outcome
    now: datetime


_Turn = tuple[Finished | None, ClaimRequest | None]


@dataclass(slots=True)
class _Account:
    """A connection's row while it is locked: `pace` is written back if it was changed."""

    row: Any
    pace: Pace
    changed: bool = False
    delivered_at: int | None = None


class Queue:
    """Claims and what comes of them."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def next_due(self, connection_name: str) -> datetime | None:
        """Return when the connection's next lead is due (or its lease ends), None when nothing waits."""
        with self._database.reading() as connection:
            due: datetime | None = connection.execute(_NEXT_DUE, {"wanted": connection_name}).scalar_one()
        return due

    def claim(self, request: ClaimRequest) -> Claimed:
        """Lease due leads, oldest first, never two of one person; reserve what they may cost."""
        turn: _Turn = (None, request)
        return self._writer.run(self._turns, turn)[1]

    def finish(self, claim: Claim, outcome: Outcome, now: datetime) -> None:
        """Record what came of a claim; raises LeaseLost, and records nothing, when it is another's by now."""
        turn: _Turn = (Finished(claim, outcome, now), None)
        if not self._writer.run(self._turns, turn)[0]:
            raise LeaseLost(claim.lead.id)

    def go_on(self, finished: Finished, request: ClaimRequest) -> tuple[bool, Claimed]:
        """Finish one claim and make the next in one transaction; False: the lease was lost, and nothing recorded.

        Where the next can't be claimed for a fault of its own, what came of the last is recorded all the same.
        """
        turn: _Turn = (finished, request)
        try:
            return self._writer.run(self._turns, turn)
        except Exception as error:
            if not isinstance(error, StoreUnavailable):
                self.finish(finished.claim, finished.outcome, finished.now)
            raise

    def _turns(self, connection: Connection, turns: list[_Turn]) -> list[tuple[bool, Claimed]]:
        """Serve all who have finished, or ask, at the same time together: each connection is locked once."""
        done = [finished for finished, _ in turns if finished]
        asked = [request for _, request in turns if request]
        names = {finished.claim.lead.connection for finished in done} | {request.connection for request in asked}
        accounts = {name: _locked(connection, name) for name in sorted(names)}
        recorded = iter(self._finish(connection, done, accounts) if done else ())
        claimed = iter(self._claim_all(connection, asked, accounts))
        answers = [
            (next(recorded) if finished else True, next(claimed) if request else Claimed())
            for finished, request in turns
        ]
        for name, account in accounts.items():
            if account is not None and account.changed:
                _PACE.change(connection, account.pace.to_json(), account.delivered_at, name)
        return answers

    def _claim_all(
        self, connection: Connection, requests: list[ClaimRequest], accounts: Mapping[str, _Account | None]
    ) -> list[Claimed]:
        alike: dict[tuple[Any, ...], list[int]] = {}
        for place, one in enumerate(requests):
            alike.setdefault((one.connection, one.allowance, one.cost, one.lease_seconds), []).append(place)
        answers: dict[int, Claimed] = {}
        for (name, *_), places in alike.items():
            claimed = self._claim(connection, [requests[place] for place in places], accounts[name])
            answers |= zip(places, claimed, strict=True)
        return [answers[place] for place in range(len(requests))]

    def _claim(self, connection: Connection, requests: list[ClaimRequest], account: _Account | None) -> list[Claimed]:
        wanted = sum(request.limit for request in requests)
        request = replace(requests[0], limit=wanted, now=max(request.now for request in requests))
        if account is None or account.row.stopped_reason:
            return [Claimed(wait_seconds=1.0, stopped=True)] * len(requests)
        state, pace = account.row, account.pace
        if (paused_until := moment(state.paused_until)) and paused_until > request.now:
            return [Claimed(wait_seconds=(paused_until - request.now).total_seconds())] * len(requests)
        if state.failures >= BREAKER_AFTER:
            until = request.now + timedelta(seconds=PROBE_SECONDS)
            _PAUSE.change(connection, microseconds(until), request.connection)
            return [Claimed(probe=True), *[Claimed(wait_seconds=PROBE_SECONDS)] * (len(requests) - 1)]
        now = request.now.timestamp()
        room = pace.room(request.allowance, request.cost, now)
        if room <= 0:
            return [Claimed(wait_seconds=pace.wait_seconds(request.allowance, request.cost, now))] * len(requests)
        claims = self._lease(connection, replace(request, limit=min(room, wanted)), state)
        if claims:
            pace.spend(Cost(request.cost.calls * len(claims), request.cost.writes * len(claims)), now)
            account.changed = True
        return _shared_out(claims, requests)

    def _lease(self, connection: Connection, request: ClaimRequest, state: Any) -> list[Claim]:
        now = microseconds(request.now)
        candidates = _CANDIDATES.read(connection, request.connection, now, now, request.limit * 4)
        chosen: dict[str, str] = {}
        for row in candidates:
            if len(chosen) < request.limit:
                chosen.setdefault(row.person, row.id)
        if not chosen:
            return []
        token = str(uuid.uuid4())
        until = request.now + timedelta(seconds=request.lease_seconds)
        persons = self._lease_people(connection, request, sorted(chosen), token, until)
        if not persons:
            return []
        parked = _parked(connection, request.connection, request.now)
        standing = Standing(state.notes_limit, parked, bool(state.failures or state.paused_until))
        leases = [(chosen[person], token, microseconds(until)) for person in persons]
        found = [_claimed(row) for row in _LEASE.read(connection, leases)]
        return [
            Claim(lead, token, until, persons[lead.person], request.cost, request.now, standing)
            for lead in sorted(found, key=lambda lead: lead.id)
        ]

    def _lease_people(
        self, connection: Connection, request: ClaimRequest, keys: list[str], token: str, until: datetime
    ) -> dict[str, Person]:
        """Lease the persons that nobody else deals with."""
        rows = [(request.connection, key, token, microseconds(until)) for key in keys]
        return {
            row.person: Person(row.coworker_id, moment(row.verified_at), moment(row.sent_at), row.looks)
            for row in _LEASE_PEOPLE.read(connection, rows, microseconds(request.now))
        }

    def extend(self, claim: Claim, until: datetime) -> None:
        """Keep a lease for longer; raises LeaseLost when another worker has the lead, or its person, by now."""
        if not self._writer.run(self._extend, (claim, until)):
            raise LeaseLost(claim.lead.id)

    def _extend(self, connection: Connection, items: list[tuple[Claim, datetime]]) -> list[bool]:
        kept = []
        for claim, until in items:
            held = microseconds(until)
            lead = _EXTEND.change(connection, held, claim.lead.id, claim.token)
            person = _EXTEND_PERSON.change(connection, held, *_leased_person(claim))
            kept.append(lead == person == 1)
        return kept

    def note_customer(self, claim: Claim, coworker_id: int, now: datetime) -> None:
        """Write down whose customer a lead's person is, before anything else is sent for it."""
        self._writer.run(self._note_customer, (claim, coworker_id, now))

    def _note_customer(self, connection: Connection, items: list[tuple[Claim, int, datetime]]) -> list[None]:
        _NOTE_CUSTOMERS.change(
            connection,
            [(*_leased_person(claim), coworker_id, microseconds(now)) for claim, coworker_id, now in items],
        )
        return [None] * len(items)

    def _finish(
        self, connection: Connection, items: list[Finished], accounts: Mapping[str, _Account | None]
    ) -> list[bool]:
        """Record what came of claims; False where the lease is another's by now."""
        if len({item.claim.lead.id for item in items}) < len(items):
            # One of them has lost his lease to another of this very process.
            return [self._finish(connection, [item], accounts)[0] for item in items]
        written = {row.id for row in _FINISH.read(connection, [_row(item) for item in items])}
        persons = {_leased_person(item.claim): item.outcome.person for item in items}
        _FINISH_PEOPLE.change(
            connection,
            [
                (*leased, person.coworker_id, _held(person.verified_at), _held(person.sent_at), person.looks)
                for leased, person in persons.items()
            ],
        )
        calls = [
            (item.claim.lead.id, call.call, microseconds(call.at), call.status, call.latency_ms, call.outcome[:300])
            for item in items
            for call in item.outcome.calls
        ]
        if calls:
            _ATTEMPTS.change(connection, calls)
        for item in items:
            if account := accounts[item.claim.lead.connection]:
                _settle(account, item)
        return [item.claim.lead.id in written for item in items]

    def rehome(self, homes: Mapping[str, str]) -> int:
        """Give waiting leads, for which nothing was sent yet, to the connection that their form names today.

        `homes` is form -> connection; returns how many were moved. A lead for which something was sent stays: it is
        looked up where it was sent.
        """
        return self._writer.run(self._rehome, dict(homes))

    def _rehome(self, connection: Connection, items: list[dict[str, str]]) -> list[int]:
        waiting = select(leads.c.connection).where(IS_WAITING).distinct()
        untouched = (leads.c.state == LeadState.RECEIVED, leads.c.sent_at.is_(None), leads.c.coworker_id.is_(None))
        values = {"waits_for": "", "reason": "", "due_at": leads.c.received_at}
        moved = [0] * len(items)
        for old in connection.execute(waiting).scalars().all():
            for place, (form, name) in ((n, home) for n, homes in enumerate(items) for home in homes.items()):
                where = (IS_WAITING, leads.c.connection == old, leads.c.form == form, *untouched)
                if name != old:
                    found = connection.execute(update(leads).where(*where).values(connection=name, **values))
                    moved[place] += found.rowcount
        return moved

    def waiting_by_connection(self) -> dict[str, int]:
        """Return how many leads wait for each connection."""
        statement = select(leads.c.connection, func.count()).where(IS_WAITING).group_by(leads.c.connection)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def parked(self, connection_name: str, now: datetime) -> dict[str, tuple[datetime, str]]:
        """Return what part of a connection waits for room: scope -> (until, reason)."""
        with self._database.reading() as connection:
            return _parked(connection, connection_name, now)


def _parked(connection: Connection, name: str, now: datetime) -> dict[str, tuple[datetime, str]]:
    rows = _PARKED.read(connection, name, microseconds(now))
    return {row.scope: (moment(row.until), row.reason) for row in rows}


def _shared_out(claims: list[Claim], requests: list[ClaimRequest]) -> list[Claimed]:
    answers = []
    for request in requests:
        mine, claims = claims[: request.limit], claims[request.limit :]
        answers.append(Claimed(tuple(mine), wait_seconds=0.0 if mine else 0.2))
    return answers


def _locked(connection: Connection, name: str) -> _Account | None:
    """Lock a connection's row and read it; None without one."""
    found = _LOCKED.read(connection, name)
    return _Account(found[0], Pace.from_json(found[0].pace)) if found else None


def _settle(account: _Account, item: Finished) -> None:
    """Count what was used from now on, in place of what was reserved, and note when something was delivered last.

    A call may have been made long after it was reserved, and the CRM counts it from then: counting from the end of
    the work is never too early.
    """
    account.pace.refund(item.claim.reserved, item.claim.reserved_at.timestamp())
    account.pace.spend(item.outcome.used, item.now.timestamp())
    account.changed = True
    if item.outcome.state is LeadState.DELIVERED:
        account.delivered_at = max(account.delivered_at or 0, microseconds(item.now))


def _row(item: Finished) -> tuple[Any, ...]:
    lead, outcome = item.claim.lead, item.outcome
    return (
        lead.id,
        item.claim.token,
        outcome.state.value,
        content.storable(outcome.reason),
        outcome.waits_for.value,
        _held(outcome.due_at),
        lead.attempts + outcome.counts,
        lead.generic_failures + outcome.generic,
        outcome.looks,
        _held(outcome.sent_at),
        outcome.coworker_id,
        outcome.opportunity_id or lead.opportunity_id,
        microseconds(item.now) if outcome.state is LeadState.DELIVERED else None,
    )


def _claimed(row: Any) -> Lead:
    """Build a lead from what a lease returned."""
    held = row._asdict()
    moments = {name: moment(held[name]) for name in ("received_at", "due_at", "delivered_at", "sent_at")}
    return Lead(**(held | moments | {"state": LeadState(row.state), "content": content.from_json(row.content)}))


def _held(at: datetime | None) -> int | None:
    return None if at is None else microseconds(at)


def _leased_person(claim: Claim) -> tuple[str, str, str]:
    return claim.lead.connection, claim.lead.person, claim.token
