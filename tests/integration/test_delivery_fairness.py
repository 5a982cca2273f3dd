"""One lead's trouble is its own: nobody waits for it for ever, nothing is written twice, no quota is eaten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from delivery_rig import Altered, Rig
from factories import Clock, make_catalogue, make_connection, make_content, make_form
from sqlalchemy import delete, update

from leadcapture.delivery.lane import Lane, Line
from leadcapture.delivery.places import Places
from leadcapture.delivery.worker import Worker
from leadcapture.domain.form import AutomaticOpportunity, KnownPerson
from leadcapture.domain.lead import LeadState
from leadcapture.domain.pace import Allowance, Cost
from leadcapture.errors import AccessDenied, LeaseLost, Missing, NotSent, OutcomeUnknown, Refused, SignInRefused
from leadcapture.sandbox.server import Sandbox
from leadcapture.store.actions import Deed
from leadcapture.store.leads import Query
from leadcapture.store.queue import ClaimRequest
from leadcapture.store.tables import leads, people

LONDON = make_form("contact")
OTHER_SPACE = make_form("elsewhere", location=1234567, board_column=1010)
NOTE = {"known_person": KnownPerson.NOTE}
ADOPT = {"automatic_opportunity": AutomaticOpportunity.ADOPT}


@pytest.fixture
def play(sqlite_url, make_store):
    """A function that makes a rig of two workers with forms and altered calls to the CRM."""
    made = []

    def make(*forms, crm=None, **options):
        clock = Clock(datetime.now(UTC).replace(hour=9))
        sandbox = Sandbox(clock=clock).start()
        connection = make_connection(url=sandbox.url, timeout_seconds=5.0)
        stores = [make_store(sqlite_url, clock=clock) for _ in range(2)]
        catalogue = make_catalogue(*(forms or (LONDON,)), connection=connection)
        wrap = {"wrap_crm": lambda found: Altered(found, **(crm or {}))}
        rig = Rig(sandbox, stores, clock, catalogue, connection, seed=2, real_timeout=5.0, **wrap, **options)
        made.append(rig)
        return rig

    yield make
    for rig in made:
        rig.close()
        rig.sandbox.stop()


def creates(rig, entity):
    return rig.sandbox.world.calls_of("POST", f"/api/{entity}")


def test_denied__at_one_location_holds_up_no_other(play):
    def create(real, coworker_id, draft):
        if draft.board_column_id == OTHER_SPACE.board_column:
            raise AccessDenied("create opportunity")
        return real(coworker_id, draft)

    rig = play(LONDON, OTHER_SPACE, crm={"create_opportunity": create})
    denied = [rig.submit(form="elsewhere") for _ in range(3)]
    others = [rig.submit() for _ in range(4)]
    rig.run(hours=0.2)
    rows = rig.rows()
    assert {rows[lead.id].state for lead in others} == {LeadState.DELIVERED}
    assert {rows[lead.id].state for lead in denied} == {LeadState.RECEIVED}
    assert all("denies" in rows[lead.id].reason for lead in denied)


def test_denied__a_customer_whom_the_crm_never_takes_lets_the_others_pass(play):
    def create(real, draft):
        if draft.email.startswith("never"):
            raise AccessDenied("create customer", 403)
        return real(draft)

    rig = play(crm={"create_customer": create})
    bad = rig.submit("never@customer.co.uk")
    others = [rig.submit() for _ in range(4)]
    rig.run(hours=4)
    rows = rig.rows()
    assert {rows[lead.id].state for lead in others} == {LeadState.DELIVERED}
    assert rows[bad.id].state == LeadState.RECEIVED


def test_broken__three_leads_that_always_fail_starve_nobody(play):
    rig = play(make_form(**NOTE))
    people = [f"known.{number}@customer.co.uk" for number in range(3)]
    for email in people:
        rig.submit(email)
    rig.run(hours=1)
    rig.sandbox.switches.merge({"ooops": {"methods": ["PUT"], "on": ["crmopportunities"]}})
    bad = [rig.submit(email) for email in people]
    fresh = [rig.submit() for _ in range(5)]
    rig.run(hours=1 / 60)
    rows = rig.rows()
    assert {rows[lead.id].state for lead in fresh} == {LeadState.DELIVERED}
    assert all(rows[lead.id].attempts <= 6 for lead in bad), [rows[lead.id].attempts for lead in bad]


def test_broken__an_endpoint_that_is_away_is_asked_ever_less(play):
    def away(_real, *_arguments):
        raise NotSent("find customers", 503)

    rig = play(crm={"find_customers": away})
    bad = [rig.submit() for _ in range(3)]
    rig.run(hours=1)
    assert all(rig.rows()[lead.id].attempts <= 14 for lead in bad), [r.attempts for r in rig.rows().values()]


def test_probe__any_answer_of_the_crm_means_that_it_is_there(play):
    def forbidden(_real):
        raise AccessDenied("who am i")

    rig = play(crm={"who_am_i": forbidden})
    rig.sandbox.switches.merge({"down": "503"})
    rig.submit()
    rig.run(hours=0.05)
    rig.sandbox.switches.clear()
    rig.run(hours=1).check_all_delivered()


def test_probe__that_is_refused_the_sign_in_says_what_to_do(play):
    def refused(_real):
        raise SignInRefused("sign in", 400, "invalid_grant")

    rig = play(crm={"who_am_i": refused})
    rig.sandbox.switches.merge({"down": "503"})
    rig.submit()
    rig.run(hours=0.05)
    assert rig.store.connections.state("main").stopped_reason.startswith("Nexudus refused our sign-in: run flask leads")


def test_address__that_the_crm_refuses_blocks_its_lead_alone(play):
    def create(real, draft):
        if "refused" in draft.email:
            creates_of_it.append(draft.email)
            raise Refused("create customer", 400, [("Email", "Invalid Email Address")])
        return real(draft)

    creates_of_it = []
    rig = play(crm={"create_customer": create})
    bad, good = rig.submit("refused@customer.co.uk"), rig.submit()
    rig.run(hours=24)
    rows = rig.rows()
    assert (rows[bad.id].state, rows[good.id].state) == (LeadState.BLOCKED, LeadState.DELIVERED)
    assert "Invalid Email Address" in rows[bad.id].reason
    assert len(creates_of_it) == 2


def lose_the_answer(real, record):
    real(record)
    raise OutcomeUnknown("replace opportunity", None, "TimeoutError")


def once(function):
    calls = []

    def altered(real, *arguments):
        calls.append(1)
        return function(real, *arguments) if len(calls) == 1 else real(*arguments)

    return altered


def test_adopt__whose_answer_was_lost_makes_no_second_opportunity(play):
    rig = play(make_form(**ADOPT), crm={"replace_opportunity": once(lose_the_answer)})
    rig.sandbox.switches.merge({"auto_assign": True})
    lead = rig.submit()
    rig.run(hours=24)
    [made] = rig.opportunities_by_lead()[lead.id]
    assert rig.rows()[lead.id].opportunity_id == made["Id"]
    assert len(rig.sandbox.world.opportunities()) == 1


def test_adopt__takes_no_opportunity_of_another_lead(play):
    """A type's template has replaced our Notes: the Name still says whose it is."""
    rig = play(make_form(**ADOPT, constants={"OpportunityTypeId": 55}))
    rig.sandbox.switches.merge({"type_template": "replaces"})
    for number in range(2):
        rig.submit("ann@customer.co.uk", content=make_content("ann@customer.co.uk", message=f"Enquiry {number}"))
    rig.run(hours=24).check_all_delivered()
    assert len(rig.sandbox.world.opportunities()) == 2


