"""The operator's other pages: health, forms, reports, setting up."""

import csv
import io
import re
import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from admin_site import open_desk
from factories import make_content
from seed_leads import seed
from sqlalchemy import update

from leadcapture.domain.attribution import Attribution
from leadcapture.domain.lead import LeadState
from leadcapture.intake.forms_file import load_forms
from leadcapture.sandbox.seed import LOCATION, OTHER_LOCATION, PASSWORD, USERNAME
from leadcapture.store.tables import leads

NOW = datetime.now(UTC)


@pytest.fixture
def desk(tmp_path, database_url):
    desk = open_desk(tmp_path, database_url)
    yield desk
    desk.store.close()


@pytest.fixture
def connected(tmp_path, sandbox):
    desk = open_desk(tmp_path, nexudus_url=sandbox.url)
    yield desk
    desk.store.close()


def test_pages__show_seeded_leads_on_both_databases(desk):
    ids = seed(desk.store, NOW)
    for path in ("", "?group=waiting", "health", "forms", "reports", "audit", *(f"leads/{lead}" for lead in ids[:12])):
        assert desk.get(f"/admin/{path}").status_code == 200, path


def test_health__says_what_is_wrong_and_what_to_do(desk):
    desk.store.connections.ensure("main")
    desk.store.connections.stop("main", "Nexudus refused our sign-in")
    desk.store.connections.park("main", "customers", NOW + timedelta(hours=1), "no new customers for now")
    desk.store.incidents.compare({"stopped main": "main: Nexudus refused our sign-in"}, NOW)
    desk.lead(state=LeadState.BLOCKED)
    text = desk.text("/admin/health")
    assert "Stopped: Nexudus refused our sign-in" in text
    assert "no new customers for now" in text
    assert "Sign in again on the Setup page" in text
    assert "No worker is at work" in text
    assert "Attention." in desk.text("/admin/audit")


def test_health__is_calm_when_all_is_well(desk):
    desk.store.heartbeats.beat(datetime.now(UTC))
    text = desk.text("/admin/health")
    assert "Everything is in order" in text
    assert "Attention" not in text


def test_health__forecasts_nothing_while_nothing_is_delivered(desk):
    desk.lead()
    connections = desk.store.connections
    connections.ensure("main")

    def said():
        ready = desk.client.get("/readyz").json["connections"]["main"]["empty_in_seconds"]
        return ready, desk.text("/admin/health")

    assert said()[0] > 0 and "Empty in about" in said()[1]
    connections.stop("main", "Nexudus refused our sign-in")
    ready, text = said()
    assert ready is None
    assert "not known while nothing is delivered" in text and "renews itself" not in text
    connections.resume("main")
    connections.failed("main", 3, datetime.now(UTC) + timedelta(minutes=1), "Nexudus can't be reached (who am i)")
    ready, text = said()
    assert ready is None
    assert "Nexudus can’t be reached. Leads are kept and sent later." in text and "who am i" not in text
    connections.resume("main")
    connections.park("main", "location 1234566", datetime.now(UTC) + timedelta(hours=1), "full")
    ready, text = said()
    assert ready is None and "not known while some wait for room" in text


def test_health__says_who_was_told_and_forgets_what_is_over(tmp_path, desk):
    desk.store.connections.ensure("main")
    wrong = {"stopped main": "main: refused", "parked main location 7": "main: location 7 is full"}
    desk.store.incidents.compare(wrong, NOW)
    text = desk.text("/admin/health")
    assert "Written to the log. Set ALERT_EMAIL_TO" in text
    assert "location 7 is full" in text and "quota" not in text
    assert "main: refused" not in text
    told = open_desk(tmp_path, alert_webhook_url="http://127.0.0.1:9/")
    told.store.incidents.compare({"waiting": "Leads have waited"}, NOW)
    assert "You have been told." in told.text("/admin/health")
    told.store.close()


def test_first_steps__say_what_is_known(tmp_path, desk):
    assert "Leads wait until somebody has signed in." in desk.text("/admin/")
    forms = tmp_path / "forms.toml"
    sample = desk.app.extensions["leadcapture"].operator.forms_file.read_text()
    forms.write_text(sample.replace("board_column = 1001", "board_column = 9999"))
    other = open_desk(tmp_path, forms_file=str(forms), nexudus_email=USERNAME, nexudus_password=PASSWORD)
    text = other.text("/admin/")
    assert "Signs in with NEXUDUS_EMAIL at the first lead." in text
    assert "Choose where leads go To prove forms.toml sends them to stage 9999" in text
    other.store.close()


