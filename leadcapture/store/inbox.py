"""Leads as the inbox lists them: searched, filtered, newest first, and as fast at 200,000 leads as at a hundred.

Pages follow each other by id, never by number: an id begins with its time, so that dates need no index of their own.
Where few rows match, `_FEW_FIRST` keeps the database from walking all leads in the order wanted until it has met
enough that do: it reads an index of just those rows and sorts them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, union

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Lead, LeadRow, LeadState, first_id_at
from leadcapture.store.db import Database
from leadcapture.store.leads import ROW, lead_from, row_from
from leadcapture.store.tables import IS_NAMED, IS_SET_ASIDE, IS_SOURCED, IS_SURNAMED, IS_WAITING, REFERENCE, leads

WAITING = "waiting"
COUNTED_AT_MOST = 1000
SORTED_AT_MOST = 20_000
EXPORT_PAGE = 500
_FEW_FIRST = leads.c.id.concat("").desc()
_LAST_LETTER = "\U0010ffff"
REFERENCE_LINE = "lead reference: "
REFERENCE_LENGTH = 10
PART_OF_AN_ID = re.compile(r"[0-9a-f]{6,32}")

GROUPS: Mapping[str, Any] = {
    WAITING: IS_WAITING,
    "held": and_(IS_SET_ASIDE, leads.c.state == LeadState.HELD),
    "blocked": and_(IS_SET_ASIDE, leads.c.state == LeadState.BLOCKED),
    "discarded": and_(IS_SET_ASIDE, leads.c.state == LeadState.DISCARDED),
}
"""The groups of leads that an index of their own finds; "waiting" is received, delivering and unknown together."""


@frozen
class InboxQuery:
    """Which leads to list. `group` is one of GROUPS, "delivered", or "" for all; `before` the last id of the page
    above; `search` the beginning of an address, a name or a surname, a lead's id, a part of it, or its reference."""

    group: str = ""
    form: str = ""
    source: str = ""
    search: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: str = ""
    limit: int = 50


@frozen
class Page:
    """A page of leads; `next_before` begins the next one, "" on the last."""

    rows: tuple[LeadRow, ...]
    next_before: str


