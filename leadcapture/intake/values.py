"""What a value looks like, whatever its field is called."""

import re

from leadcapture.domain.submission import Answer

_EMAIL = re.compile(r"[^\s@,;<>()\[\]\"]{1,64}@[^\s@,;<>()\[\]\"/?=&]+\.[^\s@.,;<>()\[\]\"/?=&]{2,63}")
_MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
_MARK = re.compile(r"^(?:mailto|tel|phone|p):\s*", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00|0|\()[\d\s().\-/]{5,22}\d|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_YES_OR_NO_WORDS = "true false yes no on off 0 1 y n ja nein si sim oui non none null n/a na checked undefined n.a. nil"
_NOTHING_WORDS = """
not applicable,not provided,no company,keine,keins,k.a.,keine angabe,no aplica,no tengo,ninguna,ninguno,nenhuma,nenhum,
nao,não,aucun,aucune,sans,nessuna,nessuno,geen,n.v.t.,nvt,brak,nie dotyczy,nie,ei ole,ingen,нет,немає,ні,无,無,なし,
特になし,אין,לא,لا يوجد,لا,없음,yok,nincs,nu,não se aplica,non applicable,non applicabile
"""
_YES_OR_NO = frozenset((*_YES_OR_NO_WORDS.split(), *_NOTHING_WORDS.replace("\n", "").split(",")))
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,3}")
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


def looks_like_name(value: str) -> bool:
    """Say whether a value is written as a person's name is: two words to four, without a number."""
    return len(value) < 60 and _NAME.fullmatch(value) is not None and not any(mark.isdigit() for mark in value)


def unmarked(value: str) -> str:
    """Return an address or number without what machines write in front of it (`tel:`, Meta's `p:`)."""
    return _MARK.sub("", value.strip())


def could_be(field: str, answer: Answer) -> bool:
    """Say whether an answer may be what its field's name promises ("E-mail me offers: yes" is no address)."""
    value = answer.text.strip()
    if value.casefold() in _YES_OR_NO or not any(mark.isalnum() for mark in value):
        return False
    if field == "email":
        return "@" in value or "＠" in value
    if field == "phone":
        return "@" not in value and sum(mark.isdigit() for mark in value) >= 5 and not _ADDRESS.match(value)
    if field == "message":
        return True
    if field == "company":
        return not is_email(value)
    return not is_email(value) and not _ADDRESS.match(value) and any(mark.isalpha() for mark in value)
