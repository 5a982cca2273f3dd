"""Turnstile, hCaptcha and reCAPTCHA: the one place that asks their services. None of their answers refuses a lead."""

import logging
import time
from dataclasses import dataclass, field
from typing import Any

import requests

from leadcapture.intake.screening import Check

log = logging.getLogger(__name__)

ADDRESSES = {
    "turnstile": "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    "hcaptcha": "https://api.hcaptcha.com/siteverify",
    "recaptcha": "https://www.google.com/recaptcha/api/siteverify",
}
TIMEOUT_SECONDS = (1.0, 2.0)
LONGEST_TOKEN = 4096
FAILURES, REST_SECONDS = 3, 30.0
LATE_CODES = {"timeout-or-duplicate", "already-seen-response", "expired-input-response"}
OUR_FAULT_CODES = {"missing-input-secret", "invalid-input-secret", "sitekey-secret-mismatch", "internal-error"}
LOWEST_SCORE = 0.5


@dataclass(slots=True)
class Captcha:
    """One service with its keys. While it does not answer it is left alone for half a minute: posts must not wait."""

    provider: str
    site_key: str
    secret: str = field(repr=False)
    address: str = ""
    _failures: int = 0
    _rests_until: float = 0.0

    def check(self, token: str | None, ip: str | None) -> Check:
        """Say what a token is worth; never raises."""
        if not token:
            return Check.MISSING
        if len(token) > LONGEST_TOKEN:
            return Check.FAILED
        if time.monotonic() < self._rests_until:
            return Check.UNREACHABLE
        try:
            answer = self._ask(token, ip)
        except (requests.RequestException, ValueError) as error:
            self._failures += 1
            if self._failures >= FAILURES:
                self._rests_until = time.monotonic() + REST_SECONDS
            log.warning("%s could not be asked: %s", self.provider, type(error).__name__)
            return Check.UNREACHABLE
        self._failures = 0
        return self._meaning(answer)

    def _ask(self, token: str, ip: str | None) -> dict[str, Any]:
        data = {"secret": self.secret, "response": token} | ({"remoteip": ip} if ip else {})
        address = self.address or ADDRESSES[self.provider]
        answer = requests.post(address, data=data, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        if answer.status_code >= 500:
            answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, dict):
            raise ValueError("not an object")
        return found

    def _meaning(self, answer: dict[str, Any]) -> Check:
        codes = {str(code) for code in answer.get("error-codes") or ()}
        if answer.get("success") is True:
            score = answer.get("score")
            low = isinstance(score, int | float) and score < LOWEST_SCORE and self.provider == "recaptcha"
            return Check.FAILED if low else Check.PASSED
        if codes & OUR_FAULT_CODES:
            log.warning("%s refuses our keys: %s", self.provider, ", ".join(sorted(codes & OUR_FAULT_CODES)))
            return Check.UNREACHABLE
        return Check.LATE if codes & LATE_CODES else Check.FAILED
