"""gunicorn's worker with answers that wait for the disk without a thread.

An accepted form is answered when its lead is committed. A thread that waits for that is one fewer to read the next
form, and one more to be woken afterwards, in turn with all the others: with sixteen of them that costs as much as
reading the forms. So the app gives its answer beforehand, with what must come true first; the answer is kept back,
the thread serves the next request, and the process' main thread sends all the answers that a commit has made true.
"""

import socket
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any, Protocol

from gunicorn.http.wsgi import Response  # type: ignore[import-untyped]

from leadcapture.slow_clients import PatientWorker
from leadcapture.web.promised import HOLD

PATIENCE_SECONDS = 15.0
HELD_AT_MOST = 64
"""So many wait without a thread, any more with one: an answer that waits takes as much memory as one that is made."""


class Promise(Protocol):
    """An answer's condition: `web.promised.Promised`."""

    def when_known(self, then: Any) -> None:
        """Have `then` called when it is known whether the answer is true, by any thread, or at once; and what it
        returns, once for all that are known together."""

    def hurry(self) -> None:
        """Say that nobody else is coming, so that it is not worth while to wait for more."""

    def is_kept(self) -> bool:
        """Say whether the answer is true."""

    def wait(self) -> None:
        """Wait until it is known whether the answer is true, or for as long as one may wait for that."""

    def instead(self) -> Any:
        """Return the WSGI application that answers when it is not, or when it took too long."""


class HeldAnswer:
    """A line for one request: what is written to it passes, until the app asks to hold its answer back."""

    def __init__(self, sock: socket.socket, request: Any, may_hold: Callable[[], bool]) -> None:
        self.sock = sock
        self.request = request
        self._may_hold = may_hold
        self.promise: Promise | None = None
        self.environ: dict[str, Any] = {}
        self.until = 0.0
        self.stays = False
        self.data = b""

    def hold(self, promise: Promise, environ: dict[str, Any]) -> bool:
        """Hold back what is written from now on until the promise is known to be kept; False if too many are held."""
        if not self._may_hold():
            return False
        self.promise, self.environ, self.until = promise, environ, monotonic() + PATIENCE_SECONDS
        return True

    def let_go(self) -> None:
        """Forget the request, which knows this line as its socket: nothing is left for the garbage collector."""
        self.promise, self.environ, self.request = None, {}, None

    def sendall(self, data: bytes) -> None:
        """Write, now or later."""
        if self.promise is None:
            self.sock.sendall(data)
        else:
            self.data += data

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)


