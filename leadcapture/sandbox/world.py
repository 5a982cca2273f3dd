"""The records of the stand-in, how they hang together, and how a reply shows them."""

import random
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from leadcapture.sandbox import moments
from leadcapture.sandbox.entities import COWORKER_TYPES, ENTITIES, Entity, Record
from leadcapture.sandbox.journal import Journal
from leadcapture.sandbox.seed import STANDING, USERNAME, seed
from leadcapture.sandbox.storage import Storage

# What lists are looked up by, so that they stay quick with 100,000 records.
INDEXED = (("Coworker", "Email"), ("CrmOpportunity", "CoworkerId"), ("CrmOpportunity", "CrmBoardColumnId"))


def index_key(value: Any) -> Any:
    """What a value is filed under: text without regard to letter case."""
    return value.lower() if isinstance(value, str) else value


class World:
    """Every record, and the journal of the calls that made them. Safe for several threads.

    Records that it hands out are copies, as a full reply would show them; `add`, `change` and `remove` are
    for arranging a test and check nothing but names: what the API would refuse is `rules`' concern.
    """

    def __init__(self, clock: Callable[[], datetime], storage: Storage, username: str = USERNAME) -> None:
        self.clock = clock
        self.storage = storage
        self.username = username
        self.lock = threading.RLock()
        self.journal = Journal()
        self._tables: dict[str, dict[int, Record]] = {}
        self._index: dict[tuple[str, str], dict[Any, dict[int, None]]] = {}
        self._next: dict[str, int] = {}
        self._made: dict[str, int] = storage.state("made") or {}
        self._load()

    # What tests ask

    def opportunities(self) -> list[Record]:
        """Every opportunity in full, oldest first."""
        return self.shown_all("CrmOpportunity")

    def coworkers(self) -> list[Record]:
        """Every customer in full, oldest first."""
        return self.shown_all("Coworker")

    def shown_all(self, entity: str) -> list[Record]:
        """Every record of an entity in full, in order of id."""
        with self.lock:
            return [self.shown(ENTITIES[entity], record) for record in self.records(entity)]

    @property
    def calls(self) -> Journal:
        """Every call under /api so far, as (at, method, path, status); status 0 is a call left unanswered."""
        return self.journal

    def calls_of(self, method: str, path: str) -> int:
        """How many calls of this method went to exactly this path (no query)."""
        return sum(call.method == method and call.path == path for call in list(self.journal))

    def max_writes_in_a_minute(self) -> int:
        """The most POST, PUT and DELETE calls within any 60 seconds, sign-ins and refusals included."""
        return self.journal.max_writes_in_a_minute()

    # Records

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One step of the world: nobody sees it half done, and the file has all of it or nothing."""
        with self.lock, self.storage.transaction():
            yield

    def get(self, entity: str, number: int) -> Record | None:
        """The live record, not a copy: not to be changed outside this class."""
        return self._tables[entity].get(number)

    def records(self, entity: str) -> list[Record]:
        """The live records in order of id."""
        with self.lock:
            table = self._tables[entity]
            return [table[number] for number in sorted(table)]

    def newest(self, entity: str, count: int) -> list[Record]:
        """The live records with the highest ids, newest first."""
        with self.lock:
            numbers = sorted(self._tables[entity], reverse=True)[:count]
            return [self._tables[entity][number] for number in numbers]

    def total(self, entity: str) -> int:
        """How many records of an entity there are."""
        return len(self._tables[entity])

    def count_where(self, entity: str, name: str, value: Any) -> int:
        """How many records have this value in an indexed property."""
        return len(self._index[entity, name].get(index_key(value), ()))

    def records_where(self, entity: str, name: str, value: Any) -> list[Record]:
        """The live records with this value in an indexed property, in order of id."""
        numbers = self._index[entity, name].get(index_key(value), {})
        return [self._tables[entity][number] for number in sorted(numbers)]

    def add(self, entity: str, properties: Mapping[str, Any], by: str | None = None) -> Record:
        """File a new record; returns it in full. `Id` and `CreatedOn` may be given."""
        known = self._checked(entity, properties)
        now = moments.stored(self.clock())
        with self.transaction():
            number = known.get("Id") or self._next[entity]
            self._next[entity] = max(self._next[entity], number + 1)
            record = {name: item.default for name, item in ENTITIES[entity].properties.items()}
            record |= {"UniqueId": str(uuid.uuid4()), "CreatedOn": now, "UpdatedOn": now}
            record |= {"UpdatedBy": by or self.username}
            record |= _made_up(entity, now) | known | {"Id": number}
            self._file(entity, record)
            return self.shown(ENTITIES[entity], record)

    def change(self, entity: str, number: int, properties: Mapping[str, Any], by: str | None = None) -> Record:
        """Change some properties of a record and no others; returns it in full. LookupError if gone."""
        known = self._checked(entity, properties)
        now = moments.stored(self.clock())
        with self.transaction():
            record = self._tables[entity][number]
            self._unfile(entity, record)
            changed = record | {"UpdatedOn": now, "UpdatedBy": by or self.username} | known | {"Id": number}
            if entity == "CrmOpportunity":
                changed["CrmUpdatedOn"] = changed["UpdatedOn"]
            self._file(entity, changed)
            return self.shown(ENTITIES[entity], changed)

    def remove(self, entity: str, number: int) -> bool:
        """Delete a record; false if there was none."""
        with self.transaction():
            record = self._tables[entity].get(number)
            if record is None:
                return False
            self._unfile(entity, record)
            del self._tables[entity][number]
            self.storage.drop(entity, number)
            return True

    def customers_made_today(self) -> int:
        """How many customers the API has made since midnight UTC."""
        return self._made.get(self._today(), 0)

    def count_customer_made(self) -> None:
        """Note that the API has made one more customer today."""
        with self.lock:
            self._made = {self._today(): self.customers_made_today() + 1}
            self.storage.keep_state("made", self._made)

    def _today(self) -> str:
        return self.clock().date().isoformat()

    def clear(self, keep_seed: bool = False) -> None:
        """Back to the beginning; with `keep_seed` only leads go: boards, types and users stay."""
        with self.transaction():
            for name in ENTITIES:
                if not (keep_seed and name in STANDING):
                    for number in list(self._tables[name]):
                        self.remove(name, number)
            self.journal.clear()
            self._made = {}
            self.storage.keep_state("made", {})
            if not keep_seed:
                self._start()

    # How records are shown

    def follow(self, entity: Entity, record: Record, steps: Iterable[str]) -> Any:
        """The value at the end of `("Coworker", "Email")`, None where a link leads nowhere."""
        *links, last = steps
        for link in links:
            target = entity.properties[link + "Id"].relation
            number = record.get(link + "Id")
            found = self._tables[target].get(number) if target and number else None
            if found is None or target is None:
                return None
            entity, record = ENTITIES[target], found
        return record.get(last)

    def shown(self, entity: Entity, record: Record, digits: int = 7) -> Record:
        """A copy as GET-one answers it: with names from related records, and moments as text."""
        full = dict(record)
        for name, item in entity.properties.items():
            if item.kind == "moment" and full[name]:
                full[name] = moments.shown(full[name], digits)
        for name, steps in entity.joins:
            full[name] = self.follow(entity, record, steps)
        if entity.name == "CrmOpportunity":
            full["CoworkerCoworkerType"] = COWORKER_TYPES.get(full["CoworkerCoworkerType"])
        full["ToStringText"] = str(full.get(entity.label) or "")
        full |= {"IsNew": False, "LocalizationDetails": None, "CustomFields": None}
        return full

    # Filing

    def _load(self) -> None:
        self._empty()
        for name, record in self.storage.records():
            self._tables[name][record["Id"]] = record
            self._file_in_index(name, record)
        if self._tables["Business"]:
            self._next |= self.storage.state("next_ids") or {}
        else:
            with self.transaction():
                self._start()

    def _empty(self) -> None:
        self._tables = {name: {} for name in ENTITIES}
        self._index = {spot: defaultdict(dict) for spot in INDEXED}
        self._next = {name: entity.first_id for name, entity in ENTITIES.items()}

    def _start(self) -> None:
        self._empty()
        for entity, properties in seed(self.username):
            self.add(entity, properties)

    def _file(self, entity: str, record: Record) -> None:
        self._tables[entity][record["Id"]] = record
        self._file_in_index(entity, record)
        self.storage.keep(entity, record["Id"], record)
        self.storage.keep_state("next_ids", self._next)

    def _file_in_index(self, entity: str, record: Record) -> None:
        for spot in INDEXED:
            if spot[0] == entity:
                self._index[spot][index_key(record[spot[1]])][record["Id"]] = None

    def _unfile(self, entity: str, record: Record) -> None:
        for spot in INDEXED:
            if spot[0] == entity:
                self._index[spot][index_key(record[spot[1]])].pop(record["Id"], None)

    def _checked(self, entity: str, properties: Mapping[str, Any]) -> Record:
        known = ENTITIES[entity].properties
        unknown = [name for name in properties if name not in known]
        if unknown:
            raise ValueError(f"{entity} has no property {', '.join(unknown)}")
        return {name: _stored(known[name].kind, value) for name, value in properties.items()}


def _stored(kind: str, value: Any) -> Any:
    if kind != "moment" or value is None:
        return value
    moment = value if isinstance(value, datetime) else moments.parsed(str(value))
    if moment is None:
        raise ValueError(f"not a date and time: {value}")
    return moments.stored(moment)


def _made_up(entity: str, now: str) -> Record:
    """What Nexudus itself fills in on a new record."""
    if entity == "CrmOpportunity":
        return {"CrmUpdatedOn": now}
    if entity == "Coworker":
        pincode = f"{random.randrange(10**6):06d}"  # noqa: S311  a stand-in's door code opens nothing
        return {"RegistrationDate": now, "AccessPincode": pincode}
    return {}
