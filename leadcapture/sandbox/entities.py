"""The tables of the stand-in: which entities exist, their properties, and how they hang together.

A property that names another record ends in `Id`; the relation is its name without `Id`, which is how filters
(`CrmOpportunity_Coworker=1`) and messages (`Coworker: is a required field`) spell it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Record = dict[str, Any]
Kind = Literal["text", "whole", "number", "flag", "moment", "ids", "other"]

LEAD_SOURCES = {
    1: "Web", 2: "Phone", 4: "Webinar", 5: "Referral", 6: "PrintAdvert", 7: "PurchasedList", 8: "WordOfMouth",
    9: "DirectEmail", 10: "EmailMarketing", 11: "Broker", 12: "PropertyAgent", 13: "Facebook", 14: "Linkedin",
    15: "Instagram", 16: "Twitter", 17: "HubbleHq", 18: "LiquidSpace", 19: "GoogleSearch", 20: "SpacePool",
    21: "InstantOffices", 22: "OfficeFreedom", 23: "FlexiOffices", 24: "Workthere", 25: "Kontor", 26: "Valve",
    98: "OtherSocialNetwork", 99: "Other",
}  # fmt: skip
LOSS_REASONS = {
    1: "Timing", 2: "Need", 3: "PoorQualification", 4: "Price", 5: "Feature", 6: "LostMomentum",
    7: "Competition", 8: "ContractTerm", 9: "Duplicate", 10: "Waitlist", 11: "NotReturningCalls",
    12: "LackOfFacilities",
    13: "NoPetPolicy", 14: "NoRightFit", 15: "Location", 16: "Entrance", 17: "Errors", 18: "Archived",
    19: "SearchOnHold", 20: "RelocationOnHold", 99: "Other",
}  # fmt: skip
STATUSES = {1: "InProgress", 2: "Won", 3: "Lost"}
COWORKER_TYPES = {1: "Individual", 2: "Company"}
GENDERS = {0: "None", 1: "NotSet", 2: "Male", 3: "Female", 4: "Other", 5: "RatherNotSay"}
TAX_RATE_TYPES = {1: "Default", 2: "Reduced", 3: "Exempt"}
ATTENDANCES = {1: "Office", 2: "Home", 3: "Abroad", 4: "NotWorking", 5: "Undefined"}
VISITOR_SOURCES = {1: "Administrator", 2: "NexIO", 3: "Customer"}

ENUMS: Mapping[str, Mapping[int, str]] = {
    "eCrmOpportunitySource": LEAD_SOURCES,
    "eCrmOpportunityLossReason": LOSS_REASONS,
    "eCrmOpportunityStatus": STATUSES,
    "eCoworkerType": COWORKER_TYPES,
    "eGender": GENDERS,
    "eTaxRateType": TAX_RATE_TYPES,
    "eAttendance": ATTENDANCES,
}

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Property:
    """One property: its kind, what it may hold, and the entity it points to, if it does."""

    kind: Kind
    required: bool = False
    default: Any = None
    among: Mapping[int, str] | None = None
    relation: str | None = None
    read_only: bool = False


@dataclass(frozen=True)
class Entity:
    """A table of records: `path` is where it lives under /api, `label` the property a person knows it by.

    `joins` are the properties that replies add from related records: `Coworker.Email` is shown as
    `CoworkerEmail`.
    """

    name: str
    path: str
    properties: Mapping[str, Property]
    joins: tuple[tuple[str, tuple[str, ...]], ...] = ()
    label: str = "Name"
    writable: bool = True
    deletable: bool = True
    first_id: int = 1000
    spelling: Mapping[str, str] = field(default_factory=dict)

    @property
    def resource(self) -> str:
        """The last part of the path: how switches and the control endpoint name the entity."""
        return self.path.rpartition("/")[2]

    def relation(self, name: str) -> str | None:
        """The property behind a relation's name (`Coworker` -> `CoworkerId`), whatever its letter case."""
        spelled = self.spelling.get(name.lower() + "id")
        return spelled if spelled and self.properties[spelled].relation else None


_RECORD_PROPERTIES = {
    "Id": Property("whole", read_only=True),
    "UniqueId": Property("text", read_only=True),
    "CreatedOn": Property("moment", read_only=True),
    "UpdatedOn": Property("moment", read_only=True),
    "UpdatedBy": Property("text", read_only=True),
    "SystemId": Property("text"),
}


def _plain(kind: Kind, names: str, default: Any = None) -> dict[str, Property]:
    return {name: Property(kind, default=default) for name in names.split()}


def _needed(kind: Kind, names: str) -> dict[str, Property]:
    return {name: Property(kind, required=True) for name in names.split()}


def _link(name: str, to: str, required: bool = False) -> dict[str, Property]:
    return {name: Property("whole", required=required, relation=to)}


