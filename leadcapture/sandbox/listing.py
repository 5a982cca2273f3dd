"""Lists: filters, order and pages, with the traps of the real thing.

A parameter that is not known is ignored, and so is a value that does not fit its property: a misspelt filter
returns everything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from leadcapture.sandbox import moments
from leadcapture.sandbox.entities import ENTITIES, Entity, Property, Record
from leadcapture.sandbox.switches import Switches
from leadcapture.sandbox.world import INDEXED, World, index_key

LARGEST_SIZE = 1000


@dataclass(frozen=True)
class Filter:
    """One understood parameter: where the value is found from the record, and what it must be."""

    steps: tuple[str, ...]
    matches: Callable[[Any], bool]
    wanted: Any
    exact: bool


def envelope(world: World, entity: Entity, params: list[tuple[str, str]], switches: Switches) -> Record:
    """The reply of a list call. Collections, and what `list_omits` names, are null in its rows."""
    given = {name.lower(): value for name, value in params}
    filters = [found for name, value in params if (found := read_filter(entity, name, value))]
    field = _order_field(entity, given.get("orderby", ""))
    descending = _descends(given.get("dir", ""), switches["dir_semantics"])
    with world.lock:
        chosen = _visible(select(world, entity, filters), world, switches["lag_seconds"])
        if field != "Id" or descending:
            chosen.sort(key=lambda record: _order_key(record.get(field)), reverse=descending)
        page, size = _positive(given.get("page"), 1), min(_positive(given.get("size"), 25), LARGEST_SIZE)
        first = (page - 1) * size
        rows = [_row(world, entity, record, switches) for record in chosen[first : first + size]]
    pages = -(-len(chosen) // size)
    codes = ("0", "1") if switches["dir_semantics"] == "0/1" else ("1", "-1")
    return {
        "Records": rows,
        "CurrentPageSize": size, "CurrentPage": page,
        "CurrentOrderField": field, "CurrentSortDirection": int(codes[descending]),
        "FirstItem": first + 1 if rows else 0, "LastItem": first + len(rows),
        "HasNextPage": page < pages, "HasPreviousPage": page > 1,
        "PageNumber": page, "PageSize": size, "TotalItems": len(chosen), "TotalPages": pages,
    }  # fmt: skip


def select(world: World, entity: Entity, filters: list[Filter]) -> list[Record]:
    """The records that pass every filter, in order of id; through an index where one serves."""
    rows: list[Record] | None = None
    for known in filters:
        if known.exact and len(known.steps) == 1 and (entity.name, known.steps[0]) in INDEXED:
            rows = world.records_where(entity.name, known.steps[0], known.wanted)
            break
    found = world.records(entity.name) if rows is None else rows
    for known in filters:
        found = [record for record in found if known.matches(world.follow(entity, record, known.steps))]
    return found


def read_filter(entity: Entity, name: str, text: str) -> Filter | None:
    """What a parameter asks for; None if it asks for nothing that this entity has."""
    side, _, rest = name.partition("_") if name.lower().startswith(("from_", "to_")) else ("", "", name)
    steps = _steps(entity, rest)
    if not steps or not text:
        return None
    item = _property(entity, steps)
    if text.startswith("[") and steps[-1] == "Id":
        numbers = {int(part) for part in text.strip("[]").split(",") if part.strip().isdigit()}
        return Filter(steps, numbers.__contains__, numbers, exact=False)
    wanted = _wanted(item, text)
    if wanted is None:
        return None
    if side:
        return _range(side.lower(), steps, item, wanted)
    if item.kind == "ids":
        return Filter(steps, lambda value: wanted in (value or []), wanted, exact=False)
    return Filter(steps, lambda value: index_key(value) == wanted, wanted, exact=True)


def _range(side: str, steps: tuple[str, ...], item: Property, wanted: Any) -> Filter | None:
    if item.kind not in ("moment", "whole", "number") or item.relation:
        return None
    if side == "from":
        return Filter(steps, lambda value: value is not None and value >= wanted, wanted, exact=False)
    return Filter(steps, lambda value: value is not None and value <= wanted, wanted, exact=False)


def _steps(entity: Entity, name: str) -> tuple[str, ...]:
    """`CrmOpportunity_Coworker_Email` as ("Coworker", "Email"); empty if it leads nowhere."""
    if name.lower() in ("id", "uniqueid"):
        return (entity.spelling[name.lower()],)
    head, *parts = name.split("_")
    if head.lower() != entity.name.lower() or not parts:
        return ()
    steps: list[str] = []
    for part in parts[:-1]:
        link = entity.relation(part)
        target = entity.properties[link].relation if link else None
        if not link or not target or entity.properties[link].kind == "ids":
            return ()
        steps.append(link.removesuffix("Id"))
        entity = ENTITIES[target]
    last = entity.relation(parts[-1]) or _own(entity, parts[-1])
    return (*steps, last) if last else ()


def _own(entity: Entity, name: str) -> str | None:
    """A property by its name; a link is filtered without its `Id`, so `CoworkerId` is not a filter."""
    spelled = entity.spelling.get(name.lower())
    if spelled and spelled != "Id" and spelled.endswith("Id") and entity.properties[spelled].relation:
        return None
    return spelled


def _property(entity: Entity, steps: tuple[str, ...]) -> Property:
    for link in steps[:-1]:
        entity = ENTITIES[entity.properties[link + "Id"].relation or ""]
    return entity.properties[steps[-1]]


def _wanted(item: Property, text: str) -> Any:
    if item.kind == "text":
        return text.lower()
    if item.kind == "moment":
        moment = moments.parsed(text)
        return moments.stored(moment) if moment else None
    if item.kind == "flag":
        return {"true": True, "false": False}.get(text.lower())
    try:
        return float(text) if item.kind == "number" else int(text)
    except ValueError:
        return None


def _visible(found: list[Record], world: World, lag_seconds: float) -> list[Record]:
    if not lag_seconds:
        return found
    latest = moments.stored(world.clock() - timedelta(seconds=lag_seconds))
    return [record for record in found if record["CreatedOn"] <= latest]


def _row(world: World, entity: Entity, record: Record, switches: Switches) -> Record:
    row = world.shown(entity, record, switches["fraction_digits"])
    for name, item in entity.properties.items():
        if item.kind == "ids":
            row[name] = None
    return row | {name: None for name in switches["list_omits"] if name in row}


def _order_field(entity: Entity, name: str) -> str:
    return entity.spelling.get(name.lower(), "Id")


def _order_key(value: Any) -> tuple[int, Any]:
    if value is None:
        return (0, "")
    if isinstance(value, list):
        return (1, 0)
    return (1, index_key(value))


_WORDS: Mapping[str, bool] = {"ascending": False, "descending": True}


def _descends(text: str, semantics: str) -> bool:
    numbers = {"0": False, "1": True} if semantics == "0/1" else {"1": False, "-1": True}
    return numbers.get(text, _WORDS.get(text.lower(), False))


def _positive(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and int(text) > 0 else otherwise
