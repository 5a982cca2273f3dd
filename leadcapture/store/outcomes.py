"""Delivered leads, held against what the CRM says of them now."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import LeadState, first_id_at
from leadcapture.store.db import Database
from leadcapture.store.tables import leads
from leadcapture.store.writer import Writer


@frozen
class DeliveredLead:
    """A delivered lead as far as reconciling needs it."""

    id: str
    form: str
    coworker_id: int | None
    opportunity_id: int
    received_at: datetime
    crm_status: int | None


class Outcomes:
    """What became of delivered leads in the CRM."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def delivered(self, connection_name: str, since: datetime) -> Iterator[DeliveredLead]:
        """Yield a connection's delivered leads received at or after a time, oldest first."""
        last = ""
        while True:
            statement = (
                select(
                    leads.c.id,
                    leads.c.form,
                    leads.c.coworker_id,
                    leads.c.opportunity_id,
                    leads.c.received_at,
                    leads.c.crm_status,
                )
                .where(leads.c.connection == connection_name, leads.c.state == LeadState.DELIVERED)
                .where(leads.c.received_at >= since, leads.c.id > last, leads.c.opportunity_id.is_not(None))
                .order_by(leads.c.id)
                .limit(500)
            )
            with self._database.reading() as connection:
                page = [DeliveredLead(*row) for row in connection.execute(statement)]
            yield from page
            if len(page) < 500:
                return
            last = page[-1].id

    def elsewhere(self, connection_names: Collection[str], since: datetime) -> dict[str, int]:
        """Return how many leads were delivered through other connections than these, received at or after a time."""
        statement = (
            select(leads.c.connection, func.count())
            .where(leads.c.id >= first_id_at(since), leads.c.state == LeadState.DELIVERED)
            .where(leads.c.connection.not_in(connection_names), leads.c.opportunity_id.is_not(None))
            .group_by(leads.c.connection)
        )
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def record(self, statuses: Mapping[str, int]) -> None:
        """Write down what the CRM says of leads: lead id -> its opportunity's Status (1, 2 won, 3 lost)."""
        if statuses:
            self._writer.run(self._record, dict(statuses))

    def _record(self, connection: Connection, items: list[dict[str, int]]) -> list[None]:
        for statuses in items:
            for lead_id, status in statuses.items():
                connection.execute(update(leads).where(leads.c.id == lead_id).values(crm_status=status))
        return [None] * len(items)
