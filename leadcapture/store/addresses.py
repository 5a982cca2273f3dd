"""Visitors' addresses are cut short a day after they came, and it is remembered how far that has been done.

A lead's id begins with its time, so what is next to be cut is a range of the primary key: the rest is never read.
"""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

from sqlalchemy import Connection, select, update

from leadcapture.domain.ip import truncated
from leadcapture.domain.lead import first_id_at
from leadcapture.store import content
from leadcapture.store.db import Database
from leadcapture.store.tables import heartbeats, leads, submissions
from leadcapture.store.writer import Writer

PROGRESS = "addresses cut"
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
AT_ONCE = 200


class Addresses:
    """What is left of the addresses from which leads came."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def cut(self, before: datetime) -> bool:
        """Cut the addresses of some leads received before a time; returns whether there are more."""
        return self._writer.run(self._cut, before)

    def _cut(self, connection: Connection, times: list[datetime]) -> list[bool]:
        more = False
        for before in times:
            more = self._cut_some(connection, before)
        return [more] * len(times)

    def _cut_some(self, connection: Connection, before: datetime) -> bool:
        done = connection.execute(select(heartbeats.c.at).where(heartbeats.c.name == PROGRESS)).scalar_one_or_none()
        statement = (
            select(leads.c.id, leads.c.content, leads.c.received_at)
            .where(leads.c.id >= first_id_at(done or BEGINNING), leads.c.id < first_id_at(before))
            .order_by(leads.c.id)
            .limit(AT_ONCE)
        )
        rows = connection.execute(statement).all()
        for row in rows:
            _cut_lead(connection, row.id, row.content)
        full = len(rows) == AT_ONCE
        self._remember(connection, _after(rows[-1].id) if full else before)
        return full

    def _remember(self, connection: Connection, at: datetime) -> None:
        statement = self._database.upsert(heartbeats)
        connection.execute(
            statement.on_conflict_do_update(index_elements=[heartbeats.c.name], set_={"at": statement.excluded.at}),
            {"name": PROGRESS, "at": at},
        )


def _after(lead_id: str) -> datetime:
    """Return the moment of an id: those of the same millisecond are looked at again, which harms nothing."""
    return datetime.fromtimestamp(int(lead_id.replace("-", "")[:12], 16) / 1000, UTC)


def _cut_lead(connection: Connection, lead_id: str, text: str) -> None:
    said = content.from_json(text)
    short = truncated(said.ip)
    if not said.ip or short == said.ip:
        return
    connection.execute(
        update(leads).where(leads.c.id == lead_id).values(content=content.to_json(replace(said, ip=short)))
    )
    body = connection.execute(select(submissions.c.body).where(submissions.c.lead_id == lead_id)).scalar_one_or_none()
    if body is not None and (cut := _without(body, said.ip, short)) != body:
        connection.execute(update(submissions).where(submissions.c.lead_id == lead_id).values(body=cut))


def _without(body: bytes, address: str, short: str) -> bytes:
    for written in {address, quote(address, safe="")}:
        body = body.replace(written.encode(), short.encode())
    return body
