"""Unbounce: the lead is a JSON text within the form, each value in a list."""

from typing import Any

from leadcapture.intake.builders.shape import Builder


def _is_page_builder_lead(tree: Any) -> Any:
    """Unbounce: the lead is in `data.json`; `data.xml` says the same again and is never read."""
    inner = tree.get("data.json") if isinstance(tree, dict) else None
    return inner if isinstance(inner, dict) else tree


_UNBOUNCE_ABOUT = {
    "page_url": "page_url",
    "ip": "ip_address",
    "submitted_at": "date_submitted&time_submitted",
    "form_id": "page_id|page_uuid",
}


BUILDER = Builder(
    "unbounce",
    marks=(("data.json",), ("page_uuid", "variant"), ("page_id", "page_name", "variant")),
    about=_UNBOUNCE_ABOUT,
    aside=("data.xml", "page_uuid", "page_id", "variant", "date_submitted", "time_submitted"),
    reshape=_is_page_builder_lead,
)
