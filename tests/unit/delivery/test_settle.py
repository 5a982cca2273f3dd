"""What a failed try means, one row for each error: for the lead, and for its connection."""

from dataclasses import asdict
from datetime import timedelta
from random import Random

import pytest
from factories import NOW, make_claim, make_delivery, make_lead

from leadcapture.delivery.deliver import CustomersParked, CustomerUnsettled, OpportunityUnsettled
from leadcapture.delivery.settle import CUSTOMERS, location_scope, settle
from leadcapture.domain.compose import UnmappableError
from leadcapture.domain.lead import LeadState
from leadcapture.domain.outcome import Person, Policy, WaitsFor
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

RECEIVED, UNKNOWN, BLOCKED = LeadState.RECEIVED, LeadState.UNKNOWN, LeadState.BLOCKED
CREATE, MAKE_CUSTOMER = "create opportunity", "create customer"
POLICY = Policy(retry_base_seconds=4.0, room_seconds=3000.0, role_seconds=700.0)
LEAD = make_lead(NOW - timedelta(minutes=5), attempts=2, looks=3)
PERSON = Person(9, NOW)


class Middle(Random):
    def random(self):
        return 0.5


def settled(error, lead=LEAD, **came):
    """Settle a try that came as far as `came` says."""
    delivery = make_delivery(make_claim(lead), **({"person": PERSON, "coworker_id": 9} | came))
    return settle(error, delivery, POLICY, NOW, Middle())


def seconds(number):
    return NOW + timedelta(seconds=number)


REFUSED = Refused(CREATE, 400, [("Notes", "is wrong"), ("Name", "too")])
TABLE = [
    # error, state, reason, due, waits for, counts, generic
    (Throttled(CREATE, 429, 7.6), RECEIVED, "asked us to wait 8 s", LEAD.received_at, WaitsFor.THROTTLE, 0, 0),
    (NotSent(CREATE, 503), RECEIVED, "(create opportunity: 503)", seconds(16), WaitsFor.OUTAGE, 1, 0),
    (NotSent(CREATE, None, "no route"), RECEIVED, "(create opportunity: no route)", seconds(16), WaitsFor.OUTAGE, 1, 0),
    (OutcomeUnknown(CREATE), UNKNOWN, "no answer to “create opportunity”", seconds(2), WaitsFor.LOOK, 1, 0),
    (OutcomeUnknown(CREATE, 500, generic=True), UNKNOWN, "no answer to", seconds(2), WaitsFor.LOOK, 1, 1),
    (CustomerUnsettled(PERSON, 6.0), UNKNOWN, "not found in Nexudus so far", seconds(6), WaitsFor.LOOK, 0, 0),
    (OpportunityUnsettled(NOW, 4, 12.0), UNKNOWN, "not found in Nexudus so far", seconds(12), WaitsFor.LOOK, 0, 0),
    (SignInRefused("sign in", 400), RECEIVED, "refused our sign-in", LEAD.received_at, WaitsFor.CREDENTIALS, 0, 0),
    (SignInNeeded("sign in"), RECEIVED, "not signed in", LEAD.received_at, WaitsFor.CREDENTIALS, 0, 0),
    (AccessDenied(CREATE), RECEIVED, "denies “create opportunity”", seconds(730), WaitsFor.CREDENTIALS, 0, 0),
    (AccessDenied(MAKE_CUSTOMER), RECEIVED, "makes no new customers", seconds(3030), WaitsFor.ROOM, 0, 0),
    (CustomersParked(), RECEIVED, "makes no new customers", seconds(3000), WaitsFor.ROOM, 0, 0),
    (Full(CREATE, 400), RECEIVED, "location 1234566 holds as many", seconds(3030), WaitsFor.ROOM, 0, 0),
    (REFUSED, BLOCKED, "refused “create opportunity”: Notes: is wrong; Name: too", None, WaitsFor.NOTHING, 1, 0),
    (Missing("get opportunity", 404), BLOCKED, "refused “get opportunity”: 404", None, WaitsFor.NOTHING, 1, 0),
    (UnmappableError("no e-mail"), BLOCKED, "no e-mail", None, WaitsFor.NOTHING, 1, 0),
    (KeyError("secret"), UNKNOWN, "internal error KeyError: tried again", seconds(16), WaitsFor.RETRY, 1, 0),
]
IDS = [f"{type(row[0]).__name__} {getattr(row[0], 'call', '')}" for row in TABLE]


@pytest.mark.parametrize(("error", "state", "reason", "due_at", "waits_for", "counts", "generic"), TABLE, ids=IDS)
def test_settle__what_follows_for_the_lead(error, state, reason, due_at, waits_for, counts, generic):
    outcome = settled(error).outcome

    assert (outcome.state, outcome.due_at, outcome.waits_for) == (state, due_at, waits_for)
    assert (outcome.counts, outcome.generic) == (bool(counts), bool(generic))
    assert reason in outcome.reason
    assert (outcome.person, outcome.coworker_id, outcome.opportunity_id) == (PERSON, 9, None)
    assert "secret" not in outcome.reason


