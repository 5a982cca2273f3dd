"""A reply of the CRM, read to its end."""

import json
from dataclasses import field
from datetime import datetime
from typing import Any

from leadcapture.domain.frozen import frozen


@frozen
class Answer:
    """One HTTP reply; `payload` is its JSON, or None when the body is empty or is not JSON.

    The text stays out of `repr`, so that no log line can hold it by accident.
    """

    status: int
    received_at: datetime
    reason: str = ""
    text: str = field(default="", repr=False)
    payload: Any = field(default=None, repr=False)
    retry_after: str | None = None
    date: datetime | None = None

    @property
    def succeeded(self) -> bool:
        """Say whether HTTP calls it a success; the CRM's wrapper may still contradict it (contract 4.7)."""
        return 200 <= self.status < 300

    @property
    def record(self) -> dict[str, Any]:
        """The payload as an object, empty when it is anything else."""
        return self.payload if isinstance(self.payload, dict) else {}


def read_json(text: str) -> Any:
    """Return the JSON in `text`, or None: HTML and empty bodies occur with any status (contract 4.7)."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def created_id(payload: Any) -> int | None:
    """Return the id in a result wrapper, whose `Value` may be the id alone or a whole record (contract 4.3).

    Only `WasSuccessful` makes a body a wrapper: an opportunity has a `Value` of its own (contract 4.2).
    """
    if not isinstance(payload, dict) or "WasSuccessful" not in payload:
        return None
    value = payload.get("Value")
    return (whole_number(value.get("Id")) or None) if isinstance(value, dict) else None


def whole_number(value: Any) -> int | None:
    """Return a positive id or count written as a number or as its digits, else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = value.strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 19 else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and value >= 0 else None
    return value if isinstance(value, int) and value >= 0 else None