def _coded(name: str, among: Mapping[int, str], default: int | None = None) -> dict[str, Property]:
    return {name: Property("whole", default=default, among=among)}


def _entity(name: str, path: str, *parts: Mapping[str, Property], joins: Iterable[str] = (), **rest: Any) -> Entity:
    properties = dict(_RECORD_PROPERTIES)
    for part in parts:
        properties.update(part)
    return Entity(
        name,
        path,
        properties,
        joins=tuple((join.replace(".", ""), tuple(join.split("."))) for join in joins),
        spelling={spelled.lower(): spelled for spelled in properties},
        **rest,
    )


_TRIGGERS = (
    "TourRequests ToursConfirmed TourCompleted SignUps Bookings Cancellations ProposalsSent "
    "ProposalsAccepted DocumentsSigned EventRegistrations ContactMessages ProductPurchased "
    "ResourceBooked EventCheckins"
)
_ACTIONS = (
    "UseTaskListAsResponsible ActivateAccount DeactivateAccount DeleteAccount ConfirmTour WinOpportunity "
    "LoseOpportunity"
)

_ALL = (
    _entity(
        "Business",
        "sys/businesses",
        _needed("text", "Name"),
        _plain("text", "WebAddress CurrencyCode PrivacyPolicyUrl"),
        _plain("whole", "CurrencyId RootLocationId"),
        _plain("flag", "Suspended", default=False),
        _link("CountryId", "Country"),
        _link("SimpleTimeZoneId", "SimpleTimeZone"),
        joins=["Country.Name", "SimpleTimeZone.Name"],
        writable=False,
    ),
    _entity("Country", "sys/countries", _needed("text", "Name TwoDigitsCode"), writable=False),
    _entity(
        "SimpleTimeZone",
        "sys/simpletimezones",
        _needed("text", "Name"),
        _plain("text", "Description"),
        _plain("number", "TimeOffset"),
        writable=False,
    ),
    _entity(
        "User",
        "sys/users",
        _needed("text", "FullName Email"),
        _plain("flag", "IsAdmin Active APIAccess", default=True),
        {"Businesses": Property("ids", relation="Business")},
        label="FullName",
        writable=False,
    ),
    _entity(
        "BusinessSetting",
        "sys/businesssettings",
        _plain("text", "Name Value"),
        _link("BusinessId", "Business"),
        writable=False,
    ),
    _entity(
        "CrmBoard",
        "crm/crmboards",
        _needed("text", "Name"),
        _plain("flag", "Archived", default=False),
        _link("BusinessId", "Business", required=True),
        joins=["Business.Name"],
    ),
    _entity(
        "CrmBoardColumn",
        "crm/crmboardcolumns",
        _needed("text", "Name"),
        _needed("whole", "Position"),
        _plain("flag", f"{_TRIGGERS} {_ACTIONS}", default=False),
        _plain("whole", "CannedResponseId TaskListId"),
        _plain("ids", "Products Resources"),
        _link("CrmBoardId", "CrmBoard", required=True),
        joins=["CrmBoard.Name"]
        + [f"CrmBoard.Business.{name}" for name in ("Id", "Name", "CurrencyId", "CurrencyCode")],
    ),
    _entity(
        "OpportunityType",
        "crm/opportunitytypes",
        _needed("text", "Name"),
        _plain("text", "NotesTemplate"),
        _link("BusinessId", "Business", required=True),
        joins=["Business.Name"],
    ),
    _entity(
        "CustomField",
        "crm/customfields",
        _plain("text", "Name AvailableOptions"),
        _plain("whole", "RecordType FieldType CustomFieldIndex Visibility"),
        _plain("flag", "Required DisplayInTourForm DisplayInSignUpForm", default=False),
        _link("BusinessId", "Business"),
        writable=False,
    ),
    _entity("Team", "spaces/teams", _needed("text", "Name"), writable=False),
    _entity(
        "Coworker",
        "spaces/coworkers",
        _needed("text", "FullName Email"),
        _coded("CoworkerType", COWORKER_TYPES, default=1),
        _coded("Gender", GENDERS, default=1),
        _coded("TaxRateType", TAX_RATE_TYPES, default=1),
        {f"{day}Attendance": Property("whole", default=5, among=ATTENDANCES) for day in WEEKDAYS},
        _plain(
            "whole",
            "CheckinSinceLastRenewal MinutesSinceLastRenewal TariffInvoiceEvery TariffInvoiceEveryWeeks",
            default=0,
        ),
        _plain("whole", "TariffId UserId"),
        _plain("text", "MobilePhone LandLine CompanyName Position Salutation Notes Tag ReferenceNumber"),
        _plain("text", "ProfileWebsite Address PostCode CityName State RefererGuid AccessPincode"),
        _plain("text", " ".join(f"Custom{index}" for index in range(1, 31))),
        _plain("flag", "Active SignUpToNewsletter", default=True),
        _plain("flag", "Archived GeneralTermsAccepted CreateUser ProfileIsPublic", default=False),
        _plain("moment", "TourDate RegistrationDate"),
        _link("CountryId", "Country", required=True),
        _link("SimpleTimeZoneId", "SimpleTimeZone", required=True),
        _link("InvoicingBusinessId", "Business"),
        _link("TourBusinessId", "Business"),
        {"Businesses": Property("ids", relation="Business")},
        joins=["Country.Name", "SimpleTimeZone.Name", "InvoicingBusiness.Name"],
        label="FullName",
        deletable=False,
        first_id=1423600001,
    ),
    _entity(
        "CoworkerNote",
        "spaces/coworkernotes",
        _link("CoworkerId", "Coworker", required=True),
        _needed("text", "Notes"),
        _plain("text", "AddedBy"),
        joins=["Coworker.FullName"],
        label="Notes",
        first_id=5001,
    ),
    _entity(
        "Visitor",
        "spaces/visitors",
        _link("BusinessId", "Business", required=True),
        _needed("text", "FullName Email"),
        _needed("moment", "ExpectedArrival"),
        _plain("flag", "IsTour TourConfirmed HasAgreedTerms", default=False),
        _plain("text", "PhoneNumber CompanyName Notes CustomerNotes VisitReason"),
        _link("CoworkerId", "Coworker"),
        _coded("VisitorSource", VISITOR_SOURCES),
        _plain("whole", "HostApprovalStatus", default=1),
        joins=["Business.Name", "Coworker.FullName"],
        label="FullName",
        first_id=6001,
    ),
    _entity(
        "CrmOpportunity",
        "crm/crmopportunities",
        _link("CrmBoardColumnId", "CrmBoardColumn", required=True),
        _link("CoworkerId", "Coworker", required=True),
        {"Status": Property("whole", required=True, among=STATUSES)},
        _needed("whole", "Position"),
        _plain("text", "Name Notes UtmSource UtmMedium UtmCampaign UtmContent UtmTerm"),
        _link("OpportunityTypeId", "OpportunityType"),
        _link("ResponsibleId", "User"),
        _link("TeamId", "Team"),
        _link("ReferrerId", "Coworker"),
        _link("AgentId", "Coworker"),
        _plain("number", "Value"),
        _plain("moment", "DueDate WonOn LostOn"),
        {"CrmUpdatedOn": Property("moment", read_only=True)},
        _plain("flag", "Completed Reminded", default=False),
        _coded("LeadSource", LEAD_SOURCES),
        _coded("LossReason", LOSS_REASONS),
        joins=[
            "CrmBoardColumn.Name",
            "CrmBoardColumn.CrmBoard.Id",
            "CrmBoardColumn.CrmBoard.Name",
            "CrmBoardColumn.CrmBoard.Business.Id",
            "CrmBoardColumn.CrmBoard.Business.Name",
            "CrmBoardColumn.CrmBoard.Business.CurrencyId",
            "CrmBoardColumn.CrmBoard.Business.CurrencyCode",
            "Coworker.FullName",
            "Coworker.CoworkerType",
            "Coworker.CompanyName",
            "Coworker.Email",
            "Team.Name",
            "OpportunityType.Name",
            "Responsible.FullName",
        ],
        first_id=87654321,
    ),
    _entity(
        "CrmOpportunityHistory",
        "crm/crmopportunityhistories",
        _link("CrmOpportunityId", "CrmOpportunity"),
        _link("OldCrmBoardColumnId", "CrmBoardColumn"),
        _link("NewCrmBoardColumnId", "CrmBoardColumn"),
        _plain("moment", "ToTime"),
        label="Id",
        writable=False,
        first_id=7001,
    ),
)

ENTITIES: Mapping[str, Entity] = {entity.name: entity for entity in _ALL}
BY_PATH: Mapping[str, Entity] = {entity.path: entity for entity in _ALL}
BY_RESOURCE: Mapping[str, Entity] = {entity.resource: entity for entity in _ALL}

# The two documented sets of required properties, and what one live client sends on top.
COWORKER_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "legacy": (),
    "current": ("CoworkerType", "Gender", "TaxRateType", *(f"{day}Attendance" for day in WEEKDAYS)),
    "union": (
        "CoworkerType", "Gender", "TaxRateType", *(f"{day}Attendance" for day in WEEKDAYS),
        "CheckinSinceLastRenewal", "MinutesSinceLastRenewal", "TariffInvoiceEvery", "TariffInvoiceEveryWeeks",
    ),
}  # fmt: skip
