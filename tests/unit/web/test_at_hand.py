"""Which posts the main thread may serve by itself: whole ones, and none that makes it wait."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from factories import make_form
from hypothesis import given
from hypothesis import strategies as st
from raw_http import request

from leadcapture.web.at_hand import is_at_hand, prompt_paths

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
    assert is_at_hand(came, PATHS)


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
        WHOLE.replace(b"\r\n", b"\n"),
    ],
)
def test_at_hand__nothing_else(came) -> None:
    assert not is_at_hand(came, PATHS)


@given(st.sampled_from([WHOLE, EMPTY]), st.data())
def test_at_hand__never_what_has_come_in_part(whole, draw) -> None:
    assert is_at_hand(whole, PATHS)
    assert not is_at_hand(whole[: draw.draw(st.integers(0, len(whole) - 1))], PATHS)


@given(st.binary(max_size=300))
def test_at_hand__takes_any_bytes(came) -> None:
    assert not is_at_hand(came, PATHS)


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
    assert prompt_paths(SimpleNamespace(extensions={})) == prompt_paths(lambda environ, start: []) == frozenset()
