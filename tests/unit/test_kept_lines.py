"""A line that was told to stay stays, whoever answered on it, and whether gunicorn has ever read from it."""

import logging
import selectors
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn
from raw_http import request

from leadcapture.overload import PromptWorker


class Desk:
    """A worker that runs nowhere, with one line and its client's end."""

    def __init__(self) -> None:
        self.client, theirs = socket.socketpair()
        self.worker: Any = PromptWorker(1, 1, [], None, 10, Config(), logging.getLogger("gunicorn.error"))
        self.worker.poller, self.worker.nr_conns, self.worker._accepting = selectors.DefaultSelector(), 1, True
        self.line = TConn(self.worker.cfg, theirs, ("127.0.0.1", 50000), ("127.0.0.1", 8000))
        self.line.place = (time.monotonic() - 1, 0, 0)

    def served(self, result: Any) -> None:
        done: Future[Any] = Future()
        done.set_result(result)
        self.worker.finish_request(self.line, done)

    @property
    def is_open(self) -> bool:
        self.client.setblocking(False)
        try:
            return bool(self.client.recv(65536))
        except BlockingIOError:
            return True


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.worker.poller.close()
    desk.worker.tmp.close()
    desk.client.close()
    desk.line.sock.close()


def test_refused_by_a_thread_in_overload__the_line_stays_for_the_next_request(desk) -> None:
    desk.client.sendall(request("/f/contact", {"Connection": "keep-alive"}, method="GET"))
    desk.served(desk.worker._refuse(desk.line))
    assert b"Connection: keep-alive" in desk.client.recv(65536)
    assert desk.is_open and list(desk.worker.keepalived_conns) == [desk.line] and desk.worker.nr_conns == 1
    assert desk.line.sock.gettimeout() == 0


@pytest.mark.parametrize("initialised", [False, True])
def test_served__a_line_stays_or_ends_as_was_said(desk, initialised) -> None:
    if initialised:
        desk.line.init()
    desk.served(True)
    assert desk.is_open and list(desk.worker.keepalived_conns) == [desk.line]
    assert desk.line.sock.gettimeout() == 0
    desk.worker.keepalived_conns.clear()
    desk.worker.poller.unregister(desk.line.sock)
    desk.served(False)
    assert not desk.is_open and not desk.worker.keepalived_conns


def test_served__bytes_that_were_read_ahead_are_the_next_request(desk) -> None:
    desk.line.init()
    desk.line.parser.unreader.unread(b"GET ")
    taken: list[Any] = []
    desk.worker.enqueue_req = taken.append
    desk.served(True)
    assert taken == [desk.line] and not desk.worker.keepalived_conns
