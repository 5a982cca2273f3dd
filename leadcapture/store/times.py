"""Times that no rule of ours can have set: the clock was ahead when they were written, and has been put right since.

Until such a time came nothing would be delivered, though nothing is wrong any more.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, or_, select, tuple_, update

from leadcapture.domain.lead import LeadState
from leadcapture.store.tables import IS_WAITING, connections, leads, parkings, people
from leadcapture.store.writer import Writer

LONGEST_WAIT = timedelta(hours=2)
"""No lead waits for longer before it is tried again, and nothing is parked for longer: an hour, and some jitter."""
LONGEST_PAUSE = timedelta(hours=25)
"""The CRM may ask us to wait for a day."""
LONGEST_REST = timedelta(minutes=5)
"""A CRM that can't be reached is probed every half minute."""
ARRIVED = timedelta(seconds=2)
"""A lead is due when it arrives, and none arrives later than now: a web process whose clock is ahead wrote that."""


class Times:
    """Mends what a clock that was ahead has left."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def mend(self, now: datetime) -> int:
        """Let what waits until a time too far ahead be due now, or end now; returns how many leads that were."""
        return self._writer.run(self._mend, now)

    def _mend(self, connection: Connection, moments: list[datetime]) -> list[int]:
        return [self._mend_once(connection, now) for now in moments]

    def _mend_once(self, connection: Connection, now: datetime) -> int:
        ahead = or_(
            leads.c.due_at > now + LONGEST_WAIT,
            and_(
                leads.c.state == LeadState.RECEIVED,
                leads.c.due_at == leads.c.received_at,
                leads.c.due_at > now + ARRIVED,
            ),
        )
        found = select(leads.c.id, leads.c.connection, leads.c.person).where(IS_WAITING, ahead)
        rows = connection.execute(found.limit(1000)).all()
        if rows:
            connection.execute(update(leads).where(leads.c.id.in_([row.id for row in rows])).values(due_at=now))
            whose = tuple_(people.c.connection, people.c.person).in_([(row.connection, row.person) for row in rows])
            leased = (people.c.lease_token.is_not(None), people.c.lease_until > now + LONGEST_WAIT)
            connection.execute(update(people).where(whose, *leased).values(lease_until=now))
        connection.execute(delete(parkings).where(parkings.c.until > now + LONGEST_WAIT))
        too_long = or_(
            connections.c.paused_until > now + LONGEST_PAUSE,
            (connections.c.failures > 0) & (connections.c.paused_until > now + LONGEST_REST),
        )
        connection.execute(update(connections).where(too_long).values(paused_until=None, pause_reason=""))
        return len(rows)
