"""Fluent Forms: machine names, and the record of the submission beside them."""

from typing import Any

from leadcapture.intake.answers import answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find
from leadcapture.intake.vocabulary_controls import tracking_name


def _fluent(tree: Any, headers: Headers) -> list[Draft]:
    aside: tuple[str, ...] = ("__submission", "_wp_http_referer", "__fluent_form_embded_post_id", "_fluentform_*")
    repeated = find(tree, "__submission.user_inputs")
    outer = [key for key in tree if not key.startswith("_")] if isinstance(tree, dict) else []
    draft = Builder("fluent-forms", about=_FLUENT_ABOUT, aside=aside).draft(tree, headers)
    if not outer and isinstance(repeated, dict):
        draft.answers = answers_in(repeated, "__submission.user_inputs")
    draft.answers = [answer for answer in draft.answers if tracking_name(answer.key) or answer.text]
    return [draft]


_FLUENT_ABOUT = {
    "submission_id": "__submission.id|entry_id|submission_id",
    "form_id": "__submission.form_id|form_id",
    "page_url": "__submission.source_url|source_url",
    "ip": "__submission.ip|ip",
    "submitted_at": "__submission.created_at|created_at",
}


BUILDER = Builder("fluent-forms", marks=(("__submission",), ("__fluent_form_embded_post_id",)), read=_fluent)
