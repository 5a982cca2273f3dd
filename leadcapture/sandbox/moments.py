"""Date-times as the stand-in keeps and shows them.

A stored moment is UTC text of fixed width with six fraction digits, so that text order is time order.
"""

from datetime import UTC, datetime


def stored(moment: datetime) -> str:
    """The text under which an aware date-time is kept."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parsed(text: str) -> datetime | None:
    """An aware UTC date-time, or None if the text is none. Nexudus reads a time without a zone as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def shown(text: str, digits: int) -> str:
    """A stored moment as replies show it: without a fraction, or with seven digits where there is one."""
    if digits == 0 or text[20:26] == "000000":
        return text[:19] + "Z"
    return text[:26] + "0Z"
