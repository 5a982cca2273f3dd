"""One lead on its way into the CRM: what is sent, in which order, and what each answer means for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from leadcapture.delivery.crm import Crm
from leadcapture.delivery.known import LONG_AGO, add_note, adopt, carrying, find_automatic, find_open
from leadcapture.delivery.places import Places
from leadcapture.domain.compose import Drafts, UnmappableError, compose
from leadcapture.domain.form import AutomaticOpportunity, Form, KnownPerson
from leadcapture.domain.frozen import frozen
from leadcapture.domain.notes import shorten_notes
from leadcapture.domain.opportunity import OpportunityDraft, choose_customer
from leadcapture.domain.outcome import (
    GENERIC_FAILURES_AT_MOST,
    SETTLED_SECONDS,
    UNHEARD_SECONDS,
    Claim,
    Person,
    look_again_in_seconds,
)
from leadcapture.errors import CrmError, Missing, NotSent, OutcomeUnknown, Refused, Throttled

KNOWN_FOR = timedelta(hours=1)
"""For so long a customer's id is used without asking the CRM again whether it still is theirs."""
ABSENT_FOR = timedelta(seconds=30)
"""For so long it is known that nobody has an address, or that a lead has no opportunity: a throttle that hits every
second call ends."""
WAITED_LONG = timedelta(seconds=10)
"""Who has waited for longer may have been delivered already, unknown to a store that was put back to earlier."""
CLOCKS_DIFFER = timedelta(minutes=2)
LOOKED_BACK = timedelta(days=1)
"""How long before a lead its record is looked for: what is found is told by its marker, not by its time."""
SHORTEST_NOTES = 60
TOO_LONG = re.compile(r"\b(characters?|chars?|length|long(er)?|exceed\w*|max\w*|limit|truncat\w*)\b", re.IGNORECASE)


class CustomerUnsettled(Exception):
    """A customer may have been created without our knowing: look again in `wait_seconds`."""

    def __init__(self, person: Person, wait_seconds: float) -> None:
        super().__init__("look the customer up again")
        self.person = person
        self.wait_seconds = wait_seconds


class OpportunityUnsettled(Exception):
    """An opportunity may have been created without our knowing: look again in `wait_seconds`."""

    def __init__(self, sent_at: datetime, looks: int, wait_seconds: float) -> None:
        super().__init__("look the opportunity up again")
        self.sent_at = sent_at
        self.looks = looks
        self.wait_seconds = wait_seconds


class ChangeUnsettled(Exception):
    """A change of an opportunity of this customer's may still be on its way: go on in `wait_seconds`."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__("a change has had no answer")
        self.wait_seconds = wait_seconds


class CustomersParked(Exception):
    """A new customer is needed, and the account may make none for now."""


class Absent:
    """Leads that were looked for a moment ago and not found, shared by the lanes of a connection."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}

    def note(self, lead_id: str, now: datetime) -> None:
        """Write down that a lead has no opportunity now."""
        self._since = {one: at for one, at in self._since.items() if now - at < ABSENT_FOR} | {lead_id: now}

    def knows(self, lead_id: str, now: datetime) -> bool:
        """Say whether a lead had none a moment ago."""
        at = self._since.get(lead_id)
        return at is not None and timedelta(0) <= now - at < ABSENT_FOR


@frozen
class Delivered:
    """The records that a lead has become."""

    coworker_id: int
    opportunity_id: int


