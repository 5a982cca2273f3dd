"""More requests than the machine can take, against the real gunicorn: refused at once, or served soon and kept.

Bounds are in turns of the machine under test, not in seconds: a busy machine is slower at everything.
"""

import json
import resource
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import requests
from raw_http import Raw, request, send
from service import PROJECT, Service, children_of, wait_until

from bench import load, posts
from leadcapture.overload import FEW

FORMS_WITHOUT_LIMITS = (
    (PROJECT / "forms.toml")
    .read_text()
    .replace("allowed_origins = [", 'allowed_origins = ["https://www.example.com", ')
    + """
[limits]
posts_per_address = 1000000000
posts_per_address_per_minute = 1000000000
posts_per_minute = 1000000000
"""
)
pytestmark = pytest.mark.alone
LINES = 640
"""Ten times what the process can take within the time that its visitors are to wait, on a fast machine too."""
FIRST_BURST_SECONDS = 2
"""For so long everybody is served: one burst is no overload."""


@pytest.fixture
def service(one_process) -> Service:
    """Few threads: ten times what the process can take is soon there."""
    return one_process(4, forms=FORMS_WITHOUT_LIMITS)


def accepted(run: load.Run) -> set[str]:
    return {json.loads(answer.body)["id"] for answer in run.answers if answer.status == 200}


def all_at_once(run: load.Run) -> float:
    """For how many seconds everybody would wait if nobody were refused."""
    return LINES * run.seconds / len(accepted(run))


def waited(run: load.Run) -> float:
    """How long nearly all who were served waited after the first burst, as a share of that."""
    begun = min(answer.at for answer in run.answers) + FIRST_BURST_SECONDS
    later = load.Run([answer for answer in run.answers if answer.at >= begun])
    return later.quantile(0.98, 200) / all_at_once(run)


def get(service: Service, path: str, **headers: str) -> requests.Response:
    return requests.get(service.url + path, headers=headers, timeout=20)


def test_overload__some_are_refused_at_once_and_the_others_served_soon_and_kept(service) -> None:
    runs, refused, probes = [], [], []
    flood = threading.Thread(
        target=lambda: runs.append(load.run(service.port, lambda n: posts.post("flood", n), LINES, 6))
    )
    flood.start()
    time.sleep(FIRST_BURST_SECONDS)
    while flood.is_alive() and len(probes) < 12:
        began = time.monotonic()
        probes.append(get(service, "/healthz").status_code)
        refused += [(get(service, "/f/contact", Accept="text/html"), time.monotonic() - began)]
    flood.join()
    run = runs[0]
    statuses = [answer.status for answer in run.answers]
    assert set(statuses) == {200, 503}
    assert accepted(run) <= {lead.id for lead in service.leads()}
    if waited(run) >= 0.7:  # something else may have had the machine for a moment: once more
        run = load.run(service.port, lambda n: posts.post("again", n), LINES, 6)
    assert waited(run) < 0.7
    assert run.quantile(0.5, 503) < 0.3 * all_at_once(run)
    assert set(probes) == {200}
    pages = [page for page, _ in refused if page.status_code == 503]
    assert pages and pages[0].headers["Retry-After"] == "5" and "<h1>One moment, please</h1>" in pages[0].text
    assert get(service, "/f/contact").status_code in (200, 503)


def test_burst__of_64_is_served(make_service) -> None:
    service = make_service(forms=FORMS_WITHOUT_LIMITS)
    service.migrate()
    service.start_web()
    for turn in range(3):
        run = load.run(service.port, lambda n, turn=turn: posts.post(f"burst-{turn}", n), 64, 30, most=64)
        assert [answer.status for answer in run.answers] == [200] * 64
        assert accepted(run) <= {lead.id for lead in service.leads()}


def test_store__that_hangs_newcomers_are_told_at_once(service) -> None:
    """All threads wait for the database: nobody is taken up, and nobody who comes then waits as well."""
    with service.store.database.writing(), ThreadPoolExecutor(100) as visitors:

        def visit(number: int) -> int:
            return send(service.port, posts.post("hang", number), 3).status

        first = [visitors.submit(visit, number) for number in range(80)]
        for number in range(3):
            time.sleep(0.5)
            visitors.submit(visit, 100 + number)
        time.sleep(0.5)
        assert [send(service.port, posts.post("late", n), 1.5).status for n in range(2)] == [503] * 2
        assert {one.result() for one in first} <= {0, 503}


