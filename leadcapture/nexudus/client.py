"""The calls that delivery and set-up make, each in the domain's words."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from leadcapture.domain.account import (
    DANGEROUS_ACTIONS,
    Board,
    Country,
    Location,
    Me,
    OpportunityType,
    Stage,
    TimeZone,
    User,
)
from leadcapture.domain.opportunity import Customer, CustomerDraft, Opportunity, OpportunityDraft
from leadcapture.errors import AccessDenied, Missing, NotSent, OutcomeUnknown, SignInNeeded, SignInRefused
from leadcapture.nexudus import calls
from leadcapture.nexudus.answer import Answer, created_id, whole_number
from leadcapture.nexudus.bodies import customer_body, opportunity_body, replacement_body
from leadcapture.nexudus.calls import Call
from leadcapture.nexudus.fields import truthy
from leadcapture.nexudus.responses import (
    BoardRow,
    CountryRow,
    CustomerRow,
    ListReply,
    LocationRow,
    MeReply,
    OpportunityRow,
    OpportunityTypeRow,
    StageRow,
    TimeZoneRow,
    UserRow,
)
from leadcapture.nexudus.tokens import TokenKeeper
from leadcapture.nexudus.transport import Transport

_PAGE_SIZE = 100
_MOST_PAGES = 200
_MOST_CUSTOMER_PAGES = 5
_MOST_FETCHED = 60

Query = Mapping[str, str | int]


class NexudusClient:
    """Keeps `delivery.crm.Crm` for one connection; belongs to one thread. Makes no call until it is asked to.

    An unknown filter is ignored by the CRM, which then lists everything (contract 4.1): whatever a filter was
    to leave out is left out here again.
    """

    def __init__(self, transport: Transport, tokens: TokenKeeper) -> None:
        self._transport = transport
        self._tokens = tokens

    def who_am_i(self) -> Me:
        """Return the account that the token belongs to (contract 2.6)."""
        answer = self._ask(calls.WHO_AM_I)
        if not whole_number(answer.record.get("Id")):
            raise NotSent(calls.WHO_AM_I.name, answer.status, "not a user: check NEXUDUS_URL")
        return MeReply.read(answer.record)

    def find_customers(self, email: str) -> list[Customer]:
        """Return the profiles of an address, archived and inactive ones too (contract 7.1).

        A first page with other people's addresses shows that the filter was ignored: the rest is not walked.
        """
        wanted = email.strip().casefold()
        found: list[Customer] = []
        query = {"Coworker_Email": email.strip()}
        for page in self._pages(calls.FIND_CUSTOMERS, query, _MOST_CUSTOMER_PAGES):
            rows = [CustomerRow.read(self._with_address(record)) for record in page.records]
            mine = [row for row in rows if row.email.strip().casefold() == wanted]
            found += mine
            if len(mine) < len(rows):
                break
        return _once(found)

    def _with_address(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a listed customer with its address, fetched where the list leaves it out (contract 4.1)."""
        number = whole_number(record.get("Id"))
        if record.get("Email") is not None or not number:
            return record
        try:
            return self._ask(calls.GET_CUSTOMER.of(number)).record
        except Missing:
            return record

    def create_customer(self, draft: CustomerDraft) -> int:
        """Create a customer and return its id (contract 7.2)."""
        return self._create(calls.CREATE_CUSTOMER, customer_body(draft))

    def find_opportunities(self, coworker_id: int, since: datetime) -> list[Opportunity]:
        """Return a customer's opportunities created at or after `since`, with Notes (contract 10).

        `since` is by our clock; when the CRM's is behind, the window is opened by as much. A row without a
        date is kept: the caller tells by the marker.
        """
        skew = self._transport.clock_skew_seconds or 0.0
        opened = since + timedelta(seconds=min(skew, 0.0))
        query: Query = {
            "CrmOpportunity_Coworker": coworker_id,
            "from_CrmOpportunity_CreatedOn": _minute(opened),
        }
        found, fetched = [], 0
        for record in self._records(calls.FIND_OPPORTUNITIES, query):
            row = OpportunityRow.read(record)
            if row.coworker_id not in (coworker_id, 0) or (row.created_at and row.created_at < opened):
                continue
            if row.notes is None or not row.coworker_id:
                fetched += 1
                if fetched > _MOST_FETCHED:
                    raise NotSent(calls.FIND_OPPORTUNITIES.name, None, "a list that leaves out too much")
                try:
                    row = OpportunityRow.read(self.get_opportunity(row.id))
                except Missing:
                    continue
            if row.coworker_id == coworker_id:
                found.append(row)
        return found

    def create_opportunity(self, coworker_id: int, draft: OpportunityDraft) -> int:
        """Create an opportunity and return its id (contract 8.2)."""
        return self._create(calls.CREATE_OPPORTUNITY, opportunity_body(coworker_id, draft))

    def get_opportunity(self, opportunity_id: int) -> Mapping[str, Any]:
        """Return one opportunity, every field as the CRM holds it; raises Missing."""
        call = calls.GET_OPPORTUNITY.of(opportunity_id)
        answer = self._ask(call)
        if whole_number(answer.record.get("Id")) != opportunity_id:
            raise NotSent(call.name, answer.status, "answered with another record")
        return answer.record

    def replace_opportunity(self, record: Mapping[str, Any]) -> None:
        """PUT a whole opportunity: what `record` leaves out is cleared by the CRM (contract 4.4)."""
        self._ask(calls.REPLACE_OPPORTUNITY, record=replacement_body(record))

    def opportunities_updated(self, location_id: int, since: datetime) -> Iterator[Opportunity]:
        """Yield a location's opportunities that changed at or after `since`, all pages, in no order."""
        query: Query = {
            "CrmOpportunity_CrmBoardColumn_CrmBoard_Business_Id": location_id,
            "from_CrmOpportunity_UpdatedOn": _minute(since),
        }
        for record in self._records(calls.FIND_OPPORTUNITIES, query):
            if not _at(record, "CrmBoardColumnCrmBoardBusinessId", location_id):
                continue
            row = OpportunityRow.read(record)
            if row.updated_at is None or row.updated_at >= since:
                yield row

    def count_opportunities(self, location_id: int) -> int:
        """Return how many opportunities a location holds, against the CRM's bound (contract 8.6)."""
        query = {"CrmOpportunity_CrmBoardColumn_CrmBoard_Business_Id": location_id, "page": 1, "size": 1}
        answer = self._ask(calls.COUNT_OPPORTUNITIES, query)
        total = ListReply(answer.payload).total_items
        if total is None:
            raise NotSent(calls.COUNT_OPPORTUNITIES.name, answer.status, "answered without a total")
        return total

    def locations(self) -> list[Location]:
        """Return the account's locations."""
        return [LocationRow.read(r) for r in self._records(calls.LIST_LOCATIONS)]

    def boards(self, location_id: int) -> list[Board]:
        """Return a location's boards that are not archived."""
        records = self._records(calls.LIST_BOARDS, {"CrmBoard_Business": location_id})
        rows = [BoardRow.read(r) for r in records if _at(r, "BusinessId", location_id)]
        return [row for row in rows if not row.archived]

    def stages(self, board_id: int | None = None) -> list[Stage]:
        """Return a board's stages in order; all of the account's without a board."""
        query = {"CrmBoardColumn_CrmBoard": board_id} if board_id is not None else {}
        records = self._records(calls.LIST_STAGES, query)
        rows = [StageRow.read(r) for r in records]
        mine = [row for row in rows if board_id is None or row.board_id == board_id]
        return sorted(mine, key=lambda row: (row.board_id or 0, row.position, row.id))

    def find_stage(self, board_column_id: int) -> Stage | None:
        """Return one stage with its flags, or None; by the list, for which a role is needed anyway."""
        for record in self._records(calls.FIND_STAGE, {"Id": board_column_id}):
            if whole_number(record.get("Id")) == board_column_id:
                return StageRow.read(self._with_flags(record, board_column_id))
        return None

    def _with_flags(self, record: Mapping[str, Any], board_column_id: int) -> Mapping[str, Any]:
        """Return a listed stage, fetched in full where the list leaves out what would harm (contract 4.1)."""
        if all(record.get(name) is not None for name in DANGEROUS_ACTIONS):
            return record
        try:
            return {**record, **self._ask(calls.GET_STAGE.of(board_column_id)).record}
        except Missing:
            return record

    def opportunity_types(self, location_id: int) -> list[OpportunityType]:
        """Return a location's opportunity types."""
        records = self._records(calls.LIST_OPPORTUNITY_TYPES, {"OpportunityType_Business": location_id})
        mine = (r for r in records if _at(r, "BusinessId", location_id))
        return [OpportunityTypeRow.read(r) for r in mine]

    def users(self) -> list[User]:
        """Return the account's active admins."""
        records = self._records(calls.LIST_USERS, {"User_IsAdmin": "true", "User_Active": "true"})
        admins = [UserRow.read(r) for r in records if truthy(r.get("IsAdmin", True))]
        return [row for row in admins if row.active]

    def time_zones(self) -> list[TimeZone]:
        """Return Nexudus' time zones."""
        return [TimeZoneRow.read(r) for r in self._records(calls.LIST_TIME_ZONES)]

    def countries(self) -> list[Country]:
        """Return Nexudus' countries."""
        return [CountryRow.read(r) for r in self._records(calls.LIST_COUNTRIES)]

    def _create(self, call: Call, body: Mapping[str, Any]) -> int:
        answer = self._ask(call, record=body)
        record_id = created_id(answer.payload)
        if record_id is None:
            raise OutcomeUnknown(call.name, answer.status, "answered without a result")
        return record_id

    def _records(self, call: Call, query: Query | None = None) -> Iterator[Mapping[str, Any]]:
        """Yield each record of a list once, even when records move between pages while they are read."""
        seen: set[int | None] = set()
        for page in self._pages(call, query or {}, _MOST_PAGES):
            for record in page.records:
                record_id = whole_number(record.get("Id"))
                if record_id not in seen:
                    seen.add(record_id)
                    yield record

    def _pages(self, call: Call, query: Query, most: int) -> Iterator[ListReply]:
        """Yield a list's pages, unsorted: documents disagree on what `dir` means (contract 4.1)."""
        for number in range(1, most + 1):
            answer = self._ask(call, {**query, "page": number, "size": _PAGE_SIZE})
            page = ListReply(answer.payload)
            if not page.readable:
                raise NotSent(call.name, answer.status, "answered without a list")
            yield page
            if page.is_last(number, _PAGE_SIZE):
                return

    def _ask(self, call: Call, query: Query | None = None, record: Mapping[str, Any] | None = None) -> Answer:
        """Make a call; on a 401 renew once and repeat once, a second is no matter of age (contract 2.5)."""
        bearer = self._tokens.bearer()
        try:
            return self._exchange(call, bearer, query, record)
        except AccessDenied as denied:
            # A quota says so in its text; a token that is new, or can't be renewed, need not be suspected then.
            quota = denied.quota and (self._tokens.fixed or self._tokens.obtained_just_now(bearer))
            if denied.status != 401 or quota:
                raise
            try:
                renewed = self._tokens.renew(bearer)
            except (SignInRefused, SignInNeeded):
                if denied.quota:
                    raise denied from None
                raise
        return self._exchange(call, renewed, query, record)

    def _exchange(self, call: Call, bearer: str, query: Query | None, record: Mapping[str, Any] | None) -> Answer:
        headers = {"Authorization": f"Bearer {bearer}"}
        return self._transport.exchange(call, query=query, headers=headers, record=record)


def _at(record: Mapping[str, Any], name: str, location_id: int) -> bool:
    """Say whether a record belongs to a location, as far as it tells."""
    return whole_number(record.get(name)) in (None, location_id)


def _minute(moment: datetime) -> str:
    """Write a moment as the range filters are documented to take it, rounded down (contract 4.1)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")


def _once(found: list[Customer]) -> list[Customer]:
    return list({customer.id: customer for customer in found}.values())
