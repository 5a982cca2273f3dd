"""Keys and labels in one spelling, so that `q3_fullName`, "Full name*" and `FULL-NAME` are the same words."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Result = TypeVar("Result")

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_COUNTED = re.compile(r"(?<=[A-Za-z]{2})\d{1,3}(?![A-Za-z0-9])")
_QUESTION_NUMBER = re.compile(r"^q\d+_")
_IS_ID = re.compile(r"(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{2,12}")
"""Builders put such endings to keys against doubles (`description_5f`, `message_a1b2c3`)."""
_SEPARATORS = re.compile(r"[\W_]+")
_TEMPLATE = re.compile(r"\{\{[^{}]{0,200}\}\}|<[^>]{0,200}>|\{[a-z_:0-9]+\}")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "ı": "i", "đ": "d", "œ": "oe", "ё": "е", "ـ": None})
_LONGEST = 300
_REMEMBERED = 8192


def remembered(function: Callable[[str], Result]) -> Callable[[str], Result]:
    """Have it remembered what a function says of a name. Strangers choose names: of a longer one than any form has
    nothing is kept, or a few thousand would fill the memory."""
    kept = lru_cache(maxsize=_REMEMBERED)(function)

    @wraps(function)
    def of(name: str) -> Result:
        return kept(name) if len(name) <= _LONGEST else function(name)

    return of


@remembered
def words(text: str) -> tuple[str, ...]:
    """Return the words of a key or label: no case, accents, punctuation, numbering or markup."""
    text = _COUNTED.sub(" ", _TEMPLATE.sub(" ", text[:_LONGEST]))
    if not text.isupper():
        text = _CAMEL.sub(" ", _QUESTION_NUMBER.sub("", text))
    text = unicodedata.normalize("NFKD", text.replace("'", " ").replace("’", " ").casefold().translate(_LETTERS))
    text = "".join(mark for mark in text if not unicodedata.combining(mark))
    text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    found = [word for word in _SEPARATORS.split(text) if word and not word.isdigit()]
    if len(found) > 1:
        found = [word for word in found if not _IS_ID.fullmatch(word)] or found
    return tuple(_joined([_without_article(word) for word in found]))


@remembered
def spelling(text: str) -> str:
    """Return a key or label as one comparable text."""
    return " ".join(words(text))


@remembered
def squeezed(text: str) -> str:
    """Return only the ASCII letters and digits of a key, in lower case (`utm-Source ` -> `utmsource`)."""
    return re.sub(r"[^a-z0-9]", "", text[:_LONGEST].lower())


def _without_article(word: str) -> str:
    """Arabic writes "the" in front of the word."""
    return word[2:] if len(word) > 4 and word.startswith("ال") else word


def _joined(found: list[str]) -> list[str]:
    """`e mail` is one word, however it was written."""
    text = f" {' '.join(found)} "
    for apart, together in ((" e mail", " email"), (" e post", " epost"), (" whats app", " whatsapp")):
        text = text.replace(apart, together)
    return text.split()
