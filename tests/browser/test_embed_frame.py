"""Our form in a frame: as high as its content, and told by the page around it where the visitor came from."""

import pytest
from embed_visits import CAMPAIGN, UTM, three_pages, utm_of, walk

from leadcapture.domain.attribution_notes import parse_attribution_lines

pytestmark = pytest.mark.browser

PLACE = '<div data-leadcapture="tour" data-leadcapture-mode="frame"></div>'


def fill_frame(page, email):
    frame = page.frame_locator("iframe")
    frame.locator("[name=full_name]").fill("Ada Lovelace")
    frame.locator("[name=email]").fill(email)
    page.wait_for_timeout(2100)
    return frame


def test_embed_frame__the_page_around_hands_the_campaign_over(visitor, website, service):
    landing = three_pages(website, service, "frame", PLACE)
    walk(visitor, f"{landing}?{CAMPAIGN}")
    frame = fill_frame(visitor, "frame@example.com")
    frame.get_by_role("button", name="Request my tour").click()
    frame.get_by_text("Thank you").first.wait_for()
    found = service.opportunity("frame@example.com")
    notes = parse_attribution_lines(found["Notes"])
    assert utm_of(found) == UTM
    assert (notes["method"], notes["page_url"]) == ("frame", f"{website.origin}/frame/form")


def test_embed_frame__it_is_as_high_as_its_content(visitor, website, service):
    visitor.goto(three_pages(website, service, "height", PLACE) + "form")
    frame = visitor.frame_locator("iframe")
    frame.locator("[name=full_name]").wait_for()
    higher = "document.body.append(Object.assign(document.createElement('div'), {style: 'height: 900px'}))"
    frame.locator("body").evaluate(higher)
    visitor.wait_for_function("document.querySelector('iframe').clientHeight > 900")
    frame.locator("body").evaluate("document.body.lastElementChild.remove()")
    visitor.wait_for_function("document.querySelector('iframe').clientHeight < 900")


def test_embed_frame__strangers_are_not_heard_by_the_page(visitor, website, service):
    website.page("/stranger", "<script>parent.postMessage({leadcapture: 'height', height: 9999}, '*')</script>here")
    visitor.goto(
        three_pages(website, service, "stranger-page", PLACE + f'<iframe src="{website.blog}/stranger"></iframe>')
        + "form"
    )
    visitor.frame_locator("iframe").first.locator("[name=full_name]").wait_for()
    visitor.evaluate("postMessage({leadcapture: 'next', url: '/elsewhere'}, '*')")
    visitor.wait_for_timeout(300)
    assert visitor.url.endswith("/stranger-page/form")
    assert visitor.evaluate("Math.max(...[...document.querySelectorAll('iframe')].map(f => f.clientHeight))") < 9999


def test_embed_frame__strangers_are_not_heard_by_the_frame(visitor, website, service):
    landing = three_pages(website, service, "forged", PLACE)
    walk(visitor, f"{landing}?{CAMPAIGN}")
    frame = fill_frame(visitor, "forged@example.com")
    forged = "postMessage({leadcapture: 'facts', facts: {_page_url: 'https://evil.example/?utm_source=evil'}}, '*')"
    frame.locator("body").evaluate(forged)
    frame.get_by_role("button", name="Request my tour").click()
    frame.get_by_text("Thank you").first.wait_for()
    assert utm_of(service.opportunity("forged@example.com")) == UTM
