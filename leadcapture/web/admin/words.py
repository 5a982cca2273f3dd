"""How the operator's pages say moments, durations, states and methods."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from leadcapture.domain.advice import plainly
from leadcapture.domain.attribution_notes import METHODS
from leadcapture.domain.editing import label_of
from leadcapture.web.services import services

STATES = {
    "received": "Waiting",
    "delivering": "Being delivered",
    "unknown": "Being checked",
    "delivered": "In Nexudus",
    "held": "Held",
    "blocked": "Needs you",
    "discarded": "Discarded",
}
FOUND_BY = {
    "map": "mapped in forms.toml",
    "field": "a field of the form",
    "type": "by the field’s type",
    "key": "by the field’s name",
    "label": "by its label",
    "value": "by what it looks like",
    "builder": "as this builder sends it",
    "edited": "corrected by hand",
}
SECONDS_IN_TENTHS = 10
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def zone() -> str:
    """Return the time zone of the pages: the first form's, as far as it says one."""
    return next((form.time_zone for form in services().catalogue.forms.values() if form.time_zone), "UTC")


def moment(at: datetime | None) -> str:
    """Return a moment on the location's clock."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone()))
    today = services().clock().astimezone(ZoneInfo(zone())).date()
    return f"{'Today' if local.date() == today else day_name(local.date())}, {local:%H:%M}"


def exact(at: datetime | None) -> str:
    """Return a moment to the second, with its zone."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone()))
    return f"{day_name(local.date())}, {local:%H:%M:%S %Z}"


def day_name(day: date) -> str:
    """Return a day as every page writes it: 3 Dec 2026."""
    return f"{day.day} {day:%b %Y}"


def written(target: str, value: str) -> str:
    """Return what Nexudus gets as a page writes it: a date as every other date."""
    try:
        found = datetime.fromisoformat(value) if target == "opportunity.DueDate" else None
    except ValueError:
        found = None
    if found is None:
        return value
    return day_name(found.date()) + (f", {found:%H:%M}" if "T" in value else "")


def within(seconds: float | None) -> str:
    """Return a duration that others lie within: to the tenth of a second below ten."""
    return f"{max(seconds, 0.1):.1f} s" if seconds is not None and seconds < SECONDS_IN_TENTHS else duration(seconds)


def duration(seconds: float | None) -> str:
    """Return a duration in its largest unit."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return f"{max(0, round(seconds * 1000))} ms"
    size, unit = next((size, unit) for size, unit in UNITS if seconds >= size)
    number = seconds / size
    text = f"{number:.1f}".removesuffix(".0") if number < 10 else f"{number:.0f}"
    return f"{text} {unit}{'' if text == '1' else 's'}"


def state_name(state: str) -> str:
    """Return a state in plain words."""
    return STATES.get(state, state)


def method_name(method: str) -> str:
    """Return in plain words how an attribution value was found."""
    return METHODS.get(method, method)


def rule_name(rule: str) -> str:
    """Return in plain words by which rule an answer was recognised."""
    return FOUND_BY.get(rule, rule)


VOCABULARY: dict[str, Callable[..., str]] = {
    "moment": moment,
    "exact": exact,
    "day_name": day_name,
    "written": written,
    "within": within,
    "duration": duration,
    "state_name": state_name,
    "method_name": method_name,
    "rule_name": rule_name,
    "label_of": label_of,
    "plainly": plainly,
}
