"""From nothing to the first test lead: what is done, and what comes next."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Request, url_for

from leadcapture.web.services import services

ALIVE_WITHIN = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do before the first lead."""

    done: bool
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
    catalogue, connections = services().catalogue, services().store.connections
    states = {state.name: state for state in connections.all()}
    used = sorted({form.connection for form in catalogue.forms.values()})
    fixed = {name for name in used if catalogue.connections[name].token}
    missing = [
        name
        for name in used
        if name not in fixed
        and (name not in states or states[name].stopped_reason or not states[name].token_expires_at)
    ]
    first = next(iter(catalogue.forms))
    own = f"{request.scheme}://{request.host}".lower()
    foreign = [form for form in catalogue.forms.values() if set(form.allowed_origins) - {own}]
    return [
        Step(True, "Settings", f"The service runs with {len(catalogue.forms)} forms: {', '.join(catalogue.forms)}."),
        Step(
            not missing,
            "Sign in to Nexudus",
            "Signed in; the sign-in renews itself." if not missing else "Leads wait until somebody has signed in.",
            url_for("admin.setup.show"),
            "Sign in",
        ),
        Step(
            bool(foreign),
            "Choose where leads go",
            "Location, board and stage are those of forms.toml; choose your own from pick lists.",
            url_for("admin.setup.show"),
            "Choose",
        ),
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
