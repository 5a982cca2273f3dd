"""Pins with hashes, licences that are written down, holes that are told, no CDN."""

import json
import re
from pathlib import Path

from tests.audit import audit
from tests.licences import PAGE, VENDORED, faults, page, pinned

ROOT = Path(__file__).parents[2]


def test_licences__page_is_that_of_the_pinned_packages() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.licences"


def test_licences__are_all_ones_that_we_may_ship() -> None:
    assert faults() == []
    assert (ROOT / "leadcapture/web/static/altcha/LICENSE.txt").exists() and VENDORED


def test_pins__are_exact_and_hashed_and_cover_what_is_asked_for() -> None:
    for name in ("requirements", "requirements-dev"):
        text = (ROOT / f"{name}.txt").read_text()
        entries = re.split(r"\n(?=[a-z0-9])", text.strip())
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    asked = {line.partition("[")[0] for line in (ROOT / "requirements.in").read_text().split()}
    assert asked <= {name for name, _ in pinned()}


def test_pins__no_test_tool_is_shipped() -> None:
    shipped = {name for name, _ in pinned()}
    assert not shipped & {"pytest", "hypothesis", "schemathesis", "playwright", "ruff", "mypy", "responses"}


def test_pages__load_nothing_from_elsewhere() -> None:
    for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("leadcapture/web/static/*.js")]:
        found = re.findall(r"""(?:src|href)=["'](https?://[^"'{]+)""", path.read_text())
        assert [address for address in found if not address.startswith("https://www.example.com")] == [], path.name


def dependencies(*holes):
    found = [{"name": "flask", "version": "1.0", "vulns": list(holes)}]
    return json.dumps({"dependencies": found})


def test_audit__tells_of_a_hole_and_fails() -> None:
    hole = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
    code, lines = audit(lambda _: (1, dependencies(hole), ""))
    assert code == 1 and lines[0] == "VULNERABLE: requirements.txt: flask 1.0: PYSEC-1, mended in 2.0"


def test_audit__says_loudly_when_nobody_could_be_asked_and_goes_on() -> None:
    code, lines = audit(lambda _: (1, "", "Traceback\nConnectionError: no route"))
    assert code == 0 and all("NOT AUDITED" in line and "no route" in line for line in lines)


def test_audit__does_not_call_a_package_sound_that_nobody_knows() -> None:
    out = json.dumps({"dependencies": [{"name": "flask", "skip_reason": "not found"}]})
    code, lines = audit(lambda _: (0, out, ""))
    assert code == 0 and all("NOT AUDITED" in line for line in lines) and lines


def test_audit__is_content_without_holes() -> None:
    code, lines = audit(lambda _: (0, dependencies(), ""))
    assert code == 0 and "1 packages, no known vulnerability" in lines[0]
