"""Planted faults: each rule of delivery is switched off in turn, and a scenario must show it.

A scenario is a plain function that raises AssertionError when a rule is broken. Untouched, every scenario passes;
with the fault planted, the same scenario fails. A fault is planted at the rig's own seams (its CRM, its store) where
there is one, and in the code itself where the rule is a decision within it: the one place where our code is patched,
since a rule that is switched off is the very subject.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from delivery_rig import Altered, Rig
from factories import Clock, make_catalogue, make_connection, make_content, make_form

from leadcapture.delivery import deliver, known, lane, settle
from leadcapture.domain.account import Stage
from leadcapture.domain.form import KnownPerson
from leadcapture.domain.opportunity import Opportunity
from leadcapture.domain.outcome import Person
from leadcapture.domain.pace import Allowance
from leadcapture.errors import AccessDenied, OutcomeUnknown, Refused, SignInRefused, Throttled
from leadcapture.nexudus import meaning
from leadcapture.sandbox.server import Sandbox
from leadcapture.store import queue
from leadcapture.store.actions import Deed
from leadcapture.store.statements import Ready
from leadcapture.store.tables import WAITING_SQL

BOTH = ["coworkers", "crmopportunities"]
LOST = {"drop_after_commit": {"mode": "close", "on": BOTH, "times": 6}}
WRITES_PER_MINUTE, WRITES_PER_DAY = 55, 200


class Plant:
    """The rig's seams and the code, as a fault may alter them."""

    def __init__(self, monkeypatch):
        self.patch = monkeypatch.setattr
        self.crm = {}
        self.queue = {}

    def rig_options(self):
        return {
            "wrap_crm": lambda crm: Altered(crm, **self.crm),
            "wrap_store": lambda store: Altered(store) if not self.queue else _with_queue(store, self.queue),
        }


def _with_queue(store, methods):
    store.queue = Altered(store.queue, **methods)
    return store


class Scene:
    """Where a scenario is played: a stand-in, two stores on one database, a clock."""

    def __init__(self, url, make_store):
        self.clock = Clock(datetime.now(UTC).replace(hour=9))
        self.sandbox = Sandbox(clock=self.clock).start()
        self.stores = [make_store(url, clock=self.clock) for _ in range(2)]
        self.rigs = []

    def rig(self, plant, form=None, limits=None, **options):
        connection = make_connection(url=self.sandbox.url, timeout_seconds=5.0, **(limits or {}))
        catalogue = make_catalogue(make_form(**(form or {})), connection=connection)
        made = Rig(
            self.sandbox,
            self.stores,
            self.clock,
            catalogue,
            connection,
            seed=3,
            real_timeout=5.0,
            **plant.rig_options(),
            **options,
        )
        self.rigs.append(made)
        return made

    def close(self):
        for rig in self.rigs:
            rig.close()
        self.sandbox.stop()


# Scenarios


def answers_are_lost(scene, plant):
    rig = scene.rig(plant)
    scene.sandbox.switches.merge(LOST)
    for number in range(6):
        rig.submit(f"person.{number % 4}@customer.co.uk")
    rig.run(48).check_all_delivered()


def answers_are_lost_and_lists_lag(scene, plant):
    rig = scene.rig(plant)
    scene.sandbox.switches.merge(LOST | {"lag_seconds": 30})
    for number in range(6):
        rig.submit(f"person.{number % 4}@customer.co.uk")
    rig.run(48).check_all_delivered()


def answers_are_lost_of_one_person(scene, plant):
    """Some creates were written and some were not: each lead must find its own."""
    rig = scene.rig(plant)
    rig.submit("ann@customer.co.uk")
    rig.run(1)
    scene.sandbox.switches.merge({"drop_after_commit": {"mode": "unread", "on": ["crmopportunities"], "times": 2}})
    for _ in range(3):
        rig.submit("ann@customer.co.uk")
    rig.run(48).check_all_delivered()


def filters_are_ignored(scene, plant):
    """The CRM lists everybody whatever it is asked (contract 4.1)."""
    real = dict(plant.crm)

    def everybody(find, email):
        own = find(email)
        others = [one for lead in rig.leads for one in find(lead.content.email) if one not in own]
        return own + others

    plant.crm["find_customers"] = everybody
    rig = scene.rig(plant)
    for number in range(4):
        rig.submit(f"person.{number}@customer.co.uk")
    rig.run(48).check_all_delivered()
    plant.crm = real


def one_person_many_leads(scene, plant):
    rig = scene.rig(plant)
    for number in range(8):
        rig.submit("Ann@customer.co.uk" if number % 2 else "ann@customer.co.uk")
    rig.run(48).check_all_delivered()


