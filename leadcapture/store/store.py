"""The store as one thing: what `foundation` builds and everything else is handed."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func, select, text

from leadcapture.later import load_part
from leadcapture.store.actions import Actions
from leadcapture.store.addresses import Addresses
from leadcapture.store.audit import Audit
from leadcapture.store.connections import Connections
from leadcapture.store.db import Database
from leadcapture.store.heartbeats import Heartbeats
from leadcapture.store.inbox import Inbox
from leadcapture.store.incidents import Incidents
from leadcapture.store.leads import Leads
from leadcapture.store.outcomes import Outcomes
from leadcapture.store.queue import Queue
from leadcapture.store.reports import Reports
from leadcapture.store.schema import current_revision, head_revision
from leadcapture.store.sessions import Sessions
from leadcapture.store.tallies import Tallies
from leadcapture.store.times import Times
from leadcapture.store.tokens import Tokens
from leadcapture.store.vault import Vault
from leadcapture.store.writer import Writer


class Store:
    """Leads, the queue, connections and actions over one database; opens nothing before it is first used."""

    def __init__(
        self,
        url: str,
        secret_key: str,
        previous_secret_key: str | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.database = Database(url)
        writer = Writer(self.database)
        self.leads = Leads(self.database, writer)
        self.queue = Queue(self.database, writer)
        self.connections = Connections(self.database, writer, clock)
        self.actions = Actions(self.database, writer)
        self.addresses = Addresses(self.database, writer)
        self.incidents = Incidents(self.database, writer)
        self.outcomes = Outcomes(self.database, writer)
        self.inbox = Inbox(self.database)
        self.audit = Audit(self.database, writer)
        self.reports = Reports(self.database)
        self.tallies = Tallies(self.database, writer)
        self.heartbeats = Heartbeats(self.database, writer)
        self.sessions = Sessions(self.database, writer)
        self.times = Times(writer)
        self._writer = writer
        self._clock = clock
        self._vault = Vault(secret_key, previous_secret_key)

    def tokens(self, connection_name: str, url: str) -> Tokens:
        """Return the sign-in of one connection at one address of the CRM."""
        return Tokens(self.database, self._writer, self._vault, connection_name, url)

    def migrate(self) -> None:
        """Bring the schema up to date; safe when several processes do so at once."""
        load_part("leadcapture.store.migrating").migrate(self.database)

    def ready(self) -> bool:
        """Say whether the database answers, can be written and has a schema for this code. Raises StoreUnavailable.

        A newer schema will do: migrations only add, so that the code of before goes on during a deploy and after one
        that is taken back.
        """
        self.database.look()
        with self.database.reading() as connection:
            connection.execute(text("SELECT 1"))
            found = current_revision(connection)
        if found is None or found < head_revision():
            return False
        if self._writer.failing:
            self.heartbeats.prove(self._clock())
        return True

    def time(self) -> datetime:
        """Return the time of the database's own host: all who share it agree on that. Raises StoreUnavailable."""
        if self.database.is_sqlite:
            return self._clock()
        with self.database.reading() as connection:
            told: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return told.astimezone(UTC)

    def close(self) -> None:
        """Close the connections."""
        self.database.dispose()
