"""Several Nexudus accounts in one installation: each with its own sign-in and pace, none waits for another.

One service for all cases, since to start it takes longer than any of them: each trouble has an account of its own, and
is still there while the next one comes.
"""

from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from service import PROJECT, Service, wait_until

from leadcapture.sandbox.server import Sandbox

TROUBLES = {
    "delay_ms": {"delay_ms": 1500},
    "down": {"down": "close"},
    "throttle": {"throttle": "429", "throttle_every": 1, "throttle_seconds": 3600},
    "refuse_sign_in": {"refuse_sign_in": True, "expire_tokens": True, "revoke_refresh": True},
    "coworker_daily_limit": {"coworker_daily_limit": 0},
}
MORE = """
[connections.{name}]
url = "{url}"
email_env = "LISBON_EMAIL"
password_env = "LISBON_PASSWORD"

[forms.{name}]
title = "Lisbon"
connection = "{name}"

[[forms.{name}.fields]]
name = "email"
label = "E-mail"
type = "email"
required = true
"""
LISBON = {"LISBON_EMAIL": "lisbon@example.com", "LISBON_PASSWORD": "another-password"}


@dataclass(frozen=True)
class Stage:
    """A running service with its worker, its main account, and other accounts by the name of their form."""

    service: Service
    main: Sandbox
    accounts: dict[str, Sandbox]

    def post(self, form, name):
        """Send an enquiry; returns the lead's id."""
        answers = {"full_name": f"Ann {name}", "email": f"{name}@example.com", "message": f"Enquiry {name}"}
        reply = self.service.post(form, answers)
        assert reply.status_code == 200, reply.text
        return reply.json()["id"]

    def delivered(self, ids):
        """Say whether all of them are delivered."""
        states = {lead.id: lead.state for lead in self.service.leads()}
        return all(states[lead_id] == "delivered" for lead_id in ids)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def stage(request, tmp_path_factory):
    url = request.getfixturevalue("postgres").new_database() if request.param == "postgres" else None
    with ExitStack() as stack:
        main = stack.enter_context(Sandbox())
        words = {"username": LISBON["LISBON_EMAIL"], "password": LISBON["LISBON_PASSWORD"]}
        accounts = {name: stack.enter_context(Sandbox(**words)) for name in ("lisbon", *TROUBLES)}
        more = "".join(MORE.format(name=name, url=account.url) for name, account in accounts.items())
        forms = (PROJECT / "forms.toml").read_text() + more
        folder = tmp_path_factory.mktemp("connections")
        service = Service(folder, nexudus=main.url, database_url=url, forms=forms, env=LISBON)
        stack.callback(service.stop)
        service.migrate()
        service.start_web()
        service.start_worker()
        yield Stage(service, main, accounts)
    if url:
        request.getfixturevalue("postgres").drop(url)


def test_connections__each_lead_goes_to_the_account_of_its_form(stage):
    names = [f"each{n}" for n in range(3)]
    here, there = [stage.post("contact", name) for name in names], [stage.post("lisbon", name) for name in names]
    wait_until(lambda: stage.delivered(here + there), 30)
    lisbon = stage.accounts["lisbon"]
    assert len(lisbon.world.opportunities()) == len(lisbon.world.coworkers()) == 3
    for account in (stage.main, lisbon):
        assert sorted(one["Email"].partition("@")[0] for one in of_those(account.world.coworkers(), "Email")) == names
        assert len(of_those(account.world.opportunities(), "CoworkerEmail")) == 3


def of_those(records, key):
    return [one for one in records if one[key].startswith("each")]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_connections__trouble_of_one_never_delays_another(stage, trouble):
    first = stage.post(trouble, f"{trouble}0")
    wait_until(lambda: stage.delivered([first]), 30)
    stage.accounts[trouble].switches.merge(TROUBLES[trouble])
    stuck = [stage.post(trouble, f"{trouble}{number}") for number in range(1, 6)]
    fine = [stage.post("contact", f"{trouble}{number}") for number in range(6)]
    wait_until(lambda: stage.delivered(fine), 8, "the other account's leads are delivered")
    assert not stage.delivered(stuck)
