"""Typeform: typed answers, and the questions apart from them."""

from typing import Any

from leadcapture.domain.submission import Answer
from leadcapture.intake.answers import answer_of, answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, fields_by_id, find, text_at
from leadcapture.intake.vocabulary_types import declared_type

_TYPEFORM_ABOUT = {
    "submission_id": "form_response.token",
    "form_id": "form_response.form_id",
    "form_name": "form_response.definition.title",
    "submitted_at": "form_response.submitted_at",
}


_TYPEFORM_VALUES = (
    "text email phone_number number boolean date url file_url choice choices payment address multi_format"
)


def _typeform(tree: Any, headers: Headers) -> list[Draft]:
    response = find(tree, "form_response")
    asked = fields_by_id(find(response, "definition.fields"))
    draft = Builder("typeform", about=_TYPEFORM_ABOUT).draft(tree, headers)
    draft.answers = answers_in(find(response, "hidden") or {}, "form_response.hidden")
    draft.answers += [_typed_hidden(answer) for answer in answers_in(_urls(response), "form_response")]
    answers = find(response, "answers")
    for place, item in enumerate(answers if isinstance(answers, list) else []):
        draft.answers += _typeform_answers(item, asked, f"form_response.answers.{place}")
    event = text_at(tree, "event_type")
    draft.is_test = event == "form_response_partial"
    return [draft]


def _urls(response: Any) -> dict[str, Any]:
    """Respondent URLs: the page on which an embedded form stood."""
    return {name: find(response, name) for name in ("page_url", "referer", "url") if find(response, name)}


def _typed_hidden(answer: Answer) -> Answer:
    return Answer(answer.path, answer.key, answer.label, answer.value, "hidden")


def _typeform_answers(item: Any, asked: dict[str, dict[str, Any]], path: str) -> list[Answer]:
    field = asked.get(text_at(item, "field.id")) or asked.get(text_at(item, "field.ref")) or {}
    key = text_at(item, "field.ref") or text_at(item, "field.id")
    label = text_at(field, "title") or text_at(item, "field.title") or key
    kind = declared_type(text_at(field, "type") or text_at(item, "field.type") or text_at(item, "type"))
    name = text_at(item, "type")
    value = item.get(name) if isinstance(item, dict) and name in item else _first_value(item)
    if isinstance(value, dict):
        value = _chosen(value) or value
    if isinstance(value, dict):
        return answers_in(value, path, label)
    answer = answer_of(key, value, path, label, kind)
    return [answer] if answer else []


def _first_value(item: Any) -> Any:
    return next((item[name] for name in _TYPEFORM_VALUES.split() if isinstance(item, dict) and name in item), None)


def _chosen(value: dict[str, Any]) -> Any:
    """`choice.label`, `choices.labels[]` and what was typed beside them."""
    if "labels" in value or "label" in value or "other" in value:
        labels = value.get("labels", value.get("label"))
        other = value.get("other")
        several = labels if isinstance(labels, list) else [labels] if labels else []
        return [*several, other] if other else several if isinstance(labels, list) else labels
    return None


BUILDER = Builder(
    "typeform",
    marks=(("form_response",),),
    headers=("typeform-signature", "user-agent: typeform"),
    read=_typeform,
    about=_TYPEFORM_ABOUT,
)
