"""Who did what on the admin pages and the command line."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from leadcapture.domain.frozen import frozen
from leadcapture.store.actions import Deed
from leadcapture.store.db import Database
from leadcapture.store.tables import audit
from leadcapture.store.writer import Writer


@frozen
class AuditEntry:
    """One thing that was done; `lead_id` is "" where it concerned no single lead."""

    id: int
    at: datetime
    actor: str
    action: str
    lead_id: str
    detail: str


class Audit:
    """The log of what people did; what `Actions` does is in it already."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def record(self, deed: Deed, action: str, detail: str = "") -> None:
        """Write down something that a person did; `detail` never holds a password or a visitor's data."""
        row = {"at": deed.at, "actor": deed.actor, "action": action, "lead_id": deed.lead_id, "detail": detail}
        self._writer.run(self._record, row)

    def _record(self, connection: Connection, rows: list[dict[str, object]]) -> list[None]:
        connection.execute(insert(audit), rows)
        return [None] * len(rows)

    def entries(self, before: int | None = None, limit: int = 100) -> list[AuditEntry]:
        """Return entries, newest first, from `before` an id on."""
        statement = select(audit).order_by(audit.c.id.desc()).limit(limit)
        return self._read(statement.where(audit.c.id < before) if before else statement)

    def of_lead(self, lead_id: str) -> list[AuditEntry]:
        """Return what was done to one lead, oldest first."""
        return self._read(select(audit).where(audit.c.lead_id == lead_id).order_by(audit.c.id))

    def _read(self, statement: object) -> list[AuditEntry]:
        with self._database.reading() as connection:
            rows = connection.execute(statement)  # type: ignore[call-overload]
            return [AuditEntry(row.id, row.at, row.actor, row.action, row.lead_id, row.detail) for row in rows]