def test_forms__snippets_name_this_service_and_no_key(tmp_path):
    forms = tmp_path / "forms.toml"
    sample = open_desk(tmp_path, signed_in=False)
    text = sample.app.extensions["leadcapture"].operator.forms_file.read_text()
    sample.store.close()
    forms.write_text(f'{text}\n[forms.tour.hooks.webflow]\nkey_env = "TOUR_KEY"\n')
    desk = open_desk(tmp_path, forms_file=str(forms), environment={"TOUR_KEY": "sesame-street"})
    page = desk.get("/admin/forms")
    assert "/hooks/tour/webflow?key=…" in page.text
    assert "sesame-street" not in page.text
    shown = desk.text("/admin/forms")
    assert '<form action="http://localhost/f/tour" method="post">' in shown
    assert '<div data-leadcapture="tour" data-leadcapture-mode="frame">' in shown
    assert "localStorage.getItem" in shown
    desk.store.close()


def put(desk, at, source="", status=None, took=None, page=""):
    method = "page_url" if source else "none"
    found = Attribution(source=source, method=method, page_url=page, utm={"campaign": "spring"} if source else {})
    lead = desk.lead(at=at, content=make_content(attribution=found))
    if took is not None:
        with desk.store.database.writing() as connection:
            values = {"state": "delivered", "delivered_at": at + timedelta(seconds=took), "crm_status": status}
            connection.execute(update(leads).where(leads.c.id == lead).values(values))
    return lead


def rows(desk, name, query=""):
    text = desk.get(f"/admin/reports/{name}.csv{query}").text
    return list(csv.DictReader(io.StringIO(text)))


def test_reports__count_by_source_campaign_and_outcome(desk):
    at = NOW - timedelta(days=2)
    for n, status in enumerate((1, 2, 2, 3)):
        put(desk, at + timedelta(minutes=n), "google", status, took=2)
    put(desk, at, "newsletter")
    put(desk, at, page="https://www.example.com/contact?x=1")
    put(desk, at + timedelta(seconds=1), page="https://www.example.com/contact?x=2")
    first = rows(desk, "sources")[0]
    assert first == {"name": "google", "leads": "4", "delivered": "4", "won": "2", "lost": "1"}
    assert {row["name"]: row["leads"] for row in rows(desk, "sources")} == {"google": "4", "": "2", "newsletter": "1"}
    assert rows(desk, "campaigns")[0]["leads"] == "5"
    assert rows(desk, "pages") == [{"page": "https://www.example.com/contact", "unknown": "2", "hosted": "False"}]


def test_reports__a_damaged_lead_spoils_no_count(tmp_path):
    desk = open_desk(tmp_path)
    ids = [put(desk, NOW - timedelta(days=1, minutes=n), "google") for n in range(2)]
    with desk.store.database.writing() as connection:
        connection.execute(update(leads).where(leads.c.id == ids[0]).values(content="no JSON"))
    assert desk.get("/admin/reports").status_code == 200
    assert [row["leads"] for row in rows(desk, "sources")] == ["2"]
    assert [row["leads"] for row in rows(desk, "campaigns")] == ["1"]
    desk.store.close()


def test_reports__of_our_own_pages_ask_for_links_not_for_the_script(desk):
    hosted = put(desk, NOW - timedelta(days=1), page="http://localhost/f/tour")
    text = desk.text("/admin/reports")
    assert "put ?utm_source=… on the links" in text and "Paste this line" not in text
    assert "Put ?utm_source=… on the links" in desk.text(f"/admin/leads/{hosted}")
    site = put(desk, NOW - timedelta(days=1), page="https://www.example.com/contact")
    assert "Paste this line" in desk.text("/admin/reports")
    assert "Put the script on the page" in desk.text(f"/admin/leads/{site}")
    builder = desk.lead(content=make_content(builder="webflow"))
    assert "Nothing tells where" not in desk.text(f"/admin/leads/{builder}")


def test_reports__days_are_those_of_the_location(desk):
    put(desk, datetime(2026, 6, 9, 22, 30, tzinfo=UTC))
    put(desk, datetime(2026, 6, 9, 23, 30, tzinfo=UTC), took=1)
    found = {row["day"]: row for row in rows(desk, "days", "?since=2026-06-08&until=2026-06-11")}
    assert list(found) == ["2026-06-08", "2026-06-09", "2026-06-10", "2026-06-11"]
    assert (found["2026-06-09"]["waiting"], found["2026-06-10"]["delivered"]) == ("1", "1")


def test_reports__speed_is_median_and_slowest_twentieth(desk):
    at = NOW - timedelta(days=1)
    for n in range(1, 101):
        put(desk, at + timedelta(seconds=n), "google", took=n)
    speed = desk.store.reports.speed(at, NOW)
    assert (speed.number, speed.median_seconds, speed.slow_seconds) == (100, 50.0, 96.0)
    assert sum(number for _, number in speed.steps) == 100
    assert dict(speed.steps)["under 5 seconds"] == 4