@dataclass(slots=True)
class Delivery:
    """Delivers one claim. `person` and `sent_at` are what must be recorded whatever happens, also when a call
    raises: they tell the next worker what may exist without our knowing.

    `keep` renews the lease, and raises LeaseLost; it is called before everything that is sent. `noted` writes a
    new customer's id down before anything else is sent. `no_customers_until` is set while new ones are parked.
    """

    crm: Crm
    form: Form
    claim: Claim
    places: Places
    clock: Callable[[], datetime]
    keep: Callable[[], None]
    noted: Callable[[int], None]
    notes_limit: int | None
    absent: Absent
    no_customers_until: datetime | None = None
    patience_seconds: float = 0.0
    person: Person = field(default_factory=Person)
    sent_at: datetime | None = None
    coworker_id: int | None = None
    board_id: int | None = None
    shorter_notes: int | None = None
    is_new: bool = False

    def run(self) -> Delivered:
        """Make the opportunity, or find the one that was made. Raises a CrmError, UnmappableError, LeaseLost, or
        one of this module's turns."""
        lead = self.claim.lead
        self.person, self.coworker_id = self.claim.person, lead.coworker_id
        self.person = replace(self.person, sent_at=self._not_ahead(self.person.sent_at))
        self.sent_at = self._not_ahead(lead.sent_at)
        stage = self.places.stage(self.crm, self.form.board_column)
        if stage and stage.dangerous:
            raise UnmappableError(
                f"stage “{stage.name}” ({stage.id}) runs {', '.join(sorted(stage.dangerous))} on every opportunity "
                "that enters it: choose another board_column in forms.toml"
            )
        self.board_id = stage.board_id if stage else None
        drafts = compose(lead.id, lead.content, self.form, self.places.place(self.crm, self.form))
        remembered = lead.coworker_id or self._remembered()
        try:
            return self._deliver(drafts, remembered or self._customer(drafts))
        except Refused as error:
            if remembered is None or not error.names("CoworkerId"):
                raise
        self.person, self.coworker_id = Person(), None
        return self._deliver(drafts, self._customer(drafts))

    def _not_ahead(self, sent_at: datetime | None) -> datetime | None:
        """Nothing was sent later than now: the clock was ahead when that was written down."""
        return min(sent_at, self.clock() + timedelta(seconds=UNHEARD_SECONDS)) if sent_at else None

    def _deliver(self, drafts: Drafts, coworker_id: int) -> Delivered:
        self.coworker_id = coworker_id
        return Delivered(coworker_id, self._opportunity(drafts, coworker_id))

    def _remembered(self) -> int | None:
        person = self.person
        fresh = person.verified_at and timedelta(0) <= self.clock() - person.verified_at < KNOWN_FOR
        return person.coworker_id if fresh else None

    def _customer(self, drafts: Drafts) -> int:
        looked_up = self.person.sent_at is not None
        if not self._just_looked():
            self.keep()
            found = choose_customer(
                self.crm.find_customers(drafts.customer.email), drafts.customer.email, drafts.customer.location_id
            )
            if found:
                changing = self.person.sent_at if self.person.coworker_id else None
                self.person = Person(found.id, self.clock(), changing)
                return found.id
            self._settle_customer()
            self.person = Person(verified_at=self.clock())
        if self.no_customers_until:
            raise CustomersParked
        return self._create_customer(drafts, looked_up)

    def _just_looked(self) -> bool:
        """Whether nobody had this address a moment ago and nothing was sent since: the CRM held the create back."""
        person = self.person
        if person.sent_at or person.coworker_id or person.verified_at is None:
            return False
        return timedelta(0) <= self.clock() - person.verified_at < ABSENT_FOR

    def _settle_customer(self) -> None:
        """When a create of this customer may have been sent, look often and long enough before sending another."""
        if self.person.sent_at is None:
            return
        pause = self._pause_before_next_look(self.person.sent_at, self.person.looks)
        if pause is not None:
            self.person = replace(self.person, looks=self.person.looks + 1)
            raise CustomerUnsettled(self.person, pause)
        self.person = Person()
        self._give_up_if_hopeless()

    def _create_customer(self, drafts: Drafts, looked_up: bool) -> int:
        """Make the customer. A refusal of the address may mean that somebody has it: it is looked up, once."""
        self.keep()
        looked, sent_at = self.person, self.clock()
        self.person = Person(sent_at=sent_at)
        try:
            coworker_id = self.crm.create_customer(drafts.customer)
        except OutcomeUnknown as error:
            self.person = Person(sent_at=self._may_be_written_until(error))
            raise
        except Refused as error:
            if error.names("Email") and not looked_up:
                raise CustomerUnsettled(Person(sent_at=sent_at), 2.0) from error
            self.person = Person()
            raise
        except Throttled:
            self.person = looked
            raise
        except CrmError:
            self.person = Person()
            raise
        self.person, self.is_new = Person(coworker_id, self.clock()), True
        self.noted(coworker_id)
        return coworker_id

    def _opportunity(self, drafts: Drafts, coworker_id: int) -> int:
        found = self._look_up(coworker_id) if self.sent_at else self._delivered_before(coworker_id)
        if found is not None:
            return found
        existing = None
        if self._adds:
            existing = self._as_note(drafts, coworker_id)
        if existing is None and self._adopts:
            existing = self._adopt(drafts, coworker_id)
        if existing is None and (self._adds or self._adopts):
            self._wait_for_changes()
        return existing or self._create(drafts, coworker_id)

    @property
    def _adds(self) -> bool:
        return self.form.known_person is KnownPerson.NOTE and not self.is_new

    @property
    def _adopts(self) -> bool:
        return self.form.automatic_opportunity is AutomaticOpportunity.ADOPT

    def _delivered_before(self, coworker_id: int) -> int | None:
        """Find the opportunity of a lead that has waited for long, if the store has forgotten that it was delivered
        (a backup that was put back, a replica that lagged). Who adds or adopts looks for it anyway."""
        lead, now = self.claim.lead, self.clock()
        if self.is_new or self._adds or self._adopts or now - lead.received_at < WAITED_LONG:
            return None
        if self.absent.knows(lead.id, now):
            return None
        found = self._find_own(coworker_id)
        if found is None:
            self.absent.note(lead.id, now)
        return found

    def _find_own(self, coworker_id: int) -> int | None:
        self.keep()
        since = min(self.claim.lead.received_at, self.clock()) - LOOKED_BACK
        for opportunity in self.crm.find_opportunities(coworker_id, since):
            if opportunity.coworker_id == coworker_id and opportunity.carries(self.claim.lead.id):
                return opportunity.id
        return None

    def _look_up(self, coworker_id: int) -> int | None:
        """Find the opportunity that an unanswered create may have made; None when it surely made none."""
        sent_at, looks = self.sent_at, self.claim.lead.looks
        if sent_at is None:
            return None
        found = self._find_own(coworker_id)
        if found is not None:
            self.sent_at = None
            return found
        pause = self._pause_before_next_look(sent_at, looks)
        if pause is not None:
            raise OpportunityUnsettled(sent_at, looks + 1, pause)
        self.sent_at = None
        self._give_up_if_hopeless()
        return None

    def _pause_before_next_look(self, sent_at: datetime, looks: int) -> float | None:
        """Return how long to wait before looking again; None when nothing was written and the lead's own back-off,
        counted from the create that came to nothing, is over too."""
        now = self.clock()
        pause = look_again_in_seconds(sent_at, looks, now)
        left = self.patience_seconds - (now - sent_at).total_seconds()
        return left if pause is None and left > 0 else pause

    def _give_up_if_hopeless(self) -> None:
        failures = self.claim.lead.generic_failures
        if failures >= GENERIC_FAILURES_AT_MOST:
            raise UnmappableError(
                f"Nexudus answered {failures} times with its general error (“Ooops!”) and wrote nothing: it may "
                "want a field that the form does not send (opportunity type, responsible), or another stage"
            )

    def _create(self, drafts: Drafts, coworker_id: int) -> int:
        draft = self._within_limit(drafts.opportunity)
        try:
            return self._send(coworker_id, draft)
        except Refused as error:
            limit = notes_limit_of(error, str(draft.fields.get("Notes", "")))
            if limit is None:
                raise
            self.shorter_notes = limit
        return self._send(coworker_id, self._within_limit(drafts.opportunity))

    def _send(self, coworker_id: int, draft: OpportunityDraft) -> int:
        self.keep()
        try:
            return self.crm.create_opportunity(coworker_id, draft)
        except OutcomeUnknown as error:
            self.sent_at = self._may_be_written_until(error)
            raise

    def _may_be_written_until(self, error: OutcomeUnknown) -> datetime:
        """Who answered has written by now, or never; who did not may be writing still."""
        return self.clock() + timedelta(seconds=UNHEARD_SECONDS if error.status is None else 0)

    def _within_limit(self, draft: OpportunityDraft) -> OpportunityDraft:
        limit = self.shorter_notes or self.notes_limit
        if limit is None:
            return draft
        notes = shorten_notes(str(draft.fields.get("Notes", "")), limit)
        return replace(draft, fields={**draft.fields, "Notes": notes})

    def _as_note(self, drafts: Drafts, coworker_id: int) -> int | None:
        """Add to the customer's open opportunity; None when there is none, or no room in its Notes."""
        self.keep()
        theirs = self.crm.find_opportunities(coworker_id, LONG_AGO)
        found = carrying(theirs, self.claim.lead.id) or find_open(theirs, coworker_id, self.form.board_column)
        if found is None:
            return None
        self.keep()
        try:
            fits = add_note(self.crm, self._replace, found.id, self.claim.lead.id, drafts.notes, self.notes_limit)
        except Missing:
            return None
        except Refused as error:
            self.shorter_notes = notes_limit_of(error, drafts.notes)
            if self.shorter_notes is None:
                raise
            return None
        return found.id if fits else None

    def _adopt(self, drafts: Drafts, coworker_id: int) -> int | None:
        """Take over what Nexudus made by itself for this enquiry; None when it made nothing."""
        self.keep()
        since = self.claim.lead.received_at - CLOCKS_DIFFER
        theirs = self.crm.find_opportunities(coworker_id, since)
        if own := carrying(theirs, self.claim.lead.id):
            return own.id
        found = find_automatic(theirs, coworker_id, self.board_id)
        if found is None:
            return None
        self.keep()
        try:
            adopt(self.crm, self._replace, found.id, self.claim.lead.id, drafts.opportunity, self.notes_limit)
        except Missing:
            return None
        return found.id

    def _replace(self, record: Mapping[str, Any]) -> None:
        """PUT a whole record. One that had no answer may be carried out later, and would undo what was changed
        meanwhile: until then nothing else of this customer's is changed. To send the same again is safe."""
        self._wait_for_changes()
        self.keep()
        try:
            self.crm.replace_opportunity(record)
        except OutcomeUnknown as error:
            self.person = replace(self.person, sent_at=self._may_be_written_until(error))
            raise NotSent(error.call, error.status, error.detail, unreachable=not error.generic) from None

    def _wait_for_changes(self) -> None:
        """Wait until what was changed without an answer is done, and is seen in lists, or never happens."""
        if self.person.sent_at is None:
            return
        left = SETTLED_SECONDS - (self.clock() - self.person.sent_at).total_seconds()
        if left > 0:
            raise ChangeUnsettled(left)
        self.person = replace(self.person, sent_at=None, looks=0)


def notes_limit_of(error: Refused, notes: str) -> int | None:
    """Return how long Notes may be when the CRM found them too long; None when it complains of something else."""
    if not error.names("Notes") or len(notes) <= SHORTEST_NOTES:
        return None
    said = " ".join(message for field, message in error.faults if field.lower() == "notes")
    numbers = [int(word) for word in "".join(c if c.isdigit() else " " for c in said).split()]
    sensible = [number for number in numbers if SHORTEST_NOTES <= number < len(notes)]
    if sensible:
        return min(sensible)
    return min(255, len(notes) // 2) if TOO_LONG.search(said) else None
