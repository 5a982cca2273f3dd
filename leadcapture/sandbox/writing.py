"""Writes under /api: create, replace, delete, and the commands."""

import json
from typing import Any

from leadcapture.sandbox import moments, quirks, rules, stages
from leadcapture.sandbox.entities import ENTITIES, Entity, Record
from leadcapture.sandbox.faults import wrapper
from leadcapture.sandbox.seed import LOCATION, OTHER_LOCATION
from leadcapture.sandbox.switches import Switches
from leadcapture.sandbox.wire import Reply, Request, json_reply
from leadcapture.sandbox.world import World

NOT_FOUND = "Not found"


class Writing:
    """Carries out the writes of one signed-in account."""

    def __init__(self, world: World, switches: Switches) -> None:
        self._world = world
        self._switches = switches

    def create(self, entity: Entity, request: Request) -> Reply:
        """POST to a collection: 200 (never 201) with the new id in `Value`."""
        body = read_object(request)
        if isinstance(body, Reply):
            return body
        with self._world.transaction():
            refused = self._refused(entity, body)
            refused = refused or quirks.refused(entity, body, self._world, self._switches)
            if refused:
                return refused
            record = self._world.add(entity.name, self._completed(entity, rules.accepted(entity, body)))
            self._set_off(entity, record)
            record = self._current(entity, record)
        full = self._switches["value_shape"] == "full"
        return self._done(entity, "created", record if full else {"Id": record["Id"]})

    def replace(self, entity: Entity, request: Request) -> Reply:
        """PUT to a collection, with the Id in the body: what the body leaves out is cleared."""
        body = read_object(request)
        if isinstance(body, Reply):
            return body
        with self._world.transaction():
            number = body.get("Id")
            old = self._world.get(entity.name, number) if type(number) is int else None
            if old is None:
                return json_reply(404, NOT_FOUND)
            refused = self._refused(entity, body)
            if refused:
                return refused
            new = _cleared(entity) | self._located(entity, rules.accepted(entity, body))
            record = self._world.change(entity.name, old["Id"], new)
            if entity.name == "CrmOpportunity" and record["CrmBoardColumnId"] != old["CrmBoardColumnId"]:
                stages.entered(self._world, record["Id"], old["CrmBoardColumnId"])
        return self._done(entity, "updated", {"Id": record["Id"]})

    def delete(self, entity: Entity, number: int) -> Reply:
        """DELETE of one record."""
        if not self._world.remove(entity.name, number):
            return json_reply(404, NOT_FOUND)
        return self._written("The record was deleted successfully.", None)

    def run_command(self, entity: Entity, request: Request) -> Reply:
        """POST to runcommand: 200 even where nothing came of it. Only COWORKER_DELETE does anything."""
        body = read_object(request)
        if isinstance(body, Reply):
            return body
        numbers = body.get("Ids")
        if entity.name != "Coworker" or body.get("Key") != "COWORKER_DELETE" or not isinstance(numbers, list):
            return self._written("The command is not available.", None, succeeded=False)
        with self._world.transaction():
            gone = [self._world.remove("Coworker", number) for number in numbers if type(number) is int]
        return self._written("The command has run.", None, succeeded=bool(gone) and all(gone))

    def _refused(self, entity: Entity, body: Record) -> Reply | None:
        wrong = rules.problems(entity, body, self._world, self._switches["coworker_required"])
        if wrong:
            return rules.refusal(wrong, self._switches["validation_shape"])
        return quirks.notes_refused(body, self._switches)

    def _completed(self, entity: Entity, given: Record) -> Record:
        completed = self._located(entity, given)
        kind = self._world.get("OpportunityType", given.get("OpportunityTypeId") or 0)
        template = kind["NotesTemplate"] if kind and entity.name == "CrmOpportunity" else None
        if template and (not given.get("Notes") or self._switches["type_template"] == "replaces"):
            completed = completed | {"Notes": template}
        return completed

    def _located(self, entity: Entity, given: Record) -> Record:
        """A customer without a location silently gets another one than one may think."""
        if entity.name != "Coworker":
            return given
        fallback = OTHER_LOCATION if self._world.get("Business", OTHER_LOCATION) else LOCATION
        home = given.get("InvoicingBusinessId") or fallback
        return given | {"InvoicingBusinessId": home, "Businesses": given.get("Businesses") or [home]}

    def _set_off(self, entity: Entity, record: Record) -> None:
        if entity.name == "CrmOpportunity":
            stages.entered(self._world, record["Id"])
        if entity.name == "Coworker":
            self._world.count_customer_made()
            if self._switches["auto_assign"]:
                stages.assign(self._world, record["Id"], record["InvoicingBusinessId"], "SignUps")
        if entity.name == "Visitor" and record["IsTour"] and self._switches["auto_assign"]:
            found = self._world.records_where("Coworker", "Email", record["Email"])
            if found:
                stages.assign(self._world, found[-1]["Id"], record["BusinessId"], "TourRequests")

    def _current(self, entity: Entity, record: Record) -> Record:
        now = self._world.get(entity.name, record["Id"])
        return self._world.shown(entity, now, self._switches["fraction_digits"]) if now else record

    def _done(self, entity: Entity, verb: str, value: Any) -> Reply:
        return self._written(f"{entity.name} was successfully {verb}.", value)

    def _written(self, message: str, value: Any, succeeded: bool = True) -> Reply:
        now = moments.shown(moments.stored(self._world.clock()), self._switches["fraction_digits"])
        return json_reply(200, wrapper(200, message, value, now, self._world.username, succeeded))


def read_object(request: Request) -> dict[str, Any] | Reply:
    """The JSON object of a write, or the reply to what is none."""
    if request.media_type != "application/json":
        return json_reply(415, {"Message": "The request entity's media type is not supported."})
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return json_reply(400, {"Message": "The request is invalid."})
    return body


def _cleared(entity: Entity) -> Record:
    return {
        name: False if item.kind == "flag" else None
        for name, item in ENTITIES[entity.name].properties.items()
        if not item.read_only
    }
