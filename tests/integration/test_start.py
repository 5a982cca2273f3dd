"""Wrong settings and a wrong forms.toml: everything at once, in plain words, and never a traceback."""

import pytest
from service import GUNICORN, LEADS

FAULTY = """
[defaults]
location = 1234566
board_column = 1001
bogus_key = 1

[forms.tour]
title = "Tour"

[forms.tour.opportunity]
NoSuchField = 1
LeadSource = "Nowhere"

[[forms.tour.fields]]
name = "first"
label = "First"
to = "coworker.FullName"

[[forms.tour.fields]]
name = "second"
label = "Second"
to = "coworker.FullName"
"""
FAULTS = ("defaults.bogus_key", "NoSuchField", "Nowhere", "already filled by first", "needs an e-mail field")


@pytest.mark.parametrize("command", [GUNICORN, (*LEADS, "list")], ids=["gunicorn", "flask"])
def test_start__names_every_fault_of_settings_and_forms_at_once(make_service, command):
    service = make_service(forms=FAULTY)
    ended = service.run(*command, PORT="x", SECRET_KEY="")
    said = ended.stdout + ended.stderr
    assert ended.returncode != 0
    assert [fault for fault in (*FAULTS, "PORT", "SECRET_KEY") if fault not in said] == []
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://u:p@h:port/x"),
        ("DATABASE_URL", "sqlite:leads.db"),
        ("DATABASE_URL", "mysql://x"),
        ("NEXUDUS_URL", "http://[bad"),
        ("NEXUDUS_URL", "http://127.0.0.1:99999"),
        ("SENTRY_DSN", "https://k@o1.ingest.sentry.io/abc"),
        ("SMTP_URL", "smtp://localhost:notaport"),
        ("ALERT_WEBHOOK_URL", "http://x:abc/"),
        ("ALERT_EMAIL_TO", "nobody"),
        ("FORMS_FILE", "/no/such/forms.toml"),
        ("LOG_LEVEL", "LOUD"),
        ("RETRY_BASE_SECONDS", "soon"),
    ],
)
def test_start__says_which_setting_is_wrong(make_service, name, value):
    ended = make_service().run(*LEADS, "list", **{name: value})
    said = ended.stdout + ended.stderr
    assert (ended.returncode, name in said, "Traceback" in said) == (1, True, False), said


@pytest.mark.parametrize("command", ["list", "retry x", "export", "reconcile", "worker --drain"])
def test_commands__of_a_database_that_is_not_migrated_say_so(make_service, command, database_url):
    service = make_service(database_url=database_url)
    ended = service.cli(*command.split())
    assert ended.returncode == 1
    assert "flask leads migrate" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["list", "migrate", "worker --drain"])
def test_commands__of_a_file_that_is_no_database_say_so_and_leave_it(make_service, tmp_path, command):
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"no database at all" * 100)
    ended = make_service(database_url=f"sqlite:///{file}").cli(*command.split())
    assert ended.returncode == 1
    assert "the database can't be" in ended.stderr and "Traceback" not in ended.stderr
    assert file.read_bytes() == b"no database at all" * 100


@pytest.mark.parametrize("arguments", [(), ("--email", "a@b.test")], ids=["e-mail", "password"])
def test_connect__with_nobody_to_ask_says_so(make_service, arguments):
    ended = make_service(env={"NEXUDUS_EMAIL": "", "NEXUDUS_PASSWORD": ""}).run(
        "/bin/sh", "-c", 'exec "$@" <&-', "sh", *LEADS, "connect", *arguments
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False), ended.stderr
    assert "something is to be asked, and nobody answers" in ended.stderr


@pytest.mark.parametrize(
    "arguments", [(b"show", b"\xff"), (b"list", b"--form", b"t\xf6ur"), (b"erase", b"\xed\xa0\x80")]
)
def test_commands__refuse_arguments_that_are_not_utf_8(make_service, arguments):
    ended = make_service().run(*LEADS, *arguments)
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False), ended.stderr
    assert f"argument {len(arguments)} of `flask leads` is not UTF-8" in ended.stderr


def test_token__that_can_not_be_renewed_is_said_at_the_start(make_service):
    service = make_service(env={"NEXUDUS_TOKEN": "a-token", "NEXUDUS_EMAIL": "", "NEXUDUS_PASSWORD": ""})
    service.migrate()
    service.start_web()
    service.start_worker("--drain").wait(30)
    assert service.log.count("NEXUDUS_TOKEN is used") == 2
    assert "a-token" not in service.log


@pytest.mark.parametrize("command", [(), ("worker",), ("setup",), ("doctor",)], ids=lambda one: " ".join(one) or "all")
def test_help__takes_no_settings(make_service, command):
    asked = make_service().run(*LEADS, *command, "--help", SECRET_KEY="", FORMS_FILE="nowhere.toml")
    assert asked.returncode == 0
    assert f"flask {' '.join(['leads', *command])} [OPTIONS]" in asked.stdout
