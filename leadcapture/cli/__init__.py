"""`flask leads …`: everything that can be done without a browser."""

from typing import Any

import click
from flask.cli import AppGroup

from leadcapture.cli import account, leads, mapping, marketing, reconciling, running, setup
from leadcapture.errors import StoreUnavailable


class LeadsGroup(AppGroup):
    """The commands; a database that can't be used is a sentence, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except StoreUnavailable as error:
            raise click.ClickException(
                f"the database can't be used ({error}): is it there, and up to date? flask leads migrate"
            ) from None


leads_group = LeadsGroup("leads", help="Receive leads, deliver them to Nexudus, and see what became of them.")
for command in (
    *running.COMMANDS,
    *account.COMMANDS,
    *leads.COMMANDS,
    *mapping.COMMANDS,
    *marketing.COMMANDS,
    *reconciling.COMMANDS,
    *setup.COMMANDS,
):
    leads_group.add_command(command)
