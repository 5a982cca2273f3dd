"""What a person is told to do: a fitting sentence for every reason that a lead is ever given."""

from datetime import timedelta
from random import Random

import pytest
from factories import NOW, make_claim, make_delivery, make_lead

from leadcapture.delivery.deliver import CustomersParked, CustomerUnsettled, OpportunityUnsettled
from leadcapture.delivery.lane import CANT_BE_READ
from leadcapture.delivery.settle import settle
from leadcapture.domain.advice import BY_REASON, BY_STATE, what_to_do
from leadcapture.domain.compose import UnmappableError, crm_value
from leadcapture.domain.lead import LeadState
from leadcapture.domain.opportunity import Kind
from leadcapture.domain.outcome import Person, Policy
from leadcapture.errors import (
    AccessDenied,
    Full,
    Missing,
    NotSent,
    OutcomeUnknown,
    Refused,
    SignInNeeded,
    SignInRefused,
    Throttled,
)
from leadcapture.intake.read import NO_EMAIL

CREATE = "create opportunity"
AFTER_A_MONTH = timedelta(days=30)


def advice_for(error, age=timedelta(0)):
    """Return the advice on a lead of that age whose try has just ended with `error`."""
    claim = make_claim(make_lead(NOW - age, attempts=9))
    outcome = settle(error, make_delivery(claim), Policy(), NOW, Random(1)).outcome
    return what_to_do(outcome.state, outcome.reason)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (Throttled(CREATE, 429, 3.0), "limits how fast it is called"),
        (NotSent(CREATE, None, "timed out"), "tried again by itself, for 30 days"),
        (NotSent("sign in", 503, "no form, sign-in denies"), "tried again by itself, for 30 days"),
        (OutcomeUnknown(CREATE, 500), "asked whether it arrived"),
        (CustomerUnsettled(Person(sent_at=NOW), 6.0), "looked up once more"),
        (OpportunityUnsettled(NOW, 1, 6.0), "looked up once more"),
        (SignInRefused("sign in", 400), "Sign in to Nexudus again on the Setup page"),
        (SignInNeeded("sign in"), "Sign in to Nexudus on the Setup page"),
        (AccessDenied("create customer"), "Leads of known customers go on"),
        (CustomersParked(), "Leads of known customers go on"),
        (AccessDenied(CREATE), "missing role"),
        (Full(CREATE, 400), "Archive or delete old opportunities"),
        (Refused(CREATE, 400, [("Notes", "is too long")]), "Correct what Nexudus complains of"),
        (Refused(CREATE, 400, [("Email", "is not a valid e-mail")]), "Correct what Nexudus complains of"),
        (Refused(CREATE, 400, [("Name", "has no format")]), "Correct what Nexudus complains of"),
        (Refused(CREATE, 400, [("Name", "the server denies it")]), "Correct what Nexudus complains of"),
        (Missing("get opportunity", 404), "Correct what Nexudus complains of"),
        (UnmappableError("no e-mail address was found in this submission"), "give the address"),
        (UnmappableError("stage “New” (1) runs DeleteAccount on every opportunity"), "Choose another stage"),
        (UnmappableError("stage “New” (1) runs DeactivateAccount on every opportunity"), "Choose another stage"),
        (UnmappableError("Nexudus answered 8 times with its general error"), "opportunity type or an owner"),
        (UnmappableError("location 7 is not in this Nexudus account"), "Mend what the reason names"),
        (KeyError("x"), "tell who runs this service"),
    ],
)
def test_advice__fits_what_delivery_says(error, advice):
    assert advice in advice_for(error)


@pytest.mark.parametrize("error", [NotSent(CREATE, 503), NotSent(CREATE, 400, unreachable=False), KeyError("x")])
def test_advice__after_thirty_days_a_person_must_act(error):
    assert advice_for(error, AFTER_A_MONTH) == "Find out what was wrong with Nexudus, then retry."


@pytest.mark.parametrize("kind", list(Kind))
def test_advice__an_answer_that_does_not_fit_is_corrected(kind):
    try:
        crm_value(kind, "perhaps", "UTC", "SomeField")
    except UnmappableError as error:
        assert "Correct the answer" in advice_for(error)
    else:
        assert kind in (Kind.TEXT, Kind.FLAG)


@pytest.mark.parametrize(
    ("state", "reason", "advice"),
    [
        (LeadState.BLOCKED, "forms.toml has no form “tour” any more", "Put the form back"),
        (LeadState.BLOCKED, NO_EMAIL, "give the address"),
        (LeadState.BLOCKED, CANT_BE_READ, "flask leads remap"),
        (LeadState.BLOCKED, "what was sent could not be read: broken", "Mend what the reason names"),
        (LeadState.RECEIVED, "location 7 holds as many opportunities as Nexudus allows", "Archive or delete"),
        (LeadState.UNKNOWN, "NO ANSWER TO “create opportunity”", "asked whether it arrived"),
    ],
)
def test_advice__fits_what_others_say(state, reason, advice):
    assert advice in what_to_do(state, reason)


@pytest.mark.parametrize("state", [LeadState.HELD, LeadState.DELIVERED, LeadState.DISCARDED])
@pytest.mark.parametrize("reason", ["", "suspected spam: no e-mail", "Nexudus can't be reached"])
def test_advice__what_is_put_aside_or_done_has_its_own(state, reason):
    assert what_to_do(state, reason) == BY_STATE[state]


@pytest.mark.parametrize("state", list(LeadState))
def test_advice__every_state_has_one(state):
    assert what_to_do(state, "") == BY_STATE[state]
    assert what_to_do(state, "something new") == BY_STATE[state]


def test_advice__reasons_are_looked_for_in_small_letters():
    assert all(part == part.casefold() for part, _ in BY_REASON)
