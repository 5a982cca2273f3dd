"""What a schema can't see in forms.toml: things that must fit together."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from leadcapture.domain.compose import PLACEHOLDER, enum_value
from leadcapture.domain.form import NOTES, TODAY, Connection, FieldType, Form
from leadcapture.domain.opportunity import OPPORTUNITY_FIELDS, Kind
from leadcapture.domain.redirect import redirect_target
from leadcapture.intake.builders import BUILDERS
from leadcapture.intake.fields import is_answer
from leadcapture.intake.forms_schema import NAME
from leadcapture.intake.signatures import signs

NEEDED = ("location", "board_column")
USUAL_NAMES = frozenset({"full_name", "email", "phone", "company", "message"})
NEED_OPTIONS = (FieldType.SELECT, FieldType.RADIO)
MAY_HAVE_OPTIONS = (*NEED_OPTIONS, FieldType.CHECKBOX)
HAVE_LIMITS = (FieldType.DATE, FieldType.TIME, FieldType.NUMBER)
EMPTY = "is empty or not set: this endpoint refuses every call"
ENUM_KINDS = (Kind.LEAD_SOURCE, Kind.LOSS_REASON, Kind.STATUS)


def check_names(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of forms, hooks and connections that can't stand in an address or that we don't know."""
    for table in ("forms", "connections"):
        named = raw.get(table)
        for name in named if isinstance(named, dict) else ():
            if not NAME.match(name):
                yield f"{table}.{name}: a name is lower-case letters, digits, _ and -"
    forms = raw.get("forms")
    if forms == {}:
        yield "forms: there is no form"
    for name, form in forms.items() if isinstance(forms, dict) else ():
        hooks = form.get("hooks") if isinstance(form, dict) else None
        for builder in hooks if isinstance(hooks, dict) else ():
            if builder != "auto" and builder not in BUILDERS:
                known = ", ".join(sorted(BUILDERS))
                yield f"forms.{name}.hooks.{builder}: unknown builder: use auto, or one of {known}"


def check_connections(tables: Mapping[str, Any], connections: Mapping[str, Connection]) -> Iterator[str]:
    """Yield the connections that a form names and nobody defines, and half of an account's credentials."""
    named = {"defaults": tables.get("defaults", {}).get("connection")}
    named |= {f"forms.{name}": form.get("connection") for name, form in tables.get("forms", {}).items()}
    for where, connection in named.items():
        if connection is not None and connection not in connections:
            yield f"{where}.connection: there is no [connections.{connection}]"
    for name, table in tables.get("connections", {}).items():
        if ("email_env" in table) != ("password_env" in table):
            yield f"connections.{name}: email_env and password_env: give both or neither"


