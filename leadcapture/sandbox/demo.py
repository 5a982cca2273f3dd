"""`make demo`: the stand-in Nexudus, the web service and its worker on SQLite, with the sample forms."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from types import FrameType

from leadcapture.sandbox.seed import PASSWORD, USERNAME

FOLDER = Path(".demo")
START_SECONDS = 30.0
STOP_SECONDS = 12.0
LAST_PORT = 65534


class Demo:
    """The processes of the demo; its data stay in `.demo/` for the next start."""

    def __init__(self, port: int, folder: Path = FOLDER) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.sandbox_url = f"http://127.0.0.1:{port + 1}"
        self._port = port
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._stopped = threading.Event()
        self._parent = os.getppid()

    def run(self) -> int:
        """Start everything, say where it is, and wait for Ctrl-C; returns the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for port in (self._port, self._port + 1):
            if not _is_free(port):
                print(f"Port {port} is in use. PORT={self._port + 100} make demo takes others.", file=sys.stderr)
                return 1
        self._folder.mkdir(exist_ok=True)
        try:
            return self._serve()
        finally:
            self._end()

    def _serve(self) -> int:
        sandbox = (sys.executable, "-m", "leadcapture.sandbox", "--port", str(self._port + 1))
        self._start(*sandbox, "--data", str(self._folder / "nexudus.db"))
        if not self._answers(self.sandbox_url):
            return 1
        migrate = [sys.executable, "-m", "flask", "--app", "wsgi", "leads", "migrate"]
        if subprocess.run(migrate, env=self._environment(), check=False).returncode:  # noqa: S603 - our own command
            return 1
        self._start(sys.executable, "-m", "gunicorn", "wsgi:app")
        if not self._answers(f"{self.url}/readyz"):
            return 1
        self._say()
        while all(process.poll() is None for process in self._processes):
            if self._stopped.wait(0.2) or os.getppid() != self._parent:
                return 0
        return 1

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PORT": str(self._port),
            "DATABASE_URL": f"sqlite:///{self._folder / 'leads.db'}",
            "SECRET_KEY": self._kept("secret_key", 48),
            "ADMIN_PASSWORD": self._kept("admin_password", 9),
            "NEXUDUS_URL": self.sandbox_url,
            "NEXUDUS_EMAIL": USERNAME,
            "NEXUDUS_PASSWORD": PASSWORD,
            "FORMS_FILE": os.environ.get("FORMS_FILE", "forms.toml"),
            "WORKER_IN_WEB": "1",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        }

    def _kept(self, name: str, length: int) -> str:
        """Return a secret of this demo's own, made at the first start."""
        path = self._folder / name
        if not path.exists():
            path.write_text(secrets.token_urlsafe(length))
            path.chmod(0o600)
        return path.read_text().strip()

    def _start(self, *command: str) -> None:
        # A session of its own: Ctrl-C reaches this process alone, which then ends the others in order.
        environment = self._environment()
        self._processes.append(subprocess.Popen(command, env=environment, start_new_session=True))  # noqa: S603

    def _answers(self, url: str) -> bool:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and not self._stopped.is_set():
            if any(process.poll() is not None for process in self._processes):
                break
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                    return True
            except OSError:
                self._stopped.wait(0.1)
        if not self._stopped.is_set():
            print(f"{url} does not answer.", file=sys.stderr)
        return False

    def _say(self) -> None:
        lines = (
            ("Contact form", f"{self.url}/f/contact"),
            ("Tour form", f"{self.url}/f/tour?utm_source=google&utm_medium=cpc&utm_campaign=autumn"),
            ("Admin pages", f"{self.url}/admin/   password: {self._kept('admin_password', 9)}"),
            ("Nexudus' board", f"{self.sandbox_url}/   (a stand-in; break it from its page)"),
            ("Its sign-in", f"{USERNAME}   password: {PASSWORD}"),
        )
        print("\nleadcapture runs. Send a form and see it on the board.\n")
        for name, url in lines:
            print(f"  {name:<15} {url}")
        print("\nCtrl-C stops everything.\n", flush=True)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopped.set()

    def _end(self) -> None:
        for process in reversed(self._processes):
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in reversed(self._processes):
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def main(port: str) -> int:
    """Run the demo on a port, or say that it is none."""
    if not port.isdecimal() or not 1 <= int(port) <= LAST_PORT:
        said = f"PORT={port}: must be a whole number from 1 to {LAST_PORT}; the stand-in takes the next."
        print(said, file=sys.stderr)
        return 1
    return Demo(int(port)).run()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - as gunicorn will
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main(os.environ.get("PORT", "8000")))
