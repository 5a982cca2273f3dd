"""Which canonical field a key or a label names."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from leadcapture.intake import vocabulary, vocabulary_east, vocabulary_enquiry
from leadcapture.intake.wording import remembered, words


class Named(NamedTuple):
    """A field that a text names: a canonical field, "name" (whole or half), "other" or "someone_else"; `exact` if by
    all its words."""

    field: str
    exact: bool
    doubtful: bool = False


def _phrases(text: str) -> Iterator[str]:
    for phrase in text.replace("\n", " ").split(","):
        spelled = " ".join(words(phrase.strip()))
        if spelled:
            yield spelled


def _table() -> dict[str, str]:
    sources = (
        ("other", vocabulary_east.OTHER + "," + vocabulary_enquiry.OTHER),
        ("message", vocabulary_east.MESSAGE + "," + vocabulary_enquiry.MESSAGE),
        ("company", vocabulary_east.COMPANY + "," + vocabulary_enquiry.COMPANY),
        ("name", vocabulary_east.NAME + "," + vocabulary.NAME),
        ("full_name", vocabulary_east.FULL_NAME + "," + vocabulary.FULL_NAME),
        ("first_name", vocabulary_east.FIRST_NAME + "," + vocabulary.FIRST_NAME),
        ("last_name", vocabulary_east.LAST_NAME + "," + vocabulary.LAST_NAME),
        ("phone", vocabulary_east.PHONE + "," + vocabulary.PHONE),
        ("email", vocabulary_east.EMAIL + "," + vocabulary.EMAIL),
        ("someone_else", vocabulary_enquiry.SOMEONE_ELSE),
        ("less_likely", vocabulary_enquiry.LESS_LIKELY),
    )
    return {phrase: field for field, text in sources for phrase in _phrases(text)}


def _is_ideographic(text: str) -> bool:
    return any("\u3040" <= mark <= "\u9fff" or "\uac00" <= mark <= "\ud7a3" for mark in text)


class Vocabulary(NamedTuple):
    """The phrases that name fields, and those that only say more about one."""

    table: dict[str, str]
    exact_only: frozenset[str]
    qualifiers: frozenset[str]
    longest: int
    unspaced: list[str]


@cache
def spoken_words() -> Vocabulary:
    """Return the vocabulary: made when it is first wanted, since a process that only delivers never needs it."""
    table = _table()
    return Vocabulary(
        table=table,
        exact_only=frozenset(_phrases(vocabulary_east.EXACT_ONLY + "," + vocabulary_enquiry.EXACT_ONLY)),
        qualifiers=frozenset(_phrases(vocabulary_east.QUALIFIERS + "," + vocabulary_enquiry.QUALIFIERS)),
        longest=max(phrase.count(" ") + 1 for phrase in table),
        unspaced=sorted(
            (phrase for phrase in table if len(phrase) > 1 and " " not in phrase and _is_ideographic(phrase)),
            key=len,
            reverse=True,
        ),
    )


_GLUED = ("email", "phone", "mobile", "telephone", "phonenumber", "message", "company", "fullname")
"""Endings of keys that were written without any separator (`contactemail`, `input_phone2`)."""


@remembered
def named(text: str) -> Named | None:
    """Say which field `text` names, or None when it names nothing that we know."""
    spoken = words(text)
    whole = " ".join(spoken)
    if not whole:
        return None
    field = spoken_words().table.get(whole) or spoken_words().table.get(_without_qualifiers(spoken))
    if spoken[-1] == "id" and len(spoken) > 1 and field != "email":
        return Named("other", True)
    if field is not None and field not in ("someone_else", "less_likely"):
        return Named(field, True)
    met, rest = _met(spoken)
    return _decided(met, rest) if met else _alike(rest) or _glued(whole)


def _alike(rest: list[str]) -> Named | None:
    """Words that are too common each for itself, and all mean the same field (`Tel. portable`)."""
    fields = {spoken_words().table.get(word, "") for word in rest}
    field = fields.pop() if len(fields) == 1 else ""
    return Named(field, False) if field and field not in ("other", "someone_else", "less_likely") else None


def _without_qualifiers(spoken: tuple[str, ...]) -> str:
    return " ".join(word for word in spoken if word not in spoken_words().qualifiers)


def _met(spoken: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the fields that the words name, longest phrases first taken, and the words left over."""
    met: list[str] = []
    rest: list[str] = []
    start = 0
    while start < len(spoken):
        field, used = _longest_from(spoken, start)
        if field:
            met.append(field)
        elif spoken[start] not in spoken_words().qualifiers:
            rest.append(spoken[start])
        start += used
    return met, rest


def _longest_from(spoken: tuple[str, ...], start: int) -> tuple[str, int]:
    for used in range(min(spoken_words().longest, len(spoken) - start), 0, -1):
        phrase = " ".join(spoken[start : start + used])
        if phrase in spoken_words().table and phrase not in spoken_words().exact_only:
            return spoken_words().table[phrase], used
    return _unspaced_in(spoken[start]) if _is_ideographic(spoken[start]) else "", 1


def _unspaced_in(word: str) -> str:
    """Scripts without spaces say the thing last (公司邮箱 is an address): take the last and longest phrase within."""
    ends = [
        (word.rfind(phrase) + len(phrase), len(phrase), phrase) for phrase in spoken_words().unspaced if phrase in word
    ]
    return spoken_words().table[max(ends)[2]] if ends else ""


def _decided(met: list[str], rest: list[str]) -> Named | None:
    """Settle which of the fields that a text mentions it asks for."""
    if "someone_else" in met:
        return Named("someone_else", False)
    doubtful = "less_likely" in met
    if met[0] == "message":
        return Named("message", False)
    if "other" in met and not {"email", "phone"} & set(met):
        return Named("other", False)
    reach = next((field for field in ("email", "phone") if field in met), "")
    if reach:
        return Named(reach, False, doubtful or "other" in met)
    return _named_person(set(met), rest, doubtful)


def _named_person(met: set[str], rest: list[str], doubtful: bool) -> Named | None:
    if {"first_name", "last_name"} <= met or ("name" in met and "last_name" in met):
        return Named("full_name", False, doubtful)
    for field in ("first_name", "last_name"):
        if field in met and "company" not in met:
            return Named(field, False, doubtful)
    for field in ("company", "full_name", "name"):
        if field in met:
            left = [word for word in rest if spoken_words().table.get(word) != field]
            return None if left else Named(field, False, doubtful)
    return Named("message", False) if "message" in met else None


def _glued(whole: str) -> Named | None:
    for ending in _GLUED:
        if whole.endswith(ending) and " " not in whole:
            return Named(spoken_words().table[ending], False)
    return None
