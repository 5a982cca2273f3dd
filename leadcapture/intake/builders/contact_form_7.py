"""Contact Form 7: tag names, special mail tags, and the controls of its own browser post."""

from leadcapture.intake.builders.shape import Builder

_CF7_ASIDE = (
    "_wpcf7*", "_post_id", "_post_name", "_post_author", "_post_author_email", "_site_title", "_site_description",
    "_site_url", "_site_admin_email", "_user_login", "_user_email", "_user_first_name", "_user_last_name",
    "_user_nickname",
    "_user_display_name", "_invalid_fields", "_serial_number", "_post_url", "_url", "_remote_ip",
    "_user_agent", "_date",
    "_time", "_hash", "_referer",
)  # fmt: skip


BUILDER = Builder(
    "contact-form-7",
    marks=(("_wpcf7",), ("_wpcf7_unit_tag",), ("your-name",), ("your-email",), ("_post_title", "_url")),
    about={
        "page_url": "_url|_post_url",
        "ip": "_remote_ip",
        "user_agent": "_user_agent",
        "submitted_at": "_date&_time",
        "form_id": "_wpcf7",
        "language": "_wpcf7_locale",
        "referrer": "_referer",
    },
    aside=_CF7_ASIDE,
)
