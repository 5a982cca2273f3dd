"""Which place supplies the campaign, by what method, and what is never believed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.attribution import METHODS, Attribution, Evidence, from_json, resolve, to_json
from leadcapture.domain.channels import CHANNELS

PAGE = "https://www.example.com/contact"


def touch(url=PAGE, referrer="", at="2026-03-01T09:00:00.000Z"):
    return json.dumps({"url": url, "referrer": referrer, "at": at})


ALL_PLACES = {
    "tracking": {"utm_source": "fields"},
    "last_touch": touch(f"{PAGE}?utm_source=script"),
    "page_url": f"{PAGE}?utm_source=page_url",
    "hosted_query": (("utm_source", "hosted_query"),),
    "landing_url": f"{PAGE}?utm_source=landing_url",
    "referer": f"{PAGE}?utm_source=referer_query",
}


@pytest.mark.parametrize("skipped", range(len(ALL_PLACES)))
def test_attribution__the_first_place_with_a_value_supplies_it(skipped):
    names = list(ALL_PLACES)[skipped:]
    found = resolve(Evidence(**{name: ALL_PLACES[name] for name in names}))
    assert found.utm["source"] == found.method


def test_attribution__one_place_supplies_all_five():
    found = resolve(
        Evidence(
            tracking={"utm_campaign": "own"},
            last_touch=touch(f"{PAGE}?utm_source=google&utm_medium=cpc&utm_campaign=other"),
        )
    )
    assert dict(found.utm) == {"campaign": "own"}
    assert found.method == "fields"


def test_attribution__all_five_decoded_and_case_kept():
    query = "UTM_Source=Google%20Ads&utm_MEDIUM=CPC&utm_campaign=Spring+Sale&utm_content=%C3%A9t%C3%A9"
    found = resolve(Evidence(page_url=f"{PAGE}?{query}&utm_term=a%2Bb"))
    assert dict(found.utm) == {
        "source": "Google Ads",
        "medium": "CPC",
        "campaign": "Spring Sale",
        "content": "été",
        "term": "a+b",
    }
    assert not found.raw


def test_attribution__empty_values_are_absent():
    found = resolve(Evidence(tracking={"utm_source": "", "utm_medium": "  "}, page_url=f"{PAGE}?utm_source=bing"))
    assert (dict(found.utm), found.method) == ({"source": "bing"}, "page_url")


@pytest.mark.parametrize(("embedding", "method"), [("decorate", "script"), ("inline", "script"), ("frame", "frame")])
def test_attribution__the_script_and_the_frame_are_told_apart(embedding, method):
    found = resolve(Evidence(last_touch=touch(f"{PAGE}?utm_source=x"), embedding=embedding))
    assert found.method == method


@pytest.mark.parametrize(("prefer", "source"), [("last", "two"), ("first", "one")])
def test_attribution__the_form_says_which_touch_counts(prefer, source):
    first, last = touch(f"{PAGE}?utm_source=one"), touch(f"{PAGE}?utm_source=two&utm_term=t")
    found = resolve(Evidence(first_touch=first, last_touch=last), prefer)
    assert found.utm["source"] == source
    assert ("term" in found.utm) is (prefer == "last")
    assert (found.first.utm["source"], found.last.utm["source"]) == ("one", "two")


def test_attribution__a_first_touch_without_campaign_leaves_it_to_the_last():
    found = resolve(
        Evidence(first_touch=touch(PAGE, "https://t.co/"), last_touch=touch(f"{PAGE}?utm_source=two")),
        "first",
    )
    assert found.utm["source"] == "two"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("{{campaign.name}}", None),
        ("{keyword}", None),
        ("%7Bkeyword%7D", None),
        ("__CAMPAIGN_NAME__", None),
        ("${CAMPAIGN}", None),
        ("%%CAMPAIGN%%", None),
        ("[campaign]", None),
        ("<campaign_name>", None),
        ("{{ad.name}}_{{adset.name}}", None),
        ("undefined", None),
        ("brand-{keyword}", "brand"),
        ("a?utm_source=b", "a"),
        ("x?fbclid=abc", "x"),
        ("one\r\ntwo\x00", "one two"),
        ("<script>alert(1)</script>", "‹script›alert(1)‹/script›"),
        ("x" * 2500, "x" * 255),
        (" padded ", "padded"),
        ("\u202eevil", "evil"),
    ],
)
def test_attribution__a_dirty_value_is_cleaned_and_its_raw_kept(written, kept):
    found = resolve(Evidence(tracking={"utm_campaign": written, "utm_source": "s"}))
    assert found.utm.get("campaign") == kept
    assert found.raw["campaign"] == written.replace("\u202e", "")[:2000]


@pytest.mark.parametrize("written", ["[UK] Spring", "50% off", "a_b", "What now?", "c++ & co", "naïve", "snake__case"])
def test_attribution__an_odd_but_honest_value_is_kept(written):
    found = resolve(Evidence(tracking={"utm_campaign": written}))
    assert (found.utm["campaign"], dict(found.raw)) == (written, {})


def test_attribution__nothing_but_macros_is_no_campaign():
    found = resolve(Evidence(tracking={"utm_source": "{source}"}, page_url=f"{PAGE}?utm_source=real"))
    assert (found.utm["source"], found.method) == ("real", "page_url")
    found = resolve(Evidence(tracking={"utm_source": "{source}"}))
    assert (dict(found.utm), found.raw["source"], found.method) == ({}, "{source}", "none")


@pytest.mark.parametrize(
    ("query", "utm", "click_ids"),
    [
        ("?utm_source=a?utm_source=b", {"source": "a"}, {}),
        ("?utm_source=x?fbclid=abc", {"source": "x"}, {"fbclid": "abc"}),
        ("?utm_source=x%3Futm_medium%3Dy", {"source": "x", "medium": "y"}, {}),
        ("?utm_source=x&amp;utm_medium=y", {"source": "x", "medium": "y"}, {}),
        ("?utm_source=a&utm_source=b", {"source": "a"}, {}),
        ("#/tour?utm_source=spa", {"source": "spa"}, {}),
        ("#utm_source=hash", {"source": "hash"}, {}),
    ],
)
def test_attribution__a_broken_query_is_mended(query, utm, click_ids):
    found = resolve(Evidence(page_url=PAGE + query))
    assert (dict(found.utm), dict(found.click_ids)) == (utm, click_ids)


@pytest.mark.parametrize(
    ("name", "source", "medium", "channel"),
    [
        ("gclid", "google", "cpc", "Paid Search"),
        ("gbraid", "google", "cpc", "Paid Search"),
        ("wbraid", "google", "cpc", "Paid Search"),
        ("dclid", "google", "display", "Display"),
        ("msclkid", "bing", "cpc", "Paid Search"),
        ("fbclid", "facebook", "social", "Organic Social"),
        ("ttclid", "tiktok", "paid_social", "Paid Social"),
        ("li_fat_id", "linkedin", "paid_social", "Paid Social"),
    ],
)
def test_attribution__a_click_id_gives_source_and_medium(name, source, medium, channel):
    found = resolve(Evidence(page_url=f"{PAGE}?{name}=AbC-1"))
    assert (found.source, found.medium, found.channel, found.method) == (source, medium, channel, "click_id")
    assert (found.click_ids[name], found.methods[name], dict(found.utm)) == ("AbC-1", "page_url", {})


def test_attribution__click_ids_of_every_place_are_kept_with_their_methods():
    found = resolve(
        Evidence(
            tracking={"gclid": "one"},
            last_touch=touch(f"{PAGE}?gclid=other&fbclid=two"),
            page_url=f"{PAGE}?utm_source=x&utm_id=77",
        )
    )
    assert dict(found.click_ids) == {"gclid": "one", "fbclid": "two"}
    assert found.methods["gclid"] == "fields"
    assert found.methods["fbclid"] == "script"
    assert (found.extra["utm_id"], found.methods["utm_id"]) == ("77", "page_url")


def test_attribution__a_click_id_completes_a_source_without_medium():
    found = resolve(Evidence(page_url=f"{PAGE}?utm_source=google&gclid=1"))
    assert (found.medium, found.methods["medium"], found.channel) == ("cpc", "click_id", "Paid Search")
    assert dict(found.utm) == {"source": "google"}


def test_attribution__a_referrer_does_not_lend_its_medium_to_another_source():
    found = resolve(Evidence(page_url=f"{PAGE}?utm_source=brochure", referrer="https://www.google.com/"))
    assert (found.source, found.medium) == ("brochure", "")


@pytest.mark.parametrize(
    ("referrer", "source", "medium"),
    [
        ("https://www.google.co.uk/", "google", "organic"),
        ("https://chatgpt.com/", "chatgpt", "ai"),
        ("https://hubblehq.com/office/1", "hubblehq", "marketplace"),
        ("https://www.blog.example.org/x", "blog.example.org", "referral"),
        ("android-app://com.linkedin.android/", "linkedin", "social"),
    ],
)
def test_attribution__an_external_referrer_is_the_source(referrer, source, medium):
    found = resolve(Evidence(page_url=PAGE, referrer=referrer))
    assert (found.source, found.medium, found.method) == (source, medium, "referrer")


@pytest.mark.parametrize(
    "referrer",
    [
        *(
            "https://www.example.com/",
            "https://example.com/a",
            "https://blog.example.com/",
            "https://forms.host/",
        ),
        *("javascript:alert(1)", "https://[broken", "not a url", ""),
    ],
)
def test_attribution__own_hosts_and_nonsense_are_no_source(referrer):
    found = resolve(Evidence(page_url=PAGE, referrer=referrer, own_hosts=["forms.host"], embedding="decorate"))
    assert (found.source, found.method, found.channel) == ("", "none", "Direct")


@pytest.mark.parametrize(
    ("referer", "source", "method"),
    [
        ("https://www.customer-site.com/", "", "none"),
        ("https://www.facebook.com/", "facebook", "referer"),
        ("https://www.google.com/", "google", "referer"),
    ],
)
def test_attribution__the_posts_own_referer_counts_only_for_a_known_source(referer, source, method):
    found = resolve(Evidence(referer=referer))
    assert (found.source, found.method) == (source, method)


def test_attribution__a_page_on_a_known_hosts_subdomain_does_not_own_it():
    found = resolve(Evidence(page_url="https://sites.google.com/view/us", referrer="https://www.google.com/"))
    assert found.source == "google"


def test_attribution__an_organic_touch_is_the_source():
    found = resolve(Evidence(page_url=PAGE, last_touch=touch(PAGE, "https://duckduckgo.com/"), embedding="inline"))
    assert (found.source, found.channel, found.last.channel) == (
        "duckduckgo",
        "Organic Search",
        "Organic Search",
    )
    assert found.last.at == "2026-03-01T09:00:00.000Z"


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", '{"url": 5}', "[" * 9000, '{"url": "javascript:1"}'])
def test_attribution__a_touch_that_is_none_of_ours_is_passed_over(text):
    assert resolve(Evidence(first_touch=text, last_touch=text)).last is None


def test_attribution__a_very_long_landing_url_still_tells_its_campaign():
    found = resolve(Evidence(last_touch=touch(f"{PAGE}?x={'a' * 3000}&utm_source=late")))
    assert found.utm["source"] == "late"
    assert len(found.last.landing_url) == 2000


def test_attribution__nothing_known_is_unknown():
    assert resolve(Evidence()) == Attribution()


def test_attribution__json_round_trip():
    found = resolve(
        Evidence(
            tracking={"utm_source": "{x}", "utm_id": "1", "gclid": "g"},
            first_touch=touch(f"{PAGE}?utm_source=one&fbclid=f"),
            last_touch=touch(PAGE, "https://t.co/x"),
            page_url=PAGE,
        )
    )
    assert from_json(json.loads(json.dumps(to_json(found)))) == found
    assert to_json(Attribution()) == {"method": "none", "channel": "Unknown"}


def test_attribution__json_of_another_version_is_read():
    assert from_json({"later": 1, "source": "x", "last": {"at": "", "later": 2}}).source == "x"


TEXTS = st.text() | st.sampled_from(["https://x.com/?utm_source=", "{{a}}", "?utm_source=a?", "%", "[", "utm_id=1&"])
URLS = st.lists(TEXTS, max_size=4).map("".join)
TOUCHES = URLS | st.builds(lambda u, r: json.dumps({"url": u, "referrer": r, "at": r}), URLS, URLS)
EVIDENCE = st.builds(
    Evidence,
    tracking=st.dictionaries(st.sampled_from(["utm_source", "UTM_medium", "gclid", "utm_x", "other"]), URLS),
    first_touch=st.none() | TOUCHES,
    last_touch=st.none() | TOUCHES,
    embedding=st.none() | st.sampled_from(["frame", "decorate"]) | TEXTS,
    page_url=st.none() | URLS,
    hosted_query=st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple),
    landing_url=st.none() | URLS,
    referrer=st.none() | URLS,
    referer=st.none() | URLS,
    own_hosts=st.lists(TEXTS, max_size=2).map(tuple),
)


@given(EVIDENCE, st.sampled_from(["first", "last"]))
def test_attribution__whatever_comes_is_answered_and_kept_in_bounds(evidence, prefer):
    found = resolve(evidence, prefer)
    assert from_json(json.loads(json.dumps(to_json(found)))) == found
    assert {found.method, *found.methods.values()} <= set(METHODS)
    assert found.channel in CHANNELS
    for value in (*found.utm.values(), *found.extra.values(), *found.click_ids.values()):
        assert 0 < len(value) <= 255
        assert not set(value) & set("\r\n\x00<>")
    assert all(len(value) <= 2000 for value in found.raw.values())
