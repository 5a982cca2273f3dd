"""A run with a recognisable address, token and password, in which things fail; then nothing of them may be anywhere.

Looked at: every line of every log, every answer that is an error, /metrics, /readyz, what `flask leads list` prints,
and for the secrets the database's files.
"""

import json
import sqlite3
from pathlib import Path

import requests
from raw_http import send
from service import Service, wait_until

from leadcapture.sandbox.seed import USERNAME

ADDRESS = "recognisable.visitor@leak-example.org"
NAME, TEXT = "Recognisable Visitorname", "recognisable words about a desk"
PASSWORD, ADMIN, METRICS = "recognisable-nexudus-password", "recognisable-admin-password", "recognisable-metrics-token"
KEY, SECRET_KEY = "recognisable-hook-key-0123456789", "recognisable secret key of the service"
FORMS = """
[forms.contact.hooks.zapier]
key_env = "HOOK_KEY"
"""


def prepared(make_service, nexudus: str, password: str) -> Service:
    forms = (Path(__file__).parents[2] / "forms.toml").read_text() + FORMS
    settings = {
        "NEXUDUS_PASSWORD": password,
        "ADMIN_PASSWORD": ADMIN,
        "METRICS_TOKEN": METRICS,
        "HOOK_KEY": KEY,
        "LOG_LEVEL": "DEBUG",
    }
    service = make_service(nexudus=nexudus, forms=forms, env=settings)
    service.migrate()
    return service


def provoke(service: Service) -> list[str]:
    """Make everything fail that a visitor can make fail; returns the error answers."""
    answers = {"full_name": NAME, "email": ADDRESS, "message": TEXT}
    secrets = {"password": PASSWORD, "access_token": METRICS}
    said: list[requests.Response] = [
        service.post(answers=answers),
        service.post(answers=answers | {"message": f"{TEXT} again"} | secrets),
        service.post(answers={"email": ADDRESS}),
        service.get(f"/f/nothing?email={ADDRESS}"),
        service.get(f"/leads/{ADDRESS}"),
        service.get("/metrics", headers={"Authorization": f"Bearer {METRICS}x"}),
        requests.post(f"{service.url}/hooks/contact/zapier?key={KEY}x", json=answers, timeout=10),
        requests.post(f"{service.url}/hooks/contact/zapier?key={KEY}", json=answers | {"x": 1}, timeout=10),
        requests.post(f"{service.url}/f/contact", data=ADDRESS, headers={"Content-Type": "text/xml"}, timeout=10),
        requests.post(
            f"{service.url}/f/contact", data=f'{{"{ADDRESS}', headers={"Content-Type": "application/json"}, timeout=10
        ),
        requests.post(f"{service.url}/admin/login", data={"password": f"{ADMIN}x"}, timeout=10),
    ]
    for line in (f"GET /{ADDRESS} HTTP/9.9", f"GET / HTTP/1.1\r\nBad {ADDRESS}: x", f"{ADDRESS}"):
        send(service.port, f"{line}\r\n\r\n".encode(), 2)
    return [answer.text for answer in said if answer.status_code >= 400 and answer.status_code != 422]


def found_in(text: str, *words: str) -> list[str]:
    return [word for word in words if word.lower() in text.lower()]


PERSON = (ADDRESS, "recognisable.visitor", NAME, "recognisable words")
SECRETS = (PASSWORD, ADMIN, METRICS, KEY)


def test_leaks__with_everything_failing_nothing_is_said(make_service, sandbox) -> None:
    service = prepared(make_service, sandbox.url, PASSWORD)
    service.start_web()
    service.start_worker()
    errors = provoke(service)
    wait_until(
        lambda: any(one.stopped_reason for one in service.store.connections.all()), what="the sign-in is refused"
    )
    broken = sqlite3.connect(service.folder / "leads.db")
    broken.execute("ALTER TABLE leads RENAME TO gone")  # from here on every post is an error of ours
    broken.commit()
    answers = {"full_name": NAME, "email": ADDRESS, "message": f"{TEXT} at last"}
    failed = [
        service.post(answers=answers),
        service.get(f"/leads/{ADDRESS}"),
        service.post(answers=answers, headers={}),
    ]
    assert {answer.status_code for answer in failed} & {500, 503}
    errors += [answer.text for answer in failed[:2]]
    listing_broken = service.cli("list")
    broken.execute("ALTER TABLE gone RENAME TO leads")
    broken.commit()
    broken.close()
    metrics = service.get("/metrics", headers={"Authorization": f"Bearer {METRICS}"}).text
    listing = service.cli("list", "--json")
    doctor = service.cli("doctor")
    service.stop()

    lines = [line for line in service.log.splitlines() if found_in(line, *PERSON, *SECRETS, "127.0.0.1 ")]
    assert lines == []
    assert found_in("\n".join(errors), *PERSON, *SECRETS) == []
    assert found_in(metrics, *PERSON, *SECRETS) == []
    assert found_in(listing.stdout + listing.stderr + listing_broken.stderr, *PERSON, *SECRETS) == []
    assert found_in(doctor.stdout + doctor.stderr, *PERSON, *SECRETS) == []
    stored = b"".join(path.read_bytes() for path in service.folder.glob("leads.db*")).decode("latin-1")
    assert found_in(stored, *SECRETS) == []
    assert json.loads(listing.stdout.splitlines()[0])["state"]


def test_leaks__the_token_of_a_sign_in_is_encrypted(make_service, sandbox) -> None:
    service = prepared(make_service, sandbox.url, sandbox.password)
    service.start_web()
    service.start_worker()
    service.post(answers={"full_name": NAME, "email": ADDRESS, "message": TEXT})
    service.wait_for_delivery(1)
    with service.store.database.reading() as connection:
        sealed = connection.exec_driver_sql("SELECT token FROM connections").scalar_one()
    given = service.store.tokens("main", sandbox.url).load()
    service.stop()
    stored = b"".join(path.read_bytes() for path in service.folder.glob("leads.db*"))
    for token in (given.access_token, given.refresh_token):
        assert token and token.encode() not in stored and token.encode() not in sealed and token not in service.log
    assert sandbox.password.encode() not in stored and sandbox.password not in service.log
    assert USERNAME not in service.log
    assert found_in(service.log, *PERSON, *SECRETS) == []
