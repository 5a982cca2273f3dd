"""Lost connections, our own outages and pages that forbid fetching: nothing that was typed is lost."""

import pytest
from embed_visits import CAMPAIGN, OWN_FORM, UTM, fill_in, leave, three_pages, utm_of, walk

pytestmark = pytest.mark.browser


def own_form(service):
    return OWN_FORM.format(action=service.action)


def ids_of(posts):
    return {part for post in posts for part in post.split("&") if part.startswith("_submission_id=")}


def test_embed_outage__our_503_is_waited_out_with_the_same_id(visitor, website, service):
    landing = three_pages(website, service, "outage", own_form(service))
    walk(visitor, f"{landing}?{CAMPAIGN}")
    fill_in(visitor, "outage@example.com")
    posts = []

    def answer(route):
        posts.append(route.request.post_data)
        if len(posts) > 1:
            return route.continue_()
        return route.fulfill(status=503, headers={"Access-Control-Allow-Origin": "*"}, body="{}")

    visitor.route(service.action, answer)
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_selector("text=Your message is kept")
    visitor.wait_for_url("**/thanks*")
    assert len(posts) == 2
    assert len(ids_of(posts)) == 1
    assert utm_of(service.opportunity("outage@example.com")) == UTM


def test_embed_outage__a_lost_connection_is_made_good_on_a_later_page(visitor, website, service):
    landing = three_pages(website, service, "lost", own_form(service))
    walk(visitor, f"{landing}?{CAMPAIGN}")
    fill_in(visitor, "lost@example.com")
    visitor.context.set_offline(True)
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_function("localStorage['leadcapture.outbox']?.includes('lost%40example.com')")
    visitor.goto("about:blank")
    visitor.context.set_offline(False)
    visitor.goto(landing)
    assert utm_of(service.opportunity("lost@example.com")) == UTM
    visitor.wait_for_function("localStorage['leadcapture.outbox'] === '[]'")


def test_embed_outage__the_connection_comes_back_while_the_page_is_open(visitor, website, service):
    landing = three_pages(website, service, "back", own_form(service))
    walk(visitor, landing)
    fill_in(visitor, "back@example.com")
    visitor.context.set_offline(True)
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_selector("text=Your message is kept")
    visitor.context.set_offline(False)
    visitor.wait_for_url("**/thanks*")
    service.opportunity("back@example.com")


def test_embed_outage__an_answer_that_was_lost_makes_no_second_lead(visitor, website, service):
    landing = three_pages(website, service, "answer", own_form(service))
    walk(visitor, landing)
    fill_in(visitor, "answer@example.com")
    posts = []

    def answer(route):
        posts.append(route.request.post_data)
        if len(posts) > 1:
            return route.continue_()
        route.fetch(url=route.request.url.replace("forms.service.localhost", "127.0.0.1"))
        return route.fulfill(status=502, headers={"Access-Control-Allow-Origin": "*"}, body="bad gateway")

    visitor.route(service.action, answer)
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_url("**/thanks*")
    service.opportunity("answer@example.com")
    assert len(posts) == 2


@pytest.mark.parametrize("why", ["policy", "cors"])
def test_embed_outage__where_fetch_is_blocked_the_form_is_posted_plainly(visitor, website, service, why):
    headers = {"Content-Security-Policy": "connect-src 'none'"} if why == "policy" else None
    landing = three_pages(website, service, f"plain-{why}", own_form(service), headers)
    walk(visitor, f"{landing}?{CAMPAIGN}")
    fill_in(visitor, f"{why}@example.com")
    kinds = []

    def answer(route):
        kinds.append(route.request.resource_type)
        if route.request.resource_type == "fetch":
            return route.abort()
        return route.continue_()

    visitor.route(service.action, answer)
    leave(visitor)
    assert kinds[-1] == "document"
    assert utm_of(service.opportunity(f"{why}@example.com")) == UTM


def test_embed_outage__back_from_the_cache_the_button_works_again(visitor, website, service):
    landing = three_pages(website, service, "bfcache", own_form(service))
    walk(visitor, landing)
    visitor.evaluate("addEventListener('pageshow', event => { window.fromCache = event.persisted })")
    fill_in(visitor, "bfcache@example.com")
    leave(visitor)
    visitor.go_back(wait_until="commit")
    visitor.wait_for_function("window.fromCache === true")
    assert visitor.locator("button:disabled").count() == 0
    fill_in(visitor, "bfcache-two@example.com")
    leave(visitor)
    service.opportunity("bfcache@example.com")
    service.opportunity("bfcache-two@example.com")
