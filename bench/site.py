"""The service as it runs: a folder, a database, gunicorn, the worker, the stand-in; their CPU time and memory."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from leadcapture.sandbox.seed import PASSWORD, USERNAME
from leadcapture.store.store import Store

PROJECT = Path(__file__).parents[1]
SECRET_KEY = "a key of the benchmarks, long enough"
GUNICORN = (sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py")
LEADS = (sys.executable, "-m", "flask", "--app", "wsgi", "leads")
LIMITS = """
[limits]
posts_per_address = 1000000000
posts_per_address_per_minute = 1000000000
posts_per_minute = 1000000000
"""
SECONDS_TO_START = 30.0


def free_port(in_a_row: int = 1) -> int:
    """Return a port that nobody listens on, with as many free ones after it as asked for.

    Below those that the system gives to whoever asks for any (32768 and up): tests and benchmarks open thousands of
    such a minute, and one of them would have the port before who it was meant for listens on it.
    """
    while True:
        first = random.randrange(10_000, 32_768 - in_a_row)
        if all(_is_free(first + number) for number in range(in_a_row)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Ask again and again until a condition holds."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.005)


class Site:
    """One installation in a folder of its own. Use as a context: its processes end with it."""

    def __init__(self, folder: Path, database_url: str | None = None, nexudus: str = "http://127.0.0.1:9") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.database_url = database_url or f"sqlite:///{folder / 'leads.db'}"
        forms = folder / "forms.toml"
        sample = (PROJECT / "forms.toml").read_text()
        sample = sample.replace("allowed_origins = [", 'allowed_origins = ["https://www.example.com", ')
        forms.write_text(sample + LIMITS)
        self.store = Store(self.database_url, SECRET_KEY)
        self._processes: list[subprocess.Popen[bytes]] = []
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(PROJECT),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": SECRET_KEY,
            "FORMS_FILE": str(forms),
            "NEXUDUS_URL": nexudus,
            "NEXUDUS_EMAIL": USERNAME,
            "NEXUDUS_PASSWORD": PASSWORD,
            "NEXUDUS_WRITES_PER_MINUTE": "1000000",
            "NEXUDUS_WRITES_PER_DAY": "1000000000",
            "NEXUDUS_CALLS_PER_MINUTE": "1000000",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "ADMIN_PASSWORD": "a password of the benchmarks",
            "LOG_LEVEL": "INFO",
        }

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.store.close()

    def start(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a process in a session of its own; what it says goes into the folder's log."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=self.environment | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def start_web(self, application: str = "wsgi:app", wait: bool = True) -> subprocess.Popen[bytes]:
        """Start gunicorn, and wait until it takes connections."""
        process = self.start(*GUNICORN, application)
        if wait:
            self.wait_for_port(self.port)
        return process

    def start_worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker."""
        return self.start(*LEADS, "worker", *options, **environment)

    def start_sandbox(self) -> str:
        """Start a stand-in Nexudus as a process of its own; returns its address."""
        port = free_port()
        self.start(sys.executable, "-m", "leadcapture.sandbox", "--port", str(port))
        self.wait_for_port(port)
        self.environment["NEXUDUS_URL"] = f"http://127.0.0.1:{port}"
        return self.environment["NEXUDUS_URL"]

    def wait_for_port(self, port: int) -> None:
        """Wait until somebody listens."""

        def listens() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True
            return False

        wait_until(listens, SECONDS_TO_START, f"port {port}: see {self.folder / 'log'}")

    def stop(self, *processes: subprocess.Popen[bytes]) -> None:
        """End processes (all without any given), kindly, then for certain."""
        ending = list(processes or reversed(self._processes))
        for process in ending:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in ending:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            self._processes.remove(process)


def family(*processes: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return processes and everything that they have started."""
    found = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = psutil.Process(process.pid)
            found += [parent, *parent.children(recursive=True)]
    return found


def cpu_seconds(*processes: subprocess.Popen[bytes]) -> float:
    """Return the CPU time of processes and of their children."""
    total = 0.0
    for one in family(*processes):
        with contextlib.suppress(psutil.Error):
            times = one.cpu_times()
            total += times.user + times.system
    return total


def memory_mb(*processes: subprocess.Popen[bytes]) -> float:
    """Return the memory of processes and their children: PSS, so that what they share counts once."""
    total = 0
    for one in family(*processes):
        with contextlib.suppress(psutil.Error):
            total += one.memory_full_info().pss
    return total / 1_000_000
