"""The statements of the hot paths, given to the database's driver as they are.

Making a statement, looking its compiled form up and wrapping its result cost SQLAlchemy several times what SQLite
needs to answer it. `?` stands for a value; moments are microseconds (see `tables`), in what goes in and in what comes
out. Connection, transaction and failures stay SQLAlchemy's.
"""

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Integer, Table
from sqlalchemy.exc import DBAPIError, IntegrityError

from leadcapture.store.tables import Moment

Values = tuple[Any, ...]

AT_ONCE = 32
"""How many rows one statement has at most. The driver keeps what it has compiled, for each number of rows anew: up to a
hundred took 7 MB of each web process once everybody came at once."""

UNIQUE_VIOLATION = "23505"
"""PostgreSQL's code for a row whose key is there already."""
CAREFULLY = (
    "SELECT set_config('lock_timeout', '12s', true), CASE WHEN current_setting('synchronous_commit') = 'off' "
    "THEN set_config('synchronous_commit', 'on', true) END"
)
"""How long a transaction waits for others, and that PostgreSQL says that it is committed when it is on disk, also where
it is set to say so before."""


class Ready:
    """One statement; `returns` names the columns of its rows, `postgres` is what only PostgreSQL has to be told."""

    def __init__(self, text: str, returns: Sequence[str] = (), postgres: str = "") -> None:
        self._texts = {"sqlite": text, "postgresql": _numbered(f"{text}{postgres}")}
        self._row = _row(returns)

    def change(self, connection: Connection, *values: Any) -> int:
        """Run it with its values, in the order of their `?`; return how many rows it changed."""
        return _changed(connection, self._texts[connection.dialect.name], values)

    def read(self, connection: Connection, *values: Any) -> list[Any]:
        """Run it and return its rows."""
        return [self._row(*row) for row in _read(connection, self._texts[connection.dialect.name], values)]


class _ManyRows:
    """A statement with any number of rows, its text made once for each number.

    One statement, not one for each row, because a database driver lets go of the interpreter at each, and has to queue
    for it again behind every thread that answers a request.
    """

    def __init__(self, head: str, first: str, further: str, tail: str, returns: Sequence[str]) -> None:
        self._head, self._first, self._further, self._tail = head, first, further, tail
        self._row = _row(returns)
        self._texts: dict[tuple[str, int], str] = {}

    def read(self, connection: Connection, rows: Sequence[Values], *tail: Any) -> list[Any]:
        """Run it with rows, each a tuple in the order of the columns; return what comes back."""
        name = connection.dialect.name
        found: list[Values] = []
        for some in _parts(rows):
            found += _read(connection, self._text(name, len(some)), _joined(some, tail))
        return [self._row(*row) for row in found]

    def change(self, connection: Connection, rows: Sequence[Values], *tail: Any) -> int:
        """Run it with rows, each a tuple in the order of the columns; return how many were changed."""
        name = connection.dialect.name
        return sum(_changed(connection, self._text(name, len(some)), _joined(some, tail)) for some in _parts(rows))

    def _text(self, dialect: str, number: int) -> str:
        text = self._texts.get((dialect, number))
        if text is None:
            text = self.text(number)
            text = text if dialect == "sqlite" else _numbered(text)
            self._texts[dialect, number] = text
        return text

    def text(self, number: int) -> str:
        """Return the statement for a number of rows, with `?` for each value."""
        return f"{self._head}{', '.join([self._first] + [self._further] * (number - 1))}{self._tail}"


class Bulk(_ManyRows):
    """An INSERT of any number of rows.

    `tail` is what follows the rows (ON CONFLICT …), with `?` for each of its own values; `returns` names the columns
    that come back.
    """

    def __init__(self, table: Table, columns: Sequence[str], tail: str = "", returns: Sequence[str] = ()) -> None:
        values = f"({', '.join('?' for _ in columns)})"
        super().__init__(
            f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ",  # noqa: S608 - our own names
            values,
            values,
            f" {tail}{_returning(returns)}",
            returns,
        )


