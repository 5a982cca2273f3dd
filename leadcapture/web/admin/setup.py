"""Setting up in the browser: sign in, choose where leads go, download the checked forms.toml.

These pages, and only these, ask Nexudus while the operator waits; see the ADR about setting up.
"""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from leadcapture.domain.account import Me
from leadcapture.domain.setup import AccountReader, Choices, Offer, cautions, offer_of, refusal
from leadcapture.errors import ConfigError, CrmError, SignInNeeded, SignInRefused
from leadcapture.later import load_part
from leadcapture.web.admin.deeds import note
from leadcapture.web.services import services

blueprint = Blueprint("setup", __name__, url_prefix="/setup")
WORDS = {"refusal": refusal, "cautions": cautions}


def connection_asked() -> str:
    """Return the connection to set up: the one named, else the first that a form uses."""
    catalogue = services().catalogue
    named = request.values.get("connection", "")
    first = next(iter(catalogue.forms.values())).connection
    return named if named in catalogue.connections else first


@blueprint.get("")
def show() -> str:
    """Sign in, or choose."""
    return _choose("", 200)[0]


@blueprint.post("/connect")
def connect() -> BaseResponse | tuple[str, int]:
    """Sign in to Nexudus with what was typed; nothing of it is kept but the token, encrypted."""
    name, given = connection_asked(), request.form
    try:
        with services().operator.open_account(name) as account:
            me = account.sign_in(given.get("email", "").strip(), given.get("password", ""), given.get("code") or None)
    except SignInRefused:
        return _sign_in("Nexudus refused this e-mail, password or one-time code.", 422)
    except CrmError:
        return _sign_in("Nexudus can’t be asked just now. Try again in a moment.", 503)
    services().store.connections.resume(name)
    note("signed in to Nexudus", f"connection {name}")
    flash(f"Signed in to Nexudus as {me.full_name or me.email}. Leads that waited for it are delivered now.")
    return redirect(url_for("admin.setup.show", connection=name), 303)


@blueprint.post("/file")
def file() -> Response | tuple[str, int]:
    """Check the choices against the account, and answer with forms.toml; a harmful stage is refused."""
    name = connection_asked()
    try:
        with services().operator.open_account(name) as account:
            offer = _offer(account, request.form.get("location", ""))
    except CrmError:
        return _choose("Nexudus can’t be asked just now. Try again in a moment.", 503)
    choices = _choices(offer) if offer else None
    if choices is None:
        return _choose("Choose a location and a stage.", 422)
    if why := refusal(choices.stage):
        return _choose(
            f"The stage “{choices.stage.name}” {why}: it would harm every new customer. Choose another.", 422
        )
    try:
        main = services().catalogue.connections["main"]
        writer = load_part("leadcapture.intake.forms_writer")
        text = writer.write_forms(services().operator.forms_file.read_text("utf-8"), choices, main)
    except (ConfigError, OSError) as error:
        return _choose(f"forms.toml could not be written: {error}", 422)
    note("downloaded forms.toml", f"stage {choices.stage.id}")
    response = Response(text, mimetype="application/toml")
    response.headers["Content-Disposition"] = 'attachment; filename="forms.toml"'
    return response


def _choose(error: str, status: int) -> tuple[str, int]:
    name = connection_asked()
    try:
        with services().operator.open_account(name) as account:
            me, locations = account.who_am_i(), account.locations()
            offer = _offer(account, request.values.get("location", ""))
    except SignInNeeded:
        return _sign_in(error, status)
    except SignInRefused:
        return _sign_in(error or "Nexudus refused the sign-in. Sign in again.", status)
    except CrmError:
        return _sign_in(error or "Nexudus does not answer. Nothing to do here: try again in a moment.", status)
    catalogue = services().catalogue
    page = render_template(
        "admin/setup.html",
        me=_name(me),
        locations=locations,
        offer=offer,
        forms=catalogue.forms,
        connection=name,
        connections=catalogue.connections,
        websites=_websites(),
        error=error,
        here="setup",
        **WORDS,
    )
    return page, status


def _name(me: Me) -> str:
    return me.full_name or me.email


def _websites() -> str:
    """Return the origins that may post now, as the text of the field."""
    found = (origin for form in services().catalogue.forms.values() for origin in form.allowed_origins)
    return "\n".join(dict.fromkeys(found))


def _sign_in(error: str, status: int) -> tuple[str, int]:
    name, connections = connection_asked(), services().catalogue.connections
    page = render_template("admin/connect.html", error=error, connection=name, connections=connections, here="setup")
    return page, status


def _offer(account: AccountReader, wanted: str) -> Offer | None:
    location = next((found for found in account.locations() if str(found.id) == wanted), None)
    return offer_of(account, location) if location else None


def _choices(offer: Offer) -> Choices | None:
    given = request.form
    stage = offer.stage(given.get("stage", 0, type=int))
    if stage is None:
        return None
    forms = services().catalogue.forms
    return Choices(
        offer=offer,
        stage=stage,
        types={form: offer.type(_number(f"type {form}")) for form in forms if f"type {form}" in given},
        owners={form: offer.user(_number(f"owner {form}")) for form in forms if f"owner {form}" in given},
        websites=tuple(line.strip() for line in given.get("websites", "").splitlines() if line.strip()),
    )


def _number(name: str) -> int:
    return request.form.get(name, 0, type=int)
