"""The proof of work that a form's page brings: ALTCHA's, made and checked here, with no service and no cookie.

A browser finds within about a second a number that we chose; a robot that posts thousands of forms pays that for
each. A challenge is signed, belongs to one form and is good for two hours; checking it costs two HMACs.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import altcha

from leadcapture.domain.frozen import frozen
from leadcapture.intake.screening import Check

ALGORITHM = "PBKDF2/SHA-256"
ITERATIONS = 2000
FEWEST, MOST = 300, 900
GOOD_FOR = timedelta(hours=2)
LONGEST = 4096


@frozen
class Proofs:
    """Makes and checks proofs of work; `secret` is the service's own."""

    secret: str
    clock: Callable[[], datetime]

    def challenge(self, form: str) -> dict[str, Any]:
        """Return a new challenge for a form, as ALTCHA's widget reads it."""
        made = altcha.create_challenge(
            ALGORITHM,
            ITERATIONS,
            counter=FEWEST + secrets.randbelow(MOST - FEWEST),
            expires_at=self.clock() + GOOD_FOR,
            data={"form": form},
            hmac_secret=self._key("challenge"),
            hmac_key_secret=self._key("solution"),
        )
        return dict(made.to_dict())

    def check(self, form: str, payload: str | None) -> Check:
        """Say what a post's proof is worth."""
        if not payload:
            return Check.MISSING
        if len(payload) > LONGEST or _form_of(payload) != form:
            return Check.FAILED
        result = altcha.verify_solution(payload, self._key("challenge"), hmac_key_secret=self._key("solution"))
        if result.expired:
            return Check.LATE
        return Check.PASSED if result.verified else Check.FAILED

    def _key(self, purpose: str) -> str:
        return hmac.new(self.secret.encode(), f"proof of work: {purpose}".encode(), hashlib.sha256).hexdigest()


def challenge_of(payload: str) -> str:
    """Return what tells the challenge of a payload that was verified, however the payload is written."""
    return str(json.loads(base64.b64decode(payload))["challenge"]["signature"])


def _form_of(payload: str) -> str | None:
    try:
        return str(json.loads(base64.b64decode(payload))["challenge"]["parameters"]["data"]["form"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
