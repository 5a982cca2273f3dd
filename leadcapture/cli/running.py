"""Commands that keep the service going: the schema, the worker, retention."""

import signal
import sys
from types import FrameType

import click
from flask.cli import with_appcontext

from leadcapture import bootstrap
from leadcapture.cli.context import catalogue, config, store
from leadcapture.delivery import retention
from leadcapture.errors import StoreUnavailable


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database schema up to date. Safe to repeat."""
    try:
        store().migrate()
    except StoreUnavailable as error:
        raise click.ClickException(f"the database can't be reached ({error})") from None
    click.echo("The database schema is up to date.")


@click.command()
@click.option("--drain", is_flag=True, help="Stop when nothing is due.")
@with_appcontext
def worker(drain: bool) -> None:
    """Deliver leads to Nexudus until stopped."""
    found = bootstrap.build_worker(config(), store(), catalogue())

    def stop(_signal: int, _frame: FrameType | None) -> None:
        found.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    found.run(drain)
    sys.exit(0)


@click.command()
@with_appcontext
def purge() -> None:
    """Apply the retention times: empty leads that are older than their form keeps them."""
    number = retention.purge(store(), catalogue(), bootstrap.clock)
    click.echo(f"Emptied {number} leads.")


COMMANDS = (migrate, worker, purge)
