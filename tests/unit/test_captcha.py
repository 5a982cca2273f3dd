"""What a captcha's service says, and what comes of it when it says nothing."""

import pytest
import requests
import responses

from leadcapture.captcha import ADDRESSES, FAILURES, Captcha
from leadcapture.config import from_env
from leadcapture.errors import ConfigError
from leadcapture.intake.screening import Check


@pytest.mark.parametrize("provider", sorted(ADDRESSES))
@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"success": True}, Check.PASSED),
        ({"success": False, "error-codes": ["timeout-or-duplicate"]}, Check.LATE),
        ({"success": False, "error-codes": ["invalid-input-response"]}, Check.FAILED),
        ({"success": False, "error-codes": ["invalid-input-secret"]}, Check.UNREACHABLE),
        ({"success": False}, Check.FAILED),
        ([1], Check.UNREACHABLE),
    ],
)
@responses.activate
def test_answers__mean_something(provider: str, answer: object, found: Check) -> None:
    responses.post(ADDRESSES[provider], json=answer)
    assert Captcha(provider, "site", "secret").check("token", "192.0.2.1") is found


@responses.activate
def test_score__a_low_one_is_a_robot() -> None:
    responses.post(ADDRESSES["recaptcha"], json={"success": True, "score": 0.1})
    assert Captcha("recaptcha", "site", "secret").check("token", None) is Check.FAILED


@responses.activate
def test_token__missing_or_huge_asks_nobody() -> None:
    captcha = Captcha("turnstile", "site", "secret")
    assert captcha.check(None, None) is Check.MISSING
    assert captcha.check("x" * 5000, None) is Check.FAILED
    assert len(responses.calls) == 0


@responses.activate
def test_service_down__is_unreachable_and_then_left_alone() -> None:
    responses.post(ADDRESSES["turnstile"], body=requests.ConnectTimeout())
    captcha = Captcha("turnstile", "site", "secret")
    assert {captcha.check("token", None) for _ in range(FAILURES + 5)} == {Check.UNREACHABLE}
    assert len(responses.calls) == FAILURES


@responses.activate
def test_service_in_trouble__is_unreachable() -> None:
    responses.post(ADDRESSES["hcaptcha"], status=502, body="<html>")
    assert Captcha("hcaptcha", "site", "secret").check("token", None) is Check.UNREACHABLE


def test_secret__is_not_shown() -> None:
    assert "hush" not in repr(Captcha("turnstile", "site", "hush"))


@pytest.mark.parametrize(
    "keys",
    [
        {"TURNSTILE_SITE_KEY": "a"},
        {"TURNSTILE_SITE_KEY": "a", "TURNSTILE_SECRET_KEY": "b", "HCAPTCHA_SITE_KEY": "c", "HCAPTCHA_SECRET_KEY": "d"},
    ],
)
def test_settings__half_a_pair_or_two_services_are_wrong(keys: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="TURNSTILE"):
        from_env({"SECRET_KEY": "a key that is long enough"} | keys)
