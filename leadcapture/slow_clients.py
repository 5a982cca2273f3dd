"""gunicorn's threaded worker with patience that ends: who sends or reads a byte at a time does not keep a thread.

gunicorn gives a thread to a client for as long as bytes come. Here a head has five seconds and a body fifteen; then
reading ends, which is a broken-off request like any other. What was read whole is never touched: only reading ends.
Writing ends when a client takes nothing for five seconds. A client that says nothing at all, or does not hang up when
the line ends, is waited for beside the threads: gunicorn keeps a thread, or everybody, waiting for it.
"""

import errno
import selectors
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import (  # type: ignore[import-untyped]
    STOP_KEEPALIVE_LINGER,
    PollableMethodQueue,
    TConn,
    ThreadWorker,
)

from leadcapture.line_shares import of_this_server

HEAD_SECONDS = 5.0
BODY_SECONDS = 15.0
UNREAD_SECONDS = 5
CROWD_LINES, TAKEN_AT_ONCE = 64, 16
LEFT_SECONDS = 0.01
"""For so long a new line is left to the processes that have fewer: as long as their main threads may be at work."""
REST_BYTES = 1_000_000
READ_BYTES = 65536
NOBODY_THERE = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)
NO_MORE_FILES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
TRY_AGAIN_SECONDS = 1.0
NO_LONGER = struct.pack("ll", UNREAD_SECONDS, 0)
"""A `timeval`, for SO_SNDTIMEO."""


class WakeUpPipe(PollableMethodQueue):  # type: ignore[misc]
    """What wakes the main thread, open until the process ends.

    gunicorn closes it with the main loop, but threads go on to the end of their requests and write their wake-up bytes
    to its number: by then that may be the number of a database's file, which is opened anew for each connection.
    """

    def close(self) -> None:
        """Leave it open."""


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """A threaded worker that ends slow requests; `murder_keepalived` is called about every second."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.method_queue = WakeUpPipe()
        self._shares = of_this_server()
        self._left_since: float | None = None
        self._is_at_the_door = False
        self._no_lines_until = 0.0
        self._until: dict[Any, float] = {}

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """See who has come, and tell the other processes how many lines there are here."""
        self._is_at_the_door = False
        super().wait_for_and_dispatch_events(timeout)
        if not self._is_at_the_door:
            self._left_since = None
        self._tell()

    def accept(self, listener: Any) -> None:
        """Take one new line, unless it is another process's, and wait beside the threads for what it says.

        In a crowd several, since it takes long until it is asked for the next ones.
        """
        self._is_at_the_door = True
        if self._leaves_it():
            return
        for _ in range(1 if self.nr_conns < CROWD_LINES else TAKEN_AT_ONCE):
            try:
                sock, address = listener.accept()
            except OSError as error:
                if error.errno in NO_MORE_FILES:
                    self._no_lines_until = time.monotonic() + TRY_AGAIN_SECONDS
                    self.set_accept_enabled(False)
                elif error.errno not in NOBODY_THERE:
                    raise
                return
            self.nr_conns += 1
            self._tell()
            conn = TConn(self.cfg, sock, address, listener.getsockname())
            self._wait_for(conn, partial(self.on_pending_socket_readable, conn))

    def _leaves_it(self) -> bool:
        """Leave a new line to the processes that have fewer, but not for ever: they may be busy."""
        now = time.monotonic()
        if not self._shares.others_have_fewer(self.age, self.nr_conns, now):
            self._left_since = None
            return False
        self._left_since = self._left_since or now
        if now - self._left_since >= LEFT_SECONDS:
            self._left_since = None
            return False
        return True

    def set_accept_enabled(self, enabled: bool) -> None:
        """Take new lines or none; none for a moment after there was no more room for one. The others learn it at once:
        those of a process that has just started and waits for its first line would be taken by them."""
        super().set_accept_enabled(enabled and time.monotonic() >= self._no_lines_until)
        self._tell()

    def _tell(self) -> None:
        """Tell the other processes how many lines there are here."""
        if self._accepting:
            self._shares.tell(self.age, self.nr_conns, time.monotonic())
        else:
            self._shares.leave(self.age)

    def _wait_for(self, conn: Any, then: Callable[[Any], None]) -> None:
        """Wait for a client as gunicorn does for one whose request is late: as long as between two requests, and where
        none may follow on a line, as long as for a head."""
        conn.timeout = time.monotonic() + (self.cfg.keepalive or HEAD_SECONDS)
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, then)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Keep a line or end it, without waiting for its client: gunicorn does, and everybody with it."""
        if fs.cancelled() or fs.exception() or not isinstance(fs.result(), bool):
            super().finish_request(conn, fs)  # it failed, or nothing has come yet
        else:
            self.is_free(conn, fs.result())

    def is_free(self, conn: Any, stays: bool) -> None:
        """Wait for the next request on a line that has had its answer, or end it."""
        if not stays:
            self.hang_up(conn)
            return
        try:
            if self.has_read_ahead(conn):
                self.enqueue_req(conn)
                return
            self.may_not_wait(conn)
            conn.set_timeout()
            if not self.alive:
                conn.timeout = min(conn.timeout, time.monotonic() + STOP_KEEPALIVE_LINGER)
            self.keepalived_conns.append(conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn))
        except (OSError, ValueError, KeyError):
            self.nr_conns -= 1
            conn.close()

    @staticmethod
    def has_read_ahead(conn: Any) -> bool:
        """Say whether gunicorn has taken more from a line than it has served: no look at the line shows that."""
        return conn.parser is not None and bool(conn.parser.unreader.buf.getvalue())

    @staticmethod
    def may_not_wait(conn: Any) -> None:
        """Have nobody wait for a line; the system is told only where it does not know. Raises OSError."""
        if conn.sock.gettimeout() != 0:
            conn.sock.setblocking(False)

    @staticmethod
    def may_wait(conn: Any) -> None:
        """Have a thread wait for a line, but not for ever for a client that reads nothing."""
        with suppress(OSError):
            conn.sock.setblocking(True)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, NO_LONGER)

    def hang_up(self, conn: Any) -> None:
        """End a line; what its client still sends is read off, so that the answer is not destroyed."""
        conn.rest = REST_BYTES
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self._wait_for(conn, partial(self._read_off, conn))
            self._read_off(conn)
        except OSError:
            self.nr_conns -= 1
            conn.close()

    def _read_off(self, conn: Any, _sock: Any = None) -> None:
        """Throw away what comes on a line that has ended, until its client hangs up or has sent far too much."""
        try:
            while conn.rest > 0 and (came := conn.sock.recv(READ_BYTES)):
                conn.rest -= len(came)
        except BlockingIOError:
            return
        except OSError:
            pass
        self.pending_conns.remove(conn)
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """A stopping worker waits no longer for those who have said nothing than for those who have."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def handle(self, conn: Any) -> Any:
        """Serve what comes on a line; its head must be there soon."""
        self._until[conn] = time.monotonic() + HEAD_SECONDS
        self.may_wait(conn)
        try:
            return super().handle(conn)
        finally:
            self._until.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Serve a request whose head is there; its body must follow."""
        self._until[conn] = time.monotonic() + BODY_SECONDS
        return super().handle_request(req, conn)

    def murder_keepalived(self, force: bool = False) -> Any:
        """End what has been read for too long, besides lines that nobody uses."""
        now = time.monotonic()
        for conn, until in list(self._until.items()):
            if until < now:
                self._until.pop(conn, None)
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
        return super().murder_keepalived(force)
