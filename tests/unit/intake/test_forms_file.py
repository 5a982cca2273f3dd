"""forms.toml as written: a file that says everything, and one fault of each kind named with file and key."""

import pytest
from factories import make_connection
from forms_texts import LEAST, MAIN, read

from leadcapture.domain.form import (
    AutomaticOpportunity,
    Connection,
    Field,
    FieldType,
    Form,
    Hook,
    KnownPerson,
    Limits,
    Screening,
)

EVERYTHING = """
[defaults]
location = 1234566
time_zone = "Europe/Lisbon"
country_id = 1220
simple_time_zone_id = 2023
board_column = 1001
allowed_origins = ["https://WWW.example.com/", "http://localhost:8000"]
redirect_hosts = ["WWW.Example.com"]
lead_source = "auto"
known_person = "note"
automatic_opportunity = "adopt"
attribution = "first"
connection = "lisbon"
retention_days = 30
language = "de"
theme_color = "#0a6b5a"
logo_url = "https://www.example.com/logo.png"
success_url = "https://www.example.com/thanks"
cookie_domain = "example.com"
consent = "You may contact me."
screening = { proof_of_work = true, hold_words = ["CASINO"], hold_countries = ["XX"] }

[limits]
posts_per_address = 9
min_fill_seconds = 0.5

[connections.lisbon]
url = "https://lisbon.example.com"
email_env = "LISBON_EMAIL"
password_env = "LISBON_PASSWORD"
writes_per_minute = 9

[forms.tour]
title = "Book a tour"
intro = "See us."
submit_label = "Go"
success_message = "Thanks."
retention_days = 60
board_column = 1002
phone_country = "GB"
screening = { captcha = false, hold_words = ["Pills"], allow_domains = ["Friend.example"] }

[forms.tour.opportunity]
OpportunityTypeId = 55
Value = 900.5
DueDate = 2026-09-01
LeadSource = "Broker"
Name = "Tour: {full_name} {day}"
Notes = "From {email}"

[[forms.tour.fields]]
name = "email"
label = "E-mail"
type = "email"
required = true
placeholder = "ann@example.com"
help = "We answer here."
default = "x"

[[forms.tour.fields]]
name = "day"
label = "Day"
type = "date"
to = "opportunity.DueDate"
min = "2026-01-01"
max = 2026-12-31

[[forms.tour.fields]]
name = "clock"
label = "Time"
type = "time"
with = "day"
min = 09:00:00

[[forms.tour.fields]]
name = "extras"
label = "Extras"
type = "checkbox"
options = ["Phone", "Locker"]
max_length = 10

[forms.tour.hooks.webflow]
key_env = "TOUR_KEY"
secret_env = "TOUR_SECRET"
map = { "Which office?" = "notes", "First" = "first_name" }

[forms.tour.hooks.auto]
key_env = "NOBODY"
"""


