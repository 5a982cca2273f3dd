"""From how many people the same text has come: counted with the lead's own transaction, in one statement."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from leadcapture.domain.lead import NewLead, digest
from leadcapture.store.statements import Bulk, Values
from leadcapture.store.tables import microseconds, texts

REMEMBERED = timedelta(days=1)


COLUMNS = ("key", "people", "last_person", "expires_at")
_FIRST = Bulk(texts, COLUMNS, "ON CONFLICT (key) DO NOTHING")
_COUNT = Bulk(
    texts,
    COLUMNS,
    "ON CONFLICT (key) DO UPDATE SET people = CASE WHEN texts.expires_at < ? THEN excluded.people "
    "WHEN texts.last_person = excluded.last_person AND excluded.people = 1 THEN texts.people "
    "ELSE texts.people + excluded.people END, last_person = excluded.last_person, "
    "expires_at = CASE WHEN texts.expires_at < ? THEN excluded.expires_at ELSE texts.expires_at END",
    ("key", "people"),
)


def people_by_text(new: list[NewLead]) -> dict[str, list[str]]:
    """Return for each text key of these leads from which people it comes, in their order."""
    people: dict[str, list[str]] = {}
    for lead in new:
        if lead.text_key:
            people.setdefault(lead.text_key, []).append(digest(lead.person))
    return people


def text_rows(people: Mapping[str, list[str]], new: list[NewLead]) -> list[Values]:
    """Return a row for each text, in the order of their keys; its second value is from how many people it comes."""
    if not people:
        return []
    until = microseconds(max(lead.received_at for lead in new) + REMEMBERED)
    return [(key, len(set(persons)), persons[-1], until) for key, persons in sorted(people.items())]


def count_people(connection: Connection, new: list[NewLead]) -> Mapping[str, int]:
    """Return for each text key of these leads from how many people in a row it has come, these included."""
    people = people_by_text(new)
    if not (rows := text_rows(people, new)):
        return {}
    now = microseconds(max(lead.received_at for lead in new))
    # Nearly always nobody has said the same: that is known without reading a row (see `accepting`). Where somebody
    # has, those just written are not counted again: each is one person's, and the last one's.
    if all(row[1] == 1 for row in rows) and _FIRST.change(connection, rows) == len(rows):
        return dict.fromkeys(people, 1)
    return {row.key: row.people for row in _COUNT.read(connection, rows, now, now)}


def forget_texts(connection: Connection, now: datetime, limit: int) -> int:
    """Drop texts whose day is over; returns how many."""
    is_over = texts.c.expires_at < now
    expired = select(texts.c.key).where(is_over).limit(limit)
    return connection.execute(delete(texts).where(texts.c.key.in_(expired), is_over)).rowcount
