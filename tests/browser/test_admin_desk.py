"""The operator's pages in a real browser: every page and action, on a desk and on a phone, by keyboard alone."""

from datetime import UTC, datetime

import pytest
from admin_site import PASSWORD
from factories import make_content, make_new_lead
from playwright.sync_api import expect
from seed_leads import seed
from service import Service, wait_until

from leadcapture.domain.lead import LeadState
from leadcapture.sandbox.seed import LOCATION
from leadcapture.sandbox.server import Sandbox

pytestmark = pytest.mark.browser
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAGES = (
    "",
    "?group=held",
    "?group=blocked",
    "?q=nobody",
    "reports",
    "forms",
    "health",
    "audit",
    f"setup?location={LOCATION}",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A service with leads in every state, and a stand-in Nexudus behind it."""
    with Sandbox() as nexudus:
        settings = {"ADMIN_PASSWORD": PASSWORD, "WEB_CONCURRENCY": "1"}
        service = Service(tmp_path_factory.mktemp("office"), nexudus.url, env=settings)
        service.migrate()
        seed(service.store, datetime.now(UTC))
        service.start_web()
        yield service
        service.stop()


@pytest.fixture
def open_page(browser, office):
    """A function that opens the admin pages as somebody who is signed in; scripts and policies must not complain."""
    contexts, complaints = [], []

    def open_as(viewport=DESK, path="", **options):
        context = browser.new_context(viewport=viewport, accept_downloads=True, **options)
        context.set_default_timeout(10000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
        page.goto(f"{office.url}/admin/{path}")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


def put(office, name, **changes):
    """One more lead; returns its id."""
    content = make_content(f"{name.split()[0].lower()}@example.net", name=name)
    return office.store.leads.accept(make_new_lead(content=content, **changes)).id


def state(office, lead):
    return office.store.leads.get(lead).state


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_pages__are_accessible_and_fit_by_day_and_by_night(office, open_page, axe, viewport):
    page = open_page(viewport, color_scheme="light")
    some = [office.store.leads.find(query)[0].id for query in _one_of_each()]
    paths = (*PAGES, *(f"leads/{lead}" for lead in some), f"leads/{some[0]}/edit", f"leads/{some[0]}/erase")
    for path in paths:
        page.emulate_media(color_scheme="light")
        page.goto(f"{office.url}/admin/{path}")
        page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        for scheme in ("light", "dark"):  # of one load: what a page is by night, its style sheet alone decides
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], (path, scheme)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= viewport["width"], (path, scheme)


def _one_of_each():
    from leadcapture.store.leads import Query

    return [Query(state=name, limit=1) for name in ("blocked", "delivered", "held", "unknown")]


def test_sign_in__is_accessible_and_says_what_is_wrong(office, page, axe):
    page.goto(f"{office.url}/admin/health")
    assert axe(page) == []
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("That is not the password.")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/health")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/admin/login")


def test_inbox__finds_by_name_and_opens_the_lead(open_page):
    page = open_page()
    page.get_by_label("Search").fill("amelia")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Amelia Hart").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Amelia Hart")
    expect(page.get_by_text("Received and stored")).to_be_visible()


def test_inbox__works_by_keyboard(open_page):
    page = open_page()
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("x")
    assert page.locator("[data-row] input:checked").count() == 1
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == first
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/leads/*")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)


def test_held__one_click_releases_on_a_phone(office, open_page):
    lead = put(office, "Helen Held", state=LeadState.HELD, reason="looks like a robot")
    page = open_page(PHONE, "?group=held")
    page.get_by_role("button", name="Release Helen Held").click()
    expect(page.get_by_role("status").filter(has_text="1 lead was released")).to_be_visible()
    assert state(office, lead) is LeadState.RECEIVED


def test_bulk__discards_after_a_question(office, open_page):
    leads = [put(office, f"Bulk{n} Person", state=LeadState.HELD) for n in range(2)]
    page = open_page(path="?group=held&q=Bulk")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Discard").click()
    page.get_by_label("Why?").fill("robots")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("status").filter(has_text="2 leads were discarded.")).to_be_visible()
    assert {state(office, lead) for lead in leads} == {LeadState.DISCARDED}


def test_lead__is_edited_sent_and_seen_in_nexudus(office, open_page):
    content = make_content("edith@exmaple", name="Edith Wrong")
    lead = office.store.leads.accept(make_new_lead(content=content, state=LeadState.BLOCKED, reason="refused")).id
    page = open_page(path=f"leads/{lead}")
    page.get_by_role("link", name="Edit and send").click()
    page.get_by_label("E-mail").fill("edith")
    page.get_by_role("button", name="Save and send").click()
    expect(page.get_by_role("alert")).to_contain_text("full e-mail address")
    page.get_by_label("E-mail").fill("edith@example.com")
    page.get_by_label("Your name").fill("Edith Right")
    page.get_by_role("button", name="Save and send").click()
    page.wait_for_url(f"**/admin/leads/{lead}")
    assert office.cli("worker", "--drain").returncode == 0
    wait_until(lambda: state(office, lead) is LeadState.DELIVERED)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edith Right")
    expect(page.get_by_role("link", name="Open in Nexudus")).to_be_visible()
    expect(page.get_by_text("Made the opportunity")).to_be_visible()


def test_lead__is_discarded_with_a_reason(office, open_page):
    lead = put(office, "Dora Discard", state=LeadState.BLOCKED)
    page = open_page(path=f"leads/{lead}")
    page.get_by_label("Reason").fill("a supplier")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Discarded: a supplier")).to_be_visible()


def test_lead__person_is_erased_with_a_receipt(office, open_page):
    lead = put(office, "Ella Erase")
    page = open_page(PHONE, f"leads/{lead}")
    page.get_by_role("link", name="Erase this person").click()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    assert office.store.leads.get(lead).content.email == ""


def test_reports__can_be_read_as_tables_without_scripts(open_page):
    page = open_page(path="reports", java_script_enabled=False)
    expect(page.get_by_role("img", name="Leads by day and state")).to_be_visible()
    page.get_by_text("As a table").click()
    assert page.get_by_role("region", name="Leads by day", exact=True).get_by_role("row").count() == 31


def test_forms__preview_shows_the_form(open_page):
    page = open_page(path="forms")
    frame = page.frame_locator("iframe[title='Preview of Book a tour']")
    expect(frame.get_by_label("Your name")).to_be_visible()


def test_setup__downloads_forms_toml(open_page):
    page = open_page(path="setup")
    page.get_by_label("Location").select_option(label="Demo Space")
    page.get_by_role("button", name="Show its boards").click()
    assert page.get_by_role("radio", name="Remove").is_disabled()
    page.get_by_role("radio", name="Tour booked").check()
    page.get_by_label("Responsible for “Contact us”").select_option(label="Maria Silva")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download forms.toml").click()
    assert download.value.suggested_filename == "forms.toml"
    assert "board_column = 1002" in download.value.path().read_text()


def test_first_steps__lead_to_the_first_test_enquiry(tmp_path, sandbox, page, axe):
    service = Service(tmp_path, sandbox.url, env={"ADMIN_PASSWORD": PASSWORD, "WEB_CONCURRENCY": "1"})
    try:
        service.migrate()
        service.start_web()
        page.goto(f"{service.url}/admin/")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="First steps")).to_be_visible()
        assert axe(page) == []
        page.get_by_role("link", name="Open the form").click()
        page.get_by_label("Your name").fill("Fred First")
        page.get_by_label("E-mail").fill("fred@example.com")
        page.get_by_label("Your message").fill("A test.")
        page.get_by_label("You may contact me").check()
        page.wait_for_timeout(2100)
        page.get_by_role("button", name="Send message").click()
        page.get_by_role("heading", name="Thank you").wait_for()
        page.goto(f"{service.url}/admin/")
        expect(page.get_by_role("link", name="Fred First")).to_be_visible()
    finally:
        service.stop()
