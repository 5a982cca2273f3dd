"""`GET /openapi.json`: the public endpoints as OpenAPI 3.1, each form's answers from its own marshmallow schema."""

from collections.abc import Mapping
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Response, jsonify
from marshmallow import fields as marshmallow_fields

from leadcapture.domain.form import Catalogue, Field, FieldType, Form
from leadcapture.domain.lead import LeadState
from leadcapture.intake.builders.names import ALIASES
from leadcapture.intake.fields import AnswerField
from leadcapture.intake.schemas import FormRules
from leadcapture.web.openapi_answers import (
    BROWSER_ANSWERS,
    EMBED,
    HANDSHAKE_ANSWERS,
    HEALTH,
    HOOK_ANSWERS,
    JSON_TYPE,
    LEAD,
    READY,
    answer,
    html,
)
from leadcapture.web.services import services

blueprint = Blueprint("openapi", __name__)
CONTENT_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", JSON_TYPE)
FORMATS = {FieldType.EMAIL: "email", FieldType.DATE: "date"}
CONTROLS = {
    "_next": "Where the visitor goes after success; only to the form's redirect_hosts.",
    "_subject": "A subject, written into Notes.",
    "_replyto": "An address for a form without an e-mail field.",
    "_language": "The language of messages in JSON answers.",
    "_submission_id": "The same id of the same form is the same lead for ever; like the header Idempotency-Key.",
    "_page_url": "The page on which the form stands.",
    "_referrer": "What led to that page.",
    "_landing_url": "The first page of the visit.",
    "_gotcha": "A trap: leave it empty.",
}

QUESTIONS = {
    "meta-lead-ads": ("hub.mode", "hub.verify_token", "hub.challenge"),
    "linkedin-lead-sync": ("challengeCode",),
}
"""What builders ask with GET before they send anything."""


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The specification of this service with its own forms."""
    found = services()
    response = jsonify(specification(found.catalogue, found.version))
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def specification(catalogue: Catalogue, version: str) -> dict[str, Any]:
    """Return the whole specification."""
    plugin = MarshmallowPlugin()
    spec = APISpec(
        title="leadcapture",
        version=version,
        openapi_version="3.1.0",
        info={"description": "Form posts become leads: stored before they are answered, delivered to Nexudus later."},
        plugins=[plugin],
    )
    plugin.converter.add_attribute_function(_rules_of)  # type: ignore[union-attr]
    spec.components.schema("Lead", LEAD)
    for form in catalogue.forms.values():
        _add_form(spec, form)
    spec.path("/leads/{id}", operations={"get": _lead()})
    spec.path("/healthz", operations={"get": _page("The process is alive", {"200": answer("Alive.", HEALTH)})})
    ready = {"200": answer("Ready.", READY), "503": answer("Not ready.", READY)}
    spec.path("/readyz", operations={"get": _page("The store is reachable and migrated", ready)})
    spec.path("/embed.js", operations={"get": EMBED})
    whole = {"200": answer("This document.", {"type": "object"})}
    spec.path("/openapi.json", operations={"get": _page("This specification", whole)})
    return dict(spec.to_dict())


def _add_form(spec: APISpec, form: Form) -> None:
    name = f"{form.name}-answers"
    spec.components.schema(name, schema=FormRules(form).schema)
    answers: dict[str, Any] = spec.components.schemas[name]
    answers["required"] = [field.name for field in form.fields if field.required]
    answers["additionalProperties"] = {"description": "Any other field is kept, and shown in Notes."}
    answers["properties"] |= {key: {"type": "string", "description": text} for key, text in CONTROLS.items()}
    body = {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}} for kind in CONTENT_TYPES}
    post = {
        "summary": f"Send the form “{form.title}”",
        "operationId": f"send-{form.name}",
        "parameters": [
            _header("Idempotency-Key", "The same key is the same lead."),
            _header("Accept", "JSON or HTML."),
        ],
        "requestBody": {"required": True, "content": body},
        "responses": BROWSER_ANSWERS,
    }
    pages = {"200": html("The form.")}
    spec.path(f"/f/{form.name}", operations={"get": _page(f"The hosted form “{form.title}”", pages), "post": post})
    spec.path(f"/f/{form.name}/thanks", operations={"get": _page("The thank-you page", {"200": html("Thank you.")})})
    if form.screening.proof_of_work:
        found = {"200": answer("ALTCHA's challenge.", {"type": "object"}), "429": answer("Too many at once.", {})}
        spec.path(f"/f/{form.name}/challenge", operations={"get": _page("A new proof of work", found)})
    for builder in form.hooks:
        _add_hook(spec, form, builder)


def _add_hook(spec: APISpec, form: Form, builder: str) -> None:
    key = {"name": "key", "in": "query", "required": True, "schema": {"type": "string"}, "description": "The secret."}
    anything: dict[str, Any] = {kind: {"schema": {}} for kind in CONTENT_TYPES}
    post = {
        "summary": f"A submission of “{form.title}” from {builder}'s server",
        "operationId": f"hook-{form.name}-{builder}",
        "parameters": [key],
        "requestBody": {"required": True, "content": anything},
        "responses": HOOK_ANSWERS,
    }
    get = {
        "summary": f"The handshake of {builder}: no lead comes of it",
        "operationId": f"handshake-{form.name}-{builder}",
        "parameters": [key | {"required": False}, *map(_asked, _questions(builder))],
        "responses": HANDSHAKE_ANSWERS,
    }
    spec.path(f"/hooks/{form.name}/{builder}", operations={"get": get, "post": post})


def _questions(builder: str) -> tuple[str, ...]:
    """Return the parameters of a builder's handshake; whoever posts to `auto` may ask any of them."""
    if builder == "auto":
        return tuple(name for names in QUESTIONS.values() for name in names)
    return QUESTIONS.get(ALIASES.get(builder, builder), ())


def _asked(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}}


def _rules_of(_converter: Any, field: marshmallow_fields.Field[Any], **_kwargs: Any) -> dict[str, Any]:
    """Describe an answer by its rules; apispec asks for each field of each schema."""
    return described(field.rules) if isinstance(field, AnswerField) else {}


def described(field: Field) -> dict[str, Any]:
    """Return the JSON schema of one question's answer."""
    text: dict[str, Any] = {"type": "string", "maxLength": field.max_length}
    if field.options:
        text = {"type": "string", "enum": list(field.options)}
    elif field.type in FORMATS:
        text["format"] = FORMATS[field.type]
    elif field.required:
        text["minLength"] = 1
    said: dict[str, Any] = {"type": "array", "items": text} if field.multiple else text
    return said | {"title": field.label}


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": {"type": "string"}, "description": description}


def _page(summary: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    return {"summary": summary, "responses": dict(answers)}


def _lead() -> dict[str, Any]:
    lead_id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    reference = {"$ref": "#/components/schemas/Lead"}
    states = ", ".join(state.value for state in LeadState)
    return {
        "summary": f"How a lead stands ({states}); no personal data",
        "operationId": "lead",
        "parameters": [lead_id],
        "responses": {"200": answer("It is here.", reference), "404": html("No such lead.", also_json=True)},
    }
