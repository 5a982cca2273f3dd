"""One HTTP exchange with the CRM: timed, bounded in size, and every failure one of our errors."""

import json
import re
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection

from leadcapture.errors import CrmError
from leadcapture.nexudus.answer import Answer, read_json
from leadcapture.nexudus.calls import Call
from leadcapture.nexudus.meaning import error_in, error_without_answer

CONNECT_TIMEOUT_SECONDS = 5.0
LONGEST_BODY_BYTES = 2 * 1024 * 1024
_PIECE_BYTES = 64 * 1024

# A server closes an idle connection when its own keep-alive ends, five seconds being the shortest in common
# use. A request that crosses that close on the wire ends in a reset which looks exactly like a server that
# took the request and died. For a read that costs a repeat; for a create it would cost a look-up before
# anything else may be sent. So a create never goes out on a connection that has been idle for longer.
_IDLE_SECONDS = 4.0

# A call that we have given up must not reach the CRM later: the system goes on sending what a closed line holds, for
# minutes when its network was gone for a while, and by then the record has been looked up, not found and made again.
# A line that is closed, by us or since the process is dead, drops what it has not got through.
_NOTHING_LATER = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
_SOCKET_OPTIONS = [*HTTPConnection.default_socket_options, _NOTHING_LATER]

_FIXED_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Connection": "keep-alive",
    "User-Agent": "leadcapture",
}


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What a metric or a log line may know of one exchange: never a body, an address or a token."""

    call: str
    method: str
    status: int | None
    latency_seconds: float
    outcome: str


def ignore_record(_record: CallRecord) -> None:
    """Observe nothing."""


def no_objection() -> None:
    """Let every write go out."""


_LAST_WORD: ContextVar[Callable[[], None]] = ContextVar("last_word", default=no_objection)
"""Asked when a request is all but on the line, at which anybody may object by raising."""


class InOnePiece:
    """A connection that sends a request's head and body together: one packet, and one wait for the interpreter, which
    is let go of for every write, in place of two. Mixed into urllib3's own classes."""

    _pieces: list[Any] | None = None
    sock: Any

    def request(self, *arguments: Any, **options: Any) -> None:
        """Send a request."""
        pieces: list[Any] = []
        self._pieces = pieces
        try:
            super().request(*arguments, **options)  # type: ignore[misc]
        finally:
            self._pieces = None
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        _LAST_WORD.get()()
        self.send(b"".join(pieces))

    def send(self, data: Any) -> None:
        """Send bytes, or keep them until the request is whole."""
        if self._pieces is None:
            super().send(data)  # type: ignore[misc]
        else:
            self._pieces.append(data)


@cache
def _in_one_piece(kind: type) -> type:
    """Return a class of urllib3's connections that sends in one piece, the same for all pools."""
    return type(kind.__name__, (InOnePiece, kind), {})


class OneHost(HTTPAdapter):
    """requests' adapter for one host whose answers are read by us: what it works out anew for each request, though it
    never changes here (the pool, by URL, proxy and certificates), or what nobody looks at, is left out."""

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1)
        self._pool: Any = None

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make the pools for direct lines."""
        super().init_poolmanager(*arguments, socket_options=_SOCKET_OPTIONS, **options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the pools for lines through a proxy."""
        return super().proxy_manager_for(proxy, socket_options=_SOCKET_OPTIONS, **options)

    def get_connection_with_tls_context(self, *arguments: Any, **options: Any) -> Any:
        """Return the host's pool, the same until `close`."""
        if self._pool is None:
            self._pool = super().get_connection_with_tls_context(*arguments, **options)
            self._pool.ConnectionCls = _in_one_piece(self._pool.ConnectionCls)
        return self._pool

    def build_response(self, req: requests.PreparedRequest, resp: urllib3.BaseHTTPResponse) -> requests.Response:
        """Return an answer without encoding, cookies and history."""
        response = requests.Response()
        response.status_code, response.reason = resp.status, resp.reason or ""
        response.headers, response.raw, response.request = resp.headers, resp, req  # type: ignore[assignment]
        return response

    def close(self) -> None:
        """Let the host's connection go."""
        self._pool = None
        super().close()


