"""How the operator's pages say moments, durations, states and methods."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from leadcapture.domain.advice import plainly
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
METHODS = {
    "fields": "said by the form itself",
    "script": "kept by our script on your website",
    "frame": "handed to our form by the page around it",
    "page_url": "in the address of the page with the form",
    "hosted_query": "in the address of our own form page",
    "landing_url": "in the address of the visit’s first page",
    "referer_query": "sent along by the browser",
    "click_id": "proved by an advertisement’s click id",
    "referrer": "told by the website that linked here",
    "referer": "told by the browser",
    "none": "not known",
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
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def zone() -> str:
    """Return the time zone of the pages: the first form's, as far as it says one."""
    return next((form.time_zone for form in services().catalogue.forms.values() if form.time_zone), "UTC")


def moment(at: datetime | None) -> str:
    """Return a moment on the location's clock."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone()))
    now = services().clock().astimezone(ZoneInfo(zone()))
    if local.date() == now.date():
        return f"Today {local:%H:%M}"
    return f"{local.day} {local:%b %H:%M}" if local.year == now.year else f"{local.day} {local:%b %Y %H:%M}"


def exact(at: datetime | None) -> str:
    """Return a moment to the second, with its zone."""
    return f"{at.astimezone(ZoneInfo(zone())):%Y-%m-%d %H:%M:%S %Z}" if at else ""


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
    "duration": duration,
    "state_name": state_name,
    "method_name": method_name,
    "rule_name": rule_name,
    "label_of": label_of,
    "plainly": plainly,
}
