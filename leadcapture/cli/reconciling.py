"""`flask leads reconcile`: our leads against Nexudus."""

import sys
from datetime import timedelta

import click
from flask.cli import with_appcontext

from leadcapture import bootstrap, foundation
from leadcapture.cli.context import catalogue, store
from leadcapture.delivery.reconcile import reconcile
from leadcapture.errors import CrmError


@click.command("reconcile")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How far back.")
@with_appcontext
def reconcile_command(days: int) -> None:
    """Compare delivered leads with Nexudus: missing, doubled, moved; exit 1 when there is a difference."""
    since = foundation.clock() - timedelta(days=days)
    forms = catalogue().forms
    differences = 0
    names = sorted({form.connection for form in forms.values()})
    for name in names:
        try:
            with bootstrap.open_account(store(), catalogue().connections[name]) as account:
                report = reconcile(account, store().outcomes, forms, name, since)
        except CrmError as error:
            raise click.ClickException(f"{name}: Nexudus could not be asked: {error}") from None
        click.echo(f"{name}: {report.checked} delivered leads checked, {report.won} won, {report.lost} lost")
        for difference in report.differences:
            click.echo(f"  {difference.kind:<8} lead {difference.lead_id}: {difference.text}")
        differences += len(report.differences)
    for name, number in store().outcomes.elsewhere(names, since).items():
        click.echo(f"{name}: {number} delivered leads not compared, no form uses this connection any more")
    if differences:
        click.echo(f"{differences} differences.")
        sys.exit(1)
    click.echo("Nothing differs.")


COMMANDS = (reconcile_command,)
