"""Basin: flat, or within `data`."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder(
    "basin",
    headers=("x-basin-signature", "user-agent: basin"),
    marks=(("attachments", "id", "email"), ("id", "form_id", "spam")),
    answers=("data",),
    about={
        "submission_id": "id|data.id",
        "form_name": "form_name|data.form_name",
        "form_id": "form_id|data.form_id",
        "submitted_at": "created_at|data.created_at",
        "page_url": "referrer|data.referrer|page_url",
        "ip": "ip|data.ip",
        "user_agent": "user_agent|data.user_agent",
    },
    aside=("id", "data.id", "spam", "data.spam", "form_id", "data.form_id", "webhook_url"),
)
