"""Commands about leads: list, show, mend, export, erase."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import click
from flask.cli import with_appcontext

from leadcapture import foundation
from leadcapture.cli.context import store
from leadcapture.cli.terminal import visible
from leadcapture.domain.export import csv_lines, lead_as_json
from leadcapture.domain.lead import Lead, LeadRow, LeadState
from leadcapture.store.actions import Deed
from leadcapture.store.leads import Query
from leadcapture.web.admin.words import state_name

ACTOR = "command line"
HEADINGS = f"{'Number':<36}  {'Received (UTC)':<16}  {'Form':<12} {'Who':<24} {'State':<15} Why"
NO_LEAD = "is no lead: there is none of that number"
CANNOT_RETRY = "can't be retried: it is delivered, held (release it), being delivered, or its content is gone"


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--form", help="Leads of one form.")
@click.option("--state", type=click.Choice([state.value for state in LeadState]), help="Leads in one state.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=None, help="At most so many, newest first.")
@with_appcontext
def list_leads(as_json: bool, form: str | None, state: str | None, limit: int | None) -> None:
    """List leads, newest first."""
    number = 0
    for row in _pages(form, state, limit):
        number += 1
        if number == 1 and not as_json:
            click.echo(HEADINGS)
        click.echo(json.dumps(row_as_json(row)) if as_json else visible(_line(row)))
    if not number and not as_json:
        click.echo("No leads.")


def _pages(form: str | None, state: str | None, limit: int | None) -> Iterator[LeadRow]:
    before, left = None, limit
    while left is None or left > 0:
        page = store().leads.find(Query(form=form, state=state, before=before, limit=min(500, left or 500)))
        yield from page
        if len(page) < 500:
            return
        before, left = page[-1].id, None if left is None else left - len(page)


def row_as_json(row: LeadRow) -> dict[str, Any]:
    """Return what every list of leads holds: no answers."""
    return {
        "id": row.id,
        "form": row.form,
        "state": row.state.value,
        "reason": row.reason,
        "received_at": row.received_at.isoformat(),
        "delivered_at": row.delivered_at.isoformat() if row.delivered_at else None,
        "attempts": row.attempts,
        "coworker_id": row.coworker_id,
        "opportunity_id": row.opportunity_id,
        "source": row.source,
    }


def _line(row: LeadRow) -> str:
    end = f"opportunity {row.opportunity_id}" if row.opportunity_id else row.reason
    who = row.name or row.email or "–"
    state = state_name(row.state.value)
    return f"{row.id:<36}  {row.received_at:%Y-%m-%d %H:%M}  {row.form:<12} {who[:24]:<24} {state:<15} {end}".rstrip()


@click.command()
@click.argument("lead_id")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_appcontext
def show(lead_id: str, as_json: bool) -> None:
    """Show one lead: what was sent, where it came from, and every call made for it."""
    lead = found(lead_id)
    shown = lead_as_json(lead)
    shown["calls"] = [
        {
            "call": attempt.call,
            "at": attempt.at.isoformat(),
            "status": attempt.status,
            "latency_ms": attempt.latency_ms,
            "outcome": attempt.outcome,
        }
        for attempt in store().leads.attempts(lead.id)
    ]
    if as_json:
        click.echo(visible(json.dumps(shown, ensure_ascii=False)))
        return
    for key, value in shown.items():
        if isinstance(value, list | dict) and value:
            click.echo(f"{key}:")
            for item in value.items() if isinstance(value, dict) else value:
                click.echo(visible(f"  {_flat(item)}"))
        elif value not in (None, "", [], {}):
            click.echo(visible(f"{key}: {value}"))


def _flat(item: Any) -> str:
    if isinstance(item, tuple):
        return f"{item[0]}: {item[1]}"
    return "  ".join(f"{key}={value}" for key, value in item.items()) if isinstance(item, dict) else str(item)


def found(lead_id: str) -> Lead:
    """Return a lead, or end with a plain sentence."""
    lead = store().leads.get(lead_id)
    if lead is None:
        raise click.ClickException(f"there is no lead {lead_id}")
    return lead


@click.command()
@click.argument("lead_ids", nargs=-1)
@click.option("--all-blocked", is_flag=True, help="Every blocked lead.")
@with_appcontext
def retry(lead_ids: tuple[str, ...], all_blocked: bool) -> None:
    """Put leads back in line: waiting, blocked and discarded ones."""
    ids = [*lead_ids, *(store().actions.blocked_ids() if all_blocked else [])]
    if not ids and not all_blocked:
        raise click.UsageError("name a lead, or say --all-blocked")
    for connection in store().connections.all():
        store().connections.unpark(connection.name)
    actions = store().actions
    _each(ids, lambda deed: actions.retry(deed) or actions.put_back(deed), "back in line", CANNOT_RETRY)


@click.command()
@click.argument("lead_ids", nargs=-1, required=True)
@with_appcontext
def release(lead_ids: tuple[str, ...]) -> None:
    """Held leads are genuine: deliver them."""
    _each(list(lead_ids), store().actions.release, "released", "is not held")


def _each(ids: list[str], action: Any, done: str, refused: str) -> None:
    failed = 0
    for lead_id in ids:
        lead = store().leads.standing(lead_id)
        worked = lead is not None and action(Deed(ACTOR, lead_id, foundation.clock()))
        failed += not worked
        why = refused if lead else NO_LEAD
        click.echo(f"{lead_id} {done if worked else why}", err=not worked)
    if failed:
        raise click.ClickException(f"{failed} of {len(ids)} could not be changed")


@click.command()
@click.option("--format", "kind", type=click.Choice(["csv", "jsonl"]), default="csv")
@click.option("--form", help="Leads of one form.")
@click.option("--state", type=click.Choice([state.value for state in LeadState]), help="Leads in one state.")
@with_appcontext
def export(kind: str, form: str | None, state: str | None) -> None:
    """Write leads to standard output, oldest first: CSV that is safe to open in a spreadsheet, or JSON lines."""
    leads = (lead_as_json(lead) for lead in store().leads.every(Query(form=form, state=state)))
    if kind == "jsonl":
        for lead in leads:
            click.echo(json.dumps(lead, ensure_ascii=False))
        return
    for line in csv_lines(leads):
        click.echo(line, nl=False)


@click.command()
@click.argument("email")
@with_appcontext
def erase(email: str) -> None:
    """Remove a person: every lead of this address, with all that came with it. Nexudus is not touched."""
    receipt = store().actions.erase(ACTOR, email, foundation.clock())
    click.echo(f"Erased {receipt.leads} leads.")
    if receipt.unsettled:
        click.echo(f"Of {receipt.unsettled} of them Nexudus may have a record that we have not heard of: look there.")
    if receipt.busy:
        click.echo(f"{receipt.busy} are being delivered this moment: erase again in two minutes.", err=True)
    if receipt.coworker_ids or receipt.opportunity_ids:
        click.echo(f"Still in Nexudus: customers {list(receipt.coworker_ids)}, ", nl=False)
        click.echo(f"opportunities {list(receipt.opportunity_ids)}. Remove them there.")
    if receipt.busy:
        sys.exit(1)


COMMANDS = (list_leads, show, retry, release, export, erase)
