"""Addresses are cut after a day, the digest names nobody, and the same text from many people is held."""

from dataclasses import replace
from datetime import timedelta

from factories import NOW, make_content, make_new_lead

from leadcapture.delivery import retention
from leadcapture.delivery.digest import Digest
from leadcapture.domain.lead import LeadState, new_lead_id


def lead_of(at, ip="203.0.113.77", **changes):
    body = f"message=hello&ip={ip}".encode()
    return replace(make_new_lead(content=make_content(ip=ip)), id=new_lead_id(at), received_at=at, body=body, **changes)


def test_addresses__are_cut_after_a_day_with_those_in_the_body(store) -> None:
    old, young = lead_of(NOW - timedelta(hours=25)), lead_of(NOW - timedelta(hours=23))
    for lead in (old, young):
        store.leads.accept(lead)
    retention.cut_addresses(store, lambda: NOW)
    assert store.leads.get(old.id).content.ip == "203.0.113.0"
    assert store.leads.body(old.id)[1] == b"message=hello&ip=203.0.113.0"
    assert store.leads.get(young.id).content.ip == "203.0.113.77"
    assert b"203.0.113.77" in store.leads.body(young.id)[1]
    retention.cut_addresses(store, lambda: NOW + timedelta(hours=2))
    assert store.leads.get(young.id).content.ip == "203.0.113.0"


def test_addresses__of_many_leads_are_cut_in_steps_and_never_looked_at_again(store) -> None:
    leads = [lead_of(NOW - timedelta(days=2, seconds=number)) for number in range(450)]
    for lead in leads:
        store.leads.accept(lead)
    steps = 1
    while store.addresses.cut(NOW - timedelta(days=1)):
        steps += 1
    assert steps == 3
    assert {store.leads.get(lead.id).content.ip for lead in leads} == {"203.0.113.0"}
    assert store.addresses.cut(NOW - timedelta(days=1)) is False


def test_addresses__version_six_written_for_the_web_is_cut_in_the_body(store) -> None:
    lead = replace(lead_of(NOW - timedelta(days=3), ip="2001:db8:1:2::3"), body=b"ip=2001%3Adb8%3A1%3A2%3A%3A3")
    store.leads.accept(lead)
    retention.cut_addresses(store, lambda: NOW)
    assert b"3A3" not in store.leads.body(lead.id)[1]


def test_digest__counts_forms_and_reasons_and_names_nobody(store) -> None:
    told = []
    for number in range(3):
        reason = f"says “ann@secret.example”, which is in hold_words; filled in within 0.{number} seconds"
        lead = lead_of(NOW - timedelta(hours=number), state=LeadState.HELD, reason=reason)
        store.leads.accept(lead)
    assert Digest(store, lambda: NOW + timedelta(minutes=1), lambda *mail: told.append(mail)).tell(
        NOW - timedelta(days=1)
    )
    subject, text = told[0]
    assert subject == "leadcapture: 3 leads held since yesterday"
    assert "3  says …, which is in hold_words" in text and "3  filled in within … seconds" in text
    assert "secret.example" not in text and "customer.co.uk" not in text and "Ann" not in text


def test_digest__is_not_sent_when_nothing_was_held(store) -> None:
    store.leads.accept(lead_of(NOW))
    assert not Digest(store, lambda: NOW, lambda *mail: 1 / 0).tell(NOW - timedelta(days=1))


def test_same_text__from_the_third_person_on_is_held_and_from_one_person_never(store) -> None:
    many = [replace(lead_of(NOW), text_key="a text", text_from_people=3) for _ in range(4)]
    one = [
        replace(make_new_lead(email="ann@example.org"), text_key="another", text_from_people=3, received_at=NOW)
        for _ in range(5)
    ]
    for lead in (*many, *one):
        store.leads.accept(lead)
    states = [store.leads.get(lead.id).state for lead in many]
    assert states == [LeadState.RECEIVED, LeadState.RECEIVED, LeadState.HELD, LeadState.HELD]
    assert "3 people" in store.leads.get(many[2].id).reason
    assert {store.leads.get(lead.id).state for lead in one} == {LeadState.RECEIVED}


def test_same_text__is_forgotten_after_a_day(store) -> None:
    for days in range(4):
        at = NOW + timedelta(days=1.01 * days)
        lead = replace(lead_of(at), text_key="a text", text_from_people=2)
        store.leads.accept(lead)
        assert store.leads.get(lead.id).state is LeadState.RECEIVED
    store.actions.forget_keys(NOW + timedelta(days=9))
