"""The CRM's complaints about a record, cut down to what may be kept: a field and a short sentence."""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

from leadcapture.nexudus.answer import Answer

_LONGEST_MESSAGE = 200
_SHORTEST_ECHO = 3
_HIDDEN = "…"
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,79}")
_FIELD_AND_TEXT = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,79})\s*:\s*(.+)", re.DOTALL)
_NOT_A_FIELD = re.compile(r"(error|exception|message|warning)$", re.IGNORECASE)
_GENERIC = re.compile(r"\booo*ps\b|an error has occurred", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>'\"]+@[^\s@<>'\"]+")
_QUOTED = re.compile(r"(?<!\w)(['\"“‘]).+?['\"”’](?!\w)")
_TAG = re.compile(r"<[^<>]{0,200}>")
_BOUND = re.compile(r"\b(limit|maximum|max|quota|exceed\w*|too many|more than)\b", re.IGNORECASE)
_NUMBER_OF_ALL = re.compile(r"(?<![\d.,])5[,. ]?000(?![\d]|[.,]\d)")
_LENGTH = re.compile(r"\b(characters?|length|long(er)?|chars?)\b", re.IGNORECASE)


def faults_of(answer: Answer, sent: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return (field, message) for each complaint of a validation reply, or nothing when it is none.

    Reads `Errors`, else a `Message` of the form "Field: text"; both are validations with any status
    (contract 4.7). A wrapper that failed without either gives its `Message`. The CRM's general error is not a
    validation. `AttemptedValue`, the texts in `sent`, e-mail addresses and whatever is quoted are taken out.
    """
    entries = answer.record.get("Errors")
    found = [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    attempted = (e.get("AttemptedValue") for e in found)
    hidden = [*sent, *(str(value) for value in attempted if isinstance(value, str | int | float))]
    faults = [
        (_field(e.get("PropertyName")), _sentence(e.get("Message"), hidden))
        for e in found
        if not _GENERIC.search(str(e.get("Message") or ""))
    ]
    return faults or _from_message(answer, hidden)


def _from_message(answer: Answer, hidden: Sequence[str]) -> list[tuple[str, str]]:
    message = answer.record.get("Message")
    if not isinstance(message, str) or not message.strip():
        return []
    named = _FIELD_AND_TEXT.match(message.strip())
    if named and not _NOT_A_FIELD.search(named.group(1)) and not _GENERIC.search(message):
        return [(named.group(1), _sentence(named.group(2), hidden))]
    if answer.succeeded and answer.record.get("WasSuccessful") is False:
        return [("record", _sentence(message, hidden))]
    return []


def says_generic(answer: Answer) -> bool:
    """Say whether this is the CRM's "Ooops!" or unhandled error, which explains nothing (contract 4.7)."""
    message = answer.record.get("Message")
    text = message if isinstance(message, str) else answer.text if answer.payload is not None else ""
    return bool(_GENERIC.search(text))


def says_full(answer: Answer, sent: Sequence[str] = ()) -> bool:
    """Say whether the CRM speaks of its bound on opportunities, and not of a text's length (contract 8.6).

    The real wording is unknown (contract U7): a bound together with opportunities, or the bound's own number.
    """
    said = [answer.record.get("Message"), *(m for _, m in faults_of(answer, sent))]
    for text in (_sentence(s, sent) for s in said if isinstance(s, str)):
        if _LENGTH.search(text):
            continue
        if _NUMBER_OF_ALL.search(text) or (_BOUND.search(text) and "opportunit" in text.lower()):
            return True
    return False


def _field(name: Any) -> str:
    """Keep a property's name only if it looks like one."""
    return name if isinstance(name, str) and _FIELD.fullmatch(name) else "record"


def _sentence(text: Any, hidden: Iterable[str]) -> str:
    """Bring the CRM's words to one short line without anybody's data."""
    line = _TAG.sub(" ", html.unescape(text if isinstance(text, str) else ""))
    for value in sorted({h.strip() for h in hidden}, key=len, reverse=True):
        if len(value) >= _SHORTEST_ECHO:
            line = re.sub(re.escape(value), _HIDDEN, line, flags=re.IGNORECASE)
    line = _QUOTED.sub(_HIDDEN, _ADDRESS.sub(_HIDDEN, line))
    line = " ".join(line.split())
    return line[:_LONGEST_MESSAGE] or "is not accepted"
