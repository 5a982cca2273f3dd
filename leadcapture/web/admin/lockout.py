"""How often one address may fail to sign in: its newest failures, in memory that all processes share.

A slot holds the times of as many failures as are allowed. Once all of them lie within the window, the address waits
until the oldest has left it. The table is made before gunicorn forks, like `web.throttle`'s.
"""

import mmap
import struct
import time
from collections.abc import Callable
from hashlib import blake2b

SLOTS = 4096


class Lockout:
    """Failures by address; a success is not counted."""

    def __init__(self, failures: int, window_seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._slot = struct.Struct(f"{failures}d")
        self._window = window_seconds
        self._clock = clock
        self._table = mmap.mmap(-1, SLOTS * self._slot.size)

    def wait_seconds(self, address: str) -> float:
        """Return how long an address must wait before it may try again; 0 when it may try now."""
        oldest = min(self._slot.unpack_from(self._table, self._offset(address)))
        return max(0.0, oldest + self._window - self._clock()) if oldest else 0.0

    def failed(self, address: str) -> None:
        """Count a failure in place of the oldest one."""
        offset = self._offset(address)
        times = sorted(self._slot.unpack_from(self._table, offset))
        self._slot.pack_into(self._table, offset, *times[1:], self._clock())

    def _offset(self, address: str) -> int:
        digest = blake2b(address.encode("utf-8", "replace"), digest_size=4).digest()
        return int.from_bytes(digest, "big") % SLOTS * self._slot.size
