"""What happens by itself: a stage's automatic actions, and opportunities that Nexudus makes unasked."""

from leadcapture.sandbox import moments
from leadcapture.sandbox.entities import Record
from leadcapture.sandbox.world import World


def entered(world: World, opportunity: int, old_stage: int | None = None) -> None:
    """Run the automatic actions of the stage that an opportunity is now in, and note the move.

    DeleteAccount removes the customer and leaves the opportunity, so that what happened can be seen.
    """
    record = world.get("CrmOpportunity", opportunity)
    stage = world.get("CrmBoardColumn", record["CrmBoardColumnId"]) if record else None
    if record is None or stage is None:
        return
    now = moments.stored(world.clock())
    move = {"CrmOpportunityId": opportunity, "OldCrmBoardColumnId": old_stage}
    world.add("CrmOpportunityHistory", move | {"NewCrmBoardColumnId": stage["Id"], "ToTime": now})
    if stage["WinOpportunity"]:
        world.change("CrmOpportunity", opportunity, {"Status": 2, "WonOn": now})
    if stage["LoseOpportunity"]:
        world.change("CrmOpportunity", opportunity, {"Status": 3, "LostOn": now})
    _act_on_account(world, stage, record["CoworkerId"])


def _act_on_account(world: World, stage: Record, coworker: int) -> None:
    if world.get("Coworker", coworker) is None:
        return
    if stage["ActivateAccount"]:
        world.change("Coworker", coworker, {"Active": True})
    if stage["DeactivateAccount"]:
        world.change("Coworker", coworker, {"Active": False})
    if stage["DeleteAccount"]:
        world.remove("Coworker", coworker)


def first_stage(world: World, board: int) -> Record | None:
    """The stage of a board with the lowest position."""
    stages = [stage for stage in world.records("CrmBoardColumn") if stage["CrmBoardId"] == board]
    return min(stages, key=lambda stage: stage["Position"], default=None)


def assign(world: World, coworker: int, location: int | None, trigger: str) -> None:
    """Make the opportunity that Nexudus makes by itself: in the location's stage with this trigger.

    Where no stage of the location has the trigger, its first board's first stage stands in, so that the
    switch always shows.
    """
    boards = [board["Id"] for board in world.records("CrmBoard") if board["BusinessId"] == location]
    stages = [stage for stage in world.records("CrmBoardColumn") if stage["CrmBoardId"] in boards]
    chosen = next((stage for stage in stages if stage[trigger]), None)
    if chosen is None and boards:
        chosen = first_stage(world, boards[0])
    if chosen:
        made = {"CrmBoardColumnId": chosen["Id"], "CoworkerId": coworker, "Status": 1, "Position": 1}
        entered(world, world.add("CrmOpportunity", made)["Id"])
