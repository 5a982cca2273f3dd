"""What was held in the last day, told once a day to whom the alerts go: numbers and reasons, nobody's data."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import LeadState
from leadcapture.store.leads import Query
from leadcapture.store.store import Store

QUOTED = re.compile(r"“[^”]*”|\d+(?:\.\d+)?")
AT_MOST = 5000


@frozen
class Digest:
    """Tells of held leads; `send` raises OSError when it can't, and it is tried again a day later."""

    store: Store
    clock: Callable[[], datetime]
    send: Callable[[str, str], None]

    def tell(self, since: datetime) -> bool:
        """Send the digest of the time since then, if anything was held; returns whether it was sent."""
        now = self.clock()
        waiting = self.store.leads.counts(now).held
        query = Query(state=LeadState.HELD, since=since, until=now, limit=AT_MOST)
        held = [(row.form, row.reason) for row in self.store.leads.find(query)]
        if not held:
            return False
        self.send(f"leadcapture: {_number(held)} leads held since yesterday", digest_text(held, waiting))
        return True


def _number(held: list[tuple[str, str]]) -> str:
    return f"{AT_MOST} or more" if len(held) == AT_MOST else str(len(held))


def digest_text(held: list[tuple[str, str]], waiting: int) -> str:
    """Return the digest's text from (form, reason) of each lead. What a reason quotes or counts is left out."""
    forms = Counter(form for form, _ in held)
    reasons = Counter(QUOTED.sub("…", part) for _, reason in held for part in reason.split("; "))
    lines = [
        f"{_number(held)} leads were held as suspected spam since yesterday; {waiting} wait in all.",
        "Nothing is lost: release the genuine ones on the page “Held”, or with “flask leads release ID”.",
        "",
        "By form:",
        *(f"  {number:>5}  {form}" for form, number in forms.most_common()),
        "",
        "By reason (a lead may have several):",
        *(f"  {number:>5}  {reason}" for reason, number in reasons.most_common(30)),
    ]
    return "\n".join(lines)
