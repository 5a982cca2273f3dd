"""The public pages as a browser gets them: in the form's language, bound labels, and nothing inline."""

import re
from html.parser import HTMLParser

import pytest
import time_machine
from web_forms_site import ANN, AS_PAGE, open_site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with open_site(tmp_path_factory.mktemp("pages")) as site:
        yield site


class Elements(HTMLParser):
    """The start tags of a page with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, {name: value or "" for name, value in attributes}))

    def of(self, *tags, **wanted):
        """The attributes of the elements with such tags and attributes."""
        return [has for tag, has in self.found if tag in tags and wanted.items() <= has.items()]


def shown(site, path, **options):
    return Elements(site.client.get(path, headers=AS_PAGE, **options).text)


def test_form__every_control_has_a_label(site):
    page = shown(site, "/f/every")
    bound = {label["for"] for label in page.of("label") if "for" in label}
    for control in page.of("input", "select", "textarea"):
        inside = control.get("type") in {"hidden", "radio", "checkbox"}
        assert inside or control["id"] in bound
    assert len(page.of("fieldset")) == len(page.of("legend")) == 2


def test_form__what_phones_need(site):
    page = shown(site, "/f/contact")
    expected = {
        "full_name": {"autocomplete": "name", "type": "text"},
        "email": {"autocomplete": "email", "type": "email", "inputmode": "email"},
        "phone": {"autocomplete": "tel", "type": "tel", "inputmode": "tel"},
    }
    for name, attributes in expected.items():
        assert attributes.items() <= page.of("input", name=name)[0].items()
    number = shown(site, "/f/every").of("input", name="people")[0]
    assert {"type": "number", "inputmode": "decimal", "min": "1", "max": "20"}.items() <= number.items()


def test_form__values_of_the_address_are_filled_in(site):
    path = "/f/every?email=ann@example.com&plan=B%C3%BCro&extras=Rad&extras=Parkplatz&size=klein&news=no"
    page = shown(site, path)
    assert page.of("input", name="email")[0]["value"] == "ann@example.com"
    assert [box["value"] for box in page.of("input") if "checked" in box] == ["Büro", "Parkplatz", "Rad"]
    assert len([option for option in page.of("option") if "selected" in option]) == 1
    assert page.of("input", name="campaign")[0]["value"] == "Herbst"


def test_form__the_trap_is_out_of_reach(site):
    trap = shown(site, "/f/contact").of("input", name="_gotcha")[0]
    assert (trap["tabindex"], trap["autocomplete"]) == ("-1", "off")
    assert re.search(r'<div class="lc-trap" aria-hidden="true">', site.client.get("/f/contact").text)


PAGES = ["/f/contact", "/f/every", "/f/every?embed=1", "/f/every/thanks", "/f/nothing", "/f/contact/thanks"]


@pytest.mark.parametrize("path", PAGES)
def test_page__has_nothing_inline(site, path):
    page = shown(site, path)
    assert not page.of("style")
    assert all("src" in script for script in page.of("script"))
    for _, attributes in page.found:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_page__scripts_only_in_a_frame(site):
    assert not shown(site, "/f/contact").of("script")
    assert len(shown(site, "/f/contact?embed=1").of("script")) == 1


@pytest.mark.parametrize("path", ["/f/every", "/f/every/thanks", "/f/every?embed=1", "/f/every/nothing"])
def test_language__of_the_form_on_every_page(site, path):
    answer = site.client.get(path, headers=AS_PAGE | {"Accept-Language": "en"})
    assert '<html lang="de">' in answer.text
    for english in ("Thank", "(optional)", "Please", "There is", ">Send<"):
        assert english not in answer.text


def test_language__of_refusals(site):
    page = site.submit("every", {"email": "ann@"})
    assert (page.status_code, '<html lang="de">' in page.text) == (422, True)
    assert "Bitte prüfen Sie die markierten Felder." in page.text
    assert "<title>Noch nicht gesendet: Jede Art von Frage</title>" in page.text


def test_errors__are_bound_to_their_fields(site):
    page = Elements(site.submit("every", {"email": "ann@", "people": "90"}).text)
    ids = {attributes["id"] for _, attributes in page.found if "id" in attributes}
    wrong = {control["name"] for control in page.of("input", "select", "textarea", **{"aria-invalid": "true"})}
    assert wrong == {"email", "plan", "people"}
    for _, attributes in page.found:
        assert set(attributes.get("aria-describedby", "").split()) <= ids
    links = [link["href"].removeprefix("#") for link in page.of("a")]
    assert links == ["lc-email", "lc-plan", "lc-people"]
    assert set(links) <= ids
    summary = page.of("div", id="lc-summary")[0]
    assert "autofocus" in summary
    assert summary["tabindex"] == "-1"


def test_consent__is_required_on_the_hosted_page(site):
    page = shown(site, "/f/every")
    stamp = page.of("input", name="_stamp")[0]["value"]
    answers = {"email": "ann@example.com", "plan": "Büro", "_stamp": stamp}
    refused = site.post("every", answers).get_json()
    assert [(error["field"], error["code"]) for error in refused["errors"]] == [("consent", "consent")]
    assert site.post("every", answers | {"consent": "yes"}).status_code == 200


def test_stamp__a_form_that_is_shown_again_keeps_its_first(site):
    stamp = shown(site, "/f/every").of("input", name="_stamp")[0]["value"]
    again = Elements(site.submit("every", {"email": "ann@", "_stamp": stamp}).text)
    assert again.of("input", name="_stamp")[0]["value"] == stamp


def test_stamp__one_that_is_not_ours_is_replaced(site):
    again = Elements(site.submit("every", {"email": "ann@", "_stamp": "forged.stamp"}).text)
    assert again.of("input", name="_stamp")[0]["value"] != "forged.stamp"


@pytest.mark.parametrize("shown_at", [0.0, 0.5, 0.999])
@pytest.mark.parametrize(("seconds", "state"), [(1.3, "held"), (1.9, "held"), (2.1, "received")])
def test_stamp__tells_parts_of_a_second(site, shown_at, seconds, state):
    with time_machine.travel(1_780_000_000 + shown_at, tick=False) as traveller:
        stamp = shown(site, "/f/contact").of("input", name="_stamp")[0]["value"]
        traveller.shift(seconds)
        answers = ANN | {"_stamp": stamp, "message": f"{shown_at} and {seconds}"}
        assert site.lead(site.post(data=answers)).state == state


def test_stamp__of_an_older_version_is_read(site):
    with time_machine.travel(1_780_000_000, tick=False) as traveller:
        stamp = site.services.stamps.sign("form").decode()
        traveller.shift(1)
        assert site.lead(site.post(data=ANN | {"_stamp": stamp})).state == "held"
        traveller.shift(10)
        slow = ANN | {"_stamp": stamp, "message": "Another"}
        assert site.lead(site.post(data=slow)).state == "received"


def test_inline__is_the_form_alone_in_its_language(site):
    html = site.client.get("/f/every?embed=inline").text
    page = Elements(html)
    assert "<html" not in html
    assert page.of("div", lang="de")
    assert page.of("form")[0]["data-text-sending"] == "Wird gesendet …"
    assert all(link["href"].startswith("http://localhost/") for link in page.of("link"))


def test_inline__says_the_forms_own_thanks(site):
    form = Elements(site.client.get("/f/contact?embed=inline").text).of("form")[0]
    assert form["data-text-sent"] == "We have your message."


def test_theme__has_the_brand_and_what_can_be_read_on_it(site):
    answer = site.client.get("/f/every/theme.css")
    assert answer.mimetype == "text/css"
    assert "--brand: #ffd400; --on-brand: #000000;" in answer.text
    assert "--brand" not in site.client.get("/f/contact/theme.css").text
    assert site.client.get("/f/nothing/theme.css").status_code == 404


def test_pages__what_was_typed_is_not_cached(site):
    for path in ("/f/contact", "/f/contact/thanks"):
        assert site.client.get(path).headers["Cache-Control"] == "no-store"
    assert site.submit(data={"email": "ann@"}).headers["Cache-Control"] == "no-store"
