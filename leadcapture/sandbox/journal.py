"""What was called, when, and how it was answered; and Nexudus' published limits, held for real."""

import re
import threading
from collections import Counter, deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

WRITES = frozenset({"POST", "PUT", "DELETE"})
_NUMBER = re.compile(r"/\d+(?=/|$)")


class Call(NamedTuple):
    """One call: `path` without its query; `status` 0 if it was left without an answer."""

    at: datetime
    method: str
    path: str
    status: int


class Journal(list[Call]):
    """The calls under /api in the order in which they were answered."""

    def counts(self) -> list[dict[str, object]]:
        """How often each method, path (ids as {id}) and status came together, most frequent first."""
        kinds = Counter((call.method, _NUMBER.sub("/{id}", call.path), call.status) for call in list(self))
        return [
            {"method": method, "path": path, "status": status, "count": count}
            for (method, path, status), count in kinds.most_common()
        ]

    def max_writes_in_a_minute(self) -> int:
        """The most writes within any 60 seconds, refused ones and sign-ins included."""
        most = 0
        window: deque[datetime] = deque()
        for at in sorted(call.at for call in list(self) if call.method in WRITES):
            window.append(at)
            while at - window[0] >= timedelta(minutes=1):
                window.popleft()
            most = max(most, len(window))
        return most


class Limits:
    """Counts accepted calls and says when one more would be too many. Refused calls are not counted.

    Whether Nexudus counts by account, token or address is not known; the stand-in has one account.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, deque[datetime]] = {}

    def accepts(self, limits: Mapping[str, int], method: str, at: datetime) -> bool:
        """Whether the call is within `writes_per_minute`, `writes_per_day` and `calls_per_minute`."""
        spans = {"calls_per_minute": timedelta(minutes=1)}
        if method in WRITES:
            spans |= {"writes_per_minute": timedelta(minutes=1), "writes_per_day": timedelta(days=1)}
        with self._lock:
            queues = [(self._recent(name, at - span), limits[name]) for name, span in spans.items()]
            if any(len(queue) >= most for queue, most in queues):
                return False
            for queue, _most in queues:
                queue.append(at)
            return True

    def clear(self) -> None:
        """Forget every call counted so far."""
        with self._lock:
            self._seen.clear()

    def _recent(self, name: str, since: datetime) -> deque[datetime]:
        queue = self._seen.setdefault(name, deque())
        while queue and queue[0] <= since:
            queue.popleft()
        return queue
