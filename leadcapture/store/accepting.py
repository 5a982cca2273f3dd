"""New leads into the store: what waits at the same time is written with a handful of statements, or with one.

What can be made ready before the transaction (the JSON of a lead's content above all) is made before it, so that the
database's lock is held for the writing alone. Rows that another process may write at the same time are written in the
order of their keys: in any other two would wait for each other.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import LeadState, NewLead
from leadcapture.store import content
from leadcapture.store.content import storable
from leadcapture.store.statements import AllOrNothing, Bulk, Values
from leadcapture.store.tables import leads, microseconds, submission_keys, submissions, texts
from leadcapture.store.texts import COLUMNS, count_people, people_by_text, text_rows

_LEADS = Bulk(
    leads,
    (
        *("id", "form", "connection", "state", "reason", "received_at"),
        *("due_at", "person", "email", "name", "surname", "source", "content"),
    ),
)
_SUBMISSIONS = Bulk(submissions, ("lead_id", "content_type", "body"))
_KEY = ("key", "lead_id", "expires_at")
_EXPIRED = "submission_keys.expires_at < ?"
_TAKE_KEYS = Bulk(
    submission_keys,
    _KEY,
    "ON CONFLICT (key) DO UPDATE SET "
    f"lead_id = CASE WHEN {_EXPIRED} THEN excluded.lead_id ELSE submission_keys.lead_id END, "
    f"expires_at = CASE WHEN {_EXPIRED} THEN excluded.expires_at ELSE submission_keys.expires_at END",
    ("key", "lead_id"),
)
_TAKE_NEW_KEYS = Bulk(submission_keys, _KEY, "ON CONFLICT (key) DO NOTHING")
_SET_KEYS = Bulk(
    submission_keys,
    _KEY,
    "ON CONFLICT (key) DO UPDATE SET lead_id = excluded.lead_id, expires_at = excluded.expires_at",
)

_ALL = AllOrNothing(Bulk(submission_keys, _KEY), Bulk(texts, COLUMNS), _LEADS, _SUBMISSIONS)
LEADS_AT_ONCE = 64
"""How many leads one statement has at most; its text is kept for each number."""
COMMON_TEXTS = 1000
"""How many texts that somebody has said before are remembered."""


@frozen
class Accepted:
    """What became of a submission: the lead's id, and whether it was there already."""

    id: str
    repeated: bool


@frozen
class Entry:
    """A lead with its row, ready to be written."""

    lead: NewLead
    row: Values


def entry(lead: NewLead) -> Entry:
    """Make a lead ready."""
    return Entry(lead, _row(lead, lead.state, lead.reason, storable(content.to_json(lead.content))))


class Accepting:
    """The operation that accepts leads.

    Nearly always all their keys and texts are new, and to PostgreSQL that is tried first: one statement, which writes
    all or nothing. Whatever it refuses, and all on SQLite, goes step by step (`accept`).
    """

    def __init__(self) -> None:
        self._common: set[str] = set()

    def __call__(self, connection: Connection, entries: list[Entry]) -> list[Accepted]:
        """Write the leads whose keys nobody has; return for each what became of it."""
        return accept(connection, entries)

    def at_once(self, connection: Connection, entries: list[Entry]) -> list[Accepted] | None:
        """Write the leads, each of them, if all that they bring is new; else write nothing and return None.

        PostgreSQL logs each refusal as an error: what many people say is tried once.
        """
        new = [one.lead for one in entries]
        keys = _key_rows(new)
        said = people_by_text(new)
        if (
            len(new) > LEADS_AT_ONCE
            or len(keys) < sum(len(lead.dedup_keys) for lead in new)
            or any(lead.further_keys for lead in new)
            or any(len(people) > 1 or text in self._common for text, people in said.items())
        ):
            return None
        rows = [one.row for one in entries], [_submission(lead) for lead in new]
        if _ALL.write(connection, sorted(keys.values()), text_rows(said, new), *rows):
            return [Accepted(lead.id, repeated=False) for lead in new]
        if len(self._common) + len(said) > COMMON_TEXTS:
            self._common.clear()
        self._common.update(said)
        return None