@pytest.mark.parametrize("form", [NOTE, ADOPT], ids=["note", "adopt"])
def test_change__that_comes_late_undoes_no_other(play, form):
    """Nexudus carries a PUT out twenty seconds after we gave it up; meanwhile the person has sent again."""

    def late(_real, record):
        rig.at(20, lambda: rig.sandbox.world.change("CrmOpportunity", record["Id"], {"Notes": record["Notes"]}))
        raise OutcomeUnknown("replace opportunity", None, "TimeoutError")

    rig = play(make_form(**form), crm={"replace_opportunity": once(late)})
    rig.sandbox.switches.merge({"auto_assign": form is ADOPT})
    if form is NOTE:
        rig.submit("ann@customer.co.uk")
        rig.run(hours=1)
    both = [rig.submit("ann@customer.co.uk") for _ in range(2)]
    rig.run(hours=24)
    found = rig.opportunities_by_lead()
    assert [len(found[lead.id]) for lead in both] == [1, 1]
    assert rig.states() == {"delivered": len(rig.leads)}


def test_note__to_what_was_deleted_meanwhile_is_an_opportunity_of_its_own(play):
    def gone(_real, _number):
        raise Missing("get opportunity", 404)

    rig = play(make_form(**NOTE), crm={"get_opportunity": once(gone)})
    for _ in range(2):
        rig.submit("ann@customer.co.uk")
    rig.run(hours=1).check_all_delivered()
    assert len(rig.sandbox.world.opportunities()) == 2


