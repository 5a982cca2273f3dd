"""Without any script: the hosted page keeps the campaign of its own address."""

import pytest
from embed_visits import CAMPAIGN, UTM, fill_in, leave, utm_of

from leadcapture.domain.attribution_notes import parse_attribution_lines

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("embed", ["", "&embed=1"])
@pytest.mark.parametrize("javascript", [True, False])
def test_embed_hosted__the_campaign_of_its_own_address(chromium, service, embed, javascript):
    email = f"hosted-{javascript}-{embed[-1:]}@example.com".lower()
    context = chromium.new_context(java_script_enabled=javascript)
    page = context.new_page()
    page.goto(f"{service.action}?{CAMPAIGN}{embed}", wait_until="load")
    fill_in(page, email)
    leave(page, "Request my tour")
    found = service.opportunity(email)
    assert utm_of(found) == UTM
    assert parse_attribution_lines(found["Notes"])["method"] == "hosted_query"
    context.close()


def test_embed_hosted__the_site_that_linked_to_it_is_the_source(visitor, website, service):
    website.page("/links", f'<a href="{service.action}">Book</a>')
    visitor.goto(f"{website.blog}/links")
    visitor.click("text=Book")
    fill_in(visitor, "linked@example.com")
    leave(visitor, "Request my tour")
    notes = parse_attribution_lines(service.opportunity("linked@example.com")["Notes"])
    assert (notes["source"], notes["method"]) == ("blog.elsewhere.localhost", "referrer")
