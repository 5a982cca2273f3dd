"""What is stored in the visitor's browser, and what is not."""

import pytest
from embed_visits import CAMPAIGN, OWN_FORM, UTM, fill_in, leave, three_pages, utm_of, walk

pytestmark = pytest.mark.browser

KEPT = "Object.keys(localStorage).concat(Object.keys(sessionStorage)).filter(key => key.startsWith('leadcapture'))"
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
BLOCKED = """
for (const area of ['localStorage', 'sessionStorage']) {
  Object.defineProperty(window, area, {get() { throw new DOMException('denied', 'SecurityError') }})
}
"""


def own_form(service):
    return OWN_FORM.format(action=service.action)


def test_embed_privacy__touches_are_kept_for_ninety_days(visitor, website, service):
    landing = three_pages(website, service, "ninety", own_form(service))
    visitor.goto(f"{landing}?utm_source=old", wait_until="load")
    for days, source in ((89, "old"), (91, None)):
        visitor.evaluate(
            """days => ['first', 'last'].forEach(name => {
              const touch = JSON.parse(localStorage['leadcapture.' + name])
              touch.at = new Date(Date.now() - days * 864e5).toISOString()
              localStorage['leadcapture.' + name] = JSON.stringify(touch)
              sessionStorage.clear()
            })""",
            days,
        )
        visitor.goto(f"{landing}form", wait_until="load")
        email = f"ninety{days}@example.com"
        fill_in(visitor, email)
        leave(visitor)
        assert utm_of(service.opportunity(email)).get("UtmSource") == source
        visitor.goto(landing, wait_until="load")


@pytest.mark.parametrize("why", ["gpc", "denied"])
def test_embed_privacy__without_consent_only_the_page_itself_is_read(visitor, website, service, why):
    landing = three_pages(website, service, why, own_form(service))
    if why == "gpc":
        visitor.add_init_script(GPC)
    else:
        for path, (body, headers) in list(website.pages.items()):
            if path.startswith(f"/{why}/"):
                website.pages[path] = (body.replace(b" async>", b' data-consent="denied" async>'), headers)
    walk(visitor, f"{landing}?{CAMPAIGN}")
    assert visitor.evaluate(KEPT) == []
    fill_in(visitor, f"{why}@example.com")
    leave(visitor)
    found = service.opportunity(f"{why}@example.com")
    assert utm_of(found) == {}
    assert "First touch" not in found["Notes"]
    visitor.goto(f"{landing}form?utm_source=here", wait_until="load")
    fill_in(visitor, f"{why}-here@example.com")
    leave(visitor)
    assert utm_of(service.opportunity(f"{why}-here@example.com")) == {"UtmSource": "here"}
    visitor.goto(landing)
    assert visitor.evaluate(KEPT) == []


def test_embed_privacy__consent_given_later_counts_from_then_on(visitor, website, service):
    landing = three_pages(website, service, "given", own_form(service))
    website.page("/given/", f"{service.script.replace('<script', '<script data-consent=denied')}")
    visitor.goto(f"{landing}?utm_source=late", wait_until="load")
    assert visitor.evaluate(KEPT) == []
    visitor.evaluate("document.querySelector('script').dataset.consent = 'granted'")
    visitor.wait_for_function(f"{KEPT}.length > 1")
    visitor.evaluate("document.querySelector('script').dataset.consent = 'denied'")
    visitor.wait_for_function(f"{KEPT}.length === 0")


def test_embed_privacy__where_storage_is_blocked_the_page_itself_still_counts(visitor, website, service):
    visitor.add_init_script(BLOCKED)
    landing = three_pages(website, service, "blocked", own_form(service))
    errors = []
    visitor.on("pageerror", lambda error: errors.append(error))
    walk(visitor, landing)
    visitor.goto(f"{landing}form?{CAMPAIGN}", wait_until="load")
    fill_in(visitor, "blocked@example.com")
    leave(visitor)
    assert utm_of(service.opportunity("blocked@example.com")) == UTM
    assert errors == []
