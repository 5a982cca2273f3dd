"""What a person does to leads, each written into the audit log; and what time does: retention."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Content, LeadState, first_id_at, person_key
from leadcapture.domain.outcome import SETTLED_SECONDS
from leadcapture.store import content
from leadcapture.store.content import storable
from leadcapture.store.db import Database
from leadcapture.store.tables import IS_SET_ASIDE, attempts, audit, leads, people, submission_keys, submissions
from leadcapture.store.texts import forget_texts
from leadcapture.store.writer import Writer

MENDABLE = (LeadState.RECEIVED, LeadState.UNKNOWN, LeadState.BLOCKED)
CORRECTED = "edit and send"
FINISHED = (LeadState.DELIVERED, LeadState.DISCARDED, LeadState.HELD)
PURGED_AT_ONCE = 500
UNDELIVERED = (LeadState.RECEIVED, LeadState.BLOCKED, LeadState.HELD)


@frozen
class Deed:
    """Who does something, to which lead, when."""

    actor: str
    lead_id: str
    at: datetime


@frozen
class Receipt:
    """What an erasure removed, and which CRM records remain for a person to remove there.

    `busy` leads are being delivered this moment, or were a moment ago, and were left: erase again in two minutes. Of
    `unsettled` ones Nexudus may have a record that we have not heard of.
    """

    leads: int
    opportunity_ids: tuple[int, ...]
    coworker_ids: tuple[int, ...]
    busy: int = 0
    unsettled: int = 0


@frozen
class _Change:
    deed: Deed
    action: str
    from_states: tuple[LeadState, ...]
    to_state: LeadState | None
    reason: str = ""
    content: Content | None = None


class Actions:
    """Changes of state that a person asks for; each returns whether the lead was in a state that allows it."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def retry(self, deed: Deed) -> bool:
        """Put a waiting or blocked lead back in line, due now; one whose create is unanswered is looked up first."""
        return self._writer.run(self._change, _Change(deed, "retry", MENDABLE, None))

    def release(self, deed: Deed) -> bool:
        """A held lead is genuine: deliver it."""
        return self._writer.run(self._change, _Change(deed, "release", (LeadState.HELD,), LeadState.RECEIVED))

    def discard(self, deed: Deed, reason: str) -> bool:
        """A lead is not to be delivered: it is kept, and nothing is sent. Of an unknown one Nexudus may have a record,
        and the reason says so."""
        states = (LeadState.RECEIVED, LeadState.UNKNOWN, LeadState.BLOCKED, LeadState.HELD)
        return self._writer.run(self._change, _Change(deed, "discard", states, LeadState.DISCARDED, reason))

    def put_back(self, deed: Deed) -> bool:
        """A discarded lead is to be delivered after all, unless its content is gone."""
        return self._writer.run(self._change, _Change(deed, "put back", (LeadState.DISCARDED,), None))

    def edit(self, deed: Deed, edited: Content) -> bool:
        """Replace what a lead says, and deliver it; what arrived stays in `submissions`.

        Not while a create of it may have been written without our knowing: that record says what the lead said, and
        is looked up under the customer for whom it was sent.
        """
        change = _Change(deed, CORRECTED, UNDELIVERED, LeadState.RECEIVED, content=edited)
        return self._writer.run(self._change, change)

    def blocked_ids(self) -> list[str]:
        """Return the ids of every blocked lead, oldest first."""
        statement = select(leads.c.id).where(IS_SET_ASIDE, leads.c.state == LeadState.BLOCKED).order_by(leads.c.id)
        with self._database.reading() as connection:
            return list(connection.execute(statement).scalars())

    def _change(self, connection: Connection, changes: list[_Change]) -> list[bool]:
        return [self._apply(connection, change) for change in changes]

    def _apply(self, connection: Connection, change: _Change) -> bool:
        where = (
            leads.c.id == change.deed.lead_id,
            leads.c.state.in_(change.from_states),
            leads.c.content != content.NOTHING,
        )
        columns = select(leads.c.state, leads.c.sent_at, leads.c.person, leads.c.email, leads.c.reason).where(*where)
        row = connection.execute(columns.with_for_update()).one_or_none()
        if row is None or (change.content is not None and row.sent_at):
            return False
        unknown = row.sent_at or row.state == LeadState.UNKNOWN
        state = change.to_state or (LeadState.UNKNOWN if unknown else LeadState.RECEIVED)
        values: dict[str, Any] = {
            "state": state.value,
            "reason": _with_doubt(change, row) or _lasting(change, row),
            "waits_for": "",
            "due_at": None if state is LeadState.DISCARDED else change.deed.at,
            "generic_failures": 0,
        }
        if change.content is not None:
            values |= _rewritten(change.deed.lead_id, change.content)
            if values["person"] != row.person:
                values["coworker_id"] = None
        connection.execute(update(leads).where(*where).values(values))
        _log(connection, change.deed, change.action)
        return True

    def erase(self, actor: str, email: str, now: datetime) -> Receipt:
        """Remove a person's leads with everything that came with them; leads keep their ids and states only."""
        receipt = self._writer.run(self._erase, (Deed(actor, "", now), person_key(email)))
        self._database.shred()
        return receipt

    def erase_lead(self, deed: Deed) -> Receipt:
        """Remove what one lead says, and what came with it: for a lead without an address."""
        receipt = self._writer.run(self._erase, (deed, ""))
        self._database.shred()
        return receipt

    def _erase(self, connection: Connection, items: list[tuple[Deed, str]]) -> list[Receipt]:
        return [_erase_one(connection, deed, email) for deed, email in items]

    def purge(self, form: str, before: datetime) -> int:
        """Empty all finished leads of a form received before a time; returns how many.

        Reads through the form's leads once, however many were emptied before, without keeping writers waiting.
        """
        total, after, page = 0, "", PURGED_AT_ONCE
        while page == PURGED_AT_ONCE:
            page, after, full = self._older_than(form, before, after)
            if full:
                total += self._writer.run(self._purge, full)
        return total

    def _older_than(self, form: str, before: datetime, after: str) -> tuple[int, str, list[str]]:
        """Return how many leads the next page has, the last of them, and those that are to be emptied."""
        statement = (
            select(leads.c.id, and_(leads.c.state.in_(FINISHED), leads.c.content != content.NOTHING))
            .where(leads.c.form == form, leads.c.id > after, leads.c.id < first_id_at(before))
            .order_by(leads.c.id)
            .limit(PURGED_AT_ONCE)
        )
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        return len(rows), rows[-1][0] if rows else after, [lead_id for lead_id, full in rows if full]

    def _purge(self, connection: Connection, pages: list[list[str]]) -> list[int]:
        purged = []
        for page in pages:
            still = select(leads.c.id).where(
                leads.c.id.in_(page), leads.c.state.in_(FINISHED), leads.c.content != content.NOTHING
            )
            ids = list(connection.execute(still.with_for_update()).scalars())
            _empty(connection, ids, "removed after the retention time")
            purged.append(len(ids))
        return purged

    def forget_keys(self, now: datetime, limit: int = 5000) -> int:
        """Drop submission keys whose ten minutes are over and texts whose day is; returns how many."""
        return self._writer.run(self._forget_keys, (now, limit))

    def _forget_keys(self, connection: Connection, items: list[tuple[datetime, int]]) -> list[int]:
        dropped = []
        for now, limit in items:
            # Whether they have expired is asked twice: one may be taken over while the DELETE waits for its row.
            is_over = submission_keys.c.expires_at < now
            expired = select(submission_keys.c.key).where(is_over).limit(limit)
            statement = delete(submission_keys).where(submission_keys.c.key.in_(expired), is_over)
            dropped.append(connection.execute(statement).rowcount + forget_texts(connection, now, limit))
        return dropped


