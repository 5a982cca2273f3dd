"""What advertising says, by kind and in many languages; and what somebody says who looks for a place to work.

One word alone never holds a lead: a coworking space has enquiries of SEO agencies, crypto start-ups and poker clubs.
What asks for a desk, an office, a room or a visit counts against the suspicion. The words: `screening_words.toml`.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from leadcapture.domain.lead import Content
from leadcapture.intake.phrases import Phrases
from leadcapture.intake.screening_text import Doubt

WORDS = Path(__file__).with_suffix(".toml")
STRONG, WEAK, AT_MOST_PER_KIND = 55, 25, 130
POINTS = {"strong": STRONG, "weak": WEAK}
WANTS_A_PLACE = 60
LINK_WITHOUT_A_WISH = 25


class Words:
    """The whole table: `reasons` by kind of advertising, in the file's order."""

    def __init__(self, text: str) -> None:
        raw = tomllib.loads(text)
        self.reasons = {name: kind["reason"] for name, kind in raw["kinds"].items()}
        self.place = Phrases({"place": raw["place"]})
        self._kinds = Phrases(
            {f"{weight} {name}": kind[weight] for name, kind in raw["kinds"].items() for weight in POINTS}
        )

    def points(self, text: str) -> dict[str, int]:
        """Return how many points a casefolded text has by kind, none of zero."""
        points = dict.fromkeys(self.reasons, 0)
        for listed, found in self._kinds.found_in(text).items():
            weight, _, name = listed.partition(" ")
            points[name] += POINTS[weight] * len(found)
        return {name: min(AT_MOST_PER_KIND, sum_) for name, sum_ in points.items() if sum_}


@cache
def words() -> Words:
    """Return the table, read once."""
    return Words(WORDS.read_text(encoding="utf-8"))


def advertising_doubts(content: Content, text: str, foreign: set[str]) -> Iterator[Doubt]:
    """Yield the kinds of advertising that a lead sounds like, less what speaks for somebody who wants a place.

    `text` is everything that it says, casefolded; `foreign` the hosts that it links to.
    """
    points = words().points(text)
    if not points and not foreign:
        return
    credit = WANTS_A_PLACE if words().place.found_in(content.message.casefold() or text) else 0
    if not credit and foreign:
        yield Doubt(min(2, len(foreign)) * LINK_WITHOUT_A_WISH, "holds a link, and asks for no place to work")
    total = sum(points.values())
    for name, of_kind in points.items():
        left = of_kind - round(credit * of_kind / total)
        if left > 0:
            yield Doubt(left, words().reasons[name])
