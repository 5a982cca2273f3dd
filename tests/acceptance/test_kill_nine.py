"""kill -9 at the worst moments: every answered lead is exactly one opportunity and one customer."""

import concurrent.futures
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import requests

from leadcapture.domain.notes import REFERENCE
from leadcapture.sandbox.server import Sandbox
from tests.service import GUNICORN, PROJECT, Service, children_of, runs, wait_until
from tests.service import LEADS as LEADS_COMMAND

LEADS = 300
OPPORTUNITIES = "/api/crm/crmopportunities"
pytestmark = pytest.mark.timeout(300)


def references(sandbox) -> Counter[str]:
    return Counter(o["Notes"].splitlines()[-1].removeprefix(REFERENCE) for o in sandbox.world.opportunities())


def addresses(sandbox) -> Counter[str]:
    return Counter(c["Email"].lower() for c in sandbox.world.coworkers())


def answers(number: int) -> dict[str, str]:
    return {
        "full_name": f"Ann Example {number}",
        "email": f"ann{number}@example.com",
        "message": f"We need {number} desks.",
        "_submission_id": f"enquiry-{number}",
    }


def post_until_answered(service, number: int) -> str:
    """A visitor whose browser sends again with the same id until it has an answer."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            reply = service.post("contact", answers(number))
        except requests.RequestException:
            time.sleep(0.1)
            continue
        if reply.status_code == 200:
            return reply.json()["id"]
        assert reply.status_code in (500, 502, 503), reply.text
        time.sleep(0.1)
    raise AssertionError("no answer")


def crash_three_times(service, sandbox) -> set[str]:
    """Let everything die three times while visitors post; returns the ids that they were told."""
    service.migrate()
    service.start_web()
    worker = service.start_worker()
    with concurrent.futures.ThreadPoolExecutor(8) as visitors:
        posts = [visitors.submit(post_until_answered, service, number) for number in range(LEADS)]
        for _ in range(3):
            # The record is written and the answer held back: the worker dies between Nexudus' commit and ours.
            before = sandbox.world.calls_of("POST", OPPORTUNITIES)
            sandbox.switches.set(
                drop_after_commit={"mode": "sleep", "seconds": 1, "times": 1, "on": ["crmopportunities"]}
            )
            wait_until(lambda before=before: sandbox.world.calls_of("POST", OPPORTUNITIES) > before, 60)
            service.kill(worker)
            service.kill(service.web)
            service.start_web()
            worker = service.start_worker()
        return {post.result() for post in posts}


class Crashed:
    """A service on a database of its own that has crashed three times, the stand-in, and the ids that were told."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.sandbox = Sandbox().start()
        self.service = Service(folder, nexudus=self.sandbox.url, database_url=database_url)
        self.ids: set[str] = set()

    def crash(self) -> None:
        self.ids = crash_three_times(self.service, self.sandbox)

    def stop(self) -> None:
        self.service.stop()
        self.sandbox.stop()


@pytest.fixture(scope="module")
def crashed(request, tmp_path_factory):
    """What has crashed, by database: one after the other crashes, then both wait for leases to end at the same time."""
    made: dict[str, Crashed] = {}
    wanted = [item.callspec.params["database"] for item in request.session.items if "crashed" in item.fixturenames]
    try:
        for database in wanted:
            folder = tmp_path_factory.mktemp("crashed")
            url = f"sqlite:///{folder / 'leads.db'}"
            if database == "postgres":
                url = request.getfixturevalue("postgres").new_database()
            made[database] = Crashed(folder, url)
            made[database].crash()
        yield made
    finally:
        for one in made.values():
            one.stop()
        if "postgres" in made:
            request.getfixturevalue("postgres").drop(made["postgres"].service.database_url)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_crashes__three_hundred_posts_are_three_hundred_opportunities(crashed, database) -> None:
    service, sandbox, ids = crashed[database].service, crashed[database].sandbox, crashed[database].ids
    service.wait_for_delivery(LEADS, 120)
    service.stop()
    found = references(sandbox)
    assert len(ids) == LEADS
    assert ids == set(found)
    assert [reference for reference, times in found.items() if times != 1] == []
    assert [address for address, times in addresses(sandbox).items() if times != 1] == []
    assert len(addresses(sandbox)) == LEADS


