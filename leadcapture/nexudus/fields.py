"""Marshmallow fields that take what the CRM really sends: numbers as text, odd dates, escaped names."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Generic, Self, TypeVar

from marshmallow import EXCLUDE, Schema, fields, pre_load

from leadcapture.nexudus.answer import whole_number

_LEGACY_MOMENT = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_Value = TypeVar("_Value")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Number(fields.Field[int | None]):
    """An id, a position or an enum's value; None when it is none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | None:
        return whole_number(value)


class Text(fields.Field[str]):
    """A text with its HTML entities read; the CRM escapes names in some replies (contract 4.8)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return html.unescape(value) if isinstance(value, str) else str(value)


class Flag(fields.Field[bool]):
    """A boolean, also when written as text or number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        return truthy(value)


class Moment(fields.Field[datetime | None]):
    """A moment in UTC; None when it cannot be read."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime | None:
        return read_moment(value)


class Numbers(fields.Field[tuple[int, ...]]):
    """A list of ids."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[int, ...]:
        found = (whole_number(v) for v in value) if isinstance(value, list) else ()
        return tuple(number for number in found if number is not None)


class Row(Schema, Generic[_Value]):
    """A record of the CRM: unknown properties are left out, and null is as good as missing."""

    class Meta:
        """What the schema does with what it does not know."""

        unknown = EXCLUDE

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> _Value:
        """Return a record as the domain value that this schema builds."""
        value: _Value = cls._instance().load(record)
        return value

    @classmethod
    @cache
    def _instance(cls) -> Self:
        """Keep one of each: making a schema costs twice as much as loading a record with it."""
        return cls()

    @pre_load
    def _drop_nulls(self, data: Mapping[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value is not None}


def truthy(value: Any) -> bool:
    """Say whether a flag is set, or an id given."""
    if isinstance(value, str):
        return value.strip().lower() not in ("", "false", "0", "no")
    return bool(value)


def read_moment(value: Any) -> datetime | None:
    """Read a date in any shape the API is known to use, as UTC (contract 4.8).

    Up to seven digits of a second's fraction, an offset or none, or `/Date(milliseconds)/`. The .NET default
    date counts as none.
    """
    if not isinstance(value, str):
        return None
    legacy = _LEGACY_MOMENT.fullmatch(value.strip())
    try:
        if legacy:
            return _EPOCH + timedelta(milliseconds=int(legacy.group(1)))
        moment = datetime.fromisoformat(value.strip())
        if moment.year <= 1:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
