"""Meta lead ads: notices of ids only, several in a post, and the lead itself as others forward it."""

from typing import Any

from leadcapture.intake.answers import answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, without

_IDS_ONLY = (
    "Meta sent ids only: this notice says that there is a lead, and not whose. Send the lead itself, for instance "
    "through Zapier or Make."
)


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
    draft.problem = _IDS_ONLY
    return draft


BUILDER = Builder(
    "meta-lead-ads",
    marks=(("entry.0.changes.0.value.leadgen_id",), ("field_data",), ("leadgen_id",)),
    headers=("user-agent: facebook",),
    read=_meta,
)
