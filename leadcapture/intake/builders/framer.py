"""Framer: flat names; the id of the submission is a header."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder(
    "framer",
    headers=("framer-signature", "framer-webhook-submission-id", "user-agent: framer"),
    about={"submission_id": "header:framer-webhook-submission-id"},
)
