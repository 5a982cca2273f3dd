"""Any submission becomes one stored lead; this is where web, hooks and an import come in."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from leadcapture.domain.attribution import Evidence, resolve
from leadcapture.domain.due import earliest_day
from leadcapture.domain.form import TODAY, Catalogue, Form
from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Consent, NewLead, new_lead_id
from leadcapture.domain.submission import Answer, Controls, Found, Reading, Submission
from leadcapture.errors import FieldError, InvalidAnswers
from leadcapture.intake.controls import split_controls
from leadcapture.intake.decode import Decoded, decode
from leadcapture.intake.fields import MESSAGES, normal_email
from leadcapture.intake.mapper import map_answers
from leadcapture.intake.schemas import FormRules, Values
from leadcapture.intake.screening import Check, Signs, screened
from leadcapture.intake.targets import content_of, own_values
from leadcapture.intake.vocabulary_controls import PROOFS
from leadcapture.intake.vocabulary_secrets import is_secret

REPEAT_WINDOW = timedelta(minutes=10)
"""The same answers to the same form within this time are the same submission."""


class Accepts(Protocol):
    """Where leads are stored: `store.leads.Leads`, or a list in a test."""

    def hand_in(self, make: Callable[[], NewLead]) -> "Handed":
        """Have the lead that `make` makes committed, unless one of its keys says that it is here already.

        It is made later, by another thread. Raises StoreUnavailable.
        """
        ...


class Handed(Protocol):
    """A lead on its way to the disk: `store.writer.Handed`."""

    def wait(self) -> "Receipt":
        """Return what the store says of it, once it is committed; raises StoreUnavailable, or what making it raised."""
        ...

    def is_done(self) -> bool:
        """Say whether it is committed or has failed."""
        ...

    def when_done(self, then: Callable[[], Callable[[], None] | None]) -> None:
        """Have this called when it is committed or has failed, by any thread, or at once; and what it returns, once for
        all that are told together."""
        ...

    def hurry(self) -> None:
        """Say that no other lead is on its way."""
        ...


class Receipt(Protocol):
    """What the store says of an accepted lead."""

    @property
    def id(self) -> str:
        """The lead's id, or that of the lead that was here already."""
        ...

    @property
    def repeated(self) -> bool:
        """Whether it was here already."""
        ...


def with_past_days(form: Form, values: Values, faults: list[FieldError], now: datetime) -> list[FieldError]:
    """Add the days that are over where a field takes none, in the form's order."""
    found = {fault.field: fault for fault in faults}
    for field in form.fields:
        day = earliest_day(field, form.time_zone, now)
        if day and str(values.get(field.name) or day).strip() < day.isoformat():
            found.setdefault(field.name, FieldError(field.name, "past", MESSAGES["past"]))
    return [found[field.name] for field in form.fields if field.name in found]


def no_stamp(_stamp: str) -> float | None:
    """Say that no page of ours was filled in."""
    return None


def not_asked(_token: str | None) -> Check:
    """Say that no proof was asked for."""
    return Check.NOT_ASKED


@frozen
class Origin:
    """What only the web knows of a post. `stamp_age`: how many seconds ago our page with this stamp was made, None
    for a stamp that is not ours; `page_url` returns the hosted form's own address; `referer`, `own_hosts`: attribution;
    `proof`, `captcha`: what the form's proof of work and the captcha's token are worth."""

    idempotency_key: str | None = None
    referer: str | None = None
    own_hosts: tuple[str, ...] = ()
    page_url: Callable[[], str] = str
    stamp_age: Callable[[str], float | None] = no_stamp
    proof: Callable[[str | None], Check] = not_asked
    captcha: Callable[[str | None], Check] = not_asked


_JSON = json.JSONEncoder(ensure_ascii=False)
NOT_CARRIED = frozenset({"_stamp", "_gotcha", "consent", *PROOFS})
CARRIED_AT_MOST = 200


@frozen
class Received:
    """What a post becomes once it is `handed` to the disk: a lead with this id, unless it was here already; and what
    the form said of itself."""

    id: str
    handed: Handed
    controls: Controls


@frozen
class Refused:
    """A post that broke the form's rules, with what was typed so that it can be shown again; `carried` is what
    came along besides the form's own fields, `sent` the names of all that was posted, empty or not."""

    errors: list[FieldError]
    values: Mapping[str, str | tuple[str, ...]]
    controls: Controls
    carried: tuple[tuple[str, str], ...]
    sent: frozenset[str] = frozenset()


