"""Campaign values out of URLs and fields: found under any spelling of their names, and cleaned.

Nothing here raises, whatever comes: all of it was written by strangers.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from leadcapture.domain.channels import CLICK_ID_PLACES
from leadcapture.domain.frozen import frozen

UTM_KEYS = ("source", "medium", "campaign", "content", "term")
"""The five that the CRM has fields for, without their utm_."""

VALUE_CAP, RAW_CAP, URL_CAP, EXTRA_CAP = 255, 2000, 8000, 20
KEPT = 128
"""How many addresses are remembered with what was read from them: visitors come from the same few pages."""

_TRACKING_NAME = r"utm_[a-z0-9_]{1,40}|" + "|".join(CLICK_ID_PLACES)
_IS_TRACKING = re.compile(_TRACKING_NAME)
_GLUED_ON = re.compile(rf"[?&](?:amp;)?(?=(?:{_TRACKING_NAME})=)", re.I)

_BRACED = r"\{\{[^{}]{0,100}\}\}|\$?\{[\w.:\- ]{0,100}\}|%%[\w.:\- ]{1,100}%%|__[A-Z][A-Z0-9_]{1,60}__"
_AD_WORDS = r"(?:utm_)?(?:source|medium|campaign|content|term|keyword|ad|adset|ad_?group|creative|placement)"
_MACRO = re.compile(rf"{_BRACED}|^[\[<]{_AD_WORDS}(?:[._ -]?(?:name|id))?[\]>]$", re.I)
_JUNK = {"undefined", "null", "nan", "(not set)", "[object object]"}

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_ANGLES = str.maketrans("<>", "‹›")
_SCHEMES = ("http", "https", "android-app", "ios-app")


@frozen
class Tracking:
    """What one place says: the five by key, other utm_* by full name, click ids; `raw` as written where
    cleaning changed or emptied a value, by the same names."""

    utm: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    click_ids: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)


def plain_text(text: str) -> str:
    """Return text without control or invisible characters, on one line, its markup made harmless."""
    plain = text.isascii() and text.isprintable()
    one_line = text if plain else _INVISIBLE.sub("", _CONTROL.sub(" ", text))
    return one_line.translate(_ANGLES).strip()


def without_macros(value: str) -> str:
    """Return what is left of a value once a macro that nobody filled in is cut out; "" if that was all."""
    text = value.strip()
    if text.casefold() in _JUNK:
        return ""
    for spelling in (text, unquote(text, errors="replace")):
        if _MACRO.search(spelling):
            return _MACRO.sub("", spelling).strip(" -_|/:.,+")
    return value


def clean(value: str) -> str:
    """Return a value fit for the CRM: one line, no macro, no markup, at most VALUE_CAP characters."""
    return plain_text(without_macros(value[:URL_CAP]))[:VALUE_CAP].strip()


def read_pairs(pairs: Iterable[tuple[str, str]]) -> Tracking:
    """Sort pairs of names and values into a Tracking; names in any case, the first value of a name wins."""
    utm: dict[str, str] = {}
    extra: dict[str, str] = {}
    click_ids: dict[str, str] = {}
    raw: dict[str, str] = {}
    for name, value, written in _mended(pairs):
        key = name.removeprefix("utm_") if name.removeprefix("utm_") in UTM_KEYS else name
        shelf = utm if key in UTM_KEYS else extra if name.startswith("utm_") else click_ids
        cleaned = clean(value)
        if key in shelf or (shelf is extra and len(extra) >= EXTRA_CAP):
            continue
        if cleaned:
            shelf[key] = cleaned
            raw.pop(key, None)
        if cleaned != written:
            raw.setdefault(key, _INVISIBLE.sub("", written)[:RAW_CAP])
    return Tracking(utm, extra, click_ids, raw)


def _mended(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str, str]]:
    """Yield (name, value, as written) of tracking names, taking apart what a second "?" glued together."""
    for name, value in pairs:
        key = name.strip().lower().removeprefix("amp;")
        if not _IS_TRACKING.fullmatch(key) or not value.strip():
            continue
        first, *glued = _GLUED_ON.split(value[:URL_CAP])
        yield key, first, value
        for part in glued:
            glued_name, _, glued_value = part.partition("=")
            if glued_value.strip():
                yield glued_name.lower(), glued_value, glued_value


_NOTHING = Tracking()


def read_url(url: str | None) -> Tracking:
    """Return what a URL's query says; where it has one, the query behind its # as well."""
    if not url or not ("?" in url or "#" in url):
        return _NOTHING
    return _read(url[:URL_CAP])


@lru_cache(maxsize=KEPT)
def _read(url: str) -> Tracking:
    head, _, fragment = url.partition("#")
    query = head.partition("?")[2]
    behind = fragment.partition("?")[2] or fragment
    return read_pairs([*parse_qsl(query, errors="replace"), *parse_qsl(behind, errors="replace")])


def clean_url(url: str | None) -> str:
    """Return a web address fit for Notes, or "" when it is none; at most RAW_CAP characters."""
    return _clean(url[:URL_CAP]) if url else ""


@lru_cache(maxsize=KEPT)
def _clean(url: str) -> str:
    text = plain_text(url).replace(" ", "%20")[:RAW_CAP]
    return text if host_of(text) else ""


def host_of(url: str | None) -> str:
    """Return a URL's host in lower case, without a port; "" when it has none."""
    return _host(url[:URL_CAP]) if url else ""


@lru_cache(maxsize=KEPT)
def _host(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".") if parts.scheme.lower() in _SCHEMES else ""
