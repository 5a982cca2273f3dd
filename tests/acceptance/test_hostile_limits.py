"""Limits, proxies and other websites, against the real gunicorn."""

import csv
import io
from urllib.parse import quote

import requests
from service import Service, wait_until

ANN = {"full_name": "Ann", "email": "ann@example.org"}
JSON = {"Accept": "application/json"}


def posts(service: Service, number: int, headers=None, spread=False):
    """Post quickly over one line; returns the statuses."""
    statuses = []
    with requests.Session() as session:
        for count in range(number):
            sent = (
                JSON | (headers or {}) | ({"X-Forwarded-For": f"198.51.{count // 250}.{count % 250}"} if spread else {})
            )
            answers = ANN | {"message": f"A desk, please. {count} {spread}"}
            answer = session.post(f"{service.url}/f/contact", data=answers, headers=sent, timeout=20)
            statuses.append(answer.status_code)
            if answer.status_code == 429:
                assert int(answer.headers["Retry-After"]) >= 1
                break
    return statuses


def test_rate__one_address_is_slowed_within_600_posts(make_service) -> None:
    service = make_service()
    service.migrate()
    service.start_web()
    statuses = posts(service, 600)
    assert statuses[-1] == 429 and set(statuses[:-1]) == {200}


def test_rate__forged_addresses_do_not_help_without_a_trusted_proxy(make_service) -> None:
    service = make_service(env={"TRUSTED_PROXIES": "0"})
    service.migrate()
    service.start_web()
    assert posts(service, 600, spread=True)[-1] == 429
    assert {lead.ip for lead in contents(service)} == {"127.0.0.1"}


def test_rate__distinct_visitors_behind_a_trusted_proxy_are_never_slowed(make_service) -> None:
    service = make_service(env={"TRUSTED_PROXIES": "1"})
    service.migrate()
    service.start_web()
    statuses = posts(service, 160, spread=True)
    assert set(statuses) == {200}


def test_proxies__what_a_visitor_writes_left_of_the_proxys_own_address_is_not_believed(make_service) -> None:
    service = make_service(env={"TRUSTED_PROXIES": "1"})
    service.migrate()
    service.start_web()
    statuses = []
    with requests.Session() as session:
        for count in range(600):
            headers = JSON | {"X-Forwarded-For": f"198.51.100.{count % 250}, 203.0.113.9"}
            answers = ANN | {"message": f"A desk, please. {count}"}
            statuses.append(
                session.post(f"{service.url}/f/contact", data=answers, headers=headers, timeout=20).status_code
            )
            if statuses[-1] == 429:
                break
    assert statuses[-1] == 429
    assert {lead.ip for lead in contents(service)} == {"203.0.113.9"}


def contents(service: Service):
    """What every stored lead says."""
    return [service.store.leads.get(lead.id).content for lead in service.leads()]


def test_tls__is_told_by_a_trusted_proxy_alone(make_service) -> None:
    for proxies, promised in (("0", False), ("1", True)):
        service = make_service(env={"TRUSTED_PROXIES": proxies})
        service.migrate()
        service.start_web()
        answer = service.get("/f/contact", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.1"})
        assert ("Strict-Transport-Security" in answer.headers) is promised
        assert "Strict-Transport-Security" not in service.get("/f/contact").headers
        service.stop()


def test_hosts__others_are_refused_where_the_operator_lists_them(make_service) -> None:
    service = make_service(env={"ALLOWED_HOSTS": "leads.example.com .example.org"})
    service.migrate()
    service.start_web()  # waits for /healthz, which answers to any host

    def status(host: str) -> int:
        return service.get("/f/contact", headers={"Host": host}).status_code

    hosts = (
        "leads.example.com",
        "LEADS.example.com:8443",
        "a.b.example.org",
        "example.org",
        "evil.example",
        "notexample.org",
    )
    assert [status(host) for host in hosts] == [200, 200, 200, 200, 400, 400]
    assert service.get("/readyz", headers={"Host": "10.0.0.7"}).status_code == 200


def test_markup__in_every_field_reaches_notes_and_tables_as_text(make_service, sandbox) -> None:
    service = make_service(nexudus=sandbox.url)
    service.migrate()
    service.start_web()
    service.start_worker()
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    answers = {
        "full_name": f"Ann {evil}",
        "email": "ann@example.org",
        "phone": "+44 20 7946 0958",
        "company": f"=HYPERLINK(1) {evil}",
        "message": f"A desk {evil} \x1b[2J",
        "_subject": evil,
        "_page_url": f"https://x.example/{evil}",
        "_referrer": f"https://y.example/{evil}",
        "utm_source": evil,
        "gclid": evil,
        f"more{evil}": f"@SUM(1) {evil}",
    }
    lead_id = service.post(answers=answers).json()["id"]
    held = wait_until(lambda: service.store.leads.standing(lead_id), what="it is stored")
    assert held.state == "held" and "script" in held.reason
    assert service.cli("release", lead_id).returncode == 0
    service.wait_for_delivery(1)
    notes = next(str(one["Notes"]) for one in sandbox.world.opportunities() if lead_id in str(one.get("Notes")))
    assert "A desk" in notes and "SUM(1)" in notes
    assert "<" not in notes and "\x1b" not in notes
    rows = list(csv.reader(io.StringIO(service.cli("export").stdout)))
    assert len(rows) == 2
    assert [cell for cell in rows[1] if cell.startswith(("=", "+", "@", "-", "\t", "\r"))] == []
    page = service.get(f"/f/contact?full_name={quote(evil)}&message={quote(evil)}&utm_source={quote(evil)}")
    assert "<script>" not in page.text and "<img src=x" not in page.text
    refused = requests.post(f"{service.url}/f/contact", data=answers | {"email": evil}, timeout=10)
    assert refused.status_code == 422 and "<script>" not in refused.text and "<img src=x" not in refused.text
