"""How many posts an address may send: token buckets in memory that all processes of a web server share.

The table lies in an anonymous map made before gunicorn forks, so the limit is one for all its workers and needs
no server beside them. Two requests that meet in one slot at the same moment may count as one: a limit for
robots bears that. Where a key's slot lies is known to nobody outside; who finds another's there takes it over, so that
nobody is held up for what somebody else did. Times are counted from the machine's start, which is the same for all
processes: a clock that is set back would refuse everybody for as long.
"""

import mmap
import secrets
import struct
import time
from collections.abc import Callable
from hashlib import blake2b

from leadcapture.domain.frozen import frozen

SLOTS = 65536
SLOT = struct.Struct("ddQ")
"""What was spent, when, and whose slot it is."""


@frozen
class Rate:
    """`burst` at once, refilled evenly at `per_minute`."""

    burst: int
    per_minute: float


class Places:
    """Where a key's slot lies in a table, by a secret of this start, and the mark that tells its owner."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._secret = secrets.token_bytes(16)

    def of(self, key: str) -> tuple[int, int]:
        """Return (place, mark)."""
        digest = blake2b(key.encode("utf-8", "replace"), digest_size=16, key=self._secret).digest()
        return int.from_bytes(digest[:8], "big") % self._slots, int.from_bytes(digest[8:], "big")


class Throttle:
    """Token buckets by key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._table = mmap.mmap(-1, SLOTS * SLOT.size)
        self._places = Places(SLOTS)
        self._clock = clock

    def wait_seconds(self, key: str, rate: Rate) -> float:
        """Take one token of `key`; return 0, or how long until there is one."""
        place, mark = self._places.of(key)
        offset = place * SLOT.size
        spent, at, owner = SLOT.unpack_from(self._table, offset)
        now = self._clock()
        spent = max(0.0, spent - (now - at) * rate.per_minute / 60) if owner == mark else 0.0
        if spent + 1 > rate.burst:
            return (spent + 1 - rate.burst) * 60 / rate.per_minute
        SLOT.pack_into(self._table, offset, spent + 1, now, mark)
        return 0.0
