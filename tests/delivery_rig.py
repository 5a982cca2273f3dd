"""Workers, clock and stand-in under one roof: delivery as it runs, in time that moves by itself.

Every worker is the product's own: a `Lane` on a `Line` with its store, places and client. Its calls to the CRM and
to the store are its boundaries: at each one another worker may go on, or this one may die as by kill -9. One thread
runs at a time, chosen by a seeded random, so that a run can be repeated; when all of them wait, the clock jumps to
whatever comes next. The stand-in goes by the same clock, so that days take milliseconds.
"""

import re
import threading
from collections import Counter
from datetime import timedelta
from random import Random

from factories import Clock, make_catalogue, make_connection, make_email, make_new_lead

from leadcapture.delivery.lane import Lane, Line
from leadcapture.delivery.places import Places
from leadcapture.delivery.recorder import Recorder
from leadcapture.domain.outcome import Policy
from leadcapture.domain.token import Credentials
from leadcapture.errors import StoreUnavailable
from leadcapture.nexudus.client import NexudusClient
from leadcapture.nexudus.tokens import TokenKeeper
from leadcapture.nexudus.transport import Transport
from leadcapture.store.leads import Query

REFERENCE = re.compile(r"Lead reference: ([0-9a-f-]{36})")
TAG = re.compile(r"\[[0-9a-f]{10}\]")
STEPS_AT_MOST = 60_000
RESTART_SECONDS = 1.0


class Killed(BaseException):
    """kill -9: nothing of ours catches it, and nothing is cleaned up."""


class Boundary:
    """Wraps an object so that its method calls, before and after, are boundaries of a worker."""

    def __init__(self, target, crossed, after=lambda error: None):
        self._target = target
        self._crossed = crossed
        self._after = after

    def __getattr__(self, name):
        found = getattr(self._target, name)
        if not callable(found):
            return found

        def call(*arguments, **named):
            self._crossed(f"before {name}")
            try:
                result = found(*arguments, **named)
            except Exception as error:
                self._after(error)
                raise
            self._after(None)
            self._crossed(f"after {name}")
            return result

        return call


class Altered:
    """Something with a few methods replaced; each replacement gets the original first."""

    def __init__(self, target, **methods):
        self._target = target
        self._methods = methods

    def __getattr__(self, name):
        found = getattr(self._target, name)
        if name not in self._methods:
            return found
        return lambda *arguments, **named: self._methods[name](found, *arguments, **named)


class BoundaryStore:
    """A store whose queue and connections are boundaries."""

    def __init__(self, store, crossed):
        self._store = store
        self.queue = Boundary(store.queue, crossed)
        self.connections = Boundary(store.connections, crossed)

    def __getattr__(self, name):
        return getattr(self._store, name)


class RigWorker:
    """A worker process of one lane. `kill_in`: it dies at so many boundaries from now."""

    def __init__(self, rig, store):
        self.rig = rig
        self.store = store
        self.kill_in = None
        self.wake_at = rig.clock()
        self.lane = None
        self._transport = None

    def start(self):
        """Do what `Worker` does at its start, and build a lane."""
        rig = self.rig
        self.store.connections.ensure(rig.connection.name)
        self.store.connections.resume(rig.connection.name)
        recorder = Recorder()

        def observe(record):
            recorder.note(
                record.call, record.method, rig.clock(), record.status, record.latency_seconds, record.outcome
            )

        self.close()
        self._transport = Transport(
            rig.sandbox.url, rig.real_timeout, observe, before_writing=lambda: recorder.may_write()
        )
        tokens = self.store.tokens(rig.connection.name, rig.sandbox.url)
        keeper = TokenKeeper(tokens, self._transport, rig.credentials, rig.fixed_token, rig.clock)
        crm = Boundary(rig.wrap_crm(NexudusClient(self._transport, keeper)), self.crossed, self.called)
        store = rig.wrap_store(BoundaryStore(self.store, self.crossed))
        line = Line(store, rig.catalogue, rig.connection, Places(rig.clock), rig.policy, rig.clock)
        self.lane = rig.make_lane(line, crm, recorder, Random(rig.random.random()))

    def close(self):
        """Let the connection to the CRM go."""
        if self._transport is not None:
            self._transport.close()

    def called(self, error):
        """Let the time pass that a call takes."""
        timed_out = error is not None and re.search(r"\bTimeoutError\b", str(error))
        self.rig.clock.advance(self.rig.connection.timeout_seconds if timed_out else self.rig.latency_seconds)

    def crossed(self, where):
        """Die here, or let another go on."""
        if self.kill_in is not None:
            self.kill_in -= 1
            if self.kill_in <= 0:
                self.kill_in = None
                self.rig.killed[where] += 1
                raise Killed
        self.rig.give_way(self)

    def work(self):
        """Step until told to stop; start again after a death."""
        rig = self.rig
        rig.take_baton(self)
        while not rig.stopping:
            try:
                pause = self.lane.step()
            except Killed:
                self.start()
                pause = RESTART_SECONDS
            except StoreUnavailable:
                pause = 2.0
            except Exception as error:  # what `Lane.run` logs as unexpected is a fault to a test
                rig.unexpected.append(error)
                pause = 2.0
            self.wake_at = None if pause is None else rig.clock() + timedelta(seconds=pause)
            rig.give_way(self)
        rig.leave(self)


