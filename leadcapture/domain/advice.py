"""What a person should do about a lead, in one sentence: by its state, and by the reason that stands beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from leadcapture.domain.lead import LeadRow, LeadState

GONE = "Nothing to do: what it said is gone for good."
BY_REASON: tuple[tuple[str, str], ...] = (
    # These two go on with somebody else's words, which may hold any of the others'.
    ("tried for 30 days", "Find out what was wrong with Nexudus, then retry."),
    ("refused “", "Correct what Nexudus complains of with “Edit and send”, or in forms.toml, and retry."),
    ("asked us to wait", "Nothing to do: Nexudus limits how fast it is called, and delivery goes on by itself."),
    ("can't be reached", "Nothing to do: it is tried again by itself, for 30 days if need be."),
    ("no answer to", "Nothing to do: Nexudus is asked whether it arrived before anything is sent again."),
    ("not found in nexudus so far", "Nothing to do: it is looked up once more, then sent."),
    ("looking it up", "Nothing to do: Nexudus is asked whether it arrived before anything is sent again."),
    ("sign-in", "Sign in to Nexudus again on the Setup page. Every lead is kept until then."),
    ("not signed in", "Sign in to Nexudus on the Setup page. Every lead is kept until then."),
    ("denies", "Give the Nexudus account the missing role; delivery tries again every 15 minutes."),
    ("no new customers", "Leads of known customers go on; new ones are tried every hour. “Retry” tries at once."),
    (
        "as many opportunities",
        "Archive or delete old opportunities of this location in Nexudus: it is tried hourly.",
    ),
    (
        "can't be read",
        "Tell who runs this service: “flask leads remap” reads what arrived again. Or discard this lead.",
    ),
    ("no form", "Put the form back into forms.toml and restart, or discard this lead."),
    ("no e-mail", "Choose “Edit and send”, give the address, and it is delivered."),
    (
        "general error",
        "Usually this account needs an opportunity type or an owner: set them, then retry.",
    ),
    ("deleteaccount", "Choose another stage on the Setup page, restart, then retry."),
    ("deactivateaccount", "Choose another stage on the Setup page, restart, then retry."),
    ("is not a", "Correct the answer with “Edit and send”."),
    ("internal error", "It is tried again by itself. If it stays, tell who runs this service."),
)
BY_STATE = {
    LeadState.RECEIVED: "Nothing to do: it is delivered within seconds.",
    LeadState.DELIVERING: "Nothing to do: it is being delivered now.",
    LeadState.UNKNOWN: "Nothing to do: Nexudus is asked whether it arrived before anything is sent again.",
    LeadState.DELIVERED: "Nothing to do: it is an opportunity in Nexudus.",
    LeadState.HELD: "Look at it: “Release” delivers it, “Discard” puts it away. Nothing is lost either way.",
    LeadState.BLOCKED: "Mend what the reason names, then retry; or discard it.",
    LeadState.DISCARDED: "Nothing to do: it was put away and is not delivered. “Put back and deliver” undoes that.",
}


POSSIBLE: Mapping[LeadState, tuple[str, ...]] = {
    LeadState.RECEIVED: ("retry", "edit", "discard"),
    LeadState.UNKNOWN: ("retry", "discard"),
    LeadState.BLOCKED: ("retry", "edit", "discard"),
    LeadState.HELD: ("release", "edit", "discard"),
    LeadState.DISCARDED: ("put_back",),
}
"""What a person may do to a lead, by its state."""


def parted(action: str, rows: Iterable[LeadRow]) -> tuple[list[LeadRow], Counter[LeadState]]:
    """Return the leads that an action fits, and how many others there are by their state."""
    fitting, others = [], Counter[LeadState]()
    for row in rows:
        emptied = row.state is LeadState.DISCARDED and not row.email
        if action in POSSIBLE.get(row.state, ()) and not emptied:
            fitting.append(row)
        else:
            others[row.state] += 1
    return fitting, others


def plainly(reason: str) -> str:
    """Return a reason for a page: an outage without the call that met it."""
    return "Nexudus can’t be reached" if reason.startswith("Nexudus can't be reached") else reason


def what_to_do(state: LeadState, reason: str) -> str:
    """Return the sentence for a lead."""
    if state in (LeadState.HELD, LeadState.DELIVERED, LeadState.DISCARDED):
        return BY_STATE[state]
    said = reason.casefold()
    return next((advice for part, advice in BY_REASON if part in said), BY_STATE[state])
