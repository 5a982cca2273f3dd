"""What is wrong in forms.toml: each kind of fault by file and key, and all of them at once."""

import tomllib

import pytest
from factories import make_connection

from leadcapture.errors import ConfigError
from leadcapture.intake.forms_file import read_forms

PLACES = "location = 1\nboard_column = 2\n"
EMAIL = '[[forms.tour.fields]]\nname = "email"\nlabel = "E-mail"\ntype = "email"\n'


def faults(text):
    """Return what is said of a file, at least one thing."""
    with pytest.raises(ConfigError) as error:
        read_forms(tomllib.loads(text), "mine.toml", {}, make_connection())
    return error.value.problems


def form(own="", fields="", email=EMAIL, defaults=PLACES):
    """A file with one form, which has its e-mail field."""
    return f'[defaults]\n{defaults}\n[forms.tour]\ntitle = "Tour"\n{own}\n{email}\n{fields}'


def field(own, label='label = "Q"'):
    return form(fields=f'[[forms.tour.fields]]\nname = "q"\n{label}\n{own}')


def opportunity(own):
    return form(fields=f"[forms.tour.opportunity]\n{own}")


def hook(own, builder="webflow"):
    return form(fields=f"[forms.tour.hooks.{builder}]\n{own}")


def more(own):
    return form(fields=own)


