"""`make demo` as a newcomer types it: from two commands to a card on the board, and nothing left behind."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from bench.site import free_port
from tests.service import PROJECT, runs, wait_until

TOUR = "f/tour?utm_source=google&utm_medium=cpc&utm_campaign=autumn"
FASTEST_SECONDS = 2.1
"""Who is faster than two seconds is held as a robot."""
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def checkout(tmp_path) -> Path:
    """The project's own files in an empty folder, with the environment that is installed already."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (PROJECT / name).is_file() and not name.startswith(("docs/", "tests/")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(PROJECT / ".venv")
    return tmp_path


def processes_in(folder: Path) -> list[int]:
    """Every process that works in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            where = entry.readlink()
        except OSError:
            continue
        if where == folder and runs(int(entry.parent.name)):
            found.append(int(entry.parent.name))
    return found


class Demo:
    def __init__(self, checkout: Path, port: int) -> None:
        self.checkout, self.port, self.log = checkout, port, checkout / "demo.log"

    def __enter__(self) -> "Demo":
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.checkout), "PORT": str(self.port)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["make", "demo"], cwd=self.checkout, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            wait_until(lambda: "Ctrl-C stops everything" in self.said or self.process.poll() is not None, 60)
            assert self.process.returncode is None, "the demo has stopped"
        except AssertionError as never_up:
            self.__exit__()
            raise AssertionError(self.said) from never_up
        return self

    @property
    def said(self) -> str:
        return self.log.read_text()

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(ProcessLookupError):  # it may have stopped by itself
            os.killpg(self.process.pid, signal.SIGINT)  # what a terminal does at Ctrl-C
        self.process.wait(30)

    def board(self) -> str:
        return requests.get(f"http://127.0.0.1:{self.port + 1}/", timeout=5).text

    def send_tour(self, name: str) -> str:
        """Fill in the hosted page, as a browser does without scripts."""
        page = requests.get(f"http://127.0.0.1:{self.port}/{TOUR}", timeout=5)
        action = re.search(r'<form[^>]*action="([^"]+)"', page.text)
        stamp = re.search(r'name="_stamp" value="([^"]+)"', page.text)
        assert action and stamp
        answers = {"full_name": name, "email": "bea@example.com", "tour_date": "2031-07-01", "tour_time": "14:30"}
        url = f"http://127.0.0.1:{self.port}{action[1].replace('&amp;', '&')}"
        since = time.monotonic()
        wait_until(lambda: time.monotonic() - since > FASTEST_SECONDS)
        sent = requests.post(url, data=answers | {"_stamp": stamp[1], "consent": "yes"}, timeout=5)
        assert sent.status_code == 200 and sent.url.endswith("/f/tour/thanks"), sent.text
        return sent.text


def test_demo__from_nothing_to_the_board_and_away_without_a_trace(checkout) -> None:
    port = free_port(2)
    with Demo(checkout, port) as demo:
        for path in ("f/contact", TOUR, "admin/"):
            assert f"http://127.0.0.1:{port}/{path}" in demo.said
        demo.send_tour("Bea First")
        board = wait_until(lambda: demo.board() if "Bea First" in demo.board() else "", 2, "the card is on the board")
        for part in ("Web", "InProgress", "google", "cpc", "autumn", "2031-07-01", "bea@example.com"):
            assert part in board, part
    wait_until(lambda: not processes_in(checkout), 20, "every process is gone")

    with Demo(checkout, port) as again:
        assert "Bea First" in again.board()
        again.send_tour("Bea Second")
        wait_until(lambda: "Bea Second" in again.board(), 3)
    wait_until(lambda: not processes_in(checkout), 20, "every process is gone")


def test_demo__says_so_when_its_port_is_taken(checkout) -> None:
    port = free_port(2)
    with Demo(checkout, port):
        environment = {"PATH": os.environ["PATH"], "HOME": str(checkout), "PORT": str(port)}
        second = subprocess.run(
            ["make", "demo"], cwd=checkout, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert second.returncode != 0
        assert f"PORT={port + 100} make demo" in second.stderr
        assert "Traceback" not in second.stderr


def test_demo__says_of_a_port_that_it_is_none():
    command = [sys.executable, "-m", "leadcapture.sandbox.demo"]
    for port in ("abc", "0", "65535"):
        result = subprocess.run(command, env={**os.environ, "PORT": port}, capture_output=True, text=True, check=False)
        assert result.returncode == 1
        assert result.stderr.startswith(f"PORT={port}: must be a whole number")
