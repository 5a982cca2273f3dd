"""Builds the Nexudus clients and the worker from a Config: the one place where `Crm` becomes real."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from leadcapture import notify
from leadcapture.config import NOT_RENEWED, Config
from leadcapture.delivery import retention
from leadcapture.delivery.digest import Digest
from leadcapture.delivery.lane import Line, lease_seconds
from leadcapture.delivery.places import Places
from leadcapture.delivery.reconcile import reconcile
from leadcapture.delivery.recorder import Recorder
from leadcapture.delivery.second_chance import SecondChance
from leadcapture.delivery.watch import Watch
from leadcapture.delivery.worker import Client, Every, Worker
from leadcapture.domain.form import Catalogue, Connection
from leadcapture.domain.outcome import Policy
from leadcapture.domain.steady_clock import SteadyClock
from leadcapture.domain.token import Credentials
from leadcapture.errors import CrmError, SignInNeeded
from leadcapture.foundation import clock
from leadcapture.nexudus.account import NexudusAccount
from leadcapture.nexudus.client import NexudusClient
from leadcapture.nexudus.one_host import no_objection
from leadcapture.nexudus.tokens import TokenKeeper
from leadcapture.nexudus.transport import CallRecord, Transport
from leadcapture.store.store import Store

log = logging.getLogger(__name__)

HOUR_SECONDS = 3600.0
RENEWAL_SECONDS = 600.0
DUTY_SECONDS = 300.0
DAY = timedelta(days=1)
RECONCILE_GAP_SECONDS = 2.0
"""Between two calls of the daily comparison, so that it never takes the CRM's allowance from the leads."""
RECONCILED = timedelta(days=90)
"""How far back the daily comparison with the CRM looks."""


def build_tokens(
    store: Store,
    connection: Connection,
    observe: Callable[[CallRecord], None],
    before_writing: Callable[[], None] = no_objection,
) -> tuple[Transport, TokenKeeper]:
    """Return a transport of its own for one thread, with the sign-in that all threads and processes share."""
    transport = Transport(connection.url, connection.timeout_seconds, observe, before_writing=before_writing)
    credentials = (
        Credentials(connection.email, connection.password) if connection.email and connection.password else None
    )
    tokens = store.tokens(connection.name, connection.url)
    return transport, TokenKeeper(tokens, transport, credentials, connection.token, clock)


@contextmanager
def open_account(store: Store, connection: Connection, gap_seconds: float = 0.0) -> Iterator[NexudusAccount]:
    """Open a connection's account beside delivery; its calls count towards the connection's pace.

    With a gap, each call is counted at once and the next waits so long: for work of many calls.
    """
    store.connections.ensure(connection.name)
    recorder, note = _recorder()

    def observe(record: CallRecord) -> None:
        note(record)
        if gap_seconds:
            store.connections.spend(connection.name, recorder.take()[1])
            threading.Event().wait(gap_seconds)

    transport, keeper = build_tokens(store, connection, observe)
    try:
        yield NexudusAccount(transport, keeper)
    finally:
        transport.close()
        _, cost = recorder.take()
        if cost.calls:
            store.connections.spend(connection.name, cost)


def _recorder() -> tuple[Recorder, Callable[[CallRecord], None]]:
    recorder = Recorder()

    def observe(record: CallRecord) -> None:
        recorder.note(record.call, record.method, clock(), record.status, record.latency_seconds, record.outcome)

    return recorder, observe


def build_worker(config: Config, store: Store, catalogue: Catalogue) -> Worker:
    """Return the worker for every connection that a form uses."""
    if config.nexudus_token:
        log.warning(NOT_RENEWED)
    policy = Policy(retry_base_seconds=config.retry_base_seconds)
    used = {form.connection for form in catalogue.forms.values()}
    connections = {name: connection for name, connection in catalogue.connections.items() if name in used}
    longest = max((lease_seconds(connection) for connection in connections.values()), default=0.0)
    steady = SteadyClock(store.time, clock, longest, on_jump=_tell_jump)
    lines = {
        name: Line(store, catalogue, connection, Places(steady), policy, steady, steady.rest_seconds)
        for name, connection in connections.items()
    }
    upkeep: list[Callable[[], object]] = [
        Every(RENEWAL_SECONDS, partial(_renew_token, store, line.connection)) for line in lines.values()
    ]
    for name, line in lines.items():
        sign_in = partial(sign_in_again, store, line.connection)
        upkeep.append(Every(60, SecondChance(store, name, sign_in, steady).look))
    upkeep.append(lambda: store.heartbeats.beat(steady()))
    upkeep.append(Every(60, partial(mend_times, store, steady)))
    upkeep.append(Every(60, partial(retention.forget_old_keys, store, clock)))
    upkeep.append(Every(HOUR_SECONDS, partial(retention.purge, store, catalogue, clock)))
    upkeep.append(Every(600, partial(retention.cut_addresses, store, clock)))
    if config.alert_email_to and config.smtp_url:
        mail = notify.Mail(config.smtp_url, config.alert_email_to)
        upkeep.append(_daily(store, "digest", Digest(store, clock, mail).tell))
    upkeep += [
        _daily(store, f"reconcile {name}", partial(_reconcile, store, catalogue, line.connection))
        for name, line in lines.items()
    ]
    upkeep.append(build_watch(config, store, catalogue).look)
    return Worker(lines, partial(_client, store), tuple(upkeep))


