"""The one place where SQLite and PostgreSQL differ: engines, locks, upserts, and how a failure is named."""

import fcntl
import os
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, Engine, Table, case, cast, create_engine, dialects, event, func
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from leadcapture.errors import NothingWritten, StoreUnavailable
from leadcapture.store.statements import CAREFULLY, Ready

READERS = 8
IDLE_SECONDS = 1.0
LONGEST_LOG_BYTES = 16 * 1024 * 1024
"""What SQLite's log is cut to when it begins anew: it has grown while somebody read for long, by 40 KB a post, and
would stay so, whatever the disk needs. Usually it is two thirds of that, and is never cut."""
LOG_PAGES = 2500
"""After so many its pages go into the file, 4 KB each: the same page less often than after SQLite's 1,000."""
_making = threading.Lock()
_BEGIN, _BEGIN_TO_WRITE = Ready("BEGIN"), Ready("BEGIN IMMEDIATE")

ROLLED_BACK = {"40P01", "40001"}
"""PostgreSQL's codes for a transaction that it gave up for the sake of another: deadlocks, failed serialization."""
CUT_OFF = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000}
"""How soon a line to PostgreSQL that has died without a word is given up."""
_BEGIN_PATIENTLY = Ready(f"BEGIN; SET LOCAL idle_in_transaction_session_timeout = '10s'; {CAREFULLY}")
"""How soon PostgreSQL lets go of what a host holds that was cut off in a transaction."""


def database_url(text: str) -> URL:
    """Parse DATABASE_URL; `postgres://` and `postgresql://` both mean psycopg 3. Raises ValueError."""
    try:
        url = make_url(text)
    except SQLAlchemyError as error:
        raise ValueError("not a database URL") from error
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite":
        return url
    if url.drivername != "postgresql+psycopg":
        raise ValueError("neither SQLite nor PostgreSQL")
    return url


class Kept:
    """The connection of one thread, kept open between its transactions, but for one that has failed: fetching it
    from the pool and giving it back takes longer than a small transaction. One to PostgreSQL that has lain idle, or has
    been hung up, goes back first: the pool looks whether it still lives before it gives it out."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._connection: Connection | None = None
        self._used_at = 0.0
        self.lock: int | None = None
        """The open lock file beside SQLite's."""

    def __del__(self) -> None:
        if self.lock is not None:
            os.close(self.lock)

    def __enter__(self) -> Connection:
        if not self._database.is_sqlite and (
            time.monotonic() - self._used_at > IDLE_SECONDS or _has_news(self._connection)
        ):
            self._give_back()
        if self._connection is None:
            self._connection = self._database.connect_to_write()
        return self._connection

    def __exit__(self, kind: object, error: object, _trace: object) -> None:
        self._used_at = time.monotonic()
        if kind is not None:
            self._give_back(failed=True)
        if isinstance(error, DBAPIError) and _is_outage(error):
            # What was opened while the file could not be written, or before another server took over, stays read-only.
            self._database.engine.dispose()

    def _give_back(self, failed: bool = False) -> None:
        if self._connection is not None:
            if failed:
                self._connection.invalidate()
            self._connection.close()
            self._connection = None


