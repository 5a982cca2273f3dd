"""Where a visitor may be sent: whole plain addresses of listed hosts, written as a header may carry them."""

import pytest

from leadcapture.domain.redirect import redirect_target

HOSTS = ("www.example.com",)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.example.com", "https://www.example.com"),
        ("http://WWW.example.com:8080/thanks?a=1#b", "http://WWW.example.com:8080/thanks?a=1#b"),
        (" https://www.example.com/thanks ", "https://www.example.com/thanks"),
        (
            "https://www.example.com/thank you/größe?x=ä b",
            "https://www.example.com/thank%20you/gr%C3%B6%C3%9Fe?x=%C3%A4%20b",
        ),
        ("https://www.example.com/a%20b", "https://www.example.com/a%20b"),
        ("https://www.example.com:65535/", "https://www.example.com:65535/"),
    ],
)
def test_redirect__plain_addresses_of_listed_hosts(url, target):
    assert redirect_target(url, HOSTS) == target


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "//www.example.com/",
        "/thanks",
        "https://www.example.com/\n",
        "https://www.example.com/\tx",
        "https://www.example.com:65536/",
        "https://www.example.com@evil.example/",
        "https://evil.example/?https://www.example.com",
        "https://www.example.com.evil.example/",
        "https://www.example.com\\@evil.example/",
        "javascript:alert(1)",
        "https://www.exämple.com/",
        "https://www.example.com\u200b/",
    ],
)
def test_redirect__nothing_else(url):
    assert redirect_target(url, HOSTS) is None