OPTIONS = "forms.tour.fields[1].options"
UNKNOWN = [
    ("colour = 1\n" + form(), "colour: unknown key"),
    (form(defaults=PLACES + "fields = 1"), "defaults.fields: unknown key"),
    (form('titel = "x"'), "forms.tour.titel: unknown key"),
    (field("size = 9"), "forms.tour.fields[1].size: unknown key"),
    (hook('key_env = "K"\nurl = "x"'), "forms.tour.hooks.webflow.url: unknown key"),
    (more("[connections.b]\npassword = 'x'"), "connections.b.password: unknown key"),
    (more("[limits]\nposts = 1"), "limits.posts: unknown key"),
    (form(defaults=PLACES + "screening = { words = [] }"), "defaults.screening.words: unknown key"),
    (hook('key_env = "K"', "wordpess"), "forms.tour.hooks.wordpess: unknown builder: use auto, or one of "),
    (form(defaults=PLACES + 'connection = "b"'), "defaults.connection: there is no [connections.b]"),
    (form('connection = "b"'), "forms.tour.connection: there is no [connections.b]"),
    (opportunity("Colour = 1"), "forms.tour.opportunity.Colour: no such field: a form may set Name, Notes, "),
    (opportunity("CoworkerId = 1"), "forms.tour.opportunity.CoworkerId: no such field"),
    (opportunity('Name = "{nobody} {email}"'), "forms.tour.opportunity.Name: {nobody} is not a field of this form"),
    (field('to = "coworker.TariffId"'), "forms.tour.fields[1].to: unknown target “coworker.TariffId”"),
    (field('to = "opportunity.Colour"'), "forms.tour.fields[1].to: unknown target “opportunity.Colour”"),
    (field('to = "note"'), "forms.tour.fields[1].to: unknown target “note”"),
    (hook('key_env = "K"\nmap = { a = "b" }'), "forms.tour.hooks.webflow.map.a: unknown target “b”"),
]
VALUES = [
    (form(defaults=PLACES + 'time_zone = "Mars/Base"'), "defaults.time_zone: unknown time zone “Mars/Base”"),
    (form('time_zone = "Europe"'), "forms.tour.time_zone: unknown time zone “Europe”"),
    (form('lead_source = "web"'), "forms.tour.lead_source: “web” is not a lead source: use “auto” or one of Web, "),
    (form('known_person = "x"'), "forms.tour.known_person: must be one of: opportunity, note"),
    (form('automatic_opportunity = "x"'), "forms.tour.automatic_opportunity: must be one of: add, adopt"),
    (form('attribution = "x"'), "forms.tour.attribution: must be one of: last, first"),
    (form('language = "xx"'), "forms.tour.language: must be one of: en, es, de, fr"),
    *(
        (form(f'allowed_origins = ["https://a.example", "{origin}"]'), f"forms.tour.allowed_origins[1]: “{origin}”")
        for origin in (
            "a.example",
            "ftp://a.example",
            "https://a.example/path",
            "https://",
            "https://[::1",
            "https://a:port",
        )
    ),
    *(
        (form(f'{key} = "{url}"'), f"forms.tour.{key}: must be an http:// or https:// address")
        for key in ("success_url", "logo_url")
        for url in ("/thanks", "ftp://a.example", "https://[::1")
    ),
    (form('redirect_hosts = ["https://a.example"]'), "forms.tour.redirect_hosts[0]: must be a host name"),
    *(
        (form(f'redirect_hosts = ["{host}"]'), "forms.tour.redirect_hosts[0]: must be a host name")
        for host in ("https://bücher.example", "bücher.example:80", "bücher.example/x", "b\u217ccher.example")
    ),
    (form('redirect_hosts = ["a.example:80"]'), "forms.tour.redirect_hosts[0]: must be a host name"),
    (form('theme_color = "red"'), "forms.tour.theme_color: must be a colour"),
    (form('cookie_domain = "localhost"'), "forms.tour.cookie_domain: must be a domain"),
    (form('phone_country = "gb"'), "forms.tour.phone_country: must be a country's two letters"),
    (form("retention_days = 0"), "forms.tour.retention_days: must be at least 1"),
    (form("board_column = 0"), "forms.tour.board_column: must be a Nexudus board column id"),
    (form('location = "1"'), "forms.tour.location: must be a whole number"),
    (form("intro = 1"), "forms.tour.intro: must be text"),
    (form("hooks = 1"), "forms.tour.hooks: "),
    (form(email="fields = []"), "forms.tour.fields: a form needs at least one field"),
    (form(email="opportunity = {}"), "forms.tour.fields: "),
    (field('type = "colour"'), "forms.tour.fields[1].type: must be one of: text, email, "),
    (field("max_length = 0"), "forms.tour.fields[1].max_length: must be from 1 to 20000"),
    (field("", label=""), "forms.tour.fields[1].label: "),
    (hook('secret_env = "S"'), "forms.tour.hooks.webflow.key_env: "),
    (hook('key_env = "a b"'), "forms.tour.hooks.webflow.key_env: must be the name of an environment variable"),
    (more("[connections.b]\nwrites_per_minute = 1"), "connections.b.writes_per_minute: "),
    (more("[connections.b]\ncalls_per_minute = 3"), "connections.b.calls_per_minute: "),
    (more("[connections.b]\ntimeout_seconds = 0"), "connections.b.timeout_seconds: "),
    (more('[connections.b]\nemail_env = "E"'), "connections.b: email_env and password_env: give both or neither"),
    (more("[connections.B]"), "connections.B: a name is lower-case letters"),
    (more('[forms."a b"]'), "forms.a b: a name is lower-case letters"),
    *(
        (more(f"[limits]\n{name} = {number}"), f"limits.{name}: ")
        for name, number in (
            *(("posts_per_address", 0), ("posts_per_address_per_minute", 0), ("posts_per_minute", 0)),
            *(("hook_posts_per_minute", 0), ("max_fields", 9), ("max_fields", 10_001), ("max_depth", 3)),
            *(("max_depth", 201), ("min_fill_seconds", -1), ("min_fill_seconds", 61), ("failed_logins", 0)),
            *(("failed_logins_minutes", 0), ("posts_per_minute", 1.5)),
        )
    ),
]
TOGETHER = [
    (form(defaults="location = 1"), "forms.tour.board_column: missing: set it here or in [defaults]"),
    (form(defaults="board_column = 1"), "forms.tour.location: missing: set it here or in [defaults]"),
    (form(email='[[forms.tour.fields]]\nname = "q"\nlabel = "Q"'), "forms.tour.fields: a form needs an e-mail field"),
    (form(fields=EMAIL), "forms.tour.fields[1].name: there are two fields called email"),
    (
        form(
            fields=EMAIL.replace('"email"', '"b"', 1)
            + 'to = "coworker.Email"\n'
            + EMAIL.replace('"email"', '"c"', 1)
            + 'to = "coworker.Email"'
        ),
        "forms.tour.fields[2].to: coworker.Email is already filled by b",
    ),
    (field('type = "select"'), "forms.tour.fields[1].options: a select field needs options"),
    (field('type = "radio"\noptions = []'), "forms.tour.fields[1].options: a radio field needs options"),
    (field('options = ["a"]'), "forms.tour.fields[1].options: a text field has none"),
    (field('type = "select"\noptions = ["a", "a"]'), "forms.tour.fields[1].options: one of them stands there twice"),
    *(
        (field(f'type = "{kind}"\nto = "opportunity.{name}"\noptions = ["{right}", "Friend"]'), f"{OPTIONS}: {said}")
        for kind in ("select", "radio", "checkbox")
        for name, right, said in (
            ("LeadSource", "Web", "“Friend” is not a lead source of Nexudus"),
            ("LossReason", "Other", "“Friend” is not a loss reason of Nexudus"),
            ("Status", "Won", "“Friend” is not a status of Nexudus"),
        )
    ),
    (
        field('type = "hidden"\ndefault = "Google"\nto = "opportunity.LeadSource"'),
        "forms.tour.fields[1].default: “Google” is not a lead source of Nexudus",
    ),
    (field('type = "time"\nwith = "email"'), "forms.tour.fields[1].with: only a time field has it"),
    (field('type = "time"\nwith = "nobody"'), "forms.tour.fields[1].with: only a time field has it"),
    (field('type = "date"\nwith = "q"'), "forms.tour.fields[1].with: only a time field has it"),
    *(
        (field(f'type = "{kind}"\n{key} = {limit}'), f"forms.tour.fields[1].{key}: must be a {kind}")
        for key in ("min", "max")
        for kind, limit in (
            *(("date", '"soon"'), ("date", "9"), ("date", "2026-01-01T09:00:00"), ("time", '"noon"')),
            *(("time", '"09:00Z"'), ("number", '"few"'), ("number", "true"), ("number", "nan"), ("number", "[1]")),
        )
    ),
    *(
        (opportunity(f"{name} = {value}"), f"forms.tour.opportunity.{name}: {said}")
        for name, value, said in (
            ("LeadSource", '"Googel"', "“Googel” is not a lead source of Nexudus"),
            ("LeadSource", "3", "“3” is not a lead source of Nexudus"),
            ("LossReason", '"Bored"', "“Bored” is not a loss reason of Nexudus"),
            ("Status", "4", "“4” is not a status of Nexudus"),
            ("Status", "true", "“True” is not a status of Nexudus"),
            ("Name", "1", "must be a text"),
            *(("Name", f"'{text}'", "a {field} in it is not closed") for text in ("{email", "email}", "{not a name}")),
            ("OpportunityTypeId", '"x"', "must be a id"),
            ("OpportunityTypeId", "0", "must be a id"),
            ("OpportunityTypeId", "true", "must be a id"),
            ("Value", "true", "must be a decimal"),
            ("Value", "inf", "must be a decimal"),
            ("DueDate", '"soon"', "must be a moment"),
            ("Completed", "1", "must be a flag"),
        )
    ),
]
CASES = [*UNKNOWN, *VALUES, *TOGETHER]


