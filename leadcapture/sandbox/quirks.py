"""Refusals that only some accounts show: quotas, undocumented needs, odd limits. Each has its switch."""

from collections.abc import Mapping
from typing import Any

from leadcapture.sandbox import faults
from leadcapture.sandbox.entities import Entity
from leadcapture.sandbox.rules import Problem, refusal
from leadcapture.sandbox.stages import first_stage
from leadcapture.sandbox.switches import Switches
from leadcapture.sandbox.wire import Reply, json_reply
from leadcapture.sandbox.world import World

ACCESS_DENIED = "Access Denied"


def refused(entity: Entity, body: Mapping[str, Any], world: World, switches: Switches) -> Reply | None:
    """Why an otherwise good create is refused on this account, None if it is not."""
    if entity.name == "Coworker":
        return _coworker_refused(body, world, switches)
    if entity.name == "CrmOpportunity":
        return _opportunity_refused(body, world, switches)
    return None


def notes_refused(body: Mapping[str, Any], switches: Switches) -> Reply | None:
    """The 400 for Notes that are longer than this account takes, None if they are not."""
    limit = switches["notes_limit"]
    if limit is None or len(body.get("Notes") or "") <= limit:
        return None
    problem = Problem("Notes", f"must be a maximum of {limit} characters long", body["Notes"])
    return refusal([problem], switches["validation_shape"])


def _coworker_refused(body: Mapping[str, Any], world: World, switches: Switches) -> Reply | None:
    limit = switches["coworker_daily_limit"]
    if limit is not None and world.customers_made_today() >= limit:
        return json_reply(401, {"Message": ACCESS_DENIED})
    if switches["duplicate_email"] == "reject" and world.count_where("Coworker", "Email", body["Email"]):
        taken = Problem("Email", "is already in use", body["Email"])
        return refusal([taken], switches["validation_shape"])
    return None


def _opportunity_refused(body: Mapping[str, Any], world: World, switches: Switches) -> Reply | None:
    if any(body.get(name) is None for name in switches["require_extra"]):
        return faults.ooops()
    stage = world.get("CrmBoardColumn", body["CrmBoardColumnId"]) or {}
    if switches["first_stage_only"] and stage != first_stage(world, stage["CrmBoardId"]):
        return faults.ooops()
    limit = switches["opportunity_limit"]
    if limit is not None and _opportunities_at(world, stage["CrmBoardId"]) >= limit:
        message = f"You cannot have more than {limit} opportunities in this location."
        return json_reply(400, {"Message": message, "Value": None, "Errors": None, "WasSuccessful": False})
    return None


def _opportunities_at(world: World, board: int) -> int:
    location = (world.get("CrmBoard", board) or {}).get("BusinessId")
    boards = {item["Id"] for item in world.records("CrmBoard") if item["BusinessId"] == location}
    stages = [stage["Id"] for stage in world.records("CrmBoardColumn") if stage["CrmBoardId"] in boards]
    return sum(world.count_where("CrmOpportunity", "CrmBoardColumnId", stage) for stage in stages)
