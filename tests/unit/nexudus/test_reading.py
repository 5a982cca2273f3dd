"""An answer is read whole or not at all, in whatever pieces it comes; Python's own reader agrees."""

import gzip
import io
import time
from contextlib import suppress
from http.client import HTTPResponse
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.nexudus.reading import LONGEST_BODY_BYTES, CutOff, Reply, read_reply, wait_at_most

SOON = 10.0
OK = b"HTTP/1.1 200 OK\r\n"
PACKED = gzip.compress(b"{}", mtime=0)


class Line:
    """A socket on which bytes come in pieces, and then the end."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)
        self._seconds: float | None = None

    def settimeout(self, seconds: float) -> None:
        assert 0 < seconds <= SOON
        self._seconds = seconds

    def gettimeout(self) -> float | None:
        return self._seconds

    def recv(self, most: int) -> bytes:
        piece = self._pieces.pop(0) if self._pieces else b""
        if len(piece) > most:
            self._pieces.insert(0, piece[most:])
        return piece[:most]


def read(*pieces: bytes) -> Reply:
    return read_reply(Line(*(piece for piece in pieces if piece)), time.monotonic() + SOON)


TOKENS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ-", min_size=1, max_size=12)
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)
FRAMING = {"content-length", "transfer-encoding", "connection", "content-encoding"}


@st.composite
def replies(draw: st.DrawFn) -> bytes:
    """Well-formed answers of every framing."""
    status = draw(st.sampled_from([200, 201, 400, 404, 429, 500, 503]))
    body = draw(st.binary(max_size=200))
    head = [f"HTTP/1.{draw(st.sampled_from([0, 1]))} {status} {draw(st.sampled_from(['OK', '', 'Not Found']))}"]
    headers = draw(st.dictionaries(TOKENS.filter(lambda one: one.lower() not in FRAMING), VALUES, max_size=4))
    head += [f"{name}:{draw(st.sampled_from(['', ' ', '  ']))}{value}" for name, value in headers.items()]
    framing = draw(st.sampled_from(["length", "chunked", "end"]))
    if framing == "length":
        head.append(f"content-Length: {len(body)}")
    elif framing == "chunked":
        head.append("Transfer-Encoding: chunked")
        cuts = sorted(draw(st.sets(st.integers(1, max(1, len(body))), max_size=3)))
        ends = [one for one in cuts if one < len(body)] + [len(body)]
        parts = [body[start:end] for start, end in pairwise([0, *ends])]
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts if part) + b"0\r\n\r\n"
    return "\r\n".join([*head, "", ""]).encode() + body


class _Whole:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


@given(replies(), st.lists(st.integers(0, 400), max_size=5))
def test_reply__is_what_pythons_own_reader_reads_in_whatever_pieces(data, cuts) -> None:
    places = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    found = read(*(data[start:end] for start, end in pairwise(places)))
    theirs = HTTPResponse(_Whole(data))  # type: ignore[arg-type]
    theirs.begin()
    assert (found.status, found.reason, found.body) == (theirs.status, theirs.reason, theirs.read())
    assert {name.lower(): value for name, value in found.headers.items()} == {
        name.lower(): ", ".join(theirs.headers.get_all(name, [])) for name in theirs.headers
    }
    assert found.last == theirs.will_close


@given(replies(), st.data())
def test_reply__less_than_one_is_none(data, draw) -> None:
    head, _, _ = data.partition(b"\r\n\r\n")
    framed = b"content-length" in head.lower() or b"chunked" in head
    number = draw.draw(st.integers(0, len(data) - 1 if framed else len(head) + 2))
    with pytest.raises(CutOff):
        read(data[:number])


@given(st.binary(max_size=300))
def test_reply__any_bytes_raise_nothing_else(data) -> None:
    for sent in (data, OK + data, OK + b"Transfer-Encoding: chunked\r\n\r\n" + data):
        with suppress(CutOff):
            read(sent)


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", b"{}"),
        (OK.replace(b"\r", b"") + b"Content-Length: 2\n\n{}", b"{}"),
        (OK + b"content-length:2\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\n{}", b"{}"),
        (OK + b"Transfer-Encoding: Chunked\r\n\r\n2 ; a=b\r\n{}\r\n0\r\nX: y\r\n\r\n", b"{}"),
        (
            OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED) + PACKED,
            b"{}",
        ),
        (OK + b"X: a\r\n Content-Length: 3\r\nContent-Length: 2\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 204\r\n\r\n", b""),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", b""),
    ],
)
def test_reply__as_servers_write_it_and_its_line_stays(sent, body) -> None:
    found = read(sent)
    assert found.body == body and not found.last


@pytest.mark.parametrize(
    "sent",
    [
        OK + b"Connection: Close\r\nContent-Length: 0\r\n\r\n",
        OK.replace(b"1.1", b"1.0") + b"Content-Length: 0\r\n\r\n",
        OK + b"Content-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        OK + b"\r\n",
        OK + b"Content-Length\x0b: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 43\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_reply__after_which_the_line_is_of_no_use(sent) -> None:
    assert read(sent).last


@pytest.mark.parametrize(
    "sent",
    [
        OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        OK + b"Content-Length: -1\r\n\r\n{}",
        OK + b"Content-Length: 2\xb2\r\n\r\n{}",
        OK + b"Content-Length: %d\r\n\r\n{}" % (LONGEST_BODY_BYTES + 1),
        OK + b"Content-Length: %s\r\n\r\n{}" % (b"9" * 5000),
        OK + b"Transfer-Encoding: gzip\r\n\r\n{}",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\n{}\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\n{}\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n\r\n{}",
        OK + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n{}",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK" + b"X" * 140_000 + b"\r\n\r\n",
    ],
)
def test_reply__none_that_can_be_trusted(sent) -> None:
    with pytest.raises(CutOff):
        read(sent)


@pytest.mark.parametrize(
    ("is_set", "wanted", "becomes"),
    [(None, 5.0, 5.0), (5.0, 5.0, 5.0), (5.0, 4.96, 5.0), (5.0, 4.9, 4.9), (0.0, 5.0, 5.0), (4.0, 5.0, 5.0)],
)
def test_wait__is_what_is_left_or_hardly_longer(is_set, wanted, becomes) -> None:
    line = Line()
    line._seconds = is_set
    wait_at_most(line, wanted)
    assert line.gettimeout() == becomes
