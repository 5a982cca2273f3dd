"""From what was read to where it goes: contact fields and a form's own fields become targets of the CRM."""

from typing import Any

from leadcapture.domain.compose import UnmappableError, crm_value
from leadcapture.domain.form import NOTES, Field, Form
from leadcapture.domain.lead import Content
from leadcapture.domain.opportunity import COWORKER_FIELDS, OPPORTUNITY_FIELDS, Kind
from leadcapture.domain.submission import Answer, Found, Reading, Submission
from leadcapture.intake.fields import e164
from leadcapture.intake.schemas import Values

TARGETS = {
    "full_name": "coworker.FullName",
    "email": "coworker.Email",
    "phone": "coworker.MobilePhone",
    "company": "coworker.CompanyName",
}
CANONICAL = {target: name for name, target in TARGETS.items()}


def mapped_from_contact(reading: Reading) -> tuple[dict[str, str], dict[str, str]]:
    """Return target -> value and target -> how it was found, from the person's fields and an explicit map.

    A mapped answer that can't be what its target takes (a date in words) stays in Notes alone.
    """
    found = {TARGETS[name]: what for name, what in reading.contact.items() if name in TARGETS}
    if "coworker.FullName" not in found and (whole := _whole_name(reading)):
        found["coworker.FullName"] = whole
    found |= {target: what for target, what in reading.mapped.items() if _fits(target, what.value)}
    good = {target: what for target, what in found.items() if what.value.strip()}
    return {t: f.value.strip() for t, f in good.items()}, {t: f.method for t, f in good.items()}


def _whole_name(reading: Reading) -> Found | None:
    halves = [reading.contact[half] for half in ("first_name", "last_name") if half in reading.contact]
    if not halves:
        return None
    return Found(" ".join(half.value.strip() for half in halves), halves[0].path, halves[0].method)


def _fits(target: str, value: str) -> bool:
    record, _, name = target.partition(".")
    kind = (OPPORTUNITY_FIELDS if record == "opportunity" else COWORKER_FIELDS).get(name)
    if kind is None or kind is Kind.TEXT:
        return kind is not None
    try:
        crm_value(kind, value, "UTC", name)
    except UnmappableError:
        return False
    return True


def own_values(form: Form, reading: Reading) -> Values:
    """Return what was sent for each field of the form: by its own name, or by what the answer is."""
    sent = _sent(reading)
    values: Values = {}
    for field in form.fields:
        if field.name in sent:
            values[field.name] = sent[field.name].value
        elif field.to in reading.mapped:
            values[field.name] = reading.mapped[field.to].value
        elif (found := _by_meaning(field.name, field.to, reading)) is not None:
            values[field.name] = found
    return values


def _sent(reading: Reading) -> dict[str, Answer]:
    """Return by its name the one answer that is a field's: what stands at the top of a body, else what comes first.

    A body may hold other people's answers of the same names: guests, or a second enquiry.
    """
    sent: dict[str, Answer] = {}
    for answer in reading.answers:
        if answer.path == answer.key or answer.key not in sent:
            sent[answer.key] = answer
    return sent


def _by_meaning(name: str, target: str, reading: Reading) -> str | None:
    if target == "coworker.FullName" and "full_name" not in reading.contact:
        whole = _whole_name(reading)
        return whole.value if whole else None
    canonical = CANONICAL.get(target) or (name if target == NOTES else None)
    found = reading.contact.get(canonical) if canonical else None
    return found.value if found else None


def mapped_from_values(form: Form, values: Values) -> dict[str, str]:
    """Return target -> value of the form's own fields; a date with its time is one moment on the wall clock."""
    mapped: dict[str, str] = {}
    times = {field.date_field: values.get(field.name) for field in form.fields if field.date_field}
    for field in form.fields:
        value = values.get(field.name)
        if field.to == NOTES or not value or field.date_field:
            continue
        text = value if isinstance(value, str) else ", ".join(value)
        clock = times.get(field.name)
        mapped[field.to] = f"{text}T{clock}" if clock else text
    return mapped


def content_of(form: Form, reading: Reading, submission: Submission, values: Values, **known: Any) -> Content:
    """Return what a lead says: the form's own answers by label and in their normal form, everything else as sent;
    `known` is what is known besides, by Content's names."""
    mapped, found_by = mapped_from_contact(reading)
    own = mapped_from_values(form, values)
    mapped |= own
    found_by |= {target: found_by.get(target, "field") for target in own}
    if phone := mapped.get("coworker.MobilePhone"):
        mapped["coworker.MobilePhone"] = e164(phone, form.region) or phone
    labels = {field.name: field for field in form.fields}
    sent = _sent(reading)
    answers = tuple(
        _as_asked(answer, labels.get(answer.key), values if sent[answer.key] is answer else {})
        for answer in reading.answers
    )
    message = reading.contact.get("message")
    return Content(
        answers=answers,
        mapped=mapped,
        found_by=found_by,
        files=reading.files,
        message=message.value if message else "",
        message_from=message.path if message else "",
        ip=reading.ip or submission.remote_address or "",
        user_agent=(reading.user_agent or submission.headers.get("user-agent", ""))[:300],
        submitted_at=reading.submitted_at or "",
        **known,
    )


def _as_asked(answer: Answer, field: Field | None, values: Values) -> Answer:
    """Return an answer by the label of the form's own field and in its normal form; of no field of ours as sent."""
    if field is None:
        return answer
    several = not isinstance(answer.value, str) and len(set(answer.value)) > 1
    value = answer.value if several else values.get(answer.key) or answer.value
    return Answer(answer.path, answer.key, field.label, value, answer.type)
