"""The products that post to us: `BUILDERS` names them, `detect` tells them apart, `table_of` says how each is read.

A builder is a table of type `Builder` in the module of its kind, entered here by that module's tuple. What a body looks
like decides more than what its hook is called: a hook may be fed by another tool.
"""

from typing import Any

from leadcapture.intake.builders.adverts import ADVERTS
from leadcapture.intake.builders.asked import ASKED
from leadcapture.intake.builders.generic import GENERIC, read_generic
from leadcapture.intake.builders.names import ALIASES, PLAIN
from leadcapture.intake.builders.pages import BACK_ENDS, HOSTED, PAGES
from leadcapture.intake.builders.people import PEOPLE
from leadcapture.intake.builders.shape import Builder, Headers, find, has
from leadcapture.intake.builders.wordpress import WORDPRESS

TABLES = {table.name: table for table in (*ADVERTS, *ASKED, *PEOPLE, *WORDPRESS, *PAGES, *BACK_ENDS, *HOSTED)}
PLAIN_TABLES = {name: Builder(name, read=read_generic) for name in PLAIN.split()}
BUILDERS: frozenset[str] = frozenset(TABLES) | frozenset(PLAIN_TABLES) | frozenset(ALIASES)
"""Every name that an address or forms.toml may say."""


def table_of(name: str) -> Builder:
    """Return how a builder's bodies are read; the generic reading for a name that we don't know."""
    name = ALIASES.get(name, name)
    return TABLES.get(name) or PLAIN_TABLES.get(name) or GENERIC


def fits(table: Builder, tree: Any) -> bool:
    """Say whether a body has the shape that a builder is known for; one without marks takes anything."""
    if any(has(tree, group) for group in (*table.marks, *table.loose_marks)):
        return True
    return not table.marks or any(find(tree, path) is not None for path in table.answers)


def detect(headers: Headers, tree: Any) -> str:
    """Return the builder that headers or a decoded body give away, else "generic"."""
    for table in TABLES.values():
        if any(_sent(headers, mark) for mark in table.headers):
            return table.name
    marked = (table.name for table in TABLES.values() if any(has(tree, group) for group in table.marks))
    loose = (table.name for table in TABLES.values() if any(has(tree, group) for group in table.loose_marks))
    return next(marked, "") or next(loose, "generic")


def _sent(headers: Headers, mark: str) -> bool:
    name, separator, beginning = mark.partition(": ")
    value = headers.get(name)
    return value is not None and (not separator or value.lower().startswith(beginning))
