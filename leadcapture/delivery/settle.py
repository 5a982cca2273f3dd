"""What a try that did not deliver means: for the lead, and for the connection. Pure; one case for each error."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from leadcapture.delivery.deliver import (
    ChangeUnsettled,
    CustomersParked,
    CustomerUnsettled,
    Delivery,
    OpportunityUnsettled,
)
from leadcapture.domain.compose import UnmappableError
from leadcapture.domain.form import connect_command
from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import LeadState
from leadcapture.domain.outcome import (
    LOOK_DELAYS_SECONDS,
    Outcome,
    Policy,
    WaitsFor,
    given_up,
    retry_delay_seconds,
)
from leadcapture.errors import (
    AccessDenied,
    CrmError,
    Full,
    Missing,
    NotSent,
    OutcomeUnknown,
    Refused,
    SignInNeeded,
    SignInRefused,
    Throttled,
)

CUSTOMERS = "customers"
AFTER_THE_OTHERS = timedelta(seconds=30)
"""Who met the locked door tries it last when it may be open again: his own lead may be what it is locked for."""

ON_ITS_WAY = "a change of this customer's opportunity has had no answer: waiting until it can't come late any more"


def location_scope(location_id: int) -> str:
    """Return the name under which a location's leads are parked."""
    return f"location {location_id}"


@frozen
class Effect:
    """What a failure means beyond its lead. `pause_until` rests the whole connection, `stop` until a person has
    acted; `park` lets one scope wait for room; `unreachable` counts towards the breaker."""

    reason: str = ""
    pause_until: datetime | None = None
    stop: bool = False
    park: str | None = None
    park_until: datetime | None = None
    unreachable: bool = False


@frozen
class Settlement:
    """A failure's outcome for the lead and effect on the connection."""

    outcome: Outcome
    effect: Effect | None = None


def settle(error: Exception, delivery: Delivery, policy: Policy, now: datetime, random: Random) -> Settlement:
    """Return what follows from a try that ended with `error`."""
    settlement = _case(error, delivery, policy, now, random)
    lead = delivery.claim.lead
    outcome = settlement.outcome
    stuck = outcome.state in (LeadState.RECEIVED, LeadState.UNKNOWN) and outcome.counts
    if stuck and outcome.waits_for is not WaitsFor.LOOK and given_up(lead.received_at, lead.attempts + 1, now):
        reason = f"tried for 30 days without success. Last: {settlement.outcome.reason}"
        blocked = replace(settlement.outcome, state=LeadState.BLOCKED, reason=reason, due_at=None)
        return replace(settlement, outcome=blocked)
    return settlement


def _case(error: Exception, delivery: Delivery, policy: Policy, now: datetime, random: Random) -> Settlement:
    match error:
        case CustomerUnsettled() | OpportunityUnsettled():
            return Settlement(_look_again(error, delivery, now))
        case ChangeUnsettled():
            due_at = now + timedelta(seconds=error.wait_seconds)
            return Settlement(_in_line(delivery, ON_ITS_WAY, WaitsFor.LOOK, due_at))
        case OutcomeUnknown():
            return Settlement(_unknown(error, delivery, now))
        case UnmappableError():
            return Settlement(_blocked(_unmappable(error, delivery), delivery))
        case Refused() | Missing():
            return Settlement(_blocked(_refusal(error), delivery))
        case NotSent():
            effect = Effect(_unreachable(error), unreachable=True) if error.unreachable else None
            return Settlement(_retry(error, delivery, policy, now, random), effect)
        case CrmError() | CustomersParked():
            return _waiting(error, delivery, policy, now)
        case _:
            return Settlement(_unexpected(error, delivery, policy, now, random))


def _waiting(error: CrmError | CustomersParked, delivery: Delivery, policy: Policy, now: datetime) -> Settlement:
    """Failures that are nobody's fault, least of all the lead's: none of them counts as its attempt."""
    room_at = now + timedelta(seconds=policy.room_seconds)
    match error:
        case Throttled():
            until = now + timedelta(seconds=error.delay_seconds)
            reason = f"Nexudus asked us to wait {error.delay_seconds:.0f} s before the next call"
            return Settlement(_in_line(delivery, reason, WaitsFor.THROTTLE), Effect(reason, pause_until=until))
        case SignInRefused() | SignInNeeded():
            reason = signing_in(error, delivery.form.connection)
            return Settlement(_in_line(delivery, reason, WaitsFor.CREDENTIALS), Effect(reason, stop=True))
        case AccessDenied(call="create customer"):
            reason = "Nexudus makes no new customers for now (“Access Denied”: a daily quota, or a missing role)"
            effect = Effect(reason, park=CUSTOMERS, park_until=room_at)
            return Settlement(_in_line(delivery, reason, WaitsFor.ROOM, room_at + AFTER_THE_OTHERS), effect)
        case Full():
            location = delivery.form.location
            reason = f"location {location} holds as many opportunities as Nexudus allows"
            effect = Effect(reason, park=location_scope(location), park_until=room_at)
            return Settlement(_in_line(delivery, reason, WaitsFor.ROOM, room_at + AFTER_THE_OTHERS), effect)
        case AccessDenied():
            reason = f"Nexudus denies “{error.call}” to this account although it is signed in: a role is missing"
            until = now + timedelta(seconds=policy.role_seconds)
            effect = Effect(reason, park=location_scope(delivery.form.location), park_until=until)
            return Settlement(_in_line(delivery, reason, WaitsFor.CREDENTIALS, until + AFTER_THE_OTHERS), effect)
        case _:
            reason = "Nexudus makes no new customers for now"
            return Settlement(_in_line(delivery, reason, WaitsFor.ROOM, delivery.no_customers_until or room_at))


