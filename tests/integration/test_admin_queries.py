"""The inbox' lists on both databases: complete, stable, and answered by an index."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import make_content, make_new_lead
from hot_queries import READS, plans_of

from leadcapture.domain.attribution import Attribution
from leadcapture.domain.lead import LeadState
from leadcapture.store.actions import Deed
from leadcapture.store.inbox import InboxQuery

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def accept(store, number=1, **changes):
    """Put leads into a store, a minute after one another; returns their ids, oldest first."""
    start = changes.pop("at", NOW)
    found = []
    for n in range(number):
        at = start + timedelta(minutes=n)
        found.append(store.leads.accept(make_new_lead(at=at, **changes)).id)
    return found


def ids(page):
    return [row.id for row in page.rows]


def walk(store, **query):
    """Every id of a list, page by page."""
    found, before = [], ""
    while True:
        page = store.inbox.page(InboxQuery(before=before, limit=7, **query))
        found += ids(page)
        if not page.next_before:
            return found
        before = page.next_before


def test_inbox_pages__hold_every_lead_once_newest_first(store):
    accepted = accept(store, 30)
    assert walk(store) == accepted[::-1]


def test_inbox_pages__are_not_moved_by_leads_that_arrive_meanwhile(store):
    accepted = accept(store, 20)
    first = store.inbox.page(InboxQuery(limit=10))
    accept(store, 5, at=NOW + timedelta(days=1))
    second = store.inbox.page(InboxQuery(limit=10, before=first.next_before))
    assert ids(first) + ids(second) == accepted[::-1]


def test_inbox_groups__hold_the_states_that_they_name(store):
    waiting = accept(store, 3)
    held = accept(store, 2, state=LeadState.HELD, at=NOW + timedelta(hours=1))
    gone = accept(store, 1, state=LeadState.HELD, at=NOW + timedelta(hours=2))
    store.actions.discard(Deed("test", gone[0], NOW), "no reason")
    assert walk(store, group="waiting") == waiting[::-1]
    assert walk(store, group="held") == held[::-1]
    assert walk(store, group="discarded") == gone
    assert walk(store, group="blocked") == walk(store, group="delivered") == []
    assert store.inbox.counts() == {"waiting": 3, "held": 2, "blocked": 0, "discarded": 1}


def test_inbox_filters__combine(store):
    google = make_content(attribution=Attribution(source="google", method="page_url"))
    wanted = accept(store, 2, content=google, form="tour")
    accept(store, 2, content=google, form="contact", at=NOW + timedelta(hours=1))
    accept(store, 2, form="tour", at=NOW + timedelta(hours=2))
    assert walk(store, form="tour", source="google") == wanted[::-1]
    assert store.inbox.recent_sources() == ["google"]


def test_inbox_dates__begin_and_end_on_the_moment(store):
    early, late = accept(store, 1), accept(store, 1, at=NOW + timedelta(days=2))
    assert walk(store, since=NOW + timedelta(seconds=1)) == late
    assert walk(store, until=NOW + timedelta(days=2)) == early
    assert walk(store, since=NOW, until=NOW + timedelta(days=3)) == late + early


@pytest.mark.parametrize(
    "search", ["zoe.smith@example.com", "zoe.s", "ZOE.SMITH@EXAMPLE.COM", "Zoë Sm", "zoë smith", "  zoe.smith "]
)
def test_inbox_search__finds_by_the_beginning_of_an_address_or_a_name(store, search):
    wanted = accept(store, 1, content=make_content("Zoe.Smith@example.com", name="Zoë Smith"))
    accept(store, 3)
    assert walk(store, search=search) == wanted


@pytest.mark.parametrize("search", ["berg", "BERG", "van der berg", "der Berg", "Jan van", "bERg"])
def test_inbox_search__finds_surnames(store, search):
    wanted = accept(store, 1, content=make_content("jvdb@example.com", name="Jan van der Berg"))
    accept(store, 2, content=make_content(name="Berga Der"), at=NOW - timedelta(days=1))
    found = walk(store, search=search)
    assert wanted[0] in found
    assert len(found) == (3 if search.casefold() == "berg" else 1)


@pytest.mark.parametrize(
    "part",
    [
        lambda lead: f"[{lead[-10:]}]",
        lambda lead: lead[-10:-3],
        lambda lead: lead[-12:].upper(),
        lambda lead: f"…{lead[-10:]}",
        lambda lead: lead[:18],
        lambda lead: lead[9:],
        lambda lead: lead.replace("-", ""),
        lambda lead: f"Lead reference: {lead}",
    ],
)
def test_inbox_search__finds_parts_of_a_number(store, part):
    others = accept(store, 3)
    wanted = accept(store, 1, at=NOW + timedelta(days=900))
    assert walk(store, search=part(wanted[0])) == wanted
    assert others[0] not in walk(store, search=part(wanted[0]))


def test_inbox_search__follows_a_corrected_name_and_forgets_an_erased_one(store):
    [lead] = accept(store, 1, content=make_content("ann@example.com", name="Ann Wrong"), state=LeadState.HELD)
    store.actions.edit(Deed("test", lead, NOW), make_content("ann@example.com", name="Ann Wright"))
    assert (walk(store, search="wrong"), walk(store, search="wright")) == ([], [lead])
    store.actions.erase("test", "ann@example.com", NOW)
    assert walk(store, search="wright") == []


def test_inbox_search__finds_an_id_and_respects_the_filters(store):
    wanted = accept(store, 3)[1]
    assert walk(store, search=wanted) == [wanted]
    assert walk(store, search=wanted, group="held") == []


def test_inbox_search__pages_are_complete(store):
    accepted = [
        accept(store, 1, content=make_content(f"kim{n}@example.com"), at=NOW + timedelta(hours=n))[0] for n in range(20)
    ]
    accept(store, 5)
    assert walk(store, search="kim") == accepted[::-1]


def test_inbox_search__takes_signs_of_patterns_for_themselves(store):
    accept(store, 3)
    assert walk(store, search="%") == walk(store, search="_") == walk(store, search="'; DROP TABLE leads") == []


def test_inbox_export__yields_each_lead_with_its_content(store):
    accepted = accept(store, 5)
    assert [lead.id for lead in store.inbox.every(InboxQuery())] == accepted[::-1]
    assert all(lead.content.email for lead in store.inbox.every(InboxQuery(form="contact")))


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_queries__never_scan_the_table_on_sqlite(sqlite_url, make_store, read):
    store = make_store(sqlite_url)
    with plans_of(store) as plans:
        store.connections.ensure("main")
        accept(store, 2)
        plans.clear()
        read(store)
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN leads") and "INDEX" not in plan]
