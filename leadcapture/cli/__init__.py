"""`flask leads …`: everything that can be done without a browser. A command is loaded when it is called."""

import io
import sys
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

NOBODY_TO_ASK = "something is to be asked, and nobody answers: run it in a terminal, or give it as an option (--help)"


class LeadsGroup(AppGroup):
    """The commands; a database that can't be used is a sentence, not a traceback, and so is nobody to ask."""

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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what is not UTF-8 before a command meets it: no database and no output could take it."""
        for place, argument in enumerate(args, 1):
            if not _is_text(argument):
                raise click.UsageError(f"argument {place} of `flask leads` is not UTF-8", ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        if sys.stdin is None:  # closed: whoever asks is to find its end, not nothing at all
            sys.stdin = io.StringIO()
        try:
            return super().invoke(ctx)
        except click.Abort as error:
            if sys.stdin.isatty() or not isinstance(error.__context__, EOFError):
                raise  # somebody is there, and wants no more
            click.echo(err=True)  # ends the line of the question
            raise click.ClickException(NOBODY_TO_ASK) from None
        except StoreUnavailable as error:
            raise click.ClickException(
                f"the database can't be used ({error}): is it there, and up to date? flask leads migrate"
            ) from None


def _is_text(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True


leads_group = LeadsGroup("leads", help="Receive leads, deliver them to Nexudus, and see what became of them.")
