"""A sign-in that Nexudus refused is tried again now and then: the refusal may have been a passing fault of its own."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from leadcapture.errors import CrmError
from leadcapture.store.store import Store

log = logging.getLogger(__name__)

FIRST_AFTER = timedelta(minutes=30)
AGAIN_AFTER = timedelta(hours=1)
"""So seldom that no account is locked for it."""


class SecondChance:
    """Lets a stopped connection go on by itself once Nexudus takes its sign-in; until then the alert stays.

    `sign_in` says whether the sign-in is taken, or that there is none to try; it may raise CrmError.
    """

    def __init__(
        self, store: Store, connection: str, sign_in: Callable[[], bool], clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._connection = connection
        self._sign_in = sign_in
        self._clock = clock
        self._due_at: datetime | None = None

    def look(self) -> None:
        """Try once if it is time."""
        state, now = self._store.connections.state(self._connection), self._clock()
        if state is None or not state.stopped_reason:
            self._due_at = None
        elif self._due_at is None:
            self._due_at = now + FIRST_AFTER
        elif now >= self._due_at:
            self._due_at = now + AGAIN_AFTER
            if self._taken(now):
                log.warning("Nexudus takes the sign-in of connection %s again", self._connection)
                self._store.connections.restarted(self._connection)

    def _taken(self, now: datetime) -> bool:
        """Try, unless another worker has just done so."""
        if self._store.heartbeats.take(f"sign in {self._connection}", FIRST_AFTER, now) is None:
            return False
        try:
            return self._sign_in()
        except CrmError as error:
            log.info("the sign-in of connection %s was tried again: %s", self._connection, error)
            return False
