"""A builder's post becomes stored leads: everything is kept once key and signature hold."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from leadcapture.domain.attribution import Attribution, Evidence, resolve
from leadcapture.domain.form import NOTES, Form, Hook, Limits
from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Content, Lead, LeadState, NewLead, new_lead_id
from leadcapture.domain.submission import Reading, Submission
from leadcapture.intake.fields import normal_email
from leadcapture.intake.read import TRAPPED, read_submission
from leadcapture.intake.receive import Receipt, dedup_key, dedup_keys, what_was_said
from leadcapture.intake.screening import screened
from leadcapture.intake.signatures import verify
from leadcapture.intake.targets import content_of

log = logging.getLogger(__name__)

SAME_PERSON_WINDOW = timedelta(days=1)
MERGEABLE = (LeadState.RECEIVED, LeadState.HELD, LeadState.BLOCKED)
ENQUIRIES_AT_MOST = 100
TOO_MANY = "enquiries came in one post, which is too many at once: send them one by one"
MERGES_AT_MOST = 5
NO_LEAD = "test"
"""What stands for an id where a test was answered and no lead was made."""


class HookStore(Protocol):
    """What receiving needs of the store: `store.leads.Leads` keeps it."""

    def accept(self, lead: NewLead) -> Receipt:
        """Commit a lead unless its first key says that it is here already."""
        ...

    def accept_all(self, new: list[NewLead]) -> Sequence[Receipt]:
        """Commit several leads in one transaction."""
        ...

    def get(self, lead_id: str) -> Lead | None:
        """Return a lead."""
        ...

    def owner_of(self, key: str) -> str | None:
        """Return the id of the lead that a submission key belongs to."""
        ...

    def replace_content(self, known: Lead, said: Content, states: tuple[LeadState, ...]) -> bool:
        """Replace what a lead says, if it still says what was known and is in one of these states."""
        ...

    def discard_quietly(self, lead_id: str, reason: str) -> None:
        """Discard a lead that its sender has taken back."""
        ...


@frozen
class HookReceiver:
    """Receives what builders post. The key was checked by the web; the signature is checked here."""

    store: HookStore
    limits: Limits
    clock: Callable[[], datetime]

    def receive(self, form: Form, hook: Hook, submission: Submission, url: str) -> str:
        """Store every enquiry of a post and return the first one's id, NO_LEAD for a test.

        Raises BadSignature, StoreUnavailable; nothing else, whatever the body holds.
        """
        if hook.signed:
            verify(submission, hook.builder, hook.secret or "", self.clock(), url=url)
        readings = _with_senders_id(self._read(form, hook, submission), submission)
        scope = f"{form.name}/{hook.builder}"
        taken_back = [self._take_back(scope, reading) for reading in readings if reading.erase]
        told = [reading for reading in readings if not (reading.erase or reading.is_test)]
        leads = [screened(self._lead(form, hook, submission, reading, scope), form, 0) for reading in told]
        stored = self.store.accept_all(leads) if leads else ()
        ids = [self._id_of(*one) for one in zip(told, leads, stored, strict=True)]
        return next((lead_id for lead_id in (*ids, *taken_back) if lead_id != NO_LEAD), NO_LEAD)

    def _read(self, form: Form, hook: Hook, submission: Submission) -> list[Reading]:
        """Read a post; a fault of ours in reading must not lose it, so it is kept as it came."""
        limits = self.limits
        try:
            found = read_submission(
                submission, hook.builder, targets(form, hook), max_fields=limits.max_fields, max_depth=limits.max_depth
            )
            return found if len(found) <= ENQUIRIES_AT_MOST else [Reading(problem=f"{len(found)} {TOO_MANY}")]
        except Exception as error:
            log.exception("a post could not be read")
            return [Reading(problem=f"could not be read ({type(error).__name__}): flask leads remap once it is mended")]

    def _id_of(self, reading: Reading, lead: NewLead, stored: Receipt) -> str:
        if stored.repeated and reading.same_person_again:
            return self._merge(stored.id, lead)
        return stored.id

    def _take_back(self, scope: str, reading: Reading) -> str:
        found = self.store.owner_of(dedup_key("id", scope, reading.submission_id or ""))
        if found:
            self.store.discard_quietly(found, "taken back by its sender")
        return found or NO_LEAD

    def _merge(self, lead_id: str, new: NewLead) -> str:
        """A person sent again: what is new is added to the waiting lead, or becomes a lead of its own."""
        for _ in range(MERGES_AT_MOST):
            known = self.store.get(lead_id)
            if known is None:
                return lead_id
            said = {(answer.key, answer.value) for answer in known.content.answers}
            more = tuple(answer for answer in new.content.answers if (answer.key, answer.value) not in said)
            if not more:
                return lead_id
            merged = replace(known.content, answers=known.content.answers + more)
            if self.store.replace_content(known, merged, MERGEABLE):
                return lead_id
        return self.store.accept(replace(new, dedup_keys=new.further_keys[:1], further_keys=new.further_keys[1:])).id

    def _lead(self, form: Form, hook: Hook, submission: Submission, reading: Reading, scope: str) -> NewLead:
        now = submission.received_at
        content = content_of(form, reading, submission, {})
        content = replace(
            content,
            builder=hook.builder,
            language=reading.language or form.language,
            attribution=attribution_of(form, reading),
            user_agent=(reading.user_agent or "")[:300],
            ip=reading.ip or "",
        )
        problem = reading.problem or _problem(content)
        content_type, body = _body(submission, reading)
        first, *further = _keys(scope, reading, content, submission)
        return NewLead(
            id=new_lead_id(now),
            form=form.name,
            connection=form.connection,
            received_at=now,
            content=content,
            state=_state(problem),
            reason=problem,
            dedup_keys=(first,),
            further_keys=tuple(further),
            content_type=content_type,
            body=body,
        )


def attribution_of(form: Form, reading: Reading) -> Attribution:
    """Return where a visitor came from, as far as what was sent tells."""
    evidence = Evidence(
        tracking=reading.tracking,
        page_url=reading.page_url,
        landing_url=reading.landing_url,
        referrer=reading.referrer,
    )
    return resolve(evidence, form.attribution)


def _with_senders_id(readings: list[Reading], submission: Submission) -> list[Reading]:
    """Take the header Idempotency-Key for a submission that names no id in its body; a batch has no single one."""
    sent = submission.headers.get("idempotency-key", "").strip()
    if sent and len(readings) == 1 and not readings[0].submission_id:
        return [replace(readings[0], submission_id=sent)]
    return readings


def targets(form: Form, hook: Hook) -> Mapping[str, str]:
    """Return the explicit map of a hook: its own, over the form's fields by name and label."""
    own = {name: field.to for field in form.fields if field.to != NOTES for name in (field.label, field.name)}
    return {**own, **hook.map}


