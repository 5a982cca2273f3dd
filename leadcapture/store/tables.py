"""The tables. `migrations/` makes them; a test holds the two together."""

from datetime import UTC, datetime
from typing import Any, overload

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    literal_column,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

WAITING_SQL = "state IN ('received', 'unknown', 'delivering')"
SET_ASIDE_SQL = "state IN ('held', 'blocked', 'discarded')"

NAMED_SQL = "name <> ''"
SURNAMED_SQL = "surname <> ''"
REFERENCE_SQL = "substr(id, 27)"
SOURCED_SQL = "source <> ''"


def _bytewise(length: int) -> String:
    """A text that is compared byte by byte on both databases, so that a range of it is a prefix."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def microseconds(moment: datetime) -> int:
    """Return a moment as the tables hold it: microseconds since 1970."""
    return int(moment.timestamp() * 1_000_000)


@overload
def moment(held: int) -> datetime: ...
@overload
def moment(held: None) -> None: ...
def moment(held: int | None) -> datetime | None:
    """Return the moment that the tables hold as microseconds since 1970."""
    return None if held is None else datetime.fromtimestamp(held / 1_000_000, UTC)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as microseconds since 1970: the same on both databases, and sortable."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn a datetime into microseconds."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn microseconds into a datetime."""
        return None if value is None else moment(int(value))


metadata = MetaData()

leads = Table(
    "leads",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("form", String(64), nullable=False),
    Column("connection", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("waits_for", String(16), nullable=False, server_default=""),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("lease_token", String(36)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("generic_failures", Integer, nullable=False, server_default="0"),
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("sent_at", Moment),
    Column("coworker_id", BigInteger),
    Column("opportunity_id", BigInteger),
    Column("delivered_at", Moment),
    Column("crm_status", Integer),
    Column("mailed_at", Moment),
    Column("person", String(320), nullable=False),
    Column("email", _bytewise(320), nullable=False, server_default=""),
    Column("name", _bytewise(200), nullable=False, server_default=""),
    Column("surname", _bytewise(100), nullable=False, server_default=""),
    Column("source", String(64), nullable=False, server_default=""),
    Column("content", Text, nullable=False),
    # Some are partial, on both databases: the migrations say so. Said to SQLAlchemy (`sqlite_where`) it would make each
    # process load both dialects, of which it needs one.
    Index("leads_waiting", "connection", "due_at", info={"where": WAITING_SQL}),
    Index("leads_set_aside", "state", "id", info={"where": SET_ASIDE_SQL}),
    Index("leads_by_email", "email", "id"),
    Index("leads_by_form", "form", "id"),
    Index("leads_by_name", "name", "id", info={"where": NAMED_SQL}),
    Index("leads_by_surname", "surname", "id", info={"where": SURNAMED_SQL}),
    Index("leads_by_reference", text(REFERENCE_SQL)),
    Index("leads_by_source", "source", "id", info={"where": SOURCED_SQL}),
)
"""A lead is its own queue entry: `due_at` is when a worker may take it, and while one has it, when the lease ends."""

IS_WAITING = text(WAITING_SQL)
IS_SET_ASIDE = text(SET_ASIDE_SQL)
IS_NAMED = text(NAMED_SQL)
IS_SURNAMED = text(SURNAMED_SQL)
IS_SOURCED = text(SOURCED_SQL)
"""Conditions word for word as the partial indexes have them: SQLite uses such an index only for its very own words,
never for the same with bound values, and reads the whole table instead."""

REFERENCE: ColumnElement[str] = literal_column(REFERENCE_SQL)
"""The last ten digits of a lead's id, by which Nexudus' titles name it; word for word as the index has it."""

submissions = Table(
    "submissions",
    metadata,
    Column("lead_id", String(36), primary_key=True),
    Column("content_type", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""What arrived, byte for byte but for the secrets in it."""

submission_keys = Table(
    "submission_keys",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("lead_id", String(36), nullable=False),
    Column("expires_at", Moment),
    Index("submission_keys_expiry", "expires_at"),
)
"""Which submission is which lead's: by the sender's id for ever, by its answers for ten minutes."""

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("lead_id", String(36), nullable=False),
    Column("call", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("status", Integer),
    Column("latency_ms", Integer, nullable=False),
    Column("outcome", String(300), nullable=False),
    Index("attempts_of_lead", "lead_id", "id"),
)

people = Table(
    "people",
    metadata,
    Column("connection", String(64), primary_key=True),
    Column("person", String(320), primary_key=True),
    Column("coworker_id", BigInteger),
    Column("verified_at", Moment),
    Column("lease_token", String(36)),
    Column("lease_until", Moment),
    Column("sent_at", Moment),
    Column("looks", Integer, nullable=False, server_default="0"),
)
"""One row for each address and connection: the lock that keeps two leads from making one customer twice, and
the customers already known. `sent_at`: a create of this customer may have been sent then, unanswered."""

connections = Table(
    "connections",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("client_id", String(36), nullable=False),
    Column("url", String(300), nullable=False, server_default=""),
    Column("token", LargeBinary),
    Column("token_expires_at", Moment),
    Column("lock_token", String(36)),
    Column("lock_until", Moment),
    Column("stopped_reason", Text, nullable=False, server_default=""),
    Column("paused_until", Moment),
    Column("pause_reason", Text, nullable=False, server_default=""),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("notes_limit", Integer),
    Column("last_delivered_at", Moment),
    Column("pace", Text, nullable=False, server_default="{}"),
)
"""A Nexudus account: its sign-in (encrypted), whether it is stopped or paused and why, and what it has spent."""

parkings = Table(
    "parkings",
    metadata,
    Column("connection", String(64), primary_key=True),
    Column("scope", String(64), primary_key=True),
    Column("until", Moment, nullable=False),
    Column("reason", Text, nullable=False),
)
"""What part of a connection waits for room: new customers, or one location."""

incidents = Table(
    "incidents",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("opened_at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("message", Text, nullable=False),
)
"""What is wrong right now and who has been told: one row for an incident, none when it is over."""

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("lead_id", String(36), nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Index("audit_of_lead", "lead_id", "id"),
)
"""Who did what on the admin pages and the command line."""

sessions = Table(
    "sessions",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("ends_at", Moment, nullable=False),
)
"""The operator's open sessions, as digests."""

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)
"""When something was last done: the worker was at work, a daily duty had its turn, addresses were cut up to then."""

tallies = Table(
    "tallies",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("last_id", BigInteger, nullable=False),
    Column("sums", Text, nullable=False),
)
"""Sums over attempts up to `last_id`, so that a metric never reads the whole table, nor falls when rows are erased."""

texts = Table(
    "texts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("people", Integer, nullable=False),
    Column("last_person", String(64), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("texts_expiry", "expires_at"),
)
"""From how many people a text came within a day, both as digests: the same text from many is probably spam."""
