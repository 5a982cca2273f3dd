"""What a value looks like, whatever its field is called."""

import re

from leadcapture.domain.submission import Answer

_EMAIL = re.compile(r"[^\s@,;<>()\[\]\"]{1,64}@[^\s@,;<>()\[\]\"/?=&]+\.[^\s@.,;<>()\[\]\"/?=&]{2,63}")
_MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00|0|\()[\d\s().\-/]{5,22}\d|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_YES_OR_NO_WORDS = "true false yes no on off 0 1 y n ja nein si sim oui non none null n/a na checked"
_YES_OR_NO = frozenset(_YES_OR_NO_WORDS.split())
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def is_email(value: str) -> bool:
    """Say whether the whole value is an e-mail address."""
    return "@" in value and _EMAIL.fullmatch(_MAILTO.sub("", value)) is not None


def email_within(text: str) -> str | None:
    """Return the one address that a longer text mentions; None when there is none, or more than one."""
    found = {match.group().rstrip(".") for match in _EMAIL.finditer(text[:5000])}
    return found.pop() if len(found) == 1 else None


def looks_like_phone(value: str) -> bool:
    """Say whether a value can hardly be anything but a telephone number."""
    if not 7 <= len(value) <= 25 or _PHONE.fullmatch(value) is None or _DATE.fullmatch(value):
        return False
    return 7 <= sum(mark.isdigit() for mark in value) <= 15


def could_be(field: str, answer: Answer) -> bool:
    """Say whether an answer may be what its field's name promises ("E-mail me offers: yes" is no address)."""
    value = answer.text.strip()
    if not value or value.casefold() in _YES_OR_NO:
        return False
    if field == "email":
        return "@" in value or "＠" in value
    if field == "phone":
        return "@" not in value and sum(mark.isdigit() for mark in value) >= 5
    if field == "message":
        return True
    if field == "company":
        return not is_email(value)
    return not is_email(value) and not _ADDRESS.match(value) and any(mark.isalpha() for mark in value)
