"""How a lead's content is written down: JSON, with nothing that is empty."""

import json
from datetime import datetime
from typing import Any

import orjson

from leadcapture.domain import attribution
from leadcapture.domain.lead import Consent, Content, surname_key
from leadcapture.domain.submission import Answer, FilePart

NOTHING = "{}"
"""The content of an erased lead."""

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
TEXTS = ("message", "message_from", "subject", "language", "builder", "ip", "user_agent", "submitted_at")


def to_json(content: Content) -> str:
    """Write a lead's content as one JSON object."""
    raw: dict[str, Any] = {
        "answers": [_answer_out(a) for a in content.answers],
        "mapped": dict(content.mapped),
    }
    if content.found_by:
        raw["found_by"] = dict(content.found_by)
    raw["attribution"] = attribution.to_json(content.attribution)
    if content.consent:
        consent = content.consent
        raw["consent"] = {"wording": consent.wording, "given": consent.given, "at": consent.at.isoformat()}
    if content.files:
        raw["files"] = [[f.field, f.filename, f.size_bytes] for f in content.files]
    for name in TEXTS:
        if text := getattr(content, name):
            raw[name] = text
    return _written(raw)


def _written(raw: dict[str, Any]) -> str:
    """Write JSON; what holds half of a letter, which orjson won't write, as Python does (see `storable`)."""
    try:
        return orjson.dumps(raw).decode()
    except orjson.JSONEncodeError:
        return _JSON.encode(raw)


def from_json(text: str) -> Content:
    """Read what `to_json` wrote; an erased lead's "{}" is empty content, what can't be read damaged content.

    One row that a bad deploy, a bad disk or a hand has spoilt must not hold up all that are read with it.
    """
    try:
        return _read(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        return Content(damaged=True)


def _read(raw: Any) -> Content:
    consent = raw.get("consent")
    return Content(
        answers=tuple(_answer_in(a) for a in raw.get("answers", ())),
        mapped=raw.get("mapped", {}),
        found_by=raw.get("found_by", {}),
        attribution=attribution.from_json(raw.get("attribution", {})),
        consent=consent and Consent(consent["wording"], consent["given"], datetime.fromisoformat(consent["at"])),
        files=tuple(FilePart(*f) for f in raw.get("files", ())),
        **{name: raw.get(name, "") for name in TEXTS},
    )


def storable(text: str) -> str:
    """Return text as both databases can hold it: no NUL, no half of a letter. What arrived is kept as it came."""
    text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def found_by(said: Content) -> dict[str, str]:
    """Return the columns by which people look for a lead, as they follow from what it says: email, name, surname."""
    name = said.mapped.get("coworker.FullName", "")[:200]
    return {
        "email": storable(said.email.casefold()[:320]),
        "name": storable(name),
        "surname": storable(surname_key(name)),
    }


def _answer_out(answer: Answer) -> list[Any]:
    value = answer.value if isinstance(answer.value, str) else list(answer.value)
    return [answer.path, answer.key, answer.label, value, answer.type]


def _answer_in(raw: list[Any]) -> Answer:
    path, key, label, value, kind = raw
    return Answer(path, key, label, value if isinstance(value, str) else tuple(value), kind)
