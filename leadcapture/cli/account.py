"""Commands about the Nexudus account: sign in, prove that everything fits."""

import sys
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext

from leadcapture import bootstrap
from leadcapture.cli.context import catalogue, config, store
from leadcapture.cli.doctor import examine
from leadcapture.domain.account import Me
from leadcapture.domain.form import Connection
from leadcapture.errors import CrmError, SignInRefused, StoreUnavailable
from leadcapture.nexudus.account import NexudusAccount


@click.command()
@click.option("--connection", "name", default="main", show_default=True, help="Which Nexudus account.")
@click.option(
    "--email", default=None, help="The admin's address; without it the one of the settings, or you are asked."
)
@click.option("--password", default=None, help="Without it the one of the settings, or you are asked.")
@click.option("--code", default=None, help="A one-time code, if the account asks for one.")
@with_appcontext
def connect(name: str, email: str | None, password: str | None, code: str | None) -> None:
    """Sign in to Nexudus and store the token, encrypted."""
    connection = catalogue().connections.get(name)
    if connection is None:
        raise click.ClickException(f"there is no connection {name} in forms.toml")
    try:
        store().migrate()
        with bootstrap.open_account(store(), connection) as account:
            me = _first_signed_in(account, connection, email, password, code)
    except SignInRefused:
        raise click.ClickException("Nexudus refused this e-mail, password or one-time code.") from None
    except CrmError as error:
        raise click.ClickException(f"{urlsplit(connection.url).netloc} could not be asked: {error}") from None
    except StoreUnavailable as error:
        raise click.ClickException(f"the database can't be reached ({error})") from None
    store().connections.resume(name)
    state = store().connections.state(name)
    until = f" until {state.token_expires_at:%Y-%m-%d %H:%M} UTC" if state and state.token_expires_at else ""
    click.echo(f"Signed in as {me.full_name or me.email}. The token lasts{until}")
    click.echo("and is renewed before that. Leads that waited for it are delivered now.")


def _first_signed_in(
    account: NexudusAccount, connection: Connection, email: str | None, password: str | None, code: str | None
) -> Me:
    """Sign in with what was typed; what was not is the connection's own in the settings, never another's, or is asked
    for. A password of the settings that Nexudus refuses may be an old one, or a one-time code may be missing: both are
    asked for then."""
    own = connection.password if email in (None, connection.email) else None
    email = email or connection.email or click.prompt("Nexudus e-mail")
    if password is None and own:
        try:
            return account.sign_in(email, own, code or None)
        except SignInRefused:
            click.echo(f"Nexudus refused the password that the settings have for {email}: it is old, or lacks a code.")
            password = click.prompt("Password (Enter for the same)", own, hide_input=True, show_default=False)
    password = password or click.prompt("Password", hide_input=True)
    return _signed_in(account, email, password, code)


def _signed_in(account: NexudusAccount, email: str, password: str, code: str | None) -> Me:
    """Sign in; Nexudus does not say whether a code is missing, so it is asked for when the words are refused."""
    try:
        return account.sign_in(email, password, code or None)
    except SignInRefused:
        if code is not None:
            raise
        click.echo("Nexudus refused this e-mail and password.")
        code = click.prompt("One-time code (empty if the account asks for none)", default="", show_default=False)
        if not code.strip():
            raise
    return account.sign_in(email, password, code.strip())


@click.command()
@click.option("--send-test", is_flag=True, help="Send one marked lead through the real path.")
@with_appcontext
def doctor(send_test: bool) -> None:
    """Prove settings, store, token, and every id in forms.toml; exit 1 when anything is wrong."""
    wrong = warnings = 0
    for finding in examine(config(), store(), catalogue(), current_app.test_client(), send_test):
        click.echo(f"{finding.mark} {finding.text}")
        wrong += finding.wrong
        warnings += finding.level == "warning"
    if wrong:
        click.echo(f"\n{wrong} thing{'s are' if wrong > 1 else ' is'} wrong.")
        sys.exit(1)
    some = f"Nothing is wrong; {warnings} warning{'s' if warnings > 1 else ''}."
    click.echo(f"\n{some if warnings else 'Everything is in order.'}")


COMMANDS = (connect, doctor)
