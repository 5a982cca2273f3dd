"""The stand-in's own endpoint, its page, and what survives a restart."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import requests

from leadcapture.sandbox.server import Sandbox
from leadcapture.sandbox.switch_table import SWITCHES

ANN = {"FullName": "Ann <Example>", "Email": "ann@customer.co.uk", "CountryId": 1220, "SimpleTimeZoneId": 2023}
DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"


@pytest.fixture
def nexudus() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def control(nexudus: Sandbox, method: str, path: str, body: object = None) -> requests.Response:
    return requests.request(method, f"{nexudus.url}/_sandbox/{path}", json=body, timeout=2)


def test_switches__merge(nexudus: Sandbox) -> None:
    control(nexudus, "POST", "switches", {"throttle": "409"})
    reply = control(nexudus, "POST", "switches", {"lag_seconds": 2})

    assert (reply.json()["throttle"], reply.json()["lag_seconds"]) == ("409", 2)
    assert control(nexudus, "GET", "switches").json() == reply.json()
    assert set(reply.json()) == set(SWITCHES)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"trottle": "409"}, "there is no switch trottle"),
        ({"throttle": 409}, "throttle must be one of 'none', '409'"),
        ({"ooops": {"often": 2}}, "ooops must be no option often"),
        ({"ooops": {"times": 0}}, "times must be null, or a whole number from 1 up"),
        ({"first_stage_only": 1}, "first_stage_only must be true or false"),
        ({"probability": 2}, "a number from 0 to 1"),
        ({"require_extra": ["Shoe"]}, "a list of names out of OpportunityTypeId"),
        ({"down": "503", "nope": 1}, "there is no switch nope"),
        ([], "the body must be a JSON object"),
    ],
)
def test_switches__wrong_ones_are_explained_and_nothing_is_set(nexudus: Sandbox, values: object, words: str) -> None:
    before = nexudus.switches.as_dict()
    reply = control(nexudus, "POST", "switches", values)

    assert reply.status_code == 400
    assert words in reply.json()["error"]
    assert nexudus.switches.as_dict() == before


def test_records__are_planted_changed_and_removed(nexudus: Sandbox) -> None:
    number = control(nexudus, "POST", "records/coworkers", ANN | {"Id": 77}).json()["Id"]
    control(nexudus, "POST", "records/coworkers", {"Id": number, "Email": "new@customer.co.uk"})

    (kept,) = control(nexudus, "GET", "records/coworkers").json()
    assert (kept["Id"], kept["Email"], kept["FullName"]) == (77, "new@customer.co.uk", ANN["FullName"])
    assert control(nexudus, "GET", "records/coworkers/77").json() == kept
    assert control(nexudus, "DELETE", "records/coworkers/77").status_code == 200
    assert control(nexudus, "DELETE", "records/coworkers/77").status_code == 404
    assert nexudus.world.add("Coworker", ANN)["Id"] > 77


def test_records__wrong_calls_are_explained(nexudus: Sandbox) -> None:
    assert "there are businesses" in control(nexudus, "GET", "records/shoes").json()["error"]
    assert "no property Shoe" in control(nexudus, "POST", "records/coworkers", {"Shoe": 1}).json()["error"]
    assert "Id must be" in control(nexudus, "POST", "records/coworkers", {"Id": "1"}).json()["error"]
    assert control(nexudus, "PUT", "records/coworkers", {}).status_code == 400
    assert control(nexudus, "GET", "nothing").status_code == 404


def test_calls__are_counted_by_kind(nexudus: Sandbox) -> None:
    for number in (1, 2):
        requests.get(f"{nexudus.url}/api/spaces/coworkers/{number}", timeout=2)
    requests.post(f"{nexudus.url}/api/token", timeout=2)

    body = control(nexudus, "GET", "calls").json()
    by_id = {"method": "GET", "path": "/api/spaces/coworkers/{id}", "status": 401, "count": 2}
    assert (body["total"], body["max_writes_in_a_minute"], body["calls"][0]) == (3, 1, by_id)
    assert nexudus.world.calls_of("POST", "/api/token") == 1


@pytest.mark.parametrize(("keep_seed", "stages"), [(True, 9), (False, 8)])
def test_reset__with_and_without_the_seed(nexudus: Sandbox, keep_seed: bool, stages: int) -> None:
    nexudus.world.add("Coworker", ANN)
    nexudus.world.add("CrmBoardColumn", {"CrmBoardId": 900, "Name": "New", "Position": 9})
    nexudus.switches["down"] = "503"

    control(nexudus, "POST", "reset", {"keep_seed": keep_seed})

    assert nexudus.world.coworkers() == []
    assert len(nexudus.world.shown_all("CrmBoardColumn")) == stages
    assert nexudus.switches["down"] == "none"
    assert control(nexudus, "POST", "reset").status_code == 200


def test_page__shows_every_field_and_escapes(nexudus: Sandbox) -> None:
    ann = nexudus.world.add("Coworker", ANN | {"MobilePhone": "+44 7700 900123", "CompanyName": "Example & Co"})
    fields = {"Notes": "one\n<script>", "LeadSource": 1, "UtmTerm": "desk", "DueDate": "2026-09-01T09:00:00Z"}
    made = {"CrmBoardColumnId": 1001, "CoworkerId": ann["Id"], "Status": 1, "Position": 1}
    nexudus.world.add("CrmOpportunity", made | fields)

    reply = requests.get(nexudus.url, timeout=2)

    for words in (
        "Ann &lt;Example&gt;", "ann@customer.co.uk", "+44 7700 900123", "Example &amp; Co", "one\n&lt;script&gt;",
        "Web (1)", "InProgress (1)", "desk", "2026-09-01 09:00 UTC", "Tour booked",
    ):  # fmt: skip
        assert words in reply.text
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    for path in ("/board.css", "/board.js", "/boards"):
        assert requests.get(nexudus.url + path, timeout=2).status_code == 200
    assert requests.get(nexudus.url + "/board.html", timeout=2).status_code == 404


def test_page__shows_the_latest_200_and_what_has_lost_its_stage(nexudus: Sandbox) -> None:
    for number in range(201):
        made = {"CrmBoardColumnId": 5, "CoworkerId": 7, "Status": 1, "Position": 1, "Name": f"lead-{number}."}
        nexudus.world.add("CrmOpportunity", made)

    text = requests.get(nexudus.url, timeout=2).text
    assert "lead-0." not in text
    assert text.index("lead-200.") < text.index("lead-1.")
    assert "On no board" in text
    assert "Customer 7 is gone" in text


def test_panel__sets_switches_and_does_errands(nexudus: Sandbox) -> None:
    form = {
        "throttle": "429_body", "throttle_every": "2", "throttle_seconds": "0.5", "ooops": "on", "ooops.times": "3",
        "ooops.written": "true", "ooops.status": "400", "ooops.on": "coworkers", "ooops.methods": "POST",
        "no_role": "coworkers, visitors", "notes_limit": "255", "fraction_digits": "0", "auto_assign": "on",
        "enforce_limits": "true", "totp": "1",
    }  # fmt: skip
    reply = requests.post(f"{nexudus.url}/_sandbox/panel", data=form, timeout=2)

    standing = nexudus.switches.as_dict()
    assert (reply.status_code, reply.url) == (200, f"{nexudus.url}/?panel=open")
    assert "Broken now" in reply.text
    assert standing["ooops"] == {
        "times": 3, "on": ["coworkers"], "methods": ["POST"], "written": True, "status": 400
    }  # fmt: skip
    assert (standing["throttle"], standing["throttle_seconds"], standing["totp"]) == ("429_body", 0.5, "1")
    assert (standing["no_role"], standing["fraction_digits"]) == (["coworkers", "visitors"], 0)
    assert standing["enforce_limits"]["writes_per_day"] == 2500

    wrong = requests.post(f"{nexudus.url}/_sandbox/panel", data={"probability": "7"}, timeout=2)
    assert (wrong.status_code, "probability must be" in wrong.text) == (400, True)
    requests.post(f"{nexudus.url}/_sandbox/panel", data={"do": "expire_tokens"}, timeout=2)
    requests.post(f"{nexudus.url}/_sandbox/panel", data={"do": "mend"}, timeout=2)
    assert nexudus.switches["ooops"] is None
    nexudus.world.add("Coworker", ANN)
    requests.post(f"{nexudus.url}/_sandbox/panel", data={"do": "reset"}, timeout=2)
    assert nexudus.world.coworkers() == []


def test_data__survives_a_restart(tmp_path: Path) -> None:
    form = {"grant_type": "password", "username": "admin@example.com", "password": "demo-password"}
    with Sandbox(data=tmp_path / "crm.db", switches={"value_shape": "full"}) as nexudus:
        pair = requests.post(f"{nexudus.url}/api/token", data=form, timeout=2).json()
        kept = nexudus.world.add("Coworker", ANN)
        gone = nexudus.world.add("Coworker", ANN)
        nexudus.world.remove("Coworker", gone["Id"])

    with Sandbox(data=tmp_path / "crm.db") as nexudus:
        bearer = {"Authorization": f"Bearer {pair['access_token']}"}
        assert requests.get(f"{nexudus.url}/api/auth/me", headers=bearer, timeout=2).status_code == 200
        assert nexudus.world.coworkers() == [kept]
        assert nexudus.switches["value_shape"] == "full"
        assert nexudus.world.add("Coworker", ANN)["Id"] > gone["Id"]
        found = requests.get(
            f"{nexudus.url}/api/spaces/coworkers", headers=bearer, params={"Coworker_Email": ANN["Email"]}, timeout=2
        )
        assert found.json()["TotalItems"] == 2


def started(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "leadcapture.sandbox", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    return process, process.stdout.readline().split()[3]


def test_process__survives_kill_9_and_stops_cleanly(tmp_path: Path) -> None:
    arguments = ("--data", str(tmp_path / "crm.db"), "--switches", '{"throttle": "409"}')
    process, url = started(*arguments)
    with process, requests.Session() as session:
        for _ in range(20):
            assert session.post(f"{url}/_sandbox/records/coworkers", json=ANN, timeout=2).status_code == 200
        os.kill(process.pid, signal.SIGKILL)

    process, url = started("--data", str(tmp_path / "crm.db"))
    with process:
        assert len(requests.get(f"{url}/_sandbox/records/coworkers", timeout=2).json()) == 20
        assert requests.get(f"{url}/_sandbox/switches", timeout=2).json()["throttle"] == "409"
        process.terminate()
        assert process.wait(5) == 0


def test_process__names_a_wrong_switch() -> None:
    command = [sys.executable, "-m", "leadcapture.sandbox", "--switches", '{"nope": 1}']
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])

    assert done.returncode == 2
    assert "there is no switch nope" in done.stderr


def test_process__says_that_the_port_is_taken(nexudus: Sandbox) -> None:
    port = nexudus.url.rpartition(":")[2]
    command = [sys.executable, "-m", "leadcapture.sandbox", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=10)

    assert (done.returncode, done.stderr.startswith(f"cannot listen on 127.0.0.1:{port}")) == (1, True)


def test_docs__name_every_switch_with_its_default() -> None:
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("| `")]
    documented = {row[1].strip("`"): json.loads(row[2].strip("`")) for row in rows if row[1].strip("`") in SWITCHES}

    assert documented == {name: switch.default for name, switch in SWITCHES.items()}


def test_panel__names_the_switch_that_it_cannot_set_and_keeps_what_was_typed(nexudus: Sandbox) -> None:
    wrong = {"enforce_limits": '{"writes_per_minute": oops}', "delay_ms": "12"}
    reply = requests.post(f"{nexudus.url}/_sandbox/panel", data=wrong, timeout=2)
    page = unescape(reply.text)
    assert reply.status_code == 400
    assert "Nothing was set. enforce_limits: this is not JSON" in page
    assert 'value="{"writes_per_minute": oops}"' in page and 'value="12"' in page
    assert nexudus.switches["delay_ms"] == 0
    other = requests.post(f"{nexudus.url}/_sandbox/panel", data={"delay_ms": "soon"}, timeout=2)
    assert "delay_ms: this is not a number" in other.text
