"""Is everything going well, and who is told when it is not: once for an incident, and once when it is over."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from leadcapture.domain.account import CAPACITY
from leadcapture.domain.form import Catalogue, connect_command
from leadcapture.domain.lead import Lead
from leadcapture.domain.notes import write_notes
from leadcapture.errors import CrmError
from leadcapture.store.connections import ConnectionState
from leadcapture.store.leads import Counts
from leadcapture.store.store import Store

log = logging.getLogger(__name__)

CAPACITY_STEPS = (100, 90, 80)
COUNT_EVERY = timedelta(hours=1)
TOKEN_WARNING = timedelta(hours=36)
FALLBACK_AFTER = timedelta(hours=1)
Send = Callable[[str, str], None]


@dataclass(slots=True)
class Watch:
    """Looks at the queue and the connections now and then. `senders` tell people without personal data, and what
    they are told stands in the log;
    `fallback` mails whole leads that have waited an hour, and is set only where the operator asked for it.
    `count` asks a connection how many opportunities a location holds; raises CrmError."""

    store: Store
    catalogue: Catalogue
    clock: Callable[[], datetime]
    senders: tuple[Send, ...]
    count: Callable[[str, int], int]
    after: timedelta = timedelta(minutes=15)
    fallback: Send | None = None
    _counted_at: datetime | None = None
    _fill: dict[int, int] = field(default_factory=dict)

    def look(self) -> None:
        """Compare what is wrong with what was wrong, and tell what is new and what is over."""
        now = self.clock()
        self._count(now)
        wrong = dict(self._wrong(now))
        news = self.store.incidents.compare(wrong, now)
        untold = [one.key for one in news.begun if not self._tell("leadcapture needs attention", one.message)]
        if untold:
            self.store.incidents.not_told(untold)
        for incident in news.over:
            self._tell("leadcapture: all right again", f"This is over: {incident.message}")
        if self.fallback:
            self._mail_waiting_leads(now, self.fallback)

    def _wrong(self, now: datetime) -> Iterator[tuple[str, str]]:
        counts = self.store.leads.counts(now)
        yield from queue_trouble(counts, self.after)
        used = {form.connection for form in self.catalogue.forms.values()}
        for state in self.store.connections.all():
            if state.name in used:
                yield from connection_trouble(state, now)
                for scope, (_, reason) in self.store.queue.parked(state.name, now).items():
                    yield f"parked {state.name} {scope}", f"{state.name}: {reason}. Leads wait and nothing is lost."
        yield from orphan_trouble(self.store.queue.waiting_by_connection(), used)
        yield from capacity_trouble(self._fill)

    def _count(self, now: datetime) -> None:
        """Ask once an hour how full each location is."""
        if self._counted_at and now - self._counted_at < COUNT_EVERY:
            return
        self._counted_at = now
        for connection, location in {(form.connection, form.location) for form in self.catalogue.forms.values()}:
            try:
                self._fill[location] = self.count(connection, location)
            except CrmError as error:
                log.info("location %d could not be counted: %s", location, type(error).__name__)

    def _tell(self, subject: str, text: str) -> bool:
        """Tell everybody, and write it down; false when there is somebody to tell and nobody could be told."""
        told = [self._send(send, subject, text) for send in self.senders]
        if told and not any(told):
            return False
        log.warning("alert: %s: %s", subject, " ".join(text.split()))
        return True

    @staticmethod
    def _send(send: Send, subject: str, text: str) -> bool:
        try:
            send(subject, text)
        except OSError as error:
            log.warning("an alert could not be sent: %s", type(error).__name__)
            return False
        return True

    def _mail_waiting_leads(self, now: datetime, send: Send) -> None:
        for lead in self.store.incidents.unmailed(now - FALLBACK_AFTER):
            if not self.store.incidents.take_for_mail(lead.id, now):
                continue
            if not self._send(send, f"Enquiry that waits for Nexudus ({lead.form})", fallback_text(lead)):
                self.store.incidents.not_mailed(lead.id)
                return


def queue_trouble(counts: Counts, after: timedelta) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the queue: key and sentence."""
    if counts.oldest_due_seconds > after.total_seconds():
        minutes = round(after.total_seconds() / 60)
        yield "waiting", f"Leads have waited for more than {minutes} minutes. They are kept; see the health page."
    if counts.blocked:
        yield "blocked", "There are leads that Nexudus refused or that can't be mapped: a person must act on them."


def orphan_trouble(waiting: Mapping[str, int], used: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield connections that leads wait for and no form uses any more: key and sentence."""
    for name, number in waiting.items():
        if name not in used:
            yield (
                f"orphans {name}",
                f"{number} leads wait for the connection “{name}”, which no form of forms.toml uses any more: "
                "put it back until they are delivered.",
            )


def connection_trouble(state: ConnectionState, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a connection: key and sentence."""
    if state.stopped_reason:
        yield f"stopped {state.name}", f"{state.name}: {state.stopped_reason}. Leads are kept until then."
    elif state.paused_until and state.paused_until - now > timedelta(minutes=5):
        yield f"paused {state.name}", f"{state.name}: {state.pause_reason}."
    if state.token_expires_at and state.token_expires_at - now < TOKEN_WARNING:
        when = f"{state.token_expires_at:%Y-%m-%d %H:%M} UTC"
        yield (
            f"token {state.name}",
            f"{state.name}: the sign-in ends at {when} and could not be renewed: run {connect_command(state.name)}.",
        )


def capacity_trouble(fill: Mapping[int, int]) -> Iterator[tuple[str, str]]:
    """Yield the highest step that each location has reached: key and sentence."""
    for location, number in fill.items():
        share = number * 100 // CAPACITY
        step = next((step for step in CAPACITY_STEPS if share >= step), None)
        if step:
            yield (
                f"capacity {location} {step}",
                f"Location {location} holds {number} of {CAPACITY} opportunities ({step} % reached): archive some.",
            )


def fallback_text(lead: Lead) -> str:
    """Return a waiting lead as a mail's text."""
    mapped = lead.content.mapped
    person = "\n".join(f"{target.partition('.')[2]}: {value}" for target, value in mapped.items())
    intro = "This enquiry has not reached Nexudus yet. It is kept and will be delivered; answer it from here meanwhile."
    return f"{intro}\n\n{person}\n\n{write_notes(lead.id, lead.content)}"