def workers_die(scene, plant):
    """Both workers die at every boundary there is, one after the other."""
    rig = scene.rig(plant)
    for boundaries in range(1, 30):
        rig.submit(f"person.{boundaries}@customer.co.uk")
        rig.workers[boundaries % 2].kill_in = boundaries
        rig.run(hours=1)
    for worker in rig.workers:
        worker.kill_in = None
    rig.run(48).check_all_delivered()
    assert sum(rig.killed.values()) > 10


def throttled(scene, plant):
    rig = scene.rig(plant)
    scene.sandbox.switches.merge({"throttle": "409", "throttle_every": 3, "throttle_seconds": 7})
    for number in range(8):
        rig.submit(f"person.{number}@customer.co.uk")
    rig.run(48).check_all_delivered(attempts=1)


def customers_are_full(scene, plant):
    """While the account may make no customers, those who are customers go on."""
    rig = scene.rig(plant)
    rig.submit("known@customer.co.uk")
    rig.run(1)
    scene.sandbox.switches.merge({"coworker_daily_limit": 1})
    rig.submit("new@customer.co.uk")
    rig.run(0.02)
    again = rig.submit("known@customer.co.uk")
    rig.run(0.02)
    assert rig.rows()[again.id].state == "delivered"
    rig.run(72).check_all_delivered(attempts=2)


def quotas(scene, plant):
    """A backlog drains at the allowed rate: never more in a minute, never more in a day."""
    limits = {"writes_per_minute": WRITES_PER_MINUTE, "writes_per_day": WRITES_PER_DAY, "calls_per_minute": 100}
    rig = scene.rig(plant, limits=limits, latency_seconds=0.02)
    for number in range(150):
        rig.submit(f"person.{number}@customer.co.uk")
    rig.run(24 * 4).check_all_delivered(attempts=1)
    assert scene.sandbox.world.max_writes_in_a_minute() <= WRITES_PER_MINUTE + 1  # the sign-in is one
    by_hour = sorted(call.at for call in scene.sandbox.world.calls if call.method == "POST")
    day = timedelta(days=1)
    busiest = max(sum(at <= other < at + day for other in by_hour) for at in by_hour)
    assert busiest <= WRITES_PER_DAY + 1


def a_note_is_added(scene, plant):
    """A second enquiry goes into the open opportunity, and nothing else of that record changes."""
    rig = scene.rig(plant, form={"known_person": KnownPerson.NOTE})
    rig.submit("ann@customer.co.uk")
    rig.run(1)
    [made] = scene.sandbox.world.opportunities()
    scene.sandbox.world.change("CrmOpportunity", made["Id"], {"Value": 1200.0, "UtmSource": "google"})
    before = scene.sandbox.world.opportunities()[0]
    second = rig.submit("ann@customer.co.uk", content=make_content("ann@customer.co.uk", message="Also a car park."))
    rig.workers[0].kill_in = rig.workers[1].kill_in = 12  # about where the record has been replaced
    rig.run(48)
    [after] = scene.sandbox.world.opportunities()
    assert after["Notes"].count(second.id) == 1
    assert before["Notes"] in after["Notes"]
    unchanged = set(before) - {"Notes", "UpdatedOn", "UpdatedBy", "CrmUpdatedOn"}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert rig.rows()[second.id].opportunity_id == made["Id"]


def the_worker_dies_after_a_note(scene, plant):
    """The note is there, and nobody has heard of it: it must not be added twice."""
    for boundaries in range(1, 26):
        rig = scene.rig(plant, form={"known_person": KnownPerson.NOTE})
        email = f"ann.{boundaries}@customer.co.uk"
        rig.submit(email)
        rig.run(1)
        second = rig.submit(email)
        for worker in rig.workers:
            worker.kill_in = boundaries
        rig.run(1)
        for worker in rig.workers:
            worker.kill_in = None
        rig.run(48)
        notes = [one["Notes"] for one in scene.sandbox.world.opportunities() if one["CoworkerEmail"] == email]
        assert len(notes) == 1
        assert notes[0].count(second.id) == 1


def the_answer_to_a_note_is_lost(scene, plant):
    rig = scene.rig(plant, form={"known_person": KnownPerson.NOTE})
    rig.submit("ann@customer.co.uk")
    rig.run(1)
    lost = {"mode": "close", "on": ["crmopportunities"], "methods": ["PUT"], "times": 2}
    scene.sandbox.switches.merge({"drop_after_commit": lost})
    second = rig.submit("ann@customer.co.uk")
    rig.run(48)
    [only] = scene.sandbox.world.opportunities()
    assert rig.rows()[second.id].state == "delivered"
    assert only["Notes"].count(second.id) == 1


