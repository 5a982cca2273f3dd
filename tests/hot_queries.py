"""What is asked of the store all day: each must read an index on either database, however many leads there are."""

import re
import sqlite3
from contextlib import contextmanager
from datetime import timedelta

import psycopg
from factories import NOW
from sqlalchemy import event

from leadcapture.domain.pace import Allowance, Cost
from leadcapture.store.inbox import InboxQuery
from leadcapture.store.queue import ClaimRequest

CLAIM = ClaimRequest("main", Allowance(60, 2000, 100), Cost(4, 2), 8, NOW + timedelta(days=1), 30)
READS = {
    "counts": lambda store: store.leads.counts(NOW),
    "next due": lambda store: store.queue.next_due("main"),
    "claim": lambda store: store.queue.claim(CLAIM),
    "blocked ids": lambda store: store.actions.blocked_ids(),
    "inbox counts": lambda store: store.inbox.counts(),
    "inbox": lambda store: store.inbox.page(InboxQuery()),
    "waiting": lambda store: store.inbox.page(InboxQuery(group="waiting")),
    "blocked": lambda store: store.inbox.page(InboxQuery(group="blocked")),
    "held": lambda store: store.inbox.page(InboxQuery(group="held")),
    "form": lambda store: store.inbox.page(InboxQuery(form="tour")),
    "source": lambda store: store.inbox.page(InboxQuery(source="google")),
    "search": lambda store: store.inbox.page(InboxQuery(search="person.1@x.co.uk")),
    "name": lambda store: store.inbox.page(InboxQuery(search="ann")),
    "surname": lambda store: store.inbox.page(InboxQuery(search="van der Berg")),
    "reference": lambda store: store.inbox.page(InboxQuery(search="[30113882d3]")),
    "part of a number": lambda store: store.inbox.page(InboxQuery(search="30113882")),
    "unmailed": lambda store: store.incidents.unmailed(NOW),
}

OF_LEADS = re.compile(r"(SELECT|UPDATE|WITH)\b.*\bleads\b", re.DOTALL)


@contextmanager
def plans_of(store):
    """Collect the plan of each statement on leads, as the driver gets it: new connections explain what they run."""
    plans = []

    class OnSqlite(sqlite3.Cursor):
        def execute(self, statement, parameters=()):
            if OF_LEADS.match(statement):
                plans.extend(row[3] for row in super().execute(f"EXPLAIN QUERY PLAN {statement}", parameters))
            return super().execute(statement, parameters)

    class ConnectionToSqlite(sqlite3.Connection):
        def cursor(self, factory=OnSqlite):
            return super().cursor(factory)

    class Explaining:
        def execute(self, statement, parameters=None, **options):
            if OF_LEADS.match(str(statement)):
                plans.extend(row[0] for row in super().execute(f"EXPLAIN {statement}", parameters).fetchall())
            return super().execute(statement, parameters, **options)

    class OnPostgres(Explaining, psycopg.Cursor):
        """SQLAlchemy's statements."""

    class OnPostgresItself(Explaining, psycopg.RawCursor):
        """The hot ones."""

    def explain(_dialect, _record, _arguments, options):
        options |= {"factory": ConnectionToSqlite} if store.database.is_sqlite else {"cursor_factory": OnPostgres}

    usual, psycopg.RawCursor = psycopg.RawCursor, OnPostgresItself
    let_go(store)
    event.listen(store.database.engine, "do_connect", explain)
    try:
        yield plans
    finally:
        psycopg.RawCursor = usual
        event.remove(store.database.engine, "do_connect", explain)
        let_go(store)


def let_go(store):
    """Close every connection, the idle writer's too, so that what comes next opens new ones."""
    store._writer._kept._give_back()
    store.database.engine.dispose()
