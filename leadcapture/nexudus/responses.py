"""What comes back: the CRM's records as domain values (contract 4.1, 5, 6.1, 7, 8)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import post_load

from leadcapture.domain.account import (
    STAGE_ACTIONS,
    STAGE_TRIGGERS,
    Board,
    Country,
    Location,
    Me,
    OpportunityType,
    Stage,
    TimeZone,
    User,
)
from leadcapture.domain.opportunity import Customer, Opportunity
from leadcapture.nexudus.answer import whole_number
from leadcapture.nexudus.fields import Flag, Moment, Number, Numbers, Row, Text, truthy


class MeReply(Row[Me]):
    """GET /api/auth/me, which is bare (contract 2.6)."""

    id = Number(data_key="Id", load_default=0)
    email = Text(data_key="Email", load_default="")
    full_name = Text(data_key="FullName", load_default="")
    is_admin = Flag(data_key="IsAdmin", load_default=False)
    api_access = Flag(data_key="APIAccess", load_default=False)
    location_ids = Numbers(data_key="Businesses", load_default=())

    @post_load
    def _build(self, data: dict[str, Any], **_kwargs: Any) -> Me:
        return Me(**data)


class LocationRow(Row[Location]):
    """A business."""

    id = Number(data_key="Id", load_default=0)
    name = Text(data_key="Name", load_default="")
    country_id = Number(data_key="CountryId", load_default=None)
    country_name = Text(data_key="CountryName", load_default="")
    simple_time_zone_id = Number(data_key="SimpleTimeZoneId", load_default=None)
    suspended = Flag(data_key="Suspended", load_default=False)

    @post_load
    def _build(self, data: dict[str, Any], **_kwargs: Any) -> Location:
        return Location(**data)


class BoardRow(Row[Board]):
    """A CRM board."""

    id = Number(data_key="Id", load_default=0)
    name = Text(data_key="Name", load_default="")
    location_id = Number(data_key="BusinessId", load_default=None)
    archived = Flag(data_key="Archived", load_default=False)

    @post_load
    def _build(self, data: dict[str, Any], **_kwargs: Any) -> Board:
        return Board(**data)


class StageRow(Row[Stage]):
    """A board column; its flags are collected by name."""

    id = Number(data_key="Id", load_default=0)
    name = Text(data_key="Name", load_default="")
    position = Number(data_key="Position", load_default=0)
    board_id = Number(data_key="CrmBoardId", load_default=None)
    board_name = Text(data_key="CrmBoardName", load_default="")
    location_id = Number(data_key="CrmBoardBusinessId", load_default=None)

    @post_load(pass_original=True)
    def _build(self, data: dict[str, Any], original: Mapping[str, Any], **_kwargs: Any) -> Stage:
        data["position"] = data["position"] or 0
        return Stage(
            **data,
            actions=frozenset(name for name in STAGE_ACTIONS if truthy(original.get(name))),
            triggers=frozenset(name for name in STAGE_TRIGGERS if truthy(original.get(name))),
        )


class OpportunityTypeRow(Row[OpportunityType]):
    """An opportunity type."""

    id = Number(data_key="Id", load_default=0)
    name = Text(data_key="Name", load_default="")
    location_id = Number(data_key="BusinessId", load_default=None)
    notes_template = Text(data_key="NotesTemplate", load_default="")

    @post_load
    def _build(self, data: dict[str, Any], **_kwargs: Any) -> OpportunityType:
        return OpportunityType(**data)


class UserRow(Row[User]):
    """A user."""

    id = Number(data_key="Id", load_default=0)
    full_name = Text(data_key="FullName", load_default="")
    email = Text(data_key="Email", load_default="")
    active = Flag(data_key="Active", load_default=True)

    @post_load
    def _build(self, data: dict[str, Any], **_kwargs: Any) -> User:
        return User(**data)


class TimeZoneRow(Row[TimeZone]):
    """A time zone."""

    id = Number(data_key="Id", load_default=0)
    name = Text(data_key="Name", load_default="")

    @post_load
    def _build(self, data: dict[str, Any], **_kwargs: Any) -> TimeZone:
        return TimeZone(**data)


class CountryRow(Row[Country]):
    """A country."""

    id = Number(data_key="Id", load_default=0)
    name = Text(data_key="Name", load_default="")
    code = Text(data_key="TwoDigitsCode", load_default="")

    @post_load
    def _build(self, data: dict[str, Any], **_kwargs: Any) -> Country:
        return Country(**data)


class CustomerRow(Row[Customer]):
    """A coworker; `active` is believed when it is missing, `archived` is not."""

    id = Number(data_key="Id", load_default=0)
    email = Text(data_key="Email", load_default="")
    full_name = Text(data_key="FullName", load_default="")
    active = Flag(data_key="Active", load_default=True)
    archived = Flag(data_key="Archived", load_default=False)
    location_id = Number(data_key="InvoicingBusinessId", load_default=None)

    @post_load
    def _build(self, data: dict[str, Any], **_kwargs: Any) -> Customer:
        return Customer(**data)


class OpportunityRow(Row[Opportunity]):
    """An opportunity, from a list or on its own; a coworker that is not given is 0."""

    id = Number(data_key="Id", load_default=0)
    coworker_id = Number(data_key="CoworkerId", load_default=0)
    board_column_id = Number(data_key="CrmBoardColumnId", load_default=None)
    board_id = Number(data_key="CrmBoardColumnCrmBoardId", load_default=None)
    name = Text(data_key="Name", load_default="")
    notes = Text(data_key="Notes", load_default=None)
    status = Number(data_key="Status", load_default=None)
    created_at = Moment(data_key="CreatedOn", load_default=None)
    updated_at = Moment(data_key="UpdatedOn", load_default=None)

    @post_load
    def _build(self, data: dict[str, Any], **_kwargs: Any) -> Opportunity:
        return Opportunity(**{**data, "coworker_id": data["coworker_id"] or 0})


class ListReply:
    """The envelope of a list (contract 4.1): its records, and where it stands among its pages.

    `HasNextPage` is not looked at: it has been seen to be true for ever.
    """

    def __init__(self, payload: Any) -> None:
        envelope = payload if isinstance(payload, dict) else {}
        records = envelope.get("Records")
        self.readable = isinstance(records, list)
        self.records: list[Mapping[str, Any]] = (
            [r for r in records or [] if isinstance(r, dict) and whole_number(r.get("Id"))]
            if isinstance(records, list)
            else []
        )
        self.page = whole_number(envelope.get("CurrentPage"))
        self.total_pages = whole_number(envelope.get("TotalPages"))
        self.total_items = whole_number(envelope.get("TotalItems"))

    def is_last(self, asked_page: int, size: int) -> bool:
        """Say whether no page comes after this one; without a total, a page that is not full is the last."""
        if self.total_pages is None or not self.records:
            return len(self.records) < size
        return max(self.page or 0, asked_page) >= self.total_pages
