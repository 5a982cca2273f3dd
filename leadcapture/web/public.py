"""The forms that visitors see, and where their posts arrive."""

import re
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Request, Response, abort, current_app, jsonify, redirect, request
from werkzeug.exceptions import BadRequest, ClientDisconnected, HTTPException, RequestEntityTooLarge

from leadcapture.domain.form import Field, FieldType, Form
from leadcapture.domain.ip import network
from leadcapture.domain.redirect import redirect_target
from leadcapture.domain.submission import Controls, Submission
from leadcapture.errors import (
    FieldError,
    StoreUnavailable,
    SubmissionRejected,
)
from leadcapture.intake.receive import Origin, Receipt, Refused
from leadcapture.web.access import (
    allow_preflight,
    origin_allowed,
    own_hosts,
    own_url,
    share,
    wants_json,
)
from leadcapture.web.colours import theme_css
from leadcapture.web.guards import captcha_check, proof_check
from leadcapture.web.pages import Shown, form_page, stamp_age, thanks_page
from leadcapture.web.promised import promise
from leadcapture.web.refusals import refuse, store_is_down, too_fast
from leadcapture.web.services import services, this_request
from leadcapture.web.throttle import Rate

blueprint = Blueprint("public", __name__)
CHECK_FIELDS = "Please check the marked fields."
FILL_IN = "Please fill in the form."
COMPRESSIONS = frozenset(("gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress"))


def form_named(name: str) -> Form:
    """Return a form, or answer 404."""
    form = services().catalogue.forms.get(name)
    if form is None:
        abort(404)
    return form


@blueprint.get("/f/<name>", provide_automatic_options=False)
def show(name: str) -> Response:
    """The hosted form; values of its own fields in the query are filled in."""
    form = form_named(name)
    given = {field.name: _prefilled(field) for field in form.fields if field.name in request.args}
    defaults = {field.name: field.default for field in form.fields if field.default}
    carried = [("_referrer", referrer)] if (referrer := _came_from()) else []
    return share(form_page(form, Shown(values=defaults | given, carried=carried)), request, form)


def _prefilled(field: Field) -> str | tuple[str, ...]:
    return tuple(request.args.getlist(field.name)) if field.multiple else request.args[field.name]


@blueprint.get("/f/<name>/thanks")
def thanks(name: str) -> Response:
    """The page that follows a stored post."""
    return thanks_page(form_named(name))


@blueprint.get("/f/<name>/theme.css")
def theme(name: str) -> Response:
    """A form's own colour with its readable shades, as a stylesheet so that no page needs inline styles."""
    color = form_named(name).theme_color
    response = Response(theme_css(color) if color else "/* the house's own colour */\n", mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.route("/f/<name>", methods=["OPTIONS"])
def preflight(name: str) -> Response:
    """What a browser asks before it posts from another origin."""
    return allow_preflight(Response(status=204), request, form_named(name))


@blueprint.post("/f/<name>", provide_automatic_options=False)
def submit(name: str) -> Response:
    """A submission: stored on disk before it is answered."""
    form, asked = form_named(name), this_request()
    if not origin_allowed(asked, form):
        return share(refuse(form, 403, "origin_not_allowed"), asked, form)
    if wait := _too_fast(asked):
        return share(too_fast(form, wait), asked, form)
    if _is_compressed(asked):
        return share(refuse(form, 415, "unsupported_type"), asked, form)
    return share(_receive(form, asked), asked, form)


def _is_compressed(asked: Request) -> bool:
    """Say whether a body is packed, which no browser does and we don't read; a charset named there is no packing."""
    encoding = asked.headers.get("Content-Encoding")
    return encoding is not None and not COMPRESSIONS.isdisjoint(re.split(r"[\s,]+", encoding.lower()))


def _receive(form: Form, asked: Request) -> Response:
    try:
        submission = read_request(asked, {"user-agent": asked.headers.get("User-Agent", "")})
        received = services().receiver.receive(form, submission, _origin(form, asked))
    except RequestEntityTooLarge:
        return refuse(form, 413, "too_large")
    except (ClientDisconnected, BadRequest, OSError):
        return refuse(form, 400, "unreadable")
    except SubmissionRejected as error:
        return refuse(form, error.status, error.code)
    except StoreUnavailable:
        return store_is_down(form, submission)
    if isinstance(received, Refused):
        return _invalid(form, received)
    return promise(
        _thanks(form, received.id, received.controls, asked),
        received.id,
        received.handed,
        partial(_after_all, form, submission, received.controls),
    )


def _after_all(form: Form, submission: Submission, controls: Controls, outcome: Receipt | StoreUnavailable) -> Response:
    """Answer a post that was here already, or could not be stored."""
    asked = this_request()
    if isinstance(outcome, StoreUnavailable):
        return share(store_is_down(form, submission), asked, form)
    return share(_thanks(form, outcome.id, controls, asked), asked, form)


def read_request(asked: Request, headers: Mapping[str, str]) -> Submission:
    """Take the request as it came, whole, with those of its headers that are wanted.

    Raises RequestEntityTooLarge, ClientDisconnected.
    """
    return Submission(
        content_type=asked.headers.get("Content-Type", ""),
        body=_whole_body(asked),
        headers=headers,
        query=_own_query(asked) if asked.query_string else (),
        remote_address=asked.remote_addr,
        received_at=services().clock(),
    )


def _own_query(asked: Request) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in asked.args.items(multi=True) if name not in {"key", "embed"})


