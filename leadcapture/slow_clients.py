"""gunicorn's threaded worker with patience that ends: who sends or reads a byte at a time does not keep a thread.

gunicorn gives a thread to a client for as long as bytes come. Here a head has five seconds and a body fifteen; then
reading ends, which is a broken-off request like any other. What was read whole is never touched: only reading ends.
Writing ends when a client takes nothing for five seconds.
"""

import socket
import struct
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

HEAD_SECONDS = 5.0
BODY_SECONDS = 15.0
UNREAD_SECONDS = 5
NO_LONGER = struct.pack("ll", UNREAD_SECONDS, 0)
"""A `timeval`, for SO_SNDTIMEO."""


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """A threaded worker that ends slow requests; `murder_keepalived` is called about every second."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._until: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        """Serve what comes on a line; its head must be there soon."""
        self._until[conn] = time.monotonic() + HEAD_SECONDS
        with suppress(OSError):
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, NO_LONGER)
        try:
            return super().handle(conn)
        finally:
            self._until.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Serve a request whose head is there; its body must follow."""
        self._until[conn] = time.monotonic() + BODY_SECONDS
        return super().handle_request(req, conn)

    def murder_keepalived(self, *arguments: Any, **options: Any) -> Any:
        """End what has been read for too long, besides lines that nobody uses."""
        now = time.monotonic()
        for conn, until in list(self._until.items()):
            if until < now:
                self._until.pop(conn, None)
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
        return super().murder_keepalived(*arguments, **options)
