"""`GET /touch`: which cookie is set, for whom, and when it is removed."""

import json
from urllib.parse import unquote

import pytest
from web_forms_site import open_site

from leadcapture.domain.form import Form
from leadcapture.errors import ConfigError
from leadcapture.web.touch import cookie_domain, cookie_value

TOUCH = {"url": "https://www.example.com/?utm_source=é&x=1", "referrer": "", "at": "2026-03-01T10:00:00.000Z"}
WITH_COOKIE = """
[forms.cookie]
title = "On the website's own subdomain"
cookie_domain = "{domain}"
fields = [{{ name = "email", label = "E-mail", type = "email" }}]
"""


@pytest.fixture
def ask(tmp_path):
    """A function that asks for the cookie; returns the Set-Cookie line, "" for none."""
    with open_site(tmp_path, WITH_COOKIE.format(domain="example.com")) as site:

        def ask(said, url="https://leads.example.com", **headers):
            query = {"t": said if isinstance(said, str) else json.dumps(said)}
            answer = site.client.get("/touch", query_string=query, headers=headers, base_url=url)
            assert answer.status_code == 204
            assert answer.headers["Cache-Control"] == "no-store"
            assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
            return answer.headers.get("Set-Cookie", "")

        yield ask


def test_touch__is_kept_for_the_websites_domain(ask):
    cookie = ask({"first": TOUCH, "last": TOUCH})
    value, _, attributes = cookie.partition("; ")
    assert json.loads(unquote(value.removeprefix("lc_touch="))) == {"first": TOUCH, "last": TOUCH}
    wanted = {"Domain=example.com", "Max-Age=7776000", "Path=/", "SameSite=Lax", "Secure"}
    assert wanted <= set(attributes.split("; "))
    assert "HttpOnly" not in attributes


def test_touch__is_secure_only_where_there_is_tls(ask):
    assert "Secure" not in ask({"first": TOUCH}, "http://leads.example.com:8000")


@pytest.mark.parametrize("url", ["https://example.org", "https://badexample.com", "https://example.com.evil.test"])
def test_touch__nothing_for_a_host_that_is_not_under_the_domain(ask, url):
    assert ask({"first": TOUCH}, url) == ""


def test_touch__nothing_for_another_website(ask):
    assert ask({"first": TOUCH}, **{"Sec-Fetch-Site": "cross-site"}) == ""
    assert ask({"first": TOUCH}, **{"Sec-Fetch-Site": "same-site"}) != ""


@pytest.mark.parametrize("said", ["", "{}", {"other": TOUCH}])
def test_touch__without_touches_the_cookie_is_removed(ask, said):
    cookie = ask(said)
    assert cookie.startswith("lc_touch=;")
    assert "Max-Age=0" in cookie


def test_touch__global_privacy_control_removes_it(ask):
    assert "Max-Age=0" in ask({"first": TOUCH}, **{"Sec-GPC": "1"})


@pytest.mark.parametrize(
    "said",
    [
        *("[]x", "null", "[1]", "7", '"first"', "[" * 5000, '{"first": {"url": "\\ud800", "referrer": "", "at": ""}}'),
        *({"first": None}, {"first": {"url": 1, "referrer": "", "at": ""}}, {"first": {"url": "https://a.example"}}),
        {"first": TOUCH | {"url": "https://www.example.com/?x=" + "y" * 3500}},
    ],
)
def test_touch__what_our_script_does_not_send_changes_nothing(ask, said):
    assert ask(said) == ""


def test_cookie_value__other_keys_are_left_out():
    assert "extra" not in cookie_value(json.dumps({"first": TOUCH | {"extra": 1}, "more": 2}))


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("leads.example.com:8000", "example.com"),
        ("LEADS.example.com", "example.com"),
        ("leads.uk.example.com", "uk.example.com"),
        ("leads.example.org", None),
    ],
)
def test_cookie_domain__is_the_longest_that_the_host_is_under(host, domain):
    forms = [Form("x", "X", (), 1, 1, cookie_domain=one) for one in ("example.com", "uk.example.com", "")]
    assert cookie_domain(host, forms) == domain


@pytest.mark.parametrize("domain", ["localhost", ".example.com", "https://example.com", "example.com/", "a b.example"])
def test_cookie_domain__what_is_none_is_a_fault(tmp_path, domain):
    with pytest.raises(ConfigError, match="cookie_domain"), open_site(tmp_path, WITH_COOKIE.format(domain=domain)):
        pass
