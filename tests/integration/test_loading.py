"""What a process has loaded: only what it needs, seen from outside by what Python itself says it imports."""

import os
import signal
import sys
from pathlib import Path

import click
import pytest
from service import wait_until

from leadcapture.cli import WHERE, leads_group
from leadcapture.later import load_part

WEB = "import wsgi"
NEVER = {"alembic", "mako", "sentry_sdk", "charset_normalizer.api"}
WORKER = "import leadcapture.delivering"


def loaded(service, code, **env):
    """Return the names of all modules that `code` has loaded in a fresh process with the service's settings."""
    ended = service.run(sys.executable, "-c", f"{code}; import sys; print(*sys.modules)", **env)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.split())


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        (
            WEB,
            {*NEVER, "requests", "tomlkit", "leadcapture.bootstrap", "leadcapture.nexudus", "leadcapture.cli.doctor"},
        ),
        (WORKER, {*NEVER, "flask", "werkzeug", "jinja2", "wtforms", "click", "leadcapture.web"}),
    ],
    ids=["web", "worker"],
)
def test_start__loads_nothing_that_is_not_needed(make_service, code, unwanted):
    assert loaded(make_service(), code) & unwanted == set()


def test_start__asks_for_the_schema_without_alembic(make_service):
    service = make_service()
    service.migrate()
    code = "import wsgi; assert wsgi.app.extensions['leadcapture'].store.ready()"
    assert "alembic" not in loaded(service, code)


def test_start__loads_no_database_that_is_not_ours(make_service):
    assert not {name for name in loaded(make_service(), WORKER) if name.startswith("sqlalchemy.dialects.")}


def test_start__loads_sentry_where_it_is_wanted(make_service):
    assert "sentry_sdk" in loaded(make_service(), WEB, SENTRY_DSN="http://public@127.0.0.1:9/1")


def test_later__loads_nothing_else():
    with pytest.raises(ValueError, match=r"leadcapture\.app"):
        load_part("leadcapture.app")


def test_commands__are_where_the_group_looks_for_them():
    for module, names in WHERE.items():
        assert {command.name for command in load_part(f"leadcapture.cli.{module}").COMMANDS} == set(names)
    context = click.Context(leads_group)
    assert all(leads_group.get_command(context, name) for name in leads_group.list_commands(context))
    assert leads_group.get_command(context, "nothing") is None


def test_worker__keeps_its_number_and_ends_with_0_on_sigterm(make_service):
    service = make_service()
    service.migrate()
    worker = service.start_worker()

    def lean() -> bool:
        return b"leadcapture.delivering" in Path(f"/proc/{worker.pid}/cmdline").read_bytes()

    wait_until(lean, what="flask has become the worker")
    wait_until(lambda: service.store.connections.state("main"), what="it is at work")
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait(15) == 0


def test_worker__drains_and_ends(make_service):
    service = make_service()
    service.migrate()
    assert service.cli("worker", "--drain").returncode == 0


@pytest.mark.parametrize("setting", ["FORMS_FILE", "SENTRY_DSN"])
def test_worker__says_what_is_wrong_in_plain_words(make_service, setting):
    service = make_service()
    command = (sys.executable, "-m", "leadcapture.delivering")
    ended = service.run(*command, **{setting: "https://k@o1.ingest.sentry.io/abc"})
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)
    assert ended.stderr.startswith("leadcapture can't start:\n  - ") and setting in ended.stderr
