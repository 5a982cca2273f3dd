"""A lead and its form become the records that the CRM is asked for: pure, with every reason to refuse in words."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import IntEnum
from zoneinfo import ZoneInfoNotFoundError

from leadcapture.domain.form import Form
from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Content
from leadcapture.domain.lead_source import lead_source_of
from leadcapture.domain.moment import to_crm, wall_clock_to_utc
from leadcapture.domain.notes import line, plain, write_notes
from leadcapture.domain.opportunity import (
    COWORKER_FIELDS,
    OPPORTUNITY_FIELDS,
    CustomerDraft,
    FieldValue,
    Kind,
    LeadSource,
    LossReason,
    OpportunityDraft,
    OpportunityStatus,
    short_reference,
)
from leadcapture.domain.submission import YES_WORDS

NAME_LENGTH = 100
UTM_LENGTH = 255
TEXT_LENGTH = 255
LARGEST_AMOUNT = 10**15
PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
ENUMS: Mapping[Kind, type[IntEnum]] = {
    Kind.LEAD_SOURCE: LeadSource,
    Kind.LOSS_REASON: LossReason,
    Kind.STATUS: OpportunityStatus,
}


class UnmappableError(ValueError):
    """A lead from which no opportunity can be made; the message says why to a person."""


@frozen
class Place:
    """The location of a form as far as its customers and its clock need it."""

    location_id: int
    country_id: int
    simple_time_zone_id: int
    time_zone: str


@frozen
class Drafts:
    """What the CRM is asked for: a customer, if nobody has the address yet, and an opportunity."""

    customer: CustomerDraft
    opportunity: OpportunityDraft

    @property
    def notes(self) -> str:
        """The opportunity's Notes."""
        return str(self.opportunity.fields["Notes"])


def compose(lead_id: str, content: Content, form: Form, place: Place) -> Drafts:
    """Return the records for a lead. Raises UnmappableError."""
    if not content.email:
        raise UnmappableError("no e-mail address was found in this submission: Nexudus needs one for the customer")
    mapped = content.mapped
    fields: dict[str, FieldValue] = {"Status": int(OpportunityStatus.InProgress)}
    fields |= _attribution_fields(content)
    fields |= _constants(form, content, place.time_zone)
    fields.setdefault("LeadSource", int(_lead_source(form, content)))
    for target, text in mapped.items():
        record, _, name = target.partition(".")
        if record == "opportunity" and name != "Notes":
            fields[name] = crm_value(OPPORTUNITY_FIELDS[name], text, place.time_zone, name)
    fields["Name"] = _name(lead_id, fields.get("Name"), form, content)
    own_notes = str(fields.get("Notes", ""))
    extra_notes = mapped.get("opportunity.Notes", "")
    fields["Notes"] = write_notes(lead_id, content, "\n".join(n for n in (own_notes, extra_notes) if n))
    wanted = {name: value for name, value in fields.items() if value != ""}
    return Drafts(_customer(content, place), OpportunityDraft(form.board_column, wanted))


def crm_value(kind: Kind, text: str, time_zone: str, name: str) -> FieldValue:
    """Turn an answer into what the CRM takes for a field of that kind. Raises UnmappableError."""
    try:
        return _READERS[kind](text.strip(), time_zone)
    except (ValueError, ArithmeticError, KeyError, ZoneInfoNotFoundError):
        raise UnmappableError(f"the answer for {name} is not a {kind.value}") from None


def enum_value(kind: Kind, text: str) -> int:
    """Return the number of an enum's member named or numbered by `text`. Raises KeyError, ValueError."""
    enum = ENUMS[kind]
    return int(enum(int(text)) if text.isdigit() else enum[text])


def _amount(text: str) -> float:
    amount = Decimal(text.replace(",", "."))
    if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT:
        raise ValueError("no amount")
    return float(amount)


_READERS: Mapping[Kind, Callable[[str, str], FieldValue]] = {
    Kind.TEXT: lambda text, _zone: line(text)[:TEXT_LENGTH],
    Kind.ID: lambda text, _zone: int(text),
    Kind.DECIMAL: lambda text, _zone: _amount(text),
    Kind.MOMENT: lambda text, zone: to_crm(wall_clock_to_utc(text, zone)),
    Kind.FLAG: lambda text, _zone: text.casefold() in YES_WORDS,
    Kind.LEAD_SOURCE: lambda text, _zone: enum_value(Kind.LEAD_SOURCE, text),
    Kind.LOSS_REASON: lambda text, _zone: enum_value(Kind.LOSS_REASON, text),
    Kind.STATUS: lambda text, _zone: enum_value(Kind.STATUS, text),
}


def _customer(content: Content, place: Place) -> CustomerDraft:
    extra: dict[str, FieldValue] = {}
    for target, text in content.mapped.items():
        record, _, name = target.partition(".")
        if record == "coworker" and name not in {"FullName", "Email"} and text.strip():
            extra[name] = crm_value(COWORKER_FIELDS[name], text, place.time_zone, name)
    if content.consent and content.consent.given:
        extra.setdefault("GeneralTermsAccepted", True)
    return CustomerDraft(
        full_name=line(content.mapped.get("coworker.FullName", ""))[:TEXT_LENGTH] or content.email.partition("@")[0],
        email=content.email,
        location_id=place.location_id,
        country_id=place.country_id,
        simple_time_zone_id=place.simple_time_zone_id,
        extra=extra,
    )


def _constants(form: Form, content: Content, time_zone: str) -> dict[str, FieldValue]:
    values: dict[str, FieldValue] = {}
    names = names_of(content)
    for name, value in form.constants.items():
        if not isinstance(value, str):
            values[name] = value
        elif text := fill_in(value, names):
            values[name] = text if name == "Notes" else crm_value(OPPORTUNITY_FIELDS[name], text, time_zone, name)
    return values


def fill_in(template: str, values: Mapping[str, str]) -> str:
    """Replace each {field} of a template by its answer, nothing where there is none."""
    return PLACEHOLDER.sub(lambda found: plain(values.get(found[1], "")), template).strip()


def names_of(content: Content) -> dict[str, str]:
    """Return what a template may name: every answer by its key, and the person's fields by their usual names."""
    mapped = content.mapped
    return {
        "full_name": mapped.get("coworker.FullName", ""),
        "email": content.email,
        "phone": mapped.get("coworker.MobilePhone", ""),
        "company": mapped.get("coworker.CompanyName", ""),
        "message": content.message,
        **{answer.key: answer.text for answer in content.answers},
    }


def _attribution_fields(content: Content) -> dict[str, FieldValue]:
    found = content.attribution
    utm = found.utm or {"source": found.source, "medium": found.medium}
    return {f"Utm{name.capitalize()}": value[:UTM_LENGTH] for name, value in utm.items() if value}


def _lead_source(form: Form, content: Content) -> LeadSource:
    return lead_source_of(content.attribution) if form.lead_source == "auto" else LeadSource[form.lead_source]


def _name(lead_id: str, given: FieldValue | None, form: Form, content: Content) -> str:
    person = line(content.mapped.get("coworker.FullName", "")) or content.email.partition("@")[0]
    tag = f" [{short_reference(lead_id)}]"
    wanted = line(str(given)) if given else ""
    return (wanted or f"{form.title}: {person}")[: NAME_LENGTH - len(tag)].rstrip() + tag
