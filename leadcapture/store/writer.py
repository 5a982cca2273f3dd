"""Group commit: one thread of a process commits everything that waits in one transaction.

A caller hands in how to make an item, and may wait until it is on disk or be told. All items that wait at the same time
are made one after the other, before the transaction; those of one operation are handed over together, so that an
operation is a function of a list. One that has `at_once` is asked for that first on PostgreSQL, outside a transaction:
it returns None when it has written nothing. When a batch fails, each item is tried in a transaction of its own: one bad
row, or one that can't be made, never sinks the others.
"""

import itertools
import logging
import os
import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from leadcapture.errors import NothingWritten, StoreUnavailable
from leadcapture.store.db import Database, Kept

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")
Told = TypeVar("Told")
Operation = Callable[[Connection, list[Item]], list[Result]]
Afterwards = Callable[[], None] | None
"""What is done once all of a batch have been told what became of them; the same is done once."""

BATCH = 256
GATHER_SECONDS, GATHER_AT_MOST = 0.0003, 0.02
"""The least time between two commits of a process for each that writes beside another, if fewer write than last time:
who has been answered may soon write again. Who writes alone never waits."""
UNHURRIED_SECONDS = 0.03
"""How long an item waits for company when nobody waits for it: who hands in can say that nobody else is coming."""
WAITING_AT_MOST = 4000
PATIENCE_SECONDS = 15.0


class Handed(Generic[Item, Result]):
    """An item on its way to the disk."""

    __slots__ = ("_done", "_make", "_steps", "_then", "_writer", "error", "item", "operation", "result")

    item: Item

    def __init__(self, writer: "Writer", operation: Operation[Item, Result], make: Callable[[], Item]) -> None:
        self.operation = operation
        self._make = make
        self.result: Result | None = None
        self.error: BaseException | None = None
        self._writer = writer
        self._done = threading.Lock()  # held until the item is on disk: half the price of an Event
        self._done.acquire()
        self._steps = itertools.count()
        self._then: Callable[[], Afterwards] | None = None

    def wait(self) -> Result:
        """Return what came of it, once it is committed.

        Raises StoreUnavailable when the database can't be written, or is too far behind to wait for; then it
        is not known whether the item was written, and repeating it must be harmless.
        """
        if self._done.locked():
            self.hurry()
        if not self._done.acquire(timeout=PATIENCE_SECONDS):
            raise StoreUnavailable("a write took too long")
        self._done.release()
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]

    def is_done(self) -> bool:
        """Say whether it is committed or has failed."""
        return not self._done.locked()

    def when_done(self, then: Callable[[], Afterwards]) -> None:
        """Have this called when it is committed or has failed, by the writer's thread, or here if it is done; and then
        what it returns."""
        self._then = then
        if afterwards := self._step():
            _call(afterwards)

    def hurry(self) -> None:
        """Say that nothing else is coming that it should wait for."""
        self._writer.hurry()

    def made(self) -> bool:
        """Make the item, and say whether that could be done; if not, everybody who waits for it is told."""
        try:
            self.item = self._make()
        except Exception as error:
            self.fail(error)
            return False
        return True

    def fail(self, error: Exception) -> None:
        """Let everybody go on who waits for it, with an error."""
        self.error = error
        _finish([self])

    def finish(self) -> Afterwards:
        """Let everybody go on who waits for it; return what is to be done afterwards."""
        self._done.release()
        return self._step()

    def _step(self) -> Afterwards:
        if next(self._steps) == 1 and self._then is not None:  # what comes second of its end and of who asks for it
            then, self._then = self._then, None
            return _call(then)
        return None


