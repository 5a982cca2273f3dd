"""A lead's way from the form to the opportunity, as one list in order of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from leadcapture.domain.lead import Attempt, Lead
from leadcapture.store.audit import AuditEntry

CALLS = {
    "sign in": "Signed in to Nexudus",
    "renew token": "Renewed the sign-in to Nexudus",
    "find customers": "Looked for the customer",
    "create customer": "Made the customer",
    "find opportunities": "Looked for the opportunity",
    "create opportunity": "Made the opportunity",
    "get opportunity": "Read the opportunity",
    "replace opportunity": "Added the enquiry to the open opportunity",
}
TROUBLE = 400


@dataclass(frozen=True, slots=True)
class Event:
    """One step: `kind` is "ours", "call", "trouble", "person" or "done"."""

    at: datetime
    kind: str
    title: str
    detail: str = ""


def timeline(lead: Lead, attempts: list[Attempt], audit: list[AuditEntry]) -> list[Event]:
    """Return everything that is known to have happened to a lead, oldest first."""
    return sorted(_events(lead, attempts, audit), key=lambda event: event.at)


def _events(lead: Lead, attempts: list[Attempt], audit: list[AuditEntry]) -> Iterator[Event]:
    by = f"from {lead.content.builder}" if lead.content.builder else "from a form"
    yield Event(lead.received_at, "ours", "Received and stored", f"{by}, form “{lead.form}”")
    for attempt in attempts:
        yield _call(attempt)
    for entry in audit:
        yield Event(entry.at, "person", f"{entry.actor}: {entry.action}", entry.detail)
    if lead.delivered_at:
        yield Event(lead.delivered_at, "done", "Delivered", f"opportunity {lead.opportunity_id} in Nexudus")


def _call(attempt: Attempt) -> Event:
    bad = attempt.status is None or attempt.status >= TROUBLE
    answer = f"answer {attempt.status}" if attempt.status else "no answer"
    detail = f"{answer} after {attempt.latency_ms} ms · {attempt.outcome}"
    name = CALLS.get(attempt.call, attempt.call)
    return Event(attempt.at, "trouble" if bad else "call", f"Tried: {attempt.call}" if bad else name, detail)
