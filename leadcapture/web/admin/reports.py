"""Reports of a period: leads by day, source and campaign, how fast they arrived, and pages that tell nothing."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from leadcapture.domain.export import csv_lines
from leadcapture.domain.frozen import frozen
from leadcapture.domain.reports import DayRow, PageRow, Period, SourceRow, Speed, by_day, pages_of, period
from leadcapture.web.admin.charts import stacked_days
from leadcapture.web.admin.deeds import note
from leadcapture.web.admin.inbox import day
from leadcapture.web.admin.snippets import script_tag
from leadcapture.web.admin.words import zone
from leadcapture.web.services import services

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
TOP = 12


@frozen
class Report:
    """All the tables of a period."""

    days: list[DayRow]
    sources: list[SourceRow]
    campaigns: list[SourceRow]
    speed: Speed
    pages: list[PageRow]


def period_asked() -> Period:
    """Return the period of the address: the last thirty days without one."""
    first, last = day(request.args.get("since")), day(request.args.get("until"))
    return period(first, last, services().clock(), zone())


def days_of(wanted: Period) -> list[DayRow]:
    """Return the period's days with what came of their leads."""
    return by_day(services().store.reports.quarters(wanted.since, wanted.until), wanted)


def pages_of_period(wanted: Period) -> list[PageRow]:
    """Return the pages whose leads say nothing of where they came from."""
    found = services().store.reports.pages_without_source(wanted.since, wanted.until)
    return pages_of(found, services().catalogue.forms)


TABLES: Mapping[str, Callable[[Period], list[Any]]] = {
    "days": days_of,
    "sources": lambda wanted: services().store.reports.sources(wanted.since, wanted.until),
    "campaigns": lambda wanted: services().store.reports.campaigns(wanted.since, wanted.until),
    "pages": pages_of_period,
}


@blueprint.get("")
def show() -> str:
    """The reports as charts, each with its table."""
    wanted = period_asked()
    report = Report(
        days=days_of(wanted),
        sources=TABLES["sources"](wanted),
        campaigns=TABLES["campaigns"](wanted),
        speed=services().store.reports.speed(wanted.since, wanted.until),
        pages=pages_of_period(wanted),
    )
    return render_template(
        "admin/reports.html",
        report=report,
        period=wanted,
        chart=stacked_days(report.days),
        script=script_tag(request.url_root.rstrip("/")),
        top=TOP,
        here="reports",
    )


@blueprint.get("/<name>.csv")
def export(name: str) -> Response:
    """One table as CSV."""
    if name == "speed":
        wanted = period_asked()
        steps = services().store.reports.speed(wanted.since, wanted.until).steps
        rows: list[dict[str, Any]] = [{"took": words, "leads": number} for words, number in steps]
    elif name in TABLES:
        rows = [asdict(row) for row in TABLES[name](period_asked())]
    else:
        abort(404)
    note("exported a report", name)
    response = Response(csv_lines(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