class Transport:
    """Sends calls to one CRM host over one connection; belongs to one thread.

    `before_writing` is asked directly before the bytes of a create or a change go out, when signing in and connecting
    have taken what time they took; what it raises passes, and nothing is sent.

    Redirects are not followed and cookies not kept. The proxy and the certificate settings of the environment
    are read once, here; a netrc file never, since its entry would replace our bearer token.
    """

    def __init__(
        self,
        url: str,
        timeout_seconds: float = 20.0,
        observe: Callable[[CallRecord], None] = ignore_record,
        monotonic: Callable[[], float] = time.monotonic,
        before_writing: Callable[[], None] = no_objection,
    ) -> None:
        self._base = str(requests.Request("GET", url).prepare().url).split("?")[0].rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._timeouts = (CONNECT_TIMEOUT_SECONDS, timeout_seconds)
        self._observe = observe
        self._monotonic = monotonic
        self._before_writing = before_writing
        self._session = requests.Session()
        self._adapter = OneHost()
        self._session.mount(f"{self._base}/", self._adapter)
        settings = self._session.merge_environment_settings(self._base, {}, True, None, None)
        self._proxies: dict[str, str] = dict(settings["proxies"])
        self._verify: bool | str = settings["verify"] or True
        self._last_used = self._monotonic()
        self.clock_skew_seconds: float | None = None
        """How far the CRM's clock is ahead of ours, by its latest Date header; None before the first."""

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._session.close()

    def exchange(
        self,
        call: Call,
        *,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        record: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make one call and return its answer, which says that the call did what was asked.

        `record` is sent as JSON, `form` as a form. Raises a leaf of `CrmError` without a cause attached:
        a cause would carry the URL, and that may hold an e-mail address.
        """
        request = self._prepare(call, query, headers, record, form)
        started = self._monotonic()
        if call.effect.wants_live_connection and started - self._last_used > _IDLE_SECONDS:
            self._adapter.close()
        result = self._attempt(call, request, _texts(record))
        self._last_used = self._monotonic()
        seconds = self._last_used - started
        self._observe(CallRecord(call.name, call.method, result.status, seconds, _outcome(result)))
        if isinstance(result, CrmError):
            raise result
        return result

    def _attempt(self, call: Call, request: requests.PreparedRequest, sent: Sequence[str]) -> Answer | CrmError:
        asked = _LAST_WORD.set(no_objection if call.effect.repeatable else self._before_writing)
        try:
            answer = self._send(request)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as failure:
            self._adapter.close()
            return error_without_answer(call, failure)
        finally:
            _LAST_WORD.reset(asked)
        return error_in(call, answer, sent) or answer

    def _prepare(
        self,
        call: Call,
        query: Mapping[str, str | int] | None,
        headers: Mapping[str, str] | None,
        record: Mapping[str, Any] | None,
        form: Mapping[str, str] | None,
    ) -> requests.PreparedRequest:
        """Write the request down directly, past the work that requests spends on what we never use."""
        request = requests.PreparedRequest()
        request.method = call.method
        request.url = f"{self._base}{call.path}"
        if query:
            request.url += f"?{urlencode(query, errors='replace', quote_via=quote)}"
        request.headers = CaseInsensitiveDict(_FIXED_HEADERS)
        request.headers.update(headers or {})
        if record is not None:
            request.body = json.dumps(record).encode()
            request.headers["Content-Type"] = "application/json"
        elif form is not None:
            request.body = urlencode(form, errors="replace").encode()
            request.headers["Content-Type"] = "application/x-www-form-urlencoded"
        if request.body is not None:
            request.headers["Content-Length"] = str(len(request.body))
        return request

    def _send(self, request: requests.PreparedRequest) -> Answer:
        response = self._adapter.send(
            request, stream=True, timeout=self._timeouts, verify=self._verify, proxies=self._proxies
        )
        try:
            body = self._read(response)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as failure:
            # Whatever goes wrong now, the request has been sent.
            raise requests.exceptions.ChunkedEncodingError(type(failure).__name__) from None
        finally:
            response.close()
        now = datetime.now(UTC)
        date = _moment(response.headers.get("Date"))
        if date is not None:
            self.clock_skew_seconds = (date - now).total_seconds()
        text = body.decode("utf-8-sig", "replace")
        return Answer(
            status=response.status_code,
            received_at=now,
            reason=response.reason or "",
            text=text,
            payload=read_json(text),
            retry_after=response.headers.get("Retry-After"),
            date=date,
        )

    def _read(self, response: requests.Response) -> bytes:
        """Read a body to its end; one that is too long, or that drips, counts as cut off."""
        body = bytearray()
        deadline = self._monotonic() + self._timeout_seconds
        while piece := response.raw.read1(_PIECE_BYTES, decode_content=True):
            body += piece
            if len(body) > LONGEST_BODY_BYTES or self._monotonic() > deadline:
                raise ValueError("the reply is too long")
        return bytes(body)


def _outcome(result: Answer | CrmError) -> str:
    """Name what came of a call: "ok", or the error's name in small letters."""
    if isinstance(result, Answer):
        return "ok"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(result).__name__).lower()


def _texts(record: Mapping[str, Any] | None) -> list[str]:
    return [value for value in (record or {}).values() if isinstance(value, str)]


def _moment(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
