"""Setting up: what an account is asked for, what a person chooses from it, and what speaks against a choice."""

from collections.abc import Mapping
from dataclasses import field
from typing import Protocol

from leadcapture.domain.account import Board, Location, Me, OpportunityType, Stage, User
from leadcapture.domain.frozen import frozen


class AccountReader(Protocol):
    """What setting up needs of a Nexudus account. Every failure is a leaf of `errors.CrmError`."""

    def sign_in(self, email: str, password: str, code: str | None) -> Me:
        """Sign in and keep the token; raises SignInRefused when the words are wrong."""
        ...

    def who_am_i(self) -> Me:
        """Return whose account it is; raises SignInNeeded when nobody has signed in."""
        ...

    def locations(self) -> list[Location]:
        """Return the account's locations."""
        ...

    def boards(self, location_id: int) -> list[Board]:
        """Return a location's boards that are not archived."""
        ...

    def stages(self, board_id: int | None = None) -> list[Stage]:
        """Return a board's stages in order."""
        ...

    def opportunity_types(self, location_id: int) -> list[OpportunityType]:
        """Return a location's opportunity types."""
        ...

    def users(self) -> list[User]:
        """Return the account's active admins."""
        ...


@frozen
class Offer:
    """What one location has to choose from; `stages` are those of all its boards."""

    location: Location
    stages: tuple[Stage, ...]
    types: tuple[OpportunityType, ...]
    users: tuple[User, ...]

    def stage(self, stage_id: int) -> Stage | None:
        """Return a stage of this offer."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def type(self, type_id: object) -> OpportunityType | None:
        """Return an opportunity type of this offer."""
        return next((kind for kind in self.types if kind.id == type_id), None)

    def user(self, user_id: object) -> User | None:
        """Return an admin of this offer."""
        return next((user for user in self.users if user.id == user_id), None)


@frozen
class Choices:
    """What a person has chosen: `types` and `owners` by form, None for none. A form that one of them does not name
    keeps what forms.toml says, as far as the location has it: `offer` tells."""

    offer: Offer
    stage: Stage
    types: Mapping[str, OpportunityType | None] = field(default_factory=dict)
    owners: Mapping[str, User | None] = field(default_factory=dict)
    websites: tuple[str, ...] = ()


ACTIONS: Mapping[str, str] = {
    "DeleteAccount": "deletes the account of every customer who enters it",
    "DeactivateAccount": "deactivates the account of every customer who enters it",
    "WinOpportunity": "marks every new lead as won at once",
    "LoseOpportunity": "marks every new lead as lost at once",
    "ActivateAccount": "activates the customer's account",
    "CannedResponseId": "sends each new lead an automatic message",
    "TaskListId": "starts a task list for each new lead",
    "UseTaskListAsResponsible": "gives each new lead the task list's owner",
    "ConfirmTour": "confirms the tour",
}
DOUBLED = frozenset({"TourRequests", "ContactMessages", "SignUps"})


def offer_of(account: AccountReader, location: Location) -> Offer:
    """Ask an account for everything that a location has to choose from."""
    stages = [stage for board in account.boards(location.id) for stage in account.stages(board.id)]
    types = account.opportunity_types(location.id)
    return Offer(location, tuple(stages), tuple(types), tuple(account.users()))


def refusal(stage: Stage) -> str | None:
    """Say why no lead may be delivered into a stage, or None."""
    if not stage.dangerous:
        return None
    return " and ".join(ACTIONS[name] for name in sorted(stage.dangerous))


def cautions(stage: Stage) -> list[str]:
    """Say what else a stage does by itself."""
    found = [ACTIONS[name] for name in sorted(stage.actions - stage.dangerous) if name in ACTIONS]
    if stage.triggers & DOUBLED:
        found.append("is fed by Nexudus' own forms too: with both, an enquiry may appear twice")
    return found
