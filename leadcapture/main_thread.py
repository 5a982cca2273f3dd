"""gunicorn's worker that serves on its main thread what is at hand: a form's post that has come whole.

A thread is worth its price where somebody is waited for: a client that is slow, a captcha's service, a report that
reads the database. To read and check a form that is there takes less than handing it to a thread and back: two wakings,
and threads that queue for one interpreter all the while. So the main thread serves such posts itself, one after the
other, and looks every few milliseconds who else has come. Their answers wait for the disk as all do (`held_answers`).
"""

import socket
from collections import deque
from threading import current_thread, main_thread
from time import monotonic
from typing import Any

from gunicorn.http.wsgi import base_environ  # type: ignore[import-untyped]

from leadcapture.held_answers import HeldAnswer, HoldingWorker, respond
from leadcapture.web.at_hand import MOST_BYTES, MOST_HEADERS, Post, Reply, prompt_paths, read_post

AT_A_STRETCH_SECONDS = 0.01
ALIVE_SECONDS = 1.0
USUAL: dict[str, Any] = {
    "certfile": None,
    "keyfile": None,
    "protocol": "http",
    "proxy_protocol": "off",
    "forwarded_allow_ips": [],
    "header_map": "drop",
    "limit_request_line": 8190,
    "limit_request_fields": MOST_HEADERS,
    "limit_request_field_size": 8190,
    "max_requests": 0,
    "accesslog": None,
}
"""The settings of gunicorn under which it reads a request as we do; with any other it reads all of them."""


class MainThreadWorker(HoldingWorker):
    """A worker whose main thread serves what needs no thread."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._paths: frozenset[str] = frozenset()
        self._environ: dict[str, Any] = {}
        self._here: deque[Any] = deque()
        self._serving_due = 0.0
        self._told_alive_at = 0.0

    def load_wsgi(self) -> None:
        """Learn which posts wait for nobody."""
        super().load_wsgi()
        if all(getattr(self.cfg, name) == value for name, value in USUAL.items()):
            self._paths = prompt_paths(self.app.wsgi())
        always = {"wsgi.multithread": True, "wsgi.url_scheme": "http", "SCRIPT_NAME": ""}
        self._environ = base_environ(self.cfg) | always

    def enqueue_req(self, conn: Any) -> None:
        """Keep a request that is at hand for this thread; any other is a thread's. Who has hung up is nobody's."""
        came = self._came(conn)
        if came == b"":
            self.nr_conns -= 1
            conn.close()
            return
        conn.post = self.at_hand(came)
        if conn.post is None:
            super().enqueue_req(conn)
        else:
            self.is_taken(conn)
            self._here.append(conn)

    def _came(self, conn: Any) -> bytes | None:
        """Return what has come on a line, and leave it there; None where it is not ours to read."""
        if not self.alive or not self._paths or not isinstance(conn.client, tuple) or self.has_read_ahead(conn):
            return None
        try:
            came: bytes = conn.sock.recv(MOST_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except OSError:
            return None
        return came

    def at_hand(self, came: bytes | None) -> Post | None:
        """Return the whole post that has come, if it needs no thread."""
        return None if came is None else read_post(came, self._paths)

    def needs_a_thread(self, conn: Any) -> bool:
        """Say whether what has come on a line is no post for this thread."""
        return self.at_hand(self._came(conn)) is None

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """See who has come; then serve for a while what is at hand, for as long at least as it took to see.

        New lines are taken one by one: while some come it looks again at once who else does, but never for longer than
        it serves.
        """
        waits, lines, began = not self._may_serve(), self.nr_conns, monotonic()
        super().wait_for_and_dispatch_events(timeout if waits else 0.0)
        now = monotonic()
        until = now + (AT_A_STRETCH_SECONDS if waits else max(AT_A_STRETCH_SECONDS, now - began))
        if self.nr_conns > lines and now < self._serving_due:
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
            self.hand_over(conn)
            return
        stays = self.serve_here(conn)
        conn.post = None
        self._at_work.discard(conn)
        if conn.held is not None:
            self.holds(conn, stays)
        else:
            self.is_free(conn, stays)
        if not self._at_work:
            self.hurry()

    def hand_over(self, conn: Any) -> None:
        """Leave a post to a thread after all."""
        conn.post = None
        super().enqueue_req(conn)

    def serve_here(self, conn: Any) -> bool:
        """Serve the post that lies whole on a line; say whether the line can take another request after it."""
        post = conn.post
        line = HeldAnswer(conn.sock, post, self._may_hold)
        if not self.cfg.keepalive or len(self.keepalived_conns) >= self.max_keepalived:
            post.force_close()
        try:
            self.may_not_wait(conn)  # whatever the line was used for
            conn.sock.recv(post.size)
            environ = self._environ | post.environ() | _both_sides(conn.client, conn.server)
            environ["gunicorn.socket"] = line
            stays = respond(self.wsgi, environ, Reply(post, line))
        except OSError:
            return False
        except Exception as error:
            self.handle_error(None, conn.sock, conn.client, error)
            return False
        self.nr += 1
        if line.promise is not None:
            conn.held = line
        return stays


def _both_sides(client: tuple[Any, ...], server: tuple[Any, ...]) -> dict[str, str]:
    return {
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
    }
