"""Our form in place of a div, in a shadow root."""

import pytest
from embed_visits import CAMPAIGN, UTM, fill_in, three_pages, utm_of, walk

from leadcapture.domain.attribution_notes import parse_attribution_lines

pytestmark = pytest.mark.browser

PLACE = '<div data-leadcapture="tour"><a href="/call-us">Call us</a></div>'


def test_embed_inline__the_hosted_form_with_the_visitors_campaign(visitor, website, service):
    landing = three_pages(website, service, "inline", PLACE)
    walk(visitor, f"{landing}?{CAMPAIGN}")
    fill_in(visitor, "inline@example.com")
    visitor.get_by_role("button", name="Request my tour").click()
    visitor.wait_for_selector("[role=status] >> text=Thank you. We will confirm your tour.")
    assert visitor.url == f"{website.origin}/inline/form"
    found = service.opportunity("inline@example.com")
    notes = parse_attribution_lines(found["Notes"])
    assert utm_of(found) == UTM
    assert (notes["method"], notes["page_url"]) == ("script", f"{website.origin}/inline/form")


def test_embed_inline__it_lives_in_a_shadow_root_with_its_own_style(visitor, website, service):
    visitor.goto(three_pages(website, service, "shadow", PLACE) + "form")
    visitor.wait_for_selector("[name=full_name]")
    inside = "document.querySelector('[data-leadcapture]').shadowRoot"
    assert visitor.evaluate(f"{inside}.querySelector('form').action") == service.action
    assert visitor.evaluate(f"{inside}.querySelectorAll('link[rel=stylesheet], style').length") >= 1
    assert visitor.evaluate("document.querySelector('form')") is None
    assert not visitor.get_by_text("Call us").is_visible()


def test_embed_inline__a_strict_content_security_policy(visitor, website, service):
    policy = f"default-src 'none'; script-src {service.url}; connect-src {service.url}; style-src {service.url}"
    headers = {"Content-Security-Policy": f"{policy}; form-action {service.url}; require-trusted-types-for 'script'"}
    landing = three_pages(website, service, "strict", PLACE, headers)
    complaints = []
    visitor.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    walk(visitor, f"{landing}?{CAMPAIGN}")
    fill_in(visitor, "strict@example.com")
    visitor.get_by_role("button", name="Request my tour").click()
    visitor.wait_for_selector(".lc-sent[role=status]")
    assert utm_of(service.opportunity("strict@example.com")) == UTM
    assert [text for text in complaints if "favicon" not in text and "404" not in text] == []


def test_embed_inline__a_frame_where_the_page_forbids_fetching(visitor, website, service):
    headers = {"Content-Security-Policy": f"script-src {service.url}; connect-src 'none'; frame-src {service.url}"}
    visitor.goto(three_pages(website, service, "noconnect", PLACE, headers) + "form")
    visitor.frame_locator("iframe").locator("[name=full_name]").wait_for()


def test_embed_inline__an_unknown_form_leaves_the_page_as_it_was(visitor, website, service):
    place = PLACE.replace("tour", "nothing")
    with visitor.expect_console_message(lambda message: "leadcapture: no form" in message.text):
        visitor.goto(three_pages(website, service, "unknown", place) + "form")
    assert visitor.get_by_text("Call us").is_visible()


def test_embed_inline__a_place_added_later_is_filled(visitor, website, service):
    visitor.goto(three_pages(website, service, "added", "<main></main>") + "form")
    visitor.evaluate("place => { document.querySelector('main').innerHTML = place }", PLACE)
    visitor.wait_for_selector("[name=full_name]")


def test_embed_inline__a_busy_service_is_asked_again(visitor, website, service):
    asked = []

    def answer(route):
        asked.append(route.request.url)
        if len(asked) > 1:
            return route.continue_()
        return route.fulfill(status=503, headers={"Access-Control-Allow-Origin": "*", "Retry-After": "5"}, body="busy")

    visitor.route(f"{service.action}?embed=inline", answer)
    visitor.goto(three_pages(website, service, "busy", PLACE) + "form")
    assert visitor.get_by_text("Call us").is_visible()
    visitor.wait_for_selector("[name=full_name]")
    assert len(asked) == 2
