"""Several Nexudus accounts in one installation: each with its own sign-in and pace, none waits for another."""

import pytest
from service import PROJECT, wait_until

from leadcapture.sandbox.server import Sandbox

SECOND = """
[connections.lisbon]
url = "{url}"
email_env = "LISBON_EMAIL"
password_env = "LISBON_PASSWORD"

[forms.lisbon]
title = "Lisbon"
connection = "lisbon"

[[forms.lisbon.fields]]
name = "email"
label = "E-mail"
type = "email"
required = true
"""
LISBON = {"LISBON_EMAIL": "lisbon@example.com", "LISBON_PASSWORD": "another-password"}


@pytest.fixture
def lisbon():
    """A second account, with words of its own."""
    with Sandbox(username=LISBON["LISBON_EMAIL"], password=LISBON["LISBON_PASSWORD"]) as nexudus:
        yield nexudus


@pytest.fixture
def service(make_service, sandbox, lisbon, database_url):
    forms = (PROJECT / "forms.toml").read_text() + SECOND.format(url=lisbon.url)
    service = make_service(nexudus=sandbox.url, database_url=database_url, forms=forms, env=LISBON)
    service.migrate()
    service.start_web()
    return service


def post(service, form, number):
    answers = {"full_name": f"Ann {number}", "email": f"ann{number}@example.com", "message": f"Enquiry {number}"}
    reply = service.post(form, answers)
    assert reply.status_code == 200, reply.text
    return reply.json()["id"]


def delivered(service, ids):
    states = {lead.id: lead.state for lead in service.leads()}
    return all(states[lead_id] == "delivered" for lead_id in ids)


def test_connections__each_lead_goes_to_the_account_of_its_form(service, sandbox, lisbon):
    service.start_worker()
    here, there = [post(service, "contact", n) for n in range(3)], [post(service, "lisbon", n) for n in range(3)]
    wait_until(lambda: delivered(service, here + there), 30)
    assert len(sandbox.world.opportunities()) == len(lisbon.world.opportunities()) == 3
    assert len(sandbox.world.coworkers()) == len(lisbon.world.coworkers()) == 3


@pytest.mark.parametrize(
    "trouble",
    [
        {"delay_ms": 1500},
        {"down": "close"},
        {"throttle": "429", "throttle_every": 1, "throttle_seconds": 3600},
        {"refuse_sign_in": True, "expire_tokens": True, "revoke_refresh": True},
        {"coworker_daily_limit": 0},
    ],
    ids=lambda trouble: next(iter(trouble)),
)
def test_connections__trouble_of_one_never_delays_another(service, sandbox, lisbon, trouble):
    service.start_worker()
    wait_until(lambda: delivered(service, [post(service, "lisbon", 0)]), 30)
    lisbon.switches.merge(trouble)
    stuck = [post(service, "lisbon", number) for number in range(1, 6)]
    fine = [post(service, "contact", number) for number in range(6)]
    wait_until(lambda: delivered(service, fine), 8, "the other account's leads are delivered")
    assert not delivered(service, stuck)
