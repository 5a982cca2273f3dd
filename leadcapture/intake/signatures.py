"""The proof that a builder sent it: over the raw bytes, in constant time, and not older than a few minutes."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from leadcapture.domain.submission import Submission
from leadcapture.errors import BadSignature, SubmissionRejected
from leadcapture.intake.builders import detect
from leadcapture.intake.builders.names import ALIASES, PLAIN
from leadcapture.intake.decode import decode
from leadcapture.intake.php_json import php_json
from leadcapture.intake.signature_schemes import KEY_FIELDS, PLAIN_SCHEMES, SCHEMES, Scheme

_METHOD = b"POST"
_LONGEST_HEADER = 4096
_MOST_SIGNATURES = 10


def verify(submission: Submission, builder: str, secret: str, now: datetime, *, url: str = "") -> None:
    """Raise BadSignature unless the call is signed with `secret` as `builder` signs, and was sent around `now`.

    `builder` "auto" is the one that headers and body give away. `url` is the address that was called, which HubSpot
    signs as well. A builder without a scheme may send the hex HMAC-SHA256 of the body in X-Signature.
    """
    if not secret:
        raise BadSignature("this endpoint has no secret to check with")
    name = ALIASES.get(builder, builder)
    if name == "auto":
        name = detect(submission.headers, _tree(submission))
    if not _holds(_Call(submission, secret, now, url), name):
        raise BadSignature("the signature is missing, wrong or too old")


def signs(builder: str) -> bool:
    """Say whether a builder can sign its calls: by a scheme of its own, or because somebody writes its headers."""
    name = ALIASES.get(builder, builder)
    return name in {"auto", "netlify", *SCHEMES, *KEY_FIELDS, *PLAIN.split()}


def _holds(call: "_Call", name: str) -> bool:
    if name == "netlify":
        return call.is_netlifys()
    if name in SCHEMES or name in KEY_FIELDS:
        signed = any(call.holds(scheme) for scheme in SCHEMES.get(name, ()))
        return signed or call.carries_key(KEY_FIELDS.get(name, ()))
    return any(call.holds(scheme) for scheme in PLAIN_SCHEMES)


def _tree(submission: Submission) -> Any:
    try:
        return decode(submission.content_type, submission.body).tree
    except SubmissionRejected:
        return {}


class _Call:
    """One call, to be held against schemes."""

    def __init__(self, submission: Submission, secret: str, now: datetime, url: str) -> None:
        self._submission = submission
        self._headers = submission.headers
        self._secret = secret
        self._now = now
        self._url = url

    def holds(self, scheme: Scheme) -> bool:
        """Say whether the call is signed by this scheme."""
        header = self._headers.get(scheme.header, "").strip()[:_LONGEST_HEADER]
        given, stamp = self._given(scheme, header)
        stamped = bool(scheme.stamp_part or scheme.stamp_header)
        if not header or (stamped and not _is_fresh(stamp, scheme, self._now)):
            return False
        keys = list(_keys(scheme, self._secret))
        proofs = [_proof(scheme, key, text) for text in self._texts(scheme, stamp) for key in keys]
        found = False
        for proof in proofs:
            for one in given[:_MOST_SIGNATURES]:
                found |= _same(_without_prefix(one.strip(), scheme), proof, scheme)
        return found

    def _given(self, scheme: Scheme, header: str) -> tuple[list[str], str]:
        """Return the proofs that were sent and the moment that was sent with them."""
        if scheme.proof_part:
            parts = _parts(header)
            return parts.get(scheme.proof_part, []), parts.get(scheme.stamp_part, [""])[0]
        given = header.split(" ") if scheme.several else [header]
        return given, self._headers.get(scheme.stamp_header, "") if scheme.stamp_header else ""

    def carries_key(self, names: tuple[str, ...]) -> bool:
        """Say whether the secret itself stands in the body under one of these names; it is dropped before storing."""
        tree = _tree(self._submission) if names else {}
        given = next((tree[name] for name in names if isinstance(tree, dict) and isinstance(tree.get(name), str)), "")
        return hmac.compare_digest(given.encode(), self._secret.encode())

    def is_netlifys(self) -> bool:
        """Say whether a JSON Web Signature (HS256 only) says that Netlify sent a body of this hash."""
        token = self._headers.get("x-webhook-signature", "")[:_LONGEST_HEADER]
        head, _, rest = token.partition(".")
        claims, _, proof = rest.partition(".")
        header, said = _jws_part(head), _jws_part(claims)
        if header.get("alg") != "HS256" or said.get("iss") != "netlify":
            return False
        digest = hmac.new(self._secret.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
        own = base64.urlsafe_b64encode(digest).rstrip(b"=")
        body_hash = hashlib.sha256(self._submission.body).hexdigest().encode()
        signed = hmac.compare_digest(proof.rstrip("=").encode(), own)
        return hmac.compare_digest(str(said.get("sha256", "")).encode("utf-8", "replace"), body_hash) and signed

    def _texts(self, scheme: Scheme, stamp: str) -> Iterator[bytes]:
        """What may have been signed: more than one text only where an address can be written in two ways."""
        sent_id = self._headers.get(scheme.id_header, "") if scheme.id_header else ""
        if scheme.id_header and not sent_id:
            return
        urls = _spellings(self._url) if "{url}" in scheme.signed else [""]
        for url in urls:
            fills = {"{body}": self._submission.body, "{stamp}": stamp.encode(), "{id}": sent_id.encode()}
            fills |= {"{method}": _METHOD, "{url}": url.encode()}
            if "{php_json}" in scheme.signed:
                fills["{php_json}"] = _as_php_wrote_it(self._submission)
            yield _filled(scheme.signed, fills)


def _filled(template: str, fills: Mapping[str, bytes]) -> bytes:
    """Put the parts in their places; what is in a part is never taken for a place."""
    text, rest = b"", template
    while rest:
        name = next((name for name in fills if rest.startswith(name)), "")
        text += fills[name] if name else rest[0].encode()
        rest = rest[len(name) or 1 :]
    return text


def _parts(header: str) -> dict[str, list[str]]:
    """`t=1741079700,v=abc` by its names."""
    found: dict[str, list[str]] = {}
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        found.setdefault(name, []).append(value)
    return found


def _is_fresh(stamp: str, scheme: Scheme, now: datetime) -> bool:
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 16:
        return False
    sent_seconds = int(stamp) / (1000 if scheme.milliseconds else 1)
    return abs(now.timestamp() - sent_seconds) <= scheme.tolerance_seconds


def _keys(scheme: Scheme, secret: str) -> Iterator[bytes]:
    for reading in scheme.keys:
        if reading == "text":
            yield secret.encode()
        elif (key := _from_base64(secret.removeprefix("whsec_"))) is not None:
            yield key
        elif reading == "whsec":
            yield secret.encode()


def _from_base64(text: str) -> bytes | None:
    padded = text.strip() + "=" * (-len(text.strip()) % 4)
    try:
        return base64.b64decode(padded.encode(), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _proof(scheme: Scheme, key: bytes, text: bytes) -> bytes:
    digest = hmac.new(key, text, hashlib.sha256) if scheme.keyed else hashlib.sha256(key + text)
    return digest.hexdigest().encode() if scheme.encoding == "hex" else base64.b64encode(digest.digest())


def _without_prefix(given: str, scheme: Scheme) -> str:
    if scheme.prefix and given.startswith(scheme.prefix):
        return given[len(scheme.prefix) :]
    return given if not scheme.prefix or scheme.prefix_optional else ""


def _same(given: str, proof: bytes, scheme: Scheme) -> bool:
    text = given.lower() if scheme.encoding == "hex" else given
    return hmac.compare_digest(text.encode(), proof)


def _spellings(url: str) -> list[str]:
    """HubSpot signs the address as configured, and some of its escapes in plain letters; a proxy may hide https."""
    spellings = [url, unquote(url)]
    spellings += [one.replace("http://", "https://", 1) for one in spellings if one.startswith("http://")]
    return list(dict.fromkeys(spellings))


def _as_php_wrote_it(submission: Submission) -> bytes:
    try:
        return php_json(decode(submission.content_type, submission.body).pairs).encode()
    except SubmissionRejected:
        return b""


def _jws_part(part: str) -> dict[str, Any]:
    try:
        read = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
