"""TikTok lead generation: three shapes seen in public code."""

from typing import Any

from leadcapture.domain.submission import Answer
from leadcapture.intake.answers import answer_of, answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at, without

_TIKTOK_ABOUT = {
    "submission_id": "lead_id|leadId|lead.id|lead_data.lead_id|data.lead_id|id",
    "form_id": "form_id|formId|data.form_id|page_id|lead_data.form_id",
    "form_name": "form_name|formName|data.form_name",
    "submitted_at": "create_time|created_time|createTime|timestamp|submit_time|data.create_time",
}


def _tiktok(tree: Any, headers: Headers) -> list[Draft]:
    entries = find(tree, "entry")
    bodies = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else [tree]
    return [_tiktok_lead(body, tree, headers) for body in bodies]


def _tiktok_lead(body: dict[str, Any], tree: Any, headers: Headers) -> Draft:
    draft = Builder("tiktok", about=_TIKTOK_ABOUT).draft(body, headers)
    outer = Builder("tiktok", about=_TIKTOK_ABOUT).draft(tree, headers)
    lists = (
        "changes",
        "field_list",
        "lead_data.field_list",
        "data.field_list",
        "answers",
        "field_data",
        "lead.fields",
        "questions",
    )
    said: list[Answer] = []
    for path in lists:
        for item in find(body, path) if isinstance(find(body, path), list) else []:
            name = text_at(item, "field|name|field_name|key|question|label")
            value = next((item[key] for key in ("value", "field_value", "answer", "values") if key in item), None)
            answer = answer_of(name, value, f"{path}.{name}")
            said += [answer] if answer else answers_in(value, path)
    known = ("changes", "field_list", "lead_data", "data.field_list", "lead_id", "form_id", "create_time", "field_data")
    rest = answers_in(without(body, known))
    draft.answers = said + rest if said else draft.answers
    draft.about = {**outer.about, **draft.about}
    return draft


BUILDER = Builder(
    "tiktok",
    marks=(
        ("entry.0.changes",),
        ("lead_data.field_list",),
        ("field_list", "advertiser_id"),
        ("object", "entry", "lead"),
    ),
    headers=("tiktok-signature", "user-agent: tiktok", "x-tt-signature"),
    read=_tiktok,
)
