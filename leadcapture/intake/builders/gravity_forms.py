"""Gravity Forms: a raw entry with numbers for keys, or names that an administrator chose."""

import re
from typing import Any

from leadcapture.domain.submission import Answer, Found
from leadcapture.intake.answers import answers_in, said_by
from leadcapture.intake.builders.shape import Builder, Draft, Headers
from leadcapture.intake.values import is_email, looks_like_phone

_SUB_INPUT = re.compile(r"(\d+)[._](\d+)")


_NAME_PARTS = {"2": "prefix", "3": "first_name", "4": "middle", "6": "last_name", "8": "suffix"}


_LEGAL_FORM = re.compile(
    r".*\b(ltd|limited|llc|llp|inc|gmbh|ag|ug|kg|corp|plc|s\.?a\.?s?|s\.?l\.?|s\.?r\.?l|b\.?v|"
    r"sp\. ?z ?o\. ?o|oy|ab|aps|pty)\.?",
    re.IGNORECASE | re.DOTALL,
)


_ENTRY = (
    "id form_id post_id date_created date_updated is_starred is_read ip source_url user_agent currency payment_status "
    "payment_date payment_amount payment_method transaction_id is_fulfilled created_by transaction_type status "
    "source_id submission_speeds is_approved is_synced form_title resume_token partial_entry_id"
)


_ENTRY_KEYS = tuple(_ENTRY.split())


_GRAVITY_ABOUT = {
    "submission_id": "entry_id|id",
    "form_id": "form_id",
    "form_name": "form_title",
    "page_url": "source_url",
    "ip": "ip",
    "user_agent": "user_agent",
    "submitted_at": "date_created",
}


def _gravity(tree: Any, headers: Headers) -> list[Draft]:
    numbered = isinstance(tree, dict) and any(key.isdigit() or _SUB_INPUT.fullmatch(key) for key in tree)
    plain = Builder("gravity-forms", about=_GRAVITY_ABOUT, aside=(*_ENTRY_KEYS, "entry_id"))
    if not numbered:
        return [plain.draft(tree, headers)]
    draft = plain.draft({key: value for key, value in tree.items() if key in (*_ENTRY_KEYS, "entry_id")}, headers)
    draft.answers = _entry_answers({key: value for key, value in tree.items() if key not in _ENTRY_KEYS}, draft)
    _guess_unlabelled(draft)
    return [draft]


def _entry_answers(entry: dict[str, Any], draft: Draft) -> list[Answer]:
    """Put the inputs of one field together: a name by its halves, an address, the boxes that were ticked."""
    groups: dict[str, dict[str, str]] = {}
    answers: list[Answer] = []
    for key, value in entry.items():
        match = _SUB_INPUT.fullmatch(key)
        if match is None:
            answers.extend(answers_in({key: value}))
        elif isinstance(text := said_by(value), str):
            groups.setdefault(match.group(1), {})[match.group(2)] = text
    for number, parts in groups.items():
        said = tuple(text for text in parts.values() if text)
        if _is_person(parts) and "first_name" not in draft.contact:
            for part, text in parts.items():
                name, path = _NAME_PARTS[part], f"{number}.{part}"
                if text and name.endswith("_name"):
                    draft.contact[name] = Found(text, path, "builder")
                if text:
                    answers.append(Answer(path, path, path, text))
        elif said:
            answers.append(Answer(number, number, number, said[0] if len(said) == 1 else said))
    return answers


def _is_person(parts: dict[str, str]) -> bool:
    """Only the name field has inputs 3 and 6 without 1 and 5 (an address has both, boxes count from 1)."""
    return set(parts) <= set(_NAME_PARTS) and bool(parts.get("3") or parts.get("6")) and "6" in parts


def _guess_unlabelled(draft: Draft) -> None:
    """An entry has no labels: a firm is known by its legal form, the message as the one text in sentences."""
    texts = [
        answer
        for answer in draft.answers
        if isinstance(answer.value, str)
        and answer.key.isdigit()
        and not is_email(answer.value)
        and not looks_like_phone(answer.value)
        and not answer.value.startswith(("http://", "https://"))
    ]
    for answer in texts:
        text = str(answer.value)
        if len(text) < 80 and _LEGAL_FORM.fullmatch(text):
            draft.contact.setdefault("company", Found(text, answer.path, "value"))
    sentences = [answer for answer in texts if str(answer.value).count(" ") >= 3]
    if sentences:
        longest = max(sentences, key=lambda answer: len(str(answer.value)))
        draft.contact.setdefault("message", Found(str(longest.value), longest.path, "value"))


BUILDER = Builder(
    "gravity-forms",
    marks=(("form_id", "source_url", "date_created"), ("is_starred", "date_created")),
    read=_gravity,
)
