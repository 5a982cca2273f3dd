"""Many lists of phrases, looked for together: each phrase is tried only where it begins.

Python's `re` tries every alternative at every word of a text. Here an automaton, which reads a text once however many
phrases there are, says where one begins with the letters that are certain, and what is never tried is never compiled.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from ahocorasick import Automaton  # type: ignore[import-not-found]

WITHOUT_SPACES = re.compile(r"[\u0590-\u05ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that write without spaces, or put small words before others (Hebrew): found anywhere in a text."""
HEAD = 12
"""With how many letters phrases are looked up."""
SURE = re.compile(r"(?P<one>\\d|\w|\[(?:\\d|[\w.])+\])(?:(?P<again>\+|\{[1-9])|(?![?*{]))")
"""A letter that must be there, or one of several; what comes after one that may come `again` is not known."""
SIGN = re.compile(r"[$€£%]|\[[$€£%]+\]")
MARKS = re.compile(r"(?:[ '-]|\\\.|\[[ $€£%-]+\])(?![?*{])")
"""A mark that must be there, or one of several; in the table of heads all are alike."""
MAY_BE = re.compile(r"(?P<one>\w|[ '-]|\\.|\[[\w .'-]+\])\?")
"""A letter or a mark that may be left out."""
WORDS_END = re.compile(r"\(\?!\\w\)")
_MARKS = "".join(sign for sign in map(chr, range(128)) if not (sign.isalnum() or sign == "_"))
ALIKE = str.maketrans(_MARKS + "123456789", " " * len(_MARKS) + "000000000")
"""For the table of heads all digits are alike, and all marks that end a word."""
MARK, DIGIT = re.compile(r"\W"), re.compile(r"\d")


class Phrase:
    """One regular expression of a list, compiled when it is first tried."""

    def __init__(self, listed: str, order: int, pattern: str) -> None:
        self.listed, self.order, self.pattern = listed, order, pattern

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression; it matches where no letter stands before."""
        return re.compile(rf"(?<!\w)(?:{self.pattern})")


class Head:
    """The phrases that begin with the same letters."""

    def __init__(self, letters: str) -> None:
        self.letters = letters
        self.phrases: list[Phrase] = []

    @cached_property
    def any(self) -> re.Pattern[str]:
        """One expression for all of them: where it does not match, none does."""
        return re.compile(rf"(?<!\w)(?:{'|'.join(f'(?:{phrase.pattern})' for phrase in self.phrases)})")


Match = tuple[int, int, Phrase, re.Match[str]]
"""Where, of which order in its list, what, and how."""


class Phrases:
    """Lists of phrases by name; for casefolded texts.

    A list has one regular expression a line. One begins with a word, and in ASCII also ends with one; an alternative in
    a script without spaces may stand anywhere.
    """

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._by_head: dict[str, Head] = {}
        self._anywhere: dict[str, list[str]] = {}
        for listed, lines in lists.items():
            self._add(listed, lines.strip().splitlines())
        self._signs = tuple(head for letters, head in self._by_head.items() if SIGN.fullmatch(letters))
        self._heads = Automaton()
        for letters, head in self._by_head.items():
            if head not in self._signs:
                self._heads.add_word(f" {letters}", head)
        self._heads.make_automaton()

    def _add(self, listed: str, lines: list[str]) -> None:
        begun: list[str] = []
        for line in lines:
            for one in alternatives(line):
                if WITHOUT_SPACES.search(one):
                    self._anywhere.setdefault(listed, []).append(one)
                else:
                    begun.append(rf"{one}(?!\w)" if line.isascii() else one)
        for order, pattern in enumerate(begun):
            phrase = Phrase(listed, order, pattern)
            for head in heads(pattern):
                self._by_head.setdefault(head, Head(head)).phrases.append(phrase)

    def found_in(self, text: str) -> dict[str, set[str]]:
        """Return the different phrases that a text holds, by the names of their lists; no list without any."""
        found: dict[str, set[str]] = {}
        until: dict[str, int] = {}
        for place, _, phrase, match in sorted(self._matches(text), key=lambda one: one[:2]):
            if until.get(phrase.listed, 0) <= place:
                found.setdefault(phrase.listed, set()).add(match[0])
                until[phrase.listed] = match.end()
        for listed, pattern in self._in_scripts.items() if not text.isascii() else ():
            if within := {match[0] for match in pattern.finditer(text)}:
                found[listed] = found.get(listed, set()) | within
        return found

    def _matches(self, text: str) -> Iterator[Match]:
        for place, head in self._begun(text):
            if head.any.match(text, place):
                for phrase in head.phrases:
                    if match := phrase.compiled.match(text, place):
                        yield place, phrase.order, phrase, match

    def _begun(self, text: str) -> list[tuple[int, Head]]:
        """Return where phrases may begin, and with what."""
        begun = [(end - len(head.letters), head) for end, head in self._heads.iter(f" {_alike(text)} ")]
        for head in self._signs:
            if head.letters in text:
                begun += [(found.start(), head) for found in re.finditer(re.escape(head.letters), text)]
        return begun

    @cached_property
    def _in_scripts(self) -> dict[str, re.Pattern[str]]:
        return {listed: re.compile("|".join(lines)) for listed, lines in self._anywhere.items()}


def _alike(text: str) -> str:
    return text.translate(ALIKE) if text.isascii() else DIGIT.sub("0", MARK.sub(" ", text))


def heads(pattern: str, begun: str = "") -> set[str]:
    """Return with which signs a match of a pattern may begin, HEAD at most: `b[uü]ro` with `buro` or `büro`, `we're`
    with `we re`. Raises ValueError for a pattern that may begin with anything: it could be found nowhere."""
    if not begun and (sign := SIGN.match(pattern)):
        return set(sign[0].strip("[]"))
    if len(begun) >= HEAD:
        return {begun[:HEAD]}
    if begun and (end := MARKS.match(pattern)):
        return heads(pattern[end.end() :], f"{begun} ")
    if begun and WORDS_END.match(pattern):
        return {f"{begun} "}
    if begun and (may_be := MAY_BE.match(pattern)):
        rest = pattern[may_be.end() :]
        return heads(rest, begun) | heads(may_be["one"] + rest, begun)
    if begun and _end_of_group(pattern) and (parts := list(alternatives(pattern))) != [pattern]:
        return {head for part in parts for head in heads(part, begun)}
    sure = SURE.match(pattern)
    signs = sure["one"].strip("[]").replace("\\d", "0") if sure else ""
    # A full stop ends a word, so that none begins with it: what stands after it is looked up.
    signs = (signs if begun else signs.replace(".", "")).translate(ALIKE)
    if sure is None or not signs:
        if not begun:
            raise ValueError(f"begins with no sign that is certain: {pattern}")
        return {begun}
    if sure["again"]:
        return {begun + sign for sign in signs}
    return {head for sign in signs for head in heads(pattern[sure.end() :], begun + sign)}


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
