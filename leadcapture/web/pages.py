"""A form's pages: the hosted form, its thank-you page, and the pages that say what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from itsdangerous import BadSignature, SignatureExpired

from leadcapture.domain.due import earliest_day
from leadcapture.domain.form import Field, FieldType, Form
from leadcapture.domain.frozen import frozen
from leadcapture.domain.submission import NO_WORDS
from leadcapture.errors import FieldError
from leadcapture.web.access import form_targets, frame_ancestors
from leadcapture.web.guards import captcha_site_key, widget_of
from leadcapture.web.services import Services, services

AUTOCOMPLETE = {
    "coworker.FullName": "name",
    "coworker.Email": "email",
    "coworker.MobilePhone": "tel",
    "coworker.LandLine": "tel",
    "coworker.CompanyName": "organization",
    "coworker.Position": "organization-title",
    "coworker.Address": "street-address",
    "coworker.PostCode": "postal-code",
    "coworker.CityName": "address-level2",
    "coworker.State": "address-level1",
    "coworker.ProfileWebsite": "url",
}
INPUT_MODES = {FieldType.NUMBER: "decimal", FieldType.TEL: "tel", FieldType.EMAIL: "email"}
STAMP_LIVES_SECONDS = 24 * 3600
Values = Mapping[str, str | tuple[str, ...]]


@frozen
class Shown:
    """A form as it is shown: what was typed, what is wrong with it, what else must come along. `stamp` says when
    this visitor first had the page: a form that is shown again was not filled in anew."""

    values: Values = field(default_factory=dict)
    errors: Sequence[FieldError] = ()
    carried: Sequence[tuple[str, str]] = ()
    consent_given: bool = False
    notice: str = ""
    stamp: str = ""


def form_page(form: Form, shown: Shown, status: int = 200) -> Response:
    """Render a form; `?embed=1` leaves out the page around it, `?embed=inline` everything but the form."""
    embed = request.args.get("embed", "")
    template = "public/form_inline.html" if embed == "inline" else "public/form.html"
    errors = {error.field: error for error in shown.errors}
    page = make_response(
        render_template(
            template,
            form=form,
            shown=shown,
            errors=errors,
            embed=embed,
            action=_action(form),
            captcha=widget_of(form),
            captcha_site_key=captcha_site_key(),
            stamp=shown.stamp if stamp_age(services(), shown.stamp) is not None else new_stamp(),
            _=services().texts.translator(form.language),
            autocomplete=autocomplete,
            input_mode=lambda field: INPUT_MODES.get(field.type),
            ticked=ticked,
            earliest=lambda field: earliest_day(field, form.time_zone, services().clock()),
        ),
        status,
    )
    return guarded(page, form)


def new_stamp() -> str:
    """Return a stamp that says when a page was made, to the millisecond: the signer's own time holds whole seconds."""
    return services().stamps.sign(str(round(services().clock().timestamp() * 1000))).decode()


def stamp_age(services: Services, stamp: str) -> float | None:
    """Return how many seconds ago our page with this stamp was made; None for no stamp of ours."""
    try:
        made_at, signed_at = services.stamps.unsign(stamp, max_age=STAMP_LIVES_SECONDS, return_timestamp=True)
    except (SignatureExpired, BadSignature):
        return None
    seconds = int(made_at) / 1000 if made_at.isdigit() else signed_at.timestamp()  # the stamps of an older version
    return services.clock().timestamp() - seconds


def thanks_page(form: Form) -> Response:
    """Render the page that follows a stored post."""
    page = make_response(
        render_template(
            "public/thanks.html",
            form=form,
            embed=request.args.get("embed", ""),
            _=services().texts.translator(form.language),
        )
    )
    return guarded(page, form)


def guarded(page: Response, form: Form) -> Response:
    """Say who may frame a form's page and where it may lead; nothing of it is cached with what was typed."""
    widget = widget_of(form)
    other = f" {widget.hosts}" if widget else ""
    frames = f"frame-src{other}; " if other else ""
    page.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'{other}; script-src 'self'{other}; connect-src 'self'{other}; {frames}"
        f"worker-src 'self'; img-src 'self' https:; "
        f"base-uri 'none'; form-action {form_targets(form)}; frame-ancestors {frame_ancestors(form)}"
    )
    page.headers["Cache-Control"] = "no-store"
    return page


def trouble_page(form: Form, status: int, title: str, message: str) -> Response:
    """Render what is wrong with a post of a form, in its language and look, with the way back."""
    translate = services().texts.translator(form.language)
    page = make_response(
        render_template(
            "public/trouble.html",
            form=form,
            embed=request.args.get("embed", ""),
            action=_action(form),
            title=translate(title),
            message=translate(message),
            _=translate,
        ),
        status,
    )
    return guarded(page, form)


def error_page(status: int, title: str, message: str, language: str = "en") -> Response:
    """Render a page that says what went wrong, and what to do."""
    translate = services().texts.translator(language)
    body = render_template(
        "errors/error.html", title=translate(title), message=translate(message), language=language, _=translate
    )
    return make_response(body, status)


def ticked(value: str | tuple[str, ...]) -> bool:
    """Say whether a single checkbox is shown ticked."""
    return bool(value) and (not isinstance(value, str) or value.strip().casefold() not in NO_WORDS)


def autocomplete(field: Field) -> str | None:
    """Return what a browser may fill in by itself: personal fields only."""
    found = AUTOCOMPLETE.get(field.to)
    if found is None and field.type is FieldType.EMAIL:
        return "email"
    if found is None and field.type is FieldType.TEL:
        return "tel"
    return found


def _action(form: Form) -> str:
    """The form's own address with the query of this page, so that its campaign comes along without a script."""
    query = {name: values for name, values in request.args.lists() if name != "key"}
    arguments: dict[str, Any] = {key: value for key, value in query.items() if key not in {"name", "embed"}}
    if request.args.get("embed"):
        arguments["embed"] = request.args["embed"]
    return url_for("public.submit", name=form.name, **_safe(arguments))


def _safe(arguments: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in arguments.items() if not key.startswith("_")}
