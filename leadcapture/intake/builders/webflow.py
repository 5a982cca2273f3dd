"""Webflow, first and second version: labels as keys, the form's name under `name`."""

from typing import Any

from leadcapture.intake.builders.shape import Builder, as_list, find, text_at


def _typed(tree: Any) -> Any:
    """The second version says beside the answers of what type each field is."""
    data, kinds = find(tree, "payload.data"), find(tree, "payload.schema")
    if not isinstance(data, dict) or not kinds:
        return tree
    types = {text_at(item, "fieldName"): text_at(item, "fieldType") for item in as_list(kinds)}
    said = [{"key": key, "type": types.get(key, ""), "value": value} for key, value in data.items()]
    return {**tree, "payload": {**tree["payload"], "data": said}}


BUILDER = Builder(
    "webflow",
    marks=(("triggerType", "payload.data"), ("name", "site", "data", "_id"), ("payload.formElementId",)),
    headers=("x-webflow-signature", "x-webflow-timestamp", "user-agent: webflow"),
    answers=("payload.data", "data"),
    about={
        "submission_id": "payload.id|_id",
        "form_id": "payload.formId|formId",
        "form_name": "payload.name|name",
        "submitted_at": "payload.submittedAt|d",
    },
    aside=("payload", "triggerType", "name", "site", "_id", "d"),
)
