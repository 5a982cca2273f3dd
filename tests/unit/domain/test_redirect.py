"""Where a visitor may be sent: whole plain addresses of listed hosts, written as a header may carry them."""

import pytest

from leadcapture.domain.redirect import ascii_host, redirect_target

HOSTS = ("www.example.com", "xn--bcher-kva.example", "xn--strae-oqa.example")


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
        ("HTTPS://www.example.com/A", "https://www.example.com/A"),
        ("httpS://www.example.com/A", "https://www.example.com/A"),
        ("Http://BÜCHER.example:8080/ä", "http://xn--bcher-kva.example:8080/%C3%A4"),
        ("https://bu\u0308cher.example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
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
        "HTTPS:www.example.com",
        "HTTPS:\\\\www.example.com",
        "HTTPS://www.example.com@evil.example/",
        "HTTPS://www.example.com\\@evil.example/",
        "JAVASCRIPT://www.example.com/",
        "https://bücher.example@evil.example/",
        "https://ann@bücher.example/",
        "https://bücher.example\\.evil.example/",
        "https://bücher.example.evil.example/",
        "https://bücher\u3002example/",
        "https://bücher.example\uff0fevil.example/",
        "https://bücher.example\u2024evil.example/",
        "https://www.examp\u217ce.com/",
        "https://\uff57ww.example.com/",
        "https://bü\u200dcher.example/",
        "https://bücher.example:65536/",
        "https://strasse.example/",
        "https://xn--.example/",
        f"https://{'ü' * 100_000}.example/",
        "https://www.example.com\u200b/",
    ],
)
def test_redirect__nothing_else(url):
    assert redirect_target(url, HOSTS) is None


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("WWW.Example.com", "www.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("www.пример.example", "www.xn--e1afmkfd.example"),
        ("ไทย.example", "xn--o3cw4h.example"),
        ("www.tric\u212a.example", None),
        ("bü cher.example", None),
        ("bücher.example/", None),
        ("ü" * 254, None),
    ],
)
def test_host__as_an_address_carries_it(host, name):
    assert ascii_host(host) == name
