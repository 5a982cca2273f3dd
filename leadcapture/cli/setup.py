"""`flask leads setup`: choose from what the Nexudus account has, and write a checked forms.toml."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import click
from flask.cli import with_appcontext

from leadcapture import bootstrap
from leadcapture.cli.context import catalogue, config, store
from leadcapture.domain.account import Location, OpportunityType, Stage, User
from leadcapture.domain.form import Form, connect_command
from leadcapture.domain.setup import AccountReader, Choices, Offer, cautions, offer_of, refusal
from leadcapture.errors import ConfigError, CrmError, SignInNeeded, SignInRefused, StoreUnavailable
from leadcapture.intake.forms_writer import write_forms

Item = TypeVar("Item", Location, Stage, OpportunityType, User)


@click.command("setup")
@click.option("--connection", "name", default="main", show_default=True, help="Which Nexudus account.")
@click.option("--location", "location_id", type=int, help="A location's id; asked for without it.")
@click.option("--stage", "stage_id", type=int, help="The stage that new leads enter.")
@click.option(
    "--type", "given_types", multiple=True, metavar="FORM=ID", help="A form's opportunity type; may be repeated."
)
@click.option("--owner", "owner_id", type=int, help="Who is responsible, for every form.")
@click.option("--website", "websites", multiple=True, help="A website that may post the forms; may be repeated.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write: FORMS_FILE.")
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given stays as it is, and the file is replaced.")
@with_appcontext
def setup(
    name: str,
    location_id: int | None,
    stage_id: int | None,
    given_types: tuple[str, ...],
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
            _sign_in(account, name, ask=not yes)
            location = picker.one("location", account.locations(), location_id, standing=_first().location)
            offer = offer_of(account, location)
        stage = _stage(picker, offer, stage_id)
        types, owners = _of_forms(picker, offer, given_types, owner_id)
        choices = Choices(offer, stage, types, owners, websites or _websites(ask=not yes))
        text = write_forms(Path(config().forms_file).read_text("utf-8"), choices, catalogue().connections["main"])
    except SignInRefused:
        raise click.ClickException("Nexudus refused this e-mail, password or one-time code.") from None
    except CrmError as error:
        raise click.ClickException(f"{urlsplit(connection.url).netloc} could not be asked: {error}") from None
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
        self,
        what: str,
        items: Sequence[Item],
        given: int | None,
        tell: Callable[[Item], str] | None = None,
        standing: int | None = None,
    ) -> Item:
        """Return the item of the given id, or the one that the person chooses: at Enter the one of `standing`."""
        if not items:
            raise click.ClickException(f"Nexudus has no {what} to choose from: make one there first")
        found = next((item for item in items if item.id == given), None)
        if found is not None:
            return found
        if given is not None or not self._ask:
            listed = ", ".join(f"{item.id} “{_name(item)}”" for item in items)
            raise click.ClickException(f"no {what} {given or 'was named'}: there is {listed}")
        return items[self._number(what, items, tell, lowest=1, standing=standing) - 1]

    def maybe(self, what: str, items: Sequence[Item], given: int | None, standing: object) -> Item | None:
        """Return an item, or None when the person wants none; what stands in forms.toml unless asked."""
        if given is not None:
            return self.one(what, items, given)
        if not items or not self._ask:
            return next((item for item in items if item.id == standing), None)
        number = self._number(f"{what} (0 for none)", items, None, lowest=0, standing=standing)
        return items[number - 1] if number else None

    @staticmethod
    def _number(
        what: str, items: Sequence[Item], tell: Callable[[Item], str] | None, lowest: int, standing: object
    ) -> int:
        click.echo("")
        now = lowest
        for number, item in enumerate(items, 1):
            now = number if item.id == standing else now
            click.echo(f"  {number:>3}  {_name(item)}{tell(item) if tell else ''}")
        chosen: int = click.prompt(f"Which {what}?", type=click.IntRange(lowest, len(items)), default=now)
        return chosen


def _name(item: Location | Stage | OpportunityType | User) -> str:
    return item.full_name or item.email if isinstance(item, User) else item.name


def _sign_in(account: AccountReader, name: str, ask: bool) -> None:
    """Use the sign-in that is stored or set; ask for one when there is none."""
    try:
        me = account.who_am_i()
    except (SignInNeeded, SignInRefused) as error:
        if isinstance(error, SignInRefused):
            click.echo("Nexudus refused the sign-in of NEXUDUS_EMAIL and NEXUDUS_PASSWORD, or the one that was kept.")
        if not ask:
            raise click.ClickException(f"not signed in to Nexudus: run {connect_command(name)}") from None
        email = click.prompt("Nexudus e-mail")
        password = click.prompt("Password", hide_input=True)
        code = click.prompt("One-time code (empty for none)", default="", show_default=False)
        me = account.sign_in(email, password, code.strip() or None)
    click.echo(f"Signed in to Nexudus as {me.full_name or me.email}.")


def _first() -> Form:
    return next(iter(catalogue().forms.values()))


def _stage(picker: Picker, offer: Offer, stage_id: int | None) -> Stage:
    """Let a person choose a stage until it is one that may be chosen; a given one must be."""
    while True:
        stage = picker.one("stage", offer.stages, stage_id, _about, standing=_first().board_column)
        why = refusal(stage)
        if why is None:
            break
        said = f"the stage “{stage.name}” {why}: it would harm every new customer"
        if stage_id is not None:
            raise click.ClickException(said)
        click.echo(f"This can't be chosen: {said}. Choose another.")
    for caution in cautions(stage):
        click.echo(f"Note: the stage {caution}.")
    return stage


def _of_forms(
    picker: Picker, offer: Offer, given: tuple[str, ...], owner_id: int | None
) -> tuple[dict[str, OpportunityType | None], dict[str, User | None]]:
    wanted = dict(_type(text) for text in given)
    types: dict[str, OpportunityType | None] = {}
    owners: dict[str, User | None] = {}
    for name, form in catalogue().forms.items():
        kind, owner = (form.constants.get(key) for key in ("OpportunityTypeId", "ResponsibleId"))
        types[name] = picker.maybe(f"opportunity type for the form {name}", offer.types, wanted.get(name), kind)
        owners[name] = picker.maybe(f"person responsible for the form {name}", offer.users, owner_id, owner)
    return types, owners


def _websites(ask: bool) -> tuple[str, ...]:
    """Ask which websites may post the forms; () leaves forms.toml as it is."""
    standing = " ".join(_first().allowed_origins)
    if not ask:
        return ()
    said = click.prompt("\nWebsites that may post the forms, with a space between", default=standing)
    return () if said == standing else tuple(said.replace(",", " ").split())


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
