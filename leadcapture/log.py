"""Logs: one JSON object a line, with the lead's id where there is one, and never a person's data."""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

lead_id: ContextVar[str | None] = ContextVar("lead_id", default=None)

QUIET = ("urllib3", "werkzeug", "alembic", "sqlalchemy")
"""Libraries whose lines may hold addresses of people (urllib3 logs whole URLs)."""


class JsonLines(logging.Formatter):
    """Formats a record as one JSON line; of an exception only its type and where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if lead := lead_id.get():
            line["lead"] = lead
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False)


def _where(record: logging.LogRecord) -> str:
    trace = record.exc_info[2] if record.exc_info else None
    frames = traceback.extract_tb(trace)[-4:]
    return " < ".join(f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in reversed(frames))


def configure(level: str) -> None:
    """Send logs to standard error as JSON lines; repeated calls change the level only."""
    root = logging.getLogger()
    root.setLevel(level)
    if not any(isinstance(handler.formatter, JsonLines) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        root.addHandler(handler)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
