"""The "Break it" panel: the switches as controls of a form, and the form as values of switches."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from leadcapture.sandbox.switch_table import SWITCHES, Switch

_HIT_WORDS = ("on", "methods")


@dataclass(frozen=True)
class Field:
    """One control: `kind` is flag, choice, number, text or words; `value` as the control shows it."""

    name: str
    label: str
    kind: str
    value: Any
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """One switch on the panel; a fault has several controls."""

    name: str
    meaning: str
    is_on: bool
    fields: list[Field] = field(default_factory=list)


def groups(standing: Mapping[str, Any]) -> list[tuple[str, list[Row]]]:
    """The switches by group, in the order of the table, without those that act once."""
    shown = [(name, switch) for name, switch in SWITCHES.items() if switch.kind != "action"]
    return [
        (group, [_row(name, switch, standing[name]) for name, switch in members])
        for group, members in groupby(shown, key=lambda item: item[1].group)
    ]


def changed(standing: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The switches that do not stand where they started, with their values as text."""
    return [(name, json.dumps(standing[name])) for name, switch in SWITCHES.items() if standing[name] != switch.default]


def read_form(form: Mapping[str, str]) -> dict[str, Any]:
    """What a posted panel sets; ValueError, naming the switch, where a control holds what its switch cannot take."""
    read = {}
    for name, switch in SWITCHES.items():
        if switch.kind == "action":
            continue
        try:
            read[name] = _read(name, switch, form)
        except json.JSONDecodeError as error:
            raise ValueError(f'{name}: this is not JSON, such as {{"times": 2}} or true: {error}') from None
        except ValueError:
            raise ValueError(f"{name}: this is not a number") from None
    return read


def as_typed(groups: list[tuple[str, list[Row]]], form: Mapping[str, str]) -> list[tuple[str, list[Row]]]:
    """The panel with what somebody typed in place of what stands, when it could not be set."""
    return [
        (group, [replace(row, fields=[_typed(shown, form) for shown in row.fields]) for row in rows])
        for group, rows in groups
    ]


def _typed(shown: Field, form: Mapping[str, str]) -> Field:
    text = form.get(shown.name, "")
    return replace(shown, value=bool(text) if shown.kind == "flag" else text)


def _row(name: str, switch: Switch, value: Any) -> Row:
    fields = list(_fault_fields(name, switch, value)) if switch.kind == "fault" else [_field(name, switch, value)]
    return Row(name, switch.meaning, value != switch.default, fields)


def _field(name: str, switch: Switch, value: Any) -> Field:
    if switch.kind == "choice":
        return Field(name, name, "choice", _text(value), tuple(map(_text, switch.choices)))
    if switch.kind == "flag":
        return Field(name, name, "flag", value)
    if switch.kind in ("number", "limit"):
        hint = "no limit" if switch.kind == "limit" else ""
        return Field(name, name, "number", "" if value is None else value, hint=hint)
    if isinstance(switch.default, list):
        return Field(name, name, "text", " ".join(value), hint="none")
    text = "" if value is None else value
    return Field(name, name, "text", text if isinstance(text, str) else json.dumps(text), hint="off")


def _fault_fields(name: str, switch: Switch, value: dict[str, Any] | None) -> Iterator[Field]:
    standing = value or switch.read(True)
    yield Field(name, name, "flag", value is not None)
    times = "" if standing["times"] is None else standing["times"]
    yield Field(f"{name}.times", "times", "number", times, hint="always")
    for option, choices in switch.options.items():
        if len(choices) > 1:
            yield Field(f"{name}.{option}", option, "choice", _text(standing[option]), tuple(map(_text, choices)))
        else:
            kind = "text" if isinstance(choices[0], str) else "number"
            yield Field(f"{name}.{option}", option, kind, standing[option])
    for option in _HIT_WORDS:
        yield Field(f"{name}.{option}", option, "text", " ".join(standing[option]))


def _read(name: str, switch: Switch, form: Mapping[str, str]) -> Any:
    text = form.get(name, "").strip()
    if switch.kind == "flag":
        return bool(text)
    if switch.kind == "fault":
        return _read_fault(name, switch, form) if text else None
    if switch.kind == "choice":
        return _chosen(switch.choices, text)
    if switch.kind in ("number", "limit"):
        return _number(text) if text or switch.kind == "limit" else switch.default
    if isinstance(switch.default, list):
        return text.replace(",", " ").split()
    if switch.kind == "text":
        return text or None
    return json.loads(text) if text else None


def _read_fault(name: str, switch: Switch, form: Mapping[str, str]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for option in _HIT_WORDS:
        if f"{name}.{option}" in form:
            read[option] = form[f"{name}.{option}"].replace(",", " ").split()
    read["times"] = _number(form.get(f"{name}.times", ""))
    for option, choices in switch.options.items():
        text = form.get(f"{name}.{option}", "")
        if len(choices) > 1:
            read[option] = _chosen(choices, text)
        elif isinstance(choices[0], str):
            read[option] = text or choices[0]
        else:
            read[option] = _number(text) if text else choices[0]
    return read


def _chosen(choices: tuple[Any, ...], text: str) -> Any:
    return next((choice for choice in choices if _text(choice) == text), choices[0])


def _text(choice: Any) -> str:
    return choice if isinstance(choice, str) else json.dumps(choice)


def _number(text: str) -> int | float | None:
    if not text.strip():
        return None
    value = float(text)
    return int(value) if value.is_integer() else value
