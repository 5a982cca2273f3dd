"""OpnForm: each answer by id with name and type, and again by label."""

from typing import Any

from leadcapture.intake.builders.shape import Builder, find


def _one_of_two(tree: Any) -> Any:
    """OpnForm says each answer by id with its name and type, and again by label."""
    data = find(tree, "data")
    if isinstance(data, dict) and any(isinstance(value, dict) and "value" in value for value in data.values()):
        return {**tree, "said": data}
    return tree


BUILDER = Builder(
    "opnform",
    marks=(("form_slug",), ("form_title", "submission"), ("submission_id", "edit_link")),
    answers=("said", "submission", "data"),
    about={
        "submission_id": "submission_id",
        "form_id": "form_slug|form_id",
        "form_name": "form_title|form_name",
        "page_url": "meta.attribution.page_url|meta.attribution.url|meta.url|meta.page_url",
        "referrer": "meta.attribution.referrer|meta.referrer",
        "ip": "meta.ip|ip",
        "submitted_at": "created_at|submitted_at|meta.submitted_at",
    },
    reshape=_one_of_two,
)
