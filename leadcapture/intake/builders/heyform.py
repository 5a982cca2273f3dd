"""HeyForm: answers by id, with titles that may be rich text."""

from typing import Any

from leadcapture.domain.submission import Answer
from leadcapture.intake.answers import answer_of, answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, as_list, fields_by_id, find, text_at
from leadcapture.intake.vocabulary_types import declared_type


def _heyform(tree: Any, headers: Headers) -> list[Draft]:
    about = {
        "submission_id": "submissionId|submission.id|id|data.id",
        "form_id": "formId|form.id|data.formId",
        "form_name": "formName|form.name|data.formName",
        "submitted_at": "submittedAt|endAt|createdAt|submission.endAt",
        "ip": "ip|submission.ip",
    }
    draft = Builder("heyform", about=about).draft(tree, headers)
    asked = fields_by_id(find(tree, "fields") or find(tree, "form.fields"))
    raw = find(tree, "answers") or find(tree, "submission.answers") or find(tree, "data.answers")
    answers: list[Answer] = []
    items = raw.items() if isinstance(raw, dict) else enumerate(as_list(raw or []))
    for key, item in items:
        field = asked.get(text_at(item, "id|fieldId|questionId")) or asked.get(str(key)) or {}
        answers += _heyform_answers(item, field, f"answers.{key}", str(key))
    extra = ("hiddenFields", "hidden_fields", "submission.hiddenFields", "variables")
    for path in extra:
        answers += answers_in(find(tree, path) or {}, path)
    draft.answers = answers or draft.answers
    return [draft]


def _heyform_answers(item: Any, field: dict[str, Any], path: str, key: str) -> list[Answer]:
    if not isinstance(item, dict) or "value" not in item:
        return answers_in(item, path, text_at(field, "title") or key)
    label = _plain(item.get("title")) or _plain(field.get("title")) or text_at(item, "label|id") or key
    kind = declared_type(text_at(item, "kind|type") or text_at(field, "kind|type"))
    value = item["value"]
    choices = find(item, "properties.choices") or find(field, "properties.choices")
    words = {text_at(one, "id"): text_at(one, "label") for one in as_list(choices or [])}
    if isinstance(value, dict) and "value" in value:
        typed = text_at(value, "other")
        value = [*as_list(value["value"] or []), typed] if typed else value["value"]
    if isinstance(value, list):
        value = [words.get(one, one) if isinstance(one, str) else one for one in value]
    elif isinstance(value, str):
        value = words.get(value, value)
    if isinstance(value, dict):
        return answers_in(value, path, label)
    answer = answer_of(text_at(item, "id") or key, value, path, label, kind)
    return [answer] if answer else []


def _plain(title: Any) -> str:
    """A title may be rich text: nested lists of words and marks."""
    if isinstance(title, str):
        return title
    if isinstance(title, list):
        title = title[1:2] if title[:1] == ["mention"] else title
        return " ".join(part for one in title if (part := _plain(one))).strip()
    return ""


BUILDER = Builder("heyform", marks=(("formId", "formName", "answers"), ("answers", "hiddenFields")), read=_heyform)
