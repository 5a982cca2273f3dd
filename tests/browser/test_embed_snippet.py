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


FRAMES = """
<a href="https://form.typeform.com/to/abc">Typeform</a>
<a href="https://tally.so/r/abc?size=2">Tally</a>
<a href="https://www.example.com/abc">Elsewhere</a>
<iframe src="https://form.jotform.com/123"></iframe>
"""
ADDRESSES = "[...document.querySelectorAll('a, iframe')].map(place => place.href || place.src)"


def snippet(guide=GUIDE, name="hidden-field"):
    return guide.read_text("utf-8").partition(f"<!-- {name} snippet -->\n```html\n")[2].partition("```")[0]


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


def test_embed_snippet__framed_forms_and_links_are_told_in_their_address(visitor, website, service):
    visitor.route("https://form.jotform.com/**", lambda route: route.fulfill(body="a form"))
    guide = GUIDE.parent / "builders" / "README.md"
    landing = three_pages(website, service, "framed", FRAMES + snippet(guide, "framed-form"))
    walk(visitor, f"{landing}?{CAMPAIGN}&gclid=Cj0")
    typeform, tally, elsewhere, jotform = visitor.evaluate(ADDRESSES)
    assert typeform.startswith("https://form.typeform.com/to/abc#page_url=http")
    assert typeform.endswith("utm_campaign=Spring+Sale&utm_content=hero&utm_term=desk+hire&gclid=Cj0")
    assert tally.startswith("https://tally.so/r/abc?size=2&page_url=http")
    assert "utm_source=Google" in tally
    assert "utm_source=Google" in jotform
    assert elsewhere == "https://www.example.com/abc"
