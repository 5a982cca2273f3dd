"""Kartra: a lead with "N/A" for nothing, its number in two parts, and its own fields as a list."""

from typing import Any

from leadcapture.intake.answers import answer_of, answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at, without
from leadcapture.intake.vocabulary_types import declared_type


def _said_not_applicable(tree: Any) -> Any:
    """Kartra writes "N/A" where nothing was said, and the number apart from its country code."""
    if isinstance(tree, dict):
        tree = {key: _said_not_applicable(value) for key, value in tree.items()}
        code, phone = text_at(tree, "phone_country_code"), text_at(tree, "phone")
        if phone and code and not phone.startswith(("+", "00")):
            prefix = code if code.startswith("+") else f"+{code}"
            tree["phone"] = f"{prefix} {phone}"
            tree.pop("phone_country_code")
        return tree
    if isinstance(tree, list):
        return [_said_not_applicable(item) for item in tree]
    return "" if isinstance(tree, str) and tree.strip().upper() == "N/A" else tree


def _kartra(tree: Any, headers: Headers) -> list[Draft]:
    tree = _said_not_applicable(tree)
    lead = find(tree, "lead") or {}
    fields = find(lead, "custom_fields")
    aside = ("custom_fields", "id", "ip", "lead_picture", "score", "gdpr_*", "source_affiliate*", "tags", "lists")
    answers = answers_in(without(lead, aside), "lead")
    for item in fields if isinstance(fields, list) else []:
        name = text_at(item, "field_identifier|identifier|name|field_name|label")
        label = text_at(item, "field_label|label|field_name|name") or name
        value = find(item, "field_value") if "field_value" in item else find(item, "value")
        values = [text_at(one, "option_value|value|name") for one in value] if _objects(value) else value
        answer = answer_of(
            name, values, f"lead.custom_fields.{name}", label, declared_type(text_at(item, "field_type"))
        )
        answers += [answer] if answer else []
    answers += answers_in(find(tree, "action_details") or {}, "action_details")
    about = {
        "ip": "lead.ip",
        "submitted_at": "lead.date_joined|action_details.created_at|action_details.date",
        "form_name": "action_details.form.name|action_details.optin_name|action_details.form_name",
        "form_id": "action_details.form.id|action_details.optin_id|action_details.form_id",
        "page_url": "action_details.page_url|lead.source_url|lead.referrer_url",
    }
    draft = Builder("kartra", about=about).draft(tree, headers)
    draft.answers = answers
    return [draft]


def _objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


BUILDER = Builder(
    "kartra", marks=(("lead", "action"), ("lead", "action_details")), read=_kartra, same_person_again=True
)
