"""123FormBuilder: fields by id with their labels."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder(
    "123formbuilder",
    marks=(("fields", "submission_id"), ("data.content.submission_id",), ("submission_id", "form_id", "refid")),
    about={
        "submission_id": "submission_id|xml_id|id|data.submission_id",
        "form_id": "form_id|data.form_id",
        "form_name": "form_name|form_title",
        "ip": "ip|ip_address|data.ip",
        "submitted_at": "date|submission_date|created_at|data.date",
        "page_url": "referer|referrer|page_url",
    },
    answers=("fields", "content", "data.content", "data.fields"),
    aside=("submission_id", "form_id", "refid", "language"),
)
