"""forms.toml, read: every fault of it is reported at once, with file and key."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from leadcapture.domain.form import (
    NOTES,
    AutomaticOpportunity,
    Catalogue,
    Connection,
    Field,
    FieldType,
    Form,
    Hook,
    KnownPerson,
    Limits,
    Screening,
)
from leadcapture.domain.opportunity import FieldValue
from leadcapture.domain.redirect import ascii_host
from leadcapture.domain.zones import countries_of_zones
from leadcapture.errors import ConfigError
from leadcapture.intake.forms_check import check_connections, check_form, check_names, given_fields, warn_of_form
from leadcapture.intake.forms_schema import FileSchema

_PLAIN_KEYS = "country_id simple_time_zone_id success_url cookie_domain consent theme_color logo_url time_zone"
LONGEST_TEXTAREA = 20_000
PLAIN = tuple(_PLAIN_KEYS.split())


BEGIN_WITH = "copy the repository's forms.toml there, and let flask leads setup fill it in"


def load_forms(path: Path, environment: Mapping[str, str], main: Connection) -> Catalogue:
    """Read and check a forms file; `main` is the connection of the environment. Raises ConfigError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError([f"FORMS_FILE: {path.name} is not there: {BEGIN_WITH}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"FORMS_FILE: {path.name} can't be read: {type(error).__name__}"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path.name}: not TOML: {error}"]) from None
    return read_forms(raw, path.name, environment, main)


def read_forms(raw: Mapping[str, Any], file: str, environment: Mapping[str, str], main: Connection) -> Catalogue:
    """Turn parsed TOML into forms, connections and limits. Raises ConfigError naming every fault."""
    tables, found = _checked(raw)
    found += check_names(raw)
    connections = _connections(tables.get("connections", {}), environment, main)
    found += check_connections(tables, connections)
    forms = {name: _inherited(tables, table) for name, table in tables.get("forms", {}).items()}
    for name, table in forms.items():
        given = {*_table(raw, "defaults"), *_table(raw, "forms", name)}
        whole = [field for field in given_fields(table) if {"name", "type"} <= set(field)]
        checked = {**table, "fields": given_fields(_table(raw, "forms", name))}
        checked.pop("fields_", None)
        found += (f"forms.{name}.{fault}" for fault in check_form(checked, given, whole))
    if found:
        raise ConfigError([f"{file}: {fault}" for fault in found])
    catalogue = {name: _form(name, table, environment) for name, table in forms.items()}
    warnings = tuple(
        f"{file}: forms.{name}.{said}"
        for name, form in catalogue.items()
        for said in warn_of_form(form, forms[name].get("hooks", {}))
    )
    return Catalogue(catalogue, connections, Limits(**tables.get("limits", {})), warnings)


def _checked(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what is right by itself, and what is not."""
    try:
        return FileSchema().load(raw), []
    except ValidationError as error:
        right = error.valid_data if isinstance(error.valid_data, dict) else {}
        return right, list(_flatten(error.messages))


def _inherited(tables: Mapping[str, Any], form: Mapping[str, Any]) -> dict[str, Any]:
    defaults = tables.get("defaults", {})
    return {**defaults, **form, "screening": {**defaults.get("screening", {}), **form.get("screening", {})}}


def _table(raw: Any, *path: str) -> Mapping[str, Any]:
    for step in path:
        raw = raw.get(step) if isinstance(raw, dict) else None
    return raw if isinstance(raw, dict) else {}


def _flatten(messages: Any, path: str = "") -> Iterator[str]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _flatten(inner, _join(path, key))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, str):
            yield f"{path}: {message}"
        else:
            yield from _flatten(message, path)


def _join(path: str, key: Any) -> str:
    if key in {"value", "_schema"}:
        return path
    key = "fields" if key == "fields_" else key
    return f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")


def _connections(tables: Mapping[str, Any], environment: Mapping[str, str], main: Connection) -> dict[str, Connection]:
    connections = {"main": main}
    for name, table in tables.items():
        values = {key: value for key, value in table.items() if not key.endswith("_env")}
        connections[name] = replace(
            main,
            name=name,
            token=main.token if name == "main" else None,
            email=environment.get(table.get("email_env", ""), "") or (main.email if name == "main" else None),
            password=environment.get(table.get("password_env", ""), "") or (main.password if name == "main" else None),
            **values,
        )
    return connections


def _form(name: str, table: Mapping[str, Any], environment: Mapping[str, str]) -> Form:
    zone = table.get("time_zone")
    return Form(
        name=name,
        title=table["title"],
        fields=_fields(table["fields_"]),
        board_column=table["board_column"],
        location=table["location"],
        intro=table.get("intro", ""),
        submit_label=table.get("submit_label", ""),
        success_message=table.get("success_message", ""),
        language=table.get("language", "en"),
        region=table.get("phone_country") or (countries_of_zones().get(zone) if zone else None),
        allowed_origins=tuple(origin.rstrip("/").lower() for origin in table.get("allowed_origins", ())),
        redirect_hosts=tuple(ascii_host(host) or host for host in table.get("redirect_hosts", ())),
        lead_source=table.get("lead_source", "Web"),
        known_person=KnownPerson(table.get("known_person", "opportunity")),
        automatic_opportunity=AutomaticOpportunity(table.get("automatic_opportunity", "add")),
        attribution=table.get("attribution", "last"),
        connection=table.get("connection", "main"),
        retention_days=table.get("retention_days", 365),
        constants={name: _constant(value) for name, value in table.get("opportunity", {}).items()},
        hooks={builder: _hook(builder, hook, environment) for builder, hook in table.get("hooks", {}).items()},
        screening=_screening(table.get("screening", {})),
        **{key: table[key] for key in PLAIN if key in table},
    )


def _screening(table: Mapping[str, Any]) -> Screening:
    lists = {key: tuple(value) for key, value in table.items() if isinstance(value, list)}
    for key in ("hold_words", "hold_domains", "allow_domains"):
        lists[key] = tuple(text.casefold() for text in lists.get(key, ()))
    return Screening(**{**table, **lists})


def _fields(tables: list[Mapping[str, Any]]) -> tuple[Field, ...]:
    named_email = any(table.get("to") == "coworker.Email" for table in tables)
    fields = []
    for table in tables:
        values = {**table, "type": FieldType(table["type"]), "options": tuple(table.get("options", ()))}
        values |= {key: str(table[key]) for key in ("minimum", "maximum") if key in table}
        if values["type"] is FieldType.TEXTAREA:
            values.setdefault("max_length", LONGEST_TEXTAREA)
        if "to" not in table:
            is_the_email = table["type"] == "email" and not named_email
            values["to"] = "coworker.Email" if is_the_email else NOTES
            named_email = named_email or is_the_email
        fields.append(Field(**values))
    return tuple(fields)


def _hook(builder: str, table: Mapping[str, Any], environment: Mapping[str, str]) -> Hook:
    return Hook(
        builder=builder,
        key=environment.get(table["key_env"]) or None,
        secret=environment.get(table.get("secret_env", "")) or None,
        signed="secret_env" in table,
        map=table.get("map", {}),
    )


def _constant(value: Any) -> FieldValue:
    return value.isoformat() if isinstance(value, date) else value
