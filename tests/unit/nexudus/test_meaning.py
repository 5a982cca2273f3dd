"""What each answer of the CRM means, as a table."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from leadcapture.errors import (
    AccessDenied,
    Full,
    Missing,
    NotSent,
    OutcomeUnknown,
    Refused,
    SignInRefused,
    Throttled,
)
from leadcapture.nexudus.answer import Answer, read_json
from leadcapture.nexudus.calls import (
    CREATE_CUSTOMER,
    CREATE_OPPORTUNITY,
    FIND_CUSTOMERS,
    GET_OPPORTUNITY,
    RENEW_TOKEN,
    REPLACE_OPPORTUNITY,
    SIGN_IN,
)
from leadcapture.nexudus.meaning import error_in, error_without_answer

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OOOPS = {"Message": "Ooops! There was a problem while running this action: please try again later."}
UNHANDLED = {"Message": "An error has occurred."}
HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"


def answer(status, body="", reason="", retry_after=None, date=None):
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, NOW, reason, text, read_json(text), retry_after, date)


def made(**changes):
    wrapper = {"Status": 200, "Message": "was successfully created.", "Value": {"Id": 7}, "Errors": None}
    return wrapper | {"WasSuccessful": True} | changes


def complaint(*faults, status=None):
    """The CRM's validation reply; faults are (PropertyName, Message)."""
    errors = [{"AttemptedValue": None, "Message": m, "PropertyName": p} for p, m in faults]
    first = f"{faults[0][0]}: {faults[0][1]}"
    body = {"Message": first, "Value": None, "Errors": errors, "WasSuccessful": False}
    return body | ({"Status": status} if status else {})


SUCCESSES = [
    ("create, id only", CREATE_OPPORTUNITY, answer(200, made())),
    ("create, whole record", CREATE_OPPORTUNITY, answer(200, made(Value={"Id": 7, "Name": "x", "Value": 5}))),
    ("create, id as text", CREATE_OPPORTUNITY, answer(200, made(Value={"Id": "7"}))),
    ("create, an id beats complaints", CREATE_OPPORTUNITY, answer(200, made(Errors=[{"Message": "hm"}]))),
    ("create, 201", CREATE_OPPORTUNITY, answer(201, made())),
    ("replace", REPLACE_OPPORTUNITY, answer(200, made())),
    ("a list", FIND_CUSTOMERS, answer(200, {"Records": []})),
    ("a bare opportunity has a Value of its own", GET_OPPORTUNITY, answer(200, {"Id": 7, "Value": 900.0})),
    ("a token", SIGN_IN, answer(200, {"access_token": "t"})),
]


@pytest.mark.parametrize(("call", "reply"), [c[1:] for c in SUCCESSES], ids=[c[0] for c in SUCCESSES])
def test_error_in__success_is_none(call, reply):
    assert error_in(call, reply) is None


FAILURES = [
    # id, answer, on a create, on a read
    ("throttled", answer(409, reason="You must wait"), Throttled, Throttled),
    ("throttled 409 with Retry-After", answer(409, {"x": 1}, retry_after="1"), Throttled, Throttled),
    ("throttled 409 in words", answer(409, {"Message": "You must wait before"}), Throttled, Throttled),
    ("another 409", answer(409, {"Message": "Conflict"}), Refused, Refused),
    ("429", answer(429, HTML), Throttled, Throttled),
    ("redirected", answer(302, HTML), OutcomeUnknown, NotSent),
    ("401", answer(401), AccessDenied, AccessDenied),
    ("403", answer(403, HTML), AccessDenied, AccessDenied),
    ("404", answer(404, '"Not found"'), Missing, Missing),
    ("405", answer(405), Refused, Refused),
    ("413", answer(413, HTML), Refused, Refused),
    ("408", answer(408), OutcomeUnknown, NotSent),
    ("validation", answer(400, complaint(("Status", "is a required field"))), Refused, Refused),
    ("validation, 500", answer(500, complaint(("Country", "may not be null"), status=500)), Refused, Refused),
    ("validation by message alone", answer(400, {"Message": "Email: is not valid"}), Refused, Refused),
    ("soft failure", answer(200, made(WasSuccessful=False, Value=None)), Refused, Refused),
    ("soft failure, no message", answer(200, {"WasSuccessful": False}), Refused, Refused),
    ("errors in a 200", answer(200, made(Value=None, Errors=[{"Message": "no"}])), Refused, Refused),
    ("Ooops 500", answer(500, OOOPS), OutcomeUnknown, NotSent),
    ("Ooops 400", answer(400, OOOPS), OutcomeUnknown, NotSent),
    ("Ooops as an error", answer(500, complaint(("Record", OOOPS["Message"]))), OutcomeUnknown, NotSent),
    ("unhandled", answer(500, UNHANDLED), OutcomeUnknown, NotSent),
    ("an exception's name", answer(500, {"Message": "NullException: object"}), OutcomeUnknown, NotSent),
    ("bare 400", answer(400), OutcomeUnknown, NotSent),
    ("400 with HTML", answer(400, HTML), OutcomeUnknown, NotSent),
    ("502", answer(502, HTML), OutcomeUnknown, NotSent),
    ("503 empty", answer(503), OutcomeUnknown, NotSent),
    ("200 empty", answer(200), OutcomeUnknown, NotSent),
    ("200 with HTML", answer(200, HTML), OutcomeUnknown, NotSent),
    ("200 too deep", answer(200, "[" * 100_000), OutcomeUnknown, NotSent),
]


