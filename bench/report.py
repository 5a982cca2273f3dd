"""Figures, the table that people read, and the file that programs read."""

import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure, and its target where it has one: at most, or at least."""

    name: str
    value: float
    unit: str = ""
    target: float | None = None
    at_least: bool = False

    @property
    def passed(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target


def line(figure: Figure) -> str:
    """Return a figure as a line of the table."""
    mark = {None: "", True: "ok", False: "MISSED"}[figure.passed]
    bound = "" if figure.target is None else f"{'>=' if figure.at_least else '<='} {figure.target:g}"
    return f"{figure.name:<62} {_number(figure.value):>10} {figure.unit:<4} {bound:>10}  {mark}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def write(path: Path, parts: Mapping[str, list[Figure]], full: bool) -> None:
    """Write results.json: what was measured, where, and at which commit."""
    command = ("git", "describe", "--always", "--dirty")
    commit = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    raw = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "python": platform.python_version(),
        "cores": psutil.cpu_count(),
        "full": full,
        "figures": {part: [_raw(figure) for figure in figures] for part, figures in parts.items()},
    }
    path.write_text(json.dumps(raw, indent=1) + "\n")


def _raw(figure: Figure) -> dict[str, object]:
    return {
        "name": figure.name,
        "value": round(figure.value, 4),
        "unit": figure.unit,
        "target": figure.target,
        "at_least": figure.at_least,
        "passed": figure.passed,
    }


def missed(figures: Iterable[Figure]) -> list[str]:
    """Return the names of the figures that miss their target."""
    return [figure.name for figure in figures if figure.passed is False]
