"""Bodies of builders that nobody has described: where in the envelope the visitor's answers are."""

import re
from typing import Any

from leadcapture.domain.submission import Answer
from leadcapture.intake.answers import answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, text_at
from leadcapture.intake.labels_apart import with_labels
from leadcapture.intake.vocabulary_about import about_field
from leadcapture.intake.wording import squeezed

_CONTAINER_NAMES = """
    data payload fields answers submission values formdata response responses contact lead entry record person customer
    body formfields formvalues userdata visitor inputs input fieldvalues submissiondata formresponse form
    formsubmission attributes properties details questions content result params variables enquiry inquiry sender
    respondent submissions humanfields userinput items leaddata leadinfo contactdata message event
    """
_CONTAINERS = frozenset(_CONTAINER_NAMES.split())
_BATCH_WORDS = "leads submissions entries records contacts responses items results events data"
_BATCHES = frozenset(_BATCH_WORDS.split())
_VALUE_WORDS = "value values answer answers fieldvalue fieldinputvalue stringvalue response uservalue answertext"
_VALUE_NAMES = frozenset(_VALUE_WORDS.split())
_ENVELOPE_NAMES = ("name", "title", "label")
_HOLDERS = "submission response form_response formSubmission form_submission formResponse lead entry record"
_IDS = "|".join(
    (
        *(f"{holder}.{name}" for holder in _HOLDERS.split() for name in ("id", "uuid", "token", "guid", "uid")),
        *(f"{outer}.{holder}.id" for outer in ("payload", "data") for holder in _HOLDERS.split()),
        "payload.uid|data.uid|payload.id|data.id|submission|id|_id|uuid|guid",
    )
)
_ABOUT = {
    "form_id": "form.id|form.uuid|form.slug|data.form.id|payload.form.id|submission.form.id",
    "form_name": "form_name|formName|form_title|formTitle|"
    "form.name|form.title|data.form.name|data.form.title|payload.form.name|payload.form.title|"
    "submission.form.name|form",
    "page_url": "page.url|data.page.url|payload.page.url|meta.url|metadata.url|context.page.url|data.meta.url",
}
_ASIDE = ("form.id", "form.uuid", "form.slug", "form.name", "form.title")


def read_generic(tree: Any, headers: Headers) -> list[Draft]:
    """Return the one draft of an unknown body."""
    return [_draft(tree)]


def each(tree: Any) -> list[Any]:
    """Return the bodies within a body: a batch is several enquiries; a list of {label, value} is one."""
    if isinstance(tree, list):
        return tree if tree and all(_is_person(item) for item in tree) else [tree]
    if isinstance(tree, dict):
        for key, value in tree.items():
            if squeezed(key) in _BATCHES and isinstance(value, list) and value and all(map(_is_person, value)):
                return value
    return [tree]


def _is_person(item: Any) -> bool:
    if not isinstance(item, dict) or {squeezed(key) for key in item} & _VALUE_NAMES:
        return False
    return any("@" in answer.text for answer in answers_in(item))


def _draft(tree: Any) -> Draft:
    about = {name: text for name, paths in _ABOUT.items() if (text := text_at(tree, paths))}
    within = _innermost(tree)
    said = answers_in(tree)
    if within:
        said.sort(key=lambda answer: not answer.path.startswith(f"{within}."))
        outer_name = next((a for a in said if a.path.lower() in _ENVELOPE_NAMES and "." not in a.path), None)
        for answer in list(said):
            if _is_of_envelope(answer.path, within):
                said.remove(answer)
        if outer_name is not None:
            about.setdefault("form_name", outer_name.text)
    said = [answer for answer in said if answer.path not in _ASIDE and not _is_id(answer.path)]
    said = [answer for answer in with_labels(said, tree) if not _is_noise(answer, within)]
    explicit = any(about_field(answer) == "submission_id" for answer in said)
    if not explicit and (submission_id := text_at(tree, _IDS)):
        about["submission_id"] = submission_id
    return Draft(said, about)


def _is_id(path: str) -> bool:
    return squeezed(path.rpartition(".")[2]) in ("id", "uuid", "guid", "objectid")


_EVENT_WORDS = "event type topic action trigger triggerevent eventtype eventname object objecttype model kind"
_EVENT_NAMES = frozenset(_EVENT_WORDS.split())
_ENVELOPE_IDS = "eventid webhookid deliveryid hookid apiversion eventuuid updatedat updatedon modifiedat archived spam"
_MACHINE_NAMES = frozenset(_ENVELOPE_IDS.split())
_CONSTANT = re.compile(
    r"[A-Za-z]+(?:[._:/-][A-Za-z0-9]+)+|[A-Z]+(?:_[A-Z0-9]+)*|[a-z]+[A-Z]\w+|submi\w+|created?|updated?|subscribed?|lead"
)


def _is_noise(answer: Answer, within: str) -> bool:
    """Say whether a value beside the answers is only for machines."""
    if within and answer.path.startswith(f"{within}."):
        return False
    short = squeezed(answer.path.rpartition(".")[2])
    if short in _MACHINE_NAMES:
        return True
    return (
        short in _EVENT_NAMES and bool(within or short.startswith("event")) and bool(_CONSTANT.fullmatch(answer.text))
    )


def _is_of_envelope(path: str, within: str) -> bool:
    """`name` or `title` beside the answers, at any level above them, names the form and no person."""
    parent, _, last = path.rpartition(".")
    above = parent != within and f"{within}.".startswith(f"{parent}." if parent else "")
    return last.lower() in _ENVELOPE_NAMES and above


def _innermost(tree: Any, path: str = "", depth: int = 0) -> str:
    """Return the path of the container that holds the visitor's answers, "" when they are at the top."""
    if depth > 6 or not isinstance(tree, dict):
        return path
    direct = [value for value in tree.values() if isinstance(value, str)]
    if any("@" in value for value in direct):
        return path
    best = ""
    for key, value in tree.items():
        if squeezed(key) in _CONTAINERS and isinstance(value, dict | list) and _mentions_person(value):
            best = best or _innermost(value, f"{path}.{key}" if path else key, depth + 1)
    return best or path


def _mentions_person(tree: Any) -> bool:
    return any("@" in answer.text for answer in answers_in(tree))


GENERIC = Builder("generic", read=read_generic)
"""Any body that no table describes."""
