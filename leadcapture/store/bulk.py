"""Many rows of a table in one statement, past what building and compiling a statement costs for each batch."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Table


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
