"""The statements of the hot paths as the drivers take them, their texts made once.

Building a statement and looking its compiled form up costs SQLAlchemy more than SQLite needs to answer it. `?` stands
for a value; moments are microseconds (see `tables`), in what goes in and in what comes out.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Table


class Ready:
    """One statement; `postgres` is what only PostgreSQL has to be told (how rows are locked)."""

    def __init__(self, text: str, postgres: str = "") -> None:
        self._texts = {"sqlite": text, "postgresql": f"{text}{postgres}".replace("?", "%s")}

    def run(self, connection: Connection, *values: Any) -> CursorResult[Any]:
        """Run it with its values, in the order of their `?`."""
        return connection.exec_driver_sql(self._texts[connection.dialect.name], values)


class Bulk:
    """An INSERT of any number of rows, its text made once for each number.

    `tail` is what follows the rows (ON CONFLICT …, RETURNING …), with `?` for each of its own values. One
    statement, not one for each row, because a database driver lets go of the interpreter at each, and has to queue
    for it again behind every thread that answers a request.
    """

    def __init__(self, table: Table, columns: Sequence[str], tail: str = "") -> None:
        names = ", ".join(columns)
        self._head = f"INSERT INTO {table.name} ({names}) VALUES "  # noqa: S608 - our own names
        self._row = f"({', '.join('?' for _ in columns)})"
        self._tail = f" {tail}" if tail else ""
        self._texts: dict[tuple[str, int], str] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]], *tail: Any) -> CursorResult[Any]:
        """Insert rows, each a tuple in the order of the columns."""
        values = tuple(value for row in rows for value in row)
        return connection.exec_driver_sql(self._text(connection.dialect.name, len(rows)), values + tail)

    def _text(self, dialect: str, number: int) -> str:
        text = self._texts.get((dialect, number))
        if text is None:
            rows: Iterable[str] = [self._row] * number
            text = f"{self._head}{', '.join(rows)}{self._tail}"
            text = text if dialect == "sqlite" else text.replace("?", "%s")
            self._texts[dialect, number] = text
        return text
