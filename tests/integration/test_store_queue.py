"""The queue: nobody gets what another has, a lease ends by itself, and whoever lost one records nothing."""

import multiprocessing
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from factories import NOW, make_new_lead
from sqlalchemy import update

from leadcapture.domain.lead import LeadState
from leadcapture.domain.outcome import Outcome, Person
from leadcapture.domain.pace import Allowance, Cost
from leadcapture.domain.steady_clock import SteadyClock
from leadcapture.errors import LeaseLost
from leadcapture.store.queue import ClaimRequest, Finished
from leadcapture.store.store import Store
from leadcapture.store.tables import leads

COST = Cost(calls=4, writes=2)
PLENTY = Allowance(100_000, 10_000_000, 100_000)
LEASE_SECONDS = 30.0


def claim(store, at=NOW, limit=1, allowance=PLENTY, cost=COST, connection="main"):
    return store.queue.claim(ClaimRequest(connection, allowance, cost, limit, at, LEASE_SECONDS))


def accept(store, email, seconds=0, **changes):
    lead = make_new_lead(email, NOW - timedelta(seconds=100 - seconds), **changes)
    store.leads.accept(lead)
    return lead


def delivered(number=1):
    return Outcome(LeadState.DELIVERED, opportunity_id=number, coworker_id=2, person=Person(2, NOW), counts=True)


@pytest.fixture
def queue(store):
    """A store with the connection's row."""
    store.connections.ensure("main")
    return store


def test_claim__gives_the_oldest_that_is_due(queue):
    later, older = accept(queue, "b@x.co.uk", 50), accept(queue, "a@x.co.uk", 10)
    accept(queue, "held@x.co.uk", 0, state=LeadState.HELD)
    accept(queue, "elsewhere@x.co.uk", 0, connection="lisbon")
    accept(queue, "future@x.co.uk", 500)

    got = [claim(queue).claims for _ in range(3)]

    assert [found[0].lead.id for found in got[:2]] == [older.id, later.id]
    assert got[2] == ()


def test_claim__never_gives_two_leads_of_one_person(queue):
    for number in range(4):
        accept(queue, "Ann@x.co.uk" if number % 2 else "ann@x.co.uk", number)
    other = accept(queue, "ben@x.co.uk", 50)

    first = claim(queue, limit=8)
    second = claim(queue, limit=8)

    assert sorted(found.lead.person for found in first.claims) == ["ann@x.co.uk", "ben@x.co.uk"]
    assert other.id in {found.lead.id for found in first.claims}
    assert second.claims == ()


def test_claim__the_next_lead_of_a_person_comes_after_the_first(queue):
    first, second = accept(queue, "ann@x.co.uk", 1), accept(queue, "ann@x.co.uk", 2)
    queue.queue.finish(claim(queue).claims[0], delivered(), NOW)
    [found] = claim(queue).claims
    assert found.lead.id == second.id != first.id
    assert found.person.coworker_id == 2


def test_claim__a_busy_person_with_many_leads_holds_nobody_up(queue):
    for number in range(20):
        accept(queue, "busy@x.co.uk", number)
    waiting = accept(queue, "ben@x.co.uk", 60)
    assert claim(queue).claims[0].lead.person == "busy@x.co.uk"
    assert [found.lead.id for found in claim(queue).claims] == [waiting.id]


def test_claim__hosts_whose_clocks_differ_go_by_the_databases(postgres_url, make_store):
    """By his own clock, an hour ahead, the second would take what the first has just begun to deliver."""
    hosts = [make_store(postgres_url, clock=lambda h=h: datetime.now(UTC) + timedelta(hours=h)) for h in (0, 1, -1)]
    clocks = [SteadyClock(store.time, lambda: NOW, LEASE_SECONDS) for store in hosts]
    assert [clock.rest_seconds() for clock in clocks] == [0, 0, 0]
    hosts[0].connections.ensure("main")
    lead = accept(hosts[0], "ann@x.co.uk")

    got = [claim(store, clock()).claims for store, clock in zip(hosts, clocks, strict=True)]

    assert [[one.lead.id for one in claims] for claims in got] == [[lead.id], [], []]
    assert max(clock() for clock in clocks) - min(clock() for clock in clocks) < timedelta(seconds=1)
    assert abs(clocks[1]() - datetime.now(UTC)) < timedelta(seconds=5)


