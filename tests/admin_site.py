"""The admin pages as a test calls them: the app in this process, an operator who signs in and posts like a browser."""

import re
from html import unescape
from pathlib import Path
from types import SimpleNamespace

from factories import make_new_lead

from leadcapture.app import create_app
from leadcapture.config import Config

PROJECT = Path(__file__).parents[1]
PASSWORD = "open sesame"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Desk:
    """The operator at his desk."""

    def __init__(self, app) -> None:
        self.app = app
        self.client = app.test_client()
        self.store = app.extensions["leadcapture"].store
        self.token = ""

    def get(self, path="/admin/", **options):
        """Fetch a page, and keep its CSRF token."""
        answer = self.client.get(path, **options)
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self.token = found[1]
        return answer

    def post(self, path, data=None, token=None, **options):
        """Post a form of the page fetched last."""
        return self.client.post(
            path, data={"csrf_token": self.token if token is None else token} | (data or {}), **options
        )

    def sign_in(self, password=PASSWORD, **options):
        """Type the password."""
        self.get("/admin/login", **options)
        return self.post("/admin/login", {"password": password}, **options)

    def lead(self, **changes):
        """Put a lead into the store; returns its id."""
        return self.store.leads.accept(make_new_lead(**changes)).id

    def text(self, path):
        """What a page says, without its tags."""
        return unescape(" ".join(re.sub(r"<[^>]+>", " ", self.get(path).text).split()))


def open_desk(folder, url=None, signed_in=True, migrate=True, **settings):
    """Start the app on a database of its own."""
    values = {
        "database_url": url or f"sqlite:///{folder / 'leads.db'}",
        "secret_key": "a key of the admin tests",
        "forms_file": str(PROJECT / "forms.toml"),
        "nexudus_url": "http://127.0.0.1:9",
        "admin_password": PASSWORD,
        "metrics_token": "a token for metrics",
    }
    desk = Desk(create_app(Config(**(values | settings))))
    if migrate:
        desk.store.migrate()
    if signed_in:
        assert desk.sign_in().status_code == 303
    return desk


def routes(app):
    """Every admin address as (path, methods), a lead's id filled in."""
    return [
        SimpleNamespace(path=fill(rule.rule), methods=rule.methods)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin")
    ]


def fill(rule):
    """Put values in place of a rule's variables."""
    return re.sub(
        r"<(\w+(\([^)]*\))?:)?(\w+)>", lambda m: {"action": "retry", "name": "days"}.get(m[3], "no-such-lead"), rule
    )