def _keys(
    scope: str, reading: Reading, content: Content, submission: Submission
) -> tuple[tuple[str, datetime | None], ...]:
    now, trap = submission.received_at, reading.problem if reading.problem == TRAPPED else ""
    said = f"{trap}{what_was_said(reading, submission.body)}"
    keys = dedup_keys(scope, said, now, reading.submission_id)
    if not reading.same_person_again or not content.email:
        return keys
    person = json.dumps({name: found.value for name, found in reading.contact.items()}, sort_keys=True)
    return ((dedup_key("person", scope, person), now + SAME_PERSON_WINDOW), *keys)


def _state(problem: str) -> LeadState:
    if problem == TRAPPED:
        return LeadState.HELD
    return LeadState.BLOCKED if problem else LeadState.RECEIVED


def _problem(content: Content) -> str:
    if not content.email:
        return "no e-mail address was found in what was sent: mend the hook's map, then flask leads remap"
    return "" if normal_email(content.email) else "what was sent as e-mail address is none: edit the lead"


def _body(submission: Submission, reading: Reading) -> tuple[str, bytes]:
    """Return what is kept: the decoded body without secrets, or the bytes that could not be decoded."""
    if reading.payload is None:
        return submission.content_type, submission.body
    kept = json.dumps(reading.payload, ensure_ascii=False, default=str)
    return "application/json", kept.encode("utf-8", "replace")