def _whole_body(asked: Request) -> bytes:
    """Return the body: one that is longer than allowed or breaks off is refused, never cut short.

    gunicorn ends the stream by itself, so that werkzeug takes the end of the line for the end of the body, and
    stops reading chunks at the limit without a word; both are seen from the length alone.
    """
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    asked.max_content_length = limit + 1
    try:
        body = asked.get_data(cache=False)
    except HTTPException:
        raise
    except Exception as error:  # what gunicorn raises at chunks that are none has no name of its own here
        raise ClientDisconnected from error
    if len(body) > limit:
        raise RequestEntityTooLarge
    if asked.content_length is not None and len(body) < asked.content_length:
        raise ClientDisconnected
    return body


def _origin(form: Form, asked: Request) -> Origin:
    return Origin(
        idempotency_key=asked.headers.get("Idempotency-Key"),
        referer=asked.headers.get("Referer"),
        own_hosts=own_hosts(asked, form),
        page_url=partial(own_url, asked, form),
        stamp_age=stamp_age,
        proof=partial(proof_check, form),
        captcha=partial(captcha_check, form),
    )


def _came_from() -> str | None:
    referrer = request.headers.get("Referer", "")
    return referrer[:2000] if referrer and urlsplit(referrer).netloc != request.host else None


def _too_fast(asked: Request) -> float:
    limits, throttle = services().catalogue.limits, services().throttle
    mine = Rate(limits.posts_per_address, limits.posts_per_address_per_minute)
    everybody = Rate(limits.posts_per_minute, limits.posts_per_minute)
    return throttle.wait_seconds(f"post {network(asked.remote_addr or '')}", mine) or throttle.wait_seconds(
        "posts", everybody
    )


def _thanks(form: Form, lead_id: str, controls: Controls, asked: Request) -> Response:
    target = next_url(form, controls.next_url, asked)
    if wants_json(asked):
        return jsonify(ok=True, id=lead_id, next=target)
    return redirect(target, 303)  # type: ignore[return-value]


def next_url(form: Form, wanted: str | None, asked: Request) -> str:
    """Return where the visitor goes: `_next`, else success_url, where the form allows it; else our thank-you page."""
    for url in (wanted, form.success_url):
        if target := redirect_target(url, form.redirect_hosts):
            return target
    embed = asked.args.get("embed") if asked.query_string else None
    return f"{own_url(asked, form)}/thanks" + (f"?{urlencode({'embed': embed})}" if embed else "")


def _invalid(form: Form, refused: Refused) -> Response:
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


@blueprint.get("/leads/<lead_id>")
def lead(lead_id: str) -> Response:
    """How a lead stands: no personal data."""
    found = services().store.leads.standing(lead_id)
    if found is None:
        abort(404)
    return jsonify(
        id=found.id,
        state=found.state.value,
        received_at=found.received_at.isoformat(),
        delivered_at=found.delivered_at.isoformat() if found.delivered_at else None,
    )
