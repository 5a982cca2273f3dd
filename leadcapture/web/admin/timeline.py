"""A lead's way from the form to the opportunity, as one list in order of time."""

from collections.abc import Iterator
from datetime import datetime

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Attempt, Lead
from leadcapture.store.audit import AuditEntry

CALLS = {
    "sign in": "Signed in to Nexudus",
    "renew token": "Renewed the sign-in to Nexudus",
    "who am i": "Asked whether Nexudus is there",
    "find stage": "Looked for the stage",
    "list locations": "Read the locations",
    "list stages": "Read the stages",
    "list time zones": "Read the time zones",
    "list countries": "Read the countries",
    "get customer": "Read the customer",
    "find customers": "Looked for the customer",
    "create customer": "Made the customer",
    "find opportunities": "Looked for the opportunity",
    "create opportunity": "Made the opportunity",
    "get opportunity": "Read the opportunity",
    "replace opportunity": "Added the enquiry to the open opportunity",
}
WANTED = {
    "create customer": "the customer",
    "create opportunity": "the opportunity",
    "replace opportunity": "the enquiry for the open opportunity",
}
ERASED_IN_PART = "erased in part"
DEEDS = {
    "retry": "Put back in line",
    "release": "Released",
    "discard": "Discarded",
    "put back": "Put back for delivery",
    "edit and send": "Corrected and sent",
    "erased": "Erased",
    ERASED_IN_PART: "Asked to erase: done in part",
}
"""What people did, as the pages say it: in the past, like everything in a log."""

BY_OUTCOME = {
    "throttled": "Nexudus asked us to wait",
    "sign_in_refused": "Nexudus refused the sign-in",
    "sign_in_needed": "Nobody has signed in to Nexudus",
    "full": "The location is full",
    "missing": "Nexudus has no such record",
}
TROUBLE, REFUSED, THROTTLED, BROKEN = 400, {400, 422}, {409, 429}, 500


@frozen
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
    by = f" from {lead.content.builder}" if lead.content.builder else ""
    yield Event(lead.received_at, "ours", "Received and stored", f"form “{lead.form}”{by}")
    for attempt in attempts:
        yield _call(attempt)
    for entry in audit:
        yield Event(entry.at, "person", done(entry.action), " · ".join(filter(None, (entry.actor, entry.detail))))
    if lead.delivered_at:
        yield Event(lead.delivered_at, "done", "Delivered", f"opportunity {lead.opportunity_id} in Nexudus")


def done(action: str) -> str:
    """Return what somebody did, in the past."""
    return DEEDS.get(action, action[:1].upper() + action[1:])


def _call(attempt: Attempt) -> Event:
    bad = attempt.status is None or attempt.status >= TROUBLE
    took = f"after {attempt.latency_ms} ms"
    if not bad:
        return Event(attempt.at, "call", CALLS.get(attempt.call, attempt.call), took)
    answer = f"answer {attempt.status} {took}" if attempt.status else took
    return Event(attempt.at, "trouble", _trouble(attempt), answer)


def _trouble(attempt: Attempt) -> str:
    """Return what went wrong, in plain words; the outcome tells whether something may have been written."""
    what = WANTED.get(attempt.call)
    if attempt.outcome in BY_OUTCOME:
        return BY_OUTCOME[attempt.outcome]
    if attempt.status in THROTTLED:
        return "Nexudus asked us to wait"
    if attempt.status is None:
        if attempt.outcome.startswith("not_sent"):
            return "Nexudus could not be reached"
        return "The answer was lost" if what else "Nexudus did not answer"
    if attempt.status in REFUSED:
        return f"Nexudus refused {what}" if what else f"Nexudus refused: {attempt.call}"
    if attempt.status >= BROKEN:
        return "Nexudus had a fault of its own"
    return f"Nexudus denied: {attempt.call}"
