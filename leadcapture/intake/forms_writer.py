"""forms.toml, written: what a person chose put into the file that is there, its comments and order kept.

tomlkit, because it is the one writer that keeps what a person wrote; what comes out is read again before it leaves.
"""

import tomllib
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from tomlkit.exceptions import TOMLKitError

from leadcapture.domain.form import Connection
from leadcapture.domain.setup import Choices
from leadcapture.errors import ConfigError
from leadcapture.intake.forms_file import read_forms

OF_A_PLACE = ("time_zone", "country_id", "simple_time_zone_id")
"""What belongs to one location, and is that location's own when it is left out."""


def write_forms(text: str, choices: Choices, main: Connection) -> str:
    """Return `text` with the choices in it. Raises ConfigError when the result, or `text`, is no good forms.toml."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise ConfigError([f"forms.toml: not TOML: {error}"]) from None
    tables: MutableMapping[str, Any] = document
    if "defaults" not in tables:
        tables["defaults"] = tomlkit.table()
    _place(tables["defaults"], choices)
    _websites(tables["defaults"], choices)
    for name, form in tables.get("forms", {}).items():
        for key in ("location", "board_column", *OF_A_PLACE):
            form.pop(key, None)
        _constants(form, choices, name)
    written = tomlkit.dumps(document)
    read_forms(tomllib.loads(written), "forms.toml", {}, main)
    return written


def _place(defaults: MutableMapping[str, Any], choices: Choices) -> None:
    location = choices.offer.location
    if defaults.get("location") != location.id:
        for key in OF_A_PLACE:
            defaults.pop(key, None)
    _named(defaults, "location", location.id, location.name)
    _named(defaults, "board_column", choices.stage.id, f"{choices.stage.board_name}: {choices.stage.name}")


def _websites(defaults: MutableMapping[str, Any], choices: Choices) -> None:
    if not choices.websites:
        return
    defaults["allowed_origins"] = [website.rstrip("/") for website in choices.websites]
    hosts = [host for website in choices.websites if (host := urlsplit(website).hostname)]
    defaults["redirect_hosts"] = list(dict.fromkeys(hosts))


def _constants(form: MutableMapping[str, Any], choices: Choices, name: str) -> None:
    """Set a form's type and owner: what was chosen, else what was there; what the location does not have goes."""
    before, offer = form.get("opportunity", {}), choices.offer
    kind = choices.types.get(name, offer.type(before.get("OpportunityTypeId")))
    owner = choices.owners.get(name, offer.user(before.get("ResponsibleId")))
    wanted = {
        "OpportunityTypeId": (kind.id, kind.name) if kind else None,
        "ResponsibleId": (owner.id, owner.full_name or owner.email) if owner else None,
    }
    if any(wanted.values()) and "opportunity" not in form:
        form["opportunity"] = tomlkit.table()
    for key, chosen in wanted.items():
        if chosen:
            _named(form["opportunity"], key, *chosen)
        else:
            form.get("opportunity", {}).pop(key, None)


def _named(table: MutableMapping[str, Any], key: str, value: int, name: str) -> None:
    item = tomlkit.item(value)
    item.comment(" ".join(name.split()))
    table[key] = item
