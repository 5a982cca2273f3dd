"""How the service is doing, in plain words, with what to do."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from flask import Blueprint, render_template

from leadcapture.domain.advice import plainly
from leadcapture.domain.frozen import frozen
from leadcapture.errors import StoreUnavailable
from leadcapture.store.connections import ConnectionState
from leadcapture.web.admin.checklist import worker_alive
from leadcapture.web.health import empty_in_seconds
from leadcapture.web.services import services

blueprint = Blueprint("health", __name__)
ENDS_SOON = timedelta(hours=36)
ADVICE = {
    "waiting": "See below which connection waits, and why. Nothing is lost.",
    "blocked": "Open “Needs you” in the inbox: each lead says what to do.",
    "stopped": "Sign in again on the Setup page.",
    "paused": "Nothing to do: it ends by itself.",
    "parked": "Archive or delete old opportunities of this location in Nexudus; “Retry” tries at once.",
    "customers": "Wait for tomorrow’s quota, or give the account the missing role; “Retry” tries at once.",
    "token": "Sign in again on the Setup page, before it ends.",
    "capacity": "Archive old opportunities of that location in Nexudus.",
}


@frozen
class Line:
    """A connection as the page shows it; `parked` are (what waits, until when, why)."""

    state: ConnectionState
    left_today: int | None
    empty_in_seconds: float | None
    parked: tuple[tuple[str, datetime, str], ...]
    fixed_token: bool
    ends_soon: bool
    paused: bool
    by_itself: bool


@blueprint.get("/health")
def show() -> str:
    """Everything that an operator should know about today."""
    store, now = services().store, services().clock()
    counts = store.leads.counts(now)
    states = {state.name: state for state in store.connections.all()}
    lines = [_line(state, counts.waiting, now) for state in states.values()]
    return render_template(
        "admin/health.html",
        counts=counts,
        lines=lines,
        incidents=[(one, _advice(one.key)) for one in store.incidents.open() if _lasts(one.key, states)],
        told=services().operator.alerts,
        alive=worker_alive(),
        heard=store.heartbeats.last(),
        database="SQLite, one file on this machine’s disk" if store.database.is_sqlite else "PostgreSQL",
        version=services().version,
        here="health",
    )


def _line(state: ConnectionState, waiting: int, now: datetime) -> Line:
    allowance = services().allowances.get(state.name)
    connection = services().catalogue.connections.get(state.name)
    parked = services().store.queue.parked(state.name, now)
    ends = state.token_expires_at
    return Line(
        state=state,
        left_today=max(0, allowance.writes_per_day - state.writes_today) if allowance else None,
        empty_in_seconds=empty_in_seconds(state, waiting, now),
        paused=bool(state.paused_until and state.paused_until > now and state.pause_reason),
        parked=tuple((scope, until, reason) for scope, (until, reason) in parked.items()),
        fixed_token=bool(connection and connection.token),
        by_itself=bool(connection and connection.email),
        ends_soon=bool(ends and ends - now < ENDS_SOON),
    )


def _advice(key: str) -> str:
    kind, _, rest = key.partition(" ")
    return ADVICE.get("customers" if kind == "parked" and rest.endswith(" customers") else kind, "")


def _lasts(key: str, states: Mapping[str, ConnectionState]) -> bool:
    """Say whether an incident that the worker wrote down is still so: it looks only now and then."""
    kind, _, name = key.partition(" ")
    state = states.get(name)
    if state is None:
        return True
    return {"stopped": bool(state.stopped_reason), "paused": state.rests(services().clock())}.get(kind, True)


def attention() -> list[str]:
    """Return what every page shows at its top: what is wrong right now."""
    try:
        return list(_wrong())
    except StoreUnavailable:
        return ["The database can’t be reached."]


def _wrong() -> Iterator[str]:
    store, now = services().store, services().clock()
    for state in store.connections.all():
        if state.stopped_reason:
            yield f"Delivery is stopped: {state.stopped_reason}. Every lead is kept."
        elif state.paused_until and state.paused_until > now and state.pause_reason:
            yield f"{plainly(state.pause_reason)}. Leads are kept and sent later."
    counts = store.leads.counts(now)
    if counts.due and not worker_alive():
        yield "Leads are due and no worker is at work. Start it: flask leads worker."
