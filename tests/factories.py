"""Values for tests: plain functions, every argument optional."""

import uuid
from datetime import UTC, datetime, timedelta

from leadcapture.delivery.deliver import Absent, Delivery
from leadcapture.domain.form import Catalogue, Connection, Field, FieldType, Form
from leadcapture.domain.lead import Content, Lead, LeadState, NewLead, new_lead_id
from leadcapture.domain.opportunity import CustomerDraft, OpportunityDraft
from leadcapture.domain.outcome import Claim, Person
from leadcapture.domain.pace import Cost
from leadcapture.domain.submission import Answer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LOCATION = 1234566
STAGE = 1001


def make_email() -> str:
    """Return an address that nobody else has."""
    return f"ann.{uuid.uuid4().hex[:12]}@customer.co.uk"


def make_answers(**changes):
    """Return what a visitor posts to the sample contact form."""
    answers = {"full_name": "Ann Example", "email": make_email(), "message": f"Two desks, please. {uuid.uuid4().hex}"}
    return {name: value for name, value in (answers | changes).items() if value is not None}


def make_form(name="contact", **changes):
    """Return a form that asks for a name, an address and a message, of the stand-in's first location."""
    values = {
        "title": "Contact us",
        "fields": (
            Field("full_name", "Your name", required=True, to="coworker.FullName"),
            Field("email", "E-mail", FieldType.EMAIL, required=True, to="coworker.Email"),
            Field("message", "Your message", FieldType.TEXTAREA),
        ),
        "board_column": STAGE,
        "location": LOCATION,
        "time_zone": "Europe/London",
        "country_id": 1220,
        "simple_time_zone_id": 2023,
    }
    return Form(name=name, **(values | changes))


def make_connection(**changes):
    """Return a connection without limits that matter."""
    values = {
        "url": "http://127.0.0.1:9",
        "email": "admin@example.com",
        "password": "demo-password",
        "writes_per_minute": 100_000,
        "writes_per_day": 10_000_000,
        "calls_per_minute": 1000,
        "timeout_seconds": 2.0,
    }
    return Connection(**(values | changes))


def make_catalogue(*forms, connection=None):
    """Return a catalogue of forms, one contact form without any."""
    chosen = forms or (make_form(),)
    main = connection or make_connection()
    return Catalogue({form.name: form for form in chosen}, {main.name: main})


def make_content(email=None, name="Ann Example", message="Two desks, please.", **changes):
    """Return what a lead says."""
    address = make_email() if email is None else email
    mapped = {"coworker.FullName": name, "coworker.Email": address} if address else {"coworker.FullName": name}
    answers = (
        Answer("full_name", "full_name", "Your name", name),
        Answer("email", "email", "E-mail", address),
        Answer("message", "message", "Your message", message),
    )
    return Content(**({"answers": answers, "mapped": mapped, "message": message} | changes))


def make_new_lead(email=None, at=None, form="contact", content=None, **changes):
    """Return a lead on its way into the store."""
    received_at = at or datetime.now(UTC)
    values = {
        "id": new_lead_id(received_at),
        "form": form,
        "connection": "main",
        "received_at": received_at,
        "content": content or make_content(email),
        "content_type": "application/x-www-form-urlencoded",
        "body": b"full_name=Ann",
    }
    return NewLead(**(values | changes))


def make_lead(at=NOW, **changes):
    """Return a stored lead."""
    content = changes.pop("content", None) or make_content()
    values = {
        "id": new_lead_id(at),
        "form": "contact",
        "connection": "main",
        "state": LeadState.DELIVERING,
        "reason": "",
        "received_at": at,
        "due_at": at,
        "content": content,
        "person": content.email,
    }
    return Lead(**(values | changes))


def make_claim(lead=None, at=NOW, **changes):
    """Return a claim of a lead that nothing is known about."""
    values = {
        "lead": lead or make_lead(at),
        "token": str(uuid.uuid4()),
        "until": at + timedelta(seconds=30),
        "person": Person(),
        "reserved": Cost(4, 2),
        "reserved_at": at,
    }
    return Claim(**(values | changes))


def make_customer_draft(email=None, **changes):
    """Return a customer to be made in the stand-in's first location."""
    values = {"full_name": "Ann Example", "email": email or make_email(), "location_id": LOCATION}
    return CustomerDraft(**(values | {"country_id": 1220, "simple_time_zone_id": 2023} | changes))


def make_opportunity_draft(reference="", notes=None, **fields):
    """Return an opportunity to be made in the stand-in's first stage."""
    text = f"Two desks, please.\n\nLead reference: {reference}" if notes is None else notes
    return OpportunityDraft(STAGE, {"Status": 1, "LeadSource": 1, "Name": "Contact", "Notes": text} | fields)


def make_delivery(claim=None, **changes):
    """Return a try to deliver that has come nowhere yet; `changes` say how far it came."""
    values = {
        "crm": None,
        "form": make_form(),
        "places": None,
        "clock": lambda: NOW,
        "keep": None,
        "noted": None,
        "notes_limit": None,
        "absent": Absent(),
    }
    return Delivery(claim=claim or make_claim(), **(values | changes))


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now

    def advance(self, seconds=0.0, **duration):
        """Let time pass."""
        self.now += timedelta(seconds=seconds, **duration)
