"""The worker: lanes for every connection, side by side, and the upkeep that goes with them."""

import logging
import time
from collections.abc import Callable, Mapping
from random import Random
from threading import Event, Thread

from leadcapture.delivery.crm import Crm
from leadcapture.delivery.lane import Lane, Line
from leadcapture.delivery.recorder import Recorder
from leadcapture.domain.form import Connection
from leadcapture.domain.frozen import frozen
from leadcapture.errors import StoreUnavailable

log = logging.getLogger(__name__)

CALLS_PER_LANE = 600
LANES_AT_MOST = 12
LAST_WORDS_SECONDS = 9.0
UPKEEP_SECONDS = 15.0
START_AGAIN_SECONDS = 2.0


@frozen
class Client:
    """A lane's own way to the CRM, and what it has said there."""

    crm: Crm
    recorder: Recorder


class Every:
    """A duty that is done once in `seconds`, the first time after as long."""

    def __init__(self, seconds: float, duty: Callable[[], object]) -> None:
        self._seconds = seconds
        self._duty = duty
        self._next = time.monotonic() + seconds

    def __call__(self) -> None:
        """Do the duty if it is time."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._seconds
            self._duty()


class Worker:
    """Delivers for every connection until told to stop; one slow connection never delays another.

    `make_client` builds a client for one thread; `upkeep` is what must be done now and then (token, retention,
    alerts), each a function that is called about every UPKEEP_SECONDS.
    """

    def __init__(
        self,
        lines: Mapping[str, Line],
        make_client: Callable[[Connection], Client],
        upkeep: tuple[Callable[[], object], ...] = (),
    ) -> None:
        self._lines = lines
        self._make_client = make_client
        self._upkeep = upkeep
        self._stop = Event()

    def stop(self) -> None:
        """Finish what is in hand, and take nothing more."""
        self._stop.set()

    def run(self, drain: bool = False) -> None:
        """Work until stopped, or, draining, until nothing is due.

        After `stop` this returns within ten seconds: what is not finished by then keeps its lease until that
        ends, and is looked up before it is sent again.
        """
        if not self._start(drain):
            return
        threads = [self._thread(lane, drain) for line in self._lines.values() for lane in self._lanes(line)]
        if not drain:
            Thread(target=self._keep_up, name="upkeep", daemon=True).start()
        for thread in threads:
            while thread.is_alive() and not self._stop.is_set():
                thread.join(0.5)
        until = time.monotonic() + LAST_WORDS_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _start(self, drain: bool) -> bool:
        """Wait for the database; a restart is a new chance for credentials that were refused, a drain is none."""
        while not self._stop.is_set():
            try:
                for line in self._lines.values():
                    line.rest()  # looks at the time, so that all that follows goes by the same
                    line.store.connections.ensure(line.connection.name)
                    if not drain:
                        line.store.connections.restarted(line.connection.name)
                        line.store.heartbeats.beat(line.clock())
                self._rehome()
            except StoreUnavailable:
                log.warning("waiting for the database")
                self._stop.wait(START_AGAIN_SECONDS)
            else:
                return True
        return False

    def _look_for_strays(self) -> None:
        """Take in what waits for a connection that no form uses now: it was held, or an old web process took it."""
        line = next(iter(self._lines.values()))
        if not line.store.queue.waiting_by_connection().keys() <= self._lines.keys():
            self._rehome()

    def _rehome(self) -> None:
        homes = {form: name for line in self._lines.values() for form, name in line.homes.items()}
        if moved := next(iter(self._lines.values())).store.queue.rehome(homes):
            log.warning("%d leads now wait for the connection that their form names today", moved)

    def _lanes(self, line: Line) -> list[Lane]:
        number = max(1, min(LANES_AT_MOST, line.connection.calls_per_minute // CALLS_PER_LANE))
        clients = [self._make_client(line.connection) for _ in range(number)]
        return [Lane(line, client.crm, client.recorder, Random()) for client in clients]  # noqa: S311

    def _thread(self, lane: Lane, drain: bool) -> Thread:
        thread = Thread(target=lane.run, args=(self._stop, drain), name="lane", daemon=True)
        thread.start()
        return thread

    def _keep_up(self) -> None:
        while not self._stop.wait(UPKEEP_SECONDS):
            for duty in (self._look_for_strays, *self._upkeep):
                try:
                    duty()
                except StoreUnavailable:
                    log.warning("the database can't be reached")
                except Exception:
                    log.exception("an upkeep duty failed")
