"""What is forgotten, and what is not: erasure, retention, keys of repeats, leads that their sender took back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from factories import NOW, Clock, make_catalogue, make_content, make_form, make_new_lead
from hot_queries import plans_of
from service import wait_until
from sqlalchemy import func, select, update

from leadcapture.delivery import retention
from leadcapture.domain.lead import LeadState
from leadcapture.domain.outcome import Outcome, Person
from leadcapture.domain.pace import Allowance, Cost
from leadcapture.store import accepting, actions
from leadcapture.store.actions import Deed
from leadcapture.store.queue import ClaimRequest
from leadcapture.store.tables import leads, people, submission_keys


def accept(store, email="ann@example.com", at=NOW, **changes):
    lead = make_new_lead(email, at, content=make_content(email), **changes)
    store.leads.accept(lead)
    return lead.id


def count(store, table):
    with store.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def deliver(store, lead_id):
    store.connections.ensure("main")
    request = ClaimRequest("main", Allowance(1000, 10000, 1000), Cost(4, 2), 1, NOW, 30.0)
    [claim] = store.queue.claim(request).claims
    assert claim.lead.id == lead_id
    known = Person(7, NOW)
    done = Outcome(LeadState.DELIVERED, opportunity_id=9, coworker_id=7, person=known)
    store.queue.finish(claim, done, NOW)


def test_erase__forgets_the_customer_behind_an_address(store):
    deliver(store, accept(store))
    assert count(store, people) == 1
    receipt = store.actions.erase("test", " ANN@example.com", NOW)
    assert (receipt.leads, receipt.opportunity_ids, receipt.coworker_ids) == (1, (9,), (7,))
    assert count(store, people) == 0


@pytest.mark.parametrize("other", ["ann@example.co", "anne@example.com", "ann@example.com.au", "an@example.com"])
def test_erase__takes_no_other_address(store, other):
    kept = accept(store, other)
    store.actions.erase("test", "ann@example.com", NOW)
    assert store.leads.get(kept).content.email == other


def test_purge__goes_by_each_forms_own_days(store):
    catalogue = make_catalogue(make_form("short", retention_days=30), make_form("long", retention_days=365))
    ids = {}
    for form in ("short", "long", "no longer there"):
        for days in (29, 31, 364, 366):
            ids[form, days] = accept(
                store, f"{form}{days}@x.co.uk", NOW - timedelta(days=days), form=form, state=LeadState.HELD
            )
    retention.purge(store, catalogue, Clock(NOW))
    left = {key for key, lead_id in ids.items() if store.leads.get(lead_id).content.email}
    kept_longest = {(form, days) for form in ("long", "no longer there") for days in (29, 31, 364)}
    assert left == {("short", 29)} | kept_longest


def test_purge__comes_through_many_leads_and_counts_each_once(store, monkeypatch):
    monkeypatch.setattr(actions, "PURGED_AT_ONCE", 10)
    old = NOW - timedelta(days=400)
    waiting = [accept(store, f"waits{n}@x.co.uk", old + timedelta(minutes=n)) for n in range(12)]
    held = [
        accept(store, f"held{n}@x.co.uk", old + timedelta(minutes=n, seconds=1), state=LeadState.HELD)
        for n in range(25)
    ]
    assert store.actions.purge("contact", NOW - timedelta(days=365)) == len(held)
    assert store.actions.purge("contact", NOW - timedelta(days=365)) == 0
    assert not any(store.leads.get(lead_id).content.email for lead_id in held)
    assert all(store.leads.get(lead_id).content.email for lead_id in waiting)


def test_purge__reads_each_page_by_the_forms_index(store, monkeypatch):
    """Pages begin where the last one ended: what was emptied before is not read through again for each."""
    monkeypatch.setattr(actions, "PURGED_AT_ONCE", 10)
    for number in range(40):
        accept(store, f"p{number}@x.co.uk", NOW - timedelta(days=400, minutes=number), state=LeadState.HELD)
    begins = []
    real = store.actions._older_than
    monkeypatch.setattr(
        store.actions, "_older_than", lambda form, before, after: begins.append(after) or real(form, before, after)
    )
    store.actions.purge("contact", NOW)
    assert len(begins) == 5 and begins == sorted(begins) and len(set(begins)) == 5
    with plans_of(store) as plans:
        real("contact", NOW, begins[-1])
    assert plans and all("leads_by_form" in plan or not store.database.is_sqlite for plan in plans)


def test_purge__leaves_what_a_person_took_up_meanwhile(store, monkeypatch):
    lead_id = accept(store, "ann@x.co.uk", NOW - timedelta(days=400), state=LeadState.HELD)
    real = store.actions._older_than

    def meanwhile(*asked):
        page = real(*asked)
        store.actions.release(Deed("ann", lead_id, NOW))
        return page

    monkeypatch.setattr(store.actions, "_older_than", meanwhile)
    assert store.actions.purge("contact", NOW) == 0
    assert store.leads.get(lead_id).content.email == "ann@x.co.uk"


def test_keys__only_those_whose_time_is_over_are_forgotten(store):
    keys = (("for ever", None), ("for ten minutes", NOW + timedelta(minutes=10)))
    accept(store, dedup_keys=keys)
    retention.forget_old_keys(store, Clock(NOW + timedelta(minutes=9)))
    assert count(store, submission_keys) == 2
    retention.forget_old_keys(store, Clock(NOW + timedelta(minutes=11)))
    assert count(store, submission_keys) == 1


def test_keys__that_are_taken_over_meanwhile_are_not_forgotten(postgres_url, make_store):
    """Whoever forgets waits for who takes over, and then looks again: the next with the same answers is a repeat."""
    store, other = make_store(postgres_url), make_store(postgres_url)
    later = NOW + timedelta(minutes=11)
    accept(store, dedup_keys=(("answers", NOW + timedelta(minutes=10)),))
    new = make_new_lead(at=later, dedup_keys=(("answers", later + timedelta(minutes=10)),))
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with ThreadPoolExecutor(1) as threads:
        with store.database.writing() as connection:
            accepting.accept(connection, [accepting.entry(new)])
            forgotten = threads.submit(other.actions.forget_keys, later)
            wait_until(lambda: connection.exec_driver_sql(waiting).scalar_one())
        assert forgotten.result() == 0
    assert store.leads.owner_of("answers") == new.id


@pytest.mark.parametrize("state", list(LeadState))
def test_taken_back__by_its_sender_unless_it_is_delivered_or_on_its_way(store, state):
    lead_id = accept(store)
    with store.database.writing() as connection:
        connection.execute(update(leads).values(state=state.value))
    store.leads.discard_quietly(lead_id, "taken back by its sender")
    discarded = {LeadState.RECEIVED, LeadState.HELD, LeadState.BLOCKED, LeadState.DISCARDED}
    assert (store.leads.get(lead_id).state is LeadState.DISCARDED) == (state in discarded)


def test_content__is_replaced_only_while_it_is_what_was_known(store):
    lead_id = accept(store)
    known = store.leads.get(lead_id)
    first, second = make_content("ann@example.com", message="One."), make_content("ann@example.com", message="Two.")
    states = (LeadState.RECEIVED,)
    assert store.leads.replace_content(known, first, states)
    assert not store.leads.replace_content(known, second, states)
    assert store.leads.get(lead_id).content == first
    assert not store.leads.replace_content(store.leads.get(lead_id), second, (LeadState.HELD,))
