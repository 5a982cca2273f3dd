"""How a post that is not stored is answered: in JSON or as a page, and with nothing lost that was typed."""

import math

from flask import Response, jsonify, request

from leadcapture.domain.form import FieldType, Form
from leadcapture.domain.submission import Submission
from leadcapture.errors import FieldError, SubmissionRejected
from leadcapture.intake.receive import Refused
from leadcapture.web.access import wants_json
from leadcapture.web.pages import Shown, form_page, trouble_page
from leadcapture.web.services import services

RETRY_SECONDS = 30
CHECK_FIELDS = "Please check the marked fields."
FILL_IN = "Please fill in the form."
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


def invalid(form: Form, refused: Refused) -> Response:
    """Answer a post that broke the form's rules."""
    texts, as_json = services().texts, wants_json(request)
    language = _language(form, refused.controls.language) if as_json else form.language
    errors = [FieldError(e.field, e.code, texts.fault(form, e, language)) for e in refused.errors]
    notice = texts.translator(language)(CHECK_FIELDS if errors else FILL_IN)
    if as_json:
        notice = _naming_what_is_not_there(form, refused, errors, notice)
        response = jsonify(ok=False, error=notice, errors=[_error(e) for e in _with_summary(form, errors, notice)])
        response.status_code = 422
        return response
    shown = Shown(
        values=refused.values,
        errors=errors,
        carried=refused.carried,
        consent_given=refused.controls.agrees,
        notice=notice,
        stamp=refused.controls.stamp or "",
    )
    return form_page(form, shown, 422)


def _naming_what_is_not_there(form: Form, refused: Refused, errors: list[FieldError], notice: str) -> str:
    """A field that the website's own form does not have can't be marked: it is named with what is wrong."""
    fields = {field.name: field for field in form.fields if field.type not in (FieldType.CHECKBOX, FieldType.RADIO)}
    absent = [
        error for error in errors if error.field in fields and error.field not in {*refused.values, *refused.sent}
    ]
    said = [f"{fields[error.field].label}: {error.message}" for error in absent]
    return " ".join(said if absent and len(absent) == len(errors) else [notice, *said])


def _with_summary(form: Form, errors: list[FieldError], notice: str) -> list[FieldError]:
    """Add an error of the form as a whole where a script would otherwise show nothing.

    Scripts read `errors` and may never look at `error`; Formspree's client shows a field's error only beside a field of
    that name, which a website may call otherwise.
    """
    if not errors:
        return [FieldError("", "empty", notice)]
    if "Formspree-Client" not in request.headers:
        return errors
    labels = {field.name: field.label for field in form.fields}
    said = [f"{labels[e.field]}: {e.message}" if e.field in labels else e.message for e in errors]
    return [*errors, FieldError("", "invalid", " ".join(said))]


def _language(form: Form, wanted: str | None) -> str:
    """Return what a website's own form speaks (`_language`), if we do too; else the form's language."""
    spoken = (wanted or "").partition("-")[0].partition("_")[0].lower()
    return spoken if spoken in services().texts.languages else form.language


def _error(error: FieldError) -> dict[str, str]:
    return {"field": error.field, "code": error.code, "message": error.message}
