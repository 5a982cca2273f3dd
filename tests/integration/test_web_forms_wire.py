"""Posts as they come over a real line to gunicorn: too long, in chunks, broken off."""

import socket

import pytest
import requests
from service import Service, wait_until

ANN = b"full_name=Ann&email=ann%40example.com&message=Hi"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    service = Service(tmp_path_factory.mktemp("wire"), env={"MAX_BODY_BYTES": "20000", "WEB_CONCURRENCY": "1"})
    service.migrate()
    service.start_web()
    yield service
    service.stop()


@pytest.fixture
def before(service):
    """How many leads there were before the test."""
    return len(service.leads())


def head(service, *lines):
    """The beginning of a post, as bytes."""
    first = ("POST /f/contact HTTP/1.1", f"Host: 127.0.0.1:{service.port}", "Accept: application/json")
    return "\r\n".join((*first, f"Content-Type: {FORM}", *lines, "", "")).encode()


def spoken(service, *pieces, half_close=False):
    """Send pieces over a line of our own and return everything that comes back."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as line:
        for piece in pieces:
            line.sendall(piece)
        if half_close:
            line.shutdown(socket.SHUT_WR)
        found = b""
        while received := line.recv(65536):
            found += received
            if b"\r\n\r\n" in found and b"}" in found:
                break
        return found


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def test_wire__a_body_that_breaks_off_is_not_stored(service, before):
    spoken(service, head(service, f"Content-Length: {len(ANN) + 50}"), ANN, half_close=True)
    assert len(service.leads()) == before


def test_wire__a_line_that_is_cut_in_the_middle_is_not_stored(service, before):
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as line:
        line.sendall(head(service, f"Content-Length: {len(ANN) + 50}") + ANN)
    wait_until(lambda: service.get("/healthz").ok)
    assert len(service.leads()) == before


def test_wire__chunks_that_break_off_are_not_stored(service, before):
    answer = spoken(service, head(service, "Transfer-Encoding: chunked"), chunk(ANN), half_close=True)
    assert b" 200 " not in answer.partition(b"\r\n")[0]
    assert len(service.leads()) == before


def test_wire__chunks_are_one_body(service, before):
    pieces = (chunk(ANN[:20]), chunk(ANN[20:] + b"&company=chunked"), b"0\r\n\r\n")
    answer = spoken(service, head(service, "Transfer-Encoding: chunked"), *pieces)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert len(service.leads()) == before + 1


def test_wire__chunks_over_the_limit_are_413(service, before):
    pieces = [chunk(ANN + b"&more="), *(chunk(b"x" * 4000) for _ in range(8)), b"0\r\n\r\n"]
    answer = spoken(service, head(service, "Transfer-Encoding: chunked"), *pieces)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert len(service.leads()) == before


@pytest.mark.parametrize("length", [20_001, 300_000])
def test_wire__a_long_body_is_413_and_the_answer_arrives(service, before, length):
    body = (ANN + b"&more=").ljust(length, b"x")
    answer = requests.post(f"{service.url}/f/contact", data=body, headers={"Content-Type": FORM}, timeout=10)
    assert answer.status_code == 413
    assert '<html lang="en">' in answer.text
    assert len(service.leads()) == before


def test_wire__a_body_at_the_limit_is_taken(service, before):
    body = (ANN + b"&more=").ljust(20_000, b"x")
    headers = {"Content-Type": FORM, "Accept": "application/json"}
    assert requests.post(f"{service.url}/f/contact", data=body, headers=headers, timeout=10).status_code == 200
    assert len(service.leads()) == before + 1


def test_wire__a_redirect_is_followed_to_the_thanks(service):
    answers = {"full_name": "Ann", "email": "ann@example.com", "message": "Follow me"}
    answer = requests.post(f"{service.url}/f/contact", data=answers, timeout=10)
    assert [step.status_code for step in answer.history] == [303]
    assert answer.url == f"{service.url}/f/contact/thanks"


def test_wire__logs_hold_nothing_of_a_person(service):
    service.post(answers={"full_name": "Ann", "email": "recognise.me@example.com", "message": "Hi"})
    service.post(answers={"email": "recognise.me@"})
    assert "recognise.me" not in service.log