class AllOrNothing:
    """Several INSERTs as one statement, for PostgreSQL, which needs no transaction around one.

    One trip in place of six: each takes as long as writing does, and lets go of the interpreter.
    """

    def __init__(self, *inserts: Bulk) -> None:
        self._inserts = inserts
        self._text = lru_cache(maxsize=64)(self._written)

    def write(self, connection: Connection, *rows: Sequence[Values]) -> bool:
        """Run them on a connection that is in no transaction, each with its rows, and say whether they were written:
        a row that is there already spoils it for all."""
        text, values = self._text(tuple(map(len, rows))), _joined(chain.from_iterable(reversed(rows)), ())
        try:
            _read(connection, text, values)
        except IntegrityError as error:
            if getattr(error.orig, "sqlstate", None) != UNIQUE_VIOLATION:
                raise
            return False
        return True

    def _written(self, numbers: tuple[int, ...]) -> str:
        """Write the statement for these numbers of rows; an INSERT without any is left out.

        PostgreSQL runs them after the SELECT, from the last to the first. That order decides how soon a refusal is
        known, and that two processes, or one that goes step by step, lock the same rows in the same order.
        """
        given = zip(reversed(self._inserts), reversed(numbers), strict=True)
        inserts = [insert.text(number) for insert, number in given if number]
        return _numbered(f"WITH {', '.join(f'i{place} AS ({text})' for place, text in enumerate(inserts))} {CAREFULLY}")


class Changes(_ManyRows):
    """An UPDATE of any number of rows, each with values of its own.

    The row that `keys` name gets `columns`; `also` are further assignments. In `values` (column -> expression, where a
    value is not set as it is) a `{}` stands for the value. `returns` names what comes back, of the rows that were
    there, in no certain order.
    """

    def __init__(
        self,
        table: Table,
        keys: Sequence[str],
        columns: Sequence[str],
        *,
        values: Mapping[str, str] | None = None,
        also: str = "",
        returns: Sequence[str] = (),
    ) -> None:
        # VALUES calls its columns column1, column2 … on both databases. The first row says of which type they are.
        given = {name: f"given.column{place}" for place, name in enumerate((*keys, *columns), 1)}
        expressions = values or {}
        assigned = [f"{name} = {expressions.get(name, '{}').format(given[name])}" for name in columns]
        found = " AND ".join(f"{table.name}.{key} = {given[key]}" for key in keys)
        super().__init__(
            f"UPDATE {table.name} SET {', '.join([*assigned, *([also] if also else [])])} FROM (VALUES ",  # noqa: S608
            f"({', '.join(f'CAST(? AS {_kind(table, name)})' for name in given)})",
            f"({', '.join('?' for _ in given)})",
            f") AS given WHERE {found}{_returning([f'{table.name}.{name}' for name in returns])}",
            returns,
        )


def _parts(rows: Sequence[Values]) -> list[Sequence[Values]]:
    return [rows] if len(rows) <= AT_ONCE else [rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)]


def _returning(columns: Sequence[str]) -> str:
    return f" RETURNING {', '.join(columns)}" if columns else ""


def _kind(table: Table, column: str) -> str:
    return "BIGINT" if isinstance(table.c[column].type, Integer | Moment) else "TEXT"


def _row(columns: Sequence[str]) -> Any:
    return namedtuple("Row", columns)


def _joined(rows: Iterable[Values], tail: Values) -> Values:
    return (*chain.from_iterable(rows), *tail)


def _numbered(text: str) -> str:
    """Write a statement with PostgreSQL's own signs for its values, `$1`, `$2` …: psycopg need not look for any."""
    first, *further = text.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(further, 1))


def _cursor(connection: Connection) -> Any:
    line, dialect = connection.connection, connection.dialect
    return line.cursor() if dialect.name == "sqlite" else dialect.loaded_dbapi.RawCursor(line.driver_connection)


def _changed(connection: Connection, text: str, values: Values) -> int:
    try:
        return int(_cursor(connection).execute(text, values).rowcount)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _named(error, text, connection) from error


def _read(connection: Connection, text: str, values: Values) -> Sequence[Values]:
    try:
        return list(_cursor(connection).execute(text, values))
    except connection.dialect.loaded_dbapi.Error as error:
        raise _named(error, text, connection) from error


def _named(error: Any, text: str, connection: Connection) -> Exception:
    """Return SQLAlchemy's error for the driver's, without the values."""
    kind, dialect = connection.dialect.loaded_dbapi.Error, connection.dialect
    named: Exception = DBAPIError.instance(text, None, error, kind, hide_parameters=True, dialect=dialect)
    return named
