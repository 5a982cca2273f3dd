"""Where a visitor came from, and how we know.

`resolve` walks the places that may say so in a fixed order of trust. The first that holds at least one of the
five utm_* values supplies all five: two visits are never mixed. How a value was found is one of METHODS:

    fields         utm_* or click ids as fields of the post itself
    script         the touch that our script kept on the website's own pages
    frame          the same, handed to our frame by the page around it
    page_url       the query of the page that held the form
    hosted_query   the query of our own hosted page
    landing_url    the query of the first page of the visit
    referer_query  the query of the post's Referer, where a browser still sends one
    click_id       source and medium follow from a click id, such as gclid
    referrer       source and medium follow from the referring site's host
    referer        the same, from the post's Referer: only a host that we know as a source
    none           nothing was found
"""

from collections.abc import Collection, Mapping
from dataclasses import field, fields
from datetime import datetime
from json import loads
from typing import Any

from leadcapture.domain import channels
from leadcapture.domain.frozen import frozen
from leadcapture.domain.tracking import Tracking, clean_url, host_of, plain_text, read_pairs, read_url

METHODS = (
    *("fields", "script", "frame", "page_url", "hosted_query", "landing_url", "referer_query"),
    *("click_id", "referrer", "referer", "none"),
)
"""Every word that says how a value was found; stable, for reports count them."""

_TOUCH_CAP = 10000


@frozen
class Evidence:
    """Everything that one post says about its origin, as it came: none of it is trusted.

    `tracking`: utm_* and click ids of the body, by lower-case name. `first_touch` and `last_touch`: JSON text
    of our script, {"url", "referrer", "at"}. `embedding`: "decorate", "inline", "frame" or "hosted".
    `hosted_query`: the hosted page's own query. `referrer`: what sent the visitor to the page, as a field
    says; `referer`: the post's own Referer header. `own_hosts`: the operator's, never a source. `posted_from`: the
    page of the post where no field names it: shown, and no place to look for anything else.
    """

    tracking: Mapping[str, str] = field(default_factory=dict)
    first_touch: str | None = None
    last_touch: str | None = None
    embedding: str | None = None
    page_url: str | None = None
    hosted_query: tuple[tuple[str, str], ...] = ()
    landing_url: str | None = None
    referrer: str | None = None
    referer: str | None = None
    own_hosts: Collection[str] = ()
    posted_from: str | None = None


@frozen
class Touch:
    """One visit that had a campaign, a click id or an external referrer; `at` is ISO text or ""."""

    utm: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    click_ids: Mapping[str, str] = field(default_factory=dict)
    landing_url: str = ""
    referrer: str = ""
    at: str = ""
    source: str = ""
    medium: str = ""
    channel: str = channels.UNKNOWN


@frozen
class Attribution:
    """What was found, with how each value is known.

    `utm` holds only what somebody wrote, by "source", "medium", "campaign", "content", "term"; `raw` the
    values as written where cleaning changed them; `method` is how `utm` was found, or else source and medium.
    `extra` holds other utm_* by full name. `source` and `medium` are those of `utm`, or follow from a click id or the
    referrer. `methods` names the method of every other value: "source", "gclid", "utm_id" …
    """

    utm: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    method: str = "none"
    methods: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    click_ids: Mapping[str, str] = field(default_factory=dict)
    first: Touch | None = None
    last: Touch | None = None
    page_url: str = ""
    landing_url: str = ""
    referrer: str = ""
    source: str = ""
    medium: str = ""
    channel: str = channels.UNKNOWN


Places = list[tuple[str, Tracking]]
Origin = tuple[str, str, str]
_NOWHERE: Origin = ("", "", "none")


