"""Commands about how a submission was read: explain it, read it again."""

import click
from flask.cli import with_appcontext

from leadcapture import foundation
from leadcapture.cli.context import catalogue, store
from leadcapture.cli.leads import ACTOR, NO_LEAD, found
from leadcapture.cli.terminal import visible
from leadcapture.domain.lead import Content
from leadcapture.intake.fields import normal_email
from leadcapture.intake.reread import reread
from leadcapture.store.actions import Deed


@click.command()
@click.argument("lead_id")
@click.option("--body", is_flag=True, help="Also what arrived, as it is kept.")
@with_appcontext
def explain(lead_id: str, body: bool) -> None:
    """Show what was mapped from what in one lead, and by which rule."""
    lead = found(lead_id)
    click.echo(f"{lead.id}  form {lead.form}  builder {lead.content.builder or 'none'}  {lead.state.value}")
    click.echo("\nGoes to the CRM:")
    for target, value in lead.content.mapped.items():
        click.echo(visible(f"  {target:<28} {value}   (found by: {lead.content.found_by.get(target, '?')})"))
    click.echo("\nAnswers (all of them stand in Notes):")
    for answer in lead.content.answers:
        label = f"  label: {answer.label}" if answer.label != answer.key else ""
        kind = f"  type: {answer.type}" if answer.type else ""
        click.echo(visible(f"  {answer.path}: {answer.text}{label}{kind}"))
    if body and (kept := store().leads.body(lead_id)):
        click.echo(visible(f"\nWhat arrived ({kept[0]}):\n{kept[1].decode('utf-8', 'replace')}"))


@click.command()
@click.argument("lead_ids", nargs=-1, required=True)
@with_appcontext
def remap(lead_ids: tuple[str, ...]) -> None:
    """Read stored submissions again with today's forms.toml, and deliver those that were not delivered."""
    failed = 0
    for lead_id in lead_ids:
        content, trouble = _read_again(lead_id)
        failed += bool(trouble)
        click.echo(f"{lead_id} {trouble or 'read again: ' + ', '.join(content.mapped)}", err=bool(trouble))
    if failed:
        raise click.ClickException(f"{failed} of {len(lead_ids)} could not be read again")


def _read_again(lead_id: str) -> tuple[Content, str]:
    """Read one lead again; returns what it says now, and why it could not be: "" when it was."""
    lead = store().leads.get(lead_id)
    if lead is None:
        return Content(), NO_LEAD
    form, kept = catalogue().forms.get(lead.form), store().leads.body(lead_id)
    if form is None or kept is None:
        return lead.content, "can't be read again: its form or its submission is gone"
    content = reread(form, lead, *kept)
    if not normal_email(content.email):
        return content, f"has still no valid e-mail address: see flask leads explain {lead_id}"
    if not store().actions.edit(Deed(ACTOR, lead_id, foundation.clock()), content):
        return content, "is delivered, being delivered, or being looked up in Nexudus"
    return content, ""


COMMANDS = (explain, remap)
