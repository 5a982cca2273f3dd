"""A CrmOpportunity in the CRM's own terms: its enums, its fields, and the drafts that we send.

Names and numbers are those of `POST /api/crm/crmopportunities` and `POST /api/spaces/coworkers`
(learn.nexudus.com/rest-api/crm/post-crmopportunities).
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import IntEnum, StrEnum

from leadcapture.domain.frozen import frozen


class LeadSource(IntEnum):
    """eCrmOpportunitySource: where the CRM files an opportunity's origin; 3 does not exist."""

    Web = 1
    Phone = 2
    Webinar = 4
    Referral = 5
    PrintAdvert = 6
    PurchasedList = 7
    WordOfMouth = 8
    DirectEmail = 9
    EmailMarketing = 10
    Broker = 11
    PropertyAgent = 12
    Facebook = 13
    Linkedin = 14
    Instagram = 15
    Twitter = 16
    HubbleHq = 17
    LiquidSpace = 18
    GoogleSearch = 19
    SpacePool = 20
    InstantOffices = 21
    OfficeFreedom = 22
    FlexiOffices = 23
    Workthere = 24
    Kontor = 25
    Valve = 26
    OtherSocialNetwork = 98
    Other = 99


class LossReason(IntEnum):
    """eCrmOpportunityLossReason: only for lost opportunities."""

    Timing = 1
    Need = 2
    PoorQualification = 3
    Price = 4
    Feature = 5
    LostMomentum = 6
    Competition = 7
    ContractTerm = 8
    Duplicate = 9
    Waitlist = 10
    NotReturningCalls = 11
    LackOfFacilities = 12
    NoPetPolicy = 13
    NoRightFit = 14
    Location = 15
    Entrance = 16
    Errors = 17
    Archived = 18
    SearchOnHold = 19
    RelocationOnHold = 20
    Other = 99


class OpportunityStatus(IntEnum):
    """eCrmOpportunityStatus."""

    InProgress = 1
    Won = 2
    Lost = 3


class Kind(StrEnum):
    """How a field of a record is written: decides what a constant or an answer may be."""

    TEXT = "text"
    ID = "id"
    DECIMAL = "decimal"
    MOMENT = "moment"
    FLAG = "flag"
    LEAD_SOURCE = "lead source"
    LOSS_REASON = "loss reason"
    STATUS = "status"


OPPORTUNITY_FIELDS: Mapping[str, Kind] = {
    "Name": Kind.TEXT,
    "Notes": Kind.TEXT,
    "OpportunityTypeId": Kind.ID,
    "ResponsibleId": Kind.ID,
    "TeamId": Kind.ID,
    "ReferrerId": Kind.ID,
    "AgentId": Kind.ID,
    "Value": Kind.DECIMAL,
    "DueDate": Kind.MOMENT,
    "WonOn": Kind.MOMENT,
    "LostOn": Kind.MOMENT,
    "Completed": Kind.FLAG,
    "Reminded": Kind.FLAG,
    "LeadSource": Kind.LEAD_SOURCE,
    "LossReason": Kind.LOSS_REASON,
    "Status": Kind.STATUS,
    "UtmSource": Kind.TEXT,
    "UtmMedium": Kind.TEXT,
    "UtmCampaign": Kind.TEXT,
    "UtmContent": Kind.TEXT,
    "UtmTerm": Kind.TEXT,
}
"""Every optional field of a CrmOpportunity that a form may set, and how it is written."""

COWORKER_FIELDS: Mapping[str, Kind] = {
    "FullName": Kind.TEXT,
    "Email": Kind.TEXT,
    "MobilePhone": Kind.TEXT,
    "LandLine": Kind.TEXT,
    "CompanyName": Kind.TEXT,
    "Position": Kind.TEXT,
    "Salutation": Kind.TEXT,
    "ProfileWebsite": Kind.TEXT,
    "Address": Kind.TEXT,
    "PostCode": Kind.TEXT,
    "CityName": Kind.TEXT,
    "State": Kind.TEXT,
    "GeneralTermsAccepted": Kind.FLAG,
    "SignUpToNewsletter": Kind.FLAG,
    **{f"Custom{number}": Kind.TEXT for number in range(1, 31)},
}
"""The fields of a new customer that a form may fill. Never a tariff, never a login (contract 7.2)."""

FieldValue = str | int | float | bool
"""What the CRM takes as a field's value; moments are already text in UTC with a Z."""


@frozen
class CustomerDraft:
    """A customer record to be made if nobody has this e-mail yet; `extra` holds optional COWORKER_FIELDS."""

    full_name: str
    email: str
    location_id: int
    country_id: int
    simple_time_zone_id: int
    extra: Mapping[str, FieldValue] = field(default_factory=dict)


@frozen
class OpportunityDraft:
    """An opportunity to be made; `fields` holds OPPORTUNITY_FIELDS with their final values."""

    board_column_id: int
    fields: Mapping[str, FieldValue]


@frozen
class Customer:
    """A customer as the CRM lists it; several may own one address (contract 7.1)."""

    id: int
    email: str
    full_name: str = ""
    active: bool = True
    archived: bool = False
    location_id: int | None = None


@frozen
class Opportunity:
    """An opportunity as the CRM lists it; `notes` is None where a list row leaves it out."""

    id: int
    coworker_id: int
    board_column_id: int | None = None
    board_id: int | None = None
    name: str = ""
    notes: str | None = None
    status: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None

    def carries(self, reference: str) -> bool:
        """Say whether the lead's `reference` stands in its Notes, or its short form in its Name."""
        return reference in (self.notes or "") or f"[{short_reference(reference)}]" in self.name


def short_reference(lead_id: str) -> str:
    """Return the ten characters of a lead's id that go into an opportunity's Name."""
    return lead_id.replace("-", "")[-10:]


def choose_customer(found: list[Customer], email: str, location_id: int) -> Customer | None:
    """Pick the profile that a lead belongs to, or None when a new one is due.

    The CRM ignores filters it does not know, so the address is compared again here. Archived profiles are
    never used; active before inactive, the form's own location before another, then the newest.
    """
    wanted = email.strip().casefold()
    usable = [c for c in found if c.email.strip().casefold() == wanted and not c.archived]
    if not usable:
        return None
    return max(usable, key=lambda c: (c.active, c.location_id == location_id, c.id))
