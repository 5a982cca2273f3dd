"""One marked lead through the real path: received like any other, delivered by the worker that runs."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from threading import Event

from leadcapture import foundation
from leadcapture.cli.findings import Finding, bad, ok
from leadcapture.domain.form import Catalogue, Field, FieldType, Form
from leadcapture.domain.lead import LeadState
from leadcapture.domain.submission import Submission
from leadcapture.errors import StoreUnavailable, SubmissionRejected
from leadcapture.intake.receive import Origin, Receiver, Refused
from leadcapture.store.store import Store

WAIT_SECONDS = 60.0
POLL_SECONDS = 0.5
MARK = "leadcapture test, please ignore"
SAMPLES = {
    FieldType.EMAIL: "leadcapture-test@example.com",
    FieldType.TEL: "+44 20 7946 0123",
    FieldType.TIME: "10:00",
    FieldType.NUMBER: "1",
    FieldType.CHECKBOX: "",
}


def send_test(store: Store, catalogue: Catalogue) -> Iterator[Finding]:
    """Send a test lead through the first form and say what became of it within a minute."""
    form = next(iter(catalogue.forms.values()))
    receiver = Receiver(catalogue, store.leads, foundation.clock)
    body = json.dumps({field.name: _sample(field) for field in form.fields} | {"message": MARK}).encode()
    submission = Submission("application/json", body, {}, (), None, foundation.clock())
    try:
        received = receiver.receive(form, submission, Origin(idempotency_key=f"test {time.time()}"))
        if not isinstance(received, Refused):
            received.handed.wait()
    except (SubmissionRejected, StoreUnavailable) as error:
        yield bad(f"test lead: was not stored: {type(error).__name__}")
        return
    if isinstance(received, Refused):
        yield bad(f"test lead: form {form.name} refused it: {', '.join(e.field for e in received.errors)}")
        return
    yield ok(f"test lead: stored as {received.id} through form {form.name}")
    yield _wait_for(store, received.id, form)


def _wait_for(store: Store, lead_id: str, form: Form) -> Finding:
    until = time.monotonic() + WAIT_SECONDS
    reason, pause = "", Event()
    while time.monotonic() < until:
        lead = store.leads.standing(lead_id)
        if lead and lead.state is LeadState.DELIVERED:
            return ok(f"test lead: delivered as opportunity {lead.opportunity_id} on stage {form.board_column}")
        if lead and lead.state is LeadState.BLOCKED:
            return bad(f"test lead: blocked: {lead.reason}")
        reason = lead.reason if lead else ""
        pause.wait(POLL_SECONDS)
    return bad(f"test lead: not delivered within a minute: {reason or 'does a worker run?'}")


def _sample(field: Field) -> str:
    if field.options:
        return field.options[0]
    if field.type is FieldType.DATE:
        return (foundation.clock() + timedelta(days=7)).date().isoformat()
    return SAMPLES.get(field.type, MARK if field.to != "coworker.FullName" else "leadcapture test")
