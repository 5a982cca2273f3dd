"""Every switch of the stand-in: its name, what it may be set to, and where it stands untouched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Switch:
    """One switch. `read` returns the value as it is kept, or raises ValueError with what would be right.

    `choices` and `options` are for the page: what a plain switch, or each option of a fault, may be set to.
    """

    default: Any
    read: Reader
    group: str
    meaning: str
    kind: str = "json"
    choices: tuple[Any, ...] = ()
    options: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def _one_of(*values: Any) -> Reader:
    def read(value: Any) -> Any:
        for known in values:
            if value == known and type(value) is type(known):
                return known
        raise ValueError("one of " + ", ".join(map(repr, values)))

    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _number(low: float, high: float | None = None) -> Reader:
    def read(value: Any) -> float | int:
        fits = type(value) in (int, float) and value >= low and (high is None or value <= high)
        if not fits:
            raise ValueError(f"a number from {low}" + (f" to {high}" if high is not None else " up"))
        kept: float | int = value
        return kept

    return read


def _whole(low: int) -> Reader:
    def read(value: Any) -> int:
        if type(value) is not int or value < low:
            raise ValueError(f"a whole number from {low} up")
        return value

    return read


def _or_null(inner: Reader) -> Reader:
    def read(value: Any) -> Any:
        if value is None:
            return None
        try:
            return inner(value)
        except ValueError as error:
            raise ValueError(f"null, or {error}") from None

    return read


def _names(*known: str) -> Reader:
    def read(value: Any) -> list[str]:
        fits = isinstance(value, list) and all(isinstance(name, str) for name in value)
        if not fits or (known and not set(value) <= set(known)):
            raise ValueError("a list of names" + (f" out of {', '.join(known)}" if known else ""))
        return list(value)

    return read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    return value


def _object(readers: Mapping[str, Reader], defaults: Mapping[str, Any]) -> Reader:
    def read(value: Any) -> dict[str, Any] | None:
        if value is None or value is False:
            return None
        given = {} if value is True else value
        if not isinstance(given, dict):
            raise ValueError("null, true, or an object with " + ", ".join(readers))
        kept = dict(defaults)
        for name, option in given.items():
            if name not in readers:
                raise ValueError(f"no option {name}: it has " + ", ".join(readers))
            try:
                kept[name] = readers[name](option)
            except ValueError as error:
                raise ValueError(f"{name} must be {error}") from None
        return kept

    return read


_WRITTEN = ("coworkers", "crmopportunities")
_HITS: Mapping[str, Reader] = {"times": _or_null(_whole(1)), "on": _names(), "methods": _names()}


def _fault(meaning: str, methods: tuple[str, ...] = ("POST",), on: tuple[str, ...] = _WRITTEN, **extra: Any) -> Switch:
    """A fault that hits some calls; `extra` gives further options: reader and choices, the default first."""
    readers = dict(_HITS) | {name: reader for name, (reader, _choices) in extra.items()}
    defaults = {"times": None, "on": list(on), "methods": list(methods)}
    defaults |= {name: choices[0] for name, (_reader, choices) in extra.items()}
    options = {name: choices for name, (_reader, choices) in extra.items()}
    return Switch(None, _object(readers, defaults), "Faults", meaning, "fault", options=options)


def _choice(group: str, meaning: str, *values: Any) -> Switch:
    return Switch(values[0], _one_of(*values), group, meaning, "choice", choices=values)


def _yes_no(group: str, meaning: str, kind: str = "flag") -> Switch:
    return Switch(False, _flag, group, meaning, kind)


def _limit(group: str, meaning: str, low: int = 0) -> Switch:
    return Switch(None, _or_null(_whole(low)), group, meaning, "limit")


_LIMITS = {"writes_per_minute": 60, "writes_per_day": 2500, "calls_per_minute": 120}
_EXTRA = ("OpportunityTypeId", "ResponsibleId", "BusinessId", "IssuedById", "CurrencyId")
_TRUE_OR_FALSE = (False, True)

SWITCHES: Mapping[str, Switch] = {
    "throttle": _choice(
        "Throttling", "Answer some calls with 'too fast'", "none", "409", "429", "429_body", "429_bare"
    ),
    "throttle_every": Switch(3, _whole(1), "Throttling", "Every how many calls", "number"),
    "throttle_seconds": Switch(1, _number(0), "Throttling", "How long a client is told to wait", "number"),
    "throttle_times": _limit("Throttling", "How many more times; empty is always", 1),
    "throttle_on": Switch(["*"], _names(), "Throttling", "Which calls"),
    "enforce_limits": Switch(
        None,
        _object(dict.fromkeys(_LIMITS, _whole(1)), _LIMITS),
        "Throttling",
        "Hold the published limits for real: true, or a JSON object",
    ),
    "ooops": _fault(
        "The generic failure, with or without the record written",
        written=(_flag, _TRUE_OR_FALSE),
        status=(_one_of(500, 400), (500, 400)),
    ),
    "drop_after_commit": _fault(
        "Write the record and leave the client without its answer (unread: hang up before reading the body)",
        mode=(_one_of("close", "sleep", "cut", "unread"), ("close", "sleep", "cut", "unread")),
        seconds=(_number(0), (30,)),
    ),
    "soft_fail": _fault(
        "200 with WasSuccessful false, nothing written",
        message=(_text, ("The action could not be completed.",)),
    ),
    "html_error": _fault(
        "An HTML page of a proxy; with status 200 an empty body",
        methods=("*",),
        on=("*",),
        status=(_one_of(502, 503, 504, 200), (502, 503, 504, 200)),
        written=(_flag, _TRUE_OR_FALSE),
    ),
    "down": _choice("Faults", "Nothing under /api answers", "none", "close", "503"),
    "delay_ms": Switch(0, _number(0), "Faults", "Every answer under /api comes this late", "number"),
    "probability": Switch(
        1, _number(0, 1), "Faults", "How likely a fault that is on hits a call that it could hit", "number"
    ),
    "probability_seed": Switch(0, _whole(0), "Faults", "Setting it starts that row of chances anew", "number"),
    "expire_tokens": _yes_no("Sign-in", "All access tokens die now", "action"),
    "revoke_refresh": _yes_no("Sign-in", "All refresh tokens die now", "action"),
    "refuse_sign_in": _yes_no("Sign-in", "The password is refused from now on"),
    "bad_password_status": _choice("Sign-in", "How a wrong password is answered", 400, 401),
    "totp": Switch(None, _or_null(_text), "Sign-in", "The code that sign-in must bring", "text"),
    "expires_in": Switch(604799, _whole(1), "Sign-in", "Seconds that a new access token lives", "number"),
    "no_role": Switch([], _names(), "Sign-in", "Entities that this login may not touch: 401"),
    "coworker_daily_limit": _limit("Limits", "New customers a day, then 401 Access Denied"),
    "opportunity_limit": _limit("Limits", "Opportunities of a location, then 400"),
    "notes_limit": _limit("Limits", "Characters of Notes, then 400"),
    "duplicate_email": _choice("Limits", "A second customer with the same e-mail", "allow", "reject"),
    "require_extra": Switch(
        [], _names(*_EXTRA), "Quirks", "Undocumented properties that a new opportunity needs, else 500"
    ),
    "coworker_required": _choice(
        "Quirks", "Which set of properties a new customer needs", "current", "legacy", "union"
    ),
    "first_stage_only": _yes_no("Quirks", "Creating in any but the first stage is answered 500"),
    "auto_assign": _yes_no("Quirks", "A new customer or tour also makes an opportunity"),
    "type_template": _choice("Quirks", "A type's template and given Notes", "leaves", "replaces"),
    "lag_seconds": Switch(0, _number(0), "Quirks", "New records stay out of lists this long", "number"),
    "list_omits": Switch([], _names(), "Quirks", "Properties that are null in lists"),
    "value_shape": _choice("Shapes", "What Value holds after a create", "id", "full"),
    "validation_shape": _choice("Shapes", "How a refused record is described", "current", "legacy"),
    "fraction_digits": _choice("Shapes", "Digits of a second's fraction", 7, 0),
    "dir_semantics": _choice("Shapes", "What dir= means: ascending/descending", "0/1", "1/-1"),
}
