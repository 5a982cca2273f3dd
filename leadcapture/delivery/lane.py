"""One thread that delivers for one connection: claim, deliver, record, again."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from datetime import datetime, timedelta
from random import Random
from threading import Event

from leadcapture.delivery.crm import Crm
from leadcapture.delivery.deliver import Absent, Delivered, Delivery
from leadcapture.delivery.places import Places
from leadcapture.delivery.recorder import Recorder
from leadcapture.delivery.settle import CUSTOMERS, Effect, location_scope, settle, signing_in
from leadcapture.domain.form import Catalogue, Connection
from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import LeadState
from leadcapture.domain.outcome import (
    BREAKER_AFTER,
    Claim,
    Outcome,
    Policy,
    Standing,
    WaitsFor,
    probe_delay_seconds,
    retry_delay_seconds,
)
from leadcapture.domain.pace import Allowance, Cost
from leadcapture.domain.steady_clock import no_rest
from leadcapture.errors import (
    AccessDenied,
    CrmError,
    LeaseLost,
    Missing,
    Refused,
    SignInNeeded,
    SignInRefused,
    StoreUnavailable,
    Throttled,
)
from leadcapture.log import lead_id
from leadcapture.store.queue import Claimed, ClaimRequest, Finished
from leadcapture.store.store import Store

log = logging.getLogger(__name__)

COST = Cost(calls=4, writes=2)
"""What a lead may need: find the customer, make one, look for the opportunity, make it."""
MARGIN_SECONDS = 8.0
POLL_SECONDS = 0.25
STORE_DOWN_SECONDS = 2.0
NO_FORM = "forms.toml has no form “{}”: put it back, or discard this lead"
CANT_BE_READ = "what this lead says can't be read any more: flask leads remap reads what arrived again"
TAKEN_OVER = "another worker has taken this lead over"
DEPLOY_TAKES_AT_MOST = timedelta(hours=1)


def lease_seconds(connection: Connection) -> float:
    """Return how long a lease is: it outlives one call and its recording."""
    return connection.timeout_seconds + 2 * MARGIN_SECONDS


@frozen
class Line:
    """What the lanes of one connection share."""

    store: Store
    catalogue: Catalogue
    connection: Connection
    places: Places
    policy: Policy
    clock: Callable[[], datetime]
    rest: Callable[[], float] = no_rest
    """Seconds for which nothing may be claimed: the time itself has just jumped. Raises StoreUnavailable."""
    absent: Absent = field(default_factory=Absent)

    @property
    def allowance(self) -> Allowance:
        """The connection's limits."""
        c = self.connection
        return Allowance(c.writes_per_minute, c.writes_per_day, c.calls_per_minute)

    @property
    def homes(self) -> dict[str, str]:
        """Which forms deliver through this connection: form -> its name."""
        return {form.name: self.connection.name for form in self.catalogue.forms_of(self.connection.name)}

    @property
    def lease_seconds(self) -> float:
        """How long a lead is this worker's."""
        return lease_seconds(self.connection)