class Database:
    """An engine with the locks that go with it; opens no connection before it is first used."""

    def __init__(self, url: str) -> None:
        self.url = database_url(url)
        self.is_sqlite = self.url.drivername == "sqlite"
        self._file: tuple[int, int] | None = None
        self._place = Path(self.url.database or "")
        self.engine = self._sqlite_engine() if self.is_sqlite else self._postgres_engine()
        self._lock_path = Path(f"{self.url.database}.lock") if self.is_sqlite else None
        # The dialect that the engine has loaded: PostgreSQL's costs each process 2 MB and a start 40 ms.
        self._insert: Any = getattr(dialects, self.engine.dialect.name).insert

    def _sqlite_engine(self) -> Engine:
        engine = create_engine(self.url, pool_size=READERS, max_overflow=8, pool_timeout=5)
        event.listen(engine, "do_connect", lambda *_: _private(self.url))
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "connect", self._remember_file)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _postgres_engine(self) -> Engine:
        # No prepared statements and no session settings, so that a pooler may hand each transaction another session.
        engine = create_engine(
            self.url,
            pool_size=4,
            max_overflow=8,
            pool_timeout=5,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5, "prepare_threshold": None, **CUT_OFF},
        )
        event.listen(engine, "begin", _begin_postgres)
        return engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with; raises StoreUnavailable."""
        with named_failures(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, kept: "Kept | None" = None) -> Iterator[Connection]:
        """One write transaction: under the file lock on SQLite, so that no process ever meets its busy sleep.

        `kept` is the connection of a thread that writes all the time. Raises StoreUnavailable, and its NothingWritten.
        """
        self.look()
        with (
            named_failures(),
            self._file_lock(kept),
            kept or self.connect_to_write() as connection,
            _begun(connection),
        ):
            yield connection

    @contextmanager
    def outside(self, kept: "Kept") -> Iterator[Connection]:
        """A connection to PostgreSQL in no transaction: a statement is one by itself. Raises as `writing`."""
        with named_failures(), kept as connection:
            yield connection

    def connect_to_write(self) -> Connection:
        """Return a connection of the pool whose transactions are begun for writing."""
        if self.is_sqlite:
            return self.engine.connect().execution_options(write=True)
        # What we send begins a transaction: else the driver would send a BEGIN of its own before that.
        return self.engine.connect().execution_options(write=True, isolation_level="AUTOCOMMIT")

    @contextmanager
    def _file_lock(self, kept: "Kept | None" = None) -> Iterator[None]:
        if self._lock_path is None:
            yield
            return
        lock = kept.lock if kept and kept.lock is not None else os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            if kept is None:
                os.close(lock)
            else:
                kept.lock = lock
                fcntl.flock(lock, fcntl.LOCK_UN)

    def upsert(self, table: Table) -> Any:
        """Return an INSERT that knows ON CONFLICT, of whichever dialect this database speaks."""
        return self._insert(table)

    def json_text(self, column: Any, *path: str) -> Any:
        """Return an expression: the text at a path of a JSON document that a text column holds, or NULL.

        On SQLite a document that is damaged has none, and spoils nobody's count.
        """
        if self.is_sqlite:
            return case((func.json_valid(column) == 1, func.json_extract(column, "$." + ".".join(path))))
        return func.json_extract_path_text(cast(column, JSON), *path)

    def shred(self) -> None:
        """Leave nothing of what was deleted in SQLite's log, as far as nobody reads just now; its pages overwrite
        what is deleted by themselves (secure_delete). PostgreSQL vacuums by itself."""
        if not self.is_sqlite:
            return
        with named_failures(), self._file_lock():
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def look(self) -> None:
        """Raise StoreUnavailable when another file lies in the place of SQLite's (a restored backup), or none.

        What went into the old one would be lost. It stays open, since SQLite would remove the new one's log with it:
        only a restart helps.
        """
        if self._file is not None and self._file != self._found():
            raise StoreUnavailable("another file lies in the database's place: restart web and worker")

    def _remember_file(self, *_: object) -> None:
        """Remember which file was opened first."""
        self._file = self._file or self._found()

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self._place.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


@contextmanager
def _begun(connection: Connection) -> Iterator[None]:
    """A transaction. A line to PostgreSQL that turns out to be dead when it begins has written nothing."""
    try:
        transaction = connection.begin()
    except DBAPIError as error:
        if connection.dialect.name == "sqlite":
            raise
        raise NothingWritten(type(error).__name__) from error
    with transaction:
        yield


@contextmanager
def named_failures() -> Iterator[None]:
    """Turn what the driver raises when the database can't be used into StoreUnavailable, with its name alone."""
    try:
        yield
    except (DBAPIError, PoolTimeout, OSError) as error:
        if isinstance(error, DBAPIError) and not _is_outage(error):
            raise
        if getattr(getattr(error, "orig", None), "sqlstate", None) in ROLLED_BACK:
            raise NothingWritten(_cause(error)) from error
        raise StoreUnavailable(_cause(error)) from error


def _has_news(connection: Connection | None) -> bool:
    """Say whether PostgreSQL has said something unasked: most probably its last word."""
    if connection is None:
        return False
    line: Any = connection.connection.driver_connection
    if line.closed:
        return True
    heard = select.poll()
    heard.register(line.fileno(), select.POLLIN)
    return bool(heard.poll(0))


def _cause(error: Exception) -> str:
    """Name a failure as the database does: a full disk, a lock that somebody else has."""
    original = getattr(error, "orig", None) or error
    return getattr(original, "sqlite_errorname", "") or type(original).__name__


def _is_outage(error: DBAPIError) -> bool:
    if type(error.orig).__name__ == "UndefinedTable":
        return True  # as SQLite's "no such table" is: the database is not migrated
    if getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return True  # a file of something else, or one that somebody has written over
    return error.connection_invalidated or type(error).__name__ in {
        "OperationalError",
        "InterfaceError",
        "InternalError",
    }


def _private(url: URL) -> None:
    """Make SQLite's file for its owner alone, if it is not there; its log and index take after it.

    One that is there is never opened here: to close any descriptor of a file drops all locks that the process has on it
    (POSIX), SQLite's among them, and the next stranger who closes it removes the log that we write.
    """
    if url.database and url.database != ":memory:":
        with _making, suppress(FileExistsError):
            os.close(os.open(url.database, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "temp_store=MEMORY",
        "secure_delete=ON",
        f"journal_size_limit={LONGEST_LOG_BYTES}",
        f"wal_autocheckpoint={LOG_PAGES}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    (_BEGIN_TO_WRITE if connection.get_execution_options().get("write") else _BEGIN).change(connection)


def _begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get("write"):
        _BEGIN_PATIENTLY.change(connection)
