"""The same with many leads stored: accept, claim, inbox, search and readyz, against a store of 1,000."""

import json
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import bulk
from bench.report import Figure
from bench.site import SECRET_KEY
from leadcapture.domain.lead import Content, NewLead, new_lead_id
from leadcapture.domain.pace import Allowance, Cost
from leadcapture.store.inbox import InboxQuery
from leadcapture.store.queue import ClaimRequest
from leadcapture.store.statements import Bulk
from leadcapture.store.store import Store
from leadcapture.store.tables import attempts, leads, microseconds, people, submission_keys, submissions

FEW = 1000
ROWS = 500
NO_LIMIT = Allowance(1_000_000, 1_000_000_000, 1_000_000)
_LEADS = Bulk(
    leads,
    (
        *("id", "form", "connection", "state", "received_at", "due_at", "delivered_at", "attempts"),
        *("coworker_id", "opportunity_id", "person", "email", "name", "source", "content"),
    ),
)
_BODIES = Bulk(submissions, ("lead_id", "content_type", "body"))
_KEYS = Bulk(submission_keys, ("key", "lead_id", "expires_at"))
_CALLS = Bulk(attempts, ("lead_id", "call", "at", "status", "latency_ms", "outcome"))
_PEOPLE = Bulk(people, ("connection", "person", "coworker_id"))


def measure(folder: Path, few_url: str, many_url: str, many: int, label: str, turns: int = 60) -> Iterable[Figure]:
    """Fill two stores, then do each thing in turns on the one and on the other; compare the medians."""
    small, large = Store(few_url, SECRET_KEY), Store(many_url, SECRET_KEY)
    for store, number in ((small, FEW), (large, many)):
        store.migrate()
        store.connections.ensure("main")
        fill(store, number)
    for name, deed, most in _deeds():
        times: tuple[list[float], list[float]] = ([], [])
        for turn in range(-3, turns):
            for store, seconds in ((small, times[0]), (large, times[1])):
                started = time.perf_counter()
                deed(store, turn)
                if turn >= 0:
                    seconds.append(time.perf_counter() - started)
        before, after = (statistics.median(seconds) * 1000 for seconds in times)
        yield Figure(f"{name} with {FEW:,} leads ({label})", before, "ms")
        yield Figure(f"{name} with {many:,} leads ({label})", after, "ms")
        yield Figure(f"{name}: growth ({label})", after / before, "", most)
    small.close()
    large.close()
    yield from bulk.measure(folder, few_url, many_url, label)


def fill(store: Store, number: int) -> None:
    """Write delivered leads of a year straight into the tables, one in a hundred held, none waiting."""
    begun = datetime.now(UTC) - timedelta(days=365)
    step = timedelta(days=364) / number
    for first in range(0, number, ROWS):
        rows = [_row(n, begun + step * n) for n in range(first, min(first + ROWS, number))]
        with store.database.writing() as connection:
            _LEADS.change(connection, rows)
            _BODIES.change(connection, [(row[0], "application/x-www-form-urlencoded", b"x" * 400) for row in rows])
            _KEYS.change(connection, [(f"{n + first:064x}", row[0], None) for n, row in enumerate(rows)])
            _CALLS.change(connection, [(row[0], "create opportunity", row[4], 200, 50, "ok") for row in rows])
            _PEOPLE.change(connection, [("main", row[10], row[8]) for row in rows])
    with store.database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")


def _row(number: int, at: datetime) -> tuple[object, ...]:
    state = "held" if number % 100 == 0 else "delivered"
    email, moment = f"person-{number}@example.com", microseconds(at)
    said = json.dumps(
        {"answers": [["message", "message", "Message", "x" * 300, ""]], "mapped": {"coworker.Email": email}}
    )
    done = (moment, 1, 1000 + number, 9000 + number) if state == "delivered" else (None, 0, None, None)
    return (
        *(new_lead_id(at), "contact" if number % 3 else "tour", "main", state, moment, None, *done),
        *(email, email, f"Person {number}", "google" if number % 2 else "", said),
    )


def _deeds() -> list[tuple[str, Callable[[Store, int], object], float]]:
    return [
        ("accept", lambda store, turn: store.leads.accept(_lead(turn)), 1.05),
        ("claim", _claim, 1.05),
        ("readyz", _readyz, 1.05),
        ("inbox page", lambda store, _turn: store.inbox.page(InboxQuery()), 1.20),
        ("inbox of what is held", lambda store, _turn: store.inbox.page(InboxQuery(group="held", limit=10)), 1.20),
        ("inbox of one form", lambda store, _turn: store.inbox.page(InboxQuery(form="tour")), 1.20),
        (
            "search by e-mail",
            lambda store, turn: store.inbox.page(InboxQuery(search=f"person-{turn + 9}@example.com")),
            1.20,
        ),
    ]


def _lead(turn: int) -> NewLead:
    now = datetime.now(UTC)
    email = f"grown-{turn}-{now.timestamp()}@example.com"
    content = Content(mapped={"coworker.Email": email}, message="Hello")
    key = (f"{hash((turn, now)) & (2**256 - 1):064x}", now + timedelta(minutes=10))
    return NewLead(new_lead_id(now), "contact", "main", now, content, dedup_keys=(key,), content_type="x", body=b"y")


def _claim(store: Store, _turn: int) -> None:
    now = datetime.now(UTC)
    request = ClaimRequest("main", NO_LIMIT, Cost(4, 2), limit=1, now=now, lease_seconds=36)
    assert store.queue.claim(request).claims


def _readyz(store: Store, _turn: int) -> None:
    store.ready()
    store.leads.counts(datetime.now(UTC))
    store.connections.all()
