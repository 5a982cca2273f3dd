"""requests' adapter for the one host that a connection talks to: one line, one request at a time.

urllib3 opens the line, with certificates, proxies and tunnels as requests does it. A request goes out over it in one
piece, and `reading` reads the answer. What lies between the two in requests and urllib3 (pools, retries, redirects,
cookies, every way to read a body) nobody here looks at, and it cost as much as all the rest of a delivery
(docs/adr/015). It also tells for certain whether a request was sent: nothing is before the line is open.
"""

import re
import socket
import ssl
import struct
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.util.proxy import connection_requires_http_tunnel

from leadcapture.domain.frozen import frozen
from leadcapture.nexudus.reading import Reply, read_reply, wait_at_most

_BREAK = re.compile(r"[\r\n\0]")

# A call that we have given up must not reach the CRM later: the system goes on sending what a closed line holds, for
# minutes when its network was gone for a while, and by then the record has been looked up, not found and made again.
# A line that is closed, by us or since the process is dead, drops what it has not got through.
_NOTHING_LATER = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
_SOCKET_OPTIONS = [*HTTPConnection.default_socket_options, _NOTHING_LATER]


class NeverSent(requests.exceptions.ConnectionError):
    """Not a byte of the request went out; the text names what was in the way by its type, and nothing else."""


def no_objection() -> None:
    """Let every request go out."""


@frozen
class _Way:
    """How the host is reached: through `pool`, with `headers` (a proxy's, and the host) before each request's own; the
    first `cut` characters of a URL become `prefix`."""

    pool: Any
    tunnelled: bool
    headers: Mapping[str, str]
    cut: int
    prefix: str = ""


class OneHost(HTTPAdapter):
    """A transport adapter (requests' "Transport Adapters") that belongs to one thread.

    `last_word` is called when a request is all but on the line; whoever objects raises, and nothing is sent. From then
    on a call takes `timeout`'s second number of seconds at most.
    """

    def __init__(self) -> None:
        self.last_word: Callable[[], None] = no_objection
        self._way: _Way | None = None
        self._line: Any = None
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make the pools for direct lines."""
        super().init_poolmanager(*arguments, socket_options=_SOCKET_OPTIONS, **options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the pools for lines through a proxy."""
        return super().proxy_manager_for(proxy, socket_options=_SOCKET_OPTIONS, **options)

    def send(  # type: ignore[override]
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: tuple[float, float] = (5.0, 20.0),
        verify: bool | str = True,
        cert: None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request and return its answer, read to the end; `timeout` is (connect, read) in seconds.

        Raises NeverSent; after the first byte OSError or CutOff.
        """
        connect_seconds, read_seconds = timeout
        try:
            way = self._way = self._way or self._find_way(request, verify, cert, proxies)
            message = _written(way, request)
            line = self._open(way, connect_seconds)
        except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as failure:
            self.hang_up()
            raise NeverSent(type(failure).__name__) from None
        self.last_word()
        kept = False
        try:
            reply = _exchange(line.sock, message, read_seconds)
            kept = not (reply.last or _says_more(line.sock))
        finally:
            if not kept:
                self.hang_up()
        return _response(request, reply)

    def hang_up(self) -> None:
        """Close the line; the next request opens another."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def close(self) -> None:
        """Close the line, and forget how the host is reached."""
        self.hang_up()
        self._way = None
        super().close()

    def __del__(self) -> None:
        """Leave no line behind, as urllib3's own pools do."""
        self.hang_up()

    def _find_way(
        self, request: requests.PreparedRequest, verify: bool | str, cert: None, proxies: Mapping[str, str] | None
    ) -> _Way:
        url, through = str(request.url), dict(proxies or {})
        pool: Any = self.get_connection_with_tls_context(request, verify, proxies=through, cert=cert)
        self.cert_verify(pool, url, verify, cert)  # type: ignore[no-untyped-call]
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        tunnelled = pool.proxy is not None and connection_requires_http_tunnel(
            pool.proxy, pool.proxy_config, parts.scheme
        )
        cut = len(f"{parts.scheme}://{parts.netloc}")
        if pool.proxy is None or tunnelled:
            return _Way(pool, tunnelled, {"Host": host}, cut)
        return _Way(pool, False, {"Host": host, **pool.proxy_headers}, cut, f"{parts.scheme}://{host}")

    def _open(self, way: _Way, seconds: float) -> Any:
        """Return the line, a new one when there is none or the other side has left it. urllib3 has no public way to a
        connection that is no exchange as well."""
        if self._line is not None and self._line.is_connected:
            return self._line
        self.hang_up()
        line = self._line = way.pool._new_conn()
        line.timeout = seconds
        if way.tunnelled:
            way.pool._prepare_proxy(line)
        else:
            line.connect()
        return line


def _written(way: _Way, request: requests.PreparedRequest) -> bytes:
    """Return a request as it goes out. Raises ValueError for what can't be written in a header."""
    headers = {**way.headers, **request.headers}
    target = way.prefix + str(request.url)[way.cut :]
    head = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if any(_BREAK.search(one) for one in head):
        raise ValueError("a line break in a header")
    body = request.body or b""
    return "\r\n".join([*head, "", ""]).encode("latin-1") + (body if isinstance(body, bytes) else body.encode())


def _exchange(line: Any, message: bytes, seconds: float) -> Reply:
    until = time.monotonic() + seconds
    wait_at_most(line, seconds)
    line.sendall(message)
    return read_reply(line, until)


def _says_more(line: Any) -> bool:
    """Say whether more than the answer has come, or the end. What TLS holds unpacked no look at the line shows, and it
    would be taken for the answer of the next request; what a plain line holds is seen before that."""
    if type(line) is socket.socket:
        return False
    line.settimeout(0)
    try:
        line.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    return True


def _response(request: requests.PreparedRequest, reply: Reply) -> requests.Response:
    response = requests.Response()
    response.status_code, response.reason = reply.status, reply.reason
    response.headers, response.request = reply.headers, request
    response.raw = BytesIO(reply.body)
    return response
