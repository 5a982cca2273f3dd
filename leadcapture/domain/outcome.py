"""What came of a try to deliver a lead, and what follows from it: pure decisions, tested as tables."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Attempt, Lead, LeadState
from leadcapture.domain.pace import Cost

GIVE_UP_AFTER = timedelta(days=30)
LONGEST_DELAY_SECONDS = 3600.0
GIVE_UP_ATTEMPTS = 5
GENERIC_FAILURES_AT_MOST = 8

LOOK_DELAYS_SECONDS = (2.0, 6.0, 12.0)
"""When a create's answer was lost, the pauses before each look-up: lists may lag behind the record."""
SETTLED_SECONDS = 20.0
"""A record that no list shows this long after it may have been written was not written."""
UNHEARD_SECONDS = 25.0
"""For so long after a create was sent the CRM may be writing, when it has not answered at all."""


class WaitsFor(StrEnum):
    """Why a lead that is `received` is not due yet; NOTHING when it is."""

    NOTHING = ""
    RETRY = "retry"
    LOOK = "look"
    OUTAGE = "outage"
    THROTTLE = "throttle"
    CREDENTIALS = "credentials"
    ROOM = "room"


@frozen
class Person:
    """What we know of the customer behind an address: `verified_at` is when the CRM last listed it, or, without an
    id, listed nobody. `sent_at`: a create of this customer, or with an id a change of one of the customer's
    opportunities, may have been sent at that time and never answered; `looks`: how often the customer has been looked
    up since."""

    coworker_id: int | None = None
    verified_at: datetime | None = None
    sent_at: datetime | None = None
    looks: int = 0


@frozen
class Standing:
    """How a lead's connection stood when it was claimed.

    `notes_limit`: how long its Notes may be, where that is known. `parked`: what part of it waits for room, scope ->
    (until, reason). `troubled`: calls failed before this one, or a pause has ended: a success is news.
    """

    notes_limit: int | None = None
    parked: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)
    troubled: bool = False


@frozen
class Claim:
    """A lead that this worker holds until `until`; `token` proves it, `reserved` is what was set aside for it."""

    lead: Lead
    token: str
    until: datetime
    person: Person
    reserved: Cost
    reserved_at: datetime
    standing: Standing = field(default_factory=Standing)


@frozen
class Outcome:
    """What is recorded when a claim ends.

    `counts` adds one to the lead's attempts, `generic` one to its general failures. `sent_at` stays set while
    a create may have been written without our knowing. `person` replaces what is known of the customer.
    """

    state: LeadState
    reason: str = ""
    due_at: datetime | None = None
    waits_for: WaitsFor = WaitsFor.NOTHING
    counts: bool = False
    generic: bool = False
    looks: int = 0
    sent_at: datetime | None = None
    coworker_id: int | None = None
    opportunity_id: int | None = None
    person: Person = field(default_factory=Person)
    calls: tuple[Attempt, ...] = ()
    used: Cost = field(default_factory=lambda: Cost(0, 0))


@frozen
class Policy:
    """How patient delivery is; the first retry's delay is RETRY_BASE_SECONDS."""

    retry_base_seconds: float = 5.0
    room_seconds: float = 3600.0
    role_seconds: float = 900.0


def retry_delay_seconds(attempts: int, base_seconds: float, random: Random) -> float:
    """Return how long to wait after the `attempts`-th failed try: doubling, capped at an hour, a fifth of jitter."""
    exponent = min(max(attempts, 1) - 1, 30)
    delay: float = min(base_seconds * 2**exponent, LONGEST_DELAY_SECONDS)
    return delay * (0.8 + 0.4 * random.random())


def given_up(received_at: datetime, attempts: int, now: datetime) -> bool:
    """Say whether a lead has been tried for so long, and often enough, that a person must look at it."""
    return now - received_at >= GIVE_UP_AFTER and attempts >= GIVE_UP_ATTEMPTS


def look_again_in_seconds(sent_at: datetime, looks: int, now: datetime) -> float | None:
    """Return the pause before the next look-up after `looks` that found nothing; None when it was not written.

    A look counts as final only when the record has had time to appear, however many looks there were.
    """
    since = (now - sent_at).total_seconds()
    if looks >= 1 and since >= SETTLED_SECONDS:
        return None
    return LOOK_DELAYS_SECONDS[min(looks + 1, len(LOOK_DELAYS_SECONDS) - 1)]


def probe_delay_seconds(failures: int, base_seconds: float) -> float:
    """Return how long a connection that can't be reached rests before it is probed: doubling, at most 30 s."""
    exponent = min(max(failures, BREAKER_AFTER) - BREAKER_AFTER, 20)
    delay: float = min(30.0, max(0.5, min(base_seconds, 5.0)) * 2**exponent)
    return delay


BREAKER_AFTER = 3
"""After this many failures in a row nothing but a probe is sent until one succeeds. A lead that has failed as often
itself keeps its own back-off when the CRM answers again."""
