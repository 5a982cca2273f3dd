"""Group commit: one thread of a process commits everything that waits in one transaction.

A caller hands in an item and waits until it is on disk. Items of one operation that wait at the same time are
handed over together, so that an operation is a function of a list. When a batch fails, each item is tried in a
transaction of its own: one bad row never sinks the others.
"""

import os
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from leadcapture.errors import StoreUnavailable
from leadcapture.store.db import Database, Kept

Item = TypeVar("Item")
Result = TypeVar("Result")
Operation = Callable[[Connection, list[Item]], list[Result]]

BATCH = 256
GATHER_SECONDS = 0.004
"""The least time between two commits of a process in which several write; one that writes alone never waits."""
WAITING_AT_MOST = 4000
PATIENCE_SECONDS = 15.0


class _Waiting(Generic[Item, Result]):
    __slots__ = ("done", "error", "item", "operation", "result")

    def __init__(self, operation: Operation[Item, Result], item: Item) -> None:
        self.operation = operation
        self.item = item
        self.done = threading.Lock()  # held until the item is on disk: half the price of an Event
        self.done.acquire()
        self.result: Result | None = None
        self.error: BaseException | None = None


class Writer:
    """All write transactions of one process; its thread starts with the first write, also after a fork."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._queue: queue.SimpleQueue[_Waiting[Any, Any]] = queue.SimpleQueue()
        self._process: int | None = None
        self._kept = Kept(database)

    def run(self, operation: Operation[Item, Result], item: Item) -> Result:
        """Apply `operation` to `item` in a committed transaction and return its result.

        Raises StoreUnavailable when the database can't be written, or is too far behind to wait for; then it
        is not known whether the item was written, and repeating it must be harmless.
        """
        self._start()
        waiting = _Waiting(operation, item)
        if self._queue.qsize() >= WAITING_AT_MOST:
            raise StoreUnavailable("too many writes are waiting")
        self._queue.put(waiting)
        if not waiting.done.acquire(timeout=PATIENCE_SECONDS):
            raise StoreUnavailable("a write took too long")
        if waiting.error is not None:
            raise waiting.error
        return waiting.result  # type: ignore[return-value]

    def _start(self) -> None:
        if self._process == os.getpid():
            return
        with self._guard:
            if self._process == os.getpid():
                return
            self._queue, self._kept = queue.SimpleQueue(), Kept(self._database)
            threading.Thread(target=self._work, name="store-writer", daemon=True).start()
            self._process = os.getpid()

    def _work(self) -> None:
        """Commit what waits, for ever; while several write at the same time, at most every GATHER_SECONDS."""
        pause, committed_at, company = threading.Event(), 0.0, 0
        while True:
            batch = [self._queue.get()]
            since = time.monotonic() - committed_at
            if company and since < GATHER_SECONDS:
                pause.wait(GATHER_SECONDS - since)
            while len(batch) < BATCH:
                try:
                    batch.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            self._commit(batch)
            committed_at, company = time.monotonic(), company // 2 + len(batch) - 1

    def _commit(self, batch: list[_Waiting[Any, Any]]) -> None:
        try:
            self._transaction(batch)
        except Exception as error:
            if len(batch) == 1 or isinstance(error, StoreUnavailable):
                self._fail(batch, error)
                return
            for waiting in batch:
                self._commit([waiting])
            return
        for waiting in batch:
            waiting.done.release()

    def _transaction(self, batch: list[_Waiting[Any, Any]]) -> None:
        with self._database.writing(self._kept) as connection:
            for group in _by_operation(batch):
                results = group[0].operation(connection, [waiting.item for waiting in group])
                for waiting, result in zip(group, results, strict=True):
                    waiting.result = result

    @staticmethod
    def _fail(batch: list[_Waiting[Any, Any]], error: Exception) -> None:
        for waiting in batch:
            waiting.error = error
            waiting.done.release()


def _by_operation(batch: list[_Waiting[Any, Any]]) -> list[list[_Waiting[Any, Any]]]:
    groups: dict[Any, list[_Waiting[Any, Any]]] = {}
    for waiting in batch:
        groups.setdefault(waiting.operation, []).append(waiting)
    return list(groups.values())
