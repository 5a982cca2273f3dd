"""Which of a server's processes takes the next line: the one that has fewest.

All processes wait at the same door, and who is awake is there first: of sixteen visitors who came together one process
took all sixteen, and half of a machine with two processors stood idle while they were served.
"""

import mmap
import struct
from functools import lru_cache

PLACES = 64
PLACE = struct.Struct("dd")
"""When a process said last how many lines it has, and how many."""
BELIEVED_SECONDS = 2.0
"""A process says it once a second at least; one that says nothing for so long has died, or hangs."""


class LineShares:
    """How many lines each process has, in a map that is made before gunicorn forks. A process has the place of its
    number; beyond PLACES two share one, and the sharing is no longer even."""

    def __init__(self) -> None:
        self._table = mmap.mmap(-1, PLACES * PLACE.size)

    def tell(self, number: int, lines: int, now: float) -> None:
        """Say how many lines a process has; `now` is the machine's time (`time.monotonic`)."""
        PLACE.pack_into(self._table, number % PLACES * PLACE.size, now, lines)

    def leave(self, number: int) -> None:
        """Say that a process takes no lines any more."""
        PLACE.pack_into(self._table, number % PLACES * PLACE.size, 0.0, 0.0)

    def others_have_fewer(self, number: int, lines: int, now: float) -> bool:
        """Say whether a line is rather another process's."""
        mine = number % PLACES
        since = now - BELIEVED_SECONDS
        return any(
            told_at > since and theirs < lines and place != mine
            for place, (told_at, theirs) in enumerate(PLACE.iter_unpack(self._table))
        )


@lru_cache(maxsize=1)
def of_this_server() -> LineShares:
    """Return the one map of a gunicorn server; to be asked for by its master first."""
    return LineShares()