def test_settle__every_leaf_of_the_errors_has_its_row():
    def leaves(kind):
        return {kind} if not kind.__subclasses__() else {x for k in kind.__subclasses__() for x in leaves(k)}

    assert leaves(CrmError) <= {type(row[0]) for row in TABLE}


NO_EFFECT = {"pause_until": None, "stop": False, "park": None, "park_until": None, "unreachable": False}
EFFECTS = [
    (Throttled(CREATE, 429, 7.6), {"pause_until": seconds(7.6)}),
    (NotSent(CREATE, 503), {"unreachable": True}),
    (SignInRefused("sign in", 400), {"stop": True}),
    (SignInNeeded("sign in"), {"stop": True}),
    (AccessDenied(CREATE), {"park": location_scope(1234566), "park_until": seconds(700)}),
    (AccessDenied("find customers"), {"park": location_scope(1234566), "park_until": seconds(700)}),
    (AccessDenied(MAKE_CUSTOMER), {"park": CUSTOMERS, "park_until": seconds(3000)}),
    (Full(CREATE, 400), {"park": location_scope(1234566), "park_until": seconds(3000)}),
]
NO_EFFECTS = [
    *(
        NotSent(CREATE, 400, unreachable=False),
        CustomersParked(),
        OutcomeUnknown(CREATE),
        REFUSED,
        Missing("get opportunity"),
        KeyError("x"),
    ),
    *(CustomerUnsettled(PERSON, 1.0), OpportunityUnsettled(NOW, 1, 1.0), UnmappableError("no e-mail")),
]


@pytest.mark.parametrize(("error", "effect"), EFFECTS, ids=lambda value: type(value).__name__)
def test_settle__what_follows_for_the_connection(error, effect):
    found = settled(error)

    assert asdict(found.effect) == {"reason": found.outcome.reason} | NO_EFFECT | effect


@pytest.mark.parametrize("error", NO_EFFECTS, ids=lambda value: type(value).__name__)
def test_settle__a_leads_own_failure_leaves_the_connection_alone(error):
    assert settled(error).effect is None


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_settle__a_create_that_may_have_been_written_is_never_forgotten(row):
    sent_at = NOW - timedelta(seconds=3)

    outcome = settled(row[0], sent_at=sent_at).outcome

    assert outcome.state is (BLOCKED if row[1] is BLOCKED else UNKNOWN)
    assert outcome.sent_at == (NOW if isinstance(row[0], OpportunityUnsettled) else sent_at)


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_settle__nothing_sent_is_nothing_to_look_for_but_after_a_fault_of_ours(row):
    outcome = settled(row[0]).outcome

    assert outcome.sent_at == (NOW if isinstance(row[0], KeyError | OpportunityUnsettled) else None)


@pytest.mark.parametrize(
    ("error", "looks"),
    [(OutcomeUnknown(CREATE), 0), (OpportunityUnsettled(NOW, 4, 1.0), 4), (CustomerUnsettled(PERSON, 1.0), 3)],
)
def test_settle__looks_are_counted_from_the_last_create(error, looks):
    assert settled(error).outcome.looks == looks


def test_settle__an_unsettled_customer_is_what_is_known_of_the_person():
    newer = Person(sent_at=NOW, looks=1)

    assert settled(CustomerUnsettled(newer, 6.0)).outcome.person == newer


@pytest.mark.parametrize(("attempts", "delay"), [(0, 4.0), (1, 8.0), (5, 128.0), (50, 3600.0)])
@pytest.mark.parametrize("error", [NotSent(CREATE, 503), KeyError("x")])
def test_settle__retries_back_off_by_the_leads_own_attempts(error, attempts, delay):
    assert settled(error, make_lead(NOW, attempts=attempts)).outcome.due_at == seconds(delay)


@pytest.mark.parametrize("row", TABLE, ids=IDS)
@pytest.mark.parametrize(
    ("age", "attempts", "given_up"),
    [
        (timedelta(days=30), 4, True),
        (timedelta(days=30, seconds=-1), 4, False),
        (timedelta(days=30), 3, False),
    ],
)
def test_settle__after_thirty_days_of_its_own_tries_a_person_must_look(row, age, attempts, given_up):
    error, state, _, _, waits_for, counts, _ = row
    ends = bool(given_up and counts and state is not BLOCKED and waits_for is not WaitsFor.LOOK)

    found = settled(error, make_lead(NOW - age, attempts=attempts))

    assert found.outcome.state is (BLOCKED if ends else state)
    assert found.outcome.reason.startswith("tried for 30 days without success. Last: ") is ends
    assert (found.outcome.due_at is None) is (found.outcome.state is BLOCKED)
    assert (found.effect is None) is (settled(error).effect is None)


def test_settle__a_parked_customer_waits_until_customers_are_tried_again():
    assert settled(CustomersParked(), no_customers_until=seconds(77)).outcome.due_at == seconds(77)
