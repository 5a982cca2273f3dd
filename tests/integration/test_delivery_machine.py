"""Random mixtures: submissions, faults, jumps of the clock, deaths of workers and restarts, in any order.

Whatever happened: when the faults are over, every lead is exactly one opportunity, and every address one customer.
"""

from datetime import UTC, datetime

import pytest
from delivery_rig import Rig
from factories import Clock, make_catalogue, make_connection
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete

from leadcapture.sandbox.server import Sandbox
from leadcapture.store.actions import Deed
from leadcapture.store.store import Store
from leadcapture.store.tables import metadata

BOTH = ["coworkers", "crmopportunities"]
TIMES = st.integers(1, 4)
ON = st.sampled_from([["coworkers"], ["crmopportunities"], BOTH])

FAULTS = st.one_of(
    st.builds(
        lambda written, status, on, times: {"ooops": {"written": written, "status": status, "on": on, "times": times}},
        st.booleans(),
        st.sampled_from([400, 500]),
        ON,
        TIMES,
    ),
    st.builds(
        lambda mode, on, times: {"drop_after_commit": {"mode": mode, "on": on, "times": times}},
        st.sampled_from(["close", "cut", "unread"]),
        ON,
        TIMES,
    ),
    st.builds(
        lambda status, written, times: {"html_error": {"status": status, "written": written, "times": times}},
        st.sampled_from([502, 504, 200]),
        st.booleans(),
        TIMES,
    ),
    st.builds(
        lambda way, every, times: {"throttle": way, "throttle_every": every, "throttle_times": times},
        st.sampled_from(["409", "429", "429_body", "429_bare"]),
        st.integers(1, 4),
        st.integers(1, 8),
    ),
    st.builds(lambda way: {"down": way}, st.sampled_from(["close", "503"])),
    st.builds(lambda seconds: {"lag_seconds": seconds}, st.sampled_from([1, 5, 15])),
    st.sampled_from(
        [
            {"expire_tokens": True},
            {"expire_tokens": True, "revoke_refresh": True},
            {"refuse_sign_in": True, "expire_tokens": True, "revoke_refresh": True},
            {"soft_fail": {"times": 1}},
            {"coworker_daily_limit": 2},
            {"opportunity_limit": 4},
            {"notes_limit": 200},
            {"duplicate_email": "reject"},
            {"list_omits": ["Notes", "Email"]},
            {"value_shape": "full"},
            {"validation_shape": "legacy"},
            {"fraction_digits": 0},
            {"no_role": ["coworkers"]},
        ]
    ),
)


class Stage:
    """What every run of the machine is played on: a stand-in, a database, and a clock that never goes back."""

    def __init__(self, url):
        self.clock = Clock(datetime.now(UTC))
        self.sandbox = Sandbox(clock=self.clock).start()
        self.stores = [Store(url, "a key of the machine, long enough", clock=self.clock) for _ in range(2)]
        self.stores[0].migrate()

    def clear(self):
        """Begin anew, a day later."""
        self.clock.advance(days=1)
        self.sandbox.reset()
        with self.stores[0].database.writing() as connection:
            for table in metadata.sorted_tables:
                connection.execute(delete(table))

    def close(self):
        for store in self.stores:
            store.close()
        self.sandbox.stop()


class DeliveryMachine(RuleBasedStateMachine):
    stage = None

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed):
        self.stage.clear()
        sandbox = self.stage.sandbox
        connection = make_connection(url=sandbox.url, timeout_seconds=5.0)
        catalogue = make_catalogue(connection=connection)
        self.rig = Rig(sandbox, self.stage.stores, self.stage.clock, catalogue, connection, seed=seed, real_timeout=5.0)

    @rule(person=st.integers(0, 3), shouting=st.booleans())
    def submit(self, person, shouting):
        email = f"person.{person}@customer.co.uk"
        self.rig.submit(email.upper() if shouting else email)

    @rule(fault=FAULTS)
    def something_breaks(self, fault):
        self.rig.sandbox.switches.merge(fault)

    @rule()
    def everything_is_mended(self):
        self.rig.sandbox.switches.clear()

    @rule(seconds=st.sampled_from([1, 10, 30, 300, 4000, 90000]))
    def time_passes(self, seconds):
        self.rig.clock.advance(seconds)

    @rule(worker=st.integers(0, 1), boundaries=st.integers(1, 40))
    def a_worker_will_die(self, worker, boundaries):
        self.rig.workers[worker].kill_in = boundaries

    @rule(seconds=st.sampled_from([1, 5, 30, 120]))
    def workers_work(self, seconds):
        self.rig.run(hours=seconds / 3600)

    @invariant()
    def nothing_is_doubled(self):
        if hasattr(self, "rig"):
            self.rig.check_nothing_doubled()

    def teardown(self):
        if not hasattr(self, "rig"):
            return
        rig = self.rig
        rig.sandbox.switches.clear()
        rig.store.connections.resume(rig.connection.name)
        rig.run(hours=72)
        for lead_id in rig.store.actions.blocked_ids():
            rig.store.actions.retry(Deed("test", lead_id, rig.clock()))
        rig.run(hours=72)
        rig.check_all_delivered(attempts=60)
        rig.close()


def play(url, examples, steps):
    stage = Stage(url)
    machine = type("DeliveryMachine", (DeliveryMachine,), {"stage": stage})
    try:
        # The same mixtures every time: a suite that fails now and then is not believed.
        run_state_machine_as_test(
            machine, settings=settings(max_examples=examples, stateful_step_count=steps, derandomize=True)
        )
    finally:
        stage.close()


@pytest.mark.timeout(300)
def test_delivery_machine__any_mixture_on_sqlite(sqlite_url):
    play(sqlite_url, examples=40, steps=25)


@pytest.mark.timeout(300)
@pytest.mark.postgres
def test_delivery_machine__any_mixture_on_postgres(postgres_url):
    play(postgres_url, examples=8, steps=25)
