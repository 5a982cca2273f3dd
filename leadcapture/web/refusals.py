"""How a post that is not stored is answered: in JSON or as a page, and with nothing lost that was typed."""

import math

from flask import Response, jsonify, request

from leadcapture.domain.form import Form
from leadcapture.domain.submission import Submission
from leadcapture.errors import SubmissionRejected
from leadcapture.intake.receive import Refused
from leadcapture.web.access import wants_json
from leadcapture.web.pages import Shown, form_page, trouble_page
from leadcapture.web.services import services

RETRY_SECONDS = 30
REASONS = {
    "origin_not_allowed": ("Not from this website", "This form may not be sent from the website you came from."),
    "too_large": ("Too large", "This is more than the form can take. Please send less, without files."),
    "unreadable": ("Not readable", "What arrived is not a form that we can read. Please try again."),
    "unsupported_type": ("Not a form", "What arrived is not a form: send it as a form or as JSON."),
    "too_fast": ("Too many at once", "Too many messages came from your address. Please wait a moment and try again."),
    "store_down": (
        "Please send it again",
        "We could not save your message just now. What you typed is still here: please send it again in a moment.",
    ),
    "rejected": ("Not accepted", "What arrived is not a form that we can read. Please try again."),
}


def refuse(form: Form, status: int, code: str) -> Response:
    """Answer a post that is not stored."""
    title, message = REASONS.get(code, REASONS["rejected"])
    if wants_json(request):
        response = jsonify(ok=False, error=services().texts.translator(form.language)(message), code=code)
        response.status_code = status
        return response
    return trouble_page(form, status, title, message)


def too_fast(form: Form, wait_seconds: float) -> Response:
    """Answer a post that came too soon after too many others."""
    response = refuse(form, 429, "too_fast")
    response.headers["Retry-After"] = str(max(1, math.ceil(wait_seconds)))
    return response


def store_is_down(form: Form, submission: Submission) -> Response:
    """Answer when nothing can be stored: the truth, and the form with everything that was typed."""
    if wants_json(request):
        response = refuse(form, 503, "store_down")
    else:
        try:
            shown = services().receiver.as_typed(form, submission)
        except SubmissionRejected:
            shown = None
        response = form_page(form, _shown_again(form, shown), 503) if shown else refuse(form, 503, "store_down")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _shown_again(form: Form, shown: Refused) -> Shown:
    notice = services().texts.translator(form.language)(REASONS["store_down"][1])
    controls = shown.controls
    return Shown(shown.values, (), shown.carried, controls.agrees, notice, controls.stamp or "")
