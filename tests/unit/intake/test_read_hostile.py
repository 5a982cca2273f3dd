"""Whatever is sent, decoding raises our errors alone, and reading raises nothing."""

import contextlib
import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadcapture.domain.submission import Submission
from leadcapture.errors import SubmissionRejected
from leadcapture.intake.builders import BUILDERS, detect
from leadcapture.intake.decode import decode
from leadcapture.intake.read import read_submission
from tests.payload_score import cases

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/json; charset=nonsense",
    "image/png",
)
NAMES = sorted(BUILDERS)
_NAMED = """
    data fields payload form_response answers definition rawRequest properties contact leads entry changes value label
    name email type options user_column_data field_data submission questions FieldStructure data.json lead form meta id
    event choices subfield utm
    """
WORDS = tuple(_NAMED.split())
KEYS = st.sampled_from(WORDS) | st.text(max_size=12)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40)
LEAVES |= st.sampled_from(["a@example.com", "+44 20 7946 0123", "Alex", "[object]", '{"a": [1]}', "N/A", "||", "= ="])
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25
)


def _post(body: bytes, content_type: str = "application/json", headers: dict[str, str] | None = None) -> Submission:
    return Submission(content_type, body, headers or {}, (), None, NOON)


@given(st.binary(max_size=400), st.sampled_from(TYPES))
@settings(max_examples=150)
def test_decode__raises_only_our_errors(body: bytes, content_type: str) -> None:
    with contextlib.suppress(SubmissionRejected):
        decode(content_type, body)


@given(st.binary(max_size=400), st.sampled_from(TYPES), st.sampled_from(["auto", *NAMES]))
@settings(max_examples=150)
def test_read__never_raises_over_bytes(body: bytes, content_type: str, builder: str) -> None:
    readings = read_submission(_post(body, content_type), builder, {})

    assert readings


@given(TREES, st.sampled_from(["auto", *NAMES]))
@settings(max_examples=400)
def test_read__never_raises_over_trees(tree: object, builder: str) -> None:
    readings = read_submission(_post(json.dumps(tree).encode()), builder, {})

    assert readings
    json.dumps([reading.payload for reading in readings])


@given(st.lists(st.tuples(KEYS | st.just("fields[a][value]") | st.just("a[][b]"), st.text(max_size=30)), max_size=12))
@settings(max_examples=150)
def test_read__never_raises_over_forms(pairs: list[tuple[str, str]]) -> None:
    body = urlencode(pairs, errors="replace").encode()

    assert read_submission(_post(body, "application/x-www-form-urlencoded"), "auto", {})


@given(st.data())
@settings(max_examples=200)
def test_read__never_raises_over_damaged_payloads(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases_once()))
    tree = _damaged(data, _tree(case.submission), 0)

    assert read_submission(_post(json.dumps(tree).encode()), case.meta["builder"], {"email": "email"})


_CASES: list = []


def cases_once() -> list:
    """The cases, read from disk once."""
    if not _CASES:
        _CASES.extend(case for case in cases() if case.meta["kind"] != "handshake")
    return _CASES


def _tree(submission: Submission) -> object:
    return decode(submission.content_type, submission.body, xml=True).tree


def _damaged(data: st.DataObject, node: object, depth: int) -> object:
    """Put something else in a few places of a real body."""
    if depth and data.draw(st.integers(0, 7)) == 0:
        return data.draw(TREES)
    if isinstance(node, dict):
        return {key: _damaged(data, value, depth + 1) if depth < 4 else value for key, value in node.items()}
    if isinstance(node, list):
        return [_damaged(data, value, depth + 1) if depth < 4 else value for value in node[:6]]
    return node


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"[" * 100_000, "application/json"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "application/json"),
        (b"a" + b"[b]" * 5_000 + b"=1", "application/x-www-form-urlencoded"),
        (b"&".join(b"k%d=1" % number for number in range(5_000)), "application/x-www-form-urlencoded"),
        (json.dumps({str(number): "x" for number in range(5_000)}).encode(), "application/json"),
        (b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"y" * 1000, "multipart/form-data; boundary=x"),
        (b'{"data.json": "' + b"[" * 1000 + b'"}', "application/json"),
        (b"\xff\xfe" * 100, "application/json"),
        (b"<xml/>", "application/xml"),
        (b"", "application/json"),
    ],
)
def test_read__what_cannot_be_read_says_so(body: bytes, content_type: str) -> None:
    readings = read_submission(_post(body, content_type), "auto", {})

    assert len(readings) == 1
    assert readings[0].problem


def test_read__an_undecodable_body_has_no_payload() -> None:
    reading = read_submission(_post(b"{broken"), "webflow", {})[0]

    assert reading.payload is None
    assert "could not be read" in (reading.problem or "")


def test_read__limits_are_the_callers() -> None:
    body = json.dumps({"email": "a@example.com", "x": {"y": {"z": "1"}}}).encode()

    assert read_submission(_post(body), "auto", {}, max_depth=2)[0].problem
    assert read_submission(_post(body), "auto", {}, max_fields=1)[0].problem
    assert read_submission(_post(body), "auto", {})[0].problem is None


@given(TREES)
@settings(max_examples=100)
def test_detect__never_raises(tree: object) -> None:
    assert detect({}, tree) in BUILDERS


def test_read__many_fields_are_quick() -> None:
    body = json.dumps({f"Question {number} of this long form": "answer " * 20 for number in range(900)}).encode()

    assert len(read_submission(_post(body), "auto", {})[0].answers) == 900