class HoldingWorker(PatientWorker):
    """A patient worker whose threads do not wait for the disk."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._at_work: set[Any] = set()
        self._held: dict[Any, HeldAnswer] = {}
        self._known: deque[tuple[Any, HeldAnswer]] = deque()
        self._waking = False

    def load_wsgi(self) -> None:
        """Offer the app to hold its answers back."""
        super().load_wsgi()
        self.wsgi: Any = partial(_offering, self.wsgi)

    def enqueue_req(self, conn: Any) -> None:
        """Have a request served by a thread."""
        self.is_taken(conn)
        self.tpool.submit(self.handle, conn).add_done_callback(partial(self.is_served, conn))

    def is_taken(self, conn: Any) -> None:
        """A request is served, now or in its turn."""
        self._at_work.add(conn)
        conn.held = None

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Serve a request through a line that can hold its answer back."""
        line = conn.sock
        held = HeldAnswer(line, req, self._may_hold)
        conn.sock = held
        try:
            stays = super().handle_request(req, conn)
        finally:
            conn.sock = line
        if held.promise is not None:
            conn.held = held
        return stays

    def _keepalive_after(self, conn: Any, keepalive: Any) -> Any:
        """Read what is left of a request; one that turns out to be broken is answered as such, and nothing held."""
        try:
            return super()._keepalive_after(conn, keepalive)
        except Exception:
            conn.held = None
            raise

    def _may_hold(self) -> bool:
        return self.alive and len(self._held) < HELD_AT_MOST

    def is_served(self, conn: Any, served: "Future[Any]") -> None:
        """A thread has served a request: its answer is out, or is sent when it has come true."""
        self._at_work.discard(conn)
        if conn.held is None or served.cancelled() or served.exception():
            self.method_queue.defer(self.finish_request, conn, served)
        else:
            self.holds(conn, served.result())
        if not self._at_work:
            self.hurry()

    def holds(self, conn: Any, stays: bool) -> None:
        """Keep an answer back until it is true; `stays` says whether its line can take another request after it."""
        held = conn.held
        held.stays = stays
        self.is_held(conn)
        self._held[conn] = held
        held.promise.when_known(partial(self._is_known, conn, held))

    def is_held(self, conn: Any) -> None:
        """An answer waits for the disk from now on."""

    def is_answered(self, conn: Any) -> None:
        """An answer has waited for the disk, and waits no longer."""

    def hurry(self) -> None:
        """Have what is held committed at once: nobody else is coming."""
        for held in list(self._held.values()):
            promise = held.promise
            if promise is not None:
                promise.hurry()
                return

    def _is_known(self, conn: Any, held: HeldAnswer) -> Callable[[], None]:
        """Note that an answer can go out; return what is done for all that become known together. Called by the thread
        that commits."""
        self._known.append((conn, held))
        return self._wake

    def _wake(self) -> None:
        """Have the main thread send what is known."""
        if not self._waking:
            self._waking = True
            self.method_queue.defer(self._answer_known)

    def _answer_known(self) -> None:
        self._waking = False
        while self._known:
            conn, held = self._known.popleft()
            if self._held.get(conn) is held:
                del self._held[conn]
                self._answer(conn, held)

    def _answer(self, conn: Any, held: HeldAnswer) -> None:
        conn.held = None
        self.is_answered(conn)
        if held.promise is not None and held.promise.is_kept():
            self._send(conn, held)
        else:
            later = self.tpool.submit(self._answer_otherwise, conn, held)
            later.add_done_callback(lambda done: self.method_queue.defer(self._is_answered_otherwise, conn, done))

    def _send(self, conn: Any, held: HeldAnswer) -> None:
        """Send an answer; a client whose line is full of answers that it does not read is let go."""
        try:
            sent = conn.sock.send(held.data, socket.MSG_DONTWAIT)
        except OSError:
            sent = 0
        held.let_go()
        if sent == len(held.data):
            self.is_free(conn, held.stays)
        else:
            self.hang_up(conn)

    def _answer_otherwise(self, conn: Any, held: HeldAnswer) -> Any:
        """Answer what has turned out instead."""
        if held.promise is None:
            return False
        answer = Response(held.request, conn.sock, self.cfg)
        if not held.stays:
            answer.force_close()
        self.may_wait(conn)
        try:
            return respond(held.promise.instead(), held.environ, answer)
        finally:
            held.let_go()

    def _is_answered_otherwise(self, conn: Any, answered: "Future[bool]") -> None:
        self.is_free(conn, not answered.cancelled() and not answered.exception() and answered.result())

    def _answer_at_last(self, conn: Any, held: HeldAnswer) -> None:
        """Wait with a thread for what becomes of a lead, and answer: the main thread is at its end."""
        if held.promise is None:
            return
        held.promise.wait()
        self.may_wait(conn)
        with suppress(OSError):
            if held.promise.is_kept():
                conn.sock.sendall(held.data)
            else:
                self._answer_otherwise(conn, held)
        conn.close()

    def murder_keepalived(self, force: bool = False) -> Any:
        """Answer, besides, who has waited too long for the disk. Called about every second, with `force` at the end."""
        now = monotonic()
        for conn, held in list(self._held.items()):
            if (force or held.until < now) and self._held.get(conn) is held:
                del self._held[conn]
                if force:
                    self.tpool.submit(self._answer_at_last, conn, held)
                else:
                    self._answer(conn, held)
        return super().murder_keepalived(force)


def respond(app: Any, environ: dict[str, Any], answer: Any) -> bool:
    """Have a WSGI application answer; say whether the line can take another request after that."""
    pieces = app(environ, answer.start_response)
    try:
        for piece in pieces:
            answer.write(piece)
        answer.close()
    finally:
        if hasattr(pieces, "close"):
            pieces.close()
    return not answer.should_close()


def _offering(app: Any, environ: dict[str, Any], start_response: Any) -> Any:
    environ[HOLD] = environ["gunicorn.socket"].hold
    return app(environ, start_response)
