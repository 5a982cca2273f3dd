"""The stage of the embed tests: a customer's website on several origins, and the real service behind it.

Every name under .localhost is this machine to Chromium, so that one small server is the customer's website, a blog
that links to it, and anything else that has an origin of its own.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError

from bench.site import free_port
from leadcapture.sandbox.seed import PASSWORD, USERNAME
from leadcapture.sandbox.server import Sandbox

PROJECT = Path(__file__).parents[2]

FORMS = """
[defaults]
location = 1234566
time_zone = "Europe/London"
country_id = 1220
simple_time_zone_id = 2023
board_column = 1001
allowed_origins = ["{site}"]
redirect_hosts = ["www.space.localhost"]
{more}

[forms.tour]
title = "Book a tour"
submit_label = "Request my tour"
success_message = "Thank you. We will confirm your tour."

[[forms.tour.fields]]
name = "full_name"
label = "Your name"
type = "text"
required = true
to = "coworker.FullName"

[[forms.tour.fields]]
name = "email"
label = "Your e-mail"
type = "email"
required = true
to = "coworker.Email"

[[forms.tour.fields]]
name = "message"
label = "What are you looking for?"
type = "textarea"
"""


class Website:
    """Pages on a port of their own; `page` adds one, `on` gives its address under a host name."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[bytes, dict[str, str]]] = {}
        website = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body, headers = website.pages.get(self.path.partition("?")[0], (b"", {}))
                self.send_response(200 if body else 404)
                for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.port = self._server.server_address[1]
        self.origin = f"http://www.space.localhost:{self.port}"
        self.blog = f"http://blog.elsewhere.localhost:{self.port}"

    def page(self, path: str, body: str, headers: Mapping[str, str] | None = None) -> str:
        html = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{path}</title><body>{body}</body></html>'
        self.pages[path] = (html.encode(), dict(headers or {}))
        return self.origin + path

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Service:
    """The service under test, as a browser sees it, and the stand-in that its leads end in."""

    def __init__(self, url: str, nexudus: Sandbox) -> None:
        self.url = url
        self.action = f"{url}/f/tour"
        self.script = f'<script src="{url}/embed.js" async></script>'
        self.nexudus = nexudus

    def opportunities(self, email: str) -> list[dict]:
        """What the stand-in holds of a person."""
        world = self.nexudus.world
        ids = {person["Id"] for person in world.shown_all("Coworker") if person["Email"] == email}
        return [one for one in world.shown_all("CrmOpportunity") if one["CoworkerId"] in ids]

    def opportunity(self, email: str, seconds: float = 20) -> dict:
        """The one opportunity of a person, waited for."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := self.opportunities(email):
                assert len(found) == 1
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"nothing of {email} has reached the stand-in")


def wait_until_ready(url: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextmanager
def running_service(site: str, more: str = ""):
    """Start the stand-in, gunicorn and a worker; stop them by signal."""
    folder = Path(tempfile.mkdtemp(prefix="embed-stage-"))
    (folder / "forms.toml").write_text(FORMS.format(site=site, more=more))
    port = free_port()
    with Sandbox() as nexudus:
        settings = {
            "DATABASE_URL": f"sqlite:///{folder / 'leads.db'}",
            "FORMS_FILE": str(folder / "forms.toml"),
            "SECRET_KEY": "a key of the browser tests, long enough",
            "NEXUDUS_URL": nexudus.url,
            "NEXUDUS_EMAIL": USERNAME,
            "NEXUDUS_PASSWORD": PASSWORD,
            "NEXUDUS_WRITES_PER_MINUTE": "100000",
            "NEXUDUS_WRITES_PER_DAY": "1000000",
            "NEXUDUS_CALLS_PER_MINUTE": "100000",
            "RETRY_BASE_SECONDS": "0.2",
            "PORT": str(port),
            "WEB_CONCURRENCY": "1",
        }
        started: list[subprocess.Popen] = []
        log = (folder / "service.log").open("wb")

        def run(*command: str) -> list[str]:
            return [sys.executable, "-m", *command]

        def start(*command: str) -> None:
            environment = os.environ | settings
            started.append(subprocess.Popen(run(*command), cwd=PROJECT, env=environment, stdout=log, stderr=log))

        subprocess.run(
            run("flask", "leads", "migrate"), cwd=PROJECT, env=os.environ | settings, check=True, stdout=log, stderr=log
        )
        start("gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}")
        start("flask", "leads", "worker")
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/healthz")
            yield Service(f"http://forms.service.localhost:{port}", nexudus)
        finally:
            for process in started:
                process.send_signal(signal.SIGTERM)
            for process in started:
                process.wait(30)
            log.close()
            shutil.rmtree(folder, ignore_errors=True)