def resolve(evidence: Evidence, prefer: str = "last") -> Attribution:
    """Return what the evidence comes to; `prefer` is "last" or "first", the touch that a form counts."""
    own = _own_hosts(evidence)
    first, last = _touch(evidence.first_touch, own), _touch(evidence.last_touch, own)
    touches = [touch for touch in ((first, last) if prefer == "first" else (last,)) if touch]
    places = _places(evidence, prefer)
    method, utm, raw = _five(places)
    extra_method, extra = _first_extra(places, method)
    click_ids, methods = _click_ids(places)
    methods |= dict.fromkeys(extra, extra_method)
    derived = _source_and_medium(utm, method, click_ids, _origin(evidence, touches, own))
    (source, how), (medium, _) = (derived.get(name, ("", "none")) for name in ("source", "medium"))
    methods |= {name: found_by for name, (_, found_by) in derived.items()}
    nobody_looked = not (derived or evidence.embedding or evidence.page_url or touches)
    return Attribution(
        utm=utm,
        raw=raw,
        method=method if utm else how,
        methods=methods,
        extra=extra,
        click_ids=click_ids,
        first=first,
        last=last,
        page_url=clean_url(evidence.page_url) or clean_url(evidence.posted_from),
        landing_url=clean_url(evidence.landing_url) or next((t.landing_url for t in touches), ""),
        referrer=clean_url(evidence.referrer) or next((t.referrer for t in touches), ""),
        source=source,
        medium=medium,
        channel=channels.UNKNOWN if nobody_looked else channels.channel_of(source, medium),
    )


def _places(evidence: Evidence, prefer: str) -> Places:
    """Return where to look, in order; a form that counts the first touch looks where a visit began before all else."""
    by_script = "frame" if evidence.embedding == "frame" else "script"
    landing = [("landing_url", read_url(evidence.landing_url))]
    begun = [(by_script, read_url(_stored(evidence.first_touch)["url"])), *landing] if prefer == "first" else []
    return [
        *begun,
        ("fields", read_pairs(evidence.tracking.items())),
        (by_script, read_url(_stored(evidence.last_touch)["url"])),
        ("page_url", read_url(evidence.page_url)),
        ("hosted_query", read_pairs(evidence.hosted_query)),
        *([] if begun else landing),
        ("referer_query", read_url(evidence.referer)),
    ]


def _five(places: Places) -> tuple[str, Mapping[str, str], Mapping[str, str]]:
    """Return method, values and raw values of the first place with a utm value; raw alone if all was junk."""
    for method, tracking in places:
        if tracking.utm:
            return method, tracking.utm, tracking.raw
    return "none", {}, next((tracking.raw for _, tracking in places if tracking.raw), {})


def _first_extra(places: Places, method: str) -> tuple[str, Mapping[str, str]]:
    """Return the other utm_* of the place that supplied the five; without one, of the first that has any."""
    allowed = [(name, t.extra) for name, t in places if t.extra and method in (name, "none")]
    return allowed[0] if allowed else ("none", {})


def _click_ids(places: Places) -> tuple[dict[str, str], dict[str, str]]:
    """Return every click id with the first place that has it: each proves its own click, none is dropped."""
    values: dict[str, str] = {}
    methods: dict[str, str] = {}
    for method, tracking in places:
        for name, value in tracking.click_ids.items():
            if name not in values:
                values[name], methods[name] = value, method
    return values, methods


def _source_and_medium(
    utm: Mapping[str, str], method: str, click_ids: Mapping[str, str], origin: Origin
) -> dict[str, tuple[str, str]]:
    """Return source and medium, each with its method: as written, by a click id, or by the referrer.

    A referrer adds its medium to a written source only when the two are the same place.
    """
    proved = next((pair for name, pair in channels.CLICK_ID_PLACES.items() if name in click_ids), None)
    source, medium, how = (*proved, "click_id") if proved else origin
    written = utm.get("source", "")
    if written and not proved and channels.named(written) != channels.named(source):
        medium = ""
    found = {"source": (source, how), "medium": (medium, how)}
    found |= {name: (utm[name], method) for name in found if utm.get(name)}
    return {name: pair for name, pair in found.items() if pair[0]}


