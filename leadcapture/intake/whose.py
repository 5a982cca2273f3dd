"""Of whom a path of the body speaks: of the visitor, of somebody else, or of a thing that has a name."""

from typing import TypeGuard

from leadcapture.domain.submission import Answer
from leadcapture.intake.naming import Named, named

DOUBTFUL = 30
"""How much less an answer counts that may be another's."""
_OUTSIDER_NAMES = """
owner owners recipient recipients assignee agent salesperson sales_rep account site workspace team admin
assigned_to assigned_user referrer_contact emails_to notifications creator created_by organizer organiser hosts
event_memberships members staff operator operators assignees seller
"""
_OUTSIDERS = frozenset(_OUTSIDER_NAMES.split())
_SENDERS = frozenset(("sender", "author", "payment"))
"""They wrote to us, and are somebody else only in a label ("email sender")."""
_DOUBTFUL_PARENTS = frozenset(("user", "users", "author", "sender_info", "from", "payment", "billing", "prefill"))
_THING_NAMES = """
ad ad_group adset agency app appointment appointment_type audience board bot building calendar calendly campaign
category channel deal event event_type eventtype folder form forms funnel funnel_step funnelstep group hook
integration link list lists location meeting meeting_type metadata metric office package page pipeline plan
portal product products project resource room scheduled_event segment service shop site source space stage step
store survey tag tags template ticket type webhook workflow
"""
_THINGS = frozenset(_THING_NAMES.split())
_FIRMS = frozenset(("company", "organization", "organisation", "business", "employer", "firm", "companies"))
_PASSED_OVER = frozenset(("data", "items", "value", "values"))


def standing(path: str) -> int | None:
    """Return how much less an answer of this path counts; None when it speaks of somebody else."""
    if "." not in path:
        return 0
    spelled = path.split(".")[:-1]
    parents = [part.lower() for part in spelled]
    if not _OUTSIDERS.isdisjoint(parents) or any(map(_is_somebody_else, spelled[-2:])):
        return None
    return 0 if _DOUBTFUL_PARENTS.isdisjoint(parents) else DOUBTFUL


def _is_somebody_else(part: str) -> bool:
    return part.lower() not in _SENDERS and is_of(named(part), "someone_else")


def thing_named(answer: Answer) -> str | None:
    """`company.name` is the company's, `funnel.name` nobody's."""
    *parents, last = answer.path.lower().split(".")
    parent = next((part for part in reversed(parents) if not part.isdigit() and part not in _PASSED_OVER), "")
    if last not in ("name", "title", "full_name", "display_name") or answer.label.lower() != last:
        return None
    if parent in _FIRMS or is_of(named(parent), "company"):
        return "company"
    return "thing" if parent in _THINGS else None


def is_of(what: Named | None, field_name: str) -> TypeGuard[Named]:
    """Say whether something is named, and as that field."""
    return what is not None and what.field == field_name
