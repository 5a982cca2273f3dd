"""Jotform: the answers are a JSON text in one part; keys are the first words of the labels."""

import re
from typing import Any

from leadcapture.intake.builders.shape import Builder, find, text_at
from leadcapture.intake.vocabulary_controls import tracking_name

_JOTFORM_NOISE = (
    "slug", "uploadServerUrl", "eventObserver", "jsExecutionTracker", "submitSource", "submitDate",
    "buildDate", "event_id",
    "timeToSubmit", "validatedNewRequiredFieldIDs", "path", "JWTContainer", "visitedPages", "temp_upload",
    "file_server",
    "target_env", "embedUrl", "preview", "simple_spc", "website", "anum", "dnt", "uploadedFiles", "input_language",
    "isUniqueSubmission", "draftID", "mobileApp", "appID", "captcha",
)  # fmt: skip


_JOTFORM_ABOUT = {
    "submission_id": "submissionID|submission_id",
    "form_id": "formID|form_id",
    "form_name": "formTitle|form_title",
    "ip": "ip",
    "submitted_at": "rawRequest.submitDate|created_at",
    "page_url": "rawRequest.embedUrl|rawRequest.referer",
}


_JOTFORM_OUTER = (
    "action", "webhookURL", "username", "type", "customParams", "product", "customTitle", "event",
    "documentID", "teamID",
    "subject", "isSilent", "customBody", "fromTable", "appID", "pretty", "unread", "parent", "formID", "formTitle",
    "submissionID", "ip",
)  # fmt: skip


_JOTFORM_KEY = re.compile(r"q\d+_\w+")


def _labelled_by_pretty(tree: Any) -> Any:
    """The keys are the first words of the labels; `pretty` has them whole, but only its values part it safely."""
    raw, pretty = find(tree, "rawRequest"), text_at(tree, "pretty")
    if not isinstance(raw, dict) or not pretty:
        return tree
    labelled = {key: _with_label(key, value, pretty) for key, value in raw.items()}
    return {**tree, "rawRequest": labelled}


def _with_label(key: str, value: Any, pretty: str) -> Any:
    if not _JOTFORM_KEY.fullmatch(key) or not isinstance(value, str) or len(value) < 2 or tracking_name(key):
        return value
    found = re.findall(rf"(?:^|, )([^:]{{1,200}}):{re.escape(' '.join(value.split()))}(?=, |$)", pretty)
    return {"key": key, "label": found[0].rpartition(", ")[2] or key, "value": value} if len(found) == 1 else value


BUILDER = Builder(
    "jotform",
    marks=(("rawRequest",), ("formID", "submissionID"), ("webhookURL", "formTitle")),
    headers=("user-agent: jotform",),
    answers=("rawRequest",),
    about=_JOTFORM_ABOUT,
    aside=(*_JOTFORM_OUTER, *(f"rawRequest.{name}" for name in _JOTFORM_NOISE)),
    reshape=_labelled_by_pretty,
)
