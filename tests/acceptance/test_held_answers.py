"""Answers that wait for the disk, against the real gunicorn: true when they go out, and no thread waits with them."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from raw_http import request, send
from service import Service, children_of, runs, wait_until

from leadcapture.held_answers import HELD_AT_MOST
from leadcapture.slow_clients import WakeUpPipe

THREADS = 4
JSON, PAGE = {"Accept": "application/json"}, {"Accept": "text/html"}
CUT_OFF = 0
ESTABLISHED = "01"


@pytest.fixture
def service(one_process) -> Service:
    return one_process(THREADS)


def post(service: Service, name: str, headers: dict[str, str] | None = None) -> requests.Response:
    said = {"full_name": name, "email": f"{name}@example.com", "message": f"A desk for {name}, please."}
    return requests.post(f"{service.url}/f/contact", said, headers=headers or JSON, timeout=20, allow_redirects=False)


def status_of(service: Service, name: str) -> int:
    try:
        return post(service, name).status_code
    except requests.ConnectionError:
        return CUT_OFF


def wait_for_lines(service: Service, number: int) -> None:
    """Wait until the service has read what came on so many open lines."""

    def read() -> bool:
        rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        mine = [row for row in rows if row[1].endswith(f":{service.port:04X}") and row[3] == ESTABLISHED]
        return len(mine) >= number and all(row[4].endswith(":00000000") for row in mine)

    wait_until(read, what=f"{number} lines")


def ids_of(service: Service) -> set[str]:
    return {lead.id for lead in service.leads()}


def test_answers__wait_for_the_disk_and_no_thread_with_them(service) -> None:
    with ThreadPoolExecutor(40) as visitors:
        with service.store.database.writing():
            posts: list[Future[requests.Response]] = [
                visitors.submit(post, service, f"ann{n}") for n in range(5 * THREADS)
            ]
            wait_for_lines(service, 5 * THREADS)
            for _ in range(20):
                assert requests.get(f"{service.url}/healthz", timeout=5).status_code == 200
                assert requests.get(f"{service.url}/f/contact", timeout=5).status_code == 200
            assert not any(one.done() for one in posts)
            assert not service.leads()
        answers = [one.result() for one in posts]
    assert [answer.status_code for answer in answers] == [200] * 5 * THREADS
    told = {answer.json()["id"] for answer in answers}
    assert len(told) == 5 * THREADS and told == ids_of(service)


def test_killed__while_answers_wait__nobody_was_told(service) -> None:
    with ThreadPoolExecutor(40) as visitors:
        with service.store.database.writing():
            posts = [visitors.submit(status_of, service, f"ann{n}") for n in range(3 * THREADS)]
            wait_for_lines(service, 3 * THREADS)
            service.kill(service.web)
        assert {one.result() for one in posts} == {CUT_OFF}
    assert not service.leads()


def test_stopped__while_answers_wait__everybody_is_answered_first(service) -> None:
    with ThreadPoolExecutor(40) as visitors:
        with service.store.database.writing():
            posts = [visitors.submit(status_of, service, f"ann{n}") for n in range(3 * THREADS)]
            wait_for_lines(service, 3 * THREADS)
            service.web.send_signal(signal.SIGTERM)
        assert {one.result() for one in posts} == {200}
    assert len(service.leads()) == 3 * THREADS


def test_replaced__by_new_processes_while_answers_wait__everybody_is_answered_and_no_file_is_touched(
    make_service,
) -> None:
    """Threads outlive the main loop of a process that is replaced, and nothing of it may get into the database."""
    arguments = f"--workers 1 --threads {THREADS} --graceful-timeout 1"
    service = make_service(env={"GUNICORN_CMD_ARGS": arguments})
    service.migrate()
    service.start_web()
    number = HELD_AT_MOST - THREADS  # so few that none is refused, however slowly they come
    [old] = children_of(service.web.pid)
    with ThreadPoolExecutor(100) as visitors:
        with service.store.database.writing():
            posts = [visitors.submit(status_of, service, f"ann{n}") for n in range(number)]
            wait_for_lines(service, number)
            service.web.send_signal(signal.SIGHUP)
            wait_until(lambda: len(children_of(service.web.pid)) == 2, what="a new process")
            time.sleep(3)  # until the old one's main loop has ended; its threads have not
        assert {one.result() for one in posts} == {200}
    wait_until(lambda: not runs(old), what="the old process to end")
    assert len(service.leads()) == number
    assert (service.folder / "leads.db").read_bytes()[:16] == b"SQLite format 3\0"
    service.kill(service.web)
    with contextlib.closing(sqlite3.connect(service.folder / "leads.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM leads").fetchone() == (number,)


def test_wake_up_pipe__keeps_its_number_to_the_end() -> None:
    pipe = WakeUpPipe()
    pipe.init()
    pipe.close()
    pipe.defer(list)
    assert os.read(pipe.fileno(), 2) == b"\0"


@pytest.mark.parametrize("headers", [JSON, PAGE])
def test_twice__while_the_first_waits__both_get_the_same_answer(service, headers) -> None:
    with ThreadPoolExecutor(40) as visitors:
        with service.store.database.writing():
            posts = [visitors.submit(post, service, "ann", headers) for _ in range(2 * THREADS)]
            wait_for_lines(service, 2 * THREADS)
        answers = [one.result() for one in posts]
    assert {answer.status_code for answer in answers} == {200 if headers is JSON else 303}
    (lead,) = ids_of(service)
    if headers is JSON:
        assert {answer.json()["id"] for answer in answers} == {lead}
    assert post(service, "ann", headers).status_code == answers[0].status_code
    assert ids_of(service) == {lead}


def test_refused_by_the_disk__the_truth_with_what_was_typed(service) -> None:
    lead = post(service, "first").json()["id"]
    with sqlite3.connect(service.folder / "leads.db") as database:
        database.execute("ALTER TABLE leads RENAME TO away")
    as_json, as_page = post(service, "ann"), post(service, "ann", PAGE)
    with sqlite3.connect(service.folder / "leads.db") as database:
        database.execute("ALTER TABLE away RENAME TO leads")
    assert (as_json.status_code, as_page.status_code) == (503, 503)
    assert as_json.json()["ok"] is False and as_json.headers["Retry-After"] == "30"
    assert "A desk for ann, please." in as_page.text
    for answer in (as_json, as_page):
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and "Origin" in answer.headers["Vary"]
    assert post(service, "ann").status_code == 200, "the line and the service go on"
    assert len(ids_of(service)) == 2 and lead in ids_of(service)


def test_row_that_can_not_be_written__is_our_fault_and_nobody_elses(service) -> None:
    with sqlite3.connect(service.folder / "leads.db") as database:
        database.execute(
            "CREATE TRIGGER poison BEFORE INSERT ON leads WHEN NEW.email LIKE 'poison%' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with ThreadPoolExecutor(40) as visitors:
        with service.store.database.writing():
            posts = [visitors.submit(status_of, service, name) for name in ("ann", "poison", "bob", "eve")]
            wait_for_lines(service, 4)
        statuses = [one.result() for one in posts]
    assert statuses == [200, 500, 200, 200]
    assert len(service.leads()) == 3


def test_lines__go_on_after_an_answer_that_waited(service) -> None:
    with requests.Session() as line:
        for number in range(30):
            said = {"full_name": "Ann", "email": "ann@example.com", "message": f"Number {number}"}
            answer = line.post(f"{service.url}/f/contact", said, headers={"Accept": "application/json"}, timeout=10)
            assert answer.status_code == 200
    wait_until(lambda: len(service.leads()) == 30)


def test_line__with_several_posts_at_once_is_answered_in_order(service) -> None:
    """Pipelined: the second request lies in the server's buffer while the answer to the first waits for the disk."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"} | JSON

    def one(name: str, **headers: str) -> bytes:
        said = {"full_name": name, "email": f"{name}@example.com", "message": f"A desk for {name}"}
        return request("/f/contact", kind | headers, urlencode(said).encode())

    stays = {"Connection": "keep-alive"}
    answer = send(service.port, one("ann", **stays) + one("bob", **stays) + one("ann", **stays) + one("eve"), 20)
    assert answer.statuses == [200] * 4
    told = re.findall(rb'"id":"([0-9a-f-]{36})"', answer.whole)
    assert told[0] == told[2] and len(set(told)) == 3
    assert {lead.decode() for lead in told} == ids_of(service)


def test_visitors__who_leave_before_the_answer_lose_nothing(service) -> None:
    said = urlencode({"full_name": "Ann", "email": "ann@example.com", "message": "Gone"}).encode()
    with service.store.database.writing():
        for number in range(10):
            with socket.create_connection(("127.0.0.1", service.port)) as line:
                line.sendall(
                    request("/f/contact", {"Content-Type": "application/x-www-form-urlencoded"}, said + b"%d" % number)
                )
    wait_until(lambda: len(service.leads()) == 10)
    assert post(service, "bob").status_code == 200
