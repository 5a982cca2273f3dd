"""Where a visitor goes after a post: never to a place that the operator did not name."""

import pytest
from web_forms_site import ANN, open_site

THANKS = "http://localhost/f/contact/thanks"
SUCCESS = "https://www.example.com/thanks"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with open_site(tmp_path_factory.mktemp("redirects")) as site:
        yield site


def target(site, wanted, form="contact"):
    """Post with a `_next` in both ways; both must lead to the same place."""
    answers = ANN | {"_next": wanted}
    page, script = site.submit(form, answers), site.post(form, answers)
    assert (page.status_code, script.status_code) == (303, 200)
    assert page.headers["Location"].lower() == script.get_json()["next"].lower()
    return script.get_json()["next"]


ALLOWED = [
    "https://www.example.com",
    "https://www.example.com/",
    "http://www.example.com/thanks?a=1&b=%C3%BC#top",
    "https://WWW.EXAMPLE.COM/x",
    "https://www.example.com:8443/x",
    "https://thanks.example.org/ok",
]


@pytest.mark.parametrize("wanted", ALLOWED)
def test_next__to_a_host_that_the_form_lists(site, wanted):
    assert target(site, wanted) == wanted


HOSTILE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////www.example.com/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/\\/evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https:\\\\evil.example",
    "https://www.example.com@evil.example/",
    "https://www.example.com:443@evil.example/",
    "https://www.example.com%40evil.example/",
    "https://user:pass@www.example.com/",
    "https://www.example.com\\@evil.example/",
    "https://www.example.com\\.evil.example/",
    "https://www.example.com.evil.example/",
    "https://evil.example/www.example.com",
    "https://evil.example?www.example.com",
    "https://evil.example#www.example.com",
    "https://www.example.com%2eevil.example/",
    "https://www.example.com%00.evil.example/",
    "https://www.example.com\u3002evil.example/",
    "https://www.example.com\uff0fevil.example/",
    "https://www.examp\u217ce.com/",
    "https://www.example.com./",
    "https://www.example.com:https@evil.example/",
    "https://www.example.com/\r\nSet-Cookie: a=b",
    "https://www.example.com/\nLocation: https://evil.example",
    "https://[::1]/",
    "https://xn--evil.example/",
    "javascript:alert(1)//www.example.com",
    "JaVaScRiPt://www.example.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "ftp://www.example.com/",
    "file:///etc/passwd",
    "/thanks",
    "thanks",
    "?x=1",
    " //evil.example",
    "https://",
    "https://:80/",
]


@pytest.mark.parametrize("wanted", HOSTILE)
def test_next__hostile_addresses_lead_to_our_own_page(site, wanted):
    assert target(site, wanted) == THANKS


@pytest.mark.parametrize("wanted", ["https://www.example.com/\n", "\thttps://www.example.com/ ", "%0d%0ahttps://x"])
def test_next__never_carries_white_space_into_a_header(site, wanted):
    found = target(site, wanted)
    assert found in {THANKS, "https://www.example.com/"}


def test_next__falls_back_to_success_url(site):
    assert target(site, "https://evil.example/", "away") == SUCCESS


def test_next__success_url_without_one(site):
    assert site.post("away", {"email": "ann@example.com"}).get_json()["next"] == SUCCESS


@pytest.mark.parametrize("control", ["_redirect", "_after", "_NEXT"])
def test_next__by_the_names_of_other_services(site, control):
    assert (
        site.post(data=ANN | {control: "https://www.example.com/x"}).get_json()["next"] == "https://www.example.com/x"
    )


def test_next__in_the_policy_of_the_page_that_posts(site):
    policy = site.client.get("/f/contact").headers["Content-Security-Policy"]
    assert "form-action 'self' https://www.example.com:* http://www.example.com:*" in policy
