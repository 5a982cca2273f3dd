"""A site with forms of every kind for the tests of public pages: the real app on a SQLite file, without a server."""

from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from leadcapture.app import create_app
from leadcapture.config import Config
from leadcapture.domain.lead import Lead
from leadcapture.domain.notes import write_notes
from leadcapture.store.leads import Query
from leadcapture.web.services import Services

WEBSITE = "https://www.example.com"
ANN = {"full_name": "Ann Example", "email": "ann@example.com", "message": "Two desks, please."}
AS_JSON = {"Accept": "application/json"}
AS_PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

FORMS = """
[defaults]
location = 1234566
time_zone = "Europe/London"
country_id = 1220
simple_time_zone_id = 2023
board_column = 1001
allowed_origins = ["https://www.example.com"]
redirect_hosts = ["www.example.com", "thanks.example.org"]

[forms.contact]
title = "Contact us"
success_message = "We have your message."

[[forms.contact.fields]]
name = "full_name"
label = "Your name"
required = true
to = "coworker.FullName"

[[forms.contact.fields]]
name = "email"
label = "E-mail"
type = "email"
required = true
to = "coworker.Email"

[[forms.contact.fields]]
name = "phone"
label = "Phone"
type = "tel"
to = "coworker.MobilePhone"

[[forms.contact.fields]]
name = "message"
label = "Your message"
type = "textarea"
required = true
max_length = 500

[forms.away]
title = "Away"
success_url = "https://www.example.com/thanks"
consent = "You may contact me."
fields = [{ name = "email", label = "E-mail", type = "email", required = true }]

[forms.every]
title = "Jede Art von Frage"
language = "de"
theme_color = "#ffd400"
logo_url = "https://www.example.com/logo.svg"
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
options = ["Schreibtisch", "Büro"]

[[forms.every.fields]]
name = "extras"
label = "Was noch?"
type = "checkbox"
options = ["Parkplatz", "Postadresse", "Rad"]

[[forms.every.fields]]
name = "size"
label = "Größe"
type = "select"
options = ["klein", "groß"]

[[forms.every.fields]]
name = "start"
label = "Beginn"
type = "date"
min = 2026-01-15
max = 2030-12-31

[[forms.every.fields]]
name = "at"
label = "Uhrzeit"
type = "time"
min = 09:00:00
max = 18:00:00

[[forms.every.fields]]
name = "people"
label = "Personen"
type = "number"
min = 1
max = 20

[[forms.every.fields]]
name = "news"
label = "Neuigkeiten"
type = "checkbox"
to = "coworker.SignUpToNewsletter"

[[forms.every.fields]]
name = "campaign"
label = "Aktion"
type = "hidden"
default = "Herbst"
"""


class Site:
    """The app as a test calls it, and what it has stored."""

    def __init__(self, client: FlaskClient, services: Services) -> None:
        self.client = client
        self.services = services

    def post(self, form: str = "contact", data: Any = None, headers: dict | None = None, **options: Any):
        """Post answers as a script does: the reply is JSON."""
        answers = ANN if data is None and "json" not in options else data
        return self.client.post(f"/f/{form}", data=answers, headers=AS_JSON | (headers or {}), **options)

    def submit(self, form: str = "contact", data: Any = None, headers: dict | None = None, **options: Any):
        """Post answers as a browser's own form does: the reply is a page."""
        answers = ANN if data is None else data
        return self.client.post(f"/f/{form}", data=answers, headers=AS_PAGE | (headers or {}), **options)

    def leads(self) -> list[Lead]:
        """Every stored lead, oldest first."""
        return list(self.services.store.leads.every(Query()))

    def lead(self, answer: TestResponse) -> Lead:
        """The lead that an answer speaks of."""
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found = self.services.store.leads.get(answer.get_json()["id"])
        assert found is not None
        return found

    def notes(self, answer: TestResponse) -> str:
        """What a salesperson will read of it."""
        lead = self.lead(answer)
        return write_notes(lead.id, lead.content)


@contextmanager
def open_site(folder: Path, extra: str = "", **settings: Any):
    """Start the app on a database of its own; `extra` is added to forms.toml."""
    forms = folder / "forms.toml"
    forms.write_text(FORMS + extra)
    values = {"database_url": f"sqlite:///{folder / 'leads.db'}", "secret_key": "a key of the form tests"}
    app = create_app(Config(forms_file=str(forms), **(values | settings)))
    services = app.extensions["leadcapture"]
    services.store.migrate()
    yield Site(app.test_client(), services)
    services.store.close()
