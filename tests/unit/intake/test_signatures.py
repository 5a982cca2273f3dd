"""Every signature vector of the payloads, good, tampered, late, early, replayed elsewhere and missing."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from leadcapture.domain.submission import Submission
from leadcapture.errors import BadSignature
from leadcapture.intake.signatures import verify
from tests.payload_score import cases

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Signed:
    """A signed call: when it was sent, with which secret."""

    name: str
    builder: str
    submission: Submission
    secret: str
    sent_at: datetime
    stamped: bool


def _vectors() -> list[Signed]:
    found = []
    for case in cases():
        signature = case.meta.get("signature") or {}
        for kind in ("test_vector", "external_vector"):
            vector = signature.get(kind)
            if vector and case.meta["kind"] != "handshake":
                headers = {name.lower(): text for name, text in (vector.get("headers") or {}).items()}
                stamp = next((text for name, text in headers.items() if "timestamp" in name), "")
                stamp = stamp or next(iter(re.findall(r"t=(\d+)", " ".join(headers.values()))), "")
                submission = replace(case.submission, headers={**case.submission.headers, **headers})
                secret = vector.get("secret") or vector["google_key"]
                sent_at = _moment(stamp) if stamp else NOON
                found.append(
                    Signed(f"{case.name}-{kind}", case.meta["builder"], submission, secret, sent_at, bool(stamp))
                )
    return found


def _moment(stamp: str) -> datetime:
    return datetime.fromtimestamp(int(stamp) / (1000 if len(stamp) > 11 else 1), UTC)


VECTORS = _vectors()
STAMPED = [vector for vector in VECTORS if vector.stamped]
IN_HEADER = [vector for vector in VECTORS if vector.builder != "google-ads-lead-form"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
@pytest.mark.parametrize("auto", [False, True], ids=["named", "auto"])
def test_vector__holds(vector: Signed, auto: bool) -> None:
    verify(vector.submission, "auto" if auto else vector.builder, vector.secret, vector.sent_at)


@pytest.mark.parametrize("vector", IN_HEADER, ids=lambda vector: vector.name)
def test_vector__tampered_body_is_refused(vector: Signed) -> None:
    tampered = replace(vector.submission, body=vector.submission.body.replace(b"e", b"E", 1))

    with pytest.raises(BadSignature):
        verify(tampered, vector.builder, vector.secret, vector.sent_at)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
@pytest.mark.parametrize("secret", ["another", "", "x" * 300])
def test_vector__wrong_secret_is_refused(vector: Signed, secret: str) -> None:
    with pytest.raises(BadSignature):
        verify(vector.submission, vector.builder, secret, vector.sent_at)


@pytest.mark.parametrize("vector", IN_HEADER, ids=lambda vector: vector.name)
@pytest.mark.parametrize("builder", ["named", "auto"])
def test_vector__missing_is_refused(vector: Signed, builder: str) -> None:
    unsigned = replace(vector.submission, headers={})

    with pytest.raises(BadSignature):
        verify(unsigned, vector.builder if builder == "named" else "auto", vector.secret, vector.sent_at)


@pytest.mark.parametrize("vector", STAMPED, ids=lambda vector: vector.name)
@pytest.mark.parametrize("seconds", [-601, 601, 86400])
def test_vector__late_or_early_is_refused(vector: Signed, seconds: int) -> None:
    with pytest.raises(BadSignature):
        verify(vector.submission, vector.builder, vector.secret, vector.sent_at + timedelta(seconds=seconds))


@pytest.mark.parametrize("vector", STAMPED, ids=lambda vector: vector.name)
def test_vector__a_newer_stamp_does_not_renew_it(vector: Signed) -> None:
    """Replayed with the stamp changed: the stamp is part of what is signed."""
    later = vector.sent_at + timedelta(days=1)
    headers = {name: _restamped(name, text, later) for name, text in vector.submission.headers.items()}

    with pytest.raises(BadSignature):
        verify(replace(vector.submission, headers=headers), vector.builder, vector.secret, later)


def _restamped(name: str, text: str, moment: datetime) -> str:
    seconds = int(moment.timestamp())
    if "timestamp" in name:
        return str(seconds * 1000) if len(text) > 11 else str(seconds)
    return re.sub(r"t=\d+", f"t={seconds}", text)


@pytest.mark.parametrize("vector", [v for v in STAMPED if v.builder != "clickfunnels-2"], ids=lambda v: v.name)
def test_vector__four_minutes_are_in_time(vector: Signed) -> None:
    verify(vector.submission, vector.builder, vector.secret, vector.sent_at + timedelta(minutes=4))


def test_framer__id_is_part_of_what_is_signed() -> None:
    vector = next(vector for vector in VECTORS if vector.builder == "framer")
    headers = {**vector.submission.headers, "framer-webhook-submission-id": "another"}

    with pytest.raises(BadSignature):
        verify(replace(vector.submission, headers=headers), "framer", vector.secret, NOON)


def test_duda__documented_vector_holds_with_the_plain_reading_of_the_key() -> None:
    moment = datetime.fromtimestamp(1570350275.357, UTC)
    headers = {
        "x-duda-signature-timestamp": "1570350275357",
        "x-duda-signature": "+DCfT1wIMUiaZnlZB4u59/d5wkXKA89lv67Ov66vnyc=",
    }
    submission = Submission("application/json", b"{'key1':'world','key2':'world'}", headers, (), None, moment)

    verify(submission, "duda", "mysecretsecret", moment)


def test_formbricks__one_good_signature_among_several_is_enough() -> None:
    vector = next(vector for vector in VECTORS if vector.builder == "formbricks")
    good = vector.submission.headers["webhook-signature"]
    headers = {**vector.submission.headers, "webhook-signature": f"v1,AAAA v2,{good[3:]} {good}"}

    verify(replace(vector.submission, headers=headers), "formbricks", vector.secret, vector.sent_at)


def _post(body: bytes, headers: dict[str, str], content_type: str = "application/json") -> Submission:
    return Submission(content_type, body, headers, (), None, NOON)


def _hex(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def test_wpforms__form_mode_is_signed_as_php_wrote_it() -> None:
    body = urlencode({"name": "Zoë", "list[a]": "x/y", "list[b]": "1", "ids[]": "7"}).encode()
    stamp = str(int(NOON.timestamp()))
    written = r'{"name":"Zo\u00eb","list":{"a":"x\/y","b":"1"},"ids":["7"]}'
    headers = {"x-wpforms-webhook-signature": f"t={stamp},v={_hex('s', f'{stamp}.{written}'.encode())}"}

    verify(_post(body, headers, "application/x-www-form-urlencoded"), "wpforms", "s", NOON)


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_hubspot__each_version_holds(version: str) -> None:
    url, body, stamp = (
        "https://example.com/hooks/tour/hubspot?key=a%20b",
        b'{"vid": 1}',
        str(int(NOON.timestamp() * 1000)),
    )
    v3 = hmac.new(b"s", b"POST" + url.replace("%20", " ").encode() + body + stamp.encode(), hashlib.sha256).digest()
    headers = {
        "v1": {"x-hubspot-signature": hashlib.sha256(b"s" + body).hexdigest()},
        "v2": {"x-hubspot-signature": hashlib.sha256(b"sPOST" + url.encode() + body).hexdigest()},
        "v3": {"x-hubspot-signature-v3": _base64(v3), "x-hubspot-request-timestamp": stamp},
    }[version]

    verify(_post(body, headers), "hubspot", "s", NOON, url=url.replace("https:", "http:"))
    with pytest.raises(BadSignature):
        verify(_post(body + b" ", headers), "hubspot", "s", NOON, url=url)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize("header", ["x-signature", "x-hub-signature-256", "x-webhook-signature"])
@pytest.mark.parametrize("prefix", ["", "sha256="])
@pytest.mark.parametrize("builder", ["wix", "generic", "zapier", "auto"])
def test_builder_without_scheme__plain_signature_holds(header: str, prefix: str, builder: str) -> None:
    body = b'{"email": "a@example.com"}'

    verify(_post(body, {header: prefix + _hex("s", body)}), builder, "s", NOON)


def test_builder_without_scheme__unsigned_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(_post(b"{}", {}), "wix", "s", NOON)


def test_builder_with_scheme__plain_signature_is_no_way_around_it() -> None:
    body = b"{}"

    with pytest.raises(BadSignature):
        verify(_post(body, {"x-signature": _hex("s", body)}), "webflow", "s", NOON)


@pytest.mark.parametrize("token", ["", "a.b.c", "e30.e30.e30", "..", "eyJhbGciOiJub25lIn0.eyJpc3MiOiJuZXRsaWZ5In0."])
def test_netlify__no_other_token_is_taken(token: str) -> None:
    with pytest.raises(BadSignature):
        verify(_post(b"{}", {"x-webhook-signature": token}), "netlify", "s", NOON)


@pytest.mark.parametrize("builder", ["wufoo", "formstack"])
def test_key_in_body__is_compared(builder: str) -> None:
    post = _post(b"Field1=a&HandshakeKey=s", {}, "application/x-www-form-urlencoded")

    verify(post, builder, "s", NOON)
    with pytest.raises(BadSignature):
        verify(post, builder, "other", NOON)


@pytest.mark.parametrize("stamp", ["", "-1", "1e9", "nan", "9" * 40, "１７４１０７９７００"])
def test_stamp__strange_ones_are_refused(stamp: str) -> None:
    headers = {"x-webflow-timestamp": stamp, "x-webflow-signature": _hex("s", f"{stamp}:{{}}".encode())}

    with pytest.raises(BadSignature):
        verify(_post(b"{}", headers), "webflow", "s", NOON)
