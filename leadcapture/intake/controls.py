"""What a browser's form says about itself, apart from what the visitor said."""

from collections.abc import Iterable
from typing import Any

from leadcapture.domain.submission import Answer, Controls, says_no
from leadcapture.intake.answers import answer_of, answers_in
from leadcapture.intake.nesting import flat_text, nest
from leadcapture.intake.vocabulary_controls import (
    CONTROLS,
    WITH_ACCESS_KEY,
    is_dropped,
    tracking_name,
)
from leadcapture.intake.vocabulary_secrets import is_secret
from leadcapture.intake.wording import remembered


def split_controls(items: Iterable[tuple[str, Any]]) -> tuple[Controls, dict[str, str], list[Answer]]:
    """Split a post into its controls, its attribution by lower-case name, and the visitor's answers in order.

    `items` are the pairs of a form or the items of a JSON object's top level. Secrets and the machinery of forms
    end here. A repeated key is one answer with several values.
    """
    items = list(items)
    plain_names = WITH_ACCESS_KEY if "access_key" in [key for key, _ in items] else {}
    controls: dict[str, str] = {}
    tracking: dict[str, str] = {}
    said: dict[str, Any] = {}
    for key, value in items:
        control, name = _known(key)
        if not control:
            control = plain_names.get(key, control)
        if control is None and not is_secret(key, value):
            if name is None or isinstance(value, dict | list):
                _say(said, key, value)
            elif isinstance(value, str) and value.strip():
                tracking.setdefault(name, value)
        elif control and (control != "honeypot" or _is_filled(value)):
            text = flat_text(value)
            if text and not controls.get(control):
                controls[control] = text
    return Controls(**controls), tracking, _answers(said, tracking)


def _is_filled(value: Any) -> bool:
    """Say whether a trap was filled in: scripts also post a box that was left alone (`false`, "0", [], {})."""
    if isinstance(value, list | dict):
        return any(map(_is_filled, value.values() if isinstance(value, dict) else value))
    return not says_no(flat_text(value))


@remembered
def _known(key: str) -> tuple[str | None, str | None]:
    """Return the attribute that a control fills, "" for one that is dropped, None for none; and the name of the
    attribution value that a field of this name holds, or None."""
    control = CONTROLS.get(key) or CONTROLS.get(key.lower()) or ("" if is_dropped(key) else None)
    return control, tracking_name(key)


class _Several(list[Any]):
    """The values of a key that was sent more than once."""


def _say(said: dict[str, Any], key: str, value: Any) -> None:
    if key not in said:
        said[key] = value
    elif isinstance(said[key], _Several):
        said[key].append(value)
    else:
        said[key] = _Several([said[key], value])


def _answers(said: dict[str, Any], tracking: dict[str, str]) -> list[Answer]:
    answers: list[Answer] = []
    if "[" in "".join(said):
        said = nest(((key, text) for key, value in said.items() for text in _each(value)), 1000, 32)
    for key, value in said.items():
        if isinstance(value, str):
            if value and not value.isspace():
                answers.append(Answer(key, key, key, value))
        elif isinstance(value, dict) or (
            isinstance(value, list) and any(isinstance(one, dict | list) for one in value)
        ):
            answers.extend(_kept(answers_in(value, key, key), tracking))
        elif (answer := answer_of(key, value)) is not None:
            answers.append(answer)
    return answers


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, _Several) else [value]


def _kept(answers: Iterable[Answer], tracking: dict[str, str]) -> list[Answer]:
    """Take attribution and secrets out of nested answers as well (`utm: {source: ..}`, `tracking[gclid]`)."""
    kept = []
    for answer in answers:
        parts = answer.path.split(".")
        name = tracking_name(parts[-1]) or tracking_name("".join(parts[-2:]))
        if name is not None:
            tracking.setdefault(name, answer.text)
        elif not is_secret(parts[-1], answer.value) and not is_dropped(parts[-1]):
            kept.append(answer)
    return kept
