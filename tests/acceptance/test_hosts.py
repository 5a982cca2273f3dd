"""Several hosts on one PostgreSQL: no double, one pace, one sign-in; who is cut off loses and doubles nothing."""

import contextlib
import itertools
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bench.site import free_port
from leadcapture.domain.notes import REFERENCE
from leadcapture.sandbox.server import Sandbox
from tests import network
from tests.install_tools import find_program
from tests.service import GUNICORN, LEADS, wait_until

OPPORTUNITIES = "/api/crm/crmopportunities"
pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]
needs_hosts = pytest.mark.skipif(not network.available(), reason="needs root and network namespaces (iproute2)")


@pytest.fixture
def hosts():
    """A network; everything of it is gone at the end."""
    made = network.Network()
    yield made
    made.close()


@pytest.fixture
def nexudus():
    """A stand-in that the hosts can reach."""
    with Sandbox(host=network.ROUTER) as sandbox:
        yield sandbox


def reachable(url: str, port: int, host: str = network.ROUTER) -> str:
    """Return a database's URL by TCP in place of its Unix socket."""
    parts = urlsplit(url)
    return f"postgresql://{parts.username or 'postgres'}@{host}:{port}{parts.path}"


def socket_of(url: str) -> str:
    return f"{parse_qs(urlsplit(url).query)['host'][0]}/.s.PGSQL.5432"


class Machine:
    """One host with a web server and a worker on the database that all share."""

    def __init__(self, service, host) -> None:
        self.service, self.host = service, host
        self.url = f"http://{host.address}:{service.port}"
        self.web = self.worker = None

    def start(self) -> None:
        self.web = self.service.start(*self.host.run, *GUNICORN)
        self.worker = self.service.start(*self.host.run, *LEADS, "worker")
        wait_until(self.answers, 30, f"a host answers\n{self.service.log[-2000:]}")

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=1).ok
        except requests.RequestException:
            return False

    def post(self, number: int) -> str | None:
        answers = {"full_name": f"Ann {number}", "email": f"ann{number}@example.com", "message": f"{number} desks."}
        try:
            reply = requests.post(
                f"{self.url}/f/contact",
                data=answers | {"_submission_id": f"n{number}"},
                headers={"Accept": "application/json"},
                timeout=(1, 4),  # who is cut off does not even take the line
            )
        except requests.RequestException:
            return None
        return reply.json()["id"] if reply.status_code == 200 else None


def post_somewhere(machines, number: int) -> str:
    """A visitor behind a load balancer: who does not answer is left out, with the same id."""
    until = time.monotonic() + 60
    for machine in itertools.islice(itertools.cycle(machines), number % len(machines), None):
        if lead_id := machine.post(number):
            return lead_id
        assert time.monotonic() < until, "no host answers"
    raise AssertionError


def check_exactly_once(nexudus, ids) -> None:
    found = Counter(one["Notes"].splitlines()[-1].removeprefix(REFERENCE) for one in nexudus.world.opportunities())
    assert set(found) == set(ids)
    assert [lead_id for lead_id, times in found.items() if times != 1] == []
    emails = Counter(one["Email"] for one in nexudus.world.coworkers())
    assert [email for email, times in emails.items() if times != 1] == []


@pytest.fixture
def machines(make_service, postgres_url, hosts, nexudus):
    """Two hosts, not started."""
    port = hosts.relay(socket_of(postgres_url))
    limits = {"NEXUDUS_WRITES_PER_MINUTE": "240", "NEXUDUS_CALLS_PER_MINUTE": "600"}
    made = []
    for _ in range(2):
        url = reachable(postgres_url, port)
        service = make_service(nexudus=nexudus.url, database_url=url, env=limits | {"WEB_CONCURRENCY": "1"})
        made.append(Machine(service, hosts.host()))
    made[0].service.store.migrate()
    yield made
    for machine in made:  # while its network is there: without, each would be waited for in vain
        machine.service.stop()


@needs_hosts
def test_hosts__share_one_queue_one_pace_and_one_sign_in(machines, nexudus) -> None:
    for machine in machines:
        machine.start()
    began = time.monotonic()
    ids = [post_somewhere(machines, number) for number in range(100)]
    machines[0].service.wait_for_delivery(len(ids), 90)
    check_exactly_once(nexudus, ids)
    # 240 writes in any minute is 120 new customers' leads: both hosts together, not each.
    assert nexudus.world.max_writes_in_a_minute() <= 240 + 1
    assert nexudus.world.calls_of("POST", "/api/token") == 1
    assert time.monotonic() - began < 80


