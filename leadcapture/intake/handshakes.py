"""The questions that builders ask with GET before they send anything."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping

from leadcapture.domain.frozen import frozen
from leadcapture.intake.builders.names import ALIASES

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,200}")
_TEXT = "text/plain; charset=utf-8"
_JSON = "application/json"


@frozen
class Handshake:
    """The answer to a builder's question."""

    status: int
    content_type: str
    body: str


def answer_get(builder: str, query: Mapping[str, str], key: str | None, secret: str | None) -> Handshake | None:
    """Answer Meta's and LinkedIn's questions; None when nothing of the kind was asked.

    `key` is the endpoint's own key, which Meta calls the verify token; `secret` is the client secret, with which
    LinkedIn wants its challenge signed.
    """
    name = ALIASES.get(builder, builder)
    if name in ("meta-lead-ads", "auto") and "hub.mode" in query:
        return _meta(query, key)
    if name in ("linkedin-lead-sync", "auto") and "challengeCode" in query:
        return _linkedin(query["challengeCode"], secret)
    return None


def _meta(query: Mapping[str, str], key: str | None) -> Handshake:
    token, challenge = query.get("hub.verify_token", ""), query.get("hub.challenge", "")
    ours = bool(key) and hmac.compare_digest(token.encode(), (key or "").encode())
    if ours and query.get("hub.mode") == "subscribe" and _CHALLENGE.fullmatch(challenge):
        return Handshake(200, _TEXT, challenge)
    return Handshake(403, _TEXT, "the verify token is not this endpoint's key")


def _linkedin(challenge: str, secret: str | None) -> Handshake:
    if not secret or not _CHALLENGE.fullmatch(challenge):
        return Handshake(403, _TEXT, "this endpoint has no secret to sign the challenge with")
    response = hmac.new(secret.encode(), challenge.encode(), hashlib.sha256).hexdigest()
    return Handshake(200, _JSON, json.dumps({"challengeCode": challenge, "challengeResponse": response}))
