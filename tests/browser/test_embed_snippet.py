"""The hidden-field snippet of docs/embedding.md, for builders that post from their own server."""

from pathlib import Path

import pytest
from embed_visits import CAMPAIGN, three_pages, walk

pytestmark = pytest.mark.browser

GUIDE = Path(__file__).parents[2] / "docs" / "embedding.md"
FIELDS = "".join(
    f'<input type="hidden" name="{name}" value="{value}">'
    for name, value in (
        ("utm_source", ""),
        ("utm_campaign", ""),
        ("utm_term", "own"),
        ("gclid", ""),
        ("_landing_url", ""),
    )
)
READ = "Object.fromEntries([...document.querySelectorAll('input')].map(field => [field.name, field.value]))"


def snippet():
    return GUIDE.read_text("utf-8").partition("<!-- hidden-field snippet -->\n```html\n")[2].partition("```")[0]


def test_embed_snippet__hidden_fields_get_the_last_touch(visitor, website, service):
    landing = three_pages(website, service, "hidden", FIELDS + snippet())
    walk(visitor, f"{landing}?{CAMPAIGN}&gclid=Cj0")
    assert visitor.evaluate(READ) == {
        "utm_source": "Google",
        "utm_campaign": "Spring Sale",
        "utm_term": "own",
        "gclid": "Cj0",
        "_landing_url": f"{landing}?{CAMPAIGN}&gclid=Cj0",
    }


def test_embed_snippet__a_page_with_its_own_campaign_comes_first(visitor, website, service):
    landing = three_pages(website, service, "hidden2", FIELDS + snippet())
    visitor.goto(f"{landing}?{CAMPAIGN}", wait_until="load")
    visitor.goto(f"{landing}form?UTM_SOURCE=here", wait_until="load")
    found = visitor.evaluate(READ)
    assert (found["utm_source"], found["utm_campaign"]) == ("here", "")
