"""How well the screening tells enquiries from spam: the labelled set through the real receiver, as a table.

    python tests/screening_score.py [--wrong]

Exit 1 when a genuine enquiry is refused, more than 1 % of them are held, or less than 95 % of the spam is held. The
rules were tuned on one half of the set; the other half, written by the same hands with other texts, was not looked at.
"""

import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))

from leadcapture.domain.form import Catalogue, Connection
from leadcapture.domain.lead import LeadState, NewLead
from leadcapture.domain.submission import Submission
from leadcapture.intake.forms_file import read_forms
from leadcapture.intake.receive import Handed, Origin, Receiver, Refused

FOLDER = Path(__file__).parent / "screening"
FORMS = Path(__file__).parents[1] / "forms.toml"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REFUSED, HELD, PASSED = "refused", "held", "passed"
GENUINE_HELD_AT_MOST, SPAM_HELD_AT_LEAST = 0.01, 0.95


@dataclass(frozen=True)
class Sample:
    """A labelled submission: `stamp_age` as the page's stamp tells it, None for a post without one."""

    label: str
    kind: str
    half: str
    answers: dict[str, str]
    stamp_age: float | None = None
    honeypot: str = ""

    @property
    def told_by_traps(self) -> bool:
        """Whether a robot's own marks, and not the text, must hold it."""
        return bool(self.honeypot) or (self.stamp_age is not None and self.stamp_age < 2)


def samples() -> Iterator[Sample]:
    """Yield the whole set."""
    for name in ("genuine", "spam"):
        for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield Sample(**json.loads(line))


class Shelf:
    """Keeps the leads of one receiver."""

    def __init__(self) -> None:
        self.leads: list[NewLead] = []

    def hand_in(self, make: Callable[[], NewLead]) -> Handed:
        """Keep a lead."""
        self.leads.append(make())
        return cast(Handed, None)  # nobody waits for it


def judge(sample: Sample, catalogue: Catalogue) -> tuple[str, str]:
    """Return what becomes of a sample, and why."""
    shelf = Shelf()
    receiver = Receiver(catalogue, shelf, lambda: NOW)
    controls = {"_gotcha": sample.honeypot}
    if sample.stamp_age is not None:
        controls |= {"_stamp": "a stamp", "consent": "yes"}
    body = urlencode(sample.answers | controls).encode()
    submission = Submission("application/x-www-form-urlencoded", body, {}, (), "192.0.2.1", NOW)
    origin = Origin(stamp_age=lambda _: sample.stamp_age)
    result = receiver.receive(catalogue.forms["contact"], submission, origin)
    if isinstance(result, Refused):
        return REFUSED, "; ".join(f"{error.field}: {error.code}" for error in result.errors)
    lead = shelf.leads[0]
    return (HELD if lead.state is LeadState.HELD else PASSED), lead.reason


def sample_catalogue() -> Catalogue:
    """Return the forms of the project's own forms.toml."""
    return read_forms(tomllib.loads(FORMS.read_text(encoding="utf-8")), "forms.toml", {}, Connection())


Judged = list[tuple[Sample, str, str]]


def share(judged: Iterable[tuple[Sample, str, str]], outcome: str) -> tuple[int, int, float]:
    """Return how many came to an outcome, of how many, and the share."""
    outcomes = [found for _, found, _ in judged]
    number = outcomes.count(outcome)
    return number, len(outcomes), number / max(1, len(outcomes))


def faults(judged: Judged) -> list[str]:
    """Return what is not as it must be."""
    genuine = [row for row in judged if row[0].label == "genuine"]
    spam = [row for row in judged if row[0].label == "spam"]
    found = []
    if share(genuine, REFUSED)[0]:
        found.append("a genuine enquiry is refused")
    if share(genuine, HELD)[2] > GENUINE_HELD_AT_MOST:
        found.append(f"more than {GENUINE_HELD_AT_MOST:.0%} of the genuine enquiries are held")
    if share(spam, HELD)[2] < SPAM_HELD_AT_LEAST:
        found.append(f"less than {SPAM_HELD_AT_LEAST:.0%} of the spam is held")
    return found


def table(judged: Judged) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"{'screening':34} {'refused':>12} {'held':>16} {'passed':>16}"
    for label in ("genuine", "spam"):
        rows = [row for row in judged if row[0].label == label]
        groups = {f"{label}: all": rows}
        groups |= {f"{label}: {half} half": [r for r in rows if r[0].half == half] for half in ("tune", "held out")}
        if label == "spam":
            groups["spam: told by its text alone"] = [row for row in rows if not row[0].told_by_traps]
            groups["spam: with a robot's own marks"] = [row for row in rows if row[0].told_by_traps]
        for name, chosen in groups.items():
            cells = [share(chosen, outcome) for outcome in (REFUSED, HELD, PASSED)]
            shown = [f"{number:>4} {part:>7.1%}" for number, _, part in cells]
            yield f"{name:28} {len(chosen):>5} {shown[0]:>12} {shown[1]:>16} {shown[2]:>16}"


def main(arguments: list[str]) -> int:
    """Print the table; with --wrong, also what is judged wrongly."""
    catalogue = sample_catalogue()
    judged = [(sample, *judge(sample, catalogue)) for sample in samples()]
    print("\n".join(table(judged)))
    if "--wrong" in arguments:
        for sample, outcome, why in judged:
            right = PASSED if sample.label == "genuine" else HELD
            if outcome != right and not (sample.half == "held out" and "--tune" in arguments):
                print(f"  {sample.label} {sample.kind} {sample.half} {outcome} ({why}): {sample.answers}")
    problems = faults(judged)
    print(*(f"FAILED: {problem}" for problem in problems), sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
