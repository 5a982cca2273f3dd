"""The location's wall clock and UTC."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

NOON = time(12)


def wall_clock_to_utc(text: str, zone: str) -> datetime:
    """Turn "2026-09-01" or "2026-09-01T14:30" on a location's wall clock into UTC.

    A day without a time is that day's noon, so that it is the same day nearly everywhere. A time that the
    spring change skips is read with the offset before the change; one that comes twice is the first of the two.
    A time that names its own offset is taken at its word. Raises ValueError for what is no date, KeyError
    (ZoneInfoNotFoundError) for an unknown zone.
    """
    day, _, clock = text.partition("T")
    local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock) if clock else NOON)
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def to_crm(moment: datetime) -> str:
    """Write a moment as the CRM takes it: UTC, whole seconds, with a Z (contract 4.8)."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
