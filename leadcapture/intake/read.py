"""One submission becomes one reading for each enquiry in it, whoever sent it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from leadcapture.domain.submission import Found, Reading, Submission
from leadcapture.errors import SubmissionRejected
from leadcapture.intake.answers import answers_in
from leadcapture.intake.builders import detect, fits, table_of
from leadcapture.intake.builders.generic import each, read_generic
from leadcapture.intake.builders.names import FROM_BROWSERS
from leadcapture.intake.builders.shape import Builder, Draft
from leadcapture.intake.builders.tilda import is_tilda_test
from leadcapture.intake.decode import Decoded, decode, from_query
from leadcapture.intake.mapper import map_answers
from leadcapture.intake.sifting import sift, without_secrets

NO_EMAIL = "no e-mail address was found in what was sent: name the field that holds it in the hook's map"
TRAPPED = "suspected spam: a field that people do not see was filled in"
_UNEXPECTED = (TypeError, ValueError, KeyError, IndexError, AttributeError, RecursionError)
_ABOUT = (
    "page_url", "landing_url", "referrer", "ip", "user_agent", "submitted_at", "submission_id", "form_id", "form_name",
    "language",
)  # fmt: skip


def read_submission(
    submission: Submission,
    builder: str,
    explicit_map: Mapping[str, str],
    *,
    max_fields: int = 1000,
    max_depth: int = 32,
) -> list[Reading]:
    """Read every enquiry of a post; what can't be read or mapped is a reading that says so. Never raises."""
    try:
        decoded = _decoded(submission, max_fields, max_depth)
    except SubmissionRejected as error:
        return [Reading(problem=f"what was sent could not be read: {error.message}")]
    table = _table(builder, submission, decoded.tree)
    readings = []
    for tree in each(decoded.tree) if table.read is read_generic else [decoded.tree]:
        payload = without_secrets(tree)
        for draft in _drafts(table, tree, submission):
            reading = _reading(draft, tree, table, submission, explicit_map)
            readings.append(replace(reading, files=decoded.files, payload=payload))
    return readings


def _decoded(submission: Submission, max_fields: int, max_depth: int) -> Decoded:
    if not submission.body.strip() and submission.query:
        return from_query(submission.query, max_fields, max_depth)
    return decode(submission.content_type, submission.body, max_fields=max_fields, max_depth=max_depth, xml=True)


def _table(builder: str, submission: Submission, tree: Any) -> Builder:
    """A hook's own builder, unless the body plainly is another's."""
    if builder in ("auto", "tilda") and is_tilda_test(tree):
        return table_of("tilda")
    named = table_of(builder)
    if builder != "auto" and fits(named, tree) and named.read is not read_generic:
        return named if named.marks or named.headers else _unmarked(named, submission, tree)
    found = table_of(detect(submission.headers, tree))
    if found.read is read_generic and builder != "auto":
        return replace(named, read=read_generic)
    return found


def _unmarked(named: Builder, submission: Submission, tree: Any) -> Builder:
    return named if named.about or named.aside else replace(named, read=read_generic)


def _drafts(table: Builder, tree: Any, submission: Submission) -> list[Draft]:
    """A body that defeats its table is still read: nothing that somebody sent may be lost to a surprise."""
    try:
        drafts = table.drafts(tree, submission.headers)
    except _UNEXPECTED:
        drafts = []
    return drafts or [Draft(answers_in(tree))]


def _reading(
    draft: Draft, tree: Any, table: Builder, submission: Submission, explicit_map: Mapping[str, str]
) -> Reading:
    controls = sift(draft, tree)
    mapped = map_answers(draft.answers, explicit_map)
    contact = _contact(mapped.contact, draft)
    reply_to = controls.get("reply_to", "").strip()
    if "email" not in contact and "@" in reply_to:
        contact["email"] = Found(reply_to, "_replyto", "key")
    return Reading(
        contact=contact,
        mapped=mapped.mapped,
        answers=tuple(draft.answers),
        tracking={name: text for name, text in draft.tracking.items() if text},
        is_test=draft.is_test,
        erase=draft.erase,
        same_person_again=table.same_person_again,
        problem=_problem(contact, controls, draft),
        **_about(draft, controls, table, submission),
    )


def _contact(guessed: Mapping[str, Found], draft: Draft) -> dict[str, Found]:
    """An explicit map wins over the builder's own word, and that over what names and values suggest."""
    explicit = {name: found for name, found in guessed.items() if found.method == "map"}
    return {**guessed, **draft.contact, **explicit}


def _about(draft: Draft, controls: Mapping[str, str], table: Builder, submission: Submission) -> dict[str, Any]:
    about = {name: controls[name] for name in _ABOUT if controls.get(name)} | draft.about
    if not about.get("page_url") and table.name in FROM_BROWSERS:
        about["page_url"] = submission.headers.get("referer", "")
    about["page_url"] = about.get("page_url") or about.get("landing_url", "")
    if about.get("referrer") == about.get("page_url"):
        about.pop("referrer", None)
    return {name: text for name in _ABOUT if (text := about.get(name, "").strip())}


def _problem(contact: Mapping[str, Found], controls: Mapping[str, str], draft: Draft) -> str | None:
    if draft.problem or draft.is_test or draft.erase:
        return draft.problem
    if controls.get("honeypot", "").strip():
        return TRAPPED
    return None if "email" in contact else NO_EMAIL
