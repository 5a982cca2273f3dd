"""What holds of every public page whatever it says: axe has nothing against it, it fits a phone, nothing is inline."""

import pytest
from forms_stage import open_stage
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with open_stage(tmp_path_factory.mktemp("forms-look")) as stage:
        yield stage


@pytest.fixture(scope="module", params=["light", "dark"])
def tab(request, browser):
    """A tab by day and one by night, that collects what the page's policy forbids."""
    context = browser.new_context(color_scheme=request.param)
    context.set_default_timeout(10000)
    tab = context.new_page()
    tab.complaints = []
    tab.on("console", lambda line: tab.complaints.append(line.text) if "Content Security Policy" in line.text else None)
    yield tab
    context.close()


def wrong(form):
    """A page with every kind of error on it."""

    def go(tab, stage):
        tab.goto(f"{stage.url}/f/{form}")
        tab.locator("[name=email]").fill("ann@")
        tab.get_by_role("button").click()
        tab.locator("#lc-summary").wait_for()

    return go


def at(path):
    return lambda tab, stage: tab.goto(stage.url + path)


def too_large(tab, stage):
    """The page that answers a post of more than the form can take."""
    tab.goto(f"{stage.url}/f/every")
    tab.locator("[name=message]").evaluate("(field) => { field.value = 'x'.repeat(300000); }")
    tab.get_by_role("button").click()
    tab.locator(".lc-back").wait_for()


PAGES = {
    "contact": at("/f/contact"),
    "tour": at("/f/tour"),
    "every": at("/f/every"),
    "framed": at("/f/every?embed=1"),
    "tour errors": wrong("tour"),
    "every errors": wrong("every"),
    "thanks": at("/f/tour/thanks"),
    "framed thanks": at("/f/every/thanks?embed=1"),
    "not here": at("/f/nothing"),
    "too large": too_large,
}


@pytest.mark.parametrize("name", PAGES)
def test_page__axe_finds_nothing_serious_by_day_and_by_night(tab, stage, axe, name):
    tab.complaints.clear()
    PAGES[name](tab, stage)
    assert axe(tab) == []
    assert tab.evaluate("document.documentElement.lang") in {"en", "de"}
    assert tab.complaints == []


@pytest.fixture(scope="module")
def phone(browser):
    """The narrowest phone."""
    context = browser.new_context(viewport={"width": 320, "height": 568}, has_touch=True, is_mobile=True)
    context.set_default_timeout(10000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_phone__nothing_is_wider_than_the_screen(phone, stage, name):
    PAGES[name](phone, stage)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    assert phone.evaluate("visualViewport.scale") == 1


TARGETS = """() => [...document.querySelectorAll("a, button, select, textarea, input:not([type=hidden])")]
    .filter((one) => !one.closest(".lc-trap"))
    .map((one) => [one.name || one.textContent, (one.closest("label") || one).getBoundingClientRect()])
    .map(([name, box]) => [name, box.width, box.height])"""


@pytest.mark.parametrize("name", ["tour errors", "every errors"])
def test_phone__everything_is_large_enough_for_a_finger(phone, stage, name):
    PAGES[name](phone, stage)
    targets = phone.evaluate(TARGETS)
    assert len(targets) > 8
    for label, width, height in targets:
        assert width >= 24, label
        assert height >= 24, label


def test_phone__text_fields_do_not_make_it_zoom(phone, stage):
    phone.goto(f"{stage.url}/f/every")
    sizes = phone.evaluate(
        "[...document.querySelectorAll('.lc-field > :is(input, select, textarea)')]"
        ".map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert len(sizes) == 6
    assert min(sizes) >= 16


def test_trap__is_neither_seen_nor_read_nor_reached(phone, stage):
    phone.goto(f"{stage.url}/f/contact")
    box = phone.locator("[name=_gotcha]").locator("..").bounding_box()
    assert (box["width"], box["height"]) == (1, 1)
    assert "Leave this empty" not in phone.locator("body").aria_snapshot()


def test_brand__button_text_is_black_on_yellow(phone, stage):
    phone.goto(f"{stage.url}/f/every")
    button = phone.get_by_role("button")
    expect(button).to_have_css("background-color", "rgb(255, 212, 0)")
    expect(button).to_have_css("color", "rgb(0, 0, 0)")


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
def test_motion__only_where_the_visitor_does_not_mind(browser, stage, wish, moves):
    context = browser.new_context(reduced_motion=wish)
    tab = context.new_page()
    tab.goto(f"{stage.url}/f/contact")
    button = tab.get_by_role("button")
    button.hover()
    assert button.evaluate("(one) => parseFloat(getComputedStyle(one).transitionDuration) > 0") is moves
    context.close()


def test_store_down__the_page_keeps_what_was_typed(browser, stage, axe):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{stage.url}/f/contact")
    tab.locator("[name=full_name]").fill("Dee Down")
    tab.locator("[name=email]").fill("dee.down@example.com")
    tab.locator("[name=message]").fill("Kept?")
    tab.locator("[name=consent]").check()
    database = stage.service.folder / "leads.db"
    away = database.with_suffix(".away")
    database.rename(away)
    database.mkdir()
    try:
        tab.get_by_role("button").click()
        tab.locator("#lc-summary").wait_for()
    finally:
        database.rmdir()
        away.rename(database)
    assert tab.locator("[name=message]").input_value() == "Kept?"
    assert tab.locator("[name=consent]").is_checked()
    assert axe(tab) == []
    context.close()
