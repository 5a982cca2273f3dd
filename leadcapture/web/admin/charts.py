"""Bars as numbers for an <svg>: drawn by a template, so that a report needs no script and no library."""

from leadcapture.domain.frozen import frozen
from leadcapture.domain.reports import DayRow

WIDTH, HEIGHT = 720, 200
LEFT, BOTTOM = 36, 22
GROUPS = ("delivered", "waiting", "held", "blocked", "discarded")


@frozen
class Bar:
    """A rectangle of a chart; `group` is its class, `title` what it says on its own."""

    x: float
    y: float
    width: float
    height: float
    group: str
    title: str


@frozen
class Chart:
    """Bars, lines of the scale as (y, label), and labels below as (x, text)."""

    bars: tuple[Bar, ...]
    scale: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def round_top(number: int) -> int:
    """Return the first number of 2, 4 or 10 times a power of ten that is not below `number`: its half is whole."""
    size = 1
    while True:
        for step in (2, 4, 10):
            if step * size >= number:
                return step * size
        size *= 10


def stacked_days(days: list[DayRow]) -> Chart:
    """Return a bar for each day, its states one upon the other, always in the same order."""
    top = round_top(max((row.total for row in days), default=0))
    room = HEIGHT - BOTTOM - 8
    slot = (WIDTH - LEFT) / max(1, len(days))
    bars = []
    for n, row in enumerate(days):
        foot = float(HEIGHT - BOTTOM)
        for group in GROUPS:
            number = getattr(row, group)
            if number:
                tall = number / top * room
                foot -= tall
                title = f"{row.day:%d %b}: {number} {group}"
                bars.append(Bar(LEFT + n * slot + slot * 0.12, foot, slot * 0.76, tall, group, title))
    scale = tuple((HEIGHT - BOTTOM - room * part / 2, f"{top * part / 2:g}") for part in (0, 1, 2))
    every = max(1, round(len(days) / 6))
    labels = tuple(
        (LEFT + n * slot + slot / 2, f"{row.day.day} {row.day:%b}") for n, row in enumerate(days) if n % every == 0
    )
    return Chart(tuple(bars), scale, labels)