def _base(delivery: Delivery, state: LeadState, reason: str) -> Outcome:
    return Outcome(
        state=state,
        reason=reason,
        looks=delivery.claim.lead.looks,
        sent_at=delivery.sent_at,
        coworker_id=delivery.coworker_id,
        person=delivery.person,
    )


def _state(delivery: Delivery) -> LeadState:
    """A lead whose create, or whose customer's, may have been written stays unknown, whatever else has happened."""
    person = delivery.person
    customer_sent = person.sent_at is not None and person.coworker_id is None
    return LeadState.UNKNOWN if delivery.sent_at or customer_sent else LeadState.RECEIVED


def _in_line(delivery: Delivery, reason: str, why: WaitsFor, due_at: datetime | None = None) -> Outcome:
    base = _base(delivery, _state(delivery), reason)
    return replace(base, waits_for=why, due_at=due_at or delivery.claim.lead.received_at)


def _blocked(reason: str, delivery: Delivery) -> Outcome:
    return replace(_base(delivery, LeadState.BLOCKED, reason), counts=True)


def _retry(error: CrmError, delivery: Delivery, policy: Policy, now: datetime, random: Random) -> Outcome:
    delay = retry_delay_seconds(delivery.claim.lead.attempts + 1, policy.retry_base_seconds, random)
    base = _base(delivery, _state(delivery), _unreachable(error))
    return replace(base, counts=True, waits_for=WaitsFor.OUTAGE, due_at=now + timedelta(seconds=delay))


def _unknown(error: OutcomeUnknown, delivery: Delivery, now: datetime) -> Outcome:
    reason = f"no answer to “{error.call}”: looking it up in Nexudus before anything is sent again"
    due_at = now + timedelta(seconds=LOOK_DELAYS_SECONDS[0])
    base = _base(delivery, LeadState.UNKNOWN, reason)
    return replace(base, looks=0, due_at=due_at, waits_for=WaitsFor.LOOK, counts=True, generic=error.generic)


def _look_again(error: CustomerUnsettled | OpportunityUnsettled, delivery: Delivery, now: datetime) -> Outcome:
    reason = "not found in Nexudus so far: looking again before anything is sent a second time"
    base = _base(delivery, LeadState.UNKNOWN, reason)
    due_at = now + timedelta(seconds=error.wait_seconds)
    if isinstance(error, CustomerUnsettled):
        return replace(base, person=error.person, due_at=due_at, waits_for=WaitsFor.LOOK)
    return replace(base, sent_at=error.sent_at, looks=error.looks, due_at=due_at, waits_for=WaitsFor.LOOK)


def _unexpected(error: Exception, delivery: Delivery, policy: Policy, now: datetime, random: Random) -> Outcome:
    """A fault of ours: something may have been sent, so it is looked up before it is tried again."""
    delay = retry_delay_seconds(delivery.claim.lead.attempts + 1, policy.retry_base_seconds, random)
    base = _base(delivery, LeadState.UNKNOWN, f"internal error {type(error).__name__}: tried again later")
    due_at = now + timedelta(seconds=delay)
    return replace(base, sent_at=delivery.sent_at or now, counts=True, due_at=due_at, waits_for=WaitsFor.RETRY)


def _unmappable(error: UnmappableError, delivery: Delivery) -> str:
    """What could not be read and is tried again is blocked for the reason that it had, which says more."""
    lead = delivery.claim.lead
    return lead.reason if lead.reason and not lead.content.email else str(error)


def _refusal(error: Refused | Missing) -> str:
    return f"Nexudus refused “{error.call}”: {error.detail or error.status}"


def _unreachable(error: CrmError) -> str:
    return f"Nexudus can't be reached or does not answer as it should ({error.call}: {error.detail or error.status})"


def signing_in(error: CrmError, connection: str) -> str:
    """Return why nothing is delivered before a connection is signed in, and what a person can do."""
    words = "NEXUDUS_EMAIL and NEXUDUS_PASSWORD" if connection == "main" else "its e-mail and password in the settings"
    if isinstance(error, SignInNeeded):
        return f"not signed in to Nexudus: run {connect_command(connection)}, or set {words}"
    return f"Nexudus refused our sign-in: run {connect_command(connection)}, or correct {words}"
