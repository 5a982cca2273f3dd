"""Leads in and out of the store, but for their delivery (`queue`) and what a person does to them (`actions`)."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Attempt, Content, Lead, LeadRow, LeadState, NewLead, first_id_at
from leadcapture.store import accepting, content
from leadcapture.store.accepting import Accepted, Accepting
from leadcapture.store.db import Database
from leadcapture.store.tables import IS_SET_ASIDE, IS_WAITING, attempts, leads, submission_keys, submissions
from leadcapture.store.writer import Handed, Writer

VERY_MANY, ASIDE_SECONDS = 500, 15.0
ROW = (
    leads.c.id,
    leads.c.form,
    leads.c.state,
    leads.c.reason,
    leads.c.received_at,
    leads.c.delivered_at,
    leads.c.attempts,
    leads.c.coworker_id,
    leads.c.opportunity_id,
    leads.c.name,
    leads.c.email,
    leads.c.source,
)


@frozen
class Query:
    """Which leads to list: newest first, `before` an id for the next page."""

    form: str | None = None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: str | None = None
    limit: int = 50


@frozen
class Counts:
    """How the queue stands."""

    due: int
    oldest_due_seconds: float
    waiting: int
    blocked: int
    held: int


class Leads:
    """The record of leads."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer
        self._accept = Accepting()
        self._aside: tuple[float, dict[str, int]] = (0.0, {})

    def accept(self, lead: NewLead) -> Accepted:
        """Commit a lead, unless one of its keys says that it is here already. Raises StoreUnavailable."""
        return self.hand_in(lambda: lead).wait()

    def hand_in(self, make: Callable[[], NewLead]) -> Handed[accepting.Entry, Accepted]:
        """Have the lead that `make` makes committed soon, unless one of its keys says that it is here already.

        It is made by the thread that commits; nobody waits here. Raises StoreUnavailable when too many wait.
        """
        return self._writer.hand_in(self._accept, lambda: accepting.entry(make()))

    def accept_all(self, new: list[NewLead]) -> list[Accepted]:
        """Commit several leads in one transaction, each unless one of its keys is known. Raises StoreUnavailable."""
        return self._writer.run(self._accept_all, [accepting.entry(lead) for lead in new])

    def _accept_all(self, connection: Connection, items: list[list[accepting.Entry]]) -> list[list[Accepted]]:
        return [accepting.accept(connection, entries) for entries in items]

    def get(self, lead_id: str) -> Lead | None:
        """Return a lead with its content, or None."""
        with self._database.reading() as connection:
            row = connection.execute(select(leads).where(leads.c.id == lead_id)).one_or_none()
        return None if row is None else lead_from(row)

    def owner_of(self, key: str) -> str | None:
        """Return the id of the lead that a submission key belongs to, or None."""
        statement = select(submission_keys.c.lead_id).where(submission_keys.c.key == key)
        with self._database.reading() as connection:
            return connection.execute(statement).scalar_one_or_none()

    def replace_content(self, known: Lead, said: Content, states: tuple[LeadState, ...]) -> bool:
        """Replace what a lead says, if it says what was `known` and is in one of these states; returns whether."""
        return self._writer.run(self._replace_content, (known, said, states))

    def _replace_content(
        self, connection: Connection, items: list[tuple[Lead, Content, tuple[LeadState, ...]]]
    ) -> list[bool]:
        return [
            connection.execute(
                update(leads)
                .where(leads.c.id == known.id, leads.c.state.in_(states), leads.c.sent_at.is_(None))
                .where(leads.c.content == content.storable(content.to_json(known.content)))
                .values(content=content.storable(content.to_json(said)))
            ).rowcount
            == 1
            for known, said, states in items
        ]

    def discard_quietly(self, lead_id: str, reason: str) -> None:
        """Discard a lead that its sender has taken back, unless it is delivered."""
        self._writer.run(self._discard_quietly, (lead_id, reason))

    def _discard_quietly(self, connection: Connection, items: list[tuple[str, str]]) -> list[None]:
        for lead_id, reason in items:
            waiting = (LeadState.RECEIVED, LeadState.HELD, LeadState.BLOCKED)
            connection.execute(
                update(leads)
                .where(leads.c.id == lead_id, leads.c.state.in_(waiting))
                .values(state=LeadState.DISCARDED.value, reason=reason, due_at=None)
            )
        return [None] * len(items)

    def standing(self, lead_id: str) -> LeadRow | None:
        """Return how a lead stands, without its content, or None."""
        with self._database.reading() as connection:
            row = connection.execute(select(*ROW).where(leads.c.id == lead_id)).one_or_none()
        return None if row is None else row_from(row)

    def body(self, lead_id: str) -> tuple[str, bytes] | None:
        """Return (content type, bytes) of what arrived, or None."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(submissions.c.content_type, submissions.c.body).where(submissions.c.lead_id == lead_id)
            ).one_or_none()
        return None if row is None else (row.content_type, row.body)

    def attempts(self, lead_id: str) -> list[Attempt]:
        """Return every call made for a lead, oldest first."""
        statement = select(attempts).where(attempts.c.lead_id == lead_id).order_by(attempts.c.id)
        with self._database.reading() as connection:
            return [
                Attempt(row.call, row.at, row.status, row.latency_ms, row.outcome)
                for row in connection.execute(statement)
            ]

    def find(self, query: Query) -> list[LeadRow]:
        """Return a page of leads, newest first."""
        statement = select(*ROW).where(*_conditions(query)).order_by(leads.c.id.desc()).limit(query.limit)
        with self._database.reading() as connection:
            return [row_from(row) for row in connection.execute(statement)]

    def every(self, query: Query) -> Iterator[Lead]:
        """Yield leads with their content, oldest first, in constant memory."""
        last = ""
        while True:
            statement = select(leads).where(*_conditions(query), leads.c.id > last).order_by(leads.c.id).limit(500)
            with self._database.reading() as connection:
                page = [lead_from(row) for row in connection.execute(statement)]
            yield from page
            if len(page) < 500:
                return
            last = page[-1].id

    def counts(self, now: datetime) -> Counts:
        """Count what waits and what needs a person; each count reads an index of just those rows.

        Held and blocked leads that are very many are counted once in ASIDE_SECONDS: nobody looks through so many.
        """
        due = and_(IS_WAITING, leads.c.state != LeadState.DELIVERING, leads.c.due_at <= now)
        with self._database.reading() as connection:
            number, oldest = connection.execute(select(func.count(), func.min(leads.c.due_at)).where(due)).one()
            total = connection.execute(select(func.count()).select_from(leads).where(IS_WAITING)).scalar_one()
            by_state = self._set_aside(connection)
        return Counts(
            due=number,
            oldest_due_seconds=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
            waiting=total,
            blocked=by_state.get(LeadState.BLOCKED, 0),
            held=by_state.get(LeadState.HELD, 0),
        )

    def _set_aside(self, connection: Connection) -> dict[str, int]:
        until, counted = self._aside
        if time.monotonic() < until:
            return counted
        needs = select(leads.c.state, func.count()).where(
            IS_SET_ASIDE, leads.c.state.in_((LeadState.HELD, LeadState.BLOCKED))
        )
        counted = {row[0]: row[1] for row in connection.execute(needs.group_by(leads.c.state))}
        if sum(counted.values()) > VERY_MANY:
            self._aside = time.monotonic() + ASIDE_SECONDS, counted
        return counted


def _conditions(query: Query) -> list[Any]:
    tests = (
        (leads.c.form.__eq__, query.form),
        (leads.c.state.__eq__, query.state),
        (leads.c.id.__ge__, first_id_at(query.since) if query.since else None),
        (leads.c.id.__lt__, first_id_at(query.until) if query.until else None),
        (leads.c.id.__lt__, query.before),
    )
    return [test(wanted) for test, wanted in tests if wanted]


def lead_from(row: Any) -> Lead:
    """Build a lead from a row of every column."""
    return Lead(
        id=row.id,
        form=row.form,
        connection=row.connection,
        state=LeadState(row.state),
        reason=row.reason,
        received_at=row.received_at,
        due_at=row.due_at,
        content=content.from_json(row.content),
        delivered_at=row.delivered_at,
        attempts=row.attempts,
        generic_failures=row.generic_failures,
        looks=row.looks,
        sent_at=row.sent_at,
        coworker_id=row.coworker_id,
        opportunity_id=row.opportunity_id,
        crm_status=row.crm_status,
        person=row.person,
    )


def row_from(row: Any) -> LeadRow:
    """Build a list's row from the ROW columns."""
    return LeadRow(
        id=row.id,
        form=row.form,
        state=LeadState(row.state),
        reason=row.reason,
        received_at=row.received_at,
        delivered_at=row.delivered_at,
        attempts=row.attempts,
        coworker_id=row.coworker_id,
        opportunity_id=row.opportunity_id,
        name=row.name,
        email=row.email,
        source=row.source,
    )
