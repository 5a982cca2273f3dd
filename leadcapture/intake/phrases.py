"""Many phrases as one regular expression that is fast: sorted by the letter with which they begin.

Python's `re` tries every alternative at every word. Sorted by first letter it tries only those that can fit there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

WITHOUT_SPACES = re.compile(r"[\u0590-\u05ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that write without spaces, or put small words before others (Hebrew): found anywhere in a text."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases that begin with a word, and those that may stand anywhere; for casefolded texts."""

    begun: re.Pattern[str]
    within: re.Pattern[str] | None

    def found_in(self, text: str) -> set[str]:
        """Return the different phrases that a text holds."""
        found = {match[0] for match in self.begun.finditer(text)}
        if self.within and not text.isascii():
            found |= {match[0] for match in self.within.finditer(text)}
        return found


def phrases(lines: str) -> Phrases:
    """Compile phrases, one regular expression a line; one in ASCII also ends with a word."""
    begun: list[str] = []
    within: list[str] = []
    for line in lines.strip().splitlines():
        if WITHOUT_SPACES.search(line):
            within.append(line)
        else:
            begun += [rf"{one}(?!\w)" if line.isascii() else one for one in alternatives(line)]
    return Phrases(
        re.compile(rf"(?<!\w)(?:{_sorted(begun)})"),
        re.compile("|".join(within)) if within else None,
    )


def alternatives(pattern: str) -> Iterator[str]:
    """Yield a pattern's alternatives, a group at the beginning multiplied out: `(?:a|b)c|d` is `ac`, `bc`, `d`."""
    parts = _split(pattern)
    if len(parts) > 1:
        for part in parts:
            yield from alternatives(part)
        return
    end = _end_of_group(pattern)
    if end is None or pattern[end : end + 1] in {"*", "+", "{"}:
        yield pattern
        return
    rest = pattern[end:]
    if rest.startswith("?"):
        rest = rest[1:]
        yield from alternatives(rest)
    for part in _split(pattern[3 : end - 1]):
        yield from alternatives(part + rest)


def _split(pattern: str) -> list[str]:
    """Split a pattern at the bars that stand in no group or class."""
    parts, depth, start = [], 0, 0
    for place, sign in _signs(pattern):
        depth += (sign in "([") - (sign in ")]")
        if sign == "|" and not depth:
            parts.append(pattern[start:place])
            start = place + 1
    return [*parts, pattern[start:]]


def _end_of_group(pattern: str) -> int | None:
    if not pattern.startswith("(?:"):
        return None
    depth = 0
    for place, sign in _signs(pattern):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return place + 1
    return None


def _signs(pattern: str) -> Iterator[tuple[int, str]]:
    """Yield the signs that mean something, with their places: what is escaped or inside a class does not."""
    place, in_class = 0, False
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\":
            place += 2
            continue
        if sign == "]" or not in_class:
            yield place, sign
        in_class = sign == "[" or (in_class and sign != "]")
        place += 1


def _sorted(patterns: list[str]) -> str:
    by_letter: dict[str, list[str]] = {}
    for pattern in patterns:
        optional = pattern[1:2] in {"?", "*", "{"}
        letter = pattern[0] if pattern[0].isalnum() and not optional else ""
        by_letter.setdefault(letter, []).append(pattern[len(letter) :])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
