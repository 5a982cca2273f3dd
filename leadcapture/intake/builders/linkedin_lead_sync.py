"""LinkedIn lead sync: notices of ids only, one of which asks to erase."""

from typing import Any

from leadcapture.intake.answers import answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at

_IDS_ONLY = (
    "LinkedIn sent ids only: this notice says that there is a lead, and not whose. Send the lead itself, for instance "
    "through Zapier or Make."
)


def _linkedin(tree: Any, headers: Headers) -> list[Draft]:
    about = {
        "submission_id": "leadGenFormResponse|id",
        "form_id": "leadGenForm|versionedLeadGenFormUrn",
        "submitted_at": "occurredAt|submittedAt",
    }
    draft = Builder("linkedin-lead-sync", about=about).draft(tree, headers)
    said = find(tree, "formResponse.answers") or find(tree, "answers")
    if said:
        draft.answers = answers_in(said, "answers")
        return [draft]
    draft.answers = []
    draft.erase = text_at(tree, "leadAction").upper() == "DELETED"
    draft.problem = _IDS_ONLY
    draft.is_test = text_at(tree, "testLead").lower() == "true"
    return [draft]


BUILDER = Builder(
    "linkedin-lead-sync",
    marks=(("leadGenFormResponse",), ("leadGenForm",), ("formResponse.answers",)),
    headers=("x-li-signature",),
    read=_linkedin,
)
