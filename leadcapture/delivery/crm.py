"""The CRM as delivery sees it: a protocol that `nexudus.client.NexudusClient` and the tests' fake both keep."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from leadcapture.domain.account import Board, Country, Location, Me, OpportunityType, Stage, TimeZone, User
from leadcapture.domain.opportunity import Customer, CustomerDraft, Opportunity, OpportunityDraft


class Crm(Protocol):
    """Calls of one connection. Every failure is a leaf of `errors.CrmError`; each leaf is one reaction."""

    def who_am_i(self) -> Me:
        """Return the account that the token belongs to."""
        ...

    def find_customers(self, email: str) -> list[Customer]:
        """Return every profile that the CRM lists for an address; the caller compares them again."""
        ...

    def create_customer(self, draft: CustomerDraft) -> int:
        """Create a customer and return its id."""
        ...

    def find_opportunities(self, coworker_id: int, since: datetime) -> list[Opportunity]:
        """Return a customer's opportunities created at or after `since`, each checked to be that customer's,
        with Notes (fetched one by one where the list leaves them out)."""
        ...

    def create_opportunity(self, coworker_id: int, draft: OpportunityDraft) -> int:
        """Create an opportunity and return its id."""
        ...

    def get_opportunity(self, opportunity_id: int) -> Mapping[str, Any]:
        """Return one opportunity as the CRM holds it, every field; raises Missing."""
        ...

    def replace_opportunity(self, record: Mapping[str, Any]) -> None:
        """PUT a whole opportunity: what `record` leaves out is cleared by the CRM (contract 4.4)."""
        ...

    def opportunities_updated(self, location_id: int, since: datetime) -> Iterator[Opportunity]:
        """Yield a location's opportunities that changed at or after `since`, all pages."""
        ...

    def count_opportunities(self, location_id: int) -> int:
        """Return how many opportunities a location holds."""
        ...

    def locations(self) -> list[Location]:
        """Return the account's locations."""
        ...

    def boards(self, location_id: int) -> list[Board]:
        """Return a location's boards that are not archived."""
        ...

    def stages(self, board_id: int | None = None) -> list[Stage]:
        """Return a board's stages in order; all of the account's without a board."""
        ...

    def find_stage(self, board_column_id: int) -> Stage | None:
        """Return one stage with its flags, or None when the CRM lists none of that id."""
        ...

    def opportunity_types(self, location_id: int) -> list[OpportunityType]:
        """Return a location's opportunity types."""
        ...

    def users(self) -> list[User]:
        """Return the account's active admins."""
        ...

    def time_zones(self) -> list[TimeZone]:
        """Return Nexudus' time zones."""
        ...

    def countries(self) -> list[Country]:
        """Return Nexudus' countries."""
        ...
