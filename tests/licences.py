"""docs/licences.md: every package that the service ships with, and under which licence.

    python -m tests.licences          # writes the page; a test holds it to requirements.txt

Read from the metadata of what is installed. A licence that is not on the list of those we may ship is a fault.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[\w,]+\])?==([^\s;\\]+)", re.MULTILINE | re.IGNORECASE)
CLASSIFIER = "License :: OSI Approved :: "
KNOWN = {
    "altcha": "MIT",
    "mako": "MIT",
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
}
"""Where the metadata says nothing, or not which: read from the package's own licence file."""

MAY_SHIP = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC|Unlicense|MPL|Mozilla Public|LGPL|Lesser|CC0|0BSD",
    re.IGNORECASE,
)
VENDORED = (
    ("ALTCHA widget", "3.2.2", "MIT", "`leadcapture/web/static/altcha/`, from the npm package `altcha`"),
    ("disposable-email-domains (the list)", "in the package", "CC0-1.0", "data of the Python package"),
)


def pinned() -> list[tuple[str, str]]:
    """Return name and version of everything in requirements.txt."""
    return PIN.findall((ROOT / "requirements.txt").read_text())


def licence_of(name: str) -> str:
    """Return a package's licence in few words."""
    if name.lower() in KNOWN:
        return KNOWN[name.lower()]
    found = metadata(name)
    return _named(found) or "UNKNOWN"


def _named(found: PackageMetadata) -> str:
    expression = found.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [c.removeprefix(CLASSIFIER) for c in found.get_all("Classifier") or () if c.startswith(CLASSIFIER)]
    if classifiers:
        return ", ".join(sorted(classifiers))
    text = str(found.get("License") or "").strip().splitlines()
    return text[0][:80] if text else ""


def page() -> str:
    """Return the page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# Licences"
    yield ""
    yield "What is installed with the service, from `requirements.txt`; written by `python -m tests.licences`."
    yield "leadcapture changes none of it. LGPL parts (psycopg) are used as libraries and can be replaced."
    yield ""
    yield "| package | version | licence |"
    yield "|---|---|---|"
    for name, version in pinned():
        yield f"| {name} | {version} | {licence_of(name)} |"
    yield ""
    yield "## Shipped as files"
    yield ""
    yield "| what | version | licence | where |"
    yield "|---|---|---|---|"
    for row in VENDORED:
        yield f"| {' | '.join(row)} |"
    yield ""


def faults() -> list[str]:
    """Return the packages whose licence is unknown or not one that we may ship."""
    return [f"{name}: {licence_of(name)}" for name, _ in pinned() if not MAY_SHIP.search(licence_of(name))]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(*faults(), sep="\n")
    sys.exit(1 if faults() else 0)
