"""Bodies of builders that no table describes: the shapes that products and people invent."""

import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from leadcapture.domain.submission import Reading, Submission
from leadcapture.intake.read import read_submission

ALEX = {"full_name": "Alex Sample", "email": "alex@example.com"}
HALVES = {"first_name": "Alex", "last_name": "Sample", "email": "alex@example.com"}
BODIES = {
    "envelope": (
        {
            "event": "form.submitted",
            "id": "s1",
            "form": {"id": "f1", "name": "Tour"},
            "data": {"name": "Alex Sample", "email": "alex@example.com"},
        },
        ALEX | {"submission_id": "s1", "form_name": "Tour"},
    ),
    "the form's name beside the answers": (
        {"name": "Contact us", "submission": {"Your name": "Alex Sample", "Mail": "alex@example.com"}},
        ALEX | {"form_name": "Contact us"},
    ),
    "a list of pairs": ({"answers": [["Name", "Alex Sample"], ["Email", "alex@example.com"]]}, ALEX),
    "q and a": (
        {"responses": [{"q": "What is your name?", "a": "Alex Sample"}, {"q": "Email?", "a": "alex@example.com"}]},
        ALEX,
    ),
    "labels apart": (
        {"labels": {"f1": "Your name", "f2": "Email"}, "data": {"f1": "Alex Sample", "f2": "alex@example.com"}},
        ALEX,
    ),
    "questions apart": (
        {
            "fields": [{"id": "a", "label": "Name"}, {"id": "b", "label": "Email"}, {"id": "c", "label": "Company"}],
            "values": {"a": "Alex Sample", "b": "alex@example.com", "c": "Acme"},
        },
        ALEX | {"company": "Acme"},
    ),
    "the question within the answer": (
        {
            "answers": [
                {"field": {"id": "1", "title": "Full name"}, "value": "Alex Sample"},
                {"field": {"id": "2", "title": "E-mail", "type": "email"}, "value": "alex@example.com"},
            ]
        },
        ALEX,
    ),
    "answers of objects": (
        {
            "id": "x1",
            "fields": [
                {"variable": "name", "label": "Name", "values": [{"answer": "Alex Sample"}]},
                {"variable": "email", "label": "E-mail", "values": [{"answer": "alex@example.com"}]},
            ],
        },
        ALEX | {"submission_id": "x1"},
    ),
    "lists for values": ({"namedValues": {"Full name": ["Alex Sample"], "Email": ["alex@example.com"]}}, ALEX),
    "a customer in a funnel": (
        {
            "customer": {"email": "alex@example.com", "fields": {"first_name": "Alex", "surname": "Sample"}},
            "funnel_step": {"name": "Opt-in"},
            "source_url": "https://www.example.com/?utm_source=x",
        },
        HALVES | {"page_url": "https://www.example.com/?utm_source=x"},
    ),
    "a booking": (
        {
            "event": "invitee.created",
            "payload": {
                "name": "Alex Sample",
                "email": "alex@example.com",
                "tracking": {"utm_source": "google", "utm_medium": None},
                "scheduled_event": {"name": "Tour", "event_memberships": [{"user_email": "host@example.com"}]},
                "questions_and_answers": [{"question": "Company", "answer": "Acme"}],
            },
        },
        ALEX | {"company": "Acme", "utm_source": "google"},
    ),
    "the host first": (
        {
            "payload": {
                "organizer": {"name": "Host", "email": "host@example.com"},
                "responses": {"name": {"value": "Alex Sample"}, "email": {"value": "alex@example.com"}},
            }
        },
        ALEX,
    ),
    "an agent beside the visitor": (
        {
            "agent": {"name": "Agent", "email": "agent@example.com"},
            "customer": {"name": "Alex Sample", "email": "alex@example.com"},
        },
        ALEX,
    ),
    "a company object": (
        {"firstName": "Alex", "lastName": "Sample", "email": "alex@example.com", "company": {"name": "Acme"}},
        HALVES | {"company": "Acme"},
    ),
    "nested campaign": (
        {
            "name": "Alex Sample",
            "email": "alex@example.com",
            "utm": {"source": "g", "medium": ""},
            "meta": {"url": "https://www.example.com/a"},
        },
        ALEX | {"utm_source": "g", "page_url": "https://www.example.com/a"},
    ),
    "JSON in a form": ({"payload": json.dumps({"name": "Alex Sample", "email": "alex@example.com"})}, ALEX),
    "no labels at all": (
        {"r1": "Alex Sample", "r2": "alex@example.com", "r3": "020 7946 0123"},
        {"email": "alex@example.com", "phone": "020 7946 0123"},
    ),
}


