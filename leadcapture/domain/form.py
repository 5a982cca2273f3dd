"""A form of forms.toml, as values: what it asks, where each answer goes, and how its leads are delivered."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from leadcapture.domain.frozen import frozen
from leadcapture.domain.opportunity import FieldValue


class FieldType(StrEnum):
    """The types of interface that a field may have."""

    TEXT = "text"
    EMAIL = "email"
    TEL = "tel"
    TEXTAREA = "textarea"
    SELECT = "select"
    RADIO = "radio"
    CHECKBOX = "checkbox"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    HIDDEN = "hidden"


TODAY = "today"
"""A date field's `min` that moves on."""
NOTES = "notes"
"""The target of an answer that no field of the CRM takes: it is written into Notes by its label."""


@frozen
class Field:
    """One question. `to` is "coworker.<Field>", "opportunity.<Field>" or NOTES; `date_field` names the date
    field whose day this time belongs to; `options` are the only answers of a select, radio or checkbox."""

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    to: str = NOTES
    options: tuple[str, ...] = ()
    date_field: str | None = None
    placeholder: str = ""
    help: str = ""
    default: str = ""
    max_length: int = 5000
    minimum: str | None = None
    maximum: str | None = None

    @property
    def multiple(self) -> bool:
        """Whether several options may be chosen."""
        return self.type is FieldType.CHECKBOX and bool(self.options)


@frozen
class Hook:
    """A builder that may post leads for a form; without a key the endpoint is closed. `signed`: forms.toml names
    a signing secret, so a call that can't be verified is refused, also when the variable is empty."""

    builder: str
    key: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    signed: bool = False
    map: Mapping[str, str] = field(default_factory=dict)


class KnownPerson(StrEnum):
    """What a second enquiry of a known customer becomes."""

    OPPORTUNITY = "opportunity"
    NOTE = "note"


class AutomaticOpportunity(StrEnum):
    """What to do when Nexudus' own automation has made an opportunity for the same enquiry (contract 6.3)."""

    ADD = "add"
    ADOPT = "adopt"


@frozen
class Screening:
    """[forms.x.screening]: what makes a lead suspect besides what always does. `hold_countries` are those of the
    telephone number or of the address' ending; addresses of `allow_domains` are held for nothing that they say."""

    proof_of_work: bool = False
    captcha: bool = True
    content: bool = True
    hold_words: tuple[str, ...] = ()
    hold_domains: tuple[str, ...] = ()
    hold_countries: tuple[str, ...] = ()
    allow_domains: tuple[str, ...] = ()


@frozen
class Form:
    """A form with everything that it inherits from [defaults].

    `lead_source` is a name of LeadSource or "auto". `constants` are the values of [forms.x.opportunity]: text
    may hold {field} names. `region` is the ISO country whose phone numbers need no prefix. `cookie_domain`: the
    website's domain, when this service is a subdomain of it and may set the script's cookie there.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    board_column: int
    location: int
    intro: str = ""
    submit_label: str = ""
    success_message: str = ""
    success_url: str | None = None
    consent: str | None = None
    language: str = "en"
    time_zone: str | None = None
    country_id: int | None = None
    simple_time_zone_id: int | None = None
    region: str | None = None
    allowed_origins: tuple[str, ...] = ()
    redirect_hosts: tuple[str, ...] = ()
    lead_source: str = "Web"
    known_person: KnownPerson = KnownPerson.OPPORTUNITY
    automatic_opportunity: AutomaticOpportunity = AutomaticOpportunity.ADD
    attribution: str = "last"
    connection: str = "main"
    retention_days: int = 365
    theme_color: str = ""
    logo_url: str = ""
    cookie_domain: str = ""
    constants: Mapping[str, FieldValue] = field(default_factory=dict)
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    screening: Screening = field(default_factory=Screening)

    def field_named(self, name: str) -> Field | None:
        """Return the field of that name, if the form has it."""
        return next((f for f in self.fields if f.name == name), None)


@frozen
class Connection:
    """A Nexudus account with its own token, pacer, limits and alerts."""

    name: str = "main"
    url: str = "https://spaces.nexudus.com"
    email: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    writes_per_minute: int = 55
    writes_per_day: int = 2400
    calls_per_minute: int = 100
    timeout_seconds: float = 20.0


def connect_command(connection: str) -> str:
    """Return what a person types to sign a connection in."""
    return "flask leads connect" + ("" if connection == "main" else f" --connection {connection}")


@frozen
class Limits:
    """The [limits] of forms.toml; each has a default that an ordinary site never meets.

    `posts_per_address` is how many posts one visitor's address may send at once, refilled at
    `posts_per_address_per_minute`; hooks are limited per endpoint only.
    """

    posts_per_address: int = 420
    posts_per_address_per_minute: int = 60
    posts_per_minute: int = 30000
    hook_posts_per_minute: int = 6000
    max_fields: int = 1000
    max_depth: int = 32
    min_fill_seconds: float = 2.0
    failed_logins: int = 10
    failed_logins_minutes: int = 5


@frozen
class Catalogue:
    """Everything that forms.toml says: forms and connections by name, and limits."""

    forms: Mapping[str, Form]
    connections: Mapping[str, Connection]
    limits: Limits = field(default_factory=Limits)
    warnings: tuple[str, ...] = ()

    def forms_of(self, connection: str) -> list[Form]:
        """Return the forms that deliver through a connection."""
        return [form for form in self.forms.values() if form.connection == connection]
