"""HTTP/1.1 as far as a JSON API and a page need it: one request in, one reply out in a single send.

Written by hand, because the stand-in must close connections at chosen moments, send its own reason phrases,
and be quick.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from io import BufferedIOBase
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote

_LONGEST_LINE = 65536
_MOST_HEADERS = 100
MOST_BODY = 10_000_000


class MalformedError(Exception):
    """What came in is not HTTP that this server reads."""


@dataclass
class Request:
    """One request. Header names are lower case; the body is read after the head."""

    method: str
    path: str
    query: str
    version: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def params(self) -> list[tuple[str, str]]:
        """The query's names and values, in order."""
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def resource(self) -> str:
        """What a call is about, as switches name it: `coworkers`, `crmopportunities`, `token`, `me`."""
        parts = self.path.strip("/").lower().split("/")
        if parts[:2] == ["api", "token"]:
            return "token"
        return parts[2] if len(parts) > 2 else ""

    @property
    def media_type(self) -> str:
        """The body's type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants to use the connection again."""
        wish = self.headers.get("connection", "").lower()
        return wish != "close" if self.version == "HTTP/1.1" else wish == "keep-alive"

    def form(self) -> dict[str, str]:
        """The body of a form post; of several values of a name the last."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """One reply. `send` says how much of it leaves: all, half (then the line goes dead), or nothing.

    `wait_seconds` passes before anything is sent.
    """

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    send: Literal["all", "half", "nothing"] = "all"
    wait_seconds: float = 0

    def encoded(self, at: datetime, keep_alive: bool, head_only: bool = False) -> bytes:
        """The bytes on the wire; Nexudus' clock is in the Date header."""
        reason = self.reason or HTTPStatus(self.status).phrase
        lines = [
            f"HTTP/1.1 {self.status} {reason}",
            f"Date: {format_datetime(at, usegmt=True)}",
            f"Content-Length: {len(self.body)}",
        ]
        if self.body:
            lines.append(f"Content-Type: {self.content_type}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if not keep_alive:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        return head if head_only else head + self.body


def json_reply(status: int, value: Any, **headers: str) -> Reply:
    """A reply with a JSON body."""
    return Reply(status, json.dumps(value).encode(), headers=headers)


def html_reply(status: int, text: str) -> Reply:
    """A reply with an HTML page."""
    return Reply(status, text.encode(), "text/html; charset=utf-8")


def read_head(stream: BufferedIOBase) -> Request | None:
    """The next request without its body, None when the client has gone."""
    line = stream.readline(_LONGEST_LINE)
    if line in (b"\r\n", b"\n"):
        line = stream.readline(_LONGEST_LINE)
    if not line:
        return None
    parts = line.decode("latin-1").split()
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise MalformedError("request line")
    path, _, query = parts[1].partition("?")
    return Request(parts[0].upper(), unquote(path), query, parts[2], _headers(stream))


def read_body(stream: BufferedIOBase, request: Request) -> bytes:
    """The body that the head announces."""
    if "transfer-encoding" in request.headers:
        return _chunks(stream)
    try:
        length = int(request.headers.get("content-length") or 0)
    except ValueError:
        raise MalformedError("content-length") from None
    if not 0 <= length <= MOST_BODY:
        raise MalformedError("content-length")
    body = stream.read(length) if length else b""
    if len(body) < length:
        raise ConnectionAbortedError("the client left in the middle of its body")
    return body


def _headers(stream: BufferedIOBase) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(_MOST_HEADERS):
        line = stream.readline(_LONGEST_LINE)
        if line in (b"\r\n", b"\n", b""):
            return headers
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            raise MalformedError("header")
        headers[name.strip().lower()] = value.strip()
    raise MalformedError("too many headers")


def _chunks(stream: BufferedIOBase) -> bytes:
    body = b""
    while True:
        try:
            size = int(stream.readline(_LONGEST_LINE).partition(b";")[0], 16)
        except ValueError:
            raise MalformedError("chunk") from None
        if not 0 <= size <= MOST_BODY - len(body):
            raise MalformedError("chunk")
        body += stream.read(size)
        stream.readline(_LONGEST_LINE)
        if size == 0:
            return body
