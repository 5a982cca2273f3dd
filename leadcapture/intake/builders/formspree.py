"""Formspree: a browser post with control names, or Formspree's own notice of it."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder(
    "formspree",
    headers=("formspree-signature", "user-agent: formspree"),
    marks=(("_replyto",), ("_gotcha",), ("_next",), ("submission._date",)),
    about={
        "submission_id": "submission.id|submission._id",
        "form_id": "form|submission._form",
        "submitted_at": "submission._date|_date",
    },
    answers=("submission",),
    aside=("submission._date", "submission._id", "submission._status", "submission._form", "keys"),
)