def accept(connection: Connection, entries: list[Entry]) -> list[Accepted]:
    """Write the leads whose keys nobody has, in any transaction; return for each what became of it."""
    new = [one.lead for one in entries]
    owners = _claim_keys(connection, new)
    fresh = {one.lead.id: one for one in entries if owners[one.lead.id] == one.lead.id}
    if fresh:
        written = [one.lead for one in fresh.values()]
        people = count_people(connection, written)
        _LEADS.change(connection, [_unless_suspected(one, people) for one in fresh.values()])
        _SUBMISSIONS.change(connection, [_submission(lead) for lead in written])
        further = {key: _key_row(lead.id, key, until) for lead in written for key, until in lead.further_keys}
        if further:
            _SET_KEYS.change(connection, sorted(further.values()))
    return [Accepted(owners[lead.id], owners[lead.id] != lead.id) for lead in new]


def _claim_keys(connection: Connection, new: list[NewLead]) -> dict[str, str]:
    """Return for each lead the id of the lead that owns one of its keys: its own, or an earlier one's.

    Nearly always all keys are new, and that is known without reading a row: the driver lets go of the interpreter for
    each that it reads, and has to queue for it again.
    """
    rows = _key_rows(new)
    number = sum(len(lead.dedup_keys) for lead in new)
    in_order = sorted(rows.values())
    if not rows or _TAKE_NEW_KEYS.change(connection, in_order) == len(rows) == number:
        return {lead.id: lead.id for lead in new}
    now = microseconds(max(lead.received_at for lead in new))
    held = {row.key: row.lead_id for row in _TAKE_KEYS.read(connection, in_order, now, now)}
    return _settled(connection, new, rows, held)


def _settled(
    connection: Connection, new: list[NewLead], rows: Mapping[str, Values], held: Mapping[str, str]
) -> dict[str, str]:
    """Return whose each lead is when some keys have owners already: what it would be if they came one by one.

    What was claimed for a repeat is given up: an id is its owner's from now on, other answers under a known id are
    nobody's, since they are stored nowhere, and whoever says them next is new. For the same reason an earlier lead
    whose content is gone (erased, or too old) owns nothing.
    """
    mine = {row[1] for row in rows.values()}
    gone = _emptied(connection, set(held.values()) - mine)
    owner_of = {key: owner for key, owner in held.items() if owner not in mine | gone}
    owners: dict[str, str] = {}
    claimed: dict[str, Values] = {}
    for lead in new:
        owner = next((owner_of[key] for key, _ in lead.dedup_keys if key in owner_of), lead.id)
        owners[lead.id] = owner
        for key, until in lead.dedup_keys:
            if key not in owner_of and (owner == lead.id or until is None):
                owner_of[key] = owner
                claimed[key] = _key_row(owner, key, until)
    if moved := [row for key, row in sorted(claimed.items()) if row[1] != held[key]]:
        _SET_KEYS.change(connection, moved)
    if dropped := sorted(held.keys() - owner_of.keys()):
        connection.execute(delete(submission_keys).where(submission_keys.c.key.in_(dropped)))
    return owners


def _emptied(connection: Connection, ids: set[str]) -> set[str]:
    if not ids:
        return set()
    empty = select(leads.c.id).where(leads.c.id.in_(sorted(ids)), leads.c.content == content.NOTHING)
    return set(connection.execute(empty).scalars())


def _unless_suspected(one: Entry, people: Mapping[str, int]) -> Values:
    """Return a lead's row: held if its text has come from too many people."""
    lead = one.lead
    number = people.get(lead.text_key, 0)
    if lead.state not in (LeadState.RECEIVED, LeadState.HELD) or number < max(2, lead.text_from_people):
        return one.row
    reasons = [lead.reason] if lead.reason else []
    reasons.append(f"the same text came from {number} people within a day")
    return _row(lead, LeadState.HELD, "; ".join(reasons), one.row[-1])


def _row(lead: NewLead, state: LeadState, reason: str, said: str) -> Values:
    found, received_at = lead.content, microseconds(lead.received_at)
    return (
        lead.id,
        lead.form,
        lead.connection,
        state.value,
        reason,
        received_at,
        received_at if state is LeadState.RECEIVED else None,
        storable(lead.person),
        *content.found_by(found).values(),
        storable((found.attribution.source or "")[:64]),
        said,
    )


def _submission(lead: NewLead) -> Values:
    return lead.id, lead.content_type[:200], lead.body


def _key_rows(new: list[NewLead]) -> dict[str, Values]:
    """Return a row for each key of these leads: the first one's that has it."""
    rows: dict[str, Values] = {}
    for lead in new:
        for key, until in lead.dedup_keys:
            rows.setdefault(key, _key_row(lead.id, key, until))
    return rows


def _key_row(lead_id: str, key: str, expires_at: datetime | None) -> Values:
    return key, lead_id, None if expires_at is None else microseconds(expires_at)