@pytest.mark.parametrize("case", FAILURES, ids=[c[0] for c in FAILURES])
def test_error_in__failure_has_one_leaf(case):
    _, reply, on_create, on_read = case

    assert type(error_in(CREATE_CUSTOMER, reply)) is on_create
    assert type(error_in(CREATE_OPPORTUNITY, reply)) is on_create
    assert type(error_in(FIND_CUSTOMERS, reply)) is on_read
    assert type(error_in(REPLACE_OPPORTUNITY, reply)) is (OutcomeUnknown if on_create is OutcomeUnknown else on_read)


@pytest.mark.parametrize(
    "body", [made(Value=None), made(Value={}), made(Value={"Id": 0.5}), {"Id": 7}, [7], "7", "null"]
)
def test_error_in__create_without_an_id_is_unknown(body):
    error = error_in(CREATE_OPPORTUNITY, answer(200, body))

    assert isinstance(error, OutcomeUnknown)
    assert not error.generic


@pytest.mark.parametrize(
    ("reply", "generic"),
    [
        (answer(500, OOOPS), True),
        (answer(400, OOOPS), True),
        (answer(500, UNHANDLED), True),
        (answer(400), True),
        (answer(502, HTML), False),
        (answer(200), False),
    ],
)
def test_error_in__generic_tells_the_crms_own_failure_from_a_lost_answer(reply, generic):
    error = error_in(CREATE_OPPORTUNITY, reply)

    assert isinstance(error, OutcomeUnknown)
    assert error.generic is generic
    assert error.status == reply.status


WAITS = [
    (answer(429, retry_after="7"), 7.25),
    (answer(429, "Wait 2.5 seconds", retry_after="0"), 0.25),
    (answer(429, {"Message": "Too many. Wait 2.5 seconds."}), 2.75),
    (answer(429, HTML), 1.25),
    (answer(409), 1.25),
    (answer(429, retry_after="soon"), 1.25),
    (answer(429, retry_after="99999999"), 86400.0),
    (answer(429, retry_after=f"Sun, 01 Mar {'9' * 20} 12:00:30 GMT"), 1.25),
    (answer(429, retry_after="Sun, 01 Mar 2026 12:00:30 GMT"), 30.25),
    (answer(429, retry_after="Sun, 01 Mar 2026 12:00:30 GMT", date=NOW + timedelta(seconds=20)), 10.25),
    (answer(429, retry_after="Sun, 01 Mar 2026 11:00:00 GMT"), 0.25),
]


@pytest.mark.parametrize(("reply", "seconds"), WAITS)
def test_error_in__throttle_says_how_long(reply, seconds):
    error = error_in(CREATE_CUSTOMER, reply)

    assert isinstance(error, Throttled)
    assert error.delay_seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("reply", "quota"),
    [
        (answer(401, {"Message": "Access Denied"}), True),
        (answer(401, '"access denied"'), True),
        (answer(401, {"Message": "Authorization has been denied"}), False),
        (answer(401), False),
        (answer(403, HTML), False),
    ],
)
def test_error_in__access_denied_knows_a_quota(reply, quota):
    error = error_in(CREATE_CUSTOMER, reply)

    assert isinstance(error, AccessDenied)
    assert error.quota is quota


FULL = [
    (answer(400, {"Message": "You cannot have more than 5000 opportunities in this location."}), True),
    (answer(400, complaint(("Business", "has reached the limit of opportunities"))), True),
    (answer(500, complaint(("CrmBoardColumn", "maximum number of opportunities is 5,000"))), True),
    (answer(200, made(WasSuccessful=False, Value=None, Message="Opportunity quota exceeded")), True),
    (answer(400, complaint(("CrmBoardColumn", "holds 5,000 already"))), True),
    (answer(400, complaint(("Notes", "must be a maximum of 5000 characters long"))), False),
    (answer(400, complaint(("Value", "must not exceed 15000"))), False),
    (answer(400, complaint(("CrmOpportunity", "is a required field"))), False),
]


@pytest.mark.parametrize(("reply", "full"), FULL)
def test_error_in__full_is_a_bound_on_opportunities(reply, full):
    error = error_in(CREATE_OPPORTUNITY, reply)

    assert isinstance(error, Full) is full
    assert not isinstance(error_in(CREATE_CUSTOMER, reply), Full)


