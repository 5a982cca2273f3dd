"""Lead forms of advertisements: Google Ads, Meta, LinkedIn and TikTok."""

from typing import Any

from leadcapture.domain.submission import Answer
from leadcapture.intake.answers import answer_of, answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at, without

IDS_ONLY = (
    "{name} sent ids only: this notice says that there is a lead, and not whose. Send the lead itself, for instance "
    "through Zapier or Make."
)


def _is_google_test(tree: Any) -> bool:
    return text_at(tree, "is_test").lower() in ("true", "1")


def _google(tree: Any, headers: Headers) -> list[Draft]:
    """Columns are named by constants; the name that a person reads may be missing."""
    table = Builder("google-ads-lead-form", about={"submission_id": "lead_id", "form_id": "form_id"})
    draft = table.draft(tree, headers)
    draft.about["submitted_at"] = text_at(tree, "lead_submit_time")
    columns = find(tree, "user_column_data")
    draft.answers = []
    for place, column in enumerate(columns if isinstance(columns, list) else []):
        key = text_at(column, "column_id") or text_at(column, "column_name")
        label = text_at(column, "column_name") or key
        answer = answer_of(key, find(column, "string_value"), f"user_column_data.{place}", label)
        draft.answers += [answer] if answer else []
    known = (
        "user_column_data",
        "google_key",
        "is_test",
        "lead_id",
        "form_id",
        "gcl_id",
        "api_version",
        "lead_submit_time",
    )
    draft.answers += answers_in(without(tree, known))
    if click := text_at(tree, "gcl_id|gclid"):
        draft.tracking["gclid"] = click
    draft.is_test = _is_google_test(tree)
    return [draft]


def _changes(tree: Any) -> list[Any]:
    entries = find(tree, "entry")
    changes = []
    for entry in entries if isinstance(entries, list) else []:
        found = find(entry, "changes")
        changes += [change for change in found if isinstance(change, dict)] if isinstance(found, list) else []
    return changes


_META_ABOUT = {
    "submission_id": "leadgen_id|id|lead_id",
    "form_id": "form_id",
    "form_name": "form_name",
    "submitted_at": "created_time",
}


def _meta(tree: Any, headers: Headers) -> list[Draft]:
    changes = _changes(tree)
    if changes:
        return [_meta_notice(change) for change in changes]
    lead = (
        tree if find(tree, "field_data") else next((value for value in _dicts(tree) if find(value, "field_data")), tree)
    )
    draft = Builder("meta-lead-ads", about=_META_ABOUT, aside=("id",)).draft(lead, headers)
    fields = find(lead, "field_data")
    if isinstance(fields, list):
        draft.answers = answers_in(fields, "field_data")
        known = (
            "field_data",
            "id",
            "leadgen_id",
            "created_time",
            "form_id",
            "form_name",
            "custom_disclaimer_responses",
        )
        draft.answers += answers_in(without(lead, known))
    draft.is_test = any("<test lead: dummy data" in answer.text.lower() for answer in draft.answers)
    return [draft]


def _dicts(tree: Any) -> list[dict[str, Any]]:
    return [value for value in tree.values() if isinstance(value, dict)] if isinstance(tree, dict) else []


def _meta_notice(change: dict[str, Any]) -> Draft:
    value = change.get("value")
    draft = Builder("meta-lead-ads", about=_META_ABOUT).draft(value, {})
    if find(value, "field_data"):
        draft.answers = answers_in(find(value, "field_data"), "field_data")
        return draft
    draft.answers = []
    draft.problem = IDS_ONLY.format(name="Meta")
    return draft


def _linkedin(tree: Any, headers: Headers) -> list[Draft]:
    about = {
        "submission_id": "leadGenFormResponse|id",
        "form_id": "leadGenForm|versionedLeadGenFormUrn",
        "submitted_at": "occurredAt|submittedAt",
    }
    draft = Builder("linkedin-lead-sync", about=about).draft(tree, headers)
    said = find(tree, "formResponse.answers") or find(tree, "answers")
    if said:
        draft.answers = answers_in(said, "answers")
        return [draft]
    draft.answers = []
    draft.erase = text_at(tree, "leadAction").upper() == "DELETED"
    draft.problem = IDS_ONLY.format(name="LinkedIn")
    draft.is_test = text_at(tree, "testLead").lower() == "true"
    return [draft]


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


ADVERTS = (
    Builder("google-ads-lead-form", marks=(("user_column_data",), ("google_key",)), read=_google),
    Builder(
        "meta-lead-ads",
        marks=(("entry.0.changes.0.value.leadgen_id",), ("field_data",), ("leadgen_id",)),
        headers=("user-agent: facebook",),
        read=_meta,
    ),
    Builder(
        "linkedin-lead-sync",
        marks=(("leadGenFormResponse",), ("leadGenForm",), ("formResponse.answers",)),
        headers=("x-li-signature",),
        read=_linkedin,
    ),
    Builder(
        "tiktok",
        marks=(
            ("entry.0.changes",),
            ("lead_data.field_list",),
            ("field_list", "advertiser_id"),
            ("object", "entry", "lead"),
        ),
        headers=("tiktok-signature", "user-agent: tiktok", "x-tt-signature"),
        read=_tiktok,
    ),
)
