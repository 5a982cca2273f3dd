"""Days on which something may be wished for: none that is over."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from leadcapture.domain.form import Field, FieldType

DUE = "opportunity.DueDate"
LAST_ZONE = timedelta(hours=-12)
"""Where no zone is known, a day is over when it is over everywhere."""


def earliest_day(field: Field, zone: str | None, now: datetime) -> date | None:
    """Return today, on the location's calendar, for a date that becomes the due date and has no minimum of its own."""
    if field.type is not FieldType.DATE or field.to != DUE or field.minimum:
        return None
    return now.astimezone(ZoneInfo(zone)).date() if zone else (now + LAST_ZONE).date()
