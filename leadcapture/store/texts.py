"""From how many people the same text has come: counted with the lead's own transaction, in one statement."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, delete, select

from leadcapture.domain.lead import NewLead, digest
from leadcapture.store.db import Database
from leadcapture.store.tables import texts

REMEMBERED = timedelta(days=1)


def count_people(database: Database, connection: Connection, new: list[NewLead]) -> Mapping[str, int]:
    """Return for each text key of these leads from how many people in a row it has come, these included."""
    people: dict[str, list[str]] = {}
    for lead in new:
        if lead.text_key:
            people.setdefault(lead.text_key, []).append(digest(lead.person))
    if not people:
        return {}
    expires_at = max(lead.received_at for lead in new) + REMEMBERED
    rows = [
        {"key": key, "people": len(set(persons)), "last_person": persons[-1], "expires_at": expires_at}
        for key, persons in people.items()
    ]
    return {row.key: row.people for row in connection.execute(_counting(database, expires_at - REMEMBERED), rows)}


def _counting(database: Database, now: datetime) -> Any:
    statement = database.upsert(texts)
    offered = statement.excluded
    expired = texts.c.expires_at < now
    same = and_(texts.c.last_person == offered.last_person, offered.people == 1)
    return statement.on_conflict_do_update(
        index_elements=[texts.c.key],
        set_={
            "people": case((expired, offered.people), (same, texts.c.people), else_=texts.c.people + offered.people),
            "last_person": offered.last_person,
            "expires_at": case((expired, offered.expires_at), else_=texts.c.expires_at),
        },
    ).returning(texts.c.key, texts.c.people)


def forget_texts(connection: Connection, now: datetime, limit: int) -> int:
    """Drop texts whose day is over; returns how many."""
    expired = select(texts.c.key).where(texts.c.expires_at < now).limit(limit)
    return connection.execute(delete(texts).where(texts.c.key.in_(expired))).rowcount