@pytest.mark.parametrize("call", ["create_customer", "create_opportunity", "replace_opportunity"])
def test_lease__that_ends_between_the_look_at_it_and_the_sending_sends_nothing(play, call):
    """The process was stopped, or the sign-in renewed, for two minutes; another worker has taken the lead over."""
    seen = []

    def paused(real, *arguments):
        rig.clock.advance(120)
        request = ClaimRequest("main", Allowance(1000, 10000, 1000), Cost(4, 2), 1, rig.clock(), 60.0)
        assert rig.store.queue.claim(request).claims
        before = len(rig.sandbox.world.calls)
        try:
            return real(*arguments)
        except LeaseLost as error:
            seen.append((error, len(rig.sandbox.world.calls) - before))
            raise

    rig = play(make_form(**(NOTE if call == "replace_opportunity" else {})), crm={call: once(paused)})
    rig.submit("ann@customer.co.uk")
    if call == "replace_opportunity":
        rig.run(hours=1)
        rig.submit("ann@customer.co.uk")
    rig.run(hours=1).check_all_delivered()
    assert [sent for _, sent in seen] == [0]


def test_clock__that_was_two_days_ahead_when_an_answer_was_lost_keeps_nobody_waiting(play):
    rig = play()
    lead = rig.submit()
    then = rig.clock() + timedelta(hours=50)
    with rig.store.database.writing() as connection:
        where = update(leads).where(leads.c.id == lead.id)
        connection.execute(where.values(state="unknown", received_at=then, sent_at=then))
    rig.run(hours=1).check_all_delivered()


def test_rest__what_is_in_hand_is_recorded_and_nothing_else_claimed(play):
    """The time itself has jumped while a lead was on its way: the next is left alone until the rest is over."""
    jumped, rested = [], []

    def rest():
        left = (jumped[0] + timedelta(seconds=51) - rig.clock()).total_seconds() if jumped else 0.0
        return max(0.0, left)

    class WithRest(Lane):
        def __init__(self, line, *arguments):
            super().__init__(replace(line, rest=rest), *arguments)

        def _deliver(self, claim):
            rested.append(rest())
            finished = super()._deliver(claim)
            jumped.append(rig.clock())
            return finished

    rig = play(make_lane=WithRest)
    for email in ("ann@customer.co.uk", "bob@customer.co.uk", "cid@customer.co.uk", "dan@customer.co.uk"):
        rig.submit(email)
    rig.run(hours=1).check_all_delivered()

    assert rested == [0.0] * 4


def test_stray__of_a_connection_that_no_form_uses_is_taken_in_while_the_worker_runs(play):
    rig = play()
    rig.submit(connection="its name of before")
    line = Line(rig.store, rig.catalogue, rig.connection, Places(rig.clock), rig.policy, rig.clock)
    Worker({"main": line}, None, ())._look_for_strays()
    rig.run(hours=1).check_all_delivered()