def the_crm_says_no_with_200(scene, plant):
    rig = scene.rig(plant)
    scene.sandbox.switches.merge({"soft_fail": {"message": "The stage is closed.", "on": ["crmopportunities"]}})
    lead = rig.submit()
    rig.run(2)
    row = rig.rows()[lead.id]
    assert (row.state.value, "The stage is closed" in row.reason) == ("blocked", True)


def nothing_works_for_a_month(scene, plant):
    rig = scene.rig(plant)
    rig.stride_seconds = 6 * 3600
    scene.sandbox.switches.merge({"html_error": {"status": 502, "written": False, "on": ["crmopportunities"]}})
    lead = rig.submit()
    rig.run(24 * 32)
    row = rig.rows()[lead.id]
    assert row.state == "blocked"
    assert row.reason.startswith("tried for 30 days")
    scene.sandbox.switches.clear()
    assert rig.store.actions.retry(Deed("test", lead.id, rig.clock()))
    rig.run(48)
    assert rig.rows()[lead.id].state == "delivered"
    rig.check_nothing_doubled()


def a_stage_that_deletes(scene, plant):
    rig = scene.rig(plant, form={"board_column": 1099})
    lead = rig.submit()
    rig.run(2)
    assert rig.rows()[lead.id].state == "blocked"
    assert "DeleteAccount" in rig.rows()[lead.id].reason
    assert not scene.sandbox.world.opportunities()
    assert not scene.sandbox.world.coworkers()


def the_general_error_for_ever(scene, plant):
    rig = scene.rig(plant)
    scene.sandbox.switches.merge({"ooops": {"on": ["crmopportunities"]}})
    lead = rig.submit()
    rig.run(24)
    assert rig.rows()[lead.id].state == "blocked"
    creates = scene.sandbox.world.calls_of("POST", "/api/crm/crmopportunities")
    assert creates <= 10, creates


# Faults


def plant_opportunity_sent_again(plant):
    def twice(create, *arguments):
        try:
            return create(*arguments)
        except OutcomeUnknown:
            return create(*arguments)

    plant.crm["create_opportunity"] = twice


def plant_customer_sent_again(plant):
    def twice(create, *arguments):
        try:
            return create(*arguments)
        except OutcomeUnknown:
            return create(*arguments)

    plant.crm["create_customer"] = twice


def plant_one_look_is_enough(plant):
    plant.patch(deliver, "look_again_in_seconds", lambda sent_at, looks, now: None)


def plant_any_opportunity_is_ours(plant):
    plant.patch(Opportunity, "carries", lambda self, reference: True)


def plant_any_customer_is_theirs(plant):
    plant.patch(deliver, "choose_customer", lambda found, email, location: max(found, key=lambda c: c.id, default=None))


def plant_no_lock_on_people(plant):
    def nobody(self, connection, request, keys, token, until):
        return dict.fromkeys(keys, Person())

    anybody = Ready(
        f"SELECT id, person FROM leads WHERE connection = ? AND {WAITING_SQL} AND due_at <= ? AND ? > 0 "
        "ORDER BY due_at LIMIT ?",
        ("id", "person"),
    )
    plant.patch(queue.Queue, "_lease_people", nobody)
    plant.patch(queue, "_CANDIDATES", anybody)


def change_claims(plant, before=lambda request: request, after=lambda claimed: claimed):
    """Alter both ways in which a lane asks for leads."""

    def go_on(real, finished, request):
        recorded, claimed = real(finished, before(request))
        return recorded, after(claimed)

    plant.queue |= {"claim": lambda real, request: after(real(before(request))), "go_on": go_on}


def plant_an_ended_lease_sent_nothing(plant):
    def innocent(claimed):
        claims = tuple(
            replace(one, lead=replace(one.lead, sent_at=None), person=replace(one.person, sent_at=None))
            for one in claimed.claims
        )
        return replace(claimed, claims=claims)

    change_claims(plant, after=innocent)
    plant.patch("leadcapture.delivery.deliver.WAITED_LONG", timedelta.max)  # that look would find it as well


def plant_throttling_is_an_error(plant):
    def failing(create, *arguments):
        try:
            return create(*arguments)
        except Throttled as error:
            raise OutcomeUnknown(error.call, error.status) from None

    plant.crm |= {"create_opportunity": failing, "create_customer": failing}


def plant_409_is_a_conflict(plant):
    def failing(call, *arguments):
        try:
            return call(*arguments)
        except Throttled as error:
            raise Refused(error.call, error.status, [("request", "answered with 409")]) from None

    plant.crm |= {"create_opportunity": failing, "create_customer": failing, "find_customers": failing}


def plant_a_quota_is_a_wrong_password(plant):
    def failing(create, *arguments):
        try:
            return create(*arguments)
        except AccessDenied as error:
            raise SignInRefused(error.call, error.status) from None

    plant.crm["create_customer"] = failing


