"""The products that post to us: `BUILDERS` names them, `detect` tells them apart, `table_of` says how each is read.

A builder is a module with one table, `BUILDER`, entered here; one that needs no table is a name in `names.PLAIN`.
What a body looks like decides more than what its hook is called: a hook may be fed by another tool.
"""

from typing import Any

from leadcapture.intake.builders import (
    basin,
    carrd,
    clickfunnels_2,
    cognito_forms,
    contact_form_7,
    duda,
    elementor_pro,
    fillout,
    fluent_forms,
    form_builder_123,
    formbricks,
    forminit,
    formspree,
    formstack,
    formsubmit,
    framer,
    gohighlevel,
    google_ads,
    gravity_forms,
    heyform,
    hubspot,
    instapage,
    jotform,
    kartra,
    linkedin_lead_sync,
    meta_lead_ads,
    netlify,
    ninja_forms,
    opnform,
    paperform,
    rd_station,
    squarespace,
    tally,
    tiktok,
    tilda,
    typeform,
    unbounce,
    web3forms,
    webflow,
    wix,
    wpforms,
    wufoo,
)
from leadcapture.intake.builders.generic import GENERIC, read_generic
from leadcapture.intake.builders.names import ALIASES, PLAIN
from leadcapture.intake.builders.shape import Builder, Headers, find, has

_IN_ORDER = (
    google_ads,
    meta_lead_ads,
    linkedin_lead_sync,
    tiktok,
    typeform,
    tally,
    heyform,
    fillout,
    wufoo,
    hubspot,
    wix,
    clickfunnels_2,
    kartra,
    gohighlevel,
    rd_station,
    elementor_pro,
    contact_form_7,
    gravity_forms,
    wpforms,
    fluent_forms,
    ninja_forms,
    unbounce,
    webflow,
    framer,
    duda,
    jotform,
    carrd,
    squarespace,
    instapage,
    netlify,
    basin,
    forminit,
    web3forms,
    formsubmit,
    formspree,
    cognito_forms,
    paperform,
    formstack,
    form_builder_123,
    opnform,
    formbricks,
    tilda,
)
"""The surest marks first: what looks like one of the first is hardly one of the last."""
TABLES: dict[str, Builder] = {module.BUILDER.name: module.BUILDER for module in _IN_ORDER}
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