@pytest.mark.parametrize("form", [{}, NOTE, ADOPT], ids=["opportunity", "note", "adopt"])
def test_backup__that_is_put_back_doubles_nothing(play, form):
    """The store is as it was before anything was delivered; Nexudus is not."""
    rig = play(make_form(**form))
    for email in ("ann@customer.co.uk", "ann@customer.co.uk", "bob@customer.co.uk"):
        rig.submit(email)
    rig.run(hours=1)
    before = {lead: [one["Id"] for one in found] for lead, found in rig.opportunities_by_lead().items()}
    with rig.store.database.writing() as connection:
        forgotten = {"coworker_id": None, "opportunity_id": None, "delivered_at": None, "attempts": 0}
        connection.execute(update(leads).values(state="received", due_at=leads.c.received_at, **forgotten))
        connection.execute(delete(people))
    rig.clock.advance(600)

    rig.run(hours=1)

    assert rig.states() == {"delivered": 3}
    assert {lead: [one["Id"] for one in found] for lead, found in rig.opportunities_by_lead().items()} == before
    assert len(rig.sandbox.world.opportunities()) == len({number for found in before.values() for number in found})
    assert {email: len(found) for email, found in rig.customers_by_email().items()} == {
        "ann@customer.co.uk": 1,
        "bob@customer.co.uk": 1,
    }


@pytest.mark.parametrize("meanwhile", ["a newer one is opened", "it is won"])
def test_note__whose_answer_was_lost_is_written_once(play, meanwhile):
    def lose_and_change(real, record):
        real(record)
        world = rig.sandbox.world
        if meanwhile == "it is won":
            world.change("CrmOpportunity", record["Id"], {"Status": 2})
        else:
            kept = {name: record[name] for name in ("CrmBoardColumnId", "CoworkerId", "Status", "Position")}
            world.add("CrmOpportunity", kept)
        raise OutcomeUnknown("replace opportunity", None, "TimeoutError")

    rig = play(make_form(**NOTE), crm={"replace_opportunity": once(lose_and_change)})
    rig.submit("ann@customer.co.uk")
    rig.run(hours=1)
    second = rig.submit("ann@customer.co.uk")
    rig.run(hours=24)
    standing = [one["Id"] for one in rig.sandbox.world.opportunities() if second.id in (one["Notes"] or "")]
    assert standing == [rig.rows()[second.id].opportunity_id]


def test_note__that_does_not_fit_is_an_opportunity_of_its_own(play):
    rig = play(make_form(**NOTE))
    rig.sandbox.switches.merge({"notes_limit": 255})
    for number in range(4):
        content = make_content("ann@customer.co.uk", message=f"Enquiry {number}. " + "We need desks. " * 6)
        rig.submit("ann@customer.co.uk", content=content)
    rig.run(hours=24)
    assert rig.states() == {"delivered": 4}
    found = rig.opportunities_by_lead()
    assert all(len(found[lead.id]) == 1 for lead in rig.leads)


def test_notes__only_a_complaint_about_their_length_shortens_them(play):
    def picky(real, coworker_id, draft):
        if "⛔" in str(draft.fields["Notes"]):
            raise Refused("create opportunity", 400, [("Notes", "contains invalid characters")])
        return real(coworker_id, draft)

    rig = play(crm={"create_opportunity": picky})
    bad = rig.submit(content=make_content("a@customer.co.uk", message="⛔" + "x" * 300))
    good = rig.submit(content=make_content("b@customer.co.uk", message="y" * 600))
    rig.run(hours=24)
    assert rig.rows()[bad.id].state == LeadState.BLOCKED
    [made] = rig.opportunities_by_lead()[good.id]
    assert "y" * 600 in made["Notes"]


@pytest.mark.parametrize("thin", [True, False])
def test_stage__that_deletes_is_seen_in_a_thin_list_too(play, thin):
    rig = play(make_form(board_column=1099))
    if thin:
        rig.sandbox.switches.merge({"list_omits": ["DeleteAccount", "DeactivateAccount"]})
    lead = rig.submit()
    rig.run(hours=2)
    assert rig.rows()[lead.id].state == LeadState.BLOCKED
    assert not rig.sandbox.world.coworkers()


