"""Forms that have come whole, against the real gunicorn: served by its main thread, which waits for nobody."""

import contextlib
import json
import re
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import psutil
import pytest
from raw_http import Raw, request, send
from service import Service, wait_until

from leadcapture.held_answers import HELD_AT_MOST
from leadcapture.main_thread import MainThreadWorker
from leadcapture.overload import FEW

THREADS = 2
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
PROMPT_SECONDS = 2.0


@pytest.fixture
def service(one_process) -> Service:
    return one_process(THREADS)


def post(name: str, **headers: str) -> bytes:
    said = {"full_name": name, "email": f"{name}@example.com", "message": f"A desk for {name}, please."}
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return request("/f/contact", FORM | named, urlencode(said).encode())


@contextlib.contextmanager
def every_thread_taken(service: Service, number: int = 2 * THREADS):
    """Forms of which only a part has come: each keeps a thread, the last ones wait for one."""
    lines = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(number)]
    for line in lines:
        line.sendall(post("slow")[:-5])
    time.sleep(0.5)
    yield lines
    for line in lines:
        line.close()


def sent_in(service: Service, name: str) -> tuple[Raw, float]:
    began = time.monotonic()
    return send(service.port, post(name)), time.monotonic() - began


def test_posts__that_have_come_whole_need_no_thread(service) -> None:
    with every_thread_taken(service) as slow:
        for number in range(20):
            answer, seconds = sent_in(service, f"ann{number}")
            assert answer.status == 200 and seconds < PROMPT_SECONDS
        assert len(service.leads()) == 20
        for line in slow:
            line.sendall(post("slow")[-5:])
        statuses = [line.recv(65536)[9:12] for line in slow]
    assert statuses == [b"200"] * 2 * THREADS
    assert len(service.leads()) == 21, "the same answers four times are one lead"


def test_posts__that_need_no_thread_are_not_refused_for_those_that_wait_for_one(service) -> None:
    """Whoever opens many lines and sends half of a form on each keeps the threads, and nobody else."""
    with every_thread_taken(service, number=FEW + 30):
        for number in range(30):
            answer, seconds = sent_in(service, f"ann{number}")
            assert answer.status == 200 and seconds < PROMPT_SECONDS
            time.sleep(0.1)
        page = send(service.port, request("/f/contact", method="GET"))
        assert page.status == 503  # it needs a thread, and would wait for too long


def test_lines__that_are_hung_up_need_no_thread(service) -> None:
    (process,) = psutil.Process(service.web.pid).children()
    with every_thread_taken(service):
        before = process.num_fds()
        lines = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(20)]
        wait_until(lambda: process.num_fds() >= before + 20, what="they are taken")
        for line in lines:
            line.close()
        wait_until(lambda: process.num_fds() <= before, what="they are closed")


def test_posts__are_served_where_a_line_takes_one_request_alone(make_service) -> None:
    service = make_service(env={"GUNICORN_CMD_ARGS": "--keep-alive 0"})
    service.migrate()
    service.start_web()
    assert [sent_in(service, f"ann{number}")[0].status for number in range(5)] == [200] * 5


def test_posts__whose_rest_is_late_stop_nobody(service) -> None:
    """A second post that came in part with the first: the main thread must not wait for what is missing of it."""
    stays = {"Connection": "keep-alive"}
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as line:
        second = post("bob", **stays)
        line.sendall(post("ann", **stays) + second[:-5])
        assert b" 200 " in line.recv(65536)
        for number in range(5):
            answer, seconds = sent_in(service, f"eve{number}")
            assert answer.status == 200 and seconds < PROMPT_SECONDS
        line.sendall(second[-5:])
        assert b" 200 " in line.recv(65536)
    assert len(service.leads()) == 7


@pytest.mark.parametrize(
    "said", [b"Content-Length: 0\r\n", b"Content-Length: 0", b"Content-Length: 5\r\n\r\nemai", b""]
)
def test_posts__that_come_no_further_stop_nobody(service, said) -> None:
    with socket.create_connection(("127.0.0.1", service.port)) as line:
        line.sendall(b"POST /f/contact HTTP/1.1\r\nHost: 127.0.0.1\r\n" + said)
        time.sleep(0.2)
        answer, seconds = sent_in(service, "ann")
    assert answer.status == 200 and seconds < PROMPT_SECONDS