def test_time__on_one_machine_is_its_own(sqlite_url, make_store):
    assert make_store(sqlite_url, clock=lambda: NOW).time() == NOW


def test_claim__an_ended_lease_goes_to_another_with_what_may_have_been_sent(queue):
    lead = accept(queue, "ann@x.co.uk")
    lost = claim(queue).claims[0]

    early = claim(queue, NOW + timedelta(seconds=LEASE_SECONDS - 1))
    [found] = claim(queue, NOW + timedelta(seconds=LEASE_SECONDS + 1)).claims

    assert early.claims == ()
    assert (found.lead.id, found.lead.sent_at, found.lead.looks) == (lead.id, lost.until, 0)
    assert (found.person.sent_at, found.person.looks) == (lost.until, 0)


def test_finish__by_who_has_lost_the_lease_records_nothing(queue):
    lead = accept(queue, "ann@x.co.uk")
    lost = claim(queue).claims[0]
    later = NOW + timedelta(seconds=LEASE_SECONDS + 1)
    mine = claim(queue, later).claims[0]

    with pytest.raises(LeaseLost):
        queue.queue.finish(lost, delivered(1), later)
    with pytest.raises(LeaseLost):
        queue.queue.extend(lost, later + timedelta(seconds=30))
    queue.queue.finish(mine, delivered(7), later)

    assert queue.leads.get(lead.id).opportunity_id == 7


def test_go_on__records_what_is_done_though_the_next_lead_can_not_be_claimed(queue, monkeypatch):
    done = accept(queue, "ann@x.co.uk")
    [mine] = claim(queue).claims
    accept(queue, "bob@x.co.uk", 1)
    request = ClaimRequest("main", PLENTY, COST, 1, NOW, LEASE_SECONDS)
    monkeypatch.setattr("leadcapture.store.queue._claimed", int)

    with pytest.raises(TypeError):
        queue.queue.go_on(Finished(mine, delivered(7), NOW), request)

    assert queue.leads.get(done.id).opportunity_id == 7


def test_extend__is_refused_to_who_has_lost_the_person(queue):
    accept(queue, "ann@x.co.uk", 50)
    lost = claim(queue).claims[0]
    older = accept(queue, "ann@x.co.uk", 0)
    later = NOW + timedelta(seconds=LEASE_SECONDS + 1)
    [taken] = claim(queue, later).claims
    assert taken.lead.id == older.id != lost.lead.id

    with pytest.raises(LeaseLost):
        queue.queue.extend(lost, later + timedelta(seconds=30))


def test_extend__keeps_lead_and_person(queue):
    accept(queue, "ann@x.co.uk")
    accept(queue, "ann@x.co.uk", 3)
    mine = claim(queue).claims[0]
    queue.queue.extend(mine, NOW + timedelta(seconds=90))
    assert claim(queue, NOW + timedelta(seconds=LEASE_SECONDS + 1)).claims == ()


def test_claim__many_threads_of_two_processes_share_without_overlap(database_url, make_store):
    stores = [make_store(database_url), make_store(database_url)]
    stores[0].connections.ensure("main")
    for number in range(60):
        accept(stores[0], f"person.{number % 30}@x.co.uk", number)

    with ThreadPoolExecutor(6) as threads:
        got = list(threads.map(lambda number: claim(stores[number % 2], limit=3).claims, range(24)))

    found = [one for claims in got for one in claims]
    assert len(found) == 30
    assert len({one.lead.id for one in found}) == len({one.lead.person for one in found}) == 30


def work(url, results):
    """Claim and deliver until nothing is due; runs in a process of its own."""
    store = Store(url, "a key of the tests, long enough")
    done = []
    while found := claim(store, limit=2).claims:
        for one in found:
            store.queue.finish(one, delivered(len(done) + 1), NOW)
            done.append(one.lead.id)
    results.put(done)
    store.close()