class Receiver:
    """Receives posts for the forms of a catalogue; each form's rules are compiled once."""

    def __init__(self, catalogue: Catalogue, leads: Accepts, clock: Callable[[], datetime]) -> None:
        self._limits = catalogue.limits
        self._rules = {name: FormRules(form) for name, form in catalogue.forms.items()}
        self._leads = leads
        self._clock = clock

    def receive(self, form: Form, submission: Submission, origin: Origin) -> Received | Refused:
        """Hand a browser's post to the store. Raises SubmissionRejected for what is no form, StoreUnavailable.

        What decides the answer is done here. What only the stored lead tells (where it comes from, whether it is held)
        is found out when it is made, by the thread that commits it with all the others that wait then: the same code
        for many leads in a row costs a processor less than between two pieces of other work.
        """
        post = self._read(form, submission, origin)
        try:
            values = self._check(form, post, submission.received_at)
        except InvalidAnswers as error:
            if not post.controls.honeypot:
                sent = frozenset(key for key, _ in post.decoded.pairs)
                return Refused(error.errors, post.values, post.controls, carried(form, post.decoded), sent)
            values = post.values
        enquiry = _Enquiry(
            id=new_lead_id(submission.received_at),
            form=form,
            submission=submission,
            post=post,
            values=values,
            evidence=_evidence(submission, origin, post),
            signs=_signs(origin, post),
            senders_id=origin.idempotency_key or post.controls.submission_id,
        )
        return Received(enquiry.id, self._leads.hand_in(partial(self._lead, enquiry)), post.controls)

    def as_typed(self, form: Form, submission: Submission) -> Refused:
        """Return what was typed, when nothing can be stored. Raises SubmissionRejected."""
        post = self._read(form, submission, Origin())
        return Refused([], post.values, post.controls, carried(form, post.decoded))

    def _read(self, form: Form, submission: Submission, origin: Origin) -> "_Post":
        decoded = self.decode(submission)
        controls, tracking, answers = split_controls(decoded.pairs)
        if form.consent is None and controls.consent:
            answers.append(Answer("consent", "consent", "consent", controls.consent))
        reading = _reading(form, controls, tracking, answers, decoded)
        age = origin.stamp_age(controls.stamp) if controls.stamp else None
        return _Post(decoded, controls, reading, own_values(form, reading), age)

    def decode(self, submission: Submission) -> Decoded:
        """Decode a body within the limits. Raises Unreadable, UnsupportedType, TooLarge."""
        limits = self._limits
        return decode(
            submission.content_type, submission.body, max_fields=limits.max_fields, max_depth=limits.max_depth
        )

    def _check(self, form: Form, post: "_Post", received_at: datetime) -> Values:
        faults: list[FieldError] = []
        checked: Values = {}
        try:
            checked = self._rules[form.name].check(post.values)
        except InvalidAnswers as error:
            faults = error.errors
        if any(field.minimum == TODAY for field in form.fields):
            faults = with_past_days(form, post.values, faults, received_at)
        if form.consent and post.age_seconds is not None and not post.controls.agrees:
            faults.append(FieldError("consent", "consent", MESSAGES["consent"]))
        if faults or not (post.reading.answers or post.reading.files or post.controls.honeypot):
            raise InvalidAnswers(faults)
        return checked

    def _lead(self, enquiry: "_Enquiry") -> NewLead:
        form, submission, post = enquiry.form, enquiry.submission, enquiry.post
        now, controls = submission.received_at, post.controls
        content = content_of(
            form,
            post.reading,
            submission,
            enquiry.values,
            subject=controls.subject or "",
            language=controls.language or form.language,
            attribution=resolve(enquiry.evidence, form.attribution),
            consent=Consent(form.consent, controls.agrees, now) if form.consent else None,
        )
        body_type, body = stored_body(submission, post.decoded)
        lead = NewLead(
            id=enquiry.id,
            form=form.name,
            connection=form.connection,
            received_at=now,
            content=content,
            dedup_keys=dedup_keys(form.name, _said(post, submission), now, enquiry.senders_id),
            content_type=body_type,
            body=body,
        )
        return screened(lead, form, self._limits.min_fill_seconds, enquiry.signs)


@frozen
class _Post:
    """A browser's post, read: `age_seconds` is how long our page was open, None when it is not our page's."""

    decoded: Decoded
    controls: Controls
    reading: Reading
    values: Values
    age_seconds: float | None


@frozen
class _Enquiry:
    """A post that keeps the form's rules, and all else that its lead is made of."""

    id: str
    form: Form
    submission: Submission
    post: _Post
    values: Values
    evidence: Evidence
    signs: Signs
    senders_id: str | None