def _erase_one(connection: Connection, deed: Deed, email: str) -> Receipt:
    """Erase a person. Not while what was sent a moment ago may not be in any list yet: whoever sent again then would be
    made a customer twice, since who he is would be forgotten."""
    wanted = leads.c.email == email if email else leads.c.id == deed.lead_id
    columns = (leads.c.id, leads.c.state, leads.c.due_at, leads.c.sent_at, leads.c.opportunity_id, leads.c.coworker_id)
    found = connection.execute(select(*columns).where(wanted).with_for_update()).all()
    him = people.c.person == (email or f"lead:{deed.lead_id}")
    customer_sent = select(func.max(people.c.sent_at)).where(him, people.c.coworker_id.is_(None))
    sent_at = connection.execute(customer_sent).scalar_one()
    rows = [row for row in found if not _is_busy(row, sent_at, deed.at)]
    busy = len(found) - len(rows)
    _empty(connection, [row.id for row in rows], "erased at the person's request")
    if not busy:
        connection.execute(delete(people).where(him))
    _log(connection, deed, _erased(len(rows), busy))
    return Receipt(
        leads=len(rows),
        opportunity_ids=tuple(sorted({row.opportunity_id for row in rows if row.opportunity_id})),
        coworker_ids=tuple(sorted({row.coworker_id for row in rows if row.coworker_id})),
        busy=busy,
        unsettled=sum(
            row.sent_at is not None or row.state in (LeadState.DELIVERING, LeadState.UNKNOWN) for row in rows
        ),
    )