def check_form(table: Mapping[str, Any], given: Collection[str], fields: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what does not fit together in a form with what it inherits; each begins with its key.

    `table` holds what is right by itself, `given` every key that is there, right or wrong, and `fields` the fields
    that are right, so that every fault of the file is found at once.
    """
    for key in NEEDED:
        if key not in given:
            yield f"{key}: missing: set it here or in [defaults]"
    yield from _check_fields(fields)
    if len(fields) == len(given_fields(table)) and not _has_email(fields):
        yield "fields: a form needs an e-mail field: type = “email”, to = “coworker.Email”"
    yield from _check_constants(table, {field["name"] for field in fields})


def given_fields(table: Mapping[str, Any]) -> list[Any]:
    """Return the fields of a form, right or wrong."""
    found = table.get("fields_", table.get("fields"))
    return found if isinstance(found, list) else []


def _has_email(fields: list[Mapping[str, Any]]) -> bool:
    return any(field.get("to") == "coworker.Email" or field["type"] == FieldType.EMAIL for field in fields)


def _check_fields(tables: list[Mapping[str, Any]]) -> Iterator[str]:
    names: set[str] = set()
    targets: dict[str, str] = {}
    dates = {table["name"] for table in tables if table["type"] == FieldType.DATE}
    for number, table in enumerate(tables):
        where = f"fields[{number}]"
        name, target = table["name"], table.get("to", NOTES)
        if name in names:
            yield f"{where}.name: there are two fields called {name}"
        names.add(name)
        if target != NOTES and target in targets:
            yield f"{where}.to: {target} is already filled by {targets[target]}"
        targets[target] = name
        yield from (f"{where}.{fault}" for fault in (*_check_field(table, dates), *_check_enum_answers(table)))


def _check_field(table: Mapping[str, Any], dates: set[str]) -> Iterator[str]:
    kind, options = table["type"], table.get("options", [])
    if kind in NEED_OPTIONS and not options:
        yield f"options: a {kind} field needs options = […]"
    if options and kind not in MAY_HAVE_OPTIONS:
        yield f"options: a {kind} field has none"
    if len(set(options)) != len(options):
        yield "options: one of them stands there twice"
    if "date_field" in table and (kind != FieldType.TIME or table["date_field"] not in dates):
        yield "with: only a time field has it, and it names a date field of the form"
    for key in ("minimum", "maximum"):
        moves = key == "minimum" and kind == FieldType.DATE and table.get(key) == TODAY
        if key in table and kind in HAVE_LIMITS and not moves and not is_answer(FieldType(kind), str(table[key])):
            yield f"{key[:3]}: must be a {kind}, as its answers are"


def _check_enum_answers(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the options, and the default, that an enum of the CRM does not know: each such answer would be blocked."""
    record, _, name = table.get("to", NOTES).partition(".")
    kind = OPPORTUNITY_FIELDS.get(name) if record == "opportunity" else None
    if kind not in ENUM_KINDS:
        return
    for option in table.get("options", []):
        if fault := _wrong_constant(kind, option):
            yield f"options: {fault}"
    if (default := table.get("default")) and (fault := _wrong_constant(kind, default)):
        yield f"default: {fault}"


def _check_constants(table: Mapping[str, Any], fields: set[str]) -> Iterator[str]:
    names = fields | USUAL_NAMES
    for name, value in table.get("opportunity", {}).items():
        where = f"opportunity.{name}"
        kind = OPPORTUNITY_FIELDS.get(name)
        if kind is None:
            yield f"{where}: no such field: a form may set {', '.join(OPPORTUNITY_FIELDS)}"
        elif isinstance(value, str) and PLACEHOLDER.search(value):
            unknown = sorted(set(PLACEHOLDER.findall(value)) - names)
            yield from (f"{where}: {{{wanted}}} is not a field of this form" for wanted in unknown)
        elif kind is Kind.TEXT and isinstance(value, str) and ("{" in value or "}" in value):
            yield f"{where}: a {{field}} in it is not closed"
        elif fault := _wrong_constant(kind, value):
            yield f"{where}: {fault}"


def _wrong_constant(kind: Kind, value: Any) -> str | None:
    if kind in ENUM_KINDS:
        try:
            enum_value(kind, str(value))
        except (KeyError, ValueError):
            return f"“{value}” is not a {kind.value} of Nexudus"
        return None
    fits = {
        Kind.TEXT: isinstance(value, str),
        Kind.ID: isinstance(value, int) and not isinstance(value, bool) and value > 0,
        Kind.DECIMAL: isinstance(value, int | float | Decimal) and not isinstance(value, bool) and isfinite(value),
        Kind.MOMENT: isinstance(value, date | datetime),
        Kind.FLAG: isinstance(value, bool),
    }[kind]
    return None if fits else f"must be a {kind.value}"


def warn_of_form(form: Form, hooks: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield what works, and is probably not meant; `hooks` are the form's as the file has them."""
    if "*" in form.allowed_origins:
        yield "allowed_origins: “*” lets every website post this form"
    if form.success_url and redirect_target(form.success_url, form.redirect_hosts) is None:
        yield "success_url: its host is not in redirect_hosts: visitors see our thank-you page instead"
    for builder, hook in form.hooks.items():
        if hook.key is None:
            yield f"hooks.{builder}.key_env: {hooks[builder]['key_env']} {EMPTY}"
        if hook.signed and hook.secret is None:
            yield f"hooks.{builder}.secret_env: {hooks[builder]['secret_env']} {EMPTY}"
        if hook.secret is not None and not signs(builder):
            yield f"hooks.{builder}.secret_env: {builder} signs nothing: this endpoint refuses its calls"
