"""What a connection has spent of the CRM's allowance, and how much is left: pure arithmetic on sliding windows.

Calls and writes are counted by the second and writes by the hour, so that no minute and no day, wherever they
begin, holds more than allowed. A second counts until 61 seconds later, an hour until 25 hours later.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from leadcapture.domain.frozen import frozen

MINUTE = 61
DAY_HOURS = 25


@frozen
class Allowance:
    """The limits of a connection."""

    writes_per_minute: int
    writes_per_day: int
    calls_per_minute: int


@frozen
class Cost:
    """What a piece of work may need at most, or has needed."""

    calls: int
    writes: int


@dataclass(slots=True)
class Pace:
    """Calls and writes by second (Unix time), writes by hour."""

    seconds: dict[int, tuple[int, int]] = field(default_factory=dict)
    hours: dict[int, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> "Pace":
        """Read what `to_json` wrote."""
        raw = json.loads(text or "{}")
        return cls(
            {int(second): (calls, writes) for second, (calls, writes) in raw.get("s", {}).items()},
            {int(hour): writes for hour, writes in raw.get("h", {}).items()},
        )

    def to_json(self) -> str:
        """Write the windows down."""
        return json.dumps({"s": self.seconds, "h": self.hours}, separators=(",", ":"))

    def forget(self, now: float) -> None:
        """Drop what no window holds any more, and what a clock that was ahead wrote into the future."""
        self.seconds = {s: spent for s, spent in self.seconds.items() if now - MINUTE < s <= now + MINUTE}
        self.hours = {h: writes for h, writes in self.hours.items() if now / 3600 - DAY_HOURS < h <= now / 3600 + 1}

    def room(self, allowance: Allowance, unit: Cost, now: float) -> int:
        """Return how many pieces of work of cost `unit` may start now."""
        self.forget(now)
        calls = allowance.calls_per_minute - sum(spent[0] for spent in self.seconds.values())
        writes = allowance.writes_per_minute - sum(spent[1] for spent in self.seconds.values())
        today = allowance.writes_per_day - sum(self.hours.values())
        rooms = [calls // unit.calls if unit.calls else calls]
        if unit.writes:
            rooms += [writes // unit.writes, today // unit.writes]
        return max(0, min(rooms))

    def wait_seconds(self, allowance: Allowance, unit: Cost, now: float) -> float:
        """Return how long until one piece of work of cost `unit` may start; 0 when it may start now."""
        if self.room(allowance, unit, now) > 0:
            return 0.0
        calls = {second: spent[0] for second, spent in self.seconds.items()}
        free_at = _free_at(calls, allowance.calls_per_minute - max(1, unit.calls), MINUTE)
        if unit.writes:
            writes = {second: spent[1] for second, spent in self.seconds.items()}
            free_at = max(free_at, _free_at(writes, allowance.writes_per_minute - unit.writes, MINUTE))
            hours = {hour * 3600: spent for hour, spent in self.hours.items()}
            free_at = max(free_at, _free_at(hours, allowance.writes_per_day - unit.writes, DAY_HOURS * 3600))
        return max(0.05, free_at - now) if free_at else float(MINUTE)

    def spend(self, cost: Cost, now: float) -> None:
        """Count work as done, or as about to be done, now."""
        second, hour = int(now), int(now // 3600)
        calls, writes = self.seconds.get(second, (0, 0))
        self.seconds[second] = (max(0, calls + cost.calls), max(0, writes + cost.writes))
        self.hours[hour] = max(0, self.hours.get(hour, 0) + cost.writes)

    def refund(self, cost: Cost, spent_at: float) -> None:
        """Give back what was reserved at `spent_at` and not used."""
        second, hour = int(spent_at), int(spent_at // 3600)
        if second in self.seconds:
            calls, writes = self.seconds[second]
            self.seconds[second] = (max(0, calls - cost.calls), max(0, writes - cost.writes))
        if hour in self.hours:
            self.hours[hour] = max(0, self.hours[hour] - cost.writes)

    def writes_today(self) -> int:
        """Return the writes of the last day, as counted against the daily allowance."""
        return sum(self.hours.values())


def _free_at(spent: Mapping[int, int], most: int, counts_for: int) -> float:
    """Return when no more than `most` of what was spent still counts; 0 when it is so already."""
    counted, free_at = sum(spent.values()), 0.0
    for begin in sorted(spent):
        if counted <= most:
            break
        counted -= spent[begin]
        free_at = float(begin + counts_for)
    return free_at


WRITES_FOR_A_LEAD = 2


def seconds_until_empty(waiting: int, allowance: Allowance, writes_today: int) -> float:
    """Forecast how long a backlog takes: at the writes a minute, and no more a day than allowed."""
    writes = waiting * WRITES_FOR_A_LEAD
    left_today = max(0, allowance.writes_per_day - writes_today)
    at_full_speed = min(writes, left_today) / max(1, allowance.writes_per_minute) * 60
    days_after = -(-(writes - left_today) // max(1, allowance.writes_per_day)) if writes > left_today else 0
    return at_full_speed + days_after * 86400


def spent(observed: Mapping[str, int]) -> Cost:
    """Sum HTTP methods of calls made, by method, into a cost: everything but GET writes."""
    calls = sum(observed.values())
    return Cost(calls, calls - observed.get("GET", 0))
