"""One lead: what was sent, where it came from, what became of it, and what can be done about it."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from leadcapture.domain.advice import GONE, POSSIBLE, what_to_do
from leadcapture.domain.editing import editable, edited, mark_of
from leadcapture.domain.lead import Content, Lead
from leadcapture.domain.reports import is_hosted
from leadcapture.intake.fields import normal_email
from leadcapture.intake.plain_text import clean
from leadcapture.store.actions import CORRECTED, Receipt
from leadcapture.web.admin.deeds import ACTOR, deed, note, reason_given
from leadcapture.web.admin.inbox import act, own_page, said
from leadcapture.web.admin.timeline import ERASED_IN_PART, timeline
from leadcapture.web.services import services

blueprint = Blueprint("lead", __name__, url_prefix="/leads")
SHOWN_BYTES = 16384
LONGEST_VALUE = 20000
NO_ADDRESS = "Please give a full e-mail address, such as ann@example.com."
CORRECTED_MEANWHILE = (
    "Somebody else has corrected this lead since you opened it. Below stands what you have typed: look at the lead "
    "first (the link above), then save again if yours is to count."
)
TOO_LATE = (
    "This lead is being delivered, has been, or is being looked up in Nexudus, which may have it already: "
    "it can’t be changed now."
)


def lead_named(lead_id: str) -> Lead:
    """Return a lead, or answer 404."""
    found = services().store.leads.get(lead_id) if clean(lead_id) == lead_id else None
    if found is None:
        abort(404)
    return found


@blueprint.get("/<lead_id>")
def show(lead_id: str) -> str:
    """Everything about one lead."""
    store, lead = services().store, lead_named(lead_id)
    arrived, audit = store.leads.body(lead_id), store.audit.of_lead(lead_id)
    erased = lead.content == Content()
    return render_template(
        "admin/lead.html",
        lead=lead,
        advice=GONE if erased else what_to_do(lead.state, lead.reason),
        possible=() if erased else POSSIBLE.get(lead.state, ()),
        erased=erased,
        corrected=any(entry.action == CORRECTED for entry in audit),
        events=timeline(lead, store.leads.attempts(lead_id), audit),
        labels=_labels(lead),
        hint=_hint(lead, erased),
        body=_readable(arrived),
        link=crm_link(lead),
        here="inbox",
    )


def _labels(lead: Lead) -> dict[str, str]:
    """Return how the lead's own form asks for what goes to Nexudus."""
    form = services().catalogue.forms.get(lead.form)
    return {field.to: field.label for field in form.fields} if form else {}


def _hint(lead: Lead, erased: bool) -> str:
    """Return what would tell where the next visitor comes from: "script", "links", or "" where nothing of ours can."""
    origin = lead.content.attribution
    if erased or origin.source or lead.content.builder:
        return ""
    return "links" if is_hosted(origin.page_url, services().catalogue.forms) else "script"


def _readable(arrived: tuple[str, bytes] | None) -> dict[str, object] | None:
    """Return what arrived as text: the beginning of it, whatever it is."""
    if arrived is None:
        return None
    kind, body = arrived
    text = body[:SHOWN_BYTES].decode("utf-8", "replace")
    return {"type": kind, "size": len(body), "text": text, "cut": len(body) > SHOWN_BYTES}


def crm_link(lead: Lead) -> str | None:
    """Return where a delivered lead is seen in Nexudus: its customer's page, or the stand-in's board."""
    connection = services().catalogue.connections.get(lead.connection)
    if connection is None or not lead.opportunity_id:
        return None
    if (urlsplit(connection.url).hostname or "").endswith("spaces.nexudus.com"):
        return f"https://dashboard.nexudus.com/operations/coworkers/{lead.coworker_id}/sales/"
    return f"{connection.url}/"


@blueprint.post("/<lead_id>/<any(retry, release, discard, put_back):action>")
def change(lead_id: str, action: str) -> BaseResponse:
    """Retry, release, discard or put back one lead."""
    lead_named(lead_id)
    flash(said(action, int(act(action, deed(lead_id), reason_given())), 1))
    back = request.form.get("back", "")
    return redirect(own_page(back) if back else url_for("admin.lead.show", lead_id=lead_id), 303)


@blueprint.get("/<lead_id>/edit")
def edit(lead_id: str) -> str:
    """A form with everything that can be corrected."""
    lead = lead_named(lead_id)
    return _edit_page(lead, lead.content)


@blueprint.post("/<lead_id>/edit")
def send(lead_id: str) -> BaseResponse | tuple[str, int]:
    """Correct a lead and deliver it, unless somebody else has corrected it meanwhile; what arrived stays as it was."""
    lead = lead_named(lead_id)
    offered = editable(lead.content)
    mapped = {target: _given(f"to {target}", value) for target, value in offered.mapped.items()}
    answers = {n: _given(f"answer {n}", answer.text) for n, answer in offered.answers.items()}
    content = edited(lead.content, mapped, _given("message", offered.message), answers)
    error = "" if normal_email(content.email) else NO_ADDRESS
    mark = mark_of(lead.content)
    if not error and request.form.get("mark", mark) != mark:
        error = CORRECTED_MEANWHILE
    if not error and not services().store.actions.edit(deed(lead_id), content):
        error = TOO_LATE
    if error:
        return _edit_page(lead, content, error), 422
    flash("Corrected, and put in line for delivery. What arrived is kept as it was.")
    return redirect(url_for("admin.lead.show", lead_id=lead_id), 303)


def _edit_page(lead: Lead, content: Content, error: str = "") -> str:
    """Return the form with what it is to say; it knows what the lead says at this moment."""
    return render_template(
        "admin/edit.html",
        lead=lead,
        offered=editable(content),
        mark=mark_of(lead.content),
        labels=_labels(lead),
        error=error,
        wrong_address=error == NO_ADDRESS,
        here="inbox",
    )


def _given(name: str, otherwise: str) -> str:
    return clean(request.form.get(name, otherwise)).replace("\r\n", "\n")[:LONGEST_VALUE]


@blueprint.get("/<lead_id>/erase")
def ask(lead_id: str) -> str:
    """What erasing the person means, before it is done."""
    lead = lead_named(lead_id)
    return render_template("admin/erase.html", lead=lead, here="inbox")


@blueprint.post("/<lead_id>/erase")
def erase(lead_id: str) -> BaseResponse | str:
    """Erase the person: every lead of this address with all that came with it; then say what remains in Nexudus."""
    lead, actions = lead_named(lead_id), services().store.actions
    email = lead.content.email
    if not request.form.get("confirmed"):
        return redirect(url_for("admin.lead.ask", lead_id=lead_id), 303)
    if email:
        receipt = actions.erase(ACTOR, email, services().clock())
        note(*_erasure(receipt), lead_id=lead_id)
    else:
        receipt = actions.erase_lead(deed(lead_id))
    # Not by the person's address, which would stand in the URL, and so in the logs of what lies in between.
    left = url_for("admin.inbox.show", group="waiting") if email else url_for("admin.lead.show", lead_id=lead_id)
    return render_template("admin/erased.html", receipt=receipt, left=left, at=services().clock(), here="inbox")


def _erasure(receipt: Receipt) -> tuple[str, str]:
    """Return how the log names what was done at this lead, which may itself be one of those that were left."""
    return (ERASED_IN_PART, f"{receipt.busy} being delivered") if receipt.busy else ("erased", "")
