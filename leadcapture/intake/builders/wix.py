"""Wix: four generations; the person is the contact, what else was said is a list or opaque ids."""

import re
from dataclasses import replace
from typing import Any

from leadcapture.domain.submission import Answer, Found
from leadcapture.intake.answers import answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at, without

_WIX_ASIDE = (
    "context", "_context", "contactId", "formId", "formName", "submissionId", "submissionTime", "submissionsLink",
    "formFieldMask", "contact", "metaSiteId", "instanceId", "triggerKey", "revision", "status", "seen",
)  # fmt: skip


_WIX_ABOUT = {
    "submission_id": "submissionId|submission.id|id",
    "form_id": "formId|submission.formId",
    "form_name": "formName|form_name|formTitle",
    "submitted_at": "submissionTime|submission.createdDate|createdDate|submitted_at",
    "page_url": "pageUrl|page_url|submissionPageUrl",
}


def _wix(tree: Any, headers: Headers) -> list[Draft]:
    data = tree
    for wrapper in ("data", "payload"):
        if isinstance(find(data, wrapper), dict):
            data = find(data, wrapper)
    draft = Draft(about={name: text for name, paths in _WIX_ABOUT.items() if (text := text_at(data, paths))})
    _wix_person(find(data, "contact"), draft)
    listed = find(data, "submissions") or find(data, "submission.submissions")
    if listed:
        draft.answers = answers_in(listed, "submissions")
        known = {answer.text.strip() for answer in draft.answers}
    else:
        known = set()
    rest = without(data, (*_WIX_ASIDE, "submissions", "submission"))
    draft.answers += [_wix_named(answer) for answer in answers_in(rest) if answer.text.strip() not in known]
    _wix_unlabelled(draft)
    return [draft]


_WIX_KEY = re.compile(r"field:(?!comp-)([A-Za-z][\w-]*?)(?:_[0-9a-f]{1,5})?")


def _wix_named(answer: Answer) -> Answer:
    """`field:first_name_1a`: the form's own name for it, and a few digits against doubles."""
    match = _WIX_KEY.fullmatch(answer.key)
    return replace(answer, label=match.group(1).replace("_", " ")) if match else answer


def _wix_person(contact: Any, draft: Draft) -> None:
    paths = {
        "first_name": "name.first|firstName|first_name",
        "last_name": "name.last|lastName|last_name",
        "email": "email|primaryEmail|emails.0.email|primaryInfo.email|emails.0",
        "phone": "phone|primaryPhone|phones.0.formattedPhone|phones.0.phone|primaryInfo.phone|phones.0",
        "company": "company|companyName|info.company",
    }
    for name, path in paths.items():
        text = text_at(contact, path)
        if text:
            draft.contact[name] = Found(text, f"contact.{path.split('|')[0]}", "builder")
    if "last_name" not in draft.contact and " " in getattr(draft.contact.get("first_name"), "value", ""):
        draft.contact["full_name"] = draft.contact.pop("first_name")


def _wix_unlabelled(draft: Draft) -> None:
    """`field:comp-…` says nothing of what it is: the longest text that is not the person's own is the message."""
    own = {found.value for found in draft.contact.values()}
    texts = [
        answer
        for answer in draft.answers
        if answer.key.startswith("field:") and answer.text not in own and answer.text.count(" ") >= 2
    ]
    if texts and all(answer.label.startswith("field:") for answer in draft.answers):
        longest = max(texts, key=lambda answer: len(answer.text))
        draft.contact["message"] = Found(longest.text, longest.path, "value")


BUILDER = Builder(
    "wix",
    marks=(
        ("data.contact", "data.submissionId"),
        ("data.formName", "data.submissionTime"),
        ("formName", "submissions"),
        ("data.submissions", "data.formName"),
        ("data.submissions", "data.formId"),
        ("data._context",),
        ("data.field:*",),
        ("field:*",),
        ("submissionTime", "formName"),
    ),
    headers=("user-agent: wix",),
    read=_wix,
)
