"""Opportunities that are there already: a known person's open one, and one that Nexudus made by itself.

Changing a record is GET, merge, PUT of the whole: what is left out of a PUT is cleared (contract 4.4).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from leadcapture.delivery.crm import Crm
from leadcapture.domain.notes import REFERENCE, add_to_notes, shorten_notes
from leadcapture.domain.opportunity import Opportunity, OpportunityDraft, OpportunityStatus

Replace = Callable[[Mapping[str, Any]], None]
"""What PUTs a whole record: `Delivery` waits there for changes that had no answer."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
OUR_TAG = re.compile(r"\[[0-9a-f]{10}\]\s*$")
"""The short reference of a lead at the end of an opportunity's Name (`domain.opportunity.short_reference`)."""


def carrying(theirs: Iterable[Opportunity], reference: str) -> Opportunity | None:
    """Return the opportunity that a lead stands in already, whatever has become of it since."""
    return next((opportunity for opportunity in theirs if opportunity.carries(reference)), None)


def find_open(theirs: Iterable[Opportunity], coworker_id: int, board_column: int) -> Opportunity | None:
    """Return the customer's newest open opportunity, on the form's stage before elsewhere; None without one."""
    found = [
        opportunity
        for opportunity in theirs
        if opportunity.coworker_id == coworker_id and opportunity.status == OpportunityStatus.InProgress
    ]
    return max(found, key=lambda o: (o.board_column_id == board_column, o.id), default=None)


def add_note(crm: Crm, put: Replace, opportunity_id: int, reference: str, notes: str, limit: int | None) -> bool:
    """Add an enquiry to an opportunity's Notes, once; nothing else of the record changes.

    Returns False, and changes nothing, when what the account's Notes may hold has no room for it.
    """
    record = dict(crm.get_opportunity(opportunity_id))
    existing = str(record.get("Notes") or "")
    if reference in existing:
        return True
    written = add_to_notes(existing, notes)
    if limit and len(written) > limit:
        return False
    put(record | {"Notes": written})
    return True


def find_automatic(theirs: Iterable[Opportunity], coworker_id: int, board_id: int | None) -> Opportunity | None:
    """Return the opportunity that Nexudus' own automation made on a board: it carries no lead of ours, neither in
    its Notes (which a type's template may have replaced) nor in its Name."""
    found = [
        opportunity
        for opportunity in theirs
        if opportunity.coworker_id == coworker_id
        and REFERENCE not in (opportunity.notes or "")
        and not OUR_TAG.search(opportunity.name)
        and (board_id is None or opportunity.board_id in (None, board_id))
    ]
    return min(found, key=lambda o: o.id, default=None)


def adopt(
    crm: Crm, put: Replace, opportunity_id: int, reference: str, draft: OpportunityDraft, limit: int | None
) -> None:
    """Write an enquiry into an opportunity that Nexudus made: Notes are added to, empty fields are filled."""
    record = dict(crm.get_opportunity(opportunity_id))
    existing = str(record.get("Notes") or "")
    if reference in existing:
        return
    for name, value in draft.fields.items():
        if record.get(name) in (None, ""):
            record[name] = value
    record["LeadSource"] = draft.fields["LeadSource"]
    written = add_to_notes(existing, str(draft.fields["Notes"]))
    record["Notes"] = shorten_notes(written, limit) if limit else written
    put(record)
