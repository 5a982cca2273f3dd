"""Builders that send questions and answers apart, by type: Typeform, Tally, HeyForm, Fillout and Wufoo."""

from typing import Any

from leadcapture.domain.submission import Answer
from leadcapture.intake.answers import answer_of, answers_in, said_by
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at
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
    asked = _by_id(find(response, "definition.fields"))
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


def _by_id(fields: Any) -> dict[str, dict[str, Any]]:
    """Fields by id and by reference, those within groups included."""
    found: dict[str, dict[str, Any]] = {}
    for item in fields if isinstance(fields, list) else []:
        if isinstance(item, dict):
            for name in ("id", "ref"):
                if isinstance(item.get(name), str):
                    found.setdefault(item[name], item)
            found.update(_by_id(find(item, "properties.fields")))
    return found


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


def _tally(tree: Any) -> Any:
    """Leave out the boxes that repeat each option of a question; put matrix rows in words."""
    fields = find(tree, "data.fields")
    if not isinstance(fields, list):
        return tree
    keys = {text_at(item, "key") for item in fields if isinstance(item, dict) and "options" in item}
    kept = [_matrix(item) for item in fields if not _repeats_option(item, keys)]
    return {**tree, "data": {**tree["data"], "fields": kept}}


def _repeats_option(item: Any, keys: set[str]) -> bool:
    key = text_at(item, "key")
    return isinstance(item, dict) and isinstance(item.get("value"), bool) and any(key.startswith(f"{k}_") for k in keys)


def _matrix(item: Any) -> Any:
    rows, columns = find(item, "rows"), find(item, "columns")
    value = item.get("value") if isinstance(item, dict) else None
    if not (isinstance(rows, list) and isinstance(columns, list) and isinstance(value, dict)):
        return item
    words = {text_at(one, "id"): text_at(one, "text|title") for one in (*rows, *columns)}
    said = {words.get(row, row): [words.get(one, one) for one in _list(chosen)] for row, chosen in value.items()}
    return {**item, "value": said}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _heyform(tree: Any, headers: Headers) -> list[Draft]:
    about = {
        "submission_id": "submissionId|submission.id|id|data.id",
        "form_id": "formId|form.id|data.formId",
        "form_name": "formName|form.name|data.formName",
        "submitted_at": "submittedAt|endAt|createdAt|submission.endAt",
        "ip": "ip|submission.ip",
    }
    draft = Builder("heyform", about=about).draft(tree, headers)
    asked = _by_id(find(tree, "fields") or find(tree, "form.fields"))
    raw = find(tree, "answers") or find(tree, "submission.answers") or find(tree, "data.answers")
    answers: list[Answer] = []
    items = raw.items() if isinstance(raw, dict) else enumerate(_list(raw or []))
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
    words = {text_at(one, "id"): text_at(one, "label") for one in _list(choices or [])}
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
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


def _wufoo(tree: Any, headers: Headers) -> list[Draft]:
    about = {
        "submission_id": "EntryId",
        "form_id": "FormStructure.Hash",
        "form_name": "FormStructure.Name",
        "submitted_at": "DateCreated",
        "ip": "IP",
    }
    draft = Builder("wufoo", about=about).draft(tree, headers)
    labels = _wufoo_labels(find(tree, "FieldStructure.Fields"))
    listed = find(tree, "Fields")
    values = {text_at(item, "ID"): find(item, "Value") for item in listed} if isinstance(listed, list) else {}
    values.update({key: value for key, value in tree.items() if key.startswith("Field") and key[5:6].isdigit()})
    draft.answers = []
    for key, value in values.items():
        label, kind = labels.get(key, (key, ""))
        answer = answer_of(key, value, key, label, kind)
        draft.answers += [answer] if answer else []
    return [draft]


def _wufoo_labels(fields: Any) -> dict[str, tuple[str, str]]:
    labels: dict[str, tuple[str, str]] = {}
    for item in fields if isinstance(fields, list) else []:
        title, kind = text_at(item, "Title"), declared_type(text_at(item, "Type"))
        labels[text_at(item, "ID")] = (title, kind)
        for part in _list(find(item, "SubFields") or []):
            kind = "" if kind == "name" else kind
            labels[text_at(part, "ID")] = (f"{title} {text_at(part, 'Label')}".strip(), kind)
    return labels


def _fillout(tree: Any) -> Any:
    """Questions, and what the form's own address said; a parameter may hold someone's address: prefill, no answer."""
    submission = find(tree, "submission") if isinstance(find(tree, "submission"), dict) else tree
    parameters = submission.get("urlParameters") if isinstance(submission, dict) else None
    hidden = {
        text_at(item, "name|id"): find(item, "value")
        for item in _list(parameters or [])
        if isinstance(said_by(find(item, "value")), str)
    }
    kept = {"questions": find(submission, "questions") or [], "scheduling": find(submission, "scheduling")}
    return {**tree, "said": {**kept, "prefill": hidden}}


ASKED = (
    Builder(
        "typeform",
        marks=(("form_response",),),
        headers=("typeform-signature", "user-agent: typeform"),
        read=_typeform,
        about=_TYPEFORM_ABOUT,
    ),
    Builder(
        "tally",
        marks=(("data.fields", "data.responseId"), ("data.fields", "eventType", "data.formId")),
        headers=("tally-signature", "user-agent: tally"),
        answers=("data.fields",),
        about={
            "submission_id": "data.responseId|data.submissionId",
            "form_id": "data.formId",
            "form_name": "data.formName",
            "submitted_at": "data.createdAt|createdAt",
        },
        reshape=_tally,
    ),
    Builder("heyform", marks=(("formId", "formName", "answers"), ("answers", "hiddenFields")), read=_heyform),
    Builder(
        "fillout",
        marks=(("submission.questions",), ("questions", "submissionId", "urlParameters")),
        answers=("said",),
        about={
            "submission_id": "submission.submissionId|submissionId",
            "form_id": "formId|submission.formId",
            "form_name": "formName|submission.formName",
            "submitted_at": "submission.submissionTime|submissionTime|submission.lastUpdatedAt",
        },
        reshape=_fillout,
    ),
    Builder(
        "wufoo",
        marks=(("FieldStructure",), ("EntryId", "HandshakeKey"), ("FormStructure",)),
        headers=("user-agent: wufoo",),
        read=_wufoo,
    ),
)
