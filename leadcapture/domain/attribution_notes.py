"""The attribution's block in an opportunity's Notes: plain lines that a person reads and a program can.

    Where this lead came from
    Source: google / cpc
    Channel: Paid Search
    Source found: kept by our script on your website
    Page: https://www.example.com/contact
    Landing page: https://www.example.com/?utm_source=google&utm_medium=cpc
    Referrer: https://www.google.com/
    First touch: at=2026-03-01T09:00:00Z; source=bing; medium=organic; page=https://www.example.com/
    Last touch: at=2026-03-04T10:12:00Z; source=google; medium=cpc; campaign=spring; page=https://…
    Click ids: gclid=Cj0K (script)
    GA4: utm_id=77 (script)
    UTM as written: campaign={{campaign.name}}

A line without a value is left out. In the lists, ";" and "%" of a value are written %3B and %25, so that
`parse_attribution_lines` gives back exactly what `attribution_lines` was told.
"""

from collections.abc import Mapping
from typing import Any

from leadcapture.domain.attribution import Attribution, Touch
from leadcapture.domain.tracking import plain_text

HEADING = "Where this lead came from"

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
"""How an attribution value was found, in words for people."""

_METHOD_OF = {words: method for method, words in METHODS.items()}
_TEXTS = {
    "Source": "source",
    "Channel": "channel",
    "Source found": "method",
    "Page": "page_url",
    "Landing page": "landing_url",
    "Referrer": "referrer",
}
_LISTS = {
    "First touch": "first",
    "Last touch": "last",
    "Click ids": "click_ids",
    "GA4": "extra",
    "UTM as written": "raw",
}


def attribution_lines(attribution: Attribution) -> list[str]:
    """Return the block's lines, heading first; no line ever holds a line break."""
    both = " / ".join(part or "(none)" for part in (attribution.source, attribution.medium))
    texts = {
        "Source": both if attribution.source or attribution.medium else "",
        "Channel": attribution.channel,
        "Source found": METHODS.get(attribution.method, attribution.method),
        "Page": attribution.page_url,
        "Landing page": attribution.landing_url,
        "Referrer": attribution.referrer,
    }
    lists = {
        "First touch": _joined(_touch_values(attribution.first)),
        "Last touch": _joined(_touch_values(attribution.last)),
        "Click ids": _joined(attribution.click_ids, attribution.methods),
        "GA4": _joined(attribution.extra, attribution.methods),
        "UTM as written": _joined(attribution.raw),
    }
    found = {key: plain_text(value) for key, value in (texts | lists).items()}
    return [HEADING, *(f"{key}: {value}" for key, value in found.items() if value)]


def parse_attribution_lines(text: str) -> dict[str, Any]:
    """Return what the last such block of a text says: by the names of Attribution's fields, lists as dicts.

    `source` and `medium` are apart again; the methods of click ids and GA4 values are under `methods`. Lines
    of other blocks, above or below, are not read.
    """
    lines = [line.strip() for line in text.splitlines()]
    if HEADING not in lines:
        return {}
    start = len(lines) - lines[::-1].index(HEADING)
    values: dict[str, Any] = {}
    for line in lines[start:]:
        key, colon, value = line.partition(": ")
        if not colon or key not in _TEXTS | _LISTS:
            break
        if key in _TEXTS:
            values[_TEXTS[key]] = _METHOD_OF.get(value, value) if key == "Source found" else value
        else:
            values[_LISTS[key]] = _taken_apart(value, values.setdefault("methods", {}))
    if "source" in values:
        source, _, medium = values["source"].rpartition(" / ")
        values |= {"source": source.replace("(none)", ""), "medium": medium.replace("(none)", "")}
    return values


def _touch_values(touch: Touch | None) -> dict[str, str]:
    if touch is None:
        return {}
    named = {"at": touch.at, "source": touch.source, "medium": touch.medium}
    rest = {"page": touch.landing_url, "referrer": touch.referrer}
    return {**named, **{k: v for k, v in touch.utm.items() if k not in named}, **touch.click_ids, **rest}


def _joined(values: Mapping[str, str], methods: Mapping[str, str] | None = None) -> str:
    pairs = []
    for name, value in values.items():
        escaped = plain_text(value).replace("%", "%25").replace(";", "%3B")
        how = f" ({methods[name]})" if methods and name in methods else ""
        if escaped:
            pairs.append(f"{name}={escaped}{how}")
    return "; ".join(pairs)


def _taken_apart(text: str, methods: dict[str, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in text.split("; "):
        name, _, value = pair.partition("=")
        value, how = _without_method(value)
        values[name] = value.replace("%3B", ";").replace("%25", "%")
        if how:
            methods[name] = how
    return values


def _without_method(value: str) -> tuple[str, str]:
    head, _, tail = value.rpartition(" (")
    known = tail.removesuffix(")")
    return (head, known) if head and tail.endswith(")") and known in _METHOD_WORDS else (value, "")


_METHOD_WORDS = frozenset(
    {"fields", "script", "frame", "page_url", "hosted_query", "landing_url", "referer_query"},
)
