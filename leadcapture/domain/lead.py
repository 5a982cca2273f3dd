"""A lead: what was accepted, and where it stands on its way to the CRM."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from leadcapture.domain.attribution import Attribution
from leadcapture.domain.frozen import frozen
from leadcapture.domain.submission import Answer, FilePart


class LeadState(StrEnum):
    """Where a lead stands; the reason beside it says why in plain words."""

    RECEIVED = "received"
    DELIVERING = "delivering"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    HELD = "held"
    BLOCKED = "blocked"
    DISCARDED = "discarded"


@frozen
class Consent:
    """What the visitor agreed to: the wording as shown, and whether it was given with the post."""

    wording: str
    given: bool
    at: datetime

    @property
    def version(self) -> str:
        """A short mark of the wording: another wording has another mark."""
        return digest(self.wording)[:8]


@frozen
class Content:
    """What a lead says. `mapped` holds target -> value ("coworker.Email" -> the address); a date with its time
    is "2026-09-01T14:30", the location's wall clock. `found_by` tells by which rule each target was filled,
    `message_from` the path of the answer that is the message. `damaged`: what is stored can't be read; the rest is
    empty."""

    answers: tuple[Answer, ...] = ()
    mapped: Mapping[str, str] = field(default_factory=dict)
    found_by: Mapping[str, str] = field(default_factory=dict)
    attribution: Attribution = field(default_factory=Attribution)
    consent: Consent | None = None
    files: tuple[FilePart, ...] = ()
    message: str = ""
    message_from: str = ""
    subject: str = ""
    language: str = ""
    builder: str = ""
    ip: str = ""
    user_agent: str = ""
    submitted_at: str = ""
    damaged: bool = False

    @property
    def email(self) -> str:
        """The address as sent, or "" when none was found."""
        return self.mapped.get("coworker.Email", "")


@frozen
class NewLead:
    """A lead on its way into the store. `dedup_keys` are (key, expires_at or None for ever): one that is already known
    makes this a repeat of that key's lead, the first before the others. By `further_keys` it is known from now on, but
    nothing is asked: what a builder's server gave an id of its own is no repeat for saying the same."""

    id: str
    form: str
    connection: str
    received_at: datetime
    content: Content
    state: LeadState = LeadState.RECEIVED
    reason: str = ""
    dedup_keys: tuple[tuple[str, datetime | None], ...] = ()
    further_keys: tuple[tuple[str, datetime | None], ...] = ()
    content_type: str = ""
    body: bytes = field(default=b"", repr=False)
    text_key: str = ""
    text_from_people: int = 0

    @property
    def person(self) -> str:
        """The key under which one person is dealt with at a time."""
        return person_key(self.content.email)[:320] or f"lead:{self.id}"


@frozen
class Lead:
    """A stored lead. `attempts` counts tries that were the lead's own; `sent_at` is when a create whose answer
    is not known may last have been sent, `looks` how often it has been looked up since."""

    id: str
    form: str
    connection: str
    state: LeadState
    reason: str
    received_at: datetime
    due_at: datetime | None
    content: Content
    delivered_at: datetime | None = None
    attempts: int = 0
    generic_failures: int = 0
    looks: int = 0
    sent_at: datetime | None = None
    coworker_id: int | None = None
    opportunity_id: int | None = None
    crm_status: int | None = None
    person: str = ""


@frozen
class LeadRow:
    """A lead as a list shows it: no answers but the name and the address."""

    id: str
    form: str
    state: LeadState
    reason: str
    received_at: datetime
    delivered_at: datetime | None
    attempts: int
    coworker_id: int | None
    opportunity_id: int | None
    name: str
    email: str
    source: str


@frozen
class Attempt:
    """One call to the CRM made for a lead: `outcome` is the plain word for what came of it."""

    call: str
    at: datetime
    status: int | None
    latency_ms: int
    outcome: str


def new_lead_id(now: datetime) -> str:
    """Return a UUID of version 7: the time first, so that the newest rows lie together, then 74 random bits."""
    random = _drawn()
    high, low = int.from_bytes(random[:2]) & 0xFFF | 0x7000, int.from_bytes(random[2:]) & (1 << 62) - 1 | 1 << 63
    digits = f"{int(now.timestamp() * 1000) & (1 << 48) - 1:012x}{high:04x}{low:016x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _drawn() -> bytes:
    """Return ten random bytes: drawn for many ids at once, since each draw lets go of the interpreter."""
    while True:
        try:
            return _POOL.pop()
        except IndexError:
            many = secrets.token_bytes(640)
            _POOL.extend(many[start : start + 10] for start in range(0, len(many), 10))


_POOL: list[bytes] = []
os.register_at_fork(after_in_child=_POOL.clear)


def first_id_at(moment: datetime) -> str:
    """Return the text that lies before every id made at or after a moment, and after every one made before it."""
    digits = f"{max(0, int(moment.timestamp() * 1000)):012x}"
    return f"{digits[:8]}-{digits[8:]}"


def surname_key(full_name: str) -> str:
    """Return a name's last word in small letters, "" when it has one word only: people are looked for by it."""
    _, space, last = full_name.strip().rpartition(" ")
    return last.casefold()[:100] if space else ""


def person_key(email: str) -> str:
    """Return the form in which two spellings of one address are the same person."""
    return email.strip().casefold()


def digest(text: str) -> str:
    """Return a text as 64 characters that don't tell what it was."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