class Lane:
    """Delivers lead after lead; `crm` and `recorder` are this thread's own."""

    def __init__(self, line: Line, crm: Crm, recorder: Recorder, random: Random) -> None:
        self._line = line
        self._crm = crm
        self._recorder = recorder
        self._random = random

    def run(self, stop: Event, drain: bool = False) -> None:
        """Work until told to stop, or, draining, until nothing is due."""
        while not stop.is_set():
            try:
                pause = self.step(stop)
            except StoreUnavailable:
                log.warning("the database can't be reached")
                pause = STORE_DOWN_SECONDS
            except Exception:
                log.exception("unexpected failure between two leads")
                pause = STORE_DOWN_SECONDS
            if pause is None and drain:
                return
            if pause is None or pause > 0:
                stop.wait(min(pause or POLL_SECONDS, POLL_SECONDS * 4))

    def step(self, stop: Event | None = None) -> float | None:
        """Deliver lead after lead until none may be, or told to stop; return how long to wait, None when none is due.

        What came of one lead is recorded in the transaction that claims the next.
        """
        line = self._line
        if (rest := line.rest()) > 0:
            return rest
        due = line.store.queue.next_due(line.connection.name)
        if due is None or due > line.clock():
            return None
        claimed = line.store.queue.claim(self._request())
        while claimed.claims:
            [claim] = claimed.claims
            with _named(claim):
                try:
                    finished = self._deliver(claim)
                    if (stop is not None and stop.is_set()) or line.rest() > 0:
                        line.store.queue.finish(finished.claim, finished.outcome, finished.now)
                        recorded, claimed = True, Claimed()
                    else:
                        recorded, claimed = line.store.queue.go_on(finished, self._request())
                    _tell(finished, recorded)
                except LeaseLost:
                    log.warning(TAKEN_OVER)
                    return 0.0
        if claimed.probe:
            self._probe()
            return 0.0
        return None if claimed.stopped else claimed.wait_seconds

    def _request(self) -> ClaimRequest:
        line = self._line
        return ClaimRequest(
            line.connection.name,
            line.allowance,
            COST,
            limit=1,
            now=line.clock(),
            lease_seconds=line.lease_seconds,
        )

    def _deliver(self, claim: Claim) -> Finished:
        """Deliver one claim and return what came of it, to be recorded. Raises LeaseLost."""
        self._recorder.take()
        outcome, effect = self._try(claim)
        calls, used = self._recorder.take()
        self._apply(effect, claim.standing)
        return Finished(claim, replace(outcome, calls=calls, used=used), self._line.clock())

    def _try(self, claim: Claim) -> tuple[Outcome, Effect | None]:
        form = self._line.catalogue.forms.get(claim.lead.form)
        if form is None:
            return _not_ours(claim, NO_FORM.format(claim.lead.form), self._line.clock()), None
        if claim.lead.content.damaged:
            return _not_ours(claim, CANT_BE_READ, self._line.clock()), None
        parked = claim.standing.parked
        if found := parked.get(location_scope(form.location)):
            return _parked(claim, *found), None
        delivery = self._delivery(claim, parked[CUSTOMERS][0] if CUSTOMERS in parked else None)
        try:
            delivered = delivery.run()
        except (LeaseLost, StoreUnavailable):
            raise
        except Exception as error:
            if not isinstance(error, CrmError):
                log.debug("not delivered: %s", type(error).__name__)
            now = self._line.clock()
            settled = settle(error, delivery, self._line.policy, now, self._random)
            return settled.outcome, settled.effect
        return _delivered(delivered, delivery), Effect() if delivery.shorter_notes is None else self._short(delivery)

    def _delivery(self, claim: Claim, no_customers_until: datetime | None) -> Delivery:
        line = self._line
        lease = [claim]

        def keep() -> None:
            now = line.clock()
            if (lease[0].until - now).total_seconds() < line.connection.timeout_seconds + MARGIN_SECONDS:
                until = now + timedelta(seconds=line.lease_seconds)
                line.store.queue.extend(claim, until)
                lease[0] = replace(claim, until=until)

        self._recorder.may_write = keep
        attempts = claim.lead.attempts
        return Delivery(
            crm=self._crm,
            form=line.catalogue.forms[claim.lead.form],
            claim=claim,
            places=line.places,
            clock=line.clock,
            keep=keep,
            noted=lambda coworker_id: line.store.queue.note_customer(claim, coworker_id, line.clock()),
            notes_limit=claim.standing.notes_limit,
            absent=line.absent,
            no_customers_until=no_customers_until,
            patience_seconds=retry_delay_seconds(attempts, line.policy.retry_base_seconds, self._random)
            if attempts > 1
            else 0.0,
        )

    def _short(self, delivery: Delivery) -> Effect:
        if delivery.shorter_notes:
            self._line.store.connections.limit_notes(self._line.connection.name, delivery.shorter_notes)
        return Effect()

    def _apply(self, effect: Effect | None, standing: Standing) -> None:
        """Let a failure, or a success, count for the whole connection."""
        name, connections = self._line.connection.name, self._line.store.connections
        if effect is None:
            return
        if effect.stop:
            connections.stop(name, effect.reason)
        elif effect.pause_until:
            connections.pause(name, effect.pause_until, effect.reason)
        elif effect.park and effect.park_until:
            connections.park(name, effect.park, effect.park_until, effect.reason)
        elif effect.unreachable:
            self._failed(effect.reason)
        elif standing.troubled:
            self._recovered()

    def _failed(self, reason: str) -> None:
        name, line = self._line.connection.name, self._line
        state = line.store.connections.state(name)
        failures = (state.failures if state else 0) + 1
        until = None
        if failures >= BREAKER_AFTER:
            until = line.clock() + timedelta(seconds=probe_delay_seconds(failures, line.policy.retry_base_seconds))
            log.warning("Nexudus can't be reached: %d failures in a row", failures)
        line.store.connections.failed(name, failures, until, reason)

    def _recovered(self) -> None:
        name, connections = self._line.connection.name, self._line.store.connections
        state = connections.state(name)
        if state and state.failures:
            connections.recovered(name)
        elif state and state.paused_until and state.paused_until <= self._line.clock():
            connections.pause(name, None, "")

    def _probe(self) -> None:
        """Find out whether the CRM is back, without a lead."""
        self._recorder.take()
        try:
            self._crm.who_am_i()
        except (SignInRefused, SignInNeeded) as error:
            reason = signing_in(error, self._line.connection.name)
            self._apply(Effect(reason, stop=True), Standing())
        except Throttled as error:
            self._answers_again()
            until = self._line.clock() + timedelta(seconds=error.delay_seconds)
            self._apply(Effect("Nexudus asked us to wait before the next call", pause_until=until), Standing())
        except (AccessDenied, Missing, Refused):
            self._answers_again()
        except CrmError:
            self._failed("Nexudus can't be reached")
        else:
            self._answers_again()
        _, used = self._recorder.take()
        self._line.store.connections.spend(self._line.connection.name, used)

    def _answers_again(self) -> None:
        log.info("Nexudus answers again")
        self._line.store.connections.recovered(self._line.connection.name)