def test_forms_file__everything_arrives():
    given = {"TOUR_KEY": "k", "TOUR_SECRET": "s", "LISBON_EMAIL": "l@example.com", "LISBON_PASSWORD": "p"}

    catalogue = read(EVERYTHING, given)

    assert catalogue.forms["tour"] == Form(
        name="tour",
        title="Book a tour",
        fields=(
            Field(
                "email",
                "E-mail",
                FieldType.EMAIL,
                required=True,
                to="coworker.Email",
                placeholder="ann@example.com",
                help="We answer here.",
                default="x",
            ),
            Field("day", "Day", FieldType.DATE, to="opportunity.DueDate", minimum="2026-01-01", maximum="2026-12-31"),
            Field("clock", "Time", FieldType.TIME, date_field="day", minimum="09:00:00"),
            Field("extras", "Extras", FieldType.CHECKBOX, options=("Phone", "Locker"), max_length=10),
        ),
        board_column=1002,
        location=1234566,
        intro="See us.",
        submit_label="Go",
        success_message="Thanks.",
        success_url="https://www.example.com/thanks",
        consent="You may contact me.",
        language="de",
        time_zone="Europe/Lisbon",
        country_id=1220,
        simple_time_zone_id=2023,
        region="GB",
        allowed_origins=("https://www.example.com", "http://localhost:8000"),
        redirect_hosts=("www.example.com",),
        lead_source="auto",
        known_person=KnownPerson.NOTE,
        automatic_opportunity=AutomaticOpportunity.ADOPT,
        attribution="first",
        connection="lisbon",
        retention_days=60,
        theme_color="#0a6b5a",
        logo_url="https://www.example.com/logo.png",
        cookie_domain="example.com",
        constants={
            "OpportunityTypeId": 55,
            "Value": 900.5,
            "DueDate": "2026-09-01",
            "LeadSource": "Broker",
            "Name": "Tour: {full_name} {day}",
            "Notes": "From {email}",
        },
        hooks={
            "webflow": Hook("webflow", "k", "s", True, {"Which office?": "notes", "First": "first_name"}),
            "auto": Hook("auto"),
        },
        screening=Screening(
            proof_of_work=True,
            captcha=False,
            hold_words=("pills",),
            hold_countries=("XX",),
            allow_domains=("friend.example",),
        ),
    )
    assert catalogue.connections == {
        "main": MAIN,
        "lisbon": Connection(
            "lisbon",
            "https://lisbon.example.com",
            "l@example.com",
            "p",
            None,
            9,
            MAIN.writes_per_day,
            MAIN.calls_per_minute,
            MAIN.timeout_seconds,
        ),
    }
    assert catalogue.limits == Limits(posts_per_address=9, min_fill_seconds=0.5)
    assert catalogue.forms_of("lisbon") == [catalogue.forms["tour"]]
    assert catalogue.warnings == (
        "forms.toml: forms.tour.hooks.auto.key_env: NOBODY is empty or not set: this endpoint refuses every call",
    )


def test_forms_file__the_least_that_is_a_form():
    catalogue = read(LEAST)

    (field,) = catalogue.forms["tour"].fields
    assert catalogue.forms["tour"] == Form("tour", "Book a tour", (field,), board_column=1001, location=1234566)
    assert field.to == "coworker.Email"
    assert (catalogue.limits, catalogue.warnings, catalogue.connections) == (Limits(), (), {"main": MAIN})


@pytest.mark.parametrize(("zone", "region"), [("Europe/London", "GB"), ("America/New_York", "US"), ("UTC", None)])
def test_forms_file__the_phone_numbers_country_is_the_zones(zone, region):
    assert read(LEAST + f'[defaults]\ntime_zone = "{zone}"').forms["tour"].region == region


@pytest.mark.parametrize(
    ("asked", "targets"),
    [
        (["email"], ["coworker.Email"]),
        (["text", "email"], ["notes", "coworker.Email"]),
        (["email", "text", "email"], ["coworker.Email", "notes", "notes"]),
        (["email", 'text"\nto = "coworker.Email'], ["notes", "coworker.Email"]),
    ],
)
def test_forms_file__the_first_email_field_is_the_persons_unless_another_says_so(asked, targets):
    head = LEAST[: LEAST.index("[[")]
    fields = (f'[[forms.tour.fields]]\nname = "q{n}"\nlabel = "Q"\ntype = "{kind}"\n' for n, kind in enumerate(asked))

    assert [field.to for field in read(head + "".join(fields)).forms["tour"].fields] == targets


@pytest.mark.parametrize(("kind", "length"), [("text", 5000), ("textarea", 20_000), ('textarea"\nmax_length = 9 #', 9)])
def test_forms_file__a_long_text_may_be_longer(kind, length):
    more = f'[[forms.tour.fields]]\nname = "q"\nlabel = "Q"\ntype = "{kind}"'

    assert read(LEAST + more).forms["tour"].fields[1].max_length == length


def test_forms_file__an_empty_variable_is_no_key_and_no_secret():
    hook = '[forms.tour.hooks.webflow]\nkey_env = "K"\nsecret_env = "S"'

    assert read(LEAST + hook, {"K": "", "S": ""}).forms["tour"].hooks["webflow"] == Hook("webflow", signed=True)


def test_forms_file__connections_take_what_is_not_said_from_the_environments_own():
    said = '[connections.main]\nwrites_per_day = 5\n[connections.b]\nemail_env = "E"\npassword_env = "P"'

    found = read(LEAST + said).connections

    assert found["main"] == make_connection(email="main@example.com", password="main", token="main", writes_per_day=5)
    assert found["b"].url == MAIN.url
    assert (found["b"].email, found["b"].password, found["b"].token) == (None, None, None)
