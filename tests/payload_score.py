"""How much of what builders send is read rightly: a table by builder; exit 1 below what is held.

    python -m tests.payload_score [-v]

A case is a body in tests/payloads with a `.meta.json` beside it; what is held stands in payload_score.json.
"""

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from leadcapture.domain.submission import CONTACT_FIELDS, Reading, Submission
from leadcapture.intake.read import read_submission

FOLDER = Path(__file__).parent / "payloads"
HELD = Path(__file__).parent / "payload_score.json"
_ABOUT = ("page_url", "ip", "user_agent", "submitted_at", "submission_id", "form_id", "form_name", "is_test")
_TRACKED = ("utm_", "gclid", "fbclid", "msclkid", "gbraid", "wbraid", "ttclid", "li_fat_id")


@dataclass(frozen=True)
class Case:
    """A body, and what is known of it."""

    name: str
    meta: dict[str, Any]
    submission: Submission

    @property
    def expected(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """What each reading should hold, and what must survive among its answers."""
        extra = dict(self.meta.get("expected_extra") or {})
        several = extra.pop("expected_list", None)
        if several:
            return [(one, {}) for one in several]
        return [(self.meta.get("expected") or {}, extra)]


def cases() -> list[Case]:
    """Every case of the folder."""
    return [_case(path) for path in sorted(FOLDER.glob("*.meta.json"))]


def _case(path: Path) -> Case:
    meta = json.loads(path.read_text(encoding="utf-8"))
    stem = path.name.removesuffix(".meta.json")
    body = next(FOLDER / f"{stem}.{end}" for end in ("json", "txt") if (FOLDER / f"{stem}.{end}").exists())
    submission = Submission(
        content_type=meta.get("content_type") or "",
        body=body.read_bytes(),
        headers={name.lower(): value for name, value in (meta.get("headers") or {}).items()},
        query=tuple(parse_qsl(meta.get("query") or "", keep_blank_values=True)),
        remote_address="203.0.113.250",
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return Case(stem, meta, submission)


def faults(case: Case, builder: str | None = None) -> tuple[int, list[str]]:
    """Return how many values are expected of a case, and those that were not read, in words."""
    if case.meta.get("kind") not in ("submission", "notification"):
        return 0, []
    readings = read_submission(case.submission, builder or case.meta["builder"], case.meta.get("map") or {})
    wrong: list[str] = []
    total = 0
    for place, (expected, extra) in enumerate(case.expected):
        reading = readings[place] if place < len(readings) else Reading()
        for key, value in expected.items():
            total += 1
            got = _read_value(reading, key)
            if _plain(got) != _plain(value):
                wrong.append(f"{case.name}: {key}: expected {value!r}, read {got!r}")
        said = _said(reading)
        for key, value in extra.items():
            total += 1
            if not all(text in said for text in _texts(value)):
                wrong.append(f"{case.name}: the answer {key!r} is lost")
    return total, wrong


def _read_value(reading: Reading, key: str) -> Any:
    if key in CONTACT_FIELDS:
        found = reading.contact.get(key)
        return found.value if found else None
    if key.startswith(_TRACKED):
        return reading.tracking.get(key) or dict(parse_qsl(urlsplit(reading.page_url or "").query)).get(key)
    if key in _ABOUT:
        return getattr(reading, key)
    return next((answer.text for answer in reading.answers if key in (answer.key, answer.label)), None)


def _plain(value: Any) -> str:
    return " ".join(str(value).split())


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [_plain(value)]


def _said(reading: Reading) -> set[str]:
    found = {_plain(reading.tracking.get(name, "")) for name in reading.tracking}
    for answer in reading.answers:
        found.update(_plain(text) for text in ([answer.value] if isinstance(answer.value, str) else answer.value))
    return found


def scores(builder: str | None = None) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Return right and expected values by builder, and every fault."""
    table: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    wrong_ones = []
    for case in cases():
        total, wrong = faults(case, builder)
        right, expected = table[case.meta["builder"]]
        table[case.meta["builder"]] = (right + total - len(wrong), expected + total)
        wrong_ones += wrong
    return {name: table[name] for name in sorted(table) if table[name][1]}, wrong_ones


def main(arguments: list[str]) -> int:
    """Print the table; return 1 when a builder is below what is held."""
    held = json.loads(HELD.read_text()) if HELD.exists() else {}
    table, wrong = scores()
    auto, wrong_auto = scores("auto")
    below = [name for name, (right, _) in table.items() if right < held.get(name, 0)]
    print(f"{'builder':24}{'right':>8}{'of':>6}{'held':>6}{'auto':>6}")
    for name, (right, total) in table.items():
        print(f"{name:24}{right:>8}{total:>6}{held.get(name, 0):>6}{auto[name][0]:>6}{'  BELOW' * (name in below)}")
    right, total = (sum(pair[place] for pair in table.values()) for place in (0, 1))
    print(f"{'all':24}{right:>8}{total:>6}{sum(held.values()):>6}{sum(pair[0] for pair in auto.values()):>6}")
    if "-v" in arguments:
        print("\n".join([*wrong, "-- auto", *(one for one in wrong_auto if one not in wrong)]))
    if "--hold" in arguments:
        HELD.write_text(json.dumps({name: right for name, (right, _) in table.items()}, indent=1) + "\n")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
