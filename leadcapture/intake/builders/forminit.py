"""Getform, now Forminit: the person is the sender, the post is described beside it."""

from typing import Any

from leadcapture.intake.builders.shape import Builder, find, text_at


def _is_forminit_test(tree: Any) -> bool:
    return text_at(tree, "event|type").lower() in ("test", "webhook.test", "ping") or find(tree, "test") is True


BUILDER = Builder(
    "getform-forminit",
    marks=(("data.sender",), ("submission_info",), ("sender", "submission_info"), ("submission.sender",)),
    headers=("x-forminit-signature", "x-getform-signature", "user-agent: forminit", "user-agent: getform"),
    about={
        "submission_id": "id|submission.id|data.id|submissionId",
        "form_id": "form_id|formId|form.id|data.form_id",
        "form_name": "form_name|formName|form.name",
        "submitted_at": "created_at|createdAt|submission_info.created_at|data.created_at|submissionDate",
        "page_url": "submission_info.referer|data.submission_info.referer|submission_info.page_url",
        "ip": "submission_info.ip|data.submission_info.ip|submission_info.location.ip",
        "user_agent": "submission_info.user_agent|data.submission_info.user_agent",
    },
    aside=(
        "id",
        "form_id",
        "form",
        "event",
        "type",
        "submission_info",
        "data.submission_info",
        "data.id",
        "created_at",
    ),
    is_test=_is_forminit_test,
)
