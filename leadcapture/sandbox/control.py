"""/_sandbox: the stand-in's own endpoint, for tests and people; no sign-in, never throttled."""

import json
from collections.abc import Callable
from typing import Any

from leadcapture.sandbox.entities import BY_RESOURCE, Entity
from leadcapture.sandbox.switches import SwitchError, Switches
from leadcapture.sandbox.wire import Reply, Request, json_reply
from leadcapture.sandbox.world import World


class Control:
    """Answers /_sandbox/switches, /reset, /calls and /records/<entity>[/<id>]."""

    def __init__(self, world: World, switches: Switches, reset: Callable[[bool], None]) -> None:
        self._world = world
        self._switches = switches
        self._reset = reset

    def answer(self, request: Request) -> Reply:
        """The reply; a wrong call is a 400 or 404 with an `error` that says what would be right."""
        parts = request.path.strip("/").split("/")[1:]
        try:
            match (request.method, *parts):
                case ("GET", "switches"):
                    return json_reply(200, self._switches.as_dict())
                case ("POST", "switches"):
                    self._switches.merge(_object(request))
                    return json_reply(200, self._switches.as_dict())
                case ("POST", "reset"):
                    return self._reset_to_start(request)
                case ("GET", "calls"):
                    return self._calls()
                case (_, "records", name, *rest):
                    return self._records(request, _entity(name), rest)
        except (ValueError, SwitchError) as error:
            return json_reply(400, {"error": str(error)})
        except LookupError as error:
            return json_reply(404, {"error": f"there is no {error.args[0]}"})
        return json_reply(404, {"error": "there is switches, reset, calls, and records/<entity>"})

    def _reset_to_start(self, request: Request) -> Reply:
        keep_seed = _object(request).get("keep_seed", False) if request.body else False
        if not isinstance(keep_seed, bool):
            raise ValueError("keep_seed must be true or false")
        self._reset(keep_seed)
        return json_reply(200, {"reset": True})

    def _calls(self) -> Reply:
        journal = self._world.journal
        most = journal.max_writes_in_a_minute()
        body = {"total": len(journal), "max_writes_in_a_minute": most, "calls": journal.counts()}
        return json_reply(200, body)

    def _records(self, request: Request, entity: Entity, rest: list[str]) -> Reply:
        match (request.method, *rest):
            case ("GET",):
                return json_reply(200, self._world.shown_all(entity.name))
            case ("POST",):
                return json_reply(200, self._put(entity, _object(request)))
            case ("GET", number) if number.isdigit():
                record = self._world.get(entity.name, int(number))
                if record is not None:
                    return json_reply(200, self._world.shown(entity, record))
                raise LookupError(f"{entity.name} {number}")
            case ("DELETE", number) if number.isdigit():
                if self._world.remove(entity.name, int(number)):
                    return json_reply(200, {"deleted": int(number)})
                raise LookupError(f"{entity.name} {number}")
        raise ValueError("records/<entity> takes GET and POST, records/<entity>/<id> GET and DELETE")

    def _put(self, entity: Entity, properties: dict[str, Any]) -> dict[str, Any]:
        number = properties.get("Id")
        if number is not None and type(number) is not int:
            raise ValueError("Id must be a whole number")
        with self._world.transaction():
            if number and self._world.get(entity.name, number):
                return self._world.change(entity.name, number, properties)
            return self._world.add(entity.name, properties)


def _entity(name: str) -> Entity:
    if name.lower() not in BY_RESOURCE:
        raise ValueError(f"no entity {name}; there are {', '.join(BY_RESOURCE)}")
    return BY_RESOURCE[name.lower()]


def _object(request: Request) -> dict[str, Any]:
    body = json.loads(request.body or b"null")
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body
