"""The real thing for tests: gunicorn and workers as processes that can be stopped, killed and started again.

Nothing here waits for a fixed time: `wait_until` polls a condition.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from bench.site import free_port
from leadcapture.domain.lead import LeadRow
from leadcapture.sandbox.seed import PASSWORD, USERNAME
from leadcapture.store.leads import Query
from leadcapture.store.store import Store

PROJECT = Path(__file__).parents[1]
SECRET_KEY = "a key of the service under test"
GUNICORN = (sys.executable, "-m", "gunicorn", "wsgi:app")
LEADS = (sys.executable, "-m", "flask", "--app", "wsgi", "leads")


def wait_until(condition: Callable[[], Any], seconds: float = 30.0, what: str = "") -> Any:
    """Ask again and again until `condition` returns something true, and return that."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"not within {seconds} s: {what or condition}"
        time.sleep(0.02)
    return found


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def runs(pid: int) -> bool:
    """Say whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Service:
    """A service with its own folder, database and port. Nothing runs before `start_web` and `start_worker`.

    `nexudus` is the address of a stand-in; `forms` the text of a forms.toml (the project's samples without it);
    `env` are further settings. `web` and `workers` are the processes started last.
    """

    def __init__(
        self,
        folder: Path,
        nexudus: str = "http://127.0.0.1:9",
        database_url: str | None = None,
        forms: str | None = None,
        env: dict[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url or f"sqlite:///{folder / 'leads.db'}"
        forms_file = PROJECT / "forms.toml"
        if forms is not None:
            forms_file = folder / "forms.toml"
            forms_file.write_text(forms)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(PROJECT),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": SECRET_KEY,
            "FORMS_FILE": str(forms_file),
            "NEXUDUS_URL": nexudus,
            "NEXUDUS_EMAIL": USERNAME,
            "NEXUDUS_PASSWORD": PASSWORD,
            "NEXUDUS_WRITES_PER_MINUTE": "100000",
            "NEXUDUS_WRITES_PER_DAY": "10000000",
            "NEXUDUS_CALLS_PER_MINUTE": "100000",
            "NEXUDUS_TIMEOUT_SECONDS": "2",
            "RETRY_BASE_SECONDS": "0.1",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            **(env or {}),
        }
        self.web: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.log_path = folder / "service.log"
        self._started: list[subprocess.Popen[bytes]] = []
        self._store: Store | None = None

    @property
    def log(self) -> str:
        """Everything that the processes have written."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    @property
    def store(self) -> Store:
        """The service's store, opened from here."""
        if self._store is None:
            self._store = Store(self.database_url, SECRET_KEY)
        return self._store

    def cli(self, *arguments: str, seconds: float = 60, **env: str) -> subprocess.CompletedProcess[str]:
        """Run `flask leads …` to its end."""
        return self.run(*LEADS, *arguments, seconds=seconds, **env)

    def run(self, *command: str, seconds: float = 60, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command with the service's settings to its end."""
        return subprocess.run(
            command, cwd=PROJECT, env=self.env | env, timeout=seconds, check=False, capture_output=True, text=True
        )

    def migrate(self) -> None:
        """Bring the database up to date."""
        self.store.migrate()

    def start_web(self, wait: bool = True, **env: str) -> subprocess.Popen[bytes]:
        """Start gunicorn; returns when it answers."""
        self.web = self.start(*GUNICORN, **env)
        if wait:
            self.wait_for_web()
        return self.web

    def wait_for_web(self) -> None:
        """Wait until the web server answers."""
        wait_until(lambda: self._answers("/healthz"), what=f"the web server answers\n{self.log[-3000:]}")

    def start_worker(self, *arguments: str, **env: str) -> subprocess.Popen[bytes]:
        """Start one more `flask leads worker`."""
        self.workers.append(self.start(*LEADS, "worker", *arguments, **env))
        return self.workers[-1]

    def start(self, *command: str, **env: str) -> subprocess.Popen[bytes]:
        """Start a process in a session of its own; its output goes into the service's log."""
        with self.log_path.open("ab") as log:
            process = subprocess.Popen(
                command, cwd=PROJECT, env=self.env | env, stdout=log, stderr=log, start_new_session=True
            )
        self._started.append(process)
        return process

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        """kill -9 a process with everything it has started in its session, and wait for its end."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End every process and let the database go."""
        for process in self._started:
            if process.poll() is None:
                process.terminate()
        for process in self._started:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill(process)
        if self._store is not None:
            self._store.close()
            self._store = None

    def post(self, form: str = "contact", answers: dict[str, str] | None = None, **options: Any) -> requests.Response:
        """Post answers as a browser's script does; the reply is JSON."""
        options.setdefault("headers", {"Accept": "application/json"})
        options.setdefault("timeout", 10)
        return requests.post(f"{self.url}/f/{form}", data=answers, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Fetch a page."""
        options.setdefault("timeout", 10)
        return requests.get(self.url + path, **options)

    def leads(self) -> list[LeadRow]:
        """Every lead in the store, newest first."""
        return self.store.leads.find(Query(limit=100_000))

    def wait_for_delivery(self, number: int, seconds: float = 30) -> list[LeadRow]:
        """Wait until the store holds `number` leads and all are delivered; returns them."""

        def done() -> list[LeadRow]:
            leads = self.leads()
            return leads if len(leads) >= number and all(lead.state == "delivered" for lead in leads) else []

        return wait_until(done, seconds, f"{number} leads are delivered")

    def _answers(self, path: str) -> bool:
        if self.web is not None and self.web.poll() is not None:
            raise AssertionError(f"the web server ended with {self.web.returncode}:\n{self.log[-3000:]}")
        try:
            return requests.get(self.url + path, timeout=2).status_code == 200
        except requests.RequestException:
            return False