@pytest.mark.parametrize("query", ["", "?since=2030-01-01", "?since=1970-01-01&until=2026-01-01", "?since=x"])
def test_reports__bear_any_period(desk, query):
    assert desk.get(f"/admin/reports{query}").status_code == 200


def test_reports__unknown_table_is_not_found(desk):
    assert desk.get("/admin/reports/nonsense.csv").status_code == 404


def test_setup__asks_to_sign_in_first_and_says_what_is_wrong(connected):
    assert "First sign in to Nexudus" in connected.text("/admin/setup")
    wrong = connected.post("/admin/setup/connect", {"email": USERNAME, "password": "wrong"})
    assert wrong.status_code == 422
    assert "refused this e-mail" in wrong.text


def sign_in_to_nexudus(desk):
    desk.get("/admin/setup")
    answer = desk.post("/admin/setup/connect", {"email": USERNAME, "password": PASSWORD})
    assert answer.status_code == 303
    desk.get(f"/admin/setup?location={LOCATION}")


def test_setup__offers_what_the_account_has_and_explains_stages(connected):
    sign_in_to_nexudus(connected)
    text = connected.text(f"/admin/setup?location={LOCATION}")
    assert "Demo Space Lisbon" in text
    assert "Can’t be chosen: it deletes the account of every customer" in text
    assert "Note: it marks every new lead as won at once" in text
    assert "Maria Silva" in text
    actions = [entry.action for entry in connected.store.audit.entries()]
    assert "signed in to Nexudus" in actions
    assert connected.store.connections.state("main").token_expires_at


def test_setup__writes_a_checked_forms_file(tmp_path, connected):
    sign_in_to_nexudus(connected)
    chosen = {"location": LOCATION, "stage": 1002, "type tour": 55, "type contact": "", "owner contact": 303914612}
    answer = connected.post("/admin/setup/file", chosen | {"websites": "https://www.space.example/\n"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="forms.toml"'
    path = tmp_path / "written.toml"
    path.write_text(answer.text)
    main = connected.app.extensions["leadcapture"].catalogue.connections["main"]
    forms = load_forms(path, {}, main).forms
    assert {form.board_column for form in forms.values()} == {1002}
    assert forms["tour"].constants["OpportunityTypeId"] == 55
    assert "OpportunityTypeId" not in forms["contact"].constants
    assert forms["contact"].constants["ResponsibleId"] == 303914612
    assert forms["tour"].constants["ResponsibleId"] == 303914611
    assert forms["tour"].allowed_origins == ("https://www.space.example",)
    assert "New Business: Tour booked" in answer.text


def test_setup__offers_what_forms_toml_says_of_each_form(connected):
    sign_in_to_nexudus(connected)
    page = connected.get(f"/admin/setup?location={LOCATION}").text
    owners = {name: re.search(rf'name="owner {name}".*?</select>', page)[0] for name in ("contact", "tour")}
    assert "selected" not in owners["contact"]
    assert '<option value="303914611" selected>' in owners["tour"]


def test_setup__of_another_location_drops_what_belonged_to_the_first(connected):
    sign_in_to_nexudus(connected)
    answer = connected.post("/admin/setup/file", {"location": OTHER_LOCATION, "stage": 1010})
    defaults = tomllib.loads(answer.text)["defaults"]
    assert defaults["location"] == OTHER_LOCATION
    assert not {"time_zone", "country_id", "simple_time_zone_id"} & set(defaults)


@pytest.mark.parametrize("stage", [1098, 1099])
def test_setup__refuses_a_stage_that_harms_customers(connected, stage):
    sign_in_to_nexudus(connected)
    answer = connected.post("/admin/setup/file", {"location": LOCATION, "stage": stage})
    assert answer.status_code == 422
    assert "would harm every new customer" in answer.text


def test_setup__bears_an_account_that_cannot_be_asked(tmp_path):
    desk = open_desk(tmp_path)
    assert desk.get("/admin/setup").status_code == 200
    answer = desk.post("/admin/setup/connect", {"email": USERNAME, "password": PASSWORD})
    assert answer.status_code == 503
    assert desk.post("/admin/setup/file", {"location": LOCATION, "stage": 1001}).status_code == 503
    desk.store.close()


def test_favicon__is_there(desk):
    answer = desk.get("/favicon.ico")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    answer.close()


def test_setup__says_plainly_why_it_can_show_nothing(tmp_path, desk, sandbox):
    sandbox.switches.set(refuse_sign_in=True)
    refused = open_desk(tmp_path, nexudus_url=sandbox.url, nexudus_email=USERNAME, nexudus_password=PASSWORD)
    assert "Nexudus refused the sign-in. Sign in again." in refused.text("/admin/setup")
    sandbox.switches.set(refuse_sign_in=False, down="503")
    assert "Nexudus does not answer. Nothing to do here" in refused.text("/admin/setup")
    refused.store.close()
