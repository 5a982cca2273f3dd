"""What an operator's Nexudus account holds that forms.toml refers to: places, stages, types, people."""

from dataclasses import field

from leadcapture.domain.frozen import frozen


@frozen
class Me:
    """Who the token belongs to."""

    id: int
    email: str
    full_name: str
    is_admin: bool
    api_access: bool
    location_ids: tuple[int, ...] = ()


@frozen
class Location:
    """A business of the account: one place with its own boards and its own limit of opportunities."""

    id: int
    name: str
    country_id: int | None = None
    country_name: str = ""
    simple_time_zone_id: int | None = None
    suspended: bool = False


@frozen
class Board:
    """A CRM board of a location."""

    id: int
    name: str
    location_id: int | None
    archived: bool = False


@frozen
class Stage:
    """A board column; `actions` are the automatic actions that run when an opportunity enters it,
    `triggers` the events upon which Nexudus puts opportunities into it by itself (contract 6.1)."""

    id: int
    name: str
    position: int
    board_id: int | None
    board_name: str = ""
    location_id: int | None = None
    actions: frozenset[str] = field(default_factory=frozenset)
    triggers: frozenset[str] = field(default_factory=frozenset)

    @property
    def dangerous(self) -> frozenset[str]:
        """The actions that harm the customer who has just been made: no lead is delivered into such a stage."""
        return self.actions & DANGEROUS_ACTIONS

    @property
    def closing(self) -> frozenset[str]:
        """The actions that close every new lead at once: allowed, and warned of."""
        return self.actions & frozenset({"WinOpportunity", "LoseOpportunity"})


CAPACITY = 5000
"""How many opportunities a location holds at most (contract 8.6)."""

DANGEROUS_ACTIONS = frozenset({"DeleteAccount", "DeactivateAccount"})
STAGE_ACTIONS = (
    "CannedResponseId",
    "TaskListId",
    "UseTaskListAsResponsible",
    "ActivateAccount",
    "DeactivateAccount",
    "DeleteAccount",
    "ConfirmTour",
    "WinOpportunity",
    "LoseOpportunity",
)
STAGE_TRIGGERS = (
    "TourRequests",
    "ToursConfirmed",
    "TourCompleted",
    "SignUps",
    "Bookings",
    "Cancellations",
    "ProposalsSent",
    "ProposalsAccepted",
    "DocumentsSigned",
    "EventRegistrations",
    "ContactMessages",
    "ProductPurchased",
    "ResourceBooked",
    "EventCheckins",
)


@frozen
class OpportunityType:
    """An opportunity type of a location; its template may replace our Notes (contract U17)."""

    id: int
    name: str
    location_id: int | None
    notes_template: str = ""


@frozen
class User:
    """An admin who may be responsible for opportunities."""

    id: int
    full_name: str
    email: str
    active: bool = True


@frozen
class TimeZone:
    """A Nexudus time zone: `name` is Windows' ("GMT Standard Time")."""

    id: int
    name: str


@frozen
class Country:
    """A Nexudus country: `code` is ISO 3166 alpha-2."""

    id: int
    name: str
    code: str = ""
