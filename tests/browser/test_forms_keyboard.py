"""Both sample forms from the first Tab to the opportunity in the stand-in, and what happens to a wrong answer."""

import re
import time

import pytest
from forms_stage import Keyboard, open_stage
from playwright.sync_api import expect

CAMPAIGN = "utm_source=google&utm_medium=cpc&utm_campaign=autumn&utm_term=desk%20hire&utm_content=ad%201"


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with open_stage(tmp_path_factory.mktemp("forms-stage")) as stage:
        yield stage


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def tab(request, browser):
    """A British visitor's tab, with JavaScript and without."""
    context = browser.new_context(locale="en-GB", java_script_enabled=request.param)
    context.set_default_timeout(10000)
    yield context.new_page()
    context.close()


@pytest.fixture
def british(browser):
    """A British visitor's tab."""
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(10000)
    yield context.new_page()
    context.close()


def test_contact__by_keyboard_alone(british, stage):
    hand = Keyboard(british, f"{stage.url}/f/contact?{CAMPAIGN}")
    hand.type("full_name", "Ann Keys")
    hand.type("email", "ann.keys@example.com")
    hand.type("phone", "020 7946 0958")
    hand.type("company", "Keys & Co")
    hand.type("workspace", "Ded")
    hand.type("message", "Two desks, please.")
    hand.press("consent", "Space")
    hand.send("Space")
    expect(british).to_have_url(f"{stage.url}/f/contact/thanks")
    expect(british.get_by_role("heading", name="Thank you")).to_be_visible()
    found = stage.opportunity("ann.keys@example.com")
    assert [found[f"Utm{name}"] for name in ("Source", "Medium", "Campaign", "Term", "Content")] == [
        *("google", "cpc", "autumn", "desk hire", "ad 1")
    ]
    assert "Two desks, please." in found["Notes"]
    assert "What are you looking for: Dedicated desk" in found["Notes"].replace("for?:", "for:")
    assert "Consent: “You may contact me about my enquiry.” given" in found["Notes"]
    assert stage.lead("ann.keys@example.com").state in {"delivering", "delivered"}


def test_tour__by_keyboard_alone(british, stage):
    hand = Keyboard(british, f"{stage.url}/f/tour?{CAMPAIGN}")
    hand.type("full_name", "Tom Tour")
    hand.type("email", "tom.tour@example.com")
    hand.type("tour_date", "06062030")  # whichever way round this browser asks for it
    hand.type("tour_time", "1430")
    hand.type("team_size", "12")
    hand.type("message", "We come by train.")
    hand.press("newsletter", "Space")
    hand.press("consent", "Space")
    hand.send("Enter")
    expect(british).to_have_url(f"{stage.url}/f/tour/thanks")
    found = stage.opportunity("tom.tour@example.com")
    assert found["DueDate"].startswith("2030-06-06T13:30")
    assert found["UtmCampaign"] == "autumn"
    assert "12" in found["Notes"]


def test_errors__are_announced_bound_and_mended_with_and_without_scripts(tab, stage, request):
    email = f"mended.{'plain' if 'no scripts' in request.node.name else 'scripts'}@example.com"
    hand = Keyboard(tab, f"{stage.url}/f/tour?utm_source=news")
    hand.type("full_name", "Mae Mended")
    hand.type("email", "mae@")
    hand.type("phone", "12")
    hand.type("team_size", "900")
    hand.send()
    summary = tab.locator("#lc-summary")
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    expect(tab).to_have_title(re.compile("^Not sent yet: "))
    for name, message in (
        ("email", "Please give a full e-mail address, such as ann@example.com."),
        ("phone", "Please give a telephone number with its area code."),
        ("tour_date", "Please fill in this field."),
        ("team_size", "Please give 500 or less."),
        ("consent", "Please agree so that we may contact you."),
    ):
        field = tab.locator(f"[name={name}]")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(tab.locator(f"#{field.get_attribute('aria-describedby')}")).to_have_text(message)
    expect(tab.locator("[aria-invalid=true]")).to_have_count(5)
    assert [tab.locator(f"[name={n}]").input_value() for n in ("full_name", "email", "phone", "team_size")] == [
        *("Mae Mended", "mae@", "12", "900")
    ]
    assert stage.lead(email) is None

    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.locator("[name=email]")).to_be_focused()
    tab.keyboard.press("Control+a")
    tab.keyboard.type(email)
    tab.locator("[name=phone]").fill("")
    tab.locator("[name=tour_date]").fill("2030-05-24")
    tab.locator("[name=team_size]").fill("50")
    tab.locator("[name=consent]").check()
    tab.get_by_role("button").press("Enter")
    expect(tab).to_have_url(f"{stage.url}/f/tour/thanks")
    lead = stage.lead(email)
    assert lead is not None
    assert lead.state != "held"
    assert stage.opportunity(email)["UtmSource"] == "news"


def test_consent__is_required_on_the_hosted_page(british, stage):
    hand = Keyboard(british, f"{stage.url}/f/contact")
    hand.type("full_name", "No Consent")
    hand.type("email", "no.consent@example.com")
    hand.type("message", "Hi")
    hand.send()
    expect(british.locator("[name=consent]")).to_have_attribute("aria-invalid", "true")
    expect(british.get_by_role("link", name="Your consent")).to_be_visible()
    assert stage.lead("no.consent@example.com") is None


def test_robot__a_form_filled_in_under_two_seconds_is_held(page, stage):
    for turn in range(10):  # a busy machine's browser may itself take longer
        began, email = time.monotonic(), f"bo.bot{turn}@example.com"
        page.goto(f"{stage.url}/f/contact")
        page.evaluate(
            """email => {
            for (const [name, value] of [["full_name", "Bo Bot"], ["email", email], ["message", "Hi"]])
                document.forms[0].elements[name].value = value;
            document.forms[0].elements.consent.checked = true;
            document.forms[0].submit();
        }""",
            email,
        )
        page.wait_for_url("**/f/contact/thanks")
        if time.monotonic() - began < 2:
            break
    lead = stage.lead(email)
    assert lead.state == "held"
    assert "seconds" in lead.reason


def test_choices__by_arrows_and_space_in_german(british, stage):
    hand = Keyboard(british, f"{stage.url}/f/every")
    hand.type("email", "alle.arten@example.com")
    hand.press("plan", "Space")
    british.keyboard.press("ArrowDown")
    hand.press("extras", "Space")
    hand.press("consent", "Space")
    hand.send()
    expect(british.get_by_role("heading", name="Vielen Dank")).to_be_visible()
    notes = stage.opportunity("alle.arten@example.com")["Notes"]
    assert "Büro" in notes
    assert "Parkplatz" in notes


def test_focus__is_always_visible(british, stage):
    british.goto(f"{stage.url}/f/every")
    for _ in range(20):
        british.keyboard.press("Tab")
        seen = british.evaluate("""() => {
            const look = getComputedStyle(document.activeElement);
            const { name, tagName } = document.activeElement;
            return [name || tagName, look.outlineStyle, parseFloat(look.outlineWidth)];
        }""")
        if seen[0] == "BODY":
            break
        assert seen[1] == "solid", seen
        assert seen[2] >= 3, seen
