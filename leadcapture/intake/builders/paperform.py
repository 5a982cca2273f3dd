"""Paperform: a list of questions, and the device that they were answered on."""

from typing import Any

from leadcapture.intake.builders.shape import Builder, find, text_at


def _is_partial(tree: Any) -> bool:
    return "partial" in text_at(tree, "trigger")


def _paperform(tree: Any) -> Any:
    """The device carries the attribution; its other members are no answers."""
    device = find(tree, "device")
    if not isinstance(find(tree, "data"), list) or not isinstance(device, dict):
        return tree
    return {**tree, "data": [*tree["data"], {key: value for key, value in device.items() if key.startswith("utm_")}]}


BUILDER = Builder(
    "paperform",
    marks=(("data", "submission_id", "device"), ("slug", "submission_id", "data")),
    answers=("data",),
    about={
        "submission_id": "submission_id",
        "form_id": "form_id",
        "submitted_at": "created_at",
        "ip": "ip_address|device.ip_address",
        "page_url": "device.url",
        "user_agent": "device.user_agent",
    },
    reshape=_paperform,
    is_test=_is_partial,
)
