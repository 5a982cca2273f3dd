"""The keys of forms.toml and what each may hold, as marshmallow schemas; unknown keys are faults."""

import re
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from leadcapture.domain.form import NOTES, AutomaticOpportunity, FieldType, KnownPerson
from leadcapture.domain.opportunity import COWORKER_FIELDS, OPPORTUNITY_FIELDS, LeadSource
from leadcapture.domain.redirect import ascii_host

LANGUAGES = ("en", "es", "de", "fr")
NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")
FIELD_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_.-]{0,99}$")
VARIABLE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
COLOR = re.compile(r"^#[0-9A-Fa-f]{6}$")
HOST = re.compile(r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$")
ORIGIN = re.compile(r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?/?")
DOMAIN = re.compile(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$")
PERSON_PARTS = ("first_name", "last_name")


def check_target(value: str) -> None:
    """Refuse a target that is neither notes nor a field that we may write."""
    record, _, name = value.partition(".")
    allowed = {"coworker": COWORKER_FIELDS, "opportunity": OPPORTUNITY_FIELDS}.get(record)
    if value == NOTES or (allowed and name in allowed):
        return
    raise ValidationError(f"unknown target “{value}”: use notes, coworker.<Field> or opportunity.<Field>")


def check_map_target(value: str) -> None:
    """Refuse a hook's target: those of a field, and the halves of a name."""
    if value not in PERSON_PARTS:
        check_target(value)


def check_time_zone(value: str) -> None:
    """Refuse a zone that the IANA database does not have."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValidationError(f"unknown time zone “{value}”: use an IANA name such as Europe/London") from None


def check_lead_source(value: str) -> None:
    """Refuse a name that eCrmOpportunitySource does not have."""
    if value != "auto" and value not in LeadSource.__members__:
        raise ValidationError(
            f"“{value}” is not a lead source: use “auto” or one of {', '.join(LeadSource.__members__)}"
        )


def check_host(value: str) -> None:
    """Refuse what is no host's name, in any script."""
    if not HOST.fullmatch(ascii_host(value) or ""):
        raise ValidationError("must be a host name, without scheme or port")


def check_origin(value: str) -> None:
    """Refuse what no browser sends as an Origin."""
    if value != "*" and not ORIGIN.fullmatch(value):
        raise ValidationError(
            f"“{value}” is not an origin: write https://www.example.com, each website by itself, or *"
        )


def check_url(value: str) -> None:
    """Refuse what is no web address."""
    try:
        parts = urlsplit(value)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        right = False
    if not right or not value.isprintable():
        raise ValidationError("must be an http:// or https:// address")


def _number_of(what: str) -> Any:
    return validate.Range(min=1, error=f"must be {what}, a positive whole number")


def _one_of(values: Any) -> Any:
    names = [str(value) for value in values]
    return validate.OneOf(names, error="must be one of: {choices}")


class Strict(Schema):
    """A table of forms.toml: a key that it does not know is a fault."""

    class Meta:
        """Unknown keys are refused."""

        unknown = RAISE

    error_messages = {"unknown": "unknown key", "type": "must be a table"}  # noqa: RUF012 - marshmallow reads it from the class


def _whole(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, error_messages={"invalid": "must be a whole number"}, **options)


def _flag(**options: Any) -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False}, error_messages={"invalid": "must be true or false"}, **options)


def _text(*checks: Any, **options: Any) -> fields.String:
    return fields.String(validate=checks or None, error_messages={"invalid": "must be text"}, **options)


class ScreeningSchema(Strict):
    """[defaults.screening] and [forms.x.screening]."""

    proof_of_work = _flag()
    captcha = _flag()
    content = _flag()
    hold_words = fields.List(_text(validate.Length(min=2, max=100)))
    hold_domains = fields.List(_text(validate.Regexp(HOST, error="must be a domain, such as example.com")))
    hold_countries = fields.List(
        _text(validate.Regexp(r"^[A-Z]{2}$", error="must be a country's two letters, such as GB"))
    )
    allow_domains = fields.List(_text(validate.Regexp(HOST, error="must be a domain, such as example.com")))


class InheritedSchema(Strict):
    """What [defaults] may say and each form may say otherwise."""

    location = _whole(validate=_number_of("a Nexudus business id"))
    time_zone = _text(check_time_zone)
    country_id = _whole(validate=_number_of("a Nexudus country id"))
    simple_time_zone_id = _whole(validate=_number_of("a Nexudus time zone id"))
    board_column = _whole(validate=_number_of("a Nexudus board column id"))
    allowed_origins = fields.List(_text(check_origin))
    redirect_hosts = fields.List(_text(check_host))
    lead_source = _text(check_lead_source)
    known_person = _text(_one_of(KnownPerson))
    automatic_opportunity = _text(_one_of(AutomaticOpportunity))
    attribution = _text(_one_of(("last", "first")))
    connection = _text(validate.Regexp(NAME, error="must be a connection's name"))
    retention_days = _whole(validate=validate.Range(min=1, error="must be at least 1"))
    language = _text(_one_of(LANGUAGES))
    phone_country = _text(validate.Regexp(r"^[A-Z]{2}$", error="must be a country's two letters, such as GB"))
    theme_color = _text(validate.Regexp(COLOR, error="must be a colour such as #0a6b5a"))
    logo_url = _text(check_url)
    success_url = _text(check_url)
    cookie_domain = _text(validate.Regexp(DOMAIN, error="must be a domain, such as example.com"))
    consent = _text(validate.Length(max=1000))
    screening = fields.Nested(ScreeningSchema)


class FieldSchema(Strict):
    """One [[forms.x.fields]]."""

    name = _text(validate.Regexp(FIELD_NAME, error="must begin with a letter: letters, digits, _ - ."), required=True)
    label = _text(validate.Length(min=1, max=300), required=True)
    type = _text(_one_of(FieldType), load_default="text")
    required = _flag(load_default=False)
    to = _text(check_target)
    options = fields.List(_text(validate.Length(min=1, max=200)))
    date_field = _text(data_key="with")
    placeholder = _text(validate.Length(max=200))
    help = _text(validate.Length(max=500))
    default = _text(validate.Length(max=1000))
    max_length = _whole(validate=validate.Range(min=1, max=20000, error="must be from 1 to 20000"))
    minimum = fields.Raw(data_key="min")
    maximum = fields.Raw(data_key="max")


class HookSchema(Strict):
    """One [forms.x.hooks.<builder>]."""

    key_env = _text(validate.Regexp(VARIABLE, error="must be the name of an environment variable"), required=True)
    secret_env = _text(validate.Regexp(VARIABLE, error="must be the name of an environment variable"))
    map = fields.Dict(keys=fields.String(), values=_text(check_map_target))


class FormSchema(InheritedSchema):
    """One [forms.<name>]."""

    title = _text(validate.Length(min=1, max=200), required=True)
    intro = _text(validate.Length(max=5000))
    submit_label = _text(validate.Length(max=100))
    success_message = _text(validate.Length(max=2000))
    opportunity = fields.Dict(keys=fields.String(), values=fields.Raw())
    fields_ = fields.List(
        fields.Nested(FieldSchema),
        data_key="fields",
        required=True,
        validate=validate.Length(min=1, max=200, error="a form needs at least one field"),
    )
    hooks = fields.Dict(keys=fields.String(), values=fields.Nested(HookSchema))


class ConnectionSchema(Strict):
    """One [connections.<name>]."""

    url = _text(check_url)
    email_env = _text(validate.Regexp(VARIABLE, error="must be the name of an environment variable"))
    password_env = _text(validate.Regexp(VARIABLE, error="must be the name of an environment variable"))
    writes_per_minute = _whole(validate=validate.Range(min=2))
    writes_per_day = _whole(validate=validate.Range(min=2))
    calls_per_minute = _whole(validate=validate.Range(min=4))
    timeout_seconds = fields.Float(validate=validate.Range(min=0.1, max=60))


class LimitsSchema(Strict):
    """[limits]."""

    posts_per_address = _whole(validate=validate.Range(min=1))
    posts_per_address_per_minute = _whole(validate=validate.Range(min=1))
    posts_per_minute = _whole(validate=validate.Range(min=1))
    hook_posts_per_minute = _whole(validate=validate.Range(min=1))
    max_fields = _whole(validate=validate.Range(min=10, max=10000))
    max_depth = _whole(validate=validate.Range(min=4, max=200))
    min_fill_seconds = fields.Float(validate=validate.Range(min=0, max=60))
    failed_logins = _whole(validate=validate.Range(min=1))
    failed_logins_minutes = _whole(validate=validate.Range(min=1))


class FileSchema(Strict):
    """forms.toml as a whole."""

    defaults = fields.Nested(InheritedSchema)
    forms = fields.Dict(keys=fields.String(), values=fields.Nested(FormSchema), required=True)
    connections = fields.Dict(keys=fields.String(), values=fields.Nested(ConnectionSchema))
    limits = fields.Nested(LimitsSchema)
