"""Decisions about a request: what it wants to be answered, and whether we wrote the page that posts."""

import pytest
from factories import make_form
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from leadcapture.web.access import frame_ancestors, is_json, own_hosts, wants_json


def make_request(content_type=None, **headers):
    return Request(EnvironBuilder(headers=headers, content_type=content_type).get_environ())


JSON = "application/json"
ACCEPTS = [
    (JSON, True),
    (f"{JSON}, text/plain, */*", True),
    (f"{JSON};q=0.9, text/html;q=0.8", True),
    (f"{JSON}, text/html", False),
    (f"text/html, {JSON};q=0.9, */*;q=0.8", False),
    ("text/html", False),
    ("*/*", False),
    ("", False),
    ("application/*", True),
    (f"{JSON};q=0", False),
]


@pytest.mark.parametrize(("accept", "expected"), ACCEPTS)
def test_wants_json__by_accept(accept, expected):
    assert wants_json(make_request(Accept=accept)) is expected


def test_wants_json__for_a_json_post_and_a_script():
    assert wants_json(make_request("application/json; charset=utf-8", Accept="text/html"))
    assert wants_json(make_request(**{"X-Requested-With": "XMLHttpRequest"}))


def test_own_hosts__ours_and_those_that_may_post():
    form = make_form(allowed_origins=("https://www.example.com", "*"))
    assert own_hosts(make_request(Host="forms.example.com:8000"), form) == ("forms.example.com", "www.example.com")


def test_frame_ancestors__any_where_any_may_post():
    assert frame_ancestors(make_form(allowed_origins=("*",))) == "*"


PARTS = [JSON, JSON.upper(), "application/", "json", "+json", "text/json", "text/plain", "/json", "application/a+json"]
MARKS = [" ", "\t", ";", " ;", "charset=utf-8", "\xa0", "\x85", "\x1c", '"', "=", "/"]


@given(st.lists(st.sampled_from([*PARTS, *MARKS]), max_size=5).map("".join))
def test_json__is_what_werkzeug_takes_for_it_and_text_json(content_type) -> None:
    request = Request({"REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type})
    assert is_json(content_type) == (request.is_json or request.mimetype == "text/json")


@pytest.mark.parametrize("content_type", [f"\xa0{JSON}", f"{JSON}\x85"])
def test_json__no_odd_space_is_taken_off(content_type) -> None:
    assert not is_json(content_type)
