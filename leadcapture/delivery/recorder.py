"""What a lane has said to the CRM for the lead in hand, and whether it may still write there."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from leadcapture.domain.lead import Attempt
from leadcapture.domain.pace import Cost, spent


@dataclass(slots=True)
class Recorder:
    """Collects the calls of one lane; emptied for each lead. `may_write` raises LeaseLost when another has the lead by
    now: it is asked at the last moment, since what comes before it (signing in, connecting) may take long."""

    calls: list[Attempt] = field(default_factory=list)
    methods: Counter[str] = field(default_factory=Counter)
    may_write: Callable[[], None] = lambda: None

    def note(
        self, call: str, method: str, at: datetime, status: int | None, latency_seconds: float, outcome: str
    ) -> None:
        """Write one call down."""
        self.calls.append(Attempt(call, at, status, round(latency_seconds * 1000), outcome))
        self.methods[method] += 1

    def take(self) -> tuple[tuple[Attempt, ...], Cost]:
        """Return what was collected, and what it cost; begin anew."""
        taken, cost = tuple(self.calls), spent(self.methods)
        self.calls.clear()
        self.methods.clear()
        return taken, cost
