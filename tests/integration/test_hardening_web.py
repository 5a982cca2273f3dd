"""Keys in constant time, proofs and captchas that hold and never refuse, other websites without credentials."""

import ast
from dataclasses import replace
from pathlib import Path

import altcha
import pytest
from web_forms_site import ANN, WEBSITE, open_site

from leadcapture.domain.lead import LeadState
from leadcapture.intake.screening import Check
from leadcapture.web.guarding import WIDGETS

ROOT = Path(__file__).parents[2] / "leadcapture"
PROOF = "\n[forms.contact.screening]\nproof_of_work = true\n"
DESK = ANN | {"message": "Is there a desk for me?"}


class StandIn:
    """A captcha's service that says what it is told."""

    provider, site_key = "turnstile", "the-site-key"

    def __init__(self) -> None:
        self.says, self.asked = Check.PASSED, []

    def check(self, token, ip):
        self.asked.append((token, ip))
        return self.says if token else Check.MISSING


def use_captcha(site, captcha) -> None:
    application = site.client.application
    found = application.extensions["leadcapture"]
    application.extensions["leadcapture"] = replace(found, guards=replace(found.guards, captcha=captcha))


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, PROOF) as opened:
        yield opened


@pytest.fixture
def plain(tmp_path):
    with open_site(tmp_path) as opened:
        yield opened


def solved(site) -> str:
    challenge = altcha.Challenge.from_dict(site.client.get("/f/contact/challenge").get_json())
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


def test_proof__a_post_with_one_passes_and_without_is_held_not_refused(site) -> None:
    assert site.lead(site.post(data=DESK | {"altcha": solved(site)})).state is LeadState.RECEIVED
    without = site.lead(site.post(data=DESK | {"message": "A desk without JavaScript"}))
    assert without.state is LeadState.HELD and "proof of work" in without.reason
    page = site.submit(data=DESK | {"message": "A desk without JavaScript, as a page"})
    assert page.status_code == 303 and page.headers["Location"].endswith("/f/contact/thanks")


def test_proof__is_used_up_after_three_posts(site) -> None:
    proof = solved(site)
    states = [site.lead(site.post(data=DESK | {"message": f"desk {n}", "altcha": proof})).state for n in range(5)]
    assert states == [LeadState.RECEIVED] * 3 + [LeadState.HELD] * 2


def test_proof__is_no_answer_and_not_carried_along(site) -> None:
    proof = solved(site)
    lead = site.lead(site.post(data=DESK | {"altcha": proof}))
    assert proof not in str(lead.content)
    again = site.submit(data={"altcha": proof, "full_name": "Ann"})
    assert again.status_code == 422 and proof not in again.get_data(as_text=True)


def test_proof__challenge_can_be_read_by_allowed_websites_and_is_fresh_each_time(site, tmp_path) -> None:
    answers = [site.client.get("/f/contact/challenge", headers={"Origin": WEBSITE}) for _ in range(2)]
    assert answers[0].headers["Access-Control-Allow-Origin"] == WEBSITE
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert answers[0].get_json() != answers[1].get_json()
    assert site.client.get("/f/away/challenge").status_code == 404


def test_proof__page_brings_the_widget_from_here_alone(site) -> None:
    page = site.client.get("/f/contact")
    text = page.get_data(as_text=True)
    assert "<altcha-widget" in text and "/static/altcha/start.js" in text and "https://cdn" not in text
    for path in ("start.js", "altcha.min.js", "pbkdf2.js"):
        with site.client.get(f"/static/altcha/{path}") as script:
            assert "javascript" in script.content_type
    assert "MIT" in (ROOT / "web/static/altcha/LICENSE.txt").read_text()
    assert "altcha" not in site.client.get("/f/every").get_data(as_text=True)


@pytest.mark.parametrize(
    ("says", "state"),
    [
        (Check.PASSED, LeadState.RECEIVED),
        (Check.FAILED, LeadState.HELD),
        (Check.LATE, LeadState.HELD),
        (Check.UNREACHABLE, LeadState.HELD),
    ],
)
@pytest.mark.parametrize("field", ["cf-turnstile-response", "h-captcha-response", "g-recaptcha-response"])
def test_captcha__whatever_its_service_says_the_post_is_stored(plain, says, state, field) -> None:
    captcha = StandIn()
    captcha.says = says
    use_captcha(plain, captcha)
    lead = plain.lead(plain.post(data=DESK | {field: "a-token"}))
    assert lead.state is state and captcha.asked == [("a-token", "127.0.0.1")]
    assert "a-token" not in str(lead.content.answers)


