"""`flask leads doctor`: every check finds what it is there for, says so in plain words, and the exit tells."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from admin_site import PROJECT, open_desk
from aiosmtpd.controller import Controller
from factories import make_content
from sqlalchemy import select

from bench.site import free_port
from leadcapture.cli import checks_account, checks_here, leads_group
from leadcapture.domain.pace import Pace
from leadcapture.sandbox.seed import LOCATION, PASSWORD, USERNAME
from leadcapture.sandbox.server import Sandbox
from leadcapture.store.tables import connections

SAMPLES = (PROJECT / "forms.toml").read_text()


@pytest.fixture
def open_doctor(tmp_path, sandbox):
    """A function that opens a service with changed forms and settings, signed in, and returns it."""
    opened = []

    def make(forms=SAMPLES, connect=True, **settings):
        file = tmp_path / "forms.toml"
        file.write_text(forms)
        desk = open_desk(tmp_path, signed_in=False, nexudus_url=sandbox.url, forms_file=str(file), **settings)
        opened.append(desk)
        if connect:
            words = ["connect", "--email", USERNAME, "--password", PASSWORD, "--code", ""]
            assert run(desk, *words).exit_code == 0
        return desk

    yield make
    for desk in opened:
        desk.store.close()


def run(desk, *arguments):
    return desk.app.test_cli_runner().invoke(leads_group, [*arguments])


def doctor(desk, *arguments):
    result = run(desk, "doctor", *arguments)
    wrong = [line.removeprefix("WRONG").strip() for line in result.output.splitlines() if line.startswith("WRONG")]
    assert result.exit_code == (1 if wrong else 0), result.output
    return wrong, result.output


def test_doctor__finds_nothing_wrong_with_the_samples(open_doctor):
    wrong, said = doctor(open_doctor())
    assert wrong == []
    for part in ("settings:", "store:", "disk:", "signed in to Nexudus as John Doe", "clock:", "writes used", "stage"):
        assert part in said, part
    assert "location 1234566: 0 of 5000 opportunities" in said
    assert "browsers on http://localhost:8000, http://127.0.0.1:8000 may post" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("location = 1234566", "location = 99", "location 99 is not in this account"),
        ("board_column = 1001", "board_column = 4711", "board_column 4711 does not exist"),
        ("board_column = 1001", "board_column = 1099", "DeleteAccount"),
        ("board_column = 1001", "board_column = 1098", "DeactivateAccount"),
        ("board_column = 1001", "board_column = 1010", "belongs to location 1234567"),
        ("OpportunityTypeId = 55", "OpportunityTypeId = 77", "OpportunityTypeId 77 does not exist"),
        ("ResponsibleId = 303914611", "ResponsibleId = 1", "ResponsibleId 1 does not exist"),
        ("country_id = 1220", "country_id = 9", "country_id 9 does not exist"),
        ("simple_time_zone_id = 2023", "simple_time_zone_id = 9", "simple_time_zone_id 9 does not exist"),
    ],
)
def test_doctor__finds_ids_that_are_wrong(open_doctor, old, new, said):
    wrong, _ = doctor(open_doctor(SAMPLES.replace(old, new)))
    assert [line for line in wrong if said in line], wrong


@pytest.mark.parametrize("key", ["TeamId", "ReferrerId", "AgentId"])
def test_doctor__says_which_ids_it_can_not_prove(open_doctor, key):
    wrong, said = doctor(open_doctor(SAMPLES.replace("OpportunityTypeId = 55", f"OpportunityTypeId = 55\n{key} = 77")))
    assert wrong == []
    assert f"warning form tour: {key} 77 can't be checked" in said


def test_doctor__warns_of_a_stage_that_closes_every_lead(open_doctor):
    wrong, said = doctor(open_doctor(SAMPLES.replace("board_column = 1001", "board_column = 1004")))
    assert (wrong, "closed at once" in said) == ([], True)


def test_doctor__warns_of_secrets_that_can_be_guessed(open_doctor):
    hook = '\n[forms.contact.hooks.webflow]\nkey_env = "CONTACT_KEY"\n'
    weak = {"admin_password": "secret", "metrics_token": "token", "environment": {"CONTACT_KEY": "key"}}
    good = {"metrics_token": "t" * 20, "environment": {"CONTACT_KEY": "k" * 20}}
    names = ("ADMIN_PASSWORD", "METRICS_TOKEN", "hooks.webflow")

    def warned(**settings):
        wrong, said = doctor(open_doctor(SAMPLES + hook, **settings))
        assert wrong == []
        return [any(name in line and "fewer than" in line for line in said.splitlines()) for name in names]

    assert warned(**weak) == [True] * 3
    assert warned(**good) == [False] * 3


def test_doctor__without_a_sign_in_says_what_to_run(open_doctor):
    wrong, _ = doctor(open_doctor(connect=False))
    assert wrong == ["main: not signed in to Nexudus: run flask leads connect"]


def test_doctor__finds_two_connections_to_one_account(open_doctor):
    """Two people's sign-ins at the same Nexudus, or one that was typed in twice, are not seen in the settings."""
    fields = '[[forms.b.fields]]\nname = "email"\nlabel = "E-mail"\ntype = "email"\n'
    desk = open_doctor(f'{SAMPLES}\n[forms.b]\ntitle = "B"\nconnection = "b"\n{fields}[connections.b]\n')
    assert run(desk, "connect", "--connection", "b", "--email", USERNAME, "--password", PASSWORD).exit_code == 0
    [wrong] = doctor(desk)[0]
    assert wrong.startswith("main: the same Nexudus account as b: who writes to forms of both may become two customers")