def test_answered_leads__survive_the_death_of_everything(make_service, sandbox, database_url) -> None:
    service = make_service(nexudus=sandbox.url, database_url=database_url)
    service.migrate()
    service.start_web()
    ids = {service.post("contact", answers(number)).json()["id"] for number in range(20)}
    service.kill(service.web)
    service.start_worker()
    service.wait_for_delivery(20)
    assert set(references(sandbox)) == ids


@pytest.mark.parametrize("with_worker", [False, True], ids=["web", "web and worker"])
def test_answered_leads__survive_another_process_that_has_the_database_open_for_a_moment(
    make_service, sqlite_url, with_worker
) -> None:
    """Who closes SQLite's file last removes its log: nobody may think that he is the last while others write to it."""
    service = make_service(database_url=sqlite_url)
    assert service.cli("migrate").returncode == 0  # nothing of this process may have the file open
    service.start_web()
    if with_worker:
        service.start_worker()
    told = []
    for command in (["list"], ["export"], ["reconcile"]):
        told += [service.post("contact", answers(len(told))).json()["id"] for _ in range(6)]
        for _ in range(6):
            service.get("/readyz")  # with a second connection beside the writer's
        service.cli(*command)
    told += [service.post("contact", answers(len(told))).json()["id"] for _ in range(6)]
    service.kill(service.web)
    for worker in service.workers:
        service.kill(worker)
    assert {lead.id for lead in service.leads()} == set(told)


def test_worker__finishes_and_ends_with_zero_on_sigterm(make_service, sandbox, sqlite_url) -> None:
    service = make_service(nexudus=sandbox.url, database_url=sqlite_url)
    service.migrate()
    service.start_web()
    sandbox.switches.set(delay_ms=300)
    worker = service.start_worker()
    for number in range(5):
        service.post("contact", answers(number))
    wait_until(lambda: sandbox.world.opportunities(), 20)
    worker.terminate()
    assert worker.wait(10) == 0
    assert all(lead.state in ("received", "delivered") for lead in service.leads())


@pytest.fixture
def beside(make_service, sandbox, sqlite_url):
    """A web server with a worker beside it, both at work."""
    service = make_service(nexudus=sandbox.url, database_url=sqlite_url, env={"WORKER_IN_WEB": "1"})
    service.migrate()
    service.start_web()
    wait_until(lambda: supervised(service), 20)
    return service


def supervised(service) -> tuple[int, int] | None:
    """Return the supervisor and its worker when there is one of each and both are at work."""
    supervisors = [pid for pid in children_of(service.web.pid) if runs(pid) and "supervisor" in command_of(pid)]
    workers = [pid for supervisor in supervisors for pid in children_of(supervisor) if "delivering" in command_of(pid)]
    return (supervisors[0], workers[0]) if len(supervisors) == len(workers) == 1 else None


def kill_supervisor(service) -> None:
    """kill -9 the supervisor; returns when another one has a worker, and the worker of the first is gone."""
    first, orphan = wait_until(lambda: supervised(service), 20)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: (supervised(service) or (first, 0))[0] != first, 20, "another supervisor has a worker")
    wait_until(lambda: not runs(orphan), 20, "the worker ends with its supervisor")


def test_worker_in_web__is_one_process_that_is_started_again(beside) -> None:
    supervisor, first = supervised(beside)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: (supervised(beside) or (0, first))[1] != first, 20)
    assert supervised(beside)[0] == supervisor
    second = supervised(beside)[1]
    beside.post("contact", answers(1))
    beside.wait_for_delivery(1)
    os.kill(beside.web.pid, signal.SIGKILL)
    beside.web.wait()
    wait_until(lambda: not runs(second), 20, "the worker ends with gunicorn's master")


