"""Leads counted for the reports: every question is bounded by a period, and asked of both databases alike."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, select, type_coerce

from leadcapture.domain.lead import LeadState, first_id_at
from leadcapture.domain.reports import QUARTER_SECONDS, STEPS, SourceRow, Speed
from leadcapture.store.content import NOTHING
from leadcapture.store.db import Database
from leadcapture.store.tables import IS_SET_ASIDE, leads

ROWS_AT_MOST = 50
PAGES_AT_MOST = 1000
WON, LOST = 2, 3
SECOND = 1_000_000


class Reports:
    """Reads counts of the leads received from `since` up to, and without, `until`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def quarters(self, since: datetime, until: datetime) -> list[tuple[int, str, int]]:
        """Return (quarter of an hour since 1970, state, number): days of any time zone are made of these."""
        quarter = type_coerce(leads.c.received_at, BigInteger) // (QUARTER_SECONDS * SECOND)
        statement = (
            select(quarter, leads.c.state, func.count()).where(*_within(since, until)).group_by(quarter, leads.c.state)
        )
        with self._database.reading() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(statement)]

    def sources(self, since: datetime, until: datetime) -> list[SourceRow]:
        """Return what each source brought, the one with most leads first; "" is an unknown source."""
        return self._grouped(leads.c.source, since, until)

    def campaigns(self, since: datetime, until: datetime) -> list[SourceRow]:
        """Return what each campaign brought; leads without one are left out."""
        campaign = self._database.json_text(leads.c.content, "attribution", "utm", "campaign")
        return [row for row in self._grouped(campaign, since, until) if row.name]

    def _grouped(self, column: ColumnElement[Any], since: datetime, until: datetime) -> list[SourceRow]:
        name = func.coalesce(column, "").label("name")
        found = (
            select(name, leads.c.state, leads.c.crm_status)
            .where(*_within(since, until), leads.c.state != LeadState.DISCARDED)
            .subquery()
        )
        number = func.count()
        statement = (
            select(
                found.c.name,
                number,
                _sum_of(found.c.state == LeadState.DELIVERED),
                _sum_of(found.c.crm_status == WON),
                _sum_of(found.c.crm_status == LOST),
            )
            .group_by(found.c.name)
            .order_by(number.desc(), found.c.name)
            .limit(ROWS_AT_MOST)
        )
        with self._database.reading() as connection:
            return [SourceRow(row[0], row[1], row[2], row[3], row[4]) for row in connection.execute(statement)]

    def speed(self, since: datetime, until: datetime) -> Speed:
        """Return how long delivered leads took from form to CRM."""
        took = type_coerce(leads.c.delivered_at, BigInteger) - type_coerce(leads.c.received_at, BigInteger)
        delivered = and_(
            *_within(since, until), leads.c.state == LeadState.DELIVERED, leads.c.delivered_at.is_not(None)
        )
        bounds = [seconds for _, seconds in STEPS if seconds is not None]
        up_to = [_sum_of(took < int(bound * SECOND)) for bound in bounds]
        with self._database.reading() as connection:
            counted = connection.execute(select(func.count(), *up_to).where(delivered)).one()
            total = counted[0]
            if not total:
                return Speed(0, None, None, tuple((words, 0) for words, _ in STEPS))
            in_order = select(took).where(delivered).order_by(took).limit(1)
            middle, slow = (
                connection.execute(in_order.offset(place)).scalar_one() / SECOND
                for place in ((total - 1) // 2, min(total - 1, total * 95 // 100))
            )
        sums = [*counted[1:], total]
        numbers = [after - before for before, after in zip([0, *sums], sums, strict=False)]
        steps = tuple((words, number) for (words, _), number in zip(STEPS, numbers, strict=True))
        return Speed(total, middle, slow, steps)

    def pages_without_source(self, since: datetime, until: datetime) -> dict[str, int]:
        """Return the page addresses of leads of which nothing tells where they came from, with their number."""
        page = self._database.json_text(leads.c.content, "attribution", "page_url").label("page")
        unknown = and_(*_within(since, until), leads.c.source == "", leads.c.content != NOTHING)
        found = select(func.coalesce(page, "").label("page")).where(unknown).subquery()
        number = func.count()
        statement = select(found.c.page, number).group_by(found.c.page).order_by(number.desc()).limit(PAGES_AT_MOST)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def accepted(self) -> dict[str, int]:
        """Return how many leads each form has ever brought; an index of nothing but forms and ids is read."""
        statement = select(leads.c.form, func.count()).group_by(leads.c.form).order_by(leads.c.form)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def set_aside(self) -> dict[str, int]:
        """Return how many leads are held, blocked and discarded."""
        statement = select(leads.c.state, func.count()).where(IS_SET_ASIDE).group_by(leads.c.state)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}


def _within(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """A lead's id begins with its time: the primary key finds a period."""
    return leads.c.id >= first_id_at(since), leads.c.id < first_id_at(until)


def _sum_of(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
