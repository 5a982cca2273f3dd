"""Is the process alive, and is the whole thing working: for load balancers, monitors and people."""

from datetime import datetime

from flask import Blueprint, Response, current_app, jsonify

from leadcapture.domain.pace import seconds_until_empty
from leadcapture.errors import StoreUnavailable
from leadcapture.store.connections import ConnectionState
from leadcapture.web.services import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """The picture that browsers ask for unasked."""
    answer = current_app.send_static_file("icon.svg")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process is alive."""
    return jsonify(ok=True)


@blueprint.get("/readyz")
def readyz() -> Response:
    """The store is reachable and migrated; how the queue stands, and when it will be empty."""
    store, now = services().store, services().clock()
    try:
        if not store.ready():
            return _not_ready("not migrated: run flask leads migrate")
        counts = store.leads.counts(now)
        states = store.connections.all()
    except StoreUnavailable:
        return _not_ready("unreachable")
    delivered = [state.last_delivered_at for state in states if state.last_delivered_at]
    expiring = [state.token_expires_at for state in states if state.token_expires_at]
    return jsonify(
        store="ok",
        oldest_due_seconds=round(counts.oldest_due_seconds, 1),
        due=counts.due,
        waiting=counts.waiting,
        blocked=counts.blocked,
        held=counts.held,
        last_delivered_at=max(delivered).isoformat() if delivered else None,
        token_expires_at=min(expiring).isoformat() if expiring else None,
        connections={state.name: _connection(state, counts.waiting, now) for state in states},
    )


def _connection(state: ConnectionState, waiting: int, now: datetime) -> dict[str, object]:
    allowance = services().allowances.get(state.name)
    shown: dict[str, object] = {"stopped": state.stopped_reason or None, "paused": state.pause_reason or None}
    if allowance:
        shown["writes_left_today"] = max(0, allowance.writes_per_day - state.writes_today)
        seconds = empty_in_seconds(state, waiting, now)
        shown["empty_in_seconds"] = None if seconds is None else round(seconds)
    return shown


def empty_in_seconds(state: ConnectionState, waiting: int, now: datetime) -> float | None:
    """Forecast when a connection's queue is empty; None while nobody can know: nothing is delivered just now."""
    allowance = services().allowances.get(state.name)
    if allowance is None or (waiting and (state.rests(now) or services().store.queue.parked(state.name, now))):
        return None
    return seconds_until_empty(waiting, allowance, state.writes_today)


def _not_ready(why: str) -> Response:
    response = jsonify(
        store=why,
        oldest_due_seconds=None,
        due=None,
        blocked=None,
        held=None,
        last_delivered_at=None,
        token_expires_at=None,
    )
    response.status_code = 503
    return response