def _read(body: object, content_type: str = "application/json") -> list[Reading]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    submission = Submission(content_type, raw, {}, (), None, datetime(2026, 1, 1, tzinfo=UTC))
    return read_submission(submission, "auto", {})


def _value(reading: Reading, name: str) -> str | None:
    if name in reading.contact:
        return reading.contact[name].value
    return reading.tracking.get(name) or getattr(reading, name, None)


@pytest.mark.parametrize("name", BODIES)
def test_unknown_body__is_read(name: str) -> None:
    body, expected = BODIES[name]

    readings = _read(body)

    assert len(readings) == 1
    assert {key: _value(readings[0], key) for key in expected} == expected
    assert readings[0].problem is None


def test_unknown_body__brackets_of_a_newsletter() -> None:
    pairs = {"type": "subscribe", "data[merges][EMAIL]": "alex@example.com", "data[merges][FNAME]": "Alex"}

    reading = _read(urlencode(pairs).encode(), "application/x-www-form-urlencoded")[0]

    assert _value(reading, "first_name") == "Alex"
    assert _value(reading, "email") == "alex@example.com"


def test_batch__is_one_reading_for_each_person() -> None:
    people = [{"name": "Alex", "email": "a@example.com"}, {"name": "Robin", "email": "r@example.com"}]

    for body in (people, {"leads": people}):
        assert [_value(reading, "email") for reading in _read(body)] == ["a@example.com", "r@example.com"]


def test_answers__that_differ_by_a_number_are_all_kept() -> None:
    reading = _read({"email": "a@example.com", "Guest 1": "vegan", "Guest 2": "vegan", "q1": "yes", "q2": "yes"})[0]

    assert len(reading.answers) == 5


def test_sender__without_an_address_is_kept_with_the_reason() -> None:
    reading = _read({"Name": "Alex", "Phone": "020 7946 0123"})[0]

    assert "no e-mail address was found" in (reading.problem or "")
    assert _value(reading, "phone") == "020 7946 0123"


def test_notices__of_ids_only_say_why_nothing_can_come_of_them() -> None:
    meta = {"object": "page", "entry": [{"changes": [{"value": {"leadgen_id": number}} for number in (1, 2)]}]}
    readings = _read(meta)

    assert [reading.submission_id for reading in readings] == ["1", "2"]
    assert all("ids only" in (reading.problem or "") for reading in readings)


def test_linkedin__a_deleted_lead_is_to_be_erased() -> None:
    reading = _read({"leadGenFormResponse": "urn:li:1", "leadGenForm": "urn:li:2", "leadAction": "DELETED"})[0]

    assert reading.erase
    assert reading.submission_id == "urn:li:1"


def test_honeypot__is_kept_with_the_suspicion() -> None:
    reading = _read({"name": "Bot", "email": "bot@example.com", "_gotcha": "https://spam.example"})[0]

    assert "spam" in (reading.problem or "")


@pytest.mark.parametrize("builder", ["hubspot", "gohighlevel", "clickfunnels"])
def test_builder__that_sends_a_person_again_says_so(builder: str) -> None:
    body = json.dumps({"email": "a@example.com", "first_name": "Alex"}).encode()
    submission = Submission("application/json", body, {}, (), None, datetime(2026, 1, 1, tzinfo=UTC))

    assert read_submission(submission, builder, {})[0].same_person_again
