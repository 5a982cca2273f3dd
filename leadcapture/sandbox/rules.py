"""What the body of a create or a replacement must hold, and how Nexudus says that it does not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leadcapture.sandbox import moments
from leadcapture.sandbox.entities import COWORKER_REQUIRED, Entity, Property, Record
from leadcapture.sandbox.wire import Reply, json_reply
from leadcapture.sandbox.world import World

_MISSING = "is a required field"
_WRONG = "is not valid"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a body; `relation` is how the older replies name a property that links."""

    name: str
    message: str
    attempted: Any = None
    kind: str = "text"
    relation: str | None = None


def problems(entity: Entity, body: Mapping[str, Any], world: World, required_set: str) -> list[Problem]:
    """Everything wrong with a body, in the order of the entity's properties. Unknown ones are no problem."""
    extra = COWORKER_REQUIRED[required_set] if entity.name == "Coworker" else ()
    found = []
    for name, item in entity.properties.items():
        if item.read_only:
            continue
        problem = _problem(name, item, body, item.required or name in extra, world)
        if problem:
            found.append(problem)
    return found


def accepted(entity: Entity, body: Mapping[str, Any]) -> Record:
    """The properties of a checked body that the entity keeps; null is as good as absent."""
    return {
        name: body[name]
        for name, item in entity.properties.items()
        if not item.read_only and body.get(name) is not None
    }


def refusal(found: Iterable[Problem], shape: str) -> Reply:
    """The 400 that lists what is wrong, in the current or the older shape."""
    old = shape == "legacy"
    errors = [
        {
            "AttemptedValue": problem.attempted,
            "Message": _old_message(problem) if old else problem.message,
            "PropertyName": (problem.relation or problem.name) if old else problem.name,
        }
        for problem in found
    ]
    first = f"{errors[0]['PropertyName']}: {errors[0]['Message']}"
    body: dict[str, Any] = {"Message": first, "Value": None, "Errors": errors, "WasSuccessful": False}
    return json_reply(400, {"Status": 500} | body if old else body)


def _old_message(problem: Problem) -> str:
    if problem.message != _MISSING:
        return problem.message
    return "may not be null or empty" if problem.kind == "text" else "may not be null"


def _problem(name: str, item: Property, body: Mapping[str, Any], required: bool, world: World) -> Problem | None:
    value = body.get(name)
    relation = name.removesuffix("Id") if item.relation else None
    if value is None or value == "":
        if not required:
            return None
        spelled = relation if relation and name in body else name
        return Problem(spelled, _MISSING, value, item.kind, relation)
    if not _fits(item, value):
        return Problem(name, _WRONG, value, item.kind, relation)
    if relation and item.relation and not _exists(item.relation, value, world):
        return Problem(relation, _MISSING, value, item.kind, relation)
    return None


def _exists(entity: str, value: Any, world: World) -> bool:
    numbers = value if isinstance(value, list) else [value]
    return all(world.get(entity, number) is not None for number in numbers)


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and moments.parsed(value) is not None


def _is_ids(value: Any) -> bool:
    return isinstance(value, list) and all(type(number) is int for number in value)


_FITS = {
    "text": lambda value: isinstance(value, str),
    "whole": lambda value: type(value) is int,
    "number": lambda value: type(value) in (int, float),
    "flag": lambda value: isinstance(value, bool),
    "moment": _is_moment,
    "ids": _is_ids,
}


def _fits(item: Property, value: Any) -> bool:
    if not _FITS[item.kind](value):
        return False
    return item.among is None or value in item.among
