"""The form's own rules as marshmallow fields: one for each type, each with a stable code for what is wrong."""

import contextlib
import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError
from marshmallow import fields as marshmallow_fields

from leadcapture.domain.form import TODAY, Field, FieldType
from leadcapture.domain.submission import NO_WORDS, YES_WORDS

MESSAGES: Mapping[str, str] = {
    "required": "Please fill in this field.",
    "email": "Please give a full e-mail address, such as ann@example.com.",
    "phone": "Please give a telephone number with its area code.",
    "choice": "Please choose one of the options.",
    "date": "Please give a date.",
    "time": "Please give a time, such as 14:30.",
    "number": "Please give a number.",
    "too_long": "Please use at most {limit} characters.",
    "too_small": "Please give {limit} or more.",
    "too_large": "Please give {limit} or less.",
    "too_early": "Please give {limit} or later.",
    "too_late": "Please give {limit} or earlier.",
    "past": "Please give a day from today on.",
    "consent": "Please agree so that we may contact you.",
}
"""What a visitor is told, by code; `limit` is the field's own (see `limit_of`). `web` translates it."""

DIGITS = re.compile(r"\d")
PHONE = re.compile(r"^[\d\s()+./x#ext-]{5,40}$", re.IGNORECASE)
LONGEST_ADDRESS = 320
PLAIN_ADDRESS = re.compile(r"([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@([A-Za-z0-9.-]+)")
"""An address whose name is right for certain, by RFC 5322's dot-atom: only its domain has to be looked at."""
LONGEST_NAME, LONGEST_WHOLE = 64, 254
"""Of an address, by RFC 5321."""
JOINED = (FieldType.TEXT, FieldType.TEXTAREA, FieldType.HIDDEN)
YEARS = range(1900, 2200)


class AnswerField(marshmallow_fields.Field[Any]):
    """An answer of a form: a text, or a tuple of texts for several choices; refused with a code of MESSAGES."""

    def __init__(self, field: Field) -> None:
        super().__init__(required=False)
        self.rules = field
        self._check_alone = _CHECKS[field.type]

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Read what was sent: nothing is missing here, and there are no validators besides."""
        return self._deserialize(value, attr, data)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | tuple[str, ...]:
        if isinstance(value, str) and not self.rules.multiple:
            text = value.strip()
            return self._check(text) if text else ""
        texts = [text.strip() for text in ([value] if isinstance(value, str) else value) if text.strip()]
        if self.rules.multiple:
            return tuple(self._check(text) for text in texts)
        if self.rules.type is FieldType.CHECKBOX:
            texts = texts[-1:]  # a hidden "no" before the box is how frameworks send an empty one
        distinct = list(dict.fromkeys(texts))
        if self.rules.type not in JOINED:
            return self._first_that_fits(distinct)
        text = ", ".join(distinct)
        return self._check(text) if text else ""

    def _first_that_fits(self, texts: list[str]) -> str:
        """Of a field that was sent several times, the first value that it takes; all of them stand in the answers."""
        for text in texts[:-1]:
            with contextlib.suppress(ValidationError):
                return self._check(text)
        return self._check(texts[-1]) if texts else ""

    def _check(self, text: str) -> str:
        if len(text) > self.rules.max_length < len(text.replace("\r\n", "\n")):
            raise ValidationError("too_long")
        return self._check_alone(text, self.rules)


def limit_of(field: Field, code: str) -> str:
    """Return the limit that an answer with this code has broken, as forms.toml has it; "" when it is another code."""
    if code == "too_long":
        return str(field.max_length)
    if code in {"too_small", "too_early"}:
        return field.minimum or ""
    return field.maximum or "" if code in {"too_large", "too_late"} else ""


def is_answer(kind: FieldType, text: str) -> bool:
    """Say whether a text is an answer to a field of that type that has no limits."""
    try:
        _CHECKS[kind](text, Field("", "", kind))
    except ValidationError:
        return False
    return True


def normal_email(text: str) -> str | None:
    """Return an address in its normal form, or None for what is none; no look-up is made."""
    if len(text) > LONGEST_ADDRESS:
        return None
    plain = PLAIN_ADDRESS.fullmatch(text)
    if plain and len(plain[1]) <= LONGEST_NAME and len(text) <= LONGEST_WHOLE:
        domain = _normal_domain(plain[2])
        return domain and f"{plain[1]}@{domain}"
    return _validated(text)


def _validated(text: str) -> str | None:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


@lru_cache(maxsize=4096)
def _normal_domain(domain: str) -> str | None:
    """Return a domain as an address holds it, None for one that can't be; most people's are the same few."""
    address = _validated(f"name@{domain}")
    return address and address.rpartition("@")[2]


def e164(text: str, region: str | None) -> str | None:
    """Return a number in E.164, read as in `region` when it has no country code, or None when it can't be one."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    written: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written


def _email(text: str, _rules: Field) -> str:
    address = normal_email(text)
    if address is None:
        raise ValidationError("email")
    return address


def _phone(text: str, _rules: Field) -> str:
    if not PHONE.match(text) or len(DIGITS.findall(text)) < 5:
        raise ValidationError("phone")
    return text


def _choice(text: str, rules: Field) -> str:
    if text not in rules.options:
        raise ValidationError("choice")
    return text


def _checkbox(text: str, rules: Field) -> str:
    if rules.options:
        return _choice(text, rules)
    return "" if text.casefold() in NO_WORDS else "yes" if text.casefold() in YES_WORDS else text


def _date(text: str, rules: Field) -> str:
    try:
        found = date.fromisoformat(text)
        if found.year not in YEARS:
            raise ValueError("no year of an enquiry")
        return str(_within(found, rules, date.fromisoformat))
    except ValueError:
        raise ValidationError("date") from None


def _time(text: str, rules: Field) -> str:
    try:
        found = time.fromisoformat(text)
        if found.tzinfo is not None:
            raise ValueError("the location's own clock counts")
        return str(_within(found, rules, time.fromisoformat))[:5]
    except ValueError:
        raise ValidationError("time") from None


def _number(text: str, rules: Field) -> str:
    try:
        return str(_within(_decimal(text.replace(",", ".")), rules, _decimal))
    except (InvalidOperation, ValueError):
        raise ValidationError("number") from None


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError("not finite")
    return number


def _within(value: Any, rules: Field, read: Any) -> Any:
    moment = rules.type is not FieldType.NUMBER
    if rules.minimum and rules.minimum != TODAY and value < read(rules.minimum):
        raise ValidationError("too_early" if moment else "too_small")
    if rules.maximum and value > read(rules.maximum):
        raise ValidationError("too_late" if moment else "too_large")
    return value


def _text(text: str, _rules: Field) -> str:
    return text


_CHECKS = {
    FieldType.EMAIL: _email,
    FieldType.TEL: _phone,
    FieldType.SELECT: _choice,
    FieldType.RADIO: _choice,
    FieldType.CHECKBOX: _checkbox,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.NUMBER: _number,
    FieldType.TEXT: _text,
    FieldType.TEXTAREA: _text,
    FieldType.HIDDEN: _text,
}