def test_doctor__of_a_crm_that_is_away(open_doctor, sandbox):
    desk = open_doctor()
    sandbox.switches.set(down="close")
    wrong, _ = doctor(desk)
    assert len(wrong) == 1 and "can't be asked" in wrong[0]


def test_doctor__counts_what_it_asks(open_doctor, sandbox):
    desk = open_doctor()
    before = len(sandbox.world.calls)
    spent = sum(calls for calls, _ in _pace(desk).seconds.values())
    doctor(desk)
    asked = len(sandbox.world.calls) - before
    assert asked > 5
    assert sum(calls for calls, _ in _pace(desk).seconds.values()) - spent == asked


def _pace(desk):
    with desk.store.database.reading() as connection:
        return Pace.from_json(connection.execute(select(connections.c.pace)).scalar_one())


def test_doctor__finds_a_clock_that_is_wrong(tmp_path):
    with Sandbox(clock=lambda: datetime.now(UTC) + timedelta(minutes=5)) as ahead:
        desk = open_desk(tmp_path, signed_in=False, nexudus_url=ahead.url)
        run(desk, "connect", "--email", USERNAME, "--password", PASSWORD, "--code", "")
        wrong, _ = doctor(desk)
        desk.store.close()
    assert [line for line in wrong if line.startswith("clock: it differs from Nexudus' by")], wrong


def test_doctor__warns_of_a_full_location(open_doctor, sandbox):
    sample = {"CrmBoardColumnId": 1001, "Status": 1, "Position": 1}
    customer = sandbox.world.add("Coworker", {"FullName": "Ann", "Email": "ann@example.com"})
    for _ in range(checks_account.CAPACITY_WARNING):
        sandbox.world.add("CrmOpportunity", sample | {"CoworkerId": customer["Id"]})
    wrong, said = doctor(open_doctor())
    assert wrong == []
    assert f"warning location {LOCATION}: 4000 of 5000 opportunities" in said


def test_doctor__says_when_every_visitor_is_a_proxy(open_doctor):
    desk = open_doctor()
    for _ in range(3):
        desk.lead(content=make_content(ip="10.0.0.7"))
    assert "TRUSTED_PROXIES=0 is too few" in doctor(desk)[1]
    desk.lead(content=make_content(ip="185.12.8.9"))
    assert "recent visitors have addresses of their own" in doctor(desk)[1]


@pytest.mark.parametrize("greets", [True, False])
def test_doctor__tries_the_mail_server(open_doctor, greets):
    port = free_port()
    server = Controller(type("Box", (), {})(), hostname="127.0.0.1", port=port) if greets else None
    if server:
        server.start()
    desk = open_doctor(smtp_url=f"smtp://127.0.0.1:{port}", alert_email_to="ops@example.com")
    wrong, said = doctor(desk)
    if server:
        server.stop()
    assert ("takes messages for ALERT_EMAIL_TO" in said) == greets
    assert bool([line for line in wrong if line.startswith("mail:")]) != greets


def test_doctor__finds_origins_that_may_not_post(open_doctor):
    desk = open_doctor()
    catalogue = desk.app.extensions["leadcapture"].catalogue
    elsewhere = {
        name: replace(form, allowed_origins=("https://other.example",)) for name, form in catalogue.forms.items()
    }
    found = list(checks_here.origins(desk.client, replace(catalogue, forms=elsewhere), "https://localhost"))
    assert [finding.wrong for finding in found] == [True, True]
    assert "a browser on https://other.example may not post" in found[0].text


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        ("overlay / overlay rw 0 0\n/dev/sda1 /data ext4 rw 0 0", "ext4"),
        ("overlay / overlay rw 0 0\ntmpfs /data/deep tmpfs rw 0 0", "overlay"),
        ("tmpfs /data tmpfs rw 0 0", "tmpfs"),
        ("", ""),
    ],
)
def test_disk__is_that_of_the_nearest_mount(mounts, kind):
    assert checks_here.filesystem_of(Path("/data/app"), mounts) == kind


def test_disk__that_will_vanish_is_warned_of(open_doctor, tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"tmpfs {tmp_path.resolve()} tmpfs rw 0 0\n")
    found = list(checks_here.disk(open_doctor().store, mounts))
    assert (found[0].level, "memory" in found[0].text) == ("warning", True)


def test_send_test__goes_the_real_way(make_service, sandbox):
    service = make_service(nexudus=sandbox.url)
    service.migrate()
    service.start_worker()
    result = service.cli("doctor", "--send-test")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "test lead: delivered as opportunity" in result.stdout
    [made] = sandbox.world.opportunities()
    assert "leadcapture test" in made["Name"] and "please ignore" in made["Notes"]
