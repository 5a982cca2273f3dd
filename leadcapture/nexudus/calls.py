"""What we ask of the API: each call with its path and with what a lost answer would leave behind."""

from dataclasses import replace
from enum import StrEnum

from leadcapture.domain.frozen import frozen


class Effect(StrEnum):
    """What a call does to the CRM; decides whether a call without an answer may be repeated."""

    READ = "read"
    REPLACE = "replace"
    CREATE = "create"
    GRANT = "grant"

    @property
    def repeatable(self) -> bool:
        """Say whether it does not matter that it is done twice, or late: a record that is replaced late loses what was
        changed meanwhile."""
        return self not in (Effect.CREATE, Effect.REPLACE)

    @property
    def wants_live_connection(self) -> bool:
        """Say whether a reply lost to a stale connection would cost more than a new handshake."""
        return self in (Effect.CREATE, Effect.GRANT)


@frozen
class Call:
    """One kind of request; `name` is what errors and records call it, so it never holds data."""

    name: str
    method: str
    path: str
    effect: Effect = Effect.READ

    def of(self, record_id: int) -> "Call":
        """Return the same call for one record of the collection (contract 4.2)."""
        return replace(self, path=f"{self.path}/{int(record_id)}")


_COWORKERS = "/api/spaces/coworkers"
_OPPORTUNITIES = "/api/crm/crmopportunities"

SIGN_IN = Call("sign in", "POST", "/api/token", Effect.GRANT)
RENEW_TOKEN = Call("renew token", "POST", "/api/token", Effect.GRANT)
WHO_AM_I = Call("who am i", "GET", "/api/auth/me")

FIND_CUSTOMERS = Call("find customers", "GET", _COWORKERS)
GET_CUSTOMER = Call("get customer", "GET", _COWORKERS)
CREATE_CUSTOMER = Call("create customer", "POST", _COWORKERS, Effect.CREATE)

FIND_OPPORTUNITIES = Call("find opportunities", "GET", _OPPORTUNITIES)
COUNT_OPPORTUNITIES = Call("count opportunities", "GET", _OPPORTUNITIES)
GET_OPPORTUNITY = Call("get opportunity", "GET", _OPPORTUNITIES)
CREATE_OPPORTUNITY = Call("create opportunity", "POST", _OPPORTUNITIES, Effect.CREATE)
REPLACE_OPPORTUNITY = Call("replace opportunity", "PUT", _OPPORTUNITIES, Effect.REPLACE)

LIST_LOCATIONS = Call("list locations", "GET", "/api/sys/businesses")
LIST_BOARDS = Call("list boards", "GET", "/api/crm/crmboards")
LIST_STAGES = Call("list stages", "GET", "/api/crm/crmboardcolumns")
GET_STAGE = Call("get stage", "GET", "/api/crm/crmboardcolumns")
FIND_STAGE = Call("find stage", "GET", "/api/crm/crmboardcolumns")
LIST_OPPORTUNITY_TYPES = Call("list opportunity types", "GET", "/api/crm/opportunitytypes")
LIST_USERS = Call("list users", "GET", "/api/sys/users")
LIST_TIME_ZONES = Call("list time zones", "GET", "/api/sys/simpletimezones")
LIST_COUNTRIES = Call("list countries", "GET", "/api/sys/countries")