@needs_hosts
def test_host__that_is_cut_off_in_the_middle_loses_and_doubles_nothing(machines, nexudus) -> None:
    for machine in machines:
        machine.start()
    # The record is written, and before its answer gets through the host is gone.
    nexudus.switches.set(drop_after_commit={"mode": "sleep", "seconds": 2, "times": 2, "on": ["crmopportunities"]})
    ids = [post_somewhere(machines, number) for number in range(30)]
    wait_until(lambda: nexudus.world.calls_of("POST", OPPORTUNITIES) >= 2, 30)
    machines[1].host.cut_off()
    ids += [post_somewhere(machines, number) for number in range(30, 50)]
    machines[0].service.wait_for_delivery(len(ids), 120)
    machines[1].host.join()
    wait_until(machines[1].answers, 40)
    ids += [wait_until(lambda: machines[1].post(number), 40) for number in range(50, 55)]  # noqa: B023 - used at once
    machines[0].service.wait_for_delivery(len(ids), 60)
    check_exactly_once(nexudus, ids)


CREATE_LATE = """
import sys, time
from leadcapture.errors import OutcomeUnknown
from leadcapture.nexudus.calls import CREATE_CUSTOMER, FIND_CUSTOMERS
from leadcapture.nexudus.transport import Transport

transport = Transport(sys.argv[1], timeout_seconds=2)
transport.exchange(FIND_CUSTOMERS)
print("ready", flush=True)
sys.stdin.readline()
try:
    transport.exchange(CREATE_CUSTOMER, record={"Email": "ann@example.com"})
except OutcomeUnknown:
    print("given up", flush=True)
"""


@needs_hosts
def test_create__that_was_given_up_does_not_arrive_when_the_network_is_back(hosts) -> None:
    """The system goes on sending what a closed line holds; the create would come after it has been made again."""
    host, came = hosts.host(), []

    def serve(line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            while piece := line.recv(65536):
                came.append(piece.partition(b" ")[0])
                line.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"Records":[]}')

    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((network.ROUTER, 0)))
        processes = []
        for then in ("time.sleep(60)", "sys.exit()"):  # one goes on, the other dies of it
            command = (*host.run, sys.executable, "-c", CREATE_LATE + then)
            url = f"http://{network.ROUTER}:{listener.getsockname()[1]}"
            process = subprocess.Popen((*command, url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            processes.append(stack.enter_context(process))
            stack.callback(process.kill)
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
        host.cut_off()
        for process in processes:
            process.stdin.write("go on\n")
            process.stdin.flush()
        assert [process.stdout.readline() for process in processes] == ["given up\n"] * 2
        time.sleep(4)  # so long the system keeps a packet until it knows the neighbour's address again
        host.join()
        time.sleep(9)  # the next try would come within as long again as the line was gone
    assert came == [b"GET"] * 2


PGBOUNCER = """
[databases]
* = host=127.0.0.1 port={server} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""


@pytest.mark.skipif(not find_program("pgbouncer"), reason="needs PgBouncer")
def test_pooler__that_gives_each_transaction_another_session_will_do(make_service, postgres_url, sandbox):
    """PgBouncer in transaction mode, with four sessions for two web processes and two workers."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)  # it runs as nobody
    relay = network.Relay(socket_of(postgres_url), "127.0.0.1")
    port = free_port()
    settings = folder / "pgbouncer.ini"
    settings.write_text(PGBOUNCER.format(server=relay.port, port=port, folder=folder))
    pooler = subprocess.Popen([find_program("pgbouncer"), "-u", "nobody", "-q", str(settings)])
    try:
        url = reachable(postgres_url, port, "127.0.0.1")
        service = make_service(nexudus=sandbox.url, database_url=url)
        wait_until(lambda: service.cli("migrate").returncode == 0, 20, "the pooler answers")
        service.start_web()
        for _ in range(2):
            service.start_worker()
        ids = [
            service.post(answers={"email": f"a{n}@example.com", "message": f"Enquiry {n}", "full_name": "A"})
            for n in range(60)
        ]
        service.wait_for_delivery(60, 60)
        check_exactly_once(sandbox, [reply.json()["id"] for reply in ids])
    finally:
        pooler.terminate()
        pooler.wait(10)
        relay.close()
        shutil.rmtree(folder, ignore_errors=True)
