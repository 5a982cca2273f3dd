"""The stand-in on a port: sockets, threads, starting and stopping."""

import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from leadcapture.sandbox.application import Application
from leadcapture.sandbox.seed import PASSWORD, USERNAME
from leadcapture.sandbox.switches import Switches
from leadcapture.sandbox.wire import MalformedError, Reply, Request, json_reply, read_body, read_head
from leadcapture.sandbox.world import World


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Listener(ThreadingHTTPServer):
    """Accepts connections, a thread each, and remembers them so that stopping does not wait for idle ones."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], application: Application) -> None:
        self.application = application
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Connection)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer's own would look the host's name up

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def opened(self, connection: socket.socket) -> None:
        with self._guard:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._guard:
            self._open.discard(connection)

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._guard:
            for connection in self._open:
                _hang_up(connection)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class _Connection(socketserver.BaseRequestHandler):
    """One client's connection, for as many requests as it likes."""

    server: _Listener

    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self._stream: BufferedIOBase = self.request.makefile("rb", 65536)
        self.server.opened(self.request)

    def finish(self) -> None:
        self.server.closed(self.request)
        self._stream.close()

    def handle(self) -> None:
        while not self.server.stopping.is_set() and self._served():
            pass

    def _served(self) -> bool:
        """Answer one request; false when the connection is over."""
        application = self.server.application
        try:
            request = read_head(self._stream)
            if request is None or application.hangs_up(request):
                return False
            if request.headers.get("expect", "").lower() == "100-continue":
                self.request.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.body = read_body(self._stream, request)
        except MalformedError as error:
            bad = json_reply(400, {"Message": f"Bad request: {error}"})
            self.request.sendall(bad.encoded(application.clock(), keep_alive=False))
            return False
        return self._sent(application.answer(request), request)

    def _sent(self, reply: Reply, request: Request) -> bool:
        if reply.wait_seconds:
            self.server.stopping.wait(reply.wait_seconds)
        if reply.send == "nothing" or self.server.stopping.is_set():
            return False
        keep = request.keeps_alive and reply.send == "all"
        head_only = request.method == "HEAD"
        data = reply.encoded(self.server.application.clock(), request.keeps_alive, head_only)
        self.request.sendall(data if reply.send == "all" else data[: -max(1, len(reply.body) // 2)])
        return keep


class Sandbox:
    """A stand-in Nexudus on a port of its own, in this process.

    `with Sandbox() as nexudus:` starts it and stops it; `url`, `world` and `switches` are there from the
    beginning. Without `data` everything is in memory; `clock` returns an aware UTC time, by which
    tokens expire, limits are counted, and records and the Date header are stamped.
    """

    def __init__(
        self,
        port: int = 0,
        data: Path | str | None = None,
        clock: Callable[[], datetime] | None = None,
        host: str = "127.0.0.1",
        username: str = USERNAME,
        password: str = PASSWORD,
        switches: Mapping[str, Any] | None = None,
    ) -> None:
        self.username = username
        self.password = password
        self._address = (host, port)
        self._data = Path(data) if data else None
        self._application = Application(clock or _utc_now, self._data, (username, password))
        self._application.switches.merge(switches or {})
        self._listener: _Listener | None = None
        self._thread: threading.Thread | None = None

    @property
    def world(self) -> World:
        """The records and the journal of calls."""
        return self._application.world

    @property
    def switches(self) -> Switches:
        """The faults and shapes that can be switched on."""
        return self._application.switches

    @property
    def url(self) -> str:
        """Where it listens, without a final slash; RuntimeError before it was started."""
        if self._listener is None:
            raise RuntimeError("the stand-in is not running")
        host, port = self._listener.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"

    def reset(self, keep_seed: bool = False) -> None:
        """Back to the beginning, switches too; with `keep_seed` boards, users and sign-ins stay."""
        self._application.reset(keep_seed)

    def start(self) -> Self:
        """Begin to listen, in a thread of its own."""
        self._listener = _Listener(self._address, self._application)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and every connection, and let the file go."""
        if self._listener and self._thread:
            self._listener.stop()
            self._thread.join()
            self._listener = None
        self._application.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
