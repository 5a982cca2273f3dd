"""What advertising says, by kind and in many languages; and what somebody says who looks for a place to work.

One word alone never holds a lead: a coworking space has enquiries of SEO agencies, crypto start-ups and poker clubs.
What asks for a desk, an office, a room or a visit counts against the suspicion. The words: `screening_words.toml`.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from leadcapture.domain.lead import Content
from leadcapture.intake.phrases import Phrases, phrases
from leadcapture.intake.screening_text import Doubt

WORDS = Path(__file__).with_suffix(".toml")
STRONG, WEAK, AT_MOST_PER_KIND = 55, 25, 130
WANTS_A_PLACE = 60
LINK_WITHOUT_A_WISH = 25


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of advertising, and the words that tell it."""

    reason: str
    strong: Phrases
    weak: Phrases


@dataclass(frozen=True, slots=True)
class Words:
    """The whole table."""

    kinds: tuple[Kind, ...]
    place: Phrases


@cache
def words() -> Words:
    """Return the table, read and compiled once."""
    raw = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    kinds = (Kind(kind["reason"], phrases(kind["strong"]), phrases(kind["weak"])) for kind in raw["kinds"].values())
    return Words(tuple(kinds), phrases(raw["place"]))


def advertising_doubts(content: Content, said: str, foreign: set[str]) -> Iterator[Doubt]:
    """Yield the kinds of advertising that a lead sounds like, less what speaks for somebody who wants a place."""
    text = said.casefold()
    found = [(kind.reason, _points(kind, text)) for kind in words().kinds]
    total = sum(points for _, points in found)
    credit = WANTS_A_PLACE if words().place.found_in(content.message.casefold() or text) else 0
    if not credit and (number := len(foreign)):
        yield Doubt(min(2, number) * LINK_WITHOUT_A_WISH, "holds a link, and asks for no place to work")
    for reason, points in found:
        left = points - round(credit * points / max(1, total))
        if left > 0:
            yield Doubt(left, reason)


def _points(kind: Kind, text: str) -> int:
    return min(AT_MOST_PER_KIND, STRONG * len(kind.strong.found_in(text)) + WEAK * len(kind.weak.found_in(text)))
