"""`flask leads setup`: choose from what the Nexudus account has, and write a checked forms.toml."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import with_appcontext

from leadcapture import bootstrap
from leadcapture.cli.context import catalogue, config, store
from leadcapture.domain.account import Location, OpportunityType, Stage, User
from leadcapture.domain.setup import AccountReader, Choices, Offer, cautions, offer_of, refusal
from leadcapture.errors import ConfigError, CrmError, SignInNeeded, SignInRefused, StoreUnavailable
from leadcapture.intake.forms_writer import write_forms

Item = TypeVar("Item", Location, Stage, OpportunityType, User)


@click.command("setup")
@click.option("--connection", "name", default="main", show_default=True, help="Which Nexudus account.")
@click.option("--location", "location_id", type=int, help="A location's id; asked for without it.")
@click.option("--stage", "stage_id", type=int, help="The stage that new leads enter.")
@click.option("--type", "types", multiple=True, metavar="FORM=ID", help="A form's opportunity type; may be repeated.")
@click.option("--owner", "owner_id", type=int, help="Who is responsible.")
@click.option("--website", "websites", multiple=True, help="A website that may post the forms; may be repeated.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write: FORMS_FILE.")
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given is left out, and the file is replaced.")
@with_appcontext
def setup(
    name: str,
    location_id: int | None,
    stage_id: int | None,
    types: tuple[str, ...],
    owner_id: int | None,
    websites: tuple[str, ...],
    output: Path | None,
    yes: bool,
) -> None:
    """Choose location, stage, types and owner from what Nexudus has; write a checked forms.toml."""
    connection = catalogue().connections.get(name)
    if connection is None:
        raise click.ClickException(f"there is no connection {name} in forms.toml")
    picker = Picker(ask=not yes)
    try:
        store().migrate()
        with bootstrap.open_account(store(), connection) as account:
            _sign_in(account, ask=not yes)
            location = picker.one("location", account.locations(), location_id)
            offer = offer_of(account, location)
        choices = _choose(picker, offer, stage_id, types, owner_id, websites)
        text = write_forms(Path(config().forms_file).read_text("utf-8"), choices, catalogue().connections["main"])
    except SignInRefused:
        raise click.ClickException("Nexudus refused this e-mail, password or one-time code.") from None
    except CrmError as error:
        raise click.ClickException(f"Nexudus could not be asked: {error}") from None
    except ConfigError as error:
        raise click.ClickException(str(error)) from None
    except StoreUnavailable as error:
        raise click.ClickException(f"the database can't be reached ({error})") from None
    _write(output or Path(config().forms_file), text, yes)


class Picker:
    """Lets a person choose one of several, by number; says what there is when a given id is not there."""

    def __init__(self, ask: bool) -> None:
        self._ask = ask

    def one(
        self, what: str, items: Sequence[Item], given: int | None, tell: Callable[[Item], str] | None = None
    ) -> Item:
        """Return the item of the given id, or the one that the person chooses."""
        if not items:
            raise click.ClickException(f"Nexudus has no {what} to choose from: make one there first")
        found = next((item for item in items if item.id == given), None)
        if found is not None:
            return found
        if given is not None or not self._ask:
            listed = ", ".join(f"{item.id} “{_name(item)}”" for item in items)
            raise click.ClickException(f"no {what} {given or 'was named'}: there is {listed}")
        return items[self._number(what, items, tell, lowest=1) - 1]

    def maybe(self, what: str, items: Sequence[Item], given: int | None) -> Item | None:
        """Return an item, or None when the person wants none."""
        if given is not None:
            return self.one(what, items, given)
        if not items or not self._ask:
            return None
        number = self._number(f"{what} (0 for none)", items, None, lowest=0)
        return items[number - 1] if number else None

    @staticmethod
    def _number(what: str, items: Sequence[Item], tell: Callable[[Item], str] | None, lowest: int) -> int:
        click.echo("")
        for number, item in enumerate(items, 1):
            click.echo(f"  {number:>3}  {_name(item)}{tell(item) if tell else ''}")
        chosen: int = click.prompt(f"Which {what}?", type=click.IntRange(lowest, len(items)), default=lowest)
        return chosen


def _name(item: Location | Stage | OpportunityType | User) -> str:
    return item.full_name or item.email if isinstance(item, User) else item.name


def _sign_in(account: AccountReader, ask: bool) -> None:
    """Use the sign-in that is stored or set; ask for one when there is none."""
    try:
        me = account.who_am_i()
    except (SignInNeeded, SignInRefused):
        if not ask:
            raise click.ClickException("not signed in to Nexudus: run flask leads connect") from None
        email = click.prompt("Nexudus e-mail")
        password = click.prompt("Password", hide_input=True)
        code = click.prompt("One-time code (empty for none)", default="", show_default=False)
        me = account.sign_in(email, password, code.strip() or None)
    click.echo(f"Signed in to Nexudus as {me.full_name or me.email}.")


def _choose(
    picker: Picker,
    offer: Offer,
    stage_id: int | None,
    types: tuple[str, ...],
    owner_id: int | None,
    websites: tuple[str, ...],
) -> Choices:
    stage = picker.one("stage", offer.stages, stage_id, _about)
    if why := refusal(stage):
        raise click.ClickException(f"the stage “{stage.name}” {why}: it would harm every new customer")
    for caution in cautions(stage):
        click.echo(f"Note: the stage {caution}.")
    given = dict(_type(text) for text in types)
    chosen = {
        form: picker.maybe(f"opportunity type for the form {form}", offer.types, given.get(form))
        for form in catalogue().forms
    }
    owner = picker.maybe("person responsible", offer.users, owner_id)
    return Choices(offer.location, stage, owner, {form: kind for form, kind in chosen.items() if kind}, websites)


def _about(stage: Stage) -> str:
    why = refusal(stage)
    notes = [f"CAN'T BE CHOSEN: {why}"] if why else cautions(stage)
    return f" · board {stage.board_name}{''.join(f' · {note}' for note in notes)}"


def _type(text: str) -> tuple[str, int]:
    form, _, number = text.partition("=")
    if form not in catalogue().forms or not number.isdigit():
        raise click.BadParameter(f"{text}: write a form's name and a type's id, such as tour=55", param_hint="--type")
    return form, int(number)


def _write(path: Path, text: str, yes: bool) -> None:
    if path.exists() and not yes:
        click.confirm(f"\nReplace {path}? The old one is kept as {path.name}.before", default=True, abort=True)
    if path.exists():
        path.with_name(f"{path.name}.before").write_bytes(path.read_bytes())
    path.write_text(text, "utf-8")
    click.echo(f"Wrote {path}. Restart the service, then prove it: flask leads doctor")


COMMANDS = (setup,)
