"""Ten days without Nexudus, in time that moves by itself: nothing lost, nothing doubled, drained in the old order."""

from datetime import UTC, datetime, timedelta

import pytest
from delivery_rig import Rig
from factories import Clock, make_catalogue, make_connection, make_form

from leadcapture.domain.lead import LeadState
from leadcapture.domain.pace import Allowance, seconds_until_empty
from leadcapture.sandbox.server import Sandbox

DAYS = 10
WRITES_PER_MINUTE, WRITES_PER_DAY = 55, 400
ALLOWANCE = Allowance(WRITES_PER_MINUTE, WRITES_PER_DAY, 100)


@pytest.fixture
def rig(database_url, make_store):
    """Two workers, a CRM that keeps its published limits, and an operator's settings."""
    clock = Clock(datetime.now(UTC).replace(hour=9, minute=0))
    sandbox = Sandbox(clock=clock).start()
    connection = make_connection(
        url=sandbox.url,
        timeout_seconds=5.0,
        writes_per_minute=WRITES_PER_MINUTE,
        writes_per_day=WRITES_PER_DAY,
        calls_per_minute=100,
    )
    catalogue = make_catalogue(make_form(), make_form("tour", board_column=1099), connection=connection)
    stores = [make_store(database_url, clock=clock) for _ in range(2)]
    made = Rig(sandbox, stores, clock, catalogue, connection, seed=1, real_timeout=5.0, latency_seconds=0.05)
    yield made
    made.close()
    sandbox.stop()


def test_outage__of_ten_days_loses_and_doubles_nothing(rig):
    sandbox, began = rig.sandbox, rig.clock()
    rig.submit("known@customer.co.uk")
    rig.run(1)
    sandbox.switches.merge({"down": "close"})
    rig.stride_seconds = 3600
    for hour in range(0, DAYS * 24, 3):
        for guest in range(3):
            rig.at(hour * 3600 + guest, lambda hour=hour, guest=guest: rig.submit(f"guest.{hour % 48}.{guest}@x.co.uk"))
    # A deploy in the middle, and a stage that nobody may deliver to: its leads must not hold the others up.
    rig.at(5 * 86400, lambda: [worker.start() for worker in rig.workers])
    blocked = [rig.submit(f"blocked.{number}@x.co.uk", form="tour") for number in range(5)]
    rig.run(DAYS * 24)

    waiting = rig.store.leads.counts(rig.clock()).waiting
    assert waiting == len(rig.leads) - 1
    assert all(row.attempts <= 5 for row in rig.rows().values()), "an outage is nobody's failure"

    sandbox.switches.clear()
    sandbox.switches.merge({"expire_tokens": True, "enforce_limits": {}})  # the token of before is long dead
    rig.stride_seconds = 0.25
    forecast = timedelta(seconds=seconds_until_empty(waiting, ALLOWANCE, 0))
    up_again = rig.clock()
    rig.run(24 * 7)

    rows = rig.rows()
    assert {rows[lead.id].state for lead in blocked} == {LeadState.BLOCKED}
    rig.leads = [lead for lead in rig.leads if lead not in blocked]
    rig.check_all_delivered()
    check_limits(sandbox, up_again)
    check_order(rig, rows, began)
    took = max(row.delivered_at for row in rows.values() if row.delivered_at) - up_again
    assert took <= forecast + timedelta(hours=26), f"forecast {forecast}, took {took}"


def check_limits(sandbox, since):
    """The CRM never had to throttle, since our own pacer kept its limits."""
    calls = [call for call in sandbox.world.calls if call.at >= since]
    assert not [call for call in calls if call.status in (409, 429)]
    writes = [call.at for call in calls if call.method == "POST"]
    day = timedelta(days=1)
    assert max(sum(at <= other < at + day for other in writes) for at in writes) <= WRITES_PER_DAY + 1
    assert sandbox.world.max_writes_in_a_minute() <= WRITES_PER_MINUTE + 1


def check_order(rig, rows, began):
    """Oldest first: two workers may pass each other by a few leads, never by more."""
    delivered = sorted((row for row in rows.values() if row.delivered_at), key=lambda row: row.delivered_at)
    place = {row.id: number for number, row in enumerate(delivered)}
    wanted = {row.id: number for number, row in enumerate(sorted(delivered, key=lambda row: row.received_at))}
    assert max(abs(place[lead_id] - wanted[lead_id]) for lead_id in place) <= 6
    assert delivered[0].received_at >= began


def test_outage__new_leads_are_not_starved_behind_those_that_wait(rig):
    """Leads that can't go (new customers, parked) do not hold up those that can."""
    rig.submit("known@customer.co.uk")
    rig.run(1)
    rig.sandbox.switches.merge({"coworker_daily_limit": 1})
    for number in range(40):
        rig.submit(f"new.{number}@x.co.uk")
    rig.run(0.5)
    later = rig.submit("known@customer.co.uk")
    began = rig.clock()
    rig.run(0.05)
    row = rig.rows()[later.id]
    assert row.state == LeadState.DELIVERED
    assert row.delivered_at - began < timedelta(seconds=5)
