"""From nothing to the first test lead: what is done, and what comes next."""

from datetime import timedelta

from flask import Request, url_for

from leadcapture.domain.frozen import frozen
from leadcapture.web.services import services

ALIVE_WITHIN = timedelta(seconds=90)


@frozen
class Step:
    """One thing to do before the first lead; `done` is None where these pages can't know."""

    done: bool | None
    title: str
    text: str
    link: str = ""
    label: str = ""


def worker_alive() -> bool:
    """Say whether a worker was at work within the last minute and a half."""
    last = services().store.heartbeats.last()
    return last is not None and services().clock() - last < ALIVE_WITHIN


def checklist(request: Request) -> list[Step]:
    """Return the steps in the order in which they depend on each other."""
    catalogue = services().catalogue
    first = next(iter(catalogue.forms))
    return [
        Step(True, "Settings", f"The service runs with {len(catalogue.forms)} forms: {', '.join(catalogue.forms)}."),
        _sign_in(),
        _places(f"{request.scheme}://{request.host}".lower()),
        Step(
            worker_alive(),
            "The worker is at work",
            "It delivers leads to Nexudus. It is heard of within half a minute of its start (flask leads worker).",
            url_for("admin.health.show"),
            "Health",
        ),
        Step(
            False,
            "Send a test enquiry",
            "Fill in your own form, wait two seconds before you send it, and watch it arrive here.",
            url_for("public.show", name=first),
            "Open the form",
        ),
    ]


def _sign_in() -> Step:
    catalogue = services().catalogue
    states = {state.name: state for state in services().store.connections.all()}
    used = [catalogue.connections[name] for name in sorted({form.connection for form in catalogue.forms.values()})]
    signed_in = [one for one in used if one.token or (one.name in states and states[one.name].token_expires_at)]
    refused = [one for one in used if one.name in states and states[one.name].stopped_reason]
    by_itself = [one for one in used if one.email]
    done, text = False, "Leads wait until somebody has signed in."
    if refused:
        text = f"{states[refused[0].name].stopped_reason}. Leads wait until somebody has signed in."
    elif len(signed_in) == len(used):
        done, text = True, "Signed in; the sign-in renews itself."
    elif all(one in signed_in or one in by_itself for one in used):
        done, text = True, "Signs in with NEXUDUS_EMAIL at the first lead."
    return Step(done, "Sign in to Nexudus", text, url_for("admin.setup.show"), "Sign in")


def _places(own: str) -> Step:
    """Whether Nexudus has the stages of forms.toml is not known here: only setting up and doctor ask it."""
    forms = services().catalogue.forms.values()
    foreign = any(set(form.allowed_origins) - {own} for form in forms)
    stages = ", ".join(dict.fromkeys(f"stage {form.board_column} of location {form.location}" for form in forms))
    text = f"forms.toml sends them to {stages}. Choose your own from pick lists; flask leads doctor proves them."
    link = url_for("admin.setup.show")
    return Step(None if foreign else False, "Choose where leads go", text, link, "Choose")
