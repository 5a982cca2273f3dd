"""The channel table: hosts, names and mediums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.channels import CHANNELS, channel_of, classify, named


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("www.google.com", "google"),
        ("google.pt", "google"),
        ("www.google.co.uk", "google"),
        ("news.google.com.br", "google"),
        ("mail.google.com", "gmail"),
        ("gemini.google.com", "gemini"),
        ("maps.google.com", "google-maps"),
        ("uk.search.yahoo.com", "yahoo"),
        ("mail.yahoo.com", "yahoo-mail"),
        ("l.facebook.com", "facebook"),
        ("lm.facebook.com.", "facebook"),
        ("lnkd.in", "linkedin"),
        ("t.co", "twitter"),
        ("x.com", "twitter"),
        ("chat.openai.com", "chatgpt"),
        ("www.perplexity.ai", "perplexity"),
        ("copilot.microsoft.com", "copilot"),
        ("www.bing.com", "bing"),
        ("www.flexioffices.co.uk", "flexioffices"),
        ("com.linkedin.android", "linkedin"),
    ],
)
def test_channels__a_known_host(host, source):
    assert classify(host).source == source


@pytest.mark.parametrize(
    "host",
    [
        "",
        "com",
        "google.evil.com",
        "notgoogle.com",
        "xx.com",
        "evil-facebook.com",
        "t.co.uk",
        "..",
        "1.2.3.4",
    ],
)
def test_channels__an_unknown_host_is_not_guessed(host):
    assert classify(host) is None


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("fb", "facebook"),
        ("Facebook", "facebook"),
        ("facebook.com", "facebook"),
        ("www.linkedin.com", "linkedin"),
        ("IG", "instagram"),
        ("Hubble HQ", "hubblehq"),
        ("hubble", "hubblehq"),
        ("Instant Offices", "instantoffices"),
        ("chatgpt.com", "chatgpt"),
        ("X", "twitter"),
        ("GoogleAds", "google"),
    ],
)
def test_channels__a_name_as_people_write_it(written, source):
    assert named(written).source == source


@pytest.mark.parametrize(
    ("source", "medium", "channel"),
    [
        ("google", "organic", "Organic Search"),
        ("google", "CPC", "Paid Search"),
        ("google", "display", "Display"),
        ("bing", "ppc", "Paid Search"),
        ("facebook", "paid_social", "Paid Social"),
        ("facebook", "paid", "Paid Social"),
        ("facebook", "", "Organic Social"),
        ("anything", "paidsocial", "Paid Social"),
        ("anything", "cpc", "Paid Other"),
        ("partner.org", "referral", "Referral"),
        ("partner.org", "", "Referral"),
        ("partner.org", "affiliate", "Affiliate"),
        ("partner.org", "downloads", "Other"),
        ("march-news", "email", "Email"),
        ("newsletter", "", "Email"),
        ("chatgpt.com", "", "AI Assistant"),
        ("perplexity", "referral", "AI Assistant"),
        ("hubblehq", "cpc", "Marketplace"),
        ("lobby", "qr", "Offline"),
        ("youtube", "video", "Video"),
        ("gbp", "organic", "Local"),
        ("somewhere", "social", "Organic Social"),
        ("somewhere", "organic", "Organic Search"),
        ("", "", "Direct"),
        ("", "email", "Email"),
    ],
)
def test_channels__the_first_rule_that_holds(source, medium, channel):
    assert channel_of(source, medium) == channel


def test_channels__click_ids_count_only_when_nothing_is_written():
    assert channel_of("", "", {"gclid": "1"}) == "Paid Search"
    assert channel_of("news", "email", ["gclid"]) == "Email"


@given(st.text(), st.text(), st.lists(st.text()))
def test_channels__whatever_comes_is_one_of_the_channels(source, medium, click_ids):
    classify(source)
    assert channel_of(source, medium, click_ids) in CHANNELS
