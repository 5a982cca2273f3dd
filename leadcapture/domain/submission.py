"""What arrived, and what was read from it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from leadcapture.domain.frozen import frozen

YES_WORDS = frozenset({"1", "true", "yes", "on", "y", "checked", "ja", "si", "sí", "oui"})
NO_WORDS = frozenset({"", "0", "false", "no", "off", "n", "unchecked", "nein", "non", "null", "none", "[]"})
"""How forms and their builders say that a box is ticked, or is not."""


def says_no(said: str | tuple[str, ...]) -> bool:
    """Say whether a box was left unticked, or a text empty; of several values every one says so."""
    if isinstance(said, tuple):
        return all(map(says_no, said))
    return said.strip().casefold() in NO_WORDS


@frozen
class Submission:
    """A post as it came in: `headers` by lower-case name, `query` the URL's own parameters (the key left out),
    `remote_address` the visitor's as far as trusted proxies tell, `received_at` aware UTC."""

    content_type: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    query: tuple[tuple[str, str], ...]
    remote_address: str | None
    received_at: datetime


@frozen
class Answer:
    """One thing that the visitor said.

    `path` is where it stood in the body ("payload.data.Your name"), `key` the machine name, `label` what the
    visitor saw (may equal `key`), `type` the builder's declared type in our words ("" when it says none:
    else one of email tel text textarea choice checkbox date time number url hidden name first_name
    last_name), `value` one text or,
    for several choices, a tuple of texts.
    """

    path: str
    key: str
    label: str
    value: str | tuple[str, ...]
    type: str = ""

    @property
    def text(self) -> str:
        """The value as one line of text, several choices joined with a comma."""
        return self.value if isinstance(self.value, str) else ", ".join(self.value)


@frozen
class FilePart:
    """A file that came with a form: named in Notes, never stored."""

    field: str
    filename: str
    size_bytes: int


@frozen
class Found:
    """Which answer supplied a canonical field, and by what rule.

    `method`: "map" (the form's explicit map), "field" (the form's own field name), "type", "key", "label",
    "value" (sniffed), or "builder" (the builder's table).
    """

    value: str
    path: str
    method: str


CONTACT_FIELDS = ("full_name", "first_name", "last_name", "email", "phone", "company", "message")
"""The canonical fields of a person's enquiry; everything else an answer says is kept by its label."""


@frozen
class Reading:
    """What intake read from one enquiry of a submission.

    `contact`: canonical field -> Found. `mapped`: target ("coworker.X", "opportunity.X") -> Found, from an
    explicit map. `answers`: everything the visitor said, in order, those of `contact` included. `tracking`:
    utm_* and click ids by lower-case name, as explicit values in the body. `submission_id`: the builder's own
    id of the submission, scoped to the endpoint. `same_person_again`: this builder sends a person again, so a
    repeat within the window is merged. `problem`: why this can't become an opportunity, in plain words.
    `erase`: the sender asks to erase the submission of this id. `payload`: the decoded body without secrets.
    """

    contact: Mapping[str, Found] = field(default_factory=dict)
    mapped: Mapping[str, Found] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    tracking: Mapping[str, str] = field(default_factory=dict)
    page_url: str | None = None
    landing_url: str | None = None
    referrer: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    submitted_at: str | None = None
    submission_id: str | None = None
    form_id: str | None = None
    form_name: str | None = None
    language: str | None = None
    files: tuple[FilePart, ...] = ()
    is_test: bool = False
    same_person_again: bool = False
    problem: str | None = None
    erase: bool = False
    payload: Any = None


@frozen
class Controls:
    """What a browser's form tells us about itself, by our own names and those of the services that it moved
    from (Formspree, Netlify, Web3Forms, Basin, FormSubmit). None or "" where it says nothing."""

    next_url: str | None = None
    subject: str | None = None
    reply_to: str | None = None
    honeypot: str = ""
    language: str | None = None
    submission_id: str | None = None
    page_url: str | None = None
    referrer: str | None = None
    landing_url: str | None = None
    first_touch: str | None = None
    last_touch: str | None = None
    embedding: str | None = None
    stamp: str | None = None
    consent: str | None = None
    proof: str | None = None
    captcha: str | None = None

    @property
    def agrees(self) -> bool:
        """Whether the box of consent was ticked: forms also post boxes that were not ("no", "false", "0", [])."""
        return not says_no(self.consent or "")
