"""How often one address may fail to sign in: its newest failures, in memory that all processes share.

A slot holds the times of as many failures as are allowed, and whose they are. Once all of them lie within the window,
the address waits until the oldest has left it. The table is made before gunicorn forks, like `web.throttle`'s.
"""

import mmap
import struct
import time
from collections.abc import Callable

from leadcapture.web.throttle import Places

SLOTS = 4096


class Lockout:
    """Failures by address; a success is not counted."""

    def __init__(self, failures: int, window_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._slot = struct.Struct(f"Q{failures}d")
        self._none = (0.0,) * failures
        self._window = window_seconds
        self._clock = clock
        self._places = Places(SLOTS)
        self._table = mmap.mmap(-1, SLOTS * self._slot.size)

    def wait_seconds(self, address: str) -> float:
        """Return how long an address must wait before it may try again; 0 when it may try now."""
        _, _, times = self._failures(address)
        oldest = min(times)
        return max(0.0, oldest + self._window - self._clock()) if oldest else 0.0

    def failed(self, address: str) -> bool:
        """Count a failure in place of the oldest one; returns whether it is the one that locks the address out."""
        offset, mark, times = self._failures(address)
        before = self.wait_seconds(address)
        self._slot.pack_into(self._table, offset, mark, *sorted(times)[1:], self._clock())
        return not before and bool(self.wait_seconds(address))

    def _failures(self, address: str) -> tuple[int, int, tuple[float, ...]]:
        place, mark = self._places.of(address)
        offset = place * self._slot.size
        owner, *times = self._slot.unpack_from(self._table, offset)
        return offset, mark, tuple(times) if owner == mark else self._none
