"""One answer as it comes over a line, head and body (RFC 9112): whole, or it raises.

For what decides about doubles no word may be taken for an answer that is less than one, or more. Lines may end as old
servers end them, without a carriage return.
"""

import re
import time
import zlib
from typing import Any

from requests.structures import CaseInsensitiveDict

from leadcapture.domain.frozen import frozen

LONGEST_BODY_BYTES = 2 * 1024 * 1024
LONGEST_HEAD_BYTES = 64 * 1024
_PIECE_BYTES = 64 * 1024
ABOUT_SECONDS = 0.05
_LINE_END = re.compile(rb"\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FIRST_LINE = re.compile(r"HTTP/1\.([01]) ([1-9][0-9]{2})(?: (.*))?")
_FOLDED = re.compile(r"\n[ \t]+")
_CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?", re.DOTALL)
_CONTINUE = 100
_WITHOUT_BODY = (204, 304)
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_GZIP = b"\x1f\x8b"
_MOST_MEMBERS = 100


class CutOff(ValueError):
    """An answer that is not whole, too long, or none at all."""


@frozen
class Reply:
    """An answer, its body unpacked; `last`: whether its line can't be used again."""

    status: int
    reason: str
    headers: CaseInsensitiveDict[str]
    body: bytes
    last: bool


class _Incoming:
    """What comes in on a line until a moment, however it drips: each wait is only for what is left of the time."""

    def __init__(self, line: Any, until: float) -> None:
        self._line = line
        self._until = until
        self.held = bytearray()

    def more(self) -> bool:
        """Wait for more, False at the line's end. Raises OSError."""
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        wait_at_most(self._line, seconds)
        came = self._line.recv(_PIECE_BYTES)
        self.held += came
        return bool(came)

    def before(self, mark: re.Pattern[bytes]) -> bytes:
        """Take what comes before a mark, and the mark."""
        while not (found := mark.search(self.held)):
            if len(self.held) > LONGEST_HEAD_BYTES:
                raise CutOff("a head too long")
            if not self.more():
                raise CutOff("half a head")
        piece = bytes(self.held[: found.start()])
        del self.held[: found.end()]
        return piece

    def take(self, count: int) -> bytes:
        """Take so many bytes."""
        while len(self.held) < count:
            if not self.more():
                raise CutOff("not whole")
        piece = bytes(self.held[:count])
        del self.held[:count]
        return piece

    def rest(self) -> bytes:
        """Take all that comes until the line ends."""
        while self.more():
            if len(self.held) > LONGEST_BODY_BYTES:
                raise CutOff("too long")
        return self.take(len(self.held))


def wait_at_most(line: Any, seconds: float) -> None:
    """Have a line wait for so long, or ABOUT_SECONDS longer: to say so anew costs a way to the system, and the turn at
    the interpreter."""
    now = line.gettimeout()
    if now is None or not seconds <= now <= seconds + ABOUT_SECONDS:
        line.settimeout(seconds)


def read_reply(line: Any, until: float) -> Reply:
    """Read one answer to its end, by a moment of `time.monotonic()`. Raises CutOff, OSError."""
    incoming = _Incoming(line, until)
    status = _CONTINUE
    while status == _CONTINUE:
        minor, status, reason, headers = _head(incoming.before(_HEAD_END))
    if status < 200:
        raise CutOff("only a first word")  # the answer would be taken for that of the next request
    length, coded = _length(headers), "Transfer-Encoding" in headers
    if status in _WITHOUT_BODY:
        body, certain = b"", not (length or coded)  # one that speaks of a body may send it after all
    elif coded:
        body, certain = _chunks(incoming, headers["Transfer-Encoding"]), True
    elif length is None:
        body, certain = incoming.rest(), False
    else:
        body, certain = incoming.take(length), True
    connection = headers.get("Connection", "").lower()
    closes = "close" in connection or (minor == "0" and "keep-alive" not in connection)
    last = closes or not certain or bool(incoming.held)
    return Reply(status, reason, headers, _unpacked(body, headers.get("Content-Encoding", "")), last)


def _head(head: bytes) -> tuple[str, int, str, CaseInsensitiveDict[str]]:
    first, *lines = _FOLDED.sub(" ", head.decode("latin-1").replace("\r\n", "\n")).split("\n")
    found = _FIRST_LINE.fullmatch(first)
    if found is None:
        raise CutOff("no HTTP")
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    for one in lines:
        name, _, value = one.partition(":")
        name, value = name.strip(" \t"), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return found[1], int(found[2]), (found[3] or "").strip(), headers


def _length(headers: CaseInsensitiveDict[str]) -> int | None:
    """Return how long a body is, None where it does not say so."""
    if "Content-Length" not in headers:
        return None
    said = {one.strip() for one in headers["Content-Length"].split(",")}
    number = said.pop()
    if said or not (number.isascii() and number.isdigit() and len(number) < 20):
        raise CutOff("a length that is none")
    if int(number) > LONGEST_BODY_BYTES:
        raise CutOff("too long")
    return int(number)


def _chunks(incoming: _Incoming, coding: str) -> bytes:
    if coding.lower() != "chunked":
        raise CutOff("in a coding that nobody asked for")
    body = bytearray()
    while size := _chunk_size(incoming.before(_LINE_END)):
        body += incoming.take(size)
        if len(body) > LONGEST_BODY_BYTES:
            raise CutOff("too long")
        if incoming.take(2) != b"\r\n":
            raise CutOff("a chunk longer or shorter than it says")
    while incoming.before(_LINE_END):
        pass
    return bytes(body)


def _chunk_size(said: bytes) -> int:
    found = _CHUNK.fullmatch(said)
    if found is None or (size := int(found[1], 16)) > LONGEST_BODY_BYTES:
        raise CutOff("a chunk of no size")
    return size


def _unpacked(body: bytes, packed: str) -> bytes:
    """Unpack a body; gzip's may come in a few members, and what follows that is none is nobody's."""
    if packed.lower() not in ("gzip", "x-gzip", "deflate"):
        return body
    plain = bytearray()
    for _ in range(_MOST_MEMBERS):
        if not body:
            return bytes(plain)
        unpack = zlib.decompressobj(_GZIP_OR_ZLIB)
        try:
            plain += unpack.decompress(body, LONGEST_BODY_BYTES + 1 - len(plain))
        except (zlib.error, OverflowError):
            raise CutOff("packed wrongly") from None
        if len(plain) > LONGEST_BODY_BYTES or not unpack.eof:
            raise CutOff("too long, or not whole")
        body = unpack.unused_data if unpack.unused_data.startswith(_GZIP) else b""
    raise CutOff("too many members")
