"""Cognito Forms: nested names, and entry and form beside them."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder(
    "cognito-forms",
    marks=(("Form.InternalName",), ("Form.Id", "Entry"), ("Entry.DateSubmitted",)),
    headers=("user-agent: cognito",),
    about={
        "form_id": "Form.Id|Form.InternalName",
        "form_name": "Form.Name",
        "submission_id": "Id|Entry.Number",
        "submitted_at": "Entry.DateSubmitted|Entry.DateCreated",
        "ip": "Entry.Origin.IpAddress",
        "page_url": "Entry.Origin.Url|Entry.Origin.PageUrl",
        "user_agent": "Entry.Origin.UserAgent",
    },
    aside=("Form", "Entry", "Id", "Order", "$version", "$etag", "Entry_*", "Code"),
)
