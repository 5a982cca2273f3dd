"""The stage of the hosted forms' tests: the sample forms and one of every kind, on a real service with its stand-in."""

import time
from contextlib import contextmanager
from pathlib import Path

from service import PROJECT, Service, wait_until

from leadcapture.sandbox.server import Sandbox

FILLED_IN_SECONDS = 2.1
"""What fills a form in faster is taken for a robot."""

EVERY = """
[forms.every]
title = "Jede Art von Frage"
intro = "Alle Feldarten auf einer Seite."
language = "de"
theme_color = "#ffd400"
consent = "Sie dürfen sich bei mir melden."

[[forms.every.fields]]
name = "email"
label = "E-Mail"
type = "email"
required = true
help = "Wir antworten an diese Adresse."

[[forms.every.fields]]
name = "plan"
label = "Was suchen Sie?"
type = "radio"
required = true
options = ["Schreibtisch", "Büro", "Besprechungsraum mit einem außerordentlich langen Namen"]

[[forms.every.fields]]
name = "extras"
label = "Was noch?"
type = "checkbox"
options = ["Parkplatz", "Postadresse"]
help = "Mehrere möglich."

[[forms.every.fields]]
name = "size"
label = "Größe"
type = "select"
options = ["klein", "groß"]

[[forms.every.fields]]
name = "start"
label = "Beginn"
type = "date"

[[forms.every.fields]]
name = "at"
label = "Uhrzeit"
type = "time"

[[forms.every.fields]]
name = "people"
label = "Personen"
type = "number"
max = 20

[[forms.every.fields]]
name = "message"
label = "Nachricht"
type = "textarea"
placeholder = "Worum geht es?"
"""


class Stage:
    """The running service, what it has stored, and what has reached the stand-in."""

    def __init__(self, service: Service, nexudus: Sandbox) -> None:
        self.service = service
        self.url = service.url
        self.nexudus = nexudus

    def lead(self, email: str):
        """The one lead of a person; None when there is none."""
        found = [lead for lead in self.service.leads() if lead.email == email]
        assert len(found) <= 1
        return found[0] if found else None

    def opportunity(self, email: str) -> dict:
        """The one opportunity of a person in the stand-in, waited for."""
        world = self.nexudus.world

        def found() -> list[dict]:
            ids = {person["Id"] for person in world.shown_all("Coworker") if person["Email"] == email}
            return [one for one in world.shown_all("CrmOpportunity") if one["CoworkerId"] in ids]

        (only,) = wait_until(found, 20, f"{email} reaches the stand-in")
        return only


@contextmanager
def open_stage(folder: Path):
    """Start the stand-in, gunicorn and a worker; end them all."""
    forms = (PROJECT / "forms.toml").read_text() + EVERY
    with Sandbox() as nexudus:
        service = Service(folder, nexudus.url, forms=forms, env={"WEB_CONCURRENCY": "1"})
        try:
            service.migrate()
            service.start_web()
            service.start_worker()
            yield Stage(service, nexudus)
        finally:
            service.stop()


class Keyboard:
    """A visitor without a mouse: from field to field by Tab alone, at a person's pace."""

    def __init__(self, page, address: str) -> None:
        self.page = page
        page.goto(address)
        self._since = time.monotonic()

    def reach(self, name: str) -> None:
        """Press Tab until the control of that name, or the button for "", has the focus."""
        for _ in range(24):  # a date alone has up to four stops
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.name || ''") == name:
                return
        raise AssertionError(f"Tab does not reach {name}")

    def type(self, name: str, text: str) -> None:
        """Go to a control and type."""
        self.reach(name)
        self.page.keyboard.type(text)

    def press(self, name: str, key: str) -> None:
        """Go to a control and press a key."""
        self.reach(name)
        self.page.keyboard.press(key)

    def send(self, key: str = "Enter") -> None:
        """Press the button, not sooner than a person could."""
        self.reach("")
        wait_until(lambda: time.monotonic() - self._since > FILLED_IN_SECONDS)
        self.page.keyboard.press(key)
