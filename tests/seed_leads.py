"""A few dozen leads as a coworking space gets them, in every state, spread over the last days."""

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import insert, update

from leadcapture.domain.attribution import Evidence, resolve
from leadcapture.domain.lead import Consent, Content, NewLead, new_lead_id
from leadcapture.domain.submission import Answer
from leadcapture.store.tables import attempts, leads

PEOPLE = (
    *("Amelia Hart", "Tom Okafor", "Priya Raman", "Jonas Weber", "Sofia Almeida", "Daniel Cohen", "Grace Lindqvist"),
    *("Luca Moretti", "Hannah Fraser", "Yusuf Demir", "Chloé Martin", "Ben Whitaker", "Inês Duarte", "Marta Kowalska"),
    *("Oliver Nash", "Ruth Adeyemi", "Felix Brandt", "Noor Haddad", "Ella Byrne", "Sam Taylor", "Mei Tanaka"),
)
MESSAGES = (
    "We are a team of four and look for a private office from next month. Is there one with a window?",
    "Could I see the space on Thursday afternoon? I would come with a colleague.",
    "What does a hot desk cost for three days a week, and may I bring a dog?",
    "We need a meeting room for twelve on the 14th, with a screen and lunch.",
    "Our lease ends in June and we are looking for twelve to fifteen desks. Do you have a floor plan?",
    "Do you offer a business address without a desk?",
)
ORIGINS = (
    "https://www.example.com/private-offices?utm_source=google&utm_medium=cpc&utm_campaign=offices-spring&gclid=Cj0KCQ",
    "https://www.example.com/tour?utm_source=newsletter&utm_medium=email&utm_campaign=march-news",
    "https://www.example.com/contact?utm_source=instagram&utm_medium=social&utm_campaign=open-day",
    "https://www.example.com/meeting-rooms",
    "",
)
REFERRERS = ("https://www.google.com/", "https://www.coworker.com/", "", "", "https://www.bing.com/")
REFUSED = "Nexudus refused “create opportunity”: OpportunityTypeId: is not a valid type"
ROBOT = "a field that people can't see was filled in: probably a robot"
STATES = ("delivered",) * 15 + ("held", "held", "blocked", "received", "unknown", "discarded")
REASONS = {
    "held": ROBOT,
    "blocked": REFUSED,
    "received": "Nexudus asked us to wait 42 s before the next call",
    "unknown": "no answer to “create opportunity”: looking it up in Nexudus before anything is sent again",
    "discarded": "discarded: a supplier, not a customer",
}


def seed(store, now: datetime, number: int = 48) -> list[str]:
    """Fill a store; returns the ids, oldest first."""
    dice = random.Random(7)
    store.connections.ensure("main")
    store.heartbeats.beat(now)
    found = []
    for n in range(number):
        at = (
            now - timedelta(hours=(number - n) * 13.7, minutes=dice.randrange(600))
            if n < number - 3
            else now - timedelta(minutes=9 * (number - n))
        )
        found.append(_put(store, n, at, dice))
    return found


def _put(store, n: int, at: datetime, dice: random.Random) -> str:
    state = STATES[(n * 8) % len(STATES)]
    name = PEOPLE[n % len(PEOPLE)]
    content = _content(name, n, at, dice)
    lead = NewLead(
        id=new_lead_id(at),
        form="tour" if n % 3 else "contact",
        connection="main",
        received_at=at,
        content=content,
        content_type="application/x-www-form-urlencoded",
        body=f"full_name={name.replace(' ', '+')}&email={content.email}&message=…".encode(),
    )
    store.leads.accept(lead)
    with store.database.writing() as connection:
        connection.execute(update(leads).where(leads.c.id == lead.id).values(_values(state, n, at, dice)))
        calls = _calls(lead.id, state, at)
        if calls:
            connection.execute(insert(attempts), calls)
    return lead.id


def _content(name: str, n: int, at: datetime, dice: random.Random) -> Content:
    email = f"{name.split()[0].lower().replace('é', 'e').replace('ê', 'e')}.{n}@example.org"
    message, page = dice.choice(MESSAGES), dice.choice(ORIGINS)
    touch = json.dumps({"url": page, "referrer": dice.choice(REFERRERS), "at": at.isoformat()}) if page else None
    evidence = Evidence(
        last_touch=touch,
        embedding="decorate" if page else None,
        page_url=page.partition("?")[0] or "https://www.example.com/old-landing-page",
        own_hosts=("www.example.com",),
    )
    answers = (
        Answer("full_name", "full_name", "Your name", name),
        Answer("email", "email", "E-mail", email),
        Answer("team_size", "team_size", "How many people?", str(dice.randrange(1, 15))),
        Answer("message", "message", "Anything we should know?", message),
    )
    mapped = {"coworker.FullName": name, "coworker.Email": email, "coworker.MobilePhone": f"+4420794600{n:02d}"}
    return replace(
        Content(answers=answers, mapped=mapped, found_by=dict.fromkeys(mapped, "field"), message=message),
        attribution=resolve(evidence),
        consent=Consent("You may contact me about my enquiry.", True, at),
    )


def _values(state: str, n: int, at: datetime, dice: random.Random) -> dict:
    values = {"state": state, "reason": REASONS.get(state, ""), "due_at": None, "attempts": 1}
    if state == "delivered":
        took = timedelta(seconds=dice.choice((0.8, 1.4, 2.2, 3.1, 6.5, 48, 400)))
        values |= {"delivered_at": at + took, "coworker_id": 5000 + n, "opportunity_id": 91000 + n}
        values |= {"crm_status": dice.choice((1, 1, 2, 3))}
    if state in ("received", "unknown"):
        values["due_at"] = at + timedelta(minutes=30)
    return values


def _calls(lead_id: str, state: str, at: datetime) -> list[dict]:
    if state in ("held", "discarded"):
        return []
    calls = [("find customers", 200, 143, "ok"), ("create customer", 200, 381, "ok")]
    calls += {
        "delivered": [("create opportunity", 200, 412, "ok")],
        "blocked": [("create opportunity", 400, 268, "refused: OpportunityTypeId")],
        "unknown": [("create opportunity", None, 20004, "no answer")],
        "received": [("find customers", 409, 61, "asked to wait")],
    }[state]
    return [
        {"lead_id": lead_id, "call": call, "at": at + timedelta(seconds=1 + i), "status": status}
        | {"latency_ms": latency, "outcome": outcome}
        for i, (call, status, latency, outcome) in enumerate(calls)
    ]
