"""Whatever colour a brand has, what stands on it and what is drawn with it can be read."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import leadcapture
from leadcapture.web.colours import DARK_PAPER, PAPER, contrast, shade_on, text_on, theme_css

STYLES = (Path(leadcapture.__file__).parent / "web/static/form.css").read_text()
PROPERTY = re.compile(r"--([\w-]+): (#[0-9a-f]{6})")
LIGHT, DARK = STYLES.split("@media (prefers-color-scheme: dark)")[:2]
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_text_on__any_brand_is_readable(brand):
    assert contrast(text_on(brand), brand) >= 4.5


@given(colours)
def test_shade_on__any_brand_is_readable_in_light_and_dark(brand):
    for paper in (PAPER, DARK_PAPER):
        assert contrast(shade_on(brand, paper), paper) >= 4.5


@given(colours)
def test_theme__a_pressed_button_is_readable_too(brand):
    found = dict(PROPERTY.findall(theme_css(brand).splitlines()[0]))
    assert contrast(found["brand-pressed"], found["on-brand"]) >= 4.5


def test_shade_on__a_readable_brand_stays_as_it_is():
    assert shade_on("#0b6e5f", PAPER) == "#0b6e5f"
    assert shade_on("#ffd400", DARK_PAPER) == "#ffd400"


def test_contrast__of_black_and_white():
    assert round(contrast("#000000", "#ffffff"), 2) == round(contrast("#ffffff", "#000000"), 2) == 21.0


def test_form_css__its_own_colours_are_readable():
    light = dict(PROPERTY.findall(LIGHT))
    dark = light | dict(PROPERTY.findall(DARK.split("*, *::before")[0]))
    for colour in (light, dark):
        assert contrast(colour["on-brand"], colour["brand"]) >= 4.5
        assert contrast(colour["line"], colour["paper"]) >= 3
        assert contrast(colour["wrong"], colour["wrong-ground"]) >= 4.5
        for text in ("ink", "quiet", "accent", "wrong"):
            assert contrast(colour[text], colour["paper"]) >= 4.5
    assert (light["paper"], dark["paper"]) == (PAPER, DARK_PAPER)
