"""Light or dark as the page around the form, whatever the visitor's system prefers."""

import pytest
from embed_visits import three_pages

pytestmark = pytest.mark.browser

PLACE = '<div data-leadcapture="tour" {more}></div>'
FRAME = 'data-leadcapture-mode="frame"'
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(22, 32, 30)"
PAGES = {
    "says nothing": ("", "", LIGHT),
    "light": ("light", "", LIGHT),
    "dark": ("dark", "", DARK),
    "both": ("light dark", "", DARK),
    "decided": ("dark", 'data-theme="light"', LIGHT),
}


@pytest.mark.parametrize("mode", ["", FRAME], ids=["inline", "frame"])
@pytest.mark.parametrize(("scheme", "more", "paper"), PAGES.values(), ids=PAGES)
def test_embed_theme__is_the_pages(visitor, website, service, scheme, more, paper, mode):
    visitor.emulate_media(color_scheme="dark")
    style = f"<style>:root {{ color-scheme: {scheme} }}</style>" if scheme else ""
    path = f"theme-{abs(hash((scheme, more, mode)))}"
    visitor.goto(three_pages(website, service, path, style + PLACE.format(more=f"{mode} {more}")) + "form")
    place = visitor.frame_locator("iframe") if mode else visitor
    card = place.locator(".lc-card")
    card.wait_for()
    visitor.wait_for_load_state("networkidle")
    assert card.evaluate("card => getComputedStyle(card).backgroundColor") == paper
