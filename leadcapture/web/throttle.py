"""How many posts an address may send: token buckets in memory that all processes of a web server share.

The table lies in an anonymous map made before gunicorn forks, so the limit is one for all its workers and needs
no server beside them. Two requests that meet in one slot at the same moment may count as one: a limit for
robots bears that. Addresses that fall into one slot share it; with 65,536 slots that is rare.
"""

import mmap
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

SLOTS = 65536
SLOT = struct.Struct("dd")


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, refilled evenly at `per_minute`."""

    burst: int
    per_minute: float


class Throttle:
    """Token buckets by key."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._table = mmap.mmap(-1, SLOTS * SLOT.size)
        self._clock = clock

    def wait_seconds(self, key: str, rate: Rate) -> float:
        """Take one token of `key`; return 0, or how long until there is one."""
        place = int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=4).digest(), "big") % SLOTS
        offset = place * SLOT.size
        spent, at = SLOT.unpack_from(self._table, offset)
        now = self._clock()
        spent = max(0.0, spent - (now - at) * rate.per_minute / 60) if at else 0.0
        if spent + 1 > rate.burst:
            return (spent + 1 - rate.burst) * 60 / rate.per_minute
        SLOT.pack_into(self._table, offset, spent + 1, now)
        return 0.0
