"""Every body under tests/payloads is read as its meta file says: adding a case is adding a file."""

import json
from urllib.parse import parse_qsl

import pytest

from leadcapture.intake.builders import BUILDERS, detect
from leadcapture.intake.decode import decode
from leadcapture.intake.handshakes import answer_get
from leadcapture.intake.read import read_submission
from tests.payload_score import HELD, cases, faults, scores

CASES = cases()
POSTS = [case for case in CASES if case.meta["kind"] in ("submission", "notification")]
HANDSHAKES = [case for case in CASES if case.meta.get("query") and case.meta["kind"] == "handshake"]
SECRETS = ("TEST_HANDSHAKE", "TEST_GOOGLE_KEY", "Bearer secret", "0a1b2c3d4e", "tildauid", "-0000000000ff")


@pytest.mark.parametrize("case", POSTS, ids=lambda case: case.name)
def test_payload__is_read_by_its_builder(case):
    _, wrong = faults(case)

    assert wrong == []


@pytest.mark.parametrize("case", POSTS, ids=lambda case: case.name)
def test_payload__is_read_the_same_when_the_builder_is_not_named(case):
    _, wrong = faults(case, "auto")

    assert wrong == []


@pytest.mark.parametrize("case", POSTS, ids=lambda case: case.name)
def test_payload__leaves_no_secret(case):
    readings = read_submission(case.submission, case.meta["builder"], {})

    for reading in readings:
        kept = repr((reading.answers, reading.payload, reading.tracking, reading.contact))
        assert not [secret for secret in SECRETS if secret in kept]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_payload__belongs_to_a_builder_that_routes_know(case):
    assert case.meta["builder"] in BUILDERS


def test_payload__scores_are_not_below_what_is_held():
    held = json.loads(HELD.read_text())

    table, _ = scores()

    assert [name for name in held if table.get(name, (0, 0))[0] < held[name]] == []


def test_payload__several_leads_of_one_notice_are_apart():
    case = next(case for case in CASES if case.name == "meta-lead-ads")

    readings = read_submission(case.submission, "meta-lead-ads", {})

    assert [reading.submission_id for reading in readings] == ["123123123123", "123123123124"]
    assert all("ids only" in (reading.problem or "") for reading in readings)


@pytest.mark.parametrize("name", ["tilda-test", "google-ads-test", "typeform-partial", "formbricks-created"])
def test_payload__a_trial_is_no_lead(name):
    case = next(case for case in CASES if case.name == name)

    (reading,) = read_submission(case.submission, case.meta["builder"], {})

    assert reading.is_test
    assert reading.problem is None


@pytest.mark.parametrize("case", HANDSHAKES, ids=lambda case: case.name)
def test_payload__a_handshake_is_answered(case):
    expected = case.meta["expected_response"]
    vector = (case.meta.get("signature") or {}).get("test_vector") or {}

    answer = answer_get(
        case.meta["builder"], dict(parse_qsl(case.meta["query"])), "TEST_VERIFY_TOKEN", vector.get("secret")
    )

    assert answer is not None
    assert answer.status == expected["status"]
    assert answer.content_type.startswith(expected["content_type"])
    body = json.loads(answer.body) if isinstance(expected["body"], dict) else answer.body
    assert body == expected["body"]


@pytest.mark.parametrize(
    ("headers", "body", "builder"),
    [
        ({"tally-signature": "x"}, b"{}", "tally"),
        ({"framer-webhook-submission-id": "x"}, b'{"Name":"A"}', "framer"),
        ({"user-agent": "wpforms-webhooks/1.4.0"}, b"a=b", "wpforms"),
        ({"x-webhook-signature": "sha256=x"}, b'{"form_title":"T","form_slug":"t","submission":{}}', "opnform"),
        ({"x-webhook-signature": "a.b.c"}, b'{"human_fields":{},"ordered_human_fields":[]}', "netlify"),
        ({}, b'{"form_response":{"answers":[]}}', "typeform"),
        (
            {},
            b'{"object":"page","entry":[{"changes":[{"field":"leadgen","value":{"leadgen_id":1}}]}]}',
            "meta-lead-ads",
        ),
        ({}, b'{"hello":"world"}', "generic"),
    ],
)
def test_detect__by_header_then_by_body(headers, body, builder):
    tree = decode("", body).tree

    assert detect(headers, tree) == builder
