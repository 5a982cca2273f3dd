"""Where the stand-in's state outlives the process: one SQLite file, written through.

A killed process loses nothing that was answered: a commit in write-ahead mode is with the operating system
before the reply leaves. (A power cut may lose the last moments; nobody's customers live here.)
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS record (
    entity TEXT, id INTEGER, body TEXT, PRIMARY KEY (entity, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID;
"""


class Storage:
    """A file of records and named pieces of state; without a path it keeps nothing.

    Not safe for several threads at once: the world's lock is held around every call.
    """

    def __init__(self, path: Path | None) -> None:
        self._db = self._opened(path) if path else None
        self._depth = 0

    @staticmethod
    def _opened(path: Path) -> sqlite3.Connection:
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.executescript(_TABLES)
        return db

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is kept inside; an inner one is part of the outer."""
        if self._db is None or self._depth:
            yield
            return
        self._db.execute("BEGIN")
        self._depth = 1
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        else:
            self._db.execute("COMMIT")
        finally:
            self._depth = 0

    def keep(self, entity: str, number: int, body: dict[str, Any]) -> None:
        """Write a record, new or changed."""
        if self._db:
            row = (entity, number, json.dumps(body))
            self._db.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", row)

    def drop(self, entity: str, number: int) -> None:
        """Forget a record."""
        if self._db:
            self._db.execute("DELETE FROM record WHERE entity = ? AND id = ?", (entity, number))

    def keep_state(self, name: str, body: Any) -> None:
        """Write a named piece of state."""
        if self._db:
            self._db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, json.dumps(body)))

    def state(self, name: str) -> Any:
        """A named piece of state, None if it was never written."""
        if self._db is None:
            return None
        row = self._db.execute("SELECT body FROM state WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def records(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every kept record with the name of its entity, in order of id."""
        if self._db:
            for entity, body in self._db.execute("SELECT entity, body FROM record ORDER BY entity, id"):
                yield entity, json.loads(body)

    def close(self) -> None:
        """Let the file go."""
        if self._db:
            self._db.close()
            self._db = None
