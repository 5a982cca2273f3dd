"""A stored submission read again, after the form or a hook's map was mended."""

from dataclasses import replace

from leadcapture.domain.form import Form, Hook
from leadcapture.domain.lead import Content, Lead
from leadcapture.domain.submission import Answer, Reading, Submission
from leadcapture.intake.mapper import map_answers
from leadcapture.intake.read import read_submission
from leadcapture.intake.receive_hook import attribution_of, targets
from leadcapture.intake.targets import content_of, own_values


def reread(form: Form, lead: Lead, content_type: str, body: bytes) -> Content:
    """Return what a lead says when its submission is read with today's forms.toml; attribution stays as it was, unless
    the lead is damaged."""
    submission = Submission(content_type, body, {}, (), None, lead.received_at)
    builder = lead.content.builder
    if lead.content.damaged:
        return _from_what_arrived(form, submission)
    if builder:
        hook = form.hooks.get(builder) or Hook(builder)
        reading = next(iter(read_submission(submission, builder, targets(form, hook))), Reading())
        fresh = content_of(form, reading, submission, {})
    else:
        mapped = map_answers(lead.content.answers, {}, {field.name: field.to for field in form.fields})
        reading = Reading(contact=mapped.contact, mapped=mapped.mapped, answers=_unlabelled(lead.content.answers))
        fresh = content_of(form, reading, submission, own_values(form, reading))
    old = lead.content
    return replace(
        old,
        answers=fresh.answers or old.answers,
        mapped=fresh.mapped,
        found_by=fresh.found_by,
        message=fresh.message or old.message,
    )


def _from_what_arrived(form: Form, submission: Submission) -> Content:
    """Return what a damaged lead says as far as its submission tells; who sent it is not known any more."""
    reading = next(iter(read_submission(submission, "auto", targets(form, Hook("auto")))), Reading())
    return content_of(form, reading, submission, own_values(form, reading), attribution=attribution_of(form, reading))


def _unlabelled(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    return tuple(replace(answer, label=answer.label or answer.key) for answer in answers)
