"""A form's pages: the hosted form, its thank-you page, and the pages that say what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from leadcapture.domain.form import Field, FieldType, Form
from leadcapture.errors import FieldError
from leadcapture.web.access import form_targets, frame_ancestors
from leadcapture.web.services import services

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
Values = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as it is shown: what was typed, what is wrong with it, what else must come along."""

    values: Values = field(default_factory=dict)
    errors: Sequence[FieldError] = ()
    carried: Sequence[tuple[str, str]] = ()
    consent_given: bool = False
    notice: str = ""


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
            stamp=services().stamps.sign("form").decode(),
            _=services().texts.translator(form.language),
            autocomplete=autocomplete,
            input_mode=lambda field: INPUT_MODES.get(field.type),
        ),
        status,
    )
    return guarded(page, form)


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
    page.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' https:; "
        f"base-uri 'none'; form-action {form_targets(form)}; frame-ancestors {frame_ancestors(form)}"
    )
    page.headers["Cache-Control"] = "no-store"
    return page


def error_page(status: int, title: str, message: str, language: str = "en") -> Response:
    """Render a page that says what went wrong, and what to do."""
    translate = services().texts.translator(language)
    body = render_template("errors/error.html", title=title, message=message, language=language, _=translate)
    return make_response(body, status)


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
