"""What the visitor said becomes the canonical fields of a person's enquiry."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import NamedTuple

from leadcapture.domain.frozen import frozen
from leadcapture.domain.submission import CONTACT_FIELDS, Answer, Found
from leadcapture.intake.naming import Named, named
from leadcapture.intake.sentences import reads_like_a_message
from leadcapture.intake.values import could_be, email_within, is_email, looks_like_name, looks_like_phone, unmarked
from leadcapture.intake.whose import DOUBTFUL, is_of, standing, thing_named
from leadcapture.intake.wording import spelling, squeezed

_TARGETS = {
    "coworker.FullName": "full_name",
    "coworker.Email": "email",
    "coworker.MobilePhone": "phone",
    "coworker.LandLine": "phone",
    "coworker.CompanyName": "company",
    "coworker.BillingName": "company",
}
"""Targets of a map that are also what a person's enquiry is about."""

_KEEP = "notes"
_TYPES = {"email": "email", "tel": "phone", "first_name": "first_name", "last_name": "last_name"}
_NUMBERED = re.compile(r"(?:question|answer|field|input|q)[\s_-]*\d+", re.IGNORECASE)
_PERHAPS_NAMES = """
user name,username,display name,profile name,contact,customer,client,lead,visitor,applicant,member,tenant,cliente,kunde,
klient,client name,pulse name,record name,attendee,guest,nickname,screen name,nick,
contact person name,employee name
"""
_PERHAPS = frozenset(name.strip() for name in _PERHAPS_NAMES.split(","))
"""What holds a person's name when nothing else does, if it is written as one."""
_CHOSEN = frozenset(("choice", "checkbox", "date", "time", "number"))
_BY_TYPE, _BY_KEY, _BY_LABEL, _CONTAINED, _BY_TEXTAREA = 10, 20, 22, 10, 40


@frozen
class Mapped:
    """`contact`: canonical field -> Found. `mapped`: "coworker.X" or "opportunity.X" -> Found."""

    contact: dict[str, Found] = field(default_factory=dict)
    mapped: dict[str, Found] = field(default_factory=dict)


class _Candidate(NamedTuple):
    rank: int
    place: int
    field: str
    answer: Answer
    method: str


def map_answers(
    answers: Sequence[Answer], explicit: Mapping[str, str], own_fields: Mapping[str, str] | None = None
) -> Mapped:
    """Map answers: the explicit map first, then the form's own names, then what the builder and the words say.

    The keys of `explicit` are labels, keys or paths, in any case and spacing; those of `own_fields` are exact
    names. The targets of both are "coworker.X", "opportunity.X", "notes", or a canonical field.
    """
    result = Mapped()
    left: list[Answer] = []
    wanted = _wanted(explicit)
    own = own_fields or {}
    for answer in answers:
        target, method = _target(answer, wanted, own)
        if not target:
            left.append(answer)
        else:
            _keep(result, answer, target, method)
    if left:
        if own:
            left = _by_loose_names(result, left, own)
        _guess(result, left)
    return result