def test_worker_in_web__outlives_its_supervisor(beside) -> None:
    kill_supervisor(beside)
    beside.post("contact", answers(1))
    beside.wait_for_delivery(1)
    assert supervised(beside)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT], ids=lambda end: end.name)
def test_worker_in_web__is_looked_after_and_ended_after_a_reload_too(beside, end) -> None:
    old = set(children_of(beside.web.pid)) - set(supervised(beside))
    beside.web.send_signal(signal.SIGHUP)
    wait_until(lambda: not any(runs(pid) for pid in old), 20, "the web workers are new")
    kill_supervisor(beside)
    beside.post("contact", answers(1))
    beside.wait_for_delivery(1)
    pids = supervised(beside)
    beside.web.send_signal(end)
    assert beside.web.wait(20) == 0
    assert [pid for pid in pids if runs(pid)] == []
    assert "Traceback" not in beside.log


def test_supervisor__tries_again_when_the_system_starts_no_worker(tmp_path) -> None:
    """While a deploy swaps the interpreter, there is nothing to start for some seconds."""
    interpreter, started = tmp_path / "python", tmp_path / "started"
    code = "import os, sys; from leadcapture.supervisor import Supervisor as S; S(os.getppid(), (sys.argv[1],)).run()"
    command = (sys.executable, "-c", code, str(interpreter))
    with subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True) as supervisor:
        try:
            assert "the worker can't be started, trying again soon" in supervisor.stderr.readline()
            swapped = tmp_path / "swapped"
            swapped.write_text(f"#!/bin/sh\ntouch {started}\nexec sleep 60\n")
            swapped.chmod(0o700)
            swapped.rename(interpreter)
            wait_until(started.exists, 10)
        finally:
            supervisor.terminate()
        assert supervisor.wait(10) == 0


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@pytest.mark.alone
def test_path__a_tour_reaches_the_board_within_two_seconds(make_service, sandbox, database_url) -> None:
    service = make_service(nexudus=sandbox.url, database_url=database_url)
    service.migrate()
    service.start_web()
    service.start_worker()
    service.post("contact", answers(0))
    service.wait_for_delivery(1)
    started = time.monotonic()
    reply = service.post(
        "tour?utm_source=google&utm_medium=cpc&utm_campaign=autumn&utm_content=hero&utm_term=desks",
        {"full_name": "Bea", "email": "bea@example.com", "tour_date": "2027-07-01", "tour_time": "14:30"},
    )
    found = wait_until(lambda: [o for o in sandbox.world.opportunities() if "Bea" in o["Name"]], 10)[0]
    assert time.monotonic() - started < 2
    utm = [found[f"Utm{name}"] for name in ("Source", "Medium", "Campaign", "Content", "Term")]
    assert utm == ["google", "cpc", "autumn", "hero", "desks"]
    assert (found["LeadSource"], found["Status"], found["DueDate"]) == (1, 1, "2027-07-01T13:30:00Z")
    assert found["Notes"].splitlines()[-1] == f"Lead reference: {reply.json()['id']}"


@pytest.mark.parametrize("command", ["gunicorn", "flask"])
def test_settings__are_all_named_at_once_without_a_traceback(make_service, command) -> None:
    service = make_service()
    wrong = {"SECRET_KEY": "short", "PORT": "x", "NEXUDUS_URL": "nonsense", "TRUSTED_PROXIES": "-1"}
    words = GUNICORN if command == "gunicorn" else (*LEADS_COMMAND, "list")
    ended = service.run(*words, **wrong)
    assert ended.returncode != 0
    assert all(name in ended.stdout + ended.stderr for name in wrong)
    assert "Traceback" not in ended.stdout + ended.stderr
