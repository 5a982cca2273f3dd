"""Forms written for other services, with nothing changed but the address in `action`."""

import pytest

pytestmark = pytest.mark.browser

WEB3FORMS = """
<form action="{action}" method="POST">
  <input type="hidden" name="access_key" value="00000000-0000-4000-8000-000000000000">
  <input type="hidden" name="subject" value="New enquiry from the website">
  <input type="hidden" name="from_name" value="The website">
  <input type="hidden" name="redirect" value="{next}">
  <input type="checkbox" name="botcheck" class="hidden" style="display: none;">
  <input type="text" name="name" required>
  <input type="email" name="email" required>
  <textarea name="message" required></textarea>
  <button type="submit">Send</button>
</form>
"""
NETLIFY = """
<form name="contact" action="{action}" method="POST" data-netlify="true" netlify-honeypot="bot-field">
  <input type="hidden" name="form-name" value="contact">
  <p style="display: none"><label>Do not fill this out <input name="bot-field"></label></p>
  <p><label>Your Name: <input type="text" name="name"></label></p>
  <p><label>Your Email: <input type="email" name="email"></label></p>
  <p><label>Message: <textarea name="message"></textarea></label></p>
  <button type="submit">Send</button>
</form>
"""


def fill_and_send(page, email):
    page.fill("[name=name]", "Ada Lovelace")
    page.fill("[name=email]", email)
    page.fill("[name=message]", "Six desks, please.")
    page.get_by_role("button", name="Send").click()


def test_moving_over__a_web3forms_form_goes_on_to_its_own_page(visitor, website, service):
    thanks = website.page("/web3forms/thanks", "<h1>Thanks from the website</h1>")
    visitor.goto(website.page("/web3forms", WEB3FORMS.format(action=service.action, next=thanks)))
    fill_and_send(visitor, "web3forms@example.com")
    visitor.wait_for_url(thanks)
    notes = service.opportunity("web3forms@example.com")["Notes"]
    assert "Six desks, please." in notes
    assert not [machinery for machinery in ("0000-4000", "access_key", "from_name", "botcheck") if machinery in notes]


def test_moving_over__a_netlify_form_without_any_script(chromium, website, service):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(website.page("/netlify", NETLIFY.format(action=service.action)))
    fill_and_send(page, "netlify@example.com")
    page.wait_for_url("**/f/tour/thanks")
    notes = service.opportunity("netlify@example.com")["Notes"]
    assert "Six desks, please." in notes
    assert "form-name" not in notes
    context.close()


@pytest.mark.parametrize(("markup", "trap"), [(WEB3FORMS, "botcheck"), (NETLIFY, "bot-field")])
def test_moving_over__their_honeypots_are_ours(visitor, website, service, markup, trap):
    email = f"{trap}@example.com"
    thanks = website.page("/trapped/thanks", "<h1>Thanks</h1>")
    visitor.goto(website.page(f"/trapped-{trap}", markup.format(action=service.action, next=thanks)))
    visitor.evaluate("name => { const t = document.forms[0][name]; t.checked = true; t.value ||= 'spam' }", trap)
    fill_and_send(visitor, email)
    visitor.wait_for_url("**/thanks")
    visitor.wait_for_timeout(1500)
    assert service.opportunities(email) == []