def plant_parked_customers_park_everybody(plant):
    real = lane.Lane._try

    def parked(self, claim):
        if "customers" in self._line.store.queue.parked("main", self._line.clock()):
            return lane._parked(claim, self._line.clock() + timedelta(hours=1), "parked"), None
        return real(self, claim)

    plant.patch(lane.Lane, "_try", parked)


def plant_no_pacer(plant):
    plenty = Allowance(1_000_000, 1_000_000, 1_000_000)
    change_claims(plant, before=lambda request: replace(request, allowance=plenty))


def plant_pacer_forgets_what_was_used(plant):
    plant.patch(queue.Pace, "spend", lambda self, cost, now: None)


def plant_only_what_changed_is_put(plant):
    plant.crm["replace_opportunity"] = lambda put, record: put(
        {
            name: record.get(name)
            for name in ("Id", "CrmBoardColumnId", "CoworkerId", "Status", "Position", "LeadSource", "Notes")
        }
    )


def plant_a_note_is_added_blindly(plant):
    def add(crm, opportunity_id, reference, notes, limit):
        record = dict(crm.get_opportunity(opportunity_id))
        record["Notes"] = known.add_to_notes(str(record.get("Notes") or ""), notes)
        crm.replace_opportunity(record)
        return True

    plant.patch(deliver, "add_note", add)
    plant.patch(deliver, "carrying", lambda theirs, reference: None)


def plant_200_is_success(plant):
    plant.patch(meaning, "_failed_softly", lambda answer: False)


def plant_never_give_up(plant):
    plant.patch(settle, "given_up", lambda received_at, now: False)


def plant_every_stage_is_harmless(plant):
    plant.patch(Stage, "dangerous", property(lambda self: frozenset()))


def plant_the_general_error_is_tried_for_ever(plant):
    plant.patch(deliver, "GENERIC_FAILURES_AT_MOST", 10_000)


@dataclass(frozen=True)
class Fault:
    """A rule that is switched off, and the scenario that must fail then."""

    plant: object
    scenario: object


FAULTS = [
    Fault(plant_opportunity_sent_again, answers_are_lost),
    Fault(plant_customer_sent_again, answers_are_lost),
    Fault(plant_one_look_is_enough, answers_are_lost_and_lists_lag),
    Fault(plant_any_opportunity_is_ours, answers_are_lost_of_one_person),
    Fault(plant_any_customer_is_theirs, filters_are_ignored),
    Fault(plant_no_lock_on_people, one_person_many_leads),
    Fault(plant_an_ended_lease_sent_nothing, workers_die),
    Fault(plant_throttling_is_an_error, throttled),
    Fault(plant_409_is_a_conflict, throttled),
    Fault(plant_a_quota_is_a_wrong_password, customers_are_full),
    Fault(plant_parked_customers_park_everybody, customers_are_full),
    Fault(plant_no_pacer, quotas),
    Fault(plant_pacer_forgets_what_was_used, quotas),
    Fault(plant_only_what_changed_is_put, a_note_is_added),
    Fault(plant_a_note_is_added_blindly, the_answer_to_a_note_is_lost),
    Fault(plant_200_is_success, the_crm_says_no_with_200),
    Fault(plant_never_give_up, nothing_works_for_a_month),
    Fault(plant_every_stage_is_harmless, a_stage_that_deletes),
    Fault(plant_the_general_error_is_tried_for_ever, the_general_error_for_ever),
]
SCENARIOS = [*dict.fromkeys(fault.scenario for fault in FAULTS), the_worker_dies_after_a_note]
ON_POSTGRES = [answers_are_lost, one_person_many_leads, workers_die, quotas, a_note_is_added]


@pytest.fixture
def play(make_store):
    """A function that plays a scenario on a database."""
    scenes = []

    def run(scenario, url, plant):
        scenes.append(Scene(url, make_store))
        scenario(scenes[-1], plant)

    yield run
    for scene in scenes:
        scene.close()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenarios__pass_with_every_rule_on(scenario, play, sqlite_url, monkeypatch):
    play(scenario, sqlite_url, Plant(monkeypatch))


@pytest.mark.postgres
@pytest.mark.parametrize("scenario", ON_POSTGRES, ids=lambda scenario: scenario.__name__)
def test_scenarios__pass_on_postgres(scenario, play, postgres_url, monkeypatch):
    play(scenario, postgres_url, Plant(monkeypatch))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.plant.__name__.removeprefix("plant_"))
def test_planted_faults__are_caught(fault, play, sqlite_url, monkeypatch):
    plant = Plant(monkeypatch)
    fault.plant(plant)
    with pytest.raises(AssertionError):
        play(fault.scenario, sqlite_url, plant)
