"""What a form's page brings along to show that no robot fills it in, and what that is worth when it comes back."""

from flask import Blueprint, Response, abort, jsonify, request

from leadcapture.domain.form import Form
from leadcapture.domain.ip import network
from leadcapture.intake.proof import challenge_of
from leadcapture.intake.screening import Check
from leadcapture.web.access import share
from leadcapture.web.guarding import WIDGETS, Widget
from leadcapture.web.services import Services, services
from leadcapture.web.throttle import Rate

blueprint = Blueprint("guards", __name__)
USES = Rate(burst=3, per_minute=3 / 120)
"""A proof is good for one post and for sending that again when the first try found no database."""

CHALLENGES = Rate(burst=240, per_minute=60)


@blueprint.get("/f/<name>/challenge")
def challenge(name: str) -> Response:
    """A new proof of work for the widget on a form's page."""
    form = services().catalogue.forms.get(name)
    if form is None or not form.screening.proof_of_work:
        abort(404)
    if services().throttle.wait_seconds(f"challenge {network(request.remote_addr or '')}", CHALLENGES):
        abort(429)
    response = jsonify(services().guards.proofs.challenge(form.name))
    response.headers["Cache-Control"] = "no-store"
    return share(response, request, form)


def proof_check(services: Services, form: Form, payload: str | None) -> Check:
    """Say what a post's proof of work is worth; one that was used up is wrong."""
    if not form.screening.proof_of_work:
        return Check.NOT_ASKED
    found = services.guards.proofs.check(form.name, payload)
    if found is not Check.PASSED or not payload:
        return found
    return Check.FAILED if services.throttle.wait_seconds(f"proof {challenge_of(payload)}", USES) else found


def captcha_check(services: Services, form: Form, address: str | None, token: str | None) -> Check:
    """Say what a captcha's token is worth that came from an address."""
    captcha = services.guards.captcha
    if captcha is None or not form.screening.captcha:
        return Check.NOT_ASKED
    return captcha.check(token, address)


def widget_of(form: Form) -> Widget | None:
    """Return the captcha that a form's page shows."""
    captcha = services().guards.captcha
    return WIDGETS[captcha.provider] if captcha and form.screening.captcha else None


def captcha_site_key() -> str:
    """Return the captcha's public key, "" without one."""
    captcha = services().guards.captcha
    return captcha.site_key if captcha else ""
