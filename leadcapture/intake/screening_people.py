"""Who writes: addresses that are thrown away, names that nobody has, and the same text in every field."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from leadcapture.domain.lead import Content
from leadcapture.intake.disposable import is_disposable
from leadcapture.intake.screening_text import Doubt, letters, plain_text

LATIN_WORD = re.compile(r"[A-Za-z]{5,}")
RISING = re.compile(r"[a-z][A-Z]")
VOWELS = "aeiouy"
RARE = set("qxzw")
RUN = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}")
ENDS_IN_CAPITALS = re.compile(r"[a-z]+[A-Z][a-z]{2,}[A-Z][a-z]*|[a-z]{2,}[A-Z]{2,}")
GLUED = re.compile(r"[A-Z][a-z]{2,}[A-Z][a-z]{1,6}")
NOT_GLUED = ("Mac", "Van", "Von", "Fitz")
TELLING_LETTERS = 8
"""A shorter text in every field may be somebody who tries the form ("test")."""
COMPANIES_OF_ROBOTS = frozenset({"google", "yandex", "bing", "nokia", "test"})


def person_doubts(content: Content) -> Iterator[Doubt]:
    """Yield what speaks against the sender."""
    name = plain_text(content.mapped.get("coworker.FullName", ""))
    domain = content.email.rpartition("@")[2]
    if domain and is_disposable(domain):
        yield Doubt(60, "a disposable e-mail address")
    if is_gibberish(name):
        yield Doubt(70, "the name is no name")
    if len(content.message.split(None, 3)) <= 3 and is_gibberish(content.message):
        yield Doubt(70, "the message is no message")
    if letters(name) in COMPANIES_OF_ROBOTS or letters(content.mapped.get("coworker.CompanyName", "")) in {"google"}:
        yield Doubt(40, "a name that robots give")
    elif GLUED.fullmatch(name) and not name.startswith(NOT_GLUED):
        yield Doubt(40, "a name as robots glue it together")
    yield from _sameness(content, name)


def _sameness(content: Content, name: str) -> Iterator[Doubt]:
    said = [letters(answer.text) for answer in content.answers if answer.type not in {"choice", "checkbox", "hidden"}]
    said = [text for text in said if len(text) > 2]
    if len(set(said)) == len(said):
        return
    text, most = max(Counter(said).items(), key=lambda pair: pair[1])
    if most >= 3:
        yield Doubt(100 if len(text) >= TELLING_LETTERS else 70, "the same text in several fields")
    elif most == 2 and letters(name) == letters(content.message) and name:
        yield Doubt(70, "the message is the name")


def is_gibberish(text: str) -> bool:
    """Say whether a short text in Latin letters is struck keys: no vowels, runs of rare letters, capitals anywhere."""
    return any(_struck(word) for word in LATIN_WORD.findall(_folded(plain_text(text)[:200])))


def _struck(word: str) -> bool:
    lower = word.lower()
    if word.isupper() and len(word) < 8:
        return False
    vowels = sum(map(lower.count, VOWELS))
    if len(word) >= 8 and (len(RISING.findall(word)) >= 2 or ENDS_IN_CAPITALS.fullmatch(word)):
        return True
    if not vowels:
        return True
    if any(sum(sign in RARE for sign in run) >= 2 for run in RUN.findall(lower)):
        return len(word) >= 7
    return len(word) >= 9 and vowels / len(word) < 0.15


def _folded(text: str) -> str:
    """Return a text without its accents, so that ł, ö and é count as the letters that they are."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text.replace("ł", "l").replace("Ł", "L"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