def _is_busy(row: Any, customer_sent_at: datetime | None, now: datetime) -> bool:
    """Say whether a worker has a lead just now, or sent something for it a moment ago. One whose worker has died is
    free when its lease is over: what that worker still records is refused."""
    if row.state == LeadState.DELIVERING and row.due_at >= now:
        return True
    sent_at = row.sent_at or (customer_sent_at if row.state in (LeadState.RECEIVED, LeadState.UNKNOWN) else None)
    return sent_at is not None and now - sent_at < timedelta(seconds=SETTLED_SECONDS)


def _with_doubt(change: _Change, row: Any) -> str:
    return (
        f"{change.reason} (Nexudus may have it)" if change.reason and row.state == LeadState.UNKNOWN else change.reason
    )


def _lasting(change: _Change, row: Any) -> str:
    """What could not be read stays unreadable when it is only tried again: its reason says more than the next one."""
    return row.reason if change.action == "retry" and not row.email else ""


def _rewritten(lead_id: str, said: Content) -> dict[str, Any]:
    """Return the columns that follow from what a lead says now."""
    return {
        "content": storable(content.to_json(said)),
        **content.found_by(said),
        "person": storable(person_key(said.email)[:320]) or f"lead:{lead_id}",
    }


def _empty(connection: Connection, ids: list[str], reason: str) -> None:
    if not ids:
        return
    connection.execute(delete(submissions).where(submissions.c.lead_id.in_(ids)))
    connection.execute(delete(attempts).where(attempts.c.lead_id.in_(ids)))
    blank = {
        "content": content.NOTHING,
        "email": "",
        "name": "",
        "surname": "",
        "person": "",
        "reason": reason,
        "due_at": None,
    }
    connection.execute(
        update(leads)
        .where(leads.c.id.in_(ids))
        .values(blank | {"state": LeadState.DISCARDED.value, "lease_token": None})
    )


def _erased(number: int, busy: int) -> str:
    """Say in the log what was erased, and never that all was while some could not be."""
    leads_erased = f"{number} {'lead' if number == 1 else 'leads'}"
    if busy:
        return f"erased a person in part: {leads_erased}, {busy} being delivered"
    return f"erased a person: {leads_erased}"


def _log(connection: Connection, deed: Deed, action: str, detail: str = "") -> None:
    connection.execute(
        insert(audit).values(at=deed.at, actor=deed.actor, action=action, lead_id=deed.lead_id, detail=detail)
    )
