"""A service on the website's own subdomain keeps the touches in a cookie that outlives cleared storage."""

import json
from urllib.parse import unquote

import pytest
from embed_stage import Service, Website, running_service
from embed_visits import CAMPAIGN, OWN_FORM, UTM, fill_in, leave, three_pages, utm_of

pytestmark = pytest.mark.browser

HERE = ("--host-resolver-rules=MAP *.test 127.0.0.1", "--no-sandbox", "--disable-gpu", "--no-first-run")
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
COOKIE = "document.cookie.includes('lc_touch=')"
CLEAR = "localStorage.clear(); sessionStorage.clear()"


@pytest.fixture(scope="module")
def own_browser(playwright_driver, chromium_path):
    """A Chromium to which every name under .test is this machine."""
    browser = playwright_driver.chromium.launch(executable_path=chromium_path, args=list(HERE))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def own_site():
    """The website www.space.test."""
    site = Website()
    site.origin = f"http://www.space.test:{site.port}"
    yield site
    site.stop()


@pytest.fixture(scope="module")
def own_service(own_site):
    """The service leads.space.test."""
    with running_service(own_site.origin, 'cookie_domain = "space.test"') as service:
        url = service.url.replace("forms.service.localhost", "leads.space.test")
        own = Service(url, service.nexudus)
        own.script = f'<script src="{url}/embed.js" data-cookie async></script>'
        yield own


@pytest.fixture
def own_visitor(own_browser):
    """A tab of a visitor who has never been there."""
    context = own_browser.new_context()
    context.set_default_timeout(10000)
    yield context.new_page()
    context.close()


def pages(own_site, own_service, name):
    return three_pages(own_site, own_service, name, OWN_FORM.format(action=own_service.action))


def land(page, address):
    page.goto(address, wait_until="load")
    page.wait_for_function(COOKIE)


def the_cookie(page):
    return next((one for one in page.context.cookies() if one["name"] == "lc_touch"), None)


def test_embed_cookie__the_first_touch_outlives_cleared_storage(own_visitor, own_site, own_service):
    landing = pages(own_site, own_service, "purged")
    land(own_visitor, f"{landing}?{CAMPAIGN}")
    own_visitor.evaluate(CLEAR)
    own_visitor.goto(f"{landing}form", wait_until="load")
    fill_in(own_visitor, "purged@example.com")
    leave(own_visitor)
    found = own_service.opportunity("purged@example.com")
    assert utm_of(found) == UTM
    assert "First touch" in found["Notes"]


def test_embed_cookie__a_later_visit_changes_the_last_touch_alone(own_visitor, own_site, own_service):
    landing = pages(own_site, own_service, "later-visit")
    land(own_visitor, f"{landing}?utm_source=first")
    own_visitor.evaluate(CLEAR)
    own_visitor.goto(f"{landing}?utm_source=second", wait_until="load")
    own_visitor.wait_for_function("document.cookie.includes('second')")
    kept = json.loads(unquote(the_cookie(own_visitor)["value"]))
    assert [kept[name]["url"].partition("=")[2] for name in ("first", "last")] == ["first", "second"]


def test_embed_cookie__it_is_asked_for_once_for_each_touch(own_visitor, own_site, own_service):
    landing = pages(own_site, own_service, "once")
    asked = []
    own_visitor.on("request", lambda request: "/touch?" in request.url and asked.append(request.url))
    land(own_visitor, f"{landing}?{CAMPAIGN}")
    own_visitor.goto(f"{landing}second", wait_until="networkidle")
    own_visitor.goto(f"{landing}form", wait_until="networkidle")
    assert len(asked) == 1
    cookie = the_cookie(own_visitor)
    assert (cookie["domain"], cookie["sameSite"], cookie["httpOnly"]) == (".space.test", "Lax", False)


def test_embed_cookie__a_long_address_is_shortened_by_whole_parameters(own_visitor, own_site, own_service):
    landing = pages(own_site, own_service, "long")
    land(own_visitor, f"{landing}?utm_source=paper&utm_medium=print&gclid={'x' * 1500}&fbclid={'y' * 1500}")
    value = the_cookie(own_visitor)["value"]
    assert len(value) <= 3500
    kept = json.loads(unquote(value))
    assert kept["first"]["url"].startswith(f"{landing}?utm_source=paper&utm_medium=print")
    assert kept["first"]["url"].endswith(("print", "x" * 1500))


@pytest.mark.parametrize("why", ["gpc", "denied"])
def test_embed_cookie__none_without_consent(own_visitor, own_site, own_service, why):
    landing = pages(own_site, own_service, f"cookie-{why}")
    land(own_visitor, f"{landing}?{CAMPAIGN}")
    if why == "gpc":
        own_visitor.add_init_script(GPC)
        own_visitor.goto(f"{landing}form", wait_until="load")
    else:
        own_visitor.evaluate("document.querySelector('script').dataset.consent = 'denied'")
    own_visitor.wait_for_function(f"!{COOKIE}")
    assert the_cookie(own_visitor) is None


def test_embed_cookie__without_the_attribute_there_is_none(own_visitor, own_site, own_service):
    plain = own_service.script.replace(" data-cookie", "")
    own_visitor.goto(own_site.page("/plain", plain) + f"?{CAMPAIGN}", wait_until="networkidle")
    assert the_cookie(own_visitor) is None