@contextmanager
def _named(claim: Claim) -> Iterator[None]:
    """Name a claim's lead in the log."""
    token = lead_id.set(claim.lead.id)
    try:
        yield
    finally:
        lead_id.reset(token)


def _tell(finished: Finished, recorded: bool) -> None:
    outcome = finished.outcome
    if recorded:
        log.info("%s after %d calls%s", outcome.state.value, outcome.used.calls, _in_brackets(outcome))
    else:
        log.warning(TAKEN_OVER)


def _delivered(delivered: Delivered, delivery: Delivery) -> Outcome:
    return Outcome(
        state=LeadState.DELIVERED,
        counts=True,
        coworker_id=delivered.coworker_id,
        opportunity_id=delivered.opportunity_id,
        person=delivery.person,
    )


def _not_ours(claim: Claim, reason: str, now: datetime) -> Outcome:
    """A lead that this worker can't deal with (its form, or what it says, is unknown here): during a deploy another one
    may, so it waits for a while. What may have been sent for it before stays known."""
    lead = claim.lead
    kept = Outcome(LeadState.BLOCKED, reason, sent_at=lead.sent_at, coworker_id=lead.coworker_id, person=claim.person)
    if now - lead.received_at >= DEPLOY_TAKES_AT_MOST:
        return kept
    state = LeadState.UNKNOWN if lead.sent_at else LeadState.RECEIVED
    return replace(kept, state=state, looks=lead.looks, waits_for=WaitsFor.RETRY, due_at=now + timedelta(minutes=1))


def _parked(claim: Claim, until: datetime, reason: str) -> Outcome:
    lead = claim.lead
    return Outcome(
        LeadState.UNKNOWN if lead.sent_at else LeadState.RECEIVED,
        reason,
        due_at=until,
        waits_for=WaitsFor.ROOM,
        looks=lead.looks,
        sent_at=lead.sent_at,
        coworker_id=lead.coworker_id,
        person=claim.person,
    )


def _in_brackets(outcome: Outcome) -> str:
    return f" ({outcome.waits_for.value})" if outcome.waits_for else ""
