"""The statements of the hot paths, given to the database's driver as they are.

Making a statement, looking its compiled form up and wrapping its result cost SQLAlchemy several times what SQLite
needs to answer it. `?` stands for a value; moments are microseconds (see `tables`), in what goes in and in what comes
out. Connection, transaction and failures stay SQLAlchemy's.
"""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Integer, Table
from sqlalchemy.exc import DBAPIError

from leadcapture.store.tables import Moment

Values = tuple[Any, ...]


class Ready:
    """One statement; `returns` names the columns of its rows, `postgres` is what only PostgreSQL has to be told."""

    def __init__(self, text: str, returns: Sequence[str] = (), postgres: str = "") -> None:
        self._texts = {"sqlite": text, "postgresql": f"{text}{postgres}".replace("?", "%s")}
        self._row = _row(returns)

    def change(self, connection: Connection, *values: Any) -> int:
        """Run it with its values, in the order of their `?`; return how many rows it changed."""
        return _changed(connection, self._texts[connection.dialect.name], values)

    def read(self, connection: Connection, *values: Any) -> list[Any]:
        """Run it and return its rows."""
        return [self._row(*row) for row in _read(connection, self._texts[connection.dialect.name], values)]


class Bulk:
    """An INSERT of any number of rows, its text made once for each number.

    `tail` is what follows the rows (ON CONFLICT …), with `?` for each of its own values; `returns` names the columns
    that come back. One statement, not one for each row, because a database driver lets go of the interpreter at each,
    and has to queue for it again behind every thread that answers a request.
    """

    def __init__(self, table: Table, columns: Sequence[str], tail: str = "", returns: Sequence[str] = ()) -> None:
        names = ", ".join(columns)
        self._head = f"INSERT INTO {table.name} ({names}) VALUES "  # noqa: S608 - our own names
        self._values = f"({', '.join('?' for _ in columns)})"
        self._tail = f" {tail}" + (f" RETURNING {', '.join(returns)}" if returns else "")
        self._row = _row(returns)
        self._texts: dict[tuple[str, int], str] = {}

    def read(self, connection: Connection, rows: Sequence[Values], *tail: Any) -> list[Any]:
        """Insert rows, each a tuple in the order of the columns; return what comes back."""
        text = self._text(connection.dialect.name, len(rows))
        return [self._row(*row) for row in _read(connection, text, _joined(rows, tail))]

    def change(self, connection: Connection, rows: Sequence[Values], *tail: Any) -> int:
        """Insert rows, each a tuple in the order of the columns; return how many were inserted or changed."""
        return _changed(connection, self._text(connection.dialect.name, len(rows)), _joined(rows, tail))

    def _text(self, dialect: str, number: int) -> str:
        text = self._texts.get((dialect, number))
        if text is None:
            text = f"{self._head}{', '.join([self._values] * number)}{self._tail}"
            text = text if dialect == "sqlite" else text.replace("?", "%s")
            self._texts[dialect, number] = text
        return text


class Changes:
    """An UPDATE of any number of rows, each with values of its own, in one statement.

    The row that `keys` name gets `columns`; `also` are further assignments. In `values` (column ->
    expression, where a value is not set as it is) a `{}` stands for the value. `returns` names what comes
    back, of the rows that were there, in no certain order.
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
        self._head = f"UPDATE {table.name} SET {', '.join([*assigned, *([also] if also else [])])} FROM (VALUES "  # noqa: S608
        self._typed = f"({', '.join(f'CAST(? AS {_kind(table, name)})' for name in given)})"
        self._values = f"({', '.join('?' for _ in given)})"
        self._tail = ") AS given WHERE " + " AND ".join(f"{table.name}.{key} = {given[key]}" for key in keys)
        self._tail += f" RETURNING {', '.join(f'{table.name}.{name}' for name in returns)}" if returns else ""
        self._row = _row(returns)
        self._texts: dict[tuple[str, int], str] = {}

    def read(self, connection: Connection, rows: Sequence[Values]) -> list[Any]:
        """Change rows, each a tuple in the order of keys and columns; return what comes back."""
        return [self._row(*row) for row in _read(connection, self._text(connection, len(rows)), _joined(rows, ()))]

    def change(self, connection: Connection, rows: Sequence[Values]) -> int:
        """Change rows, each a tuple in the order of keys and columns; return how many there were."""
        return _changed(connection, self._text(connection, len(rows)), _joined(rows, ()))

    def _text(self, connection: Connection, number: int) -> str:
        dialect = connection.dialect.name
        text = self._texts.get((dialect, number))
        if text is None:
            text = f"{self._head}{', '.join([self._typed] + [self._values] * (number - 1))}{self._tail}"
            text = text if dialect == "sqlite" else text.replace("?", "%s")
            self._texts[dialect, number] = text
        return text


def _kind(table: Table, column: str) -> str:
    return "BIGINT" if isinstance(table.c[column].type, Integer | Moment) else "TEXT"


def _row(columns: Sequence[str]) -> Any:
    return namedtuple("Row", columns)


def _joined(rows: Sequence[Values], tail: Values) -> Values:
    return tuple(value for row in rows for value in row) + tail


def _changed(connection: Connection, text: str, values: Values) -> int:
    try:
        return int(connection.connection.cursor().execute(text, values).rowcount)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _named(error, text, connection) from error


def _read(connection: Connection, text: str, values: Values) -> Sequence[Values]:
    try:
        return list(connection.connection.cursor().execute(text, values))
    except connection.dialect.loaded_dbapi.Error as error:
        raise _named(error, text, connection) from error


def _named(error: Any, text: str, connection: Connection) -> Exception:
    """Return SQLAlchemy's error for the driver's, without the values."""
    kind, dialect = connection.dialect.loaded_dbapi.Error, connection.dialect
    named: Exception = DBAPIError.instance(text, None, error, kind, hide_parameters=True, dialect=dialect)
    return named
