"""/metrics: closed without its token, computed from the store, never falling."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from admin_site import PROJECT, open_desk
from factories import make_content, make_new_lead
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, update

from leadcapture.domain.lead import LeadState
from leadcapture.store.tables import attempts, leads

NOW = datetime.now(UTC)
TOKEN = {"Authorization": "Bearer a token for metrics"}


@pytest.fixture
def desk(tmp_path, database_url):
    desk = open_desk(tmp_path, database_url, signed_in=False)
    yield desk
    desk.store.close()


def samples(desk):
    answer = desk.client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def deliver(store, at, latency_ms=300, email=None):
    lead = store.leads.accept(make_new_lead(at=at, email=email)).id
    with store.database.writing() as connection:
        changed = {"state": "delivered", "delivered_at": at + timedelta(seconds=3)}
        connection.execute(update(leads).where(leads.c.id == lead).values(changed))
        row = {"lead_id": lead, "call": "create opportunity", "at": at + timedelta(seconds=2), "outcome": "ok"}
        connection.execute(insert(attempts), [row | {"status": 200, "latency_ms": latency_ms}])
    return lead


def test_metrics__are_off_without_a_token(tmp_path):
    desk = open_desk(tmp_path, signed_in=False, metrics_token=None)
    assert desk.client.get("/metrics", headers=TOKEN).status_code == 404
    desk.store.close()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "a token for metrics", "Basic a token for metrics"])
def test_metrics__refuse_another_token(desk, header):
    assert desk.client.get("/metrics", headers={"Authorization": header}).status_code == 401


def test_metrics__count_leads_by_state(desk):
    desk.store.connections.ensure("main")
    desk.lead()
    desk.lead(form="tour", state=LeadState.HELD)
    desk.lead(form="tour", state=LeadState.BLOCKED)
    deliver(desk.store, NOW - timedelta(minutes=10))
    found = samples(desk)
    assert found["leadcapture_leads_accepted_total", "tour"] == 2
    names = ("delivered", "waiting", "held", "blocked", "discarded")
    assert [found[f"leadcapture_leads_{name}",] for name in names] == [1, 1, 1, 1, 0]
    assert found["leadcapture_connection_stopped", "main"] == 0


def test_metrics__count_calls_and_durations(desk):
    deliver(desk.store, NOW - timedelta(hours=1), 90)
    deliver(desk.store, NOW, 700)
    found = samples(desk)
    assert found["leadcapture_nexudus_calls_total", "create opportunity", "200"] == 2
    assert found["leadcapture_nexudus_call_seconds_bucket", "0.1"] == 1
    assert found["leadcapture_nexudus_call_seconds_bucket", "+Inf"] == 2
    assert found["leadcapture_delivery_seconds_count",] == 2
    assert found["leadcapture_delivery_seconds_sum",] == 6


def test_metrics__do_not_fall_when_a_person_is_erased(desk):
    deliver(desk.store, NOW - timedelta(hours=1), email="ann@example.com")
    before = samples(desk)
    desk.store.actions.erase("test", "ann@example.com", NOW)
    after = samples(desk)
    for name in (
        ("leadcapture_nexudus_calls_total", "create opportunity", "200"),
        ("leadcapture_delivery_seconds_count",),
    ):
        assert after[name] == before[name] == 1


def test_tallies__count_each_attempt_once_however_often_they_are_read(desk):
    for n in range(5):
        deliver(desk.store, NOW - timedelta(minutes=10 - n))
        desk.store.tallies.read(NOW)
    assert desk.store.tallies.read(NOW).calls["create opportunity", "200"] == 5
    assert desk.store.tallies.read(NOW + timedelta(hours=1)).calls["create opportunity", "200"] == 5


def test_metrics__hold_nothing_of_people(desk):
    desk.lead(content=make_content("ann.metrics@example.com"))
    assert "ann.metrics" not in desk.client.get("/metrics", headers=TOKEN).text


def test_grafana_dashboard__asks_for_metrics_that_exist(desk):
    desk.store.connections.ensure("main")
    desk.store.heartbeats.beat(NOW)
    deliver(desk.store, NOW)
    text = desk.client.get("/metrics", headers=TOKEN).text
    asked = set(re.findall(r"leadcapture_\w+", (PROJECT / "docs/grafana.json").read_text()))
    asked -= {"leadcapture_token_expires_timestamp_seconds"}  # there once somebody has signed in
    assert asked
    assert [name for name in asked if name not in text] == []
