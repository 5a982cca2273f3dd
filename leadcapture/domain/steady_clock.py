"""The time that leases, due times and looks go by: the same for all workers of a store, and set by nobody.

A host's own clock may be wrong, or be put right by an hour while a create is on its way; then a lease that another
worker has would seem to be over, and the create could be made twice. So the time is the store's (PostgreSQL's; with
SQLite all processes are on one machine, and it is that machine's), looked at now and then, and goes on in between by
seconds that nobody can set. When the store's own time jumps, nothing is claimed until all that was leased by the time
of before is surely over: every worker notices within LOOK_SECONDS.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from leadcapture.errors import StoreUnavailable

LOOK_SECONDS = 15.0
"""How often the store's time is looked at."""
STEP_SECONDS = 5.0
"""A jump that is no correction any more."""
SLOW_SECONDS = 1.0
"""A look that took longer says too little."""


_COUNTED = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def no_rest() -> float:
    """Claim at any time."""
    return 0.0


def say_nothing(_seconds: float) -> None:
    """Let a jump of the time pass without a word."""


def since_boot() -> float:
    """Return seconds that only grow, with those in which the machine was suspended where the system counts them."""
    return time.clock_gettime(_COUNTED)


class SteadyClock:
    """Called, it returns the time in UTC. `store_time` asks the store, `machine_time` serves until that was asked;
    `on_jump` hears by how many seconds the store's time has jumped."""

    def __init__(
        self,
        store_time: Callable[[], datetime],
        machine_time: Callable[[], datetime],
        lease_seconds: float,
        elapsed: Callable[[], float] = since_boot,
        on_jump: Callable[[float], None] = say_nothing,
    ) -> None:
        self._store_time = store_time
        self._machine_time = machine_time
        self._rest = lease_seconds + LOOK_SECONDS
        self._elapsed = elapsed
        self._on_jump = on_jump
        self._guard = threading.Lock()
        self._anchor: tuple[datetime, float] | None = None
        self._look_at = self._rest_until = float("-inf")

    def __call__(self) -> datetime:
        """Return the time."""
        anchor = self._anchor
        return self._machine_time() if anchor is None else self._at(anchor, self._elapsed())

    def rest_seconds(self) -> float:
        """Return for how long nothing may be claimed; looks at the store's time when that is due.

        Raises StoreUnavailable before the first look alone: later the time goes on without.
        """
        with self._guard:
            if self._elapsed() >= self._look_at:
                self._look()
            return max(0.0, self._rest_until - self._elapsed())

    def _look(self) -> None:
        begun = self._elapsed()
        try:
            told = self._store_time()
        except StoreUnavailable:
            if self._anchor is None:
                raise
            self._look_at = begun + LOOK_SECONDS
            return
        ended = self._elapsed()
        self._look_at = ended + LOOK_SECONDS
        before, anchor = self._anchor, (told, (begun + ended) / 2)
        if before is None:
            self._anchor = anchor
        elif ended - begun <= SLOW_SECONDS:
            self._anchor = anchor
            jump = (self._at(anchor, ended) - self._at(before, ended)).total_seconds()
            if abs(jump) > STEP_SECONDS:
                self._rest_until = ended + self._rest
                self._on_jump(jump)

    @staticmethod
    def _at(anchor: tuple[datetime, float], elapsed: float) -> datetime:
        return anchor[0] + timedelta(seconds=elapsed - anchor[1])
