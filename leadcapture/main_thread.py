"""gunicorn's worker that serves on its main thread what is at hand: a form's post that has come whole.

A thread is worth its price where somebody is waited for: a client that is slow, a captcha's service, a report that
reads the database. To read and check a form that is there takes less than handing it to a thread and back: two wakings,
and threads that queue for one interpreter all the while. So the main thread serves such posts itself, one after the
other, and looks every few milliseconds who else has come. Their answers wait for the disk as all do (`held_answers`).
"""

import socket
import struct
from collections import deque
from concurrent.futures import Future
from threading import current_thread, main_thread
from time import monotonic
from typing import Any

from leadcapture.held_answers import HoldingWorker
from leadcapture.web.at_hand import MOST_BYTES, is_at_hand, prompt_paths

AT_A_STRETCH_SECONDS = 0.01
ALIVE_SECONDS = 1.0
FEW_LINES = 32
NO_WAIT = struct.pack("ll", 0, 1)
"""A `timeval`, for SO_SNDTIMEO: the main thread waits for no client to read its answer.

A new line takes 77 KB before its client has read any, and to 8 KB no answer has more than 42.
"""


class MainThreadWorker(HoldingWorker):
    """A worker whose main thread serves what needs no thread."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._paths: frozenset[str] = frozenset()
        self._here: deque[Any] = deque()
        self._serving_due = 0.0
        self._told_alive_at = 0.0

    def load_wsgi(self) -> None:
        """Learn which posts wait for nobody."""
        super().load_wsgi()
        self._paths = prompt_paths(self.app.wsgi())

    def enqueue_req(self, conn: Any) -> None:
        """Keep a request that is at hand for this thread; any other is a thread's."""
        if self._is_at_hand(conn):
            self.is_taken(conn, NO_WAIT)
            self._here.append(conn)
        else:
            super().enqueue_req(conn)

    def _is_at_hand(self, conn: Any) -> bool:
        if not self.alive or not self._paths or self.cfg.is_ssl:
            return False
        if conn.parser is not None and conn.parser.unreader.buf.getvalue():
            return False
        try:
            came = conn.sock.recv(MOST_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except OSError:
            return False
        return is_at_hand(came, self._paths)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """See who has come; then serve for a while what is at hand, for as long at least as it took to see.

        New lines are taken one by one. While there are few a post is served after each, so that the other processes
        get theirs; after that it looks again at once who else comes, but never for longer than it serves.
        """
        waits, lines, began = not self._may_serve(), self.nr_conns, monotonic()
        super().wait_for_and_dispatch_events(timeout if waits else 0.0)
        now = monotonic()
        until = now + (AT_A_STRETCH_SECONDS if waits else max(AT_A_STRETCH_SECONDS, now - began))
        if self.nr_conns > lines:
            if self.nr_conns <= FEW_LINES:
                until = now
            elif now < self._serving_due:
                return
        while self._may_serve():
            self._serve(self._here.popleft())
            if monotonic() >= until:
                break
        self._serving_due = monotonic() + AT_A_STRETCH_SECONDS

    def notify(self) -> None:
        """Say once a second, and not each time round, that this process lives: the master waits for far longer."""
        now = monotonic()
        if now - self._told_alive_at >= ALIVE_SECONDS:
            self._told_alive_at = now
            super().notify()

    def _may_hold(self) -> bool:
        """Threads may, as long as there is room; here there must be, since the main thread waits for no disk."""
        return current_thread() is main_thread() or super()._may_hold()

    def _may_serve(self) -> bool:
        """Say whether there is something to serve and room for its answer to wait; at the end threads do it all."""
        return bool(self._here) and (super()._may_hold() or not self.alive)

    def _serve(self, conn: Any) -> None:
        if not self.alive:
            super().enqueue_req(conn)
            return
        served: Future[Any] = Future()
        try:
            served.set_result(self.handle(conn))
        except Exception as error:
            served.set_exception(error)
        self.is_served(conn, served)
