"""ClickFunnels 2.0: an event around a contact; each step of a funnel sends the same person again."""

from leadcapture.intake.builders.shape import Builder

_CF_ASIDE = (
    "data.id", "data.page_id", "data.funnel_id", "data.public_id", "data.workspace_id", "data.created_at",
    "data.updated_at",
    "event_id", "event_type", "subject_id", "subject_type", "created_at", "api_version", "workspace_id",
    "data.visit_id",
    "data.uuid", "data.anonymous", "data.unsubscribed_at", "data.last_notification_email_sent_at", "data.contact_id",
    "data.data.contact.id", "data.data.contact.public_id", "data.contact.id", "data.contact.public_id", "data.tags",
)  # fmt: skip


BUILDER = Builder(
    "clickfunnels-2",
    marks=(("event_type", "subject_type", "data"), ("subject_id", "workspace_id")),
    headers=("x-webhook-clickfunnels-signature", "user-agent: clickfunnels"),
    about={
        "submission_id": "data.id|event_id",
        "submitted_at": "data.created_at|created_at",
        "page_url": "data.page_url|data.url|data.data.page_url|data.data.url",
        "form_name": "data.page_name|data.form_name",
    },
    aside=_CF_ASIDE,
    same_person_again=True,
)