class Rig:
    """Workers on stores of their own. `submit` stores a lead, `at` does something later, `run` works until all is done.

    When everybody waits, the clock jumps by at least `stride_seconds`: long waits need not be lived through.
    """

    def __init__(
        self,
        sandbox,
        stores,
        clock=None,
        catalogue=None,
        connection=None,
        policy=None,
        seed=0,
        latency_seconds=0.05,
        real_timeout=0.25,
        make_lane=Lane,
        wrap_crm=lambda crm: crm,
        wrap_store=lambda store: store,
        fixed_token=None,
        signs_in=True,
    ):
        self.sandbox = sandbox
        self.clock = clock or Clock()
        self.connection = connection or make_connection(url=sandbox.url, timeout_seconds=5.0)
        self.catalogue = catalogue or make_catalogue(connection=self.connection)
        self.policy = policy or Policy(retry_base_seconds=5.0)
        self.random = Random(seed)
        self.latency_seconds = latency_seconds
        self.real_timeout = real_timeout
        self.make_lane = make_lane
        self.wrap_crm = wrap_crm
        self.wrap_store = wrap_store
        self.fixed_token = fixed_token
        self.credentials = Credentials(sandbox.username, sandbox.password) if signs_in else None
        self.unexpected = []
        self.killed = Counter()
        self.leads = []
        self.stopping = False
        self.store = stores[0]
        self._events = []
        self._turn = None
        self._changed = threading.Condition()
        self._running = set()
        self._steps = 0
        self.stride_seconds = 0.25
        self.workers = [RigWorker(self, store) for store in stores]
        for worker in self.workers:
            worker.start()

    def submit(self, email=None, **options):
        """Store a lead, as the web does; returns it."""
        lead = make_new_lead(email or make_email(), self.clock(), **options)
        self.store.leads.accept(lead)
        self.leads.append(lead)
        return lead

    def at(self, seconds, action):
        """Do something when so much time has passed."""
        self._events.append((self.clock() + timedelta(seconds=seconds), action))

    def run(self, hours=24.0 * 60):
        """Work until nothing waits any more, or for so many hours of the clock."""
        self.stopping = False
        self._limit = self.clock() + timedelta(hours=hours)
        self._steps = 0
        for worker in self.workers:
            worker.wake_at = self.clock()
        self._running = set(self.workers)
        threads = [threading.Thread(target=worker.work, daemon=True) for worker in self.workers]
        for thread in threads:
            thread.start()
        self._pass_on()
        for thread in threads:
            thread.join(100)
            assert not thread.is_alive(), "a worker hangs"
        return self

    def give_way(self, worker):
        """Let any worker that may run go on, this one included."""
        if self._turn is not worker:
            return  # outside of `run`
        self._pass_on()
        self.take_baton(worker)

    def take_baton(self, worker):
        """Wait for this worker's turn."""
        with self._changed:
            self._changed.wait_for(lambda: self._turn is worker)

    def leave(self, worker):
        """A worker's thread ends."""
        self._running.discard(worker)
        self._pass_on()

    def _pass_on(self):
        with self._changed:
            before, self._turn = self._turn, self._next()
            if self._turn is not before:
                self._changed.notify_all()

    def _next(self):
        self._steps += 1
        if self._steps > STEPS_AT_MOST:
            if not self.stopping:
                self.unexpected.append(AssertionError(f"no end after {STEPS_AT_MOST} steps"))
            self.stopping = True
        while not self.stopping:
            now = self.clock()
            self._fire(now)
            ready = [w for w in self.workers if w in self._running and w.wake_at is not None and w.wake_at <= now]
            if ready:
                return self.random.choice(ready)
            self._jump(now)
        return next((worker for worker in self.workers if worker in self._running), None)

    def _fire(self, now):
        due = sorted((event for event in self._events if event[0] <= now), key=lambda event: event[0])
        self._events = [event for event in self._events if event[0] > now]
        for _, action in due:
            action()

    def _jump(self, now):
        """Everybody waits: move the clock to what comes next, or stop."""
        due = self.store.queue.next_due(self.connection.name)
        if not self._events and due is None and not self.store.queue.waiting_by_connection():
            self.stopping = True
            return
        moments = [worker.wake_at for worker in self.workers if worker.wake_at is not None]
        moments += [event[0] for event in self._events]
        if len(moments) < len(self.workers) + len(self._events):
            moments += [max(due, now)] if due is not None else []
        target = max(min(moments), now + timedelta(seconds=self.stride_seconds))
        if target > self._limit:
            self.clock.now = max(now, self._limit)
            self.stopping = True
            return
        self.clock.now = target
        for worker in self.workers:
            worker.wake_at = worker.wake_at or target

    def close(self):
        """Let the connections to the CRM go."""
        for worker in self.workers:
            worker.close()

    def rows(self):
        """Every lead as the store lists it, by id."""
        return {row.id: row for row in self.store.leads.find(Query(limit=100_000))}

    def states(self):
        """How many leads stand in which state."""
        return Counter(row.state.value for row in self.rows().values())

    def opportunities_by_lead(self):
        """Lead id -> the opportunities in the stand-in that carry its reference."""
        found = {lead.id: [] for lead in self.leads}
        tags = {f"[{lead_id.replace('-', '')[-10:]}]": lead_id for lead_id in found}
        for one in self.sandbox.world.opportunities():
            references = set(REFERENCE.findall(one.get("Notes") or ""))
            references |= {tags[tag] for tag in TAG.findall(one.get("Name") or "") if tag in tags}
            for reference in references & set(found):
                found[reference].append(one)
        return found

    def customers_by_email(self):
        """Address -> its customers in the stand-in that are not archived."""
        found = {lead.content.email.casefold(): [] for lead in self.leads}
        for one in self.sandbox.world.coworkers():
            if not one.get("Archived"):
                found.setdefault(one["Email"].strip().casefold(), []).append(one)
        return found

    def check_nothing_doubled(self):
        """At no time more than one opportunity of a lead, nor more than one customer of an address."""
        assert not self.unexpected, self.unexpected
        doubled = [lead_id for lead_id, made in self.opportunities_by_lead().items() if len(made) > 1]
        assert not doubled, f"doubled opportunities: {len(doubled)}"
        twins = [email for email, made in self.customers_by_email().items() if len(made) > 1]
        assert not twins, f"doubled customers: {len(twins)}"

    def check_all_delivered(self, attempts=12):
        """Leads in = opportunities out, customers = distinct addresses, and the store says so."""
        self.check_nothing_doubled()
        rows = self.rows()
        mine = [rows[lead.id] for lead in self.leads]
        left = [(row.state.value, row.reason) for row in mine if row.state != "delivered"]
        assert not left, left
        opportunities, customers = self.opportunities_by_lead(), self.customers_by_email()
        for lead in self.leads:
            made, customer = self._only(opportunities[lead.id]), self._only(customers[lead.content.email.casefold()])
            row = rows[lead.id]
            assert (row.opportunity_id, row.coworker_id) == (made["Id"], customer["Id"])
            assert made["CoworkerId"] == customer["Id"]
            assert 1 <= row.attempts <= attempts

    @staticmethod
    def _only(records):
        """The one record that there must be."""
        assert len(records) == 1, f"{len(records)} records where one must be"
        return records[0]