def test_claim__real_processes_deliver_each_lead_once(queue, database_url):
    accepted = [accept(queue, f"person.{number}@x.co.uk", number) for number in range(80)]
    spawning = multiprocessing.get_context("spawn")
    results = spawning.SimpleQueue()
    workers = [spawning.Process(target=work, args=(database_url, results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    done = [results.get() for _ in workers]
    for worker in workers:
        worker.join()

    assert Counter(lead_id for some in done for lead_id in some) == Counter(lead.id for lead in accepted)


def test_pace__is_shared_by_all_who_claim(database_url, make_store):
    stores = [make_store(database_url), make_store(database_url)]
    stores[0].connections.ensure("main")
    for number in range(40):
        accept(stores[0], f"person.{number}@x.co.uk", number)
    allowance = Allowance(writes_per_minute=20, writes_per_day=1000, calls_per_minute=1000)

    with ThreadPoolExecutor(4) as threads:
        got = list(threads.map(lambda number: claim(stores[number % 2], limit=3, allowance=allowance), range(20)))
    next_minute = claim(stores[0], NOW + timedelta(seconds=62), limit=40, allowance=allowance)

    assert sum(len(one.claims) for one in got) == 10
    assert all(one.wait_seconds > 0 for one in got if not one.claims)
    assert len(next_minute.claims) == 10


def test_pace__what_was_reserved_and_not_used_is_given_back(queue):
    for number in range(6):
        accept(queue, f"person.{number}@x.co.uk", number)
    allowance = Allowance(writes_per_minute=4, writes_per_day=1000, calls_per_minute=1000)
    first = claim(queue, limit=6, allowance=allowance).claims
    assert len(first) == 2 and claim(queue, allowance=allowance).claims == ()
    outcome = Outcome(LeadState.RECEIVED, due_at=NOW + timedelta(hours=1), used=Cost(1, 0))

    queue.queue.finish(first[0], outcome, NOW)

    assert len(claim(queue, limit=6, allowance=allowance).claims) == 1


def test_pace__what_was_used_late_counts_from_when_it_was_used(queue):
    for number in range(4):
        accept(queue, f"person.{number}@x.co.uk", number)
    allowance = Allowance(writes_per_minute=2, writes_per_day=1000, calls_per_minute=1000)
    slow = claim(queue, allowance=allowance).claims[0]
    used = Outcome(LeadState.DELIVERED, opportunity_id=1, used=Cost(3, 2))

    queue.queue.finish(slow, used, NOW + timedelta(seconds=28))

    assert claim(queue, NOW + timedelta(seconds=62), allowance=allowance).claims == ()
    assert len(claim(queue, NOW + timedelta(seconds=90), allowance=allowance).claims) == 1


def test_claim__rests_while_paused_and_stops_until_resumed(queue):
    accept(queue, "ann@x.co.uk")
    queue.connections.pause("main", NOW + timedelta(seconds=60), "asked to wait")
    paused = claim(queue)
    queue.connections.stop("main", "refused")
    stopped = claim(queue, NOW + timedelta(seconds=90))
    queue.connections.resume("main")

    assert (paused.claims, paused.wait_seconds) == ((), 60.0)
    assert (stopped.claims, stopped.stopped) == ((), True)
    assert len(claim(queue, NOW + timedelta(seconds=90)).claims) == 1


def test_rehome__gives_waiting_leads_to_the_connection_of_their_form(queue):
    moved = accept(queue, "ann@x.co.uk", connection="before")
    sent = accept(queue, "ben@x.co.uk", connection="before")
    gone = accept(queue, "cleo@x.co.uk", connection="before", form="gone")
    with queue.database.writing() as connection:
        connection.execute(update(leads).where(leads.c.id == sent.id).values(sent_at=NOW))

    assert queue.queue.rehome({"contact": "main"}) == 1

    assert [found.lead.id for found in claim(queue, limit=8).claims] == [moved.id]
    assert queue.queue.waiting_by_connection() == {"main": 1, "before": 2}
    assert queue.leads.get(gone.id).connection == "before"


def ask_together(store, number, allowance=PLENTY):
    """Ask as lanes do whose requests the writer found waiting at the same time: in one transaction."""
    requests = [ClaimRequest("main", allowance, COST, 1, NOW + timedelta(milliseconds=n), 30) for n in range(number)]
    with store.database.writing() as connection:
        return [claimed for _, claimed in store.queue._turns(connection, [(None, one) for one in requests])]


def test_claims_together__give_each_lane_a_lead_of_its_own(queue):
    accepted = [accept(queue, f"person{number}@x.co.uk", number).id for number in range(3)]

    got = ask_together(queue, 5)

    assert [[claim.lead.id for claim in one.claims] for one in got] == [[lead_id] for lead_id in accepted] + [[], []]
    assert [one.wait_seconds > 0 for one in got] == [False, False, False, True, True]


def test_claims_together__stay_within_the_allowance(queue):
    for number in range(5):
        accept(queue, f"person{number}@x.co.uk", number)

    got = ask_together(queue, 5, Allowance(writes_per_minute=5, writes_per_day=100, calls_per_minute=100))

    assert sum(len(one.claims) for one in got) == 2
    assert claim(queue, allowance=Allowance(5, 100, 100)).wait_seconds > 1


def test_claims_together__only_one_lane_probes(queue):
    accept(queue, "ann@x.co.uk")
    queue.connections.failed("main", 3, None, "Nexudus can't be reached")

    got = ask_together(queue, 3)

    assert [one.probe for one in got] == [True, False, False]
    assert not any(one.claims for one in got)


def test_claim__says_how_the_connection_stands(queue):
    accept(queue, "ann@x.co.uk", 1), accept(queue, "ben@x.co.uk", 2)
    queue.connections.limit_notes("main", 400)
    queue.connections.park("main", "customers", NOW + timedelta(hours=1), "full")
    queue.connections.park("main", "location 1", NOW - timedelta(hours=1), "over")

    [first] = claim(queue).claims
    queue.connections.failed("main", 1, None, "Nexudus can't be reached")
    [second] = claim(queue).claims

    assert first.standing.notes_limit == 400
    assert first.standing.parked == {"customers": (NOW + timedelta(hours=1), "full")}
    assert [first.standing.troubled, second.standing.troubled] == [False, True]


def test_times__too_far_ahead_are_over(queue):
    """The clock was five hours ahead: a lead failed, another's worker died, a third came in, and the CRM was away."""
    then = NOW + timedelta(hours=5)
    died = accept(queue, "ben@x.co.uk")
    [held] = claim(queue, then).claims
    failed, parked = (accept(queue, f"{name}@x.co.uk") for name in ("ann", "cleo"))
    arrived = accept(queue, "dan@x.co.uk", seconds=5 * 3600)
    with queue.database.writing() as connection:
        connection.execute(update(leads).where(leads.c.id == failed.id).values(due_at=then, waits_for="outage"))
        connection.execute(update(leads).where(leads.c.id == parked.id).values(due_at=NOW + timedelta(minutes=90)))
    queue.connections.failed("main", 4, then, "can't be reached")
    queue.connections.park("main", "customers", then, "full")

    queue.times.mend(NOW)
    queue.connections.recovered("main")
    [taken, *more] = sorted(claim(queue, NOW + timedelta(seconds=1), limit=9).claims, key=lambda one: one.lead.due_at)

    assert {one.lead.id for one in (taken, *more)} == {failed.id, died.id, arrived.id}
    assert queue.queue.parked("main", NOW) == {}
    assert next(one for one in (taken, *more) if one.lead.id == died.id).lead.sent_at == NOW  # looked up first
    with pytest.raises(LeaseLost):
        queue.queue.finish(held, Outcome(LeadState.DELIVERED), NOW)
    assert queue.times.mend(NOW) == 0


def test_times__of_a_web_process_whose_clock_is_ahead_hold_nobody_up(queue):
    ahead = accept(queue, "ann@x.co.uk", 100 + 600)
    soon = accept(queue, "ben@x.co.uk", 100 + 1)

    assert queue.times.mend(NOW) == 1

    assert queue.leads.get(ahead.id).due_at == NOW
    assert queue.leads.get(soon.id).due_at == NOW + timedelta(seconds=1)


def test_times__that_are_meant_are_left(queue):
    waits = accept(queue, "ann@x.co.uk")
    with queue.database.writing() as connection:
        connection.execute(update(leads).where(leads.c.id == waits.id).values(due_at=NOW + timedelta(minutes=75)))
    queue.connections.pause("main", NOW + timedelta(hours=23), "Nexudus asked us to wait")
    queue.connections.park("main", "customers", NOW + timedelta(hours=1), "full")
    assert queue.times.mend(NOW) == 0
    assert queue.queue.next_due("main") == NOW + timedelta(minutes=75)
    assert queue.connections.state("main").paused_until == NOW + timedelta(hours=23)
    assert set(queue.queue.parked("main", NOW)) == {"customers"}