class Inbox:
    """Reads lists of leads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, query: InboxQuery) -> Page:
        """Return one page, newest first."""
        statement = self._statement(query, ROW, query.limit + 1)
        with self._database.reading() as connection:
            found = [row_from(row) for row in connection.execute(statement)]
        rows = tuple(found[: query.limit])
        return Page(rows, rows[-1].id if len(found) > query.limit else "")

    def every(self, query: InboxQuery) -> Iterator[Lead]:
        """Yield leads with their content, newest first, in constant memory."""
        while True:
            statement = self._statement(query, (leads,), EXPORT_PAGE)
            with self._database.reading() as connection:
                found = [lead_from(row) for row in connection.execute(statement)]
            yield from found
            if len(found) < EXPORT_PAGE:
                return
            query = replace(query, before=found[-1].id)

    def counts(self) -> dict[str, int]:
        """Count the leads of each group, up to one more than COUNTED_AT_MOST."""
        with self._database.reading() as connection:
            return {
                name: connection.execute(_bounded_count(condition, COUNTED_AT_MOST + 1)).scalar_one()
                for name, condition in GROUPS.items()
            }

    def empty(self) -> bool:
        """Say whether there has never been a lead."""
        with self._database.reading() as connection:
            return connection.execute(select(leads.c.id).limit(1)).first() is None

    def names(self, ids: set[str]) -> dict[str, str]:
        """Return what to call these leads: by their name, else their address."""
        statement = select(leads.c.id, leads.c.name, leads.c.email).where(leads.c.id.in_(ids))
        with self._database.reading() as connection:
            return {row.id: row.name or row.email for row in connection.execute(statement)}

    def recent_sources(self, newest: int = 1000) -> list[str]:
        """Return the sources of the newest leads, in order of the alphabet."""
        recent = select(leads.c.source).order_by(leads.c.id.desc()).limit(newest).subquery()
        statement = select(recent.c.source).where(recent.c.source != "").distinct().order_by(recent.c.source)
        with self._database.reading() as connection:
            return list(connection.execute(statement).scalars())

    def _statement(self, query: InboxQuery, columns: tuple[Any, ...], limit: int) -> Select[Any]:
        conditions = _conditions(query)
        if query.search.strip():
            text = query.search.strip()
            terms = [(term, self._order(term)) for term in _terms(text)]
            if " " in text:
                terms.append((_ends_with(text), leads.c.id.desc()))
            return _matching(terms, conditions, columns, limit)
        order = self._order(IS_WAITING) if query.group == WAITING else leads.c.id.desc()
        return select(*columns).where(*conditions).order_by(order).limit(limit)

    def _order(self, condition: Any) -> Any:
        """Return newest first: sorted where few rows match, else walked until enough are met."""
        with self._database.reading() as connection:
            number: int = connection.execute(_bounded_count(condition, SORTED_AT_MOST)).scalar_one()
        return _FEW_FIRST if number < SORTED_AT_MOST else leads.c.id.desc()


def _bounded_count(condition: Any, most: int) -> Select[Any]:
    return select(func.count()).select_from(select(leads.c.state).where(condition).limit(most).subquery())


def _conditions(query: InboxQuery) -> list[ColumnElement[bool]]:
    wanted: list[tuple[Any, Any]] = [
        (query.form, leads.c.form == query.form),
        (query.source, and_(IS_SOURCED, leads.c.source == query.source)),
        (query.since, leads.c.id >= first_id_at(query.since) if query.since else None),
        (query.until, leads.c.id < first_id_at(query.until) if query.until else None),
        (query.before, leads.c.id < query.before),
        (query.group, GROUPS.get(query.group, leads.c.state == query.group)),
    ]
    return [condition for value, condition in wanted if value]


def _matching(
    terms: list[tuple[Any, Any]], conditions: list[ColumnElement[bool]], columns: tuple[Any, ...], limit: int
) -> Select[Any]:
    """Ask each index by itself for the newest ids that match, and fetch the newest of them all."""
    parts = [
        select(select(leads.c.id).where(term, *conditions).order_by(order).limit(limit).subquery().c.id)
        for term, order in terms
    ]
    found = union(*parts).subquery()
    return select(*columns).where(leads.c.id.in_(select(found.c.id))).order_by(leads.c.id.desc()).limit(limit)


def _terms(text: str) -> list[ColumnElement[bool]]:
    """Return the ways in which a text may match, each served by one index; people write names in several ways."""
    spellings = sorted({text, text.lower(), text.upper(), text.title(), text.capitalize()})
    names = [and_(IS_NAMED, _begins(leads.c.name, spelling)) for spelling in spellings]
    surname = and_(IS_SURNAMED, _begins(leads.c.surname, text.casefold()))
    return [*_numbers(text), _begins(leads.c.email, text.casefold()), surname, *names]


def _ends_with(text: str) -> ColumnElement[bool]:
    """Several words that end with the surname: "der Berg" finds Jan van der Berg. The index brings them in order."""
    return and_(
        IS_SURNAMED, leads.c.surname == text.split()[-1].casefold(), leads.c.name.iendswith(text, autoescape=True)
    )


def _numbers(text: str) -> list[ColumnElement[bool]]:
    """Return how a lead's number may match: its beginning, its end, or its reference from the beginning."""
    digits = text.casefold().removeprefix(REFERENCE_LINE).strip("[]… ").replace("-", "")
    if not PART_OF_AN_ID.fullmatch(digits):
        return []
    begins = leads.c.id.between(_as_id(digits.ljust(32, "0")), _as_id(digits.ljust(32, "f")))
    if len(digits) < REFERENCE_LENGTH:
        first, last = (digits.ljust(REFERENCE_LENGTH, filler) for filler in "0f")
        return [begins, REFERENCE.between(first, last)]
    ends = and_(REFERENCE.__eq__(digits[-REFERENCE_LENGTH:]), leads.c.id.like(_as_id(digits.rjust(32, "_"))))
    return [begins, ends]


def _as_id(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _begins(column: Any, text: str) -> ColumnElement[bool]:
    return and_(column >= text, column < text + _LAST_LETTER)
