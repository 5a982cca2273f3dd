"""Commands that keep the service going: the schema, the worker, retention."""

import os
import sys

import click
from flask.cli import with_appcontext

from leadcapture import foundation
from leadcapture.cli.context import catalogue, config, store
from leadcapture.delivering import deliver
from leadcapture.delivery import retention
from leadcapture.errors import StoreUnavailable
from leadcapture.supervisor import WORKER


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database schema up to date. Safe to repeat."""
    try:
        store().migrate()
    except StoreUnavailable as error:
        raise click.ClickException(f"the database can't be used just now ({error}): nothing was changed") from None
    click.echo("The database schema is up to date.")


@click.command()
@click.option("--drain", is_flag=True, help="Stop when nothing is due.")
@with_appcontext
def worker(drain: bool) -> None:
    """Deliver leads to Nexudus until stopped."""
    if not drain:
        # It stays for long, and this process holds the whole web: the same number, two thirds of the memory.
        os.execv(WORKER[0], WORKER)  # noqa: S606 - our own command, and no shell
    if not store().ready():
        # The worker itself waits until it is: one that is to end would never.
        raise click.ClickException("the database is not up to date: flask leads migrate")
    deliver(config(), store(), catalogue(), drain=True)
    sys.exit(0)


@click.command()
@with_appcontext
def purge() -> None:
    """Apply the retention times: empty leads that are older than their form keeps them."""
    number = retention.purge(store(), catalogue(), foundation.clock)
    click.echo(f"Emptied {number} leads.")


COMMANDS = (migrate, worker, purge)
