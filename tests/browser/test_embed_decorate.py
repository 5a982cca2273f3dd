"""The website's own form: decorated with where its visitor came from, and sent without leaving the page."""

import pytest
from embed_visits import CAMPAIGN, OWN_FORM, UTM, fill_in, leave, three_pages, utm_of, walk
from service import wait_until

from leadcapture.domain.attribution_notes import parse_attribution_lines

pytestmark = pytest.mark.browser


def own_form(service):
    return OWN_FORM.format(action=service.action)


def test_embed_decorate__the_campaign_of_the_landing_page_reaches_the_opportunity(visitor, website, service):
    landing = three_pages(website, service, "walk", own_form(service))
    walk(visitor, f"{landing}?{CAMPAIGN}&gclid=Cj0")
    fill_in(visitor, "walk@example.com")
    leave(visitor)
    found = service.opportunity("walk@example.com")
    notes = parse_attribution_lines(found["Notes"])
    assert utm_of(found) == UTM
    assert notes["method"] == "script"
    assert notes["page_url"] == f"{website.origin}/walk/form"
    assert notes["landing_url"].startswith(f"{landing}?utm_source=Google")
    assert notes["click_ids"] == {"gclid": "Cj0"}
    assert notes["first"]["campaign"] == notes["last"]["campaign"] == "Spring Sale"


def test_embed_decorate__first_and_last_touch_are_kept_apart(visitor, website, service):
    landing = three_pages(website, service, "twice", own_form(service))
    visitor.goto(f"{landing}?utm_source=bing&utm_term=early", wait_until="load")
    walk(visitor, f"{landing}?utm_source=mail&utm_medium=email")
    fill_in(visitor, "twice@example.com")
    leave(visitor)
    found = service.opportunity("twice@example.com")
    notes = parse_attribution_lines(found["Notes"])
    assert utm_of(found) == {"UtmSource": "mail", "UtmMedium": "email"}
    assert (notes["first"]["source"], notes["last"]["source"]) == ("bing", "mail")


def test_embed_decorate__a_blog_that_links_here_is_a_touch(visitor, website, service):
    landing = three_pages(website, service, "blog", own_form(service))
    website.page("/post", f'<a href="{landing}">A space that I like</a>')
    visitor.goto(f"{website.blog}/post")
    visitor.click("text=A space")
    visitor.wait_for_load_state("load")
    visitor.click("text=On")
    visitor.wait_for_load_state("load")
    visitor.click("text=To the form")
    fill_in(visitor, "blog@example.com")
    leave(visitor)
    notes = parse_attribution_lines(service.opportunity("blog@example.com")["Notes"])
    assert (notes["source"], notes["medium"]) == ("blog.elsewhere.localhost", "referral")
    assert notes["referrer"].startswith(website.blog)


def test_embed_decorate__a_form_that_a_page_builder_adds_later(visitor, website, service):
    landing = three_pages(website, service, "later", '<main></main><button id="open">Open</button>')
    walk(visitor, f"{landing}?{CAMPAIGN}")
    visitor.evaluate("form => { document.querySelector('main').innerHTML = form }", own_form(service))
    fill_in(visitor, "later@example.com")
    leave(visitor)
    assert utm_of(service.opportunity("later@example.com")) == UTM


def test_embed_decorate__a_script_that_submits_the_form_itself(visitor, website, service):
    landing = three_pages(website, service, "itself", own_form(service))
    walk(visitor, f"{landing}?{CAMPAIGN}")
    fill_in(visitor, "itself@example.com")
    visitor.evaluate("document.forms[0].submit()")
    visitor.wait_for_url("**/thanks*")
    assert utm_of(service.opportunity("itself@example.com")) == UTM


def test_embed_decorate__a_double_click_is_one_lead(visitor, website, service):
    landing = three_pages(website, service, "double", own_form(service))
    walk(visitor, landing)
    fill_in(visitor, "double@example.com")
    posts = []
    visitor.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    visitor.get_by_role("button", name="Send").dblclick()
    visitor.wait_for_url("**/thanks*")
    service.opportunity("double@example.com")
    assert posts == [service.action]


def test_embed_decorate__the_button_rests_while_the_form_is_sent(visitor, website, service):
    landing = three_pages(website, service, "rests", own_form(service))
    walk(visitor, landing)
    fill_in(visitor, "rests@example.com")
    waiting = []
    visitor.route(service.action, lambda route: waiting.append(route))
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_selector("form[aria-busy=true] button:disabled")
    assert visitor.get_by_role("status").inner_text() == "Sending…"
    wait_until(lambda: waiting or visitor.wait_for_timeout(20), what="the post")
    waiting[0].continue_()
    visitor.wait_for_url("**/thanks*")


def test_embed_decorate__an_error_stands_at_its_field(visitor, website, service):
    landing = three_pages(website, service, "error", own_form(service))
    walk(visitor, landing)
    fill_in(visitor, "")
    visitor.get_by_role("button", name="Send").click()
    field = visitor.locator("[name=email][aria-invalid=true]")
    field.wait_for()
    described = visitor.locator(f"#{field.get_attribute('aria-describedby')}")
    assert described.inner_text()
    assert visitor.evaluate("document.activeElement.name") == "email"
    fill_in(visitor, "error@example.com")
    leave(visitor)
    service.opportunity("error@example.com")


def test_embed_decorate__a_field_that_is_not_on_the_page_is_named(visitor, website, service):
    form = f'<form action="{service.action}" method="post"><input name="email"><button>Send</button></form>'
    visitor.goto(three_pages(website, service, "absent", form) + "form")
    visitor.locator("[name=email]").fill("absent@example.com")
    visitor.get_by_role("button", name="Send").click()
    visitor.get_by_role("alert").wait_for()
    assert visitor.get_by_role("alert").inner_text() == "Your name: Please fill in this field."


def test_embed_decorate__without_javascript_the_form_is_still_a_form(chromium, website, service):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    landing = three_pages(website, service, "noscript", own_form(service))
    walk(page, landing)
    fill_in(page, "noscript@example.com")
    leave(page)
    notes = parse_attribution_lines(service.opportunity("noscript@example.com")["Notes"])
    assert notes["method"] == "none"
    context.close()


def test_embed_decorate__the_website_hears_that_a_form_was_sent(visitor, website, service):
    landing = three_pages(website, service, "hears", own_form(service))
    walk(visitor, landing)
    visitor.evaluate(
        "addEventListener('leadcapture:sent', event => { event.preventDefault(); document.title = event.detail.id })"
    )
    fill_in(visitor, "hears@example.com")
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_function("document.title !== '/hears/form'")
    assert visitor.url.endswith("/hears/form")


def test_embed_decorate__other_forms_are_left_alone(visitor, website, service):
    website.page("/search-result", "found")
    page = website.page("/other", f'{service.script}<form action="/search-result"><input name="q"><button>Go</button>')
    visitor.goto(page, wait_until="load")
    visitor.get_by_role("button", name="Go").click()
    visitor.wait_for_url("**/search-result?q=")
