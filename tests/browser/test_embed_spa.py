"""A website that changes its address without loading a page."""

import pytest
from embed_visits import CAMPAIGN, OWN_FORM, UTM, fill_in, leave, utm_of

from leadcapture.domain.attribution_notes import parse_attribution_lines

pytestmark = pytest.mark.browser


def test_embed_spa__the_page_is_the_one_at_the_moment_of_sending(visitor, website, service):
    page = website.page("/app", f"{service.script}{OWN_FORM.format(action=service.action)}")
    visitor.goto(f"{page}?{CAMPAIGN}", wait_until="load")
    visitor.evaluate("history.pushState({}, '', '/app/contact')")
    fill_in(visitor, "spa@example.com")
    leave(visitor)
    found = service.opportunity("spa@example.com")
    notes = parse_attribution_lines(found["Notes"])
    assert utm_of(found) == UTM
    assert notes["page_url"] == f"{website.origin}/app/contact"
    assert notes["landing_url"].startswith(f"{page}?utm_source=Google")


def test_embed_spa__a_campaign_that_appears_without_a_load_is_a_touch(visitor, website, service):
    page = website.page("/app2", f"{service.script}{OWN_FORM.format(action=service.action)}")
    visitor.goto(f"{page}?utm_source=first", wait_until="load")
    visitor.evaluate("history.pushState({}, '', '/app2/offer?utm_source=second')")
    visitor.evaluate("history.pushState({}, '', '/app2/contact')")
    fill_in(visitor, "spa2@example.com")
    leave(visitor)
    found = service.opportunity("spa2@example.com")
    notes = parse_attribution_lines(found["Notes"])
    assert utm_of(found) == {"UtmSource": "second"}
    assert notes["first"]["source"] == "first"
