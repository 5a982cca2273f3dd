"""Duda: a list of labelled fields, one of which is the name of the form."""

from typing import Any

from leadcapture.intake.builders.shape import Builder, find, text_at


def _duda(tree: Any) -> Any:
    """A pseudo-field names the form; the others are `field_label`, `field_value`, `field_type`."""
    fields = find(tree, "data.fieldsData")
    if not isinstance(fields, list):
        return tree
    name = next((text_at(item, "field_value") for item in fields if text_at(item, "field_type") == "form_title"), "")
    kept: list[Any] = [item for item in fields if text_at(item, "field_type") != "form_title"]
    beside = {
        key: value for key, value in tree["data"].items() if key.lower().startswith(("utm_", "gclid", "form_name"))
    }
    kept.append({**beside, "form_name": name})
    return {**tree, "data": {**tree["data"], "fieldsData": kept}}


BUILDER = Builder(
    "duda",
    marks=(("data.fieldsData",), ("event_type", "resource_data.site_name")),
    headers=("x-duda-signature",),
    answers=("data.fieldsData",),
    about={"submitted_at": "event_timestamp", "page_url": "data.page_url|data.pageUrl", "ip": "data.ip"},
    aside=("data.recipients", "data.emailSubject", "data.emailSender", "resource_data", "event_type", "source"),
    reshape=_duda,
)
