"""Fillout: questions, and what stood in the address of the form."""

from typing import Any

from leadcapture.intake.answers import said_by
from leadcapture.intake.builders.shape import Builder, as_list, find, text_at


def _fillout(tree: Any) -> Any:
    """Questions, and what the form's own address said; a parameter may hold someone's address: prefill, no answer."""
    submission = find(tree, "submission") if isinstance(find(tree, "submission"), dict) else tree
    parameters = submission.get("urlParameters") if isinstance(submission, dict) else None
    hidden = {
        text_at(item, "name|id"): find(item, "value")
        for item in as_list(parameters or [])
        if isinstance(said_by(find(item, "value")), str)
    }
    kept = {"questions": find(submission, "questions") or [], "scheduling": find(submission, "scheduling")}
    return {**tree, "said": {**kept, "prefill": hidden}}


BUILDER = Builder(
    "fillout",
    marks=(("submission.questions",), ("questions", "submissionId", "urlParameters")),
    answers=("said",),
    about={
        "submission_id": "submission.submissionId|submissionId",
        "form_id": "formId|submission.formId",
        "form_name": "formName|submission.formName",
        "submitted_at": "submission.submissionTime|submissionTime|submission.lastUpdatedAt",
    },
    reshape=_fillout,
)
