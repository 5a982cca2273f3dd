"""What is answered to a request that would wait too long, byte for byte."""

import json

import pytest
from raw_http import request

from leadcapture.web.busy import RETRY_SECONDS, TEXTS, refusal

BODY = b"email=ann%40example.org"


def answered(data: bytes, keep: bool = True) -> tuple[int, dict[str, str], bytes, bool]:
    found = refusal(data, keep)
    head, _, body = found.data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body, found.stays


def post(path: str = "/f/contact", body: bytes = BODY, **headers: str) -> bytes:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return request(path, {"Connection": "keep-alive"} | named, body)


def test_refusal__is_a_page_for_people_in_their_language() -> None:
    for language in TEXTS:
        status, headers, body, _ = answered(
            post(Accept="text/html,*/*;q=0.8", Accept_Language=f"{language}-XX,x;q=0.5")
        )
        assert status == 503 and headers["Retry-After"] == str(RETRY_SECONDS)
        assert headers["Content-Type"].startswith("text/html") and int(headers["Content-Length"]) == len(body)
        assert TEXTS[language][1] in body.decode() and f'lang="{language}"' in body.decode()


@pytest.mark.parametrize(
    "sent",
    [
        post(Accept="application/json"),
        post(X_Requested_With="XMLHttpRequest"),
        post(body=b"{}", Content_Type="application/json"),
        post("/hooks/contact/wix?key=1"),
    ],
)
def test_refusal__is_json_for_scripts_and_builders(sent: bytes) -> None:
    status, headers, body, stays = answered(sent)
    said = json.loads(body)
    assert status == 503 and stays and headers["Connection"] == "keep-alive"
    assert said["ok"] is False and said["code"] == "too_busy" and "not saved" in said["error"]


def test_refusal__has_the_headers_that_every_answer_has_and_any_script_may_read_it() -> None:
    _, headers, _, _ = answered(post(Origin="https://www.example.com"))
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Expose-Headers"] == "Retry-After"
    assert headers["Date"].endswith("GMT")


def test_refusal__says_nothing_of_a_message_to_who_only_looks() -> None:
    _, _, body, _ = answered(request("/f/contact", method="GET"))
    assert "not saved" not in body.decode()
    _, headers, body, _ = answered(request("/f/contact", method="HEAD"))
    assert body == b"" and int(headers["Content-Length"]) > 0


def test_refusal__what_a_browser_asks_first_is_allowed_so_that_the_post_can_be_refused_readably() -> None:
    status, headers, body, _ = answered(request("/f/contact", method="OPTIONS"))
    assert (status, body, headers["Access-Control-Allow-Origin"]) == (204, b"", "*")
    assert "Content-Type" in headers["Access-Control-Allow-Headers"]
    assert answered(request("/admin/", method="OPTIONS"))[0] == 503


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/readyz?x"])
def test_refusal__never_of_probes(path: str) -> None:
    assert refusal(request(path, method="GET"), True) is None


@pytest.mark.parametrize(
    "data", [b"", b"GET /f/contact HTTP/1.1\r\nHost: x\r\n", b"\x16\x03\x01", b"GET / HTTP/1.1\r\n folded\r\n\r\n"]
)
def test_refusal__not_of_what_is_no_whole_head(data: bytes) -> None:
    assert refusal(data, True) is None


@pytest.mark.parametrize(
    "sent",
    [
        post(Content_Length="500"),
        post(Content_Length="3"),
        post(Content_Length="+23"),
        post() + post(),
        post(Transfer_Encoding="chunked", body=b"0\r\n\r\n"),
        post(Expect="100-continue"),
        post(Connection="close"),
        post().replace(b"HTTP/1.1", b"HTTP/1.0"),
        post().replace(b"\r\n\r\n", b"\r\nContent-Length: 23\r\n\r\n", 1),
    ],
)
def test_refusal__ends_the_line_where_more_or_less_than_one_request_has_come(sent: bytes) -> None:
    status, headers, _, stays = answered(sent)
    assert status == 503 and not stays and headers["Connection"] == "close"


def test_refusal__ends_the_line_where_it_is_told_to() -> None:
    assert answered(post(), keep=False)[3] is False