def _wanted(explicit: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, target in explicit.items():
        for form in (key, key.casefold().strip(), _loosely(key) or key):
            found.setdefault(form, target)
    return found


def _loosely(name: str) -> str:
    """Return letters and digits alone, whatever the case: digits tell "Field 7" from "Field 8"."""
    return "".join(mark for mark in name.casefold() if mark.isalnum())


def _target(answer: Answer, wanted: Mapping[str, str], own: Mapping[str, str]) -> tuple[str, str]:
    if wanted:
        for name in (answer.label, answer.key, answer.path):
            target = wanted.get(name) or wanted.get(name.casefold().strip())
            if target:
                return target, "map"
        for name in (answer.label, answer.key):
            target = wanted.get(_loosely(name), "")
            if target:
                return target, "map"
    return own.get(answer.key, ""), "field"


def _by_loose_names(result: Mapped, answers: Iterable[Answer], own: Mapping[str, str]) -> list[Answer]:
    """Match what differs from the form's own names by case, spaces or punctuation alone."""
    spelled = {_loosely(name): name for name in own}
    left = []
    for answer in answers:
        name = spelled.get(_loosely(answer.key)) or spelled.get(_loosely(answer.label))
        if name is None:
            left.append(answer)
        else:
            _keep(result, answer, own[name], "field", name)
    return left


def _keep(result: Mapped, answer: Answer, target: str, method: str, name: str = "") -> None:
    found = Found(answer.text.strip(), answer.path, method)
    if target in CONTACT_FIELDS:
        canonical = target
    elif target != _KEEP:
        canonical = _TARGETS.get(target, "")
        result.mapped.setdefault(target, found)
    else:
        canonical = name or answer.key
        canonical = canonical if method == "field" and canonical in CONTACT_FIELDS else ""
    if canonical:
        result.contact.setdefault(canonical, found)


def _guess(result: Mapped, answers: Sequence[Answer]) -> None:
    candidates = sorted(candidate for place, answer in enumerate(answers) for candidate in _candidates(place, answer))
    used: set[int] = set()
    names: list[_Candidate] = []
    for candidate in candidates:
        if candidate.place in used:
            continue
        if candidate.field == "name":
            names.append(candidate)
        elif candidate.field not in result.contact and could_be(candidate.field, candidate.answer):
            used.add(candidate.place)
            result.contact[candidate.field] = _found(candidate)
    _settle_names(result, [name for name in names if name.place not in used], used)
    left = [answer for place, answer in enumerate(answers) if place not in used]
    _sniff(result, left)
    _take_what_is_left(result, left)


def _candidates(place: int, answer: Answer) -> list[_Candidate]:
    extra = standing(answer.path)
    by_key, by_label = _named_by(answer)
    if extra is None or answer.type == "hidden_meta" or is_of(by_label, "someone_else"):
        return []
    thing = thing_named(answer)
    if thing is not None:
        return [_Candidate(_BY_KEY + extra, place, "company", answer, "key")] if thing == "company" else []
    found = _typed(place, answer, extra)
    if is_of(by_label, "other") and (by_label.exact or by_key is None or not by_key.exact):
        return found
    for what, base, method in ((by_key, _BY_KEY, "key"), (by_label, _BY_LABEL, "label")):
        if what is not None and what.field not in _NO_FIELDS:
            doubt = DOUBTFUL if what.field == "message" and _is_chosen(answer) else 0
            found.append(_Candidate(base + extra + doubt + _weight(what), place, what.field, answer, method))
    if answer.type == "textarea" and not any(one.field == "company" for one in found):
        found.append(_Candidate(_BY_TEXTAREA + extra, place, "message", answer, "type"))
    return found


_NO_FIELDS = ("other", "someone_else")


def _named_by(answer: Answer) -> tuple[Named | None, Named | None]:
    """Return what the key and the label name; a label that is sure of itself is right against the key."""
    by_key = None if _NUMBERED.fullmatch(answer.key) else named(answer.key)
    by_label = by_key if answer.label == answer.key else named(answer.label)
    if by_label is not None and by_label.exact and by_key is not None and by_key.field != by_label.field:
        by_key = None
    if by_label is None and is_of(by_key, "someone_else"):
        by_label = by_key
    return by_key, by_label


def _is_chosen(answer: Answer) -> bool:
    """What was ticked or picked is hardly what somebody wrote."""
    return answer.type in _CHOSEN or not isinstance(answer.value, str)


def _typed(place: int, answer: Answer, extra: int) -> list[_Candidate]:
    field_name = _TYPES.get(answer.type)
    if answer.type == "name":
        known = named(answer.key) or named(answer.label)
        field_name = known.field if known and known.field.endswith("_name") else "full_name"
    if field_name is None:
        return []
    doubt = named(answer.label)
    if doubt is not None and doubt.doubtful:
        extra += DOUBTFUL
    return [_Candidate(_BY_TYPE + extra, place, field_name, answer, "type")]


def _weight(what: Named) -> int:
    return (0 if what.exact else _CONTAINED) + (DOUBTFUL if what.doubtful else 0)


def _found(candidate: _Candidate) -> Found:
    answer = candidate.answer
    single = candidate.field in ("email", "phone") and not isinstance(answer.value, str)
    value = answer.value[0] if single and answer.value else answer.text
    return Found(
        unmarked(value) if single or candidate.field in ("email", "phone") else value.strip(),
        answer.path,
        candidate.method,
    )


def _settle_names(result: Mapped, names: list[_Candidate], used: set[int]) -> None:
    """A field that is just "name": the half that is missing, or the whole."""
    contact = result.contact
    home = _parent(contact["email"].path) if "email" in contact else ""
    for candidate in sorted(names, key=lambda name: (name.rank, _parent(name.answer.path) != home)):
        if candidate.place in used or not could_be("full_name", candidate.answer):
            continue
        text = candidate.answer.text.strip()
        field_name = "full_name"
        halves = [contact[half] for half in ("first_name", "last_name") if half in contact]
        if halves and not _is_whole(text, halves):
            beside = _parent(halves[0].path) == _parent(candidate.answer.path)
            missing = "last_name" if "first_name" in contact else "first_name"
            field_name = missing if beside and len(halves) == 1 else ""
        if field_name and field_name not in contact:
            contact[field_name] = _found(candidate)
            used.add(candidate.place)


def _is_whole(text: str, halves: Sequence[Found]) -> bool:
    """Say whether a name holds every half that is known of it, and more."""
    spoken = text.casefold().split()
    known = [part for half in halves for part in half.value.casefold().split()]
    return len(spoken) > 1 and all(part in spoken for part in known)


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _sniff(result: Mapped, answers: Sequence[Answer]) -> None:
    """Find an e-mail address and a number by what they look like, over answers alone."""
    for answer in answers:
        if standing(answer.path) is None or _is_elses(answer):
            continue
        value = answer.text.strip()
        if "email" not in result.contact and is_email(value):
            result.contact["email"] = Found(value, answer.path, "value")
        elif "phone" not in result.contact and _unnamed(answer) and looks_like_phone(value):
            result.contact["phone"] = Found(value, answer.path, "value")
    if "email" not in result.contact and "message" in result.contact:
        message = result.contact["message"]
        within = email_within(message.value)
        if within:
            result.contact["email"] = Found(within, message.path, "value")


def _take_what_is_left(result: Mapped, answers: Sequence[Answer]) -> None:
    """Nobody was named, or nothing was called a message: what is written like a name, and the longest text."""
    contact = result.contact
    taken = {found.path for found in contact.values()}
    own = [one for one in answers if one.path not in taken and standing(one.path) == 0]
    if not {"full_name", "first_name", "last_name"} & set(contact):
        names = (one for one in own if spelling(one.key) in _PERHAPS or spelling(one.label) in _PERHAPS)
        name = next((one for one in names if looks_like_name(one.text.strip())), None)
        if name is not None:
            contact["full_name"] = Found(name.text.strip(), name.path, "value")
            own.remove(name)
    if "message" not in contact:
        written = [one for one in own if reads_like_a_message(one) and not _is_elses(one)]
        if written:
            longest = max(written, key=lambda one: len(one.text))
            contact["message"] = Found(longest.text.strip(), longest.path, "value")


def _is_elses(answer: Answer) -> bool:
    return any(what is not None and what.field in _NO_FIELDS for what in _named_by(answer))


def _unnamed(answer: Answer) -> bool:
    """Only a field that does not say what it is may turn out to be a number to call."""
    return not any(word in squeezed(answer.key + answer.label) for word in ("date", "time", "vat", "fax", "tax", "id"))