def test_visitors__who_do_not_read_stop_nobody(service) -> None:
    """Pages that nobody reads fill the line: it is given up at once, and the main thread goes on."""
    wrong = request("/f/contact", FORM | {"Accept": "text/html", "Connection": "keep-alive"}, b"email=nobody")
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", service.port))
        line.settimeout(1)
        number, given_up, until = 0, False, time.monotonic() + 30
        while not given_up and time.monotonic() < until:
            try:
                line.sendall(wrong)
            except OSError:
                given_up = True
            number += 1
            time.sleep(0.003)
            if number % 100 == 0:
                answer, seconds = sent_in(service, f"ann{number}")
                assert answer.status in (200, 429) and seconds < PROMPT_SECONDS
    assert given_up


def test_answers__of_the_main_thread_are_always_held() -> None:
    """A thread may take the last place while the main thread reads a post: it must not wait for the disk then."""
    worker = MainThreadWorker.__new__(MainThreadWorker)
    worker.alive, worker._held = True, dict.fromkeys(range(HELD_AT_MOST))
    with ThreadPoolExecutor(1) as thread:
        assert worker._may_hold() and not thread.submit(worker._may_hold).result()
        worker._held.popitem()
        assert thread.submit(worker._may_hold).result()


def test_stopped__with_posts_at_hand__everybody_is_answered(service) -> None:
    with ThreadPoolExecutor(HELD_AT_MOST) as visitors:
        with service.store.database.writing():
            posts = [visitors.submit(send, service.port, post(f"ann{n}"), 20) for n in range(HELD_AT_MOST - 4)]
            time.sleep(1)
            service.web.send_signal(signal.SIGTERM)
            time.sleep(0.5)
        answers = [one.result() for one in posts]
    assert {answer.status for answer in answers} == {200}
    told = {json.loads(answer.whole.partition(b"\r\n\r\n")[2])["id"] for answer in answers}
    assert told == {lead.id for lead in service.leads()} and len(told) == HELD_AT_MOST - 4


def test_store__that_hangs_no_post_more_is_read_than_can_wait_and_none_is_lost(service) -> None:
    number = HELD_AT_MOST + 30
    with ThreadPoolExecutor(number) as visitors:
        with service.store.database.writing():
            posts = [visitors.submit(send, service.port, post(f"ann{n}"), 20) for n in range(number)]
            time.sleep(1)
            assert send(service.port, request("/healthz", method="GET"), 5).status == 200
        statuses = [one.result().status for one in posts]
    assert set(statuses) <= {200, 503} and statuses.count(200) >= HELD_AT_MOST
    wait_until(lambda: len(service.leads()) == statuses.count(200))


def test_line__used_by_turns_of_the_main_thread_and_of_others_answers_each_request(service) -> None:
    kept = {"Connection": "keep-alive"}
    large = post("large", **kept, X_One="x" * 5000, X_Two="x" * 5000)
    asked = {
        "at hand": (post("hand", **kept), 200),
        "a page": (request("/f/contact", kept, method="GET"), 200),
        "no fields": (request("/f/contact", FORM | kept, b"email=x"), 422),
        "no form": (request("/f/contact", kept | {"Content-Type": "image/png"}, b"x"), 415),
        "elsewhere": (request("/f/nowhere", FORM | kept, b"email=x"), 404),
        "for a thread": (large, 200),
        "in two pieces": (post("pieces", **kept), 200),
    }
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as line:
        for turn, kind in enumerate([*asked, *reversed(asked), *asked]):
            data, status = asked[kind]
            data = data.replace(b"desk+for", b"desk+number+%d+for" % (turn + 10))
            data = re.sub(rb"Content-Length: (\d+)", lambda found, d=data: b"Content-Length: %d" % length(d), data)
            half = len(data) // 2 if kind == "in two pieces" else len(data)
            line.sendall(data[:half])
            if data[half:]:
                time.sleep(0.05)
                line.sendall(data[half:])
            assert whole_answer(line) == status, (turn, kind)
    assert len(service.leads()) == 9


def length(data: bytes) -> int:
    return len(data.partition(b"\r\n\r\n")[2])


def whole_answer(line: socket.socket) -> int:
    came = b""
    while b"\r\n\r\n" not in came:
        came += line.recv(65536)
    head, _, body = came.partition(b"\r\n\r\n")
    found = re.search(rb"Content-Length: (\d+)", head)
    assert found, head
    while len(body) < int(found[1]):
        body += line.recv(65536)
    assert len(body) == int(found[1])
    return int(head[9:12])