def _reading(
    form: Form, controls: Controls, tracking: Mapping[str, str], answers: list[Answer], decoded: Decoded
) -> Reading:
    mapped = map_answers(answers, {}, {field.name: field.to for field in form.fields})
    contact = dict(mapped.contact)
    if "email" not in contact and controls.reply_to and normal_email(controls.reply_to):
        contact["email"] = Found(controls.reply_to, "_replyto", "key")
    return Reading(
        contact=contact,
        mapped=mapped.mapped,
        answers=tuple(answers),
        tracking=tracking,
        page_url=controls.page_url,
        landing_url=controls.landing_url,
        referrer=controls.referrer,
        files=decoded.files,
    )


def _evidence(submission: Submission, origin: Origin, post: _Post) -> Evidence:
    controls = post.controls
    hosted = post.age_seconds is not None and not controls.embedding
    return Evidence(
        tracking=post.reading.tracking,
        first_touch=controls.first_touch,
        last_touch=controls.last_touch,
        embedding="hosted" if hosted else controls.embedding,
        page_url=controls.page_url or (origin.page_url() if hosted else None),
        hosted_query=submission.query,
        landing_url=controls.landing_url,
        referrer=controls.referrer,
        referer=origin.referer,
        own_hosts=origin.own_hosts,
        posted_from=None if hosted or controls.page_url else _page_of_referer(origin),
    )


def _page_of_referer(origin: Origin) -> str | None:
    """Return the page that the browser says it posts from, or its website alone; None for a page of ours."""
    scheme, _, rest = (origin.referer or "").partition("://")
    if scheme.lower() not in ("http", "https"):
        return None
    our_pages = origin.page_url().partition("://")[2].rpartition("/")[0]
    return None if rest.startswith(f"{our_pages}/") else origin.referer


def _said(post: "_Post", submission: Submission) -> str:
    """A robot that fell into the trap is never the same as a person who says the same."""
    trap = "trapped " if post.controls.honeypot else ""
    return trap + what_was_said(post.reading, submission.body)


def _signs(origin: Origin, post: _Post) -> Signs:
    return Signs(
        honeypot=bool(post.controls.honeypot),
        age_seconds=post.age_seconds,
        proof=origin.proof(post.controls.proof),
        captcha=origin.captcha(post.controls.captcha),
    )


def carried(form: Form, decoded: Decoded) -> tuple[tuple[str, str], ...]:
    """Return what a form that is shown again must bring along: all but its own fields and this page's marks."""
    own = {field.name for field in form.fields} | NOT_CARRIED
    return tuple(
        (key, value)
        for key, value in decoded.pairs
        if isinstance(value, str) and key not in own and not is_secret(key, value)
    )[:CARRIED_AT_MOST]


def what_was_said(reading: Reading, body: bytes) -> str:
    """Return all by which two submissions differ: answers, the person behind them, files; the bytes of what could
    not be read."""
    answers = [[a.path, a.value] for a in reading.answers]
    person = sorted((name, found.value) for name, found in reading.contact.items())
    files = [[part.field, part.filename, part.size_bytes] for part in reading.files]
    unread = "" if answers or person or files else hashlib.sha256(body).hexdigest()
    return _JSON.encode([answers, person, files, unread])


def dedup_keys(
    scope: str, said: str, received_at: datetime, submission_id: str | None
) -> tuple[tuple[str, datetime | None], ...]:
    """Return the keys by which a repeat is known: the sender's own id for ever, the same answers for ten minutes."""
    by_answers = (dedup_key("answers", scope, said), received_at + REPEAT_WINDOW)
    if not submission_id:
        return (by_answers,)
    return ((dedup_key("id", scope, submission_id), None), by_answers)


def dedup_key(kind: str, scope: str, text: str) -> str:
    """Return the key under which a submission of a scope is remembered."""
    return hashlib.sha256(f"{kind}\0{scope}\0{text}".encode("utf-8", "replace")).hexdigest()


def stored_body(submission: Submission, decoded: Decoded) -> tuple[str, bytes]:
    """Return what is kept of the bytes: as they came, unless they hold a secret or a file; then what is left."""
    if not decoded.files and not any(is_secret(key, value) for key, value in decoded.pairs):
        return submission.content_type, submission.body
    kept = [[key, value] for key, value in decoded.pairs if not is_secret(key, value)]
    return "application/json", json.dumps(kept, ensure_ascii=False, default=str).encode("utf-8", "replace")
