"""Google Ads lead forms: columns named by constants, and the shared secret in the body."""

from typing import Any

from leadcapture.intake.answers import answer_of, answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at, without


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


BUILDER = Builder("google-ads-lead-form", marks=(("user_column_data",), ("google_key",)), read=_google)
