"""The transport over real sockets: connections that grow stale, answers that drip, hosts that are not there."""

import gzip
import http.client
import re
import socket
import threading
import time

import pytest

from leadcapture.errors import NotSent, OutcomeUnknown, Throttled
from leadcapture.nexudus.calls import CREATE_CUSTOMER, FIND_CUSTOMERS
from leadcapture.nexudus.transport import Transport

TLS_HELLO = b"\x16"
MADE = b'{"WasSuccessful": true, "Value": {"Id": 1}, "Records": []}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


def read_request(connection):
    """Read one whole request, however many pieces it comes in."""
    data = b""
    while b"\r\n\r\n" not in data and not data.startswith(TLS_HELLO):
        piece = connection.recv(65536)
        if not piece:
            return
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length.group(1)):
        body += connection.recv(65536)


class OneAnswerServer:
    """Answers the first request of each connection, reads the second, and hangs up without a word."""

    def __init__(self, answer=None):
        self._answer = answer or (lambda connection: connection.sendall(HEAD % len(MADE) + MADE))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            read_request(connection)
            try:
                self._answer(connection)
                read_request(connection)
            except OSError:
                return


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(("idle", "leaf"), [(3.9, OutcomeUnknown), (4.1, None)])
def test_exchange__create_never_goes_out_on_a_stale_connection(idle, leaf):
    clock = Clock()
    with OneAnswerServer() as server:
        transport = Transport(server.url, 5, monotonic=clock)
        transport.exchange(FIND_CUSTOMERS)
        clock.now += idle

        if leaf:
            with pytest.raises(leaf):
                transport.exchange(CREATE_CUSTOMER, record={})
        else:
            transport.exchange(CREATE_CUSTOMER, record={})

        assert server.connections == (1 if leaf else 2)
        transport.close()


PACKED = gzip.compress(MADE)
KEPT = {
    "plain": HEAD % len(MADE) + MADE,
    "packed": (HEAD % len(PACKED)).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + PACKED,
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(MADE), MADE),
}


@pytest.mark.parametrize("reply", KEPT.values(), ids=KEPT)
def test_exchange__connection_is_kept(reply):
    def twice(connection):
        connection.sendall(reply)
        read_request(connection)
        connection.sendall(reply)

    with OneAnswerServer(twice) as server:
        transport = Transport(server.url, 5)
        transport.exchange(FIND_CUSTOMERS)

        assert transport.exchange(CREATE_CUSTOMER, record={}).record["Value"] == {"Id": 1}
        assert server.connections == 1
        transport.close()


def test_exchange__head_and_body_are_written_together(monkeypatch):
    written = []
    send = http.client.HTTPConnection.send
    monkeypatch.setattr(http.client.HTTPConnection, "send", lambda self, data: (written.append(data), send(self, data)))
    with OneAnswerServer() as server:
        transport = Transport(server.url)
        transport.exchange(CREATE_CUSTOMER, record={"Email": "ada@example.com"})
        transport.close()
    [request] = written
    assert request.startswith(b"POST /")
    assert request.endswith(b'\r\n\r\n{"Email": "ada@example.com"}')


def test_exchange__connection_is_kept_over_an_empty_refusal():
    def wait_then_answer(connection):
        connection.sendall(b"HTTP/1.1 409 You must wait\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
        read_request(connection)
        connection.sendall(KEPT["plain"])

    with OneAnswerServer(wait_then_answer) as server:
        transport = Transport(server.url, 5)
        with pytest.raises(Throttled):
            transport.exchange(CREATE_CUSTOMER, record={})
        transport.exchange(CREATE_CUSTOMER, record={})

        assert server.connections == 1
        transport.close()


def test_exchange__answer_that_drips_is_cut_off():
    def drip(connection):
        connection.sendall(HEAD % 1000)
        for _ in range(100):
            connection.sendall(b" ")
            time.sleep(0.05)

    started = time.monotonic()
    with OneAnswerServer(drip) as server, pytest.raises(OutcomeUnknown):
        Transport(server.url, 0.5).exchange(CREATE_CUSTOMER, record={})
    assert time.monotonic() - started < 3


def test_exchange__half_an_answer_is_unknown():
    def half(connection):
        connection.sendall(HEAD % 1000 + MADE)
        connection.shutdown(socket.SHUT_RDWR)

    with OneAnswerServer(half) as server, pytest.raises(OutcomeUnknown):
        Transport(server.url, 5).exchange(CREATE_CUSTOMER, record={})


def test_exchange__create_that_a_proxy_has_taken_may_have_arrived(monkeypatch):
    with OneAnswerServer(lambda line: line.shutdown(socket.SHUT_RDWR)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        transport = Transport("http://crm.example.com")
        with pytest.raises(OutcomeUnknown):
            transport.exchange(CREATE_CUSTOMER, record={"Email": "ada@example.com"})
        transport.close()
    assert proxy.connections == 1


def test_exchange__nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    with pytest.raises(NotSent):
        Transport(url).exchange(CREATE_CUSTOMER, record={})


def test_exchange__unknown_host():
    with pytest.raises(NotSent):
        Transport("http://nowhere.invalid").exchange(CREATE_CUSTOMER, record={})


def test_exchange__no_tls_over_there():
    def plain(connection):
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with OneAnswerServer(plain) as server, pytest.raises(NotSent):
        Transport(server.url.replace("http:", "https:"), 5).exchange(CREATE_CUSTOMER, record={})


def test_exchange__header_that_cannot_be_written():
    with OneAnswerServer() as server:
        with pytest.raises(NotSent):
            Transport(server.url).exchange(CREATE_CUSTOMER, record={}, headers={"X": "a\nb"})
        assert server.connections == 0
