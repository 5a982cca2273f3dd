"""The inbox: leads by group, searched and filtered, one page after another; several mended at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from leadcapture.domain.advice import parted
from leadcapture.domain.export import csv_lines, lead_as_json
from leadcapture.domain.reports import EARLIEST, LATEST, midnight
from leadcapture.intake.plain_text import clean
from leadcapture.store.actions import Deed
from leadcapture.store.inbox import InboxQuery
from leadcapture.web.admin.checklist import checklist
from leadcapture.web.admin.deeds import deed, note, reason_given
from leadcapture.web.admin.words import zone
from leadcapture.web.services import services

blueprint = Blueprint("inbox", __name__)
GROUPS = {
    "": "All",
    "waiting": "Waiting",
    "held": "Held",
    "blocked": "Needs you",
    "delivered": "In Nexudus",
    "discarded": "Discarded",
}
FILTERS = ("form", "source", "q", "since", "until")
AT_ONCE = 200
BULK = {"retry": "Retry", "release": "Release", "discard": "Discard", "put_back": "Put back"}


def query_asked() -> InboxQuery:
    """Return which leads the address asks for; what makes no sense is left out."""
    given = {name: clean(value) for name, value in request.args.items()}
    since, until = day(given.get("since")), day(given.get("until"))
    return InboxQuery(
        group=group if (group := given.get("group", "")) in GROUPS else "",
        form=given.get("form", "")[:64],
        source=given.get("source", "")[:64],
        search=given.get("q", "")[:320],
        since=midnight(since, zone()) if since else None,
        until=midnight(until + timedelta(days=1), zone()) if until else None,
        before=given.get("before", "")[:36],
    )


def day(text: str | None) -> date | None:
    """Read a day, or None; one that no calendar of ours reaches is the nearest that it does."""
    try:
        found = datetime.strptime(text or "", "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone yet
    except ValueError:
        return None
    return max(EARLIEST, min(found, LATEST))


def filters() -> dict[str, str]:
    """Return the filters of the address, for links that keep them."""
    return {name: value for name, value in request.args.items() if name in FILTERS and value}


@blueprint.get("/")
def show() -> str:
    """A page of leads, or, before the first one, what is left to do."""
    store, query = services().store, query_asked()
    if store.inbox.empty():
        return render_template("admin/welcome.html", steps=checklist(request), here="inbox")
    return render_template(
        "admin/inbox.html",
        page=store.inbox.page(query),
        counts=store.inbox.counts(),
        groups=GROUPS,
        query=query,
        filters=filters(),
        sources=store.inbox.recent_sources(),
        forms=services().catalogue.forms,
        bulk=_bulk_of(query.group),
        here="held" if query.group == "held" else "inbox",
    )


def _bulk_of(group: str) -> dict[str, str]:
    """Return which actions make sense for a group."""
    fitting = {
        "held": ("release", "discard"),
        "waiting": ("retry", "discard"),
        "blocked": ("retry", "discard"),
        "discarded": ("put_back",),
        "": ("retry", "release", "discard"),
    }
    return {name: BULK[name] for name in fitting.get(group, ())}


@blueprint.get("/leads.csv")
def export() -> Response:
    """The leads of the list as CSV, one after another, safe to open in a spreadsheet."""
    note("exported leads", ", ".join(name for name in ("group", *FILTERS) if request.args.get(name)))
    found = services().store.inbox.every(replace(query_asked(), before=""))
    response = Response(csv_lines(lead_as_json(lead) for lead in found), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="leads.csv"'
    return response


@blueprint.post("/bulk")
def bulk() -> BaseResponse | str:
    """Do one thing to several leads, once the operator has confirmed it."""
    action, named = request.form.get("action", ""), request.form.getlist("id")[:AT_ONCE]
    ids = [lead_id for lead_id in named if clean(lead_id) == lead_id]
    back = own_page(request.form.get("back", ""))
    if action not in BULK:
        abort(400)
    if not ids:
        flash("No lead was chosen: tick the boxes of those you mean.")
        return redirect(back, 303)
    if not request.form.get("confirmed"):
        rows = [row for row in map(services().store.leads.standing, ids) if row]
        fitting, others = parted(action, rows)
        return render_template(
            "admin/confirm.html", action=action, rows=fitting, others=others, back=back, here="inbox"
        )
    done = sum(act(action, deed(lead_id), reason_given()) for lead_id in ids)
    flash(said(action, done, len(ids)))
    return redirect(back, 303)


def act(action: str, of: Deed, reason: str = "") -> bool:
    """Retry, release, discard or put back a lead; says whether its state allowed it."""
    actions = services().store.actions
    doing: dict[str, Callable[[], Any]] = {
        "retry": lambda: actions.retry(of),
        "release": lambda: actions.release(of),
        "put_back": lambda: actions.put_back(of),
        "discard": lambda: actions.discard(of, f"discarded: {reason}" if reason else "discarded by the operator"),
    }
    if action == "retry":
        unpark()
    return bool(doing[action]())


def unpark() -> None:
    """A person says that there is room again: what was parked is tried at once."""
    store = services().store
    for connection in store.connections.all():
        if store.queue.parked(connection.name, services().clock()):
            store.connections.unpark(connection.name)


def said(action: str, done: int, asked: int) -> str:
    """Return what came of it in one sentence."""
    words = {
        "retry": "put back in line",
        "release": "released for delivery",
        "discard": "discarded",
        "put_back": "put back for delivery",
    }
    leads = "1 lead was" if done == 1 else f"{done} leads were"
    left = asked - done
    rest = f" {left} could not be: their state has changed meanwhile." if left else ""
    return f"{leads} {words[action]}.{rest}"


def own_page(path: str) -> str:
    """Return a page of ours to go back to, whatever was asked for."""
    inbox = url_for("admin.inbox.show")
    plain = path.isprintable() and "\\" not in path and "//" not in path.partition("?")[0]
    return path if plain and path.startswith(inbox) else inbox
