"""What a visitor does in the embed tests: the pages of a small website, and the steps through it."""

CAMPAIGN = "utm_source=Google&utm_medium=cpc&utm_campaign=Spring+Sale&utm_content=hero&utm_term=desk%20hire"
UTM = {
    "UtmSource": "Google",
    "UtmMedium": "cpc",
    "UtmCampaign": "Spring Sale",
    "UtmContent": "hero",
    "UtmTerm": "desk hire",
}

OWN_FORM = """
<form action="{action}" method="post">
  <label>Your name <input name="full_name"></label>
  <label>Your e-mail <input name="email"></label>
  <label>Message <textarea name="message"></textarea></label>
  <button>Send</button>
</form>
"""


def utm_of(opportunity):
    return {name: opportunity[name] for name in UTM if opportunity.get(name)}


def three_pages(website, service, name, last, headers=None):
    """A landing page, a second page and a third with the form; return the landing page's address."""
    script = service.script
    website.page(f"/{name}/second", f'{script}<a href="/{name}/form">To the form</a>')
    website.page(f"/{name}/form", f"{script}{last}", headers)
    return website.page(f"/{name}/", f'{script}<a href="/{name}/second">On</a>')


def walk(page, landing):
    """Land, go on to the second page and to the form; the script has run on each."""
    page.goto(landing, wait_until="load")
    page.click("text=On")
    page.wait_for_load_state("load")
    page.click("text=To the form")
    page.wait_for_load_state("load")


def fill_in(page, email, message="Six desks, please."):
    """Fill the form in as slowly as a person would: what is faster than two seconds looks like a robot."""
    page.wait_for_selector("[name=full_name]")
    page.fill("[name=full_name]", "Ada Lovelace")
    page.fill("[name=email]", email)
    page.fill("[name=message]", message)
    page.wait_for_timeout(2100)


def leave(page, button="Send"):
    """Press the button and wait for the thank-you page."""
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/thanks*")