def _origin(evidence: Evidence, touches: list[Touch], own: Collection[str]) -> Origin:
    """Return source and medium of the referring site, and whether a field or the Referer header told it."""
    for referrer in (*(touch.referrer for touch in touches), evidence.referrer):
        found = _from_host(host_of(referrer), own)
        if found != _NOWHERE:
            return found
    host = host_of(evidence.referer)
    place = channels.classify(host)
    return (place.source, place.medium, "referer") if place and not _is_own(host, own) else _NOWHERE


def _from_host(host: str, own: Collection[str]) -> Origin:
    if not host or _is_own(host, own):
        return _NOWHERE
    place = channels.classify(host)
    source, medium = place[:2] if place else (host.removeprefix("www."), "referral")
    return source, medium, "referrer"


def _is_own(host: str, own: Collection[str]) -> bool:
    """Say whether a host is one of ours, or stands under or over one; a known source is ours only by name."""
    plain = host.removeprefix("www.")
    if plain in own:
        return True
    related = any(plain.endswith(f".{mine}") or mine.endswith(f".{plain}") for mine in own)
    return related and channels.classify(host) is None


def _own_hosts(evidence: Evidence) -> frozenset[str]:
    named = [*evidence.own_hosts, host_of(evidence.page_url), host_of(evidence.landing_url)]
    return frozenset(host.strip().casefold().removeprefix("www.") for host in named if host.strip())


def _stored(text: str | None) -> dict[str, str]:
    """Return the texts "url", "referrer" and "at" that a browser kept; "" for what it did not, or no text."""
    try:
        stored = loads(text) if text and len(text) <= _TOUCH_CAP else {}
    except (ValueError, RecursionError):
        stored = {}
    values = stored if isinstance(stored, dict) else {}
    return {key: text if isinstance(text := values.get(key), str) else "" for key in ("url", "referrer", "at")}


def _touch(text: str | None, own: Collection[str]) -> Touch | None:
    """Read a touch that a browser kept; None when it is no touch of ours."""
    if not text:
        return None
    stored = _stored(text)
    url, referrer = clean_url(stored["url"]), clean_url(stored["referrer"])
    tracking = read_url(stored["url"])
    own = {*own, host_of(url).removeprefix("www.")}
    if not (url or referrer):
        return None
    origin = _from_host(host_of(referrer), own)
    derived = _source_and_medium(tracking.utm, "script", tracking.click_ids, origin)
    source, medium = (derived.get(name, ("", ""))[0] for name in ("source", "medium"))
    return Touch(
        utm=tracking.utm,
        extra=tracking.extra,
        click_ids=tracking.click_ids,
        landing_url=url,
        referrer=referrer,
        at=_moment(stored["at"]),
        source=source,
        medium=medium,
        channel=channels.channel_of(source, medium),
    )


def _moment(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return ""
    return plain_text(text)


def to_json(attribution: Attribution) -> dict[str, Any]:
    """Return an Attribution as JSON values; empty ones are left out."""
    values = {name: _plain(value) for name in _PARTS if (value := getattr(attribution, name))}
    return {name: value for name, value in values.items() if value}


def from_json(values: Mapping[str, Any]) -> Attribution:
    """Return the Attribution that `to_json` wrote; names of another version are passed over."""
    known = {name: value for name, value in values.items() if name in _PARTS}
    for name in ("first", "last"):
        if name in known:
            known[name] = Touch(**{key: part for key, part in known[name].items() if key in _TOUCH_PARTS})
    return Attribution(**known)


def _plain(value: Mapping[str, str] | Touch | str) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, Touch):
        return {name: _plain(part) for name in _TOUCH_PARTS if (part := getattr(value, name))}
    return dict(value)


_PARTS, _TOUCH_PARTS = (tuple(part.name for part in fields(kind)) for kind in (Attribution, Touch))
