"""Which posts the main thread may serve by itself: whole ones, and none that makes it wait."""

import runpy
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from factories import make_form
from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.http.wsgi import create
from hypothesis import event, given, settings
from hypothesis import strategies as st
from raw_http import request

from leadcapture.main_thread import USUAL
from leadcapture.web.at_hand import Post, Reply, prompt_paths, read_post

PATHS = {"/f/contact"}
BODY = b"email=ann%40example.org"
WHOLE = request("/f/contact", body=BODY)
EMPTY = request("/f/contact", {"Content-Length": "0"})


@pytest.mark.parametrize(
    "came",
    [
        WHOLE,
        request("/f/contact?embed=1&utm_source=x", body=BODY),
        request("/f/contact", {"Content-Length": "0"}),
        WHOLE.replace(b"Content-Length", b"content-length"),
        request("/f/contact", {"Content-Length": f"\t{len(BODY)} ", "X-Last": "1"}, BODY),
    ],
)
def test_at_hand__a_post_to_its_last_byte(came) -> None:
    assert read_post(came, PATHS)


@pytest.mark.parametrize(
    "came",
    [
        b"",
        b"POST /f/contact HTTP/1.1\r\nContent-Length: 0\r\n",
        b"POST /f/contact HTTP/1.1\r\nContent-Length: 0",
        WHOLE + b"P",
        WHOLE + WHOLE,
        request("/f/tour", body=BODY),
        request("/hooks/contact/wix", body=BODY),
        request("/f/contact", method="GET"),
        request("/f/contact"),
        WHOLE.replace(b"HTTP/1.1", b"HTTP/1.0"),
        request("/f/contact", {"Expect": "100-continue"}, BODY),
        request("/f/contact", {"Transfer-Encoding": "chunked", "Content-Length": str(len(BODY))}, BODY),
        request("/f/contact", {"Content-Length": f"+{len(BODY)}"}, BODY),
        request("/f/contact", {"X-Length": "1\r\nContent-Length: 2", "Content-Length": str(len(BODY))}, BODY),
        request("/f/contact", {"content-length": str(len(BODY))}, BODY),  # which adds another, next to it
        request("/f/contact", {"Content-Length": "9" * 5000}, BODY),
        request("/f/contact", {"Host": "a\r\nHost: b"}, BODY),
        request("/f/contact", {"X-Forwarded-For": "192.0.2.1\r\nX-Forwarded-For: 192.0.2.2"}, BODY),
        request("/f/contact", {"X_Forwarded_For": "192.0.2.1"}, BODY),
        request("/f/contact", {"X-Bell": "\a"}, BODY),
        request("/f/contact", {"X-Folded": "a\r\n b"}, BODY),
        request("/f/contact", {"Upgrade": "h2c"}, BODY),
        request("/f/contact#part", body=BODY),
        request("/f/contact?a=b#part", body=BODY),
        request("/f/contact", {f"X-{number}": "" for number in range(99)}, BODY),
        b"\r\n" + WHOLE,
        WHOLE.replace(b"\r\n", b"\n"),
    ],
)
def test_at_hand__nothing_else(came) -> None:
    assert not read_post(came, PATHS)


@given(st.sampled_from([WHOLE, EMPTY]), st.data())
def test_at_hand__never_what_has_come_in_part(whole, draw) -> None:
    assert read_post(whole, PATHS)
    assert not read_post(whole[: draw.draw(st.integers(0, len(whole) - 1))], PATHS)


@given(st.binary(max_size=300))
def test_at_hand__takes_any_bytes(came) -> None:
    assert not read_post(came, PATHS)