class Writer:
    """All write transactions of one process; its thread starts with the first write, also after a fork."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._queue: queue.SimpleQueue[Handed[Any, Any]] = queue.SimpleQueue()
        self._due = threading.Event()
        self._all_here = threading.Event()
        self._company = 0
        self._process: int | None = None
        self._kept = Kept(database)
        self.failing = False
        """Whether the last transaction failed for the database's sake."""

    def run(self, operation: Operation[Item, Result], item: Item) -> Result:
        """Apply `operation` to `item` in a committed transaction and return its result; raises as `Handed.wait`."""
        return self.hand_in(operation, lambda: item).wait()

    def hand_in(self, operation: Operation[Item, Result], make: Callable[[], Item]) -> Handed[Item, Result]:
        """Have `operation` applied to the item that `make` makes in a transaction soon, without waiting for it.

        Raises StoreUnavailable when too many wait already.
        """
        self._start()
        if self._queue.qsize() >= WAITING_AT_MOST:
            raise StoreUnavailable("too many writes are waiting")
        handed = Handed(self, operation, make)
        self._queue.put(handed)
        if self._queue.qsize() == self._company:
            self._all_here.set()
        return handed

    def hurry(self) -> None:
        """Commit what waits, now."""
        if not self._due.is_set():
            self._due.set()

    def _start(self) -> None:
        if self._process == os.getpid():
            return
        with self._guard:
            if self._process == os.getpid():
                return
            self._queue, self._kept = queue.SimpleQueue(), Kept(self._database)
            self._due, self._all_here = threading.Event(), threading.Event()
            threading.Thread(target=self._work, name="store-writer", daemon=True).start()
            self._process = os.getpid()

    def _work(self) -> None:
        """Commit what waits, for ever; the more write at the same time, the more wait for one commit.

        It sleeps until all are here and not until the first is: each time that it wakes, it wants the interpreter.
        """
        lately = 0
        while True:
            if lately:
                self._all_here.wait(min(lately * GATHER_SECONDS, GATHER_AT_MOST))
            batch = [self._queue.get()]
            self._due.wait(UNHURRIED_SECONDS)
            self._due.clear()
            self._all_here.clear()
            while len(batch) < BATCH:
                try:
                    batch.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            if ready := [one for one in batch if one.made()]:
                self._commit(ready)
            self._company = len(batch)
            lately = lately // 2 + len(batch) - 1

    def _commit(self, batch: list[Handed[Any, Any]]) -> None:
        try:
            try:
                self._transaction(batch)
            except NothingWritten:
                self._transaction(batch)
        except Exception as error:
            self.failing = self.failing or isinstance(error, StoreUnavailable)
            if len(batch) == 1 or isinstance(error, StoreUnavailable):
                for waiting in batch:
                    waiting.error = error
                _finish(batch)
                return
            for waiting in batch:
                self._commit([waiting])
            return
        self.failing = False
        _finish(batch)

    def _transaction(self, batch: list[Handed[Any, Any]]) -> None:
        groups = _by_operation(batch)
        if len(groups) == 1 and self._at_once(groups[0]):
            return
        with self._database.writing(self._kept) as connection:
            for group in groups:
                _tell(group, group[0].operation(connection, [waiting.item for waiting in group]))

    def _at_once(self, group: list[Handed[Any, Any]]) -> bool:
        """Try whether PostgreSQL can do it in one statement, without a transaction around it."""
        at_once = getattr(group[0].operation, "at_once", None)
        if self._database.is_sqlite or at_once is None:
            return False
        with self._database.outside(self._kept) as connection:
            results = at_once(connection, [waiting.item for waiting in group])
        if results is None:
            return False
        _tell(group, results)
        return True


def _tell(group: list[Handed[Any, Any]], results: list[Any]) -> None:
    for waiting, result in zip(group, results, strict=True):
        waiting.result = result


def _finish(batch: list[Handed[Any, Any]]) -> None:
    """Let everybody go on who waits for one of these. Who is woken wants the interpreter at once: that comes last."""
    for afterwards in {waiting.finish() for waiting in batch}:
        if afterwards is not None:
            _call(afterwards)


def _call(tell: Callable[[], Told]) -> Told | None:
    """Tell somebody. One who can't be told holds up nobody: the thread that writes goes on."""
    try:
        return tell()
    except Exception:
        log.exception("who waited for a write could not be told")
        return None


def _by_operation(batch: list[Handed[Any, Any]]) -> list[list[Handed[Any, Any]]]:
    groups: dict[Any, list[Handed[Any, Any]]] = {}
    for waiting in batch:
        groups.setdefault(waiting.operation, []).append(waiting)
    return list(groups.values())