def _tell_jump(seconds: float) -> None:
    log.warning("the time has jumped by %.0f seconds: nothing is claimed until all leases of before are over", seconds)


def mend_times(store: Store, steady: SteadyClock) -> None:
    """Let what waits for a time too far ahead be due; not while a jump is waited out, when it may be a lease under
    which another worker, who goes by the time of before, is sending."""
    if steady.rest_seconds() > 0:
        return
    if number := store.times.mend(steady()):
        log.warning("%d leads waited for a time that is too far ahead: the clock was wrong, they are due now", number)


def _daily(store: Store, duty: str, do: Callable[[datetime], object]) -> Every:
    """Return a duty that one process does once a day, however often processes begin; `do` gets its last time."""

    def look() -> None:
        turn = store.heartbeats.take(duty, DAY, clock())
        if turn is None:
            return
        try:
            do(turn.last or clock() - DAY)
        except Exception:
            store.heartbeats.give_back(duty, turn)
            raise

    return Every(DUTY_SECONDS, look)


def _reconcile(store: Store, catalogue: Catalogue, connection: Connection, _last: datetime) -> None:
    """Keep won and lost up to date; what is missing or doubled is told by `flask leads reconcile`."""
    with open_account(store, connection, gap_seconds=RECONCILE_GAP_SECONDS) as account:
        report = reconcile(account, store.outcomes, catalogue.forms, connection.name, clock() - RECONCILED)
    log.info("reconciled %d leads: %d differences", report.checked, len(report.differences))


def build_watch(config: Config, store: Store, catalogue: Catalogue) -> Watch:
    """Return what looks after the queue, and tells whom the settings name."""
    senders: list[notify.Send] = []
    if config.alert_email_to and config.smtp_url:
        senders.append(notify.Mail(config.smtp_url, config.alert_email_to))
    if config.alert_webhook_url:
        senders.append(notify.Webhook(config.alert_webhook_url))
    mail = config.smtp_url and config.fallback_email_to
    return Watch(
        store=store,
        catalogue=catalogue,
        clock=clock,
        senders=tuple(senders),
        count=lambda name, location: _count_opportunities(store, catalogue.connections[name], location),
        after=timedelta(minutes=config.alert_after_minutes),
        fallback=notify.Mail(config.smtp_url or "", config.fallback_email_to or "") if mail else None,
    )


def _count_opportunities(store: Store, connection: Connection, location_id: int) -> int:
    with open_account(store, connection) as account:
        return account.count_opportunities(location_id)


def _client(store: Store, connection: Connection) -> Client:
    recorder, observe = _recorder()
    built = build_tokens(store, connection, observe, before_writing=lambda: recorder.may_write())
    return Client(NexudusClient(*built), recorder)


def _renew_token(store: Store, connection: Connection) -> None:
    """Renew a sign-in days before it ends; a refusal is told by the alerts long before it stops anything."""
    try:
        with open_account(store, connection) as account:
            if account.renew_if_due():
                log.info("renewed the sign-in of connection %s", connection.name)
    except SignInNeeded:
        pass
    except CrmError as error:
        log.warning("the sign-in of connection %s could not be renewed: %s", connection.name, error)


def sign_in_again(store: Store, connection: Connection) -> bool:
    """Say whether Nexudus takes a sign-in that it has refused; false where there is none to try. Raises CrmError."""
    token = store.tokens(connection.name, connection.url).load()
    renewable = (connection.email and connection.password) or (token is not None and token.refresh_token)
    if connection.token or not renewable:
        return False
    with open_account(store, connection) as account:
        account.who_am_i()
    return True