def test_error_in__refusal_keeps_every_field_and_message():
    body = complaint(("Country", "may not be null"), ("SimpleTimeZone", "may not be null or empty"), status=500)

    error = error_in(CREATE_CUSTOMER, answer(400, body))

    assert isinstance(error, Refused)
    assert error.faults == [("Country", "may not be null"), ("SimpleTimeZone", "may not be null or empty")]
    assert error.names("CountryId")
    assert error.names("Country")
    assert not error.names("Email")


SECRETS = ["ann@customer.co.uk", "+44 7700 900123", "Ann Example"]


@pytest.mark.parametrize("said", [f"{{}} says {s}, is wrong\nreally <b>wrong</b>" for s in SECRETS])
def test_error_in__refusal_never_repeats_what_was_sent(said):
    errors = [{"PropertyName": "Email", "Message": said, "AttemptedValue": SECRETS[1]}]
    body = {"Message": f"Email: {said}", "Errors": errors, "WasSuccessful": False}

    error = error_in(CREATE_CUSTOMER, answer(400, body), sent=["ann example"])

    assert isinstance(error, Refused)
    assert error.faults[0][0] == "Email"
    assert "\n" not in str(error)
    assert "<b>" not in str(error)
    assert not any(secret.lower() in str(error).lower() for secret in SECRETS)


def test_error_in__refusal_is_short_and_drops_quoted_text():
    body = complaint(("Notes", "'Dear all, I live at" + " here" * 99 + "' can't be read, and isn't short" + "x" * 300))

    error = error_in(CREATE_CUSTOMER, answer(400, body))

    assert isinstance(error, Refused)
    assert "Dear all" not in str(error)
    assert "can't be read" in error.faults[0][1]
    assert len(error.faults[0][1]) == 200


def test_error_in__odd_property_names_are_not_kept():
    body = complaint(("ann@customer.co.uk", "is wrong"))

    error = error_in(CREATE_CUSTOMER, answer(400, body))

    assert isinstance(error, Refused)
    assert error.faults == [("record", "is wrong")]


GRANTS = [
    (answer(400, {"error": "invalid_grant"}), SignInRefused),
    (answer(401, {"error": "invalid_grant", "error_description": "The user name is wrong"}), SignInRefused),
    (answer(401), SignInRefused),
    (answer(400, {"error": "unsupported_grant_type"}), SignInRefused),
    (answer(400, {"error": "invalid_client"}), SignInRefused),
    (answer(403, {"error": "unauthorized_client"}), SignInRefused),
    (answer(403, {"Message": "This login may not use the API."}), SignInRefused),
    (answer(401, {"error": ["server_error"]}), SignInRefused),
    (answer(400, '"locked"'), SignInRefused),
    (answer(400), SignInRefused),
    *((answer(status, {"error": "server_error"}), NotSent) for status in (400, 401, 403, 500)),
    *((answer(status, {"error": "temporarily_unavailable"}), NotSent) for status in (400, 401, 403, 503)),
    *((answer(status, HTML), NotSent) for status in (400, 401, 403)),
    (answer(403, "error code: 1020"), NotSent),
    (answer(403), NotSent),
    (answer(400, OOOPS), NotSent),
    (answer(500, UNHANDLED), NotSent),
    (answer(503, HTML), NotSent),
    (answer(404, HTML), NotSent),
    (answer(405), NotSent),
    (answer(302), NotSent),
    (answer(200, HTML), NotSent),
    (answer(200, {"access_token": ""}), NotSent),
    (answer(409), Throttled),
    (answer(429, retry_after="3"), Throttled),
]


@pytest.mark.parametrize(("reply", "leaf"), GRANTS)
@pytest.mark.parametrize("call", [SIGN_IN, RENEW_TOKEN])
def test_error_in__grant(call, reply, leaf):
    error = error_in(call, reply)

    assert type(error) is leaf
    assert "user name" not in str(error)
    assert getattr(error, "unreachable", True), "what is tried again counts for the breaker"


def test_error_without_answer__a_create_is_only_safe_when_it_was_never_sent():
    assert type(error_without_answer(CREATE_OPPORTUNITY, "ConnectTimeoutError", never_sent=True)) is NotSent

    error = error_without_answer(CREATE_OPPORTUNITY, "RemoteDisconnected")

    assert type(error) is OutcomeUnknown
    assert not error.generic
    assert "RemoteDisconnected" in str(error)


def test_error_without_answer__what_may_be_repeated_was_not_sent():
    assert type(error_without_answer(FIND_CUSTOMERS, "TimeoutError")) is NotSent
    assert type(error_without_answer(SIGN_IN, "TimeoutError")) is NotSent
    assert type(error_without_answer(REPLACE_OPPORTUNITY, "TimeoutError")) is OutcomeUnknown  # it may be done late