def test_late__who_did_not_answer_may_write_for_a_while_longer(play):
    """The record appears 30 seconds after the client gave up: it is found, not made again."""

    def late(real, coworker_id, draft):
        def commit():
            fields = {"CrmBoardColumnId": draft.board_column_id, "CoworkerId": coworker_id, "Position": 1, "Status": 1}
            world.add("CrmOpportunity", fields | {name: draft.fields[name] for name in ("Notes", "Name")})

        if not sent:
            sent.append(1)
            rig.at(30, commit)
            raise OutcomeUnknown("create opportunity", None, "TimeoutError")
        return real(coworker_id, draft)

    sent = []
    rig = play(crm={"create_opportunity": late})
    world = rig.sandbox.world
    lead = rig.submit()
    rig.run(hours=1)
    assert len(rig.opportunities_by_lead()[lead.id]) == 1
    assert rig.rows()[lead.id].state == LeadState.DELIVERED


def test_released__after_a_month_is_tried_like_any_other(play):
    rig = play()
    lead = rig.submit(state=LeadState.HELD)
    rig.clock.advance(days=31)
    rig.sandbox.switches.merge({"drop_after_commit": {"mode": "close", "on": ["crmopportunities"], "times": 1}})
    rig.store.actions.release(Deed("test", lead.id, rig.clock()))
    rig.run(hours=1).check_all_delivered()


def test_quota__with_a_dead_refresh_token_parks_new_customers_alone(play):
    rig = play()
    rig.submit("known@customer.co.uk")
    rig.run(hours=1)
    for worker in rig.workers:
        worker.rig.credentials = None
        worker.start()
    rig.sandbox.switches.merge({"coworker_daily_limit": 1, "revoke_refresh": True})
    rig.clock.advance(minutes=10)
    rig.submit("new@customer.co.uk")
    rig.run(hours=0.02)
    again = rig.submit("known@customer.co.uk")
    rig.run(hours=0.02)
    assert rig.rows()[again.id].state == LeadState.DELIVERED
    assert not rig.store.connections.state("main").stopped_reason


@pytest.mark.parametrize("spoilt", ["no JSON", "[]", '{"answers": [["too", "short"]]}', '{"attribution": 7}'])
def test_damage__of_one_lead_holds_up_no_other(play, spoilt):
    rig = play()
    damaged = rig.submit("first@customer.co.uk")
    others = [rig.submit() for _ in range(3)]
    with rig.store.database.writing() as connection:
        connection.execute(update(leads).where(leads.c.id == damaged.id).values(content=spoilt))

    rig.run(hours=0.1)

    rows = rig.rows()
    assert {rows[lead.id].state for lead in others} == {LeadState.DELIVERED}
    assert rows[damaged.id].state == LeadState.RECEIVED  # a newer worker may be able to read it
    assert "can't be read" in rows[damaged.id].reason
    rig.run(hours=1.2)
    row = rig.rows()[damaged.id]
    assert (row.state, "can't be read" in row.reason) == (LeadState.BLOCKED, True)
    assert {lead.id for lead in rig.store.leads.every(Query())} >= {damaged.id, *(lead.id for lead in others)}


def test_deploy__a_form_that_only_the_new_worker_knows_waits_for_it(play):
    rig = play()
    lead = rig.submit(form="brand-new")
    rig.run(hours=0.05)
    row = rig.rows()[lead.id]
    assert (row.state, "no form “brand-new”" in row.reason) == (LeadState.RECEIVED, True)
    rig.run(hours=1.2)
    assert rig.rows()[lead.id].state == LeadState.BLOCKED


def test_restart__keeps_pauses_and_parkings(play):
    rig = play()
    until = rig.clock() + timedelta(hours=1)
    connections = rig.store.connections
    connections.pause("main", until, "asked to wait")
    connections.park("main", "customers", until, "no new customers")
    connections.stop("main", "refused")
    connections.restarted("main")
    state = connections.state("main")
    assert (state.stopped_reason, state.paused_until) == ("", until)
    assert "customers" in rig.store.queue.parked("main", rig.clock())