def test_captcha__missing_is_held_and_wrong_answers_do_not_use_the_token_up(plain) -> None:
    captcha = StandIn()
    use_captcha(plain, captcha)
    assert plain.lead(plain.post(data=DESK)).state is LeadState.HELD
    captcha.asked.clear()
    assert plain.post(data={"full_name": "Ann", "cf-turnstile-response": "t"}).status_code == 422
    assert captcha.asked == []


def test_captcha__page_and_policy_name_its_hosts_and_no_other(plain) -> None:
    before = plain.client.get("/f/contact").headers["Content-Security-Policy"]
    assert not any(widget.hosts in before for widget in WIDGETS.values())
    use_captcha(plain, StandIn())
    page = plain.client.get("/f/contact")
    assert 'data-sitekey="the-site-key"' in page.get_data(as_text=True)
    assert "script-src 'self' https://challenges.cloudflare.com" in page.headers["Content-Security-Policy"]


def test_screening__hooks_are_screened_too(tmp_path) -> None:
    hook = '\n[forms.contact.hooks.zapier]\nkey_env = "HOOK_KEY"\n'
    with open_site(tmp_path, hook, environment={"HOOK_KEY": "k" * 20}) as site:
        spam = ANN | {"message": "We offer SEO services: first page of Google, 500 backlinks for $49"}
        answer = site.client.post(f"/hooks/contact/zapier?key={'k' * 20}", json=spam)
        assert answer.status_code == 200 and site.lead(answer).state is LeadState.HELD


def test_credentials__never_cross_origins_and_no_cookie_is_set(plain) -> None:
    headers = {"Origin": WEBSITE, "Cookie": "session=1"}
    answers = [
        plain.post(headers=headers),
        plain.client.get("/f/contact", headers=headers),
        plain.client.options("/f/contact", headers=headers | {"Access-Control-Request-Method": "POST"}),
        plain.client.get("/embed.js", headers=headers),
    ]
    for answer in answers:
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_frames__hosted_forms_by_allowed_websites_and_nothing_else_by_anybody(plain) -> None:
    hosted = plain.client.get("/f/contact").headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {WEBSITE}" in hosted
    for path in ("/healthz", "/nowhere", "/leads/x", "/admin/"):
        assert "frame-ancestors 'none'" in plain.client.get(path).headers["Content-Security-Policy"]


def test_headers__are_on_every_answer(plain) -> None:
    for path in ("/f/contact", "/f/contact/thanks", "/nowhere", "/healthz", "/openapi.json", "/static/form.css"):
        with plain.client.get(path) as answer:
            headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "Content-Security-Policy" in headers and "Referrer-Policy" in headers
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert "unsafe-eval" not in headers["Content-Security-Policy"]


SECRET_NAMES = {"key", "secret", "signature", "password", "token", "given", "expected", "metrics_token"}


def test_keys__are_compared_in_constant_time_wherever_they_are_compared() -> None:
    """No `==` between secrets in the parts that check them; and they do use compare_digest."""
    for name in (
        "web/hooks.py",
        "intake/signatures.py",
        "intake/handshakes.py",
        "web/metrics.py",
        "web/admin/sessions.py",
    ):
        tree = ast.parse((ROOT / name).read_text())
        assert "compare_digest" in (ROOT / name).read_text(), name
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
                sides = [node.left, *node.comparators]
                named = [side.id if isinstance(side, ast.Name) else getattr(side, "attr", "") for side in sides]
                constant = any(isinstance(side, ast.Constant) for side in sides)
                assert constant or not SECRET_NAMES & set(named), f"{name}:{node.lineno}"


def test_honeypot__with_broken_answers_looks_like_success_to_the_robot(plain) -> None:
    answer = plain.post(data={"_gotcha": "http://x", "email": "no address", "full_name": "x"})
    assert answer.status_code == 200 and plain.lead(answer).state is LeadState.HELD
