"""Tally: a list of fields; choices are ids of options, and each option comes again as a box of its own."""

from typing import Any

from leadcapture.intake.builders.shape import Builder, as_list, find, text_at


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
    said = {words.get(row, row): [words.get(one, one) for one in as_list(chosen)] for row, chosen in value.items()}
    return {**item, "value": said}


BUILDER = Builder(
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
)
