"""`flask leads …`: everything that can be done without a browser. A command is loaded when it is called."""

from typing import Any

import click
from flask.cli import AppGroup

from leadcapture.errors import StoreUnavailable
from leadcapture.later import load_part

WHERE = {
    "running": ("migrate", "worker", "purge"),
    "account": ("connect", "doctor"),
    "leads": ("list", "show", "retry", "release", "export", "erase"),
    "mapping": ("explain", "remap"),
    "marketing": ("attribution", "preview-lead-source"),
    "reconciling": ("reconcile",),
    "setup": ("setup",),
}
"""The module of each command; a test holds it to their COMMANDS."""


class LeadsGroup(AppGroup):
    """The commands; a database that can't be used is a sentence, not a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, as `--help` shows them."""
        return sorted(name for names in WHERE.values() for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        for module, names in WHERE.items():
            if cmd_name in names:
                commands: tuple[click.Command, ...] = load_part(f"leadcapture.cli.{module}").COMMANDS
                return next(command for command in commands if command.name == cmd_name)
        return None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except StoreUnavailable as error:
            raise click.ClickException(
                f"the database can't be used ({error}): is it there, and up to date? flask leads migrate"
            ) from None


leads_group = LeadsGroup("leads", help="Receive leads, deliver them to Nexudus, and see what became of them.")