def test_refusal__of_a_long_body_arrives_whole(service) -> None:
    """Who is refused while still sending gets the answer, not a reset."""
    stop = threading.Event()

    def flood() -> None:
        while not stop.is_set():
            load.run(service.port, lambda n: posts.post("flood", n), LINES, 1)

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        time.sleep(2)
        long = b"message=" + b"x" * 200_000
        head = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        refused: list[Raw] = []
        for _ in range(60):  # who comes between two waves of the flood is let in
            answer = send(service.port, request("/f/contact", head, long), 20)
            refused += [answer] if answer.status == 503 else []
            if len(refused) == 3:
                break
    finally:
        stop.set()
        thread.join()
    assert refused and all(answer.whole.endswith(b'"code": "too_busy"}') for answer in refused)


def assert_is_answered_soon_beside(lines: list[socket.socket], service) -> None:
    time.sleep(0.3)
    began = time.monotonic()
    assert get(service, "/healthz").status_code == 200
    assert time.monotonic() - began < 3
    for line in lines:
        line.close()


def test_lines__that_say_nothing_keep_nobody_waiting(service) -> None:
    lines = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(64)]
    assert_is_answered_soon_beside(lines, service)


def test_lines__that_are_not_hung_up_keep_nobody_waiting(service) -> None:
    lines = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(8)]
    for line in lines:
        line.sendall(request("/healthz", method="GET"))
    assert_is_answered_soon_beside(lines, service)


def test_lines__of_busy_visitors_are_shared_by_the_processes(make_service) -> None:
    service = make_service(forms=FORMS_WITHOUT_LIMITS)
    service.migrate()
    service.start_web()
    fewest_lines(service, 0)  # one of them may have been ready before the other
    least = [fewest_lines(service, turn) for turn in range(1, 6)]
    assert sum(least) / len(least) >= 7


def fewest_lines(service: Service, turn: int) -> int:
    """Let 16 visitors come and stay busy; return how many lines of theirs that process has which has fewer."""
    processes = children_of(service.web.pid)
    wait_until(
        lambda: not any(lines_of(process, service.port) for process in processes), 10, "nobody is there any more"
    )
    with ThreadPoolExecutor(1) as visitors:
        run = visitors.submit(load.run, service.port, lambda n: posts.post(f"turn{turn}", n), 16, 0.8)
        time.sleep(0.4)
        of_each = [lines_of(process, service.port) for process in processes]
        assert {answer.status for answer in run.result().answers} == {200}
    return min(of_each)


def lines_of(process: int, port: int) -> int:
    found = psutil.Process(process).net_connections("tcp")
    return sum(one.status != psutil.CONN_LISTEN and one.laddr.port == port for one in found)


def test_files__that_run_out_leave_the_process_and_who_is_on_the_line(service) -> None:
    [process] = children_of(service.web.pid)
    assert get(service, "/readyz").status_code == 200  # what the database needs is open
    with requests.Session() as visitor:
        visitor.get(f"{service.url}/healthz", timeout=20)
        soft, hard = resource.prlimit(process, resource.RLIMIT_NOFILE)
        resource.prlimit(process, resource.RLIMIT_NOFILE, (psutil.Process(process).num_fds() + 4, hard))
        lines = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(40)]
        assert visitor.get(f"{service.url}/healthz", timeout=20).status_code == 200
        used = psutil.Process(process).cpu_times().user
        time.sleep(0.5)
        assert psutil.Process(process).cpu_times().user - used < 0.25
        for line in lines:
            line.close()
    resource.prlimit(process, resource.RLIMIT_NOFILE, (soft, hard))
    assert get(service, "/healthz").status_code == 200
    assert children_of(service.web.pid) == [process]


def test_store__that_hangs_leaves_pages_alone_however_many_lines_are_idle(service) -> None:
    idle = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(FEW + 6)]
    with ThreadPoolExecutor(1) as visitors:
        with service.store.database.writing():
            post = visitors.submit(send, service.port, posts.post("held", 1), 20)
            for _ in range(8):
                assert get(service, "/f/contact").status_code == 200
                time.sleep(0.15)
        assert post.result().status == 200
    for line in idle:
        line.close()