PLAIN_LINES = st.tuples(
    st.sampled_from(["Host", "Cookie", "Content-Type", "Connection", "X-Forwarded-Proto", "Referer", "~", "Forwarded"]),
    st.one_of(
        st.sampled_from(["", "close", "Close ", "keep-alive", "\t4 ", "https", "a, b"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=12),
    ),
)
ODD_LINES = st.tuples(
    st.sampled_from(
        ["HOST", "content-length", "Transfer-Encoding", "Expect", "X_Under", "x-under", "Upgrade", "A b", ""]
    ),
    st.one_of(
        st.sampled_from(["", "chunked", "100-continue", "0", "4", "h2c"]),
        st.text(st.characters(max_codepoint=255), max_size=12),
    ),
)
PLAIN = st.lists(PLAIN_LINES, max_size=5, unique_by=lambda line: line[0])
ODD = st.one_of(st.just([]), st.just([]), st.lists(ODD_LINES, max_size=2))
TARGETS = st.sampled_from(["/f/contact", "/f/contact?a=b", "/f/contact?a=%23&b[]=?//", "/f/contact?#", "/f/contact/"])


@settings(max_examples=400)
@given(TARGETS, PLAIN, ODD, st.binary(max_size=20), st.data())
def test_at_hand__reads_as_gunicorn_does(target, plain, odd, body, draw) -> None:
    head = "".join(f"{name}:{value}\r\n" for name, value in [*plain, *odd, ("Content-Length", str(len(body)))])
    came = f"POST {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body
    if draw.draw(st.sampled_from([False, False, True])):
        where, other = draw.draw(st.integers(0, len(came) - 1)), draw.draw(st.binary(max_size=2))
        came = came[:where] + other + came[where + 1 :]
    post = read_post(came, PATHS)
    event("taken" if post else "left to gunicorn")
    if post is None:
        return
    theirs, request = read_by_gunicorn(came)
    ours = post.environ()
    assert ours.pop("wsgi.input").read() == theirs.pop("wsgi.input").read()
    assert ours == {name: value for name, value in theirs.items() if name in ours}
    assert {name for name in theirs if name.startswith(("HTTP_", "CONTENT_"))} <= set(ours)
    assert post.should_close() == request.should_close() and post.size == len(came)
    assert (post.method, post.version) == (request.method, request.version)


def read_by_gunicorn(came: bytes) -> tuple[dict[str, Any], Any]:
    config = Config()
    config.set("forwarded_allow_ips", "")
    client, server = ("127.0.0.1", 50000), ("127.0.0.1", 8000)
    request = Request(config, IterUnreader([came]), client)
    return create(request, None, client, server, config)[1], request


def test_usual__is_what_our_settings_of_gunicorn_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "nobody guesses 7 of these")
    ours = Config()
    for name, value in runpy.run_path("gunicorn.conf.py").items():
        if name in ours.settings:
            ours.set(name, value)
    assert {name: getattr(ours, name) for name in USUAL} == USUAL


class Sent(bytearray):
    def sendall(self, data: bytes) -> None:
        self += data


def replied(post: Post, status: str, headers: list[tuple[str, str]], *pieces: bytes) -> bytes:
    sent = Sent()
    reply = Reply(post, sent)
    reply.start_response(status, headers)
    for piece in pieces:
        reply.write(piece)
    assert not sent
    reply.close()
    assert reply.should_close() == (b"\r\nConnection: close\r\n" in sent)
    return bytes(sent)


def whole_post(**headers: str) -> Post:
    post = read_post(request("/f/contact", {"Connection": "keep-alive"} | headers, BODY), PATHS)
    assert post is not None
    return post


def test_reply__is_one_answer_in_one_piece() -> None:
    sent = replied(whole_post(), "200 OK", [("Content-Length", "4"), ("X-Name", "caf\xe9")], b"ab", b"cd")
    head, _, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    assert (first, body) == (b"HTTP/1.1 200 OK", b"abcd")
    assert [line.partition(b":")[0] for line in lines] == [
        b"Server",
        b"Date",
        b"Connection",
        b"Content-Length",
        b"X-Name",
    ]
    assert b"Connection: keep-alive" in lines and b"X-Name: caf\xe9" in lines and lines[1].endswith(b" GMT")


def test_reply__ends_the_line_where_the_post_asks_or_no_length_tells_its_end() -> None:
    length = [("content-length", "0")]
    assert b"Connection: close" in replied(whole_post(Connection="Close"), "200 OK", length)
    assert b"Connection: keep-alive" in replied(whole_post(), "200 OK", [*length, ("Connection", "close")])
    assert b"Connection: close" in replied(whole_post(), "200 OK", [], b"more")


@pytest.mark.parametrize(
    ("status", "header"),
    [
        ("200 OK\r\nX: y", ("X", "y")),
        ("200", ("X", "y")),
        ("OK", ("X", "y")),
        ("200 OK", ("X", "a\r\nSet-Cookie: b")),
        ("200 OK", ("X", "a\n b")),
        ("200 OK", ("X\r\nY", "a")),
        ("200 OK", ("X Y", "a")),
        ("200 OK", ("X", "a\0")),
    ],
)
def test_reply__no_head_breaks_out_of_its_line(status, header) -> None:
    sent = Sent()
    with pytest.raises(ValueError, match="break out"):
        Reply(whole_post(), sent).start_response(status, [("Content-Length", "0"), header])
    assert not sent


def app_with(captcha: object | None) -> SimpleNamespace:
    form = make_form()
    forms = {
        name: replace(form, name=name, screening=replace(form.screening, captcha=asked))
        for name, asked in (("contact", False), ("asks", True))
    }
    catalogue = SimpleNamespace(forms=forms)
    services = SimpleNamespace(catalogue=catalogue, guards=SimpleNamespace(captcha=captcha))
    return SimpleNamespace(extensions={"leadcapture": services})


def test_paths__of_forms_that_ask_nobody_else() -> None:
    assert prompt_paths(app_with(captcha=None)) == {"/f/contact", "/f/asks"}
    assert prompt_paths(app_with(captcha=object())) == {"/f/contact"}
    below = app_with(captcha=None)
    below.extensions["leadcapture.config"] = SimpleNamespace(environment={"SCRIPT_NAME": "/sub"})
    assert prompt_paths(below) == frozenset()
    assert prompt_paths(SimpleNamespace(extensions={})) == prompt_paths(lambda environ, start: []) == frozenset()
