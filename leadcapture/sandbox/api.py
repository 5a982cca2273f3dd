"""The routes under /api: who may enter, what is read, what goes on to be written."""

from leadcapture.sandbox import moments
from leadcapture.sandbox.entities import BY_PATH, ENUMS, Entity, Record
from leadcapture.sandbox.listing import envelope
from leadcapture.sandbox.seed import ADMIN
from leadcapture.sandbox.switches import Switches
from leadcapture.sandbox.tokens import Tokens
from leadcapture.sandbox.wire import Reply, Request, json_reply
from leadcapture.sandbox.world import World
from leadcapture.sandbox.writing import NOT_FOUND, Writing

_NO_METHOD = json_reply(405, {"Message": "The requested resource does not support this method."})
_UNAUTHORISED = json_reply(401, {"Message": "Authorization has been denied for this request."})


class Api:
    """Answers a call under /api, as Nexudus does on a good day."""

    def __init__(self, world: World, switches: Switches, tokens: Tokens) -> None:
        self._world = world
        self._switches = switches
        self._tokens = tokens
        self._writing = Writing(world, switches)

    def answer(self, request: Request) -> Reply:
        """The reply. A missing role is a 401 like a bad token: there is no 403 here."""
        parts = request.path.strip("/").lower().split("/")[1:]
        if parts == ["token"]:
            return self._tokens.answer(request)
        if not self._tokens.known(request.headers.get("authorization", "")):
            return _UNAUTHORISED
        if request.resource in self._switches["no_role"]:
            return json_reply(401, {"Message": "You do not have permission to do this."})
        if parts == ["auth", "me"]:
            return json_reply(200, self._me()) if request.method == "GET" else _NO_METHOD
        if parts == ["utils", "enums"]:
            return _enum(request)
        entity = BY_PATH.get("/".join(parts[:2]))
        if entity is None or len(parts) > 3:
            return json_reply(404, NOT_FOUND)
        if len(parts) == 2:
            return self._collection(entity, request)
        return self._single(entity, parts[2], request)

    def _collection(self, entity: Entity, request: Request) -> Reply:
        if request.method == "GET":
            return json_reply(200, envelope(self._world, entity, request.params, self._switches))
        if not entity.writable:
            return _NO_METHOD
        if request.method == "POST":
            return self._writing.create(entity, request)
        if request.method == "PUT":
            return self._writing.replace(entity, request)
        return _NO_METHOD

    def _single(self, entity: Entity, last: str, request: Request) -> Reply:
        if last == "commands" and request.method == "GET":
            commands = [{"Key": "COWORKER_DELETE", "Name": "Delete"}] if entity.name == "Coworker" else []
            return json_reply(200, commands)
        if last == "runcommand" and request.method == "POST":
            return self._writing.run_command(entity, request)
        if not (last.isascii() and last.isdigit()):
            return json_reply(404, NOT_FOUND)
        if request.method == "GET":
            return self._one(entity, int(last))
        if request.method == "DELETE" and entity.writable and entity.deletable:
            return self._writing.delete(entity, int(last))
        return _NO_METHOD

    def _one(self, entity: Entity, number: int) -> Reply:
        with self._world.lock:
            record = self._world.get(entity.name, number)
            if record is None:
                return json_reply(404, NOT_FOUND)
            return json_reply(200, self._world.shown(entity, record, self._switches["fraction_digits"]))

    def _me(self) -> Record:
        user = self._world.get("User", ADMIN) or {}
        home: Record = next(iter(self._world.records("Business")), {})
        country = self._world.get("Country", home.get("CountryId") or 0) or {}
        zone = self._world.get("SimpleTimeZone", home.get("SimpleTimeZoneId") or 0) or {}
        digits = self._switches["fraction_digits"]
        return {
            "Id": ADMIN, "Email": user.get("Email"), "FullName": user.get("FullName"),
            "IsAdmin": user.get("IsAdmin"), "APIAccess": user.get("APIAccess"), "Active": user.get("Active"),
            "Validated": True, "MustResetPassword": False,
            "DefaultBusinessId": home.get("Id"), "DefaultBusinessName": home.get("Name"),
            "DefaultCurrencyId": home.get("CurrencyId"), "DefaultCurrencyCode": home.get("CurrencyCode"),
            "DefaultCountryId": country.get("Id"), "DefaultCountryName": country.get("Name"),
            "DefaultSimpleTimeZoneId": zone.get("Id"), "DefaultSimpleTimeZoneName": zone.get("Name"),
            "DefaultSimpleTimeZoneNameIana": "Europe/London",
            "Businesses": user.get("Businesses"), "UserRoles": [], "UniqueId": user.get("UniqueId"),
            "CreatedOn": moments.shown(user["CreatedOn"], digits) if user else None,
            "UpdatedOn": moments.shown(user["UpdatedOn"], digits) if user else None,
        }  # fmt: skip


def _enum(request: Request) -> Reply:
    if request.method != "GET":
        return _NO_METHOD
    wanted = dict(request.params).get("name", "")
    values = next((values for name, values in ENUMS.items() if name.lower() == wanted.lower()), None)
    if values is None:
        return json_reply(404, NOT_FOUND)
    return json_reply(200, [{"Id": number, "Name": name} for number, name in values.items()])
