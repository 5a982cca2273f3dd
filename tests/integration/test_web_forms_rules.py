"""The rules of each kind of field, as a post meets them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from admin_site import PROJECT, open_desk
from web_forms_site import ANN, open_site

from leadcapture.domain.compose import crm_value
from leadcapture.domain.opportunity import Kind

GOOD = {"email": "ann@example.com", "plan": "Büro"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with open_site(tmp_path_factory.mktemp("rules")) as site:
        yield site


def codes(site, **answers):
    """The codes of what is wrong with a post of every kind of field; {} when it was stored."""
    answer = site.post("every", GOOD | answers)
    if answer.status_code == 200:
        return {}
    assert answer.status_code == 422
    return {error["field"]: error["code"] for error in answer.get_json()["errors"]}


RULES = [
    ("plan", "Garage", "choice"),
    ("plan", "", "required"),
    ("plan", "büro", "choice"),
    ("size", "groß", None),
    ("size", "riesig", "choice"),
    ("extras", "Rad", None),
    ("extras", ["Rad", "Parkplatz"], None),
    ("extras", ["Rad", "Yacht"], "choice"),
    ("start", "2026-01-15", None),
    ("start", "2026-01-14", "too_early"),
    ("start", "2031-01-01", "too_late"),
    ("start", "2026-02-30", "date"),
    ("start", "morgen", "date"),
    ("at", "09:00", None),
    ("at", "08:59", "too_early"),
    ("at", "18:01", "too_late"),
    ("at", "25:00", "time"),
    ("people", "1", None),
    ("people", "20", None),
    ("people", "2,5", None),
    ("people", "0", "too_small"),
    ("people", "20.01", "too_large"),
    ("people", "viele", "number"),
    ("people", "NaN", "number"),
    ("people", "Infinity", "number"),
    ("people", "1e999999", "too_large"),
    ("email", "ann@", "email"),
    ("email", "ann@example", "email"),
    ("email", "ann example@example.com", "email"),
    ("email", "x" * 6000, "too_long"),
    ("email", ["ann@example.com", "ann@example.com"], None),
    ("campaign", "Frühling", None),
]


@pytest.mark.parametrize(("field", "value", "code"), RULES)
def test_rule__of_each_kind(site, field, value, code):
    assert codes(site, **{field: value}) == ({field: code} if code else {})


LIMITS = [
    ("people", "21", "Bitte geben Sie 20 oder weniger an."),
    ("start", "2020-01-01", "Bitte geben Sie 15. Januar 2026 oder später an."),
    ("at", "08:00", "Bitte geben Sie 09:00 oder später an."),
]


@pytest.mark.parametrize(("field", "value", "message"), LIMITS)
def test_rule__names_its_limit_as_the_language_writes_it(site, field, value, message):
    answer = site.post("every", GOOD | {field: value})
    assert [error["message"] for error in answer.get_json()["errors"]] == [message]


@pytest.mark.parametrize(("length", "status"), [(500, 200), (501, 422)])
def test_rule__a_line_end_counts_once(site, length, status):
    text = "a\r\n" * 10 + "b" * (length - 20)
    assert site.post(data=ANN | {"message": text}).status_code == status


BOXES = [("on", True), ("yes", True), (["0", "1"], True), ("0", False), ("", False), (["no", ""], False)]


@pytest.mark.parametrize(("sent", "signed_up"), BOXES)
def test_checkbox__what_frameworks_send_for_one_box(site, sent, signed_up):
    lead = site.lead(site.post("every", GOOD | {"news": sent, "note": f"{sent}"}))
    kept = lead.content.mapped.get("coworker.SignUpToNewsletter", "")
    assert crm_value(Kind.FLAG, kept, "UTC", "news") is signed_up


def test_email__is_kept_in_its_normal_form(site):
    lead = site.lead(site.post("every", GOOD | {"email": " Ann@EXAMPLE.com "}))
    assert lead.content.email == "Ann@example.com"


def test_json__numbers_and_lists_are_answers_too(site):
    answer = site.post("every", json=GOOD | {"people": 4, "extras": ["Rad", "Parkplatz"], "news": True})
    notes = site.notes(answer)
    assert "Personen: 4" in notes
    assert "Was noch?: Rad, Parkplatz" in notes.replace("Was noch: ", "Was noch?: ")
    assert site.lead(answer).content.mapped["coworker.SignUpToNewsletter"] == "yes"


@pytest.fixture
def tours(tmp_path):
    forms = tmp_path / "today.toml"
    sample = (PROJECT / "forms.toml").read_text()
    forms.write_text(sample.replace('to = "opportunity.DueDate"', 'to = "opportunity.DueDate"\nmin = "today"'))
    desk = open_desk(tmp_path, signed_in=False, forms_file=str(forms))
    yield desk
    desk.store.close()


def tour(desk, day):
    answers = {"full_name": "Ann", "email": "ann@example.com", "consent": "yes", "tour_date": day}
    return desk.client.post("/f/tour", data=answers, headers={"Accept": "application/json"})


def test_today__as_minimum_offers_and_takes_no_day_that_is_over(tours):
    today = datetime.now(ZoneInfo("Europe/London")).date()
    assert f'min="{today}"' in tours.client.get("/f/tour").text
    yesterday = tour(tours, (today - timedelta(days=1)).isoformat())
    assert yesterday.status_code == 422
    assert [(error["field"], error["code"]) for error in yesterday.json["errors"]] == [("tour_date", "past")]
    assert tour(tours, today.isoformat()).status_code == 200


def test_today__is_asked_for_by_the_form_alone(tmp_path):
    desk = open_desk(tmp_path, signed_in=False)
    assert tour(desk, "2020-01-02").status_code == 200
    desk.store.close()
