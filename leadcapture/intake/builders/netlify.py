"""Netlify: a browser post, or a notice that says each answer four times."""

from typing import Any

from leadcapture.intake.builders.shape import Builder, find, has, text_at


def _one_of_four(tree: Any) -> Any:
    """Netlify says each answer up to four times: keep the ordered list, then what it lacks."""
    ordered = find(tree, "ordered_human_fields")
    data = find(tree, "data")
    if not isinstance(ordered, list) or not ordered:
        said: Any = data or find(tree, "human_fields")
    else:
        names = {text_at(item, "name") for item in ordered}
        rest = {key: value for key, value in data.items() if key not in names} if isinstance(data, dict) else {}
        said = {"ordered": ordered, "rest": rest}
    guesses = {
        name: find(tree, name) for name in ("first_name", "last_name", "company", "name", "email") if find(tree, name)
    }
    return {**tree, "said": {"fields": said, "guesses": guesses}} if isinstance(tree, dict) else tree


BUILDER = Builder(
    "netlify",
    marks=(("ordered_human_fields",), ("human_fields",), ("form-name",)),
    answers=("said",),
    about={
        "submission_id": "id",
        "form_id": "form_id",
        "form_name": "form_name|form-name",
        "submitted_at": "created_at",
        "ip": "data.ip",
        "user_agent": "data.user_agent",
        "page_url": "data.page_url|data.referrer",
    },
    aside=(
        "said.fields.rest.ip",
        "said.fields.rest.user_agent",
        "said.fields.rest.referrer",
        "said.fields.ip",
        "said.fields.user_agent",
        "said.fields.referrer",
        "form-name",
    ),
    reshape=lambda tree: _one_of_four(tree) if has(tree, ("data", "form_name")) else tree,
)
