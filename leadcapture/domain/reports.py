"""What the reports say, as values; how leads fall into days of a location's calendar and pages into addresses."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import LeadState

LONGEST_DAYS = 366
USUAL_DAYS = 30
QUARTER_SECONDS = 900
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
"""Days beyond these are taken for these: every zone can reckon with them."""
WAITING_STATES = (LeadState.RECEIVED, LeadState.DELIVERING, LeadState.UNKNOWN)
STEPS: tuple[tuple[str, float | None], ...] = (
    ("under 5 seconds", 5.0),
    ("under 30 seconds", 30.0),
    ("under 2 minutes", 120.0),
    ("under 15 minutes", 900.0),
    ("under 1 hour", 3600.0),
    ("under 1 day", 86400.0),
    ("longer", None),
)


@frozen
class Period:
    """Whole days of a time zone, both ends included."""

    first: date
    last: date
    zone: str

    @property
    def since(self) -> datetime:
        """The moment at which the first day begins."""
        return midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The moment at which the day after the last begins."""
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def midnight(day: date, zone: str) -> datetime:
    """Return the moment at which a day begins on a zone's calendar."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def period(first: date | None, last: date | None, now: datetime, zone: str) -> Period:
    """Return the days asked for: the last thirty without a wish, never more than a year, never upside down."""
    today = now.astimezone(ZoneInfo(zone)).date()
    last = max(EARLIEST, min(last or today, today))
    first = min(first or last - timedelta(days=USUAL_DAYS - 1), last)
    return Period(max(first, last - timedelta(days=LONGEST_DAYS - 1)), last, zone)


@frozen
class DayRow:
    """The leads received on one day, by what has become of them."""

    day: date
    delivered: int = 0
    waiting: int = 0
    held: int = 0
    blocked: int = 0
    discarded: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.delivered + self.waiting + self.held + self.blocked + self.discarded


@frozen
class SourceRow:
    """The leads of one source or campaign: how many came, arrived in Nexudus, were won and were lost."""

    name: str
    leads: int
    delivered: int
    won: int
    lost: int


@frozen
class Speed:
    """How long delivered leads took from form to CRM; `steps` are (words, number), fastest first."""

    number: int
    median_seconds: float | None
    slow_seconds: float | None
    steps: tuple[tuple[str, int], ...]


@frozen
class PageRow:
    """A page whose leads said nothing of where their visitors came from, how many did, and whether it is a hosted
    form, whose links must say it."""

    page: str
    unknown: int
    hosted: bool = False


def group_of(state: str) -> str:
    """Return the word under which a report counts a state: received, delivering and unknown are all waiting."""
    return "waiting" if state in WAITING_STATES else state


def by_day(quarters: Iterable[tuple[int, str, int]], wanted: Period) -> list[DayRow]:
    """Put (quarter of an hour since 1970, state, number) into a calendar's days, none left out."""
    zone = ZoneInfo(wanted.zone)
    counted: dict[date, Counter[str]] = defaultdict(Counter)
    for quarter, state, number in quarters:
        day = datetime.fromtimestamp(quarter * QUARTER_SECONDS, zone).date()
        counted[day][group_of(state)] += number
    return [DayRow(day, **counted[day]) for day in wanted.days]


def is_hosted(page: str, forms: Iterable[str]) -> bool:
    """Say whether an address is that of one of the forms on our own pages."""
    before, _, name = urlsplit(page).path.rpartition("/")
    return before.endswith("/f") and name in forms


def pages_of(found: Mapping[str, int], forms: Iterable[str] = (), most: int = 20) -> list[PageRow]:
    """Add up page addresses without their queries, the busiest first; "" is a post that named no page."""
    counted: Counter[str] = Counter()
    for address, number in found.items():
        parts = urlsplit(address)
        counted[f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else ""] += number
    return [PageRow(page, number, is_hosted(page, forms)) for page, number in counted.most_common(most)]
