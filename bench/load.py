"""A load generator: keep-alive connections on one thread, each sending its next post when the last is answered.

Ours, and not wrk: every post must differ and every answer be kept for checking, which in wrk is Lua that costs as
much as this. One epoll loop takes about 25 us of CPU for a post, the same for whatever is measured.
"""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

RECEIVE_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered post: its number, how long it took, and what came back; status 0: the line was cut."""

    number: int
    seconds: float
    status: int
    body: bytes
    at: float = 0.0


@dataclass(slots=True)
class Run:
    """What came of a run; `rate` is answers a second over the whole of it."""

    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.answers) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float, status: int | None = None) -> float:
        """Return a quantile of the latencies in seconds."""
        found = sorted(a.seconds for a in self.answers if status is None or a.status == status)
        return found[min(len(found) - 1, int(len(found) * share))] if found else float("nan")


class _Line:
    """One connection with the post that is on its way."""

    __slots__ = ("buffer", "ends", "number", "sent_at", "socket")

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.ends = False
        self.number = 0
        self.sent_at = 0.0

    def send(self, number: int, data: bytes) -> None:
        self.number, self.buffer, self.sent_at = number, b"", time.perf_counter()
        self.socket.sendall(data)


def run(
    port: int,
    post: Callable[[int], bytes],
    connections: int,
    seconds: float,
    first: int = 0,
    most: int | None = None,
) -> Run:
    """Send posts over so many connections for so long (or `most` of them), and wait for every answer."""
    result, address = Run(), ("127.0.0.1", port)
    number, last = first, None if most is None else first + most
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        until = started + seconds
        for _ in range(connections if most is None else min(connections, most)):
            line = _Line(address)
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(number, post(number))
            number += 1
        while selector.get_map():
            for key, _ in selector.select(5):
                line = key.data
                answer = _answer(line)
                if answer is None:
                    continue
                result.answers.append(answer)
                if time.perf_counter() >= until or (last is not None and number >= last):
                    selector.unregister(line.socket)
                    line.socket.close()
                    continue
                if answer.status == 0 or line.ends:
                    selector.unregister(line.socket)
                    line.socket.close()
                    line = _Line(address)
                    selector.register(line.socket, selectors.EVENT_READ, line)
                line.send(number, post(number))
                number += 1
        result.seconds = time.perf_counter() - started
    return result


def _answer(line: _Line) -> Answer | None:
    """Read what has come; an Answer when it is whole."""
    try:
        piece = line.socket.recv(RECEIVE_BYTES)
    except OSError:
        piece = b""
    now = time.perf_counter()
    if not piece:
        return Answer(line.number, now - line.sent_at, 0, b"", now)
    line.buffer += piece
    head, found, body = line.buffer.partition(b"\r\n\r\n")
    if not found or len(body) < _length(head):
        return None
    line.ends = not body or b"\r\nconnection: close" in head.lower()
    return Answer(line.number, now - line.sent_at, int(head[9:12]), body, now)


def _length(head: bytes) -> int:
    place = head.lower().find(b"content-length:")
    return int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
