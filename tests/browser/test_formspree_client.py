"""Formspree's own JavaScript client, as npm has it, pointed at us by nothing but its `origin`."""

from pathlib import Path

import pytest
from embed_visits import CAMPAIGN, UTM, utm_of

pytestmark = pytest.mark.browser

VENDOR = Path(__file__).parents[1] / "vendor"
SCRIPT = {"Content-Type": "text/javascript; charset=utf-8"}

MARKUP = """
<div data-fs-success></div>
<div data-fs-error></div>
<form id="contact-form">
  <label>Name <input name="{name}" data-fs-field></label> <span data-fs-error="{name}"></span>
  <label>Email <input name="email" data-fs-field></label> <span data-fs-error="email"></span>
  <label>Message <textarea name="message"></textarea></label>
  <input type="hidden" name="_subject" value="From the website">
  <input type="text" name="_gotcha" style="display:none">
  <button type="submit" data-fs-submit-btn>Send</button>
</form>
<script>
  window.formspree = window.formspree || function () {{ (formspree.q = formspree.q || []).push(arguments); }};
  formspree("initForm", {{ formElement: "#contact-form", formId: "tour", origin: "{origin}" }});
</script>
<script src="/formspree-ajax.js" defer></script>
"""


@pytest.fixture(scope="module")
def clients(website):
    """The published files, served by the customer's website."""
    website.pages["/formspree-ajax.js"] = ((VENDOR / "formspree-ajax/global.js").read_bytes(), SCRIPT)
    website.pages["/formspree-core.mjs"] = ((VENDOR / "formspree-core/index.mjs").read_bytes(), SCRIPT)


def answer(page, name, email):
    """Fill Formspree's sample form in."""
    page.fill(f"[name={name}]", "Ada Lovelace")
    page.fill("[name=email]", email)
    page.fill("[name=message]", "Six desks, please.")


def test_formspree_client__a_post_is_a_lead_and_the_client_says_thank_you(visitor, website, service, clients):
    visitor.goto(website.page("/formspree", MARKUP.format(name="name", origin=service.url)) + f"?{CAMPAIGN}")
    answer(visitor, "name", "formspree@example.com")
    with visitor.expect_response(service.action) as posted:
        visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_selector("[data-fs-success][data-fs-active] >> text=Thank you!")
    assert visitor.input_value("[name=email]") == ""
    assert set(posted.value.json()) == {"ok", "id", "next"}
    assert posted.value.request.headers["formspree-client"].startswith("@formspree/ajax")
    found = service.opportunity("formspree@example.com")
    assert "Six desks, please." in found["Notes"]


def test_formspree_client__with_our_script_the_campaign_comes_along(visitor, website, service, clients):
    markup = MARKUP.format(name="name", origin=service.url).replace("<form ", f'<form action="{service.action}" ')
    visitor.goto(website.page("/formspree-both", markup + service.script) + f"?{CAMPAIGN}", wait_until="load")
    answer(visitor, "name", "formspree-both@example.com")
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_selector("[data-fs-success][data-fs-active]")
    assert utm_of(service.opportunity("formspree-both@example.com")) == UTM


def test_formspree_client__errors_stand_at_the_fields(visitor, website, service, clients):
    visitor.goto(website.page("/formspree-error", MARKUP.format(name="full_name", origin=service.url)))
    answer(visitor, "full_name", "not an address")
    visitor.fill("[name=full_name]", "")
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_selector("[data-fs-error=email][data-fs-active]")
    assert visitor.inner_text("[data-fs-error=email]")
    assert visitor.inner_text("[data-fs-error=full_name]")
    assert visitor.get_attribute("[name=email]", "aria-invalid") == "true"
    visitor.wait_for_function("!document.querySelector('[data-fs-submit-btn]').disabled")


def test_formspree_client__an_error_of_a_field_by_another_name_is_shown_for_the_form(
    visitor, website, service, clients
):
    visitor.goto(website.page("/formspree-other", MARKUP.format(name="name", origin=service.url)))
    answer(visitor, "name", "formspree-other@example.com")
    visitor.fill("[name=name]", "")
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_selector("[data-fs-error=''][data-fs-active]")
    assert visitor.inner_text("[data-fs-error='']").startswith("Your name: ")


def test_formspree_client__an_empty_form_is_answered_in_words(visitor, website, service, clients):
    visitor.goto(website.page("/formspree-empty", MARKUP.format(name="name", origin=service.url)))
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_selector("[data-fs-error=''][data-fs-active]")
    assert visitor.inner_text("[data-fs-error='']")


def test_formspree_client__the_core_library_by_its_endpoint(visitor, website, service, clients):
    visitor.goto(website.page("/formspree-core", "<p>an application</p>"))
    kinds = visitor.evaluate(
        """async (endpoint) => {
          const { createClient, isSubmissionError } = await import("/formspree-core.mjs");
          const client = createClient();
          const person = { name: "Ada Lovelace", email: "formspree-core@example.com", message: "Six desks." };
          const good = await client.submitForm("tour", person, { endpoint });
          const bad = await client.submitForm("tour", { ...person, email: "none" }, { endpoint });
          const none = await client.submitForm("tour", {}, { endpoint });
          return [good.kind, good.next, isSubmissionError(bad) && bad.getFieldErrors("email")[0].message,
                  none.kind, none.getFormErrors().length];
        }""",
        service.url,
    )
    assert kinds[0] == "success"
    assert kinds[1] == f"{service.action}/thanks"
    assert kinds[2]
    assert kinds[3:] == ["error", 1]
    service.opportunity("formspree-core@example.com")