@pytest.mark.parametrize(("text", "fault"), CASES, ids=[fault for _, fault in CASES])
def test_forms_file__a_fault_is_named_by_file_and_key(text, fault):
    assert any(said.startswith(f"mine.toml: {fault}") for said in faults(text)), faults(text)


@pytest.mark.parametrize("text", ["", "forms = {}", "forms = 1", "defaults = 1", "forms.tour = 1", "forms.a.hooks = 1"])
def test_forms_file__of_another_shape_is_named_too(text):
    assert all(said.startswith("mine.toml: ") for said in faults(text))


def test_forms_file__all_that_must_fit_together_is_told_at_once():
    text = form(
        'connection = "b"\n[forms.tour.opportunity]\nColour = 1\nLeadSource = 3\nName = "{who}"',
        fields='[[forms.tour.fields]]\nname = "email"\nlabel = "Q"\ntype = "select"\n[connections.c]\nemail_env = "E"\n'
        '[forms.other]\ntitle = "Other"\n[[forms.other.fields]]\nname = "q"\nlabel = "Q"',
        defaults="location = 1",
    )

    assert [fault.split(": ")[1] for fault in faults(text)] == [
        *("forms.tour.connection", "connections.c"),
        *("forms.tour.board_column", "forms.tour.fields[1].name", "forms.tour.fields[1].options"),
        *("forms.tour.opportunity.Colour", "forms.tour.opportunity.LeadSource", "forms.tour.opportunity.Name"),
        *("forms.other.board_column", "forms.other.fields"),
    ]


def test_forms_file__wrong_by_itself_and_wrong_together_are_told_at_once():
    text = "colour = 1\n" + form(
        'titel = "x"\nlanguage = "xx"\nconnection = "b"\n[forms.tour.opportunity]\nLeadSource = 3',
        fields='[[forms.tour.fields]]\nname = "q"\nlabel = "Q"\ntype = "select"\n'
        "[limits]\nmax_depth = 1\n[forms.Tour]\n[connections.B]",
    )

    assert {fault.split(": ")[1] for fault in faults(text)} == {
        *("colour", "forms.tour.titel", "forms.tour.language", "limits.max_depth"),
        *("forms.tour.connection", "forms.tour.opportunity.LeadSource", "forms.tour.fields[1].options"),
        *("forms.Tour", "connections.B", "forms.Tour.title", "forms.Tour.fields"),
    }


def test_forms_file__an_email_field_with_a_fault_of_its_own_is_not_missing_as_well():
    (fault,) = faults(form(email=EMAIL.replace('type = "email"', 'type = "emial"')))

    assert fault.startswith("mine.toml: forms.tour.fields[0].type: must be one of")
