"""What the operator does, as the audit log names it."""

from flask import request

from leadcapture.intake.plain_text import clean
from leadcapture.store.actions import Deed
from leadcapture.web.services import services

ACTOR = "admin"


def deed(lead_id: str = "") -> Deed:
    """Return who does it, to which lead, when."""
    return Deed(ACTOR, lead_id, services().clock())


def reason_given() -> str:
    """Return why the operator does it, as far as he says so."""
    return clean(request.form.get("reason", "")).strip()[:500]


def note(action: str, detail: str = "", lead_id: str = "") -> None:
    """Write down what the store's actions do not write down by themselves."""
    services().store.audit.record(deed(lead_id), action, detail)
