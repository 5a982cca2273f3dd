"""`min = "today"`: days that are over can't be wished for."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from leadcapture.domain.form import TODAY, Field

LAST_ZONE = timedelta(hours=-12)
"""Where no zone is known, a day is over when it is over everywhere."""


def earliest_day(field: Field, zone: str | None, now: datetime) -> date | None:
    """Return today on the location's calendar for a field that takes no earlier day, else None."""
    if field.minimum != TODAY:
        return None
    return now.astimezone(ZoneInfo(zone)).date() if zone else (now + LAST_ZONE).date()
