"""What advertising says, by kind and in many languages; and what somebody says who looks for a place to work.

One word alone never holds a lead: a coworking space has enquiries of SEO agencies, crypto start-ups and poker clubs.
What asks for a desk, an office, a room or a visit counts against the suspicion. The words: `screening_words.toml`.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from leadcapture.domain.lead import Content
from leadcapture.intake.screening_text import Doubt, everything

WORDS = Path(__file__).with_suffix(".toml")
STRONG, WEAK, AT_MOST_PER_KIND = 55, 25, 130
WANTS_A_PLACE = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of advertising, and the words that tell it."""

    reason: str
    strong: re.Pattern[str]
    weak: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Words:
    """The whole table."""

    kinds: tuple[Kind, ...]
    place: re.Pattern[str]


@cache
def words() -> Words:
    """Return the table, read and compiled once."""
    raw = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    kinds = (Kind(kind["reason"], _any(kind["strong"]), _any(kind["weak"])) for kind in raw["kinds"].values())
    return Words(tuple(kinds), _any(raw["place"]))


def _any(lines: str) -> re.Pattern[str]:
    whole = (rf"(?<!\w)(?:{line})(?!\w)" if line.isascii() else line for line in lines.strip().splitlines())
    return re.compile("|".join(whole), re.IGNORECASE)


def advertising_doubts(content: Content) -> Iterator[Doubt]:
    """Yield the kinds of advertising that a lead sounds like, less what speaks for somebody who wants a place."""
    text = everything(content)
    found = [(kind.reason, _points(kind, text)) for kind in words().kinds]
    total = sum(points for _, points in found)
    if not total:
        return
    credit = WANTS_A_PLACE if words().place.search(content.message or text) else 0
    for reason, points in found:
        left = points - round(credit * points / total)
        if left > 0:
            yield Doubt(left, reason)


def _points(kind: Kind, text: str) -> int:
    strong = {found[0].casefold() for found in kind.strong.finditer(text)}
    weak = {found[0].casefold() for found in kind.weak.finditer(text)}
    return min(AT_MOST_PER_KIND, STRONG * len(strong) + WEAK * len(weak))
