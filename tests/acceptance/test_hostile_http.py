"""Attacks over the line against the real gunicorn: none is answered 5xx, none makes a lead it should not."""

import contextlib
import socket
import threading
import time

import pytest
import requests
from raw_http import request, send
from service import Service

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
GOOD = b"full_name=Ann&email=ann%40example.org&message=Two+desks+please"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One service for the whole module; its limits by address are wide, since all attacks come from one."""
    forms = Service.__init__.__globals__["PROJECT"].joinpath("forms.toml").read_text()
    forms += "\n[limits]\nposts_per_address = 100000\nposts_per_address_per_minute = 100000\n"
    running = Service(tmp_path_factory.mktemp("hostile"), forms=forms, env={"TRUSTED_PROXIES": "0"})
    running.migrate()
    running.start_web()
    yield running
    running.stop()


EVIL_NEXT = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2e%2e",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "hTtPs://evil.example",
    "https://localhost@evil.example",
    "https://localhost:80@evil.example",
    "https://localhost%40evil.example",
    "https://localhost%2eevil.example",
    "https://localhost.evil.example",
    "https://evil.example#localhost",
    "https://evil.example?localhost",
    "https://evil.example\\@localhost",
    "https://evil.example\\.localhost",
    "https://evil.example%00.localhost",
    "https://evil.example\t.localhost",
    "https://localhost\u3002evil.example",
    "https://evil\u3002example",
    "https://[::1]@evil.example",
    "https://2130706433/",
    "https://ev\u0131l.example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "\x01https://evil.example",
    " https://evil.example",
    "https://localhost\r\nSet-Cookie: a=b",
    "https://localhost/%0d%0aSet-Cookie:a=b\r\nLocation: https://evil.example",
]


@pytest.mark.parametrize("wanted", EVIL_NEXT)
@pytest.mark.parametrize("control", ["_next", "_redirect"])
def test_open_redirect__leads_to_our_own_page(service, wanted: str, control: str) -> None:
    answers = {"full_name": "Ann", "email": "ann@example.org", "message": f"desk {wanted} {control}", control: wanted}
    answer = requests.post(f"{service.url}/f/contact", data=answers, allow_redirects=False, timeout=10)
    assert answer.status_code == 303
    location = answer.headers["Location"]
    plain = location.replace("\\", "/").lower()
    ours = plain.startswith((f"{service.url}/f/contact/thanks", "https://localhost/%0d%0a"))
    assert ours, location
    assert "set-cookie" not in {name.lower() for name in answer.headers}


@pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "%0d%0a", "\u2028", "\x00", "\u560a\u560d"])
def test_header_injection__through_any_field_or_query(service, mark: str) -> None:
    evil = f"x{mark}X-Injected: yes{mark}{mark}<b>"
    answers = {"full_name": evil, "email": "ann@example.org", "message": evil, "_subject": evil, "_language": evil}
    answer = requests.post(f"{service.url}/f/contact", data=answers, allow_redirects=False, timeout=10)
    assert answer.status_code == 303 and "X-Injected" not in answer.headers
    page = requests.get(f"{service.url}/f/contact", params={"full_name": evil, "utm_source": evil}, timeout=10)
    assert page.status_code == 200 and "X-Injected" not in page.headers and "<b>" not in page.text


@pytest.mark.alone
def test_fields__ten_thousand_are_too_many(service) -> None:
    body = b"&".join(b"f%d=x" % number for number in range(10_000))
    began = time.monotonic()
    assert send(service.port, request("/f/contact", FORM, body)).status == 413
    parts = b"".join(b'--B\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % n for n in range(4000))
    headers = {"Content-Type": "multipart/form-data; boundary=B"}
    assert send(service.port, request("/f/contact", headers, parts + b"--B--\r\n")).status == 413
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":['])
def test_json__a_thousand_levels_are_too_many(service, opening: bytes) -> None:
    body = opening * 1000 + b"1"
    assert send(service.port, request("/f/contact", FORM | {"Content-Type": "application/json"}, body)).status in (
        400,
        413,
    )
    closing = {b"[": b"]", b'{"a":': b"}", b'[{"a":[': b"]}]"}[opening]
    whole = body + closing * 1000
    assert send(service.port, request("/f/contact", FORM | {"Content-Type": "application/json"}, whole)).status == 413


def test_brackets__a_thousand_levels_in_a_name(service) -> None:
    body = b"a" + b"[x]" * 1000 + b"=1&email=ann%40example.org"
    assert send(service.port, request("/f/contact", FORM, body)).status in (413, 422)


NASTY = {
    "invalid UTF-8": b"full_name=%ff%fe%80&email=ann%40example.org&message=%c3%28%f0%28%8c%28",
    "NUL": b"full_name=A%00nn&email=ann%40example.org&message=x%00y%00",
    "surrogates": b"full_name=%ed%a0%80&email=ann%40example.org&message=%ed%b0%80",
    "overlong": b"full_name=%c0%af&email=ann%40example.org&message=%e0%80%af",
    "controls": b"full_name=%1b%5b31mA&email=ann%40example.org&message=%07%08%0bdesk%1b%5b2J",
    "percent": b"full_name=%&email=ann%40example.org&message=%zz%u0041",
}


@pytest.mark.parametrize("name", NASTY)
def test_bytes__nasty_ones_are_kept_and_harm_nothing(service, name: str) -> None:
    answer = send(service.port, request("/f/contact", FORM, NASTY[name]))
    assert answer.status == 200, answer.whole[:300]
    lead_id = answer.whole.partition(b'"id":"')[2][:36].decode()
    shown = service.cli("show", lead_id, "--json")
    assert shown.returncode == 0 and "\x00" not in shown.stdout


def test_json__lone_surrogates_and_nul_are_kept_and_can_be_exported(service) -> None:
    body = rb'{"full_name":"\ud800 A\u0000nn","email":"sur@example.org","message":"\udfff\ud83d desk"}'
    answer = send(service.port, request("/f/contact", FORM | {"Content-Type": "application/json"}, body))
    assert answer.status == 200, answer.whole[:300]
    for kind in ("csv", "jsonl"):
        found = service.cli("export", "--format", kind)
        assert found.returncode == 0 and "sur@example.org" in found.stdout


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/xml", 415),
        ("image/png", 415),
        ("text/html", 415),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=", 400),
        ("application/x-www-form-urlencoded; charset=utf-7", 200),
        ("application/x-www-form-urlencoded; charset=" + "x" * 3000, 200),
        ("application/json", 200),
        ("\x0b\x0c;;;;=", 400),
        ("a" * 5000 + "/b", 415),
    ],
)
def test_content_types__wrong_ones_are_refused_by_name(service, kind: str, status: int) -> None:
    found = send(service.port, request("/f/contact", {"Content-Type": kind, "Accept": "application/json"}, GOOD)).status
    assert found == status or (found == 415 and status == 400)


@pytest.mark.parametrize(
    "host", ["a b", "evil.example/", "evil<script>", "a@b", "evil.example:port", "..", "-", "x" * 300]
)
def test_host__implausible_ones_are_refused(service, host: str) -> None:
    answer = send(service.port, request("/f/contact", {"Host": host}, method="GET"))
    assert answer.status == 400 and b"<script>" not in answer.whole


def test_host__absent_or_twice(service) -> None:
    assert send(service.port, b"GET /f/contact HTTP/1.1\r\nConnection: close\r\n\r\n").status == 400
    twice = b"GET /f/contact HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\nConnection: close\r\n\r\n"
    assert send(service.port, twice).status in (200, 400)


def test_host__forwarded_host_is_not_believed(service) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Host": "evil.example"}
    answer = send(service.port, request("/f/contact", FORM | headers | {"Accept": "text/html"}, GOOD + b"+host"))
    assert answer.status == 303 and b"evil.example" not in answer.whole


def test_chunks__over_the_limit_are_too_large_before_they_end(service) -> None:
    head = request("/f/contact", FORM | {"Transfer-Encoding": "chunked"})
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    assert send(service.port, head + chunk * 8 + b"0\r\n\r\n").status in (0, 413)
    assert send(service.port, head + chunk * 6, seconds=4).status in (0, 413)
    assert send(service.port, request("/f/contact", FORM | {"Content-Length": "99999999"}) + b"a=b", 4).status in (
        0,
        413,
    )


HIDDEN = b"GET /f/tour HTTP/1.1\r\nHost: x\r\n\r\n"
SMUGGLING = {
    "both lengths": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\na=b&cd",
    "list of lengths": b"Content-Length: 5, 6\r\n\r\na=b&cd",
    "signed length": b"Content-Length: +5\r\n\r\na=b&c",
    "hex length": b"Content-Length: 0x5\r\n\r\na=b&c",
    "negative length": b"Content-Length: -1\r\n\r\na=b&c",
    "unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "coding with a tab": b"Transfer-Encoding:\tchunked, identity\r\n\r\n0\r\n\r\n",
    "twice chunked": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "space before colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "folded header": b"X: a\r\n b\r\nContent-Length: 5\r\n\r\na=b&c",
    "bad chunk size": b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n" + HIDDEN,
    "negative chunk size": b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
    "bare line feed in header": b"X-A: b\nContent-Length: 5\r\n\r\na=b&c",
    "NUL in header": b"X-A: b\x00c\r\nContent-Length: 5\r\n\r\na=b&c",
}


@pytest.mark.parametrize("name", SMUGGLING)
def test_smuggling__is_refused_and_nothing_hidden_is_answered(service, name: str) -> None:
    head = b"POST /f/contact HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    answer = send(service.port, head + SMUGGLING[name], seconds=4)
    assert answer.status in (0, 400, 413, 501), answer.whole[:300]
    assert len(answer.statuses) <= 1


def test_request_line__too_long_or_nonsense(service) -> None:
    assert send(service.port, b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 4).status in (400, 414)
    assert send(service.port, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 4).status in (0, 400)
    many = b"".join(b"X-%d: y\r\n" % number for number in range(200))
    assert send(service.port, b"GET / HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n", 4).status in (400, 431)


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/static/../../app.py",
        "/static/%2e%2e/%2e%2e/app.py",
        "/f/..%2f..%2f",
        "/f/%00",
        "/f/contact/%0d%0aX:y",
        "/static/....//app.py",
    ],
)
def test_paths__lead_out_of_nowhere(service, path: str) -> None:
    answer = send(service.port, request(path, method="GET"))
    assert answer.status in (308, 400, 404) and b"import" not in answer.whole


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "GET2"])
def test_methods__others_are_refused(service, method: str) -> None:
    answer = send(service.port, request("/f/contact", method=method), 4)
    assert answer.status in (400, 405, 501)


@pytest.mark.parametrize(
    "head", [b"", b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n"]
)
def test_slow_clients__do_not_keep_others_waiting_for_ever(service, head: bytes) -> None:
    """Twice as many slow lines as there are threads, in heads and in bodies: everybody else is served in time."""

    over = threading.Event()
    lines = [socket.create_connection(("127.0.0.1", service.port), timeout=5) for _ in range(64)]

    def dawdle() -> None:
        said = b"POST /f/contact HTTP/1.1\r\nHost: x\r\n" + head + b"X: y\r\n" * 90
        for place in range(len(said)):
            for line in lines:
                with contextlib.suppress(OSError):
                    line.send(said[place : place + 1])
            if over.wait(0.4):
                return

    slow = threading.Thread(target=dawdle)
    slow.start()
    time.sleep(1.5)
    took = []
    for number in range(8):
        began = time.monotonic()
        answers = {"full_name": "Ann", "email": "a@example.org", "message": f"slow {number} {len(head)} desk"}
        assert service.post(answers=answers, timeout=60).status_code == 200
        took.append(time.monotonic() - began)
    over.set()
    slow.join()
    for line in lines:
        line.close()
    assert max(took) < 55, took


@pytest.mark.alone
def test_slow_clients__a_slow_body_is_ended_and_not_stored(service) -> None:
    head = request("/f/contact", FORM | {"Content-Length": "500"})
    before = len(service.leads())
    began = time.monotonic()
    answer = send(service.port, head + GOOD, seconds=40)
    assert answer.status == 400 and time.monotonic() - began < 25
    assert len(service.leads()) == before


def test_slow_clients__a_patient_but_honest_one_is_served(service) -> None:
    answer = send(service.port, request("/f/contact", FORM, GOOD + b"+slowly"), 30, pieces=60, pause=0.5)
    assert answer.status == 200


def test_readers__that_never_read_are_let_go(make_service, sandbox) -> None:
    """As many lines as there are threads ask for much and take nothing: five seconds later others are served again."""
    service = make_service(nexudus=sandbox.url, env={"WEB_CONCURRENCY": "1"})
    service.migrate()
    service.start_web()
    asked = b"GET /static/altcha/altcha.min.js HTTP/1.1\r\nHost: x\r\n\r\n" * 200
    lines = []
    try:
        for _ in range(16):
            line = socket.socket()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            line.connect(("127.0.0.1", service.port))
            line.sendall(asked)
            lines.append(line)
        time.sleep(2)
        assert service.get("/healthz", timeout=14).status_code == 200
    finally:
        for line in lines:
            line.close()


def test_afterwards__the_service_is_well_and_has_never_failed(service) -> None:
    assert service.get("/healthz").status_code == 200
    assert '"level": "error"' not in service.log
    assert "Traceback" not in service.log
