"""Delivered leads against Nexudus: what is missing there, what is there twice, what has been moved, won or lost."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from leadcapture.delivery.crm import Crm
from leadcapture.domain.form import Form
from leadcapture.domain.frozen import frozen
from leadcapture.domain.notes import REFERENCE
from leadcapture.domain.opportunity import Opportunity
from leadcapture.errors import Missing
from leadcapture.store.outcomes import DeliveredLead, Outcomes

CLOCKS_DIFFER = timedelta(minutes=5)


@frozen
class Difference:
    """One thing that is not as we left it: `kind` is missing, doubled or moved."""

    kind: str
    lead_id: str
    opportunity_ids: tuple[int, ...]
    text: str


@dataclass(slots=True)
class Report:
    """What comparing found; won, lost and open count opportunities of our leads."""

    checked: int = 0
    won: int = 0
    lost: int = 0
    differences: list[Difference] = field(default_factory=list)


def reconcile(crm: Crm, outcomes: Outcomes, forms: Mapping[str, Form], connection: str, since: datetime) -> Report:
    """Compare a connection's leads received since a time with the CRM, and keep their status. Raises CrmError."""
    locations = {form.location for form in forms.values() if form.connection == connection}
    found: dict[int, Opportunity] = {}
    by_reference: dict[str, set[int]] = defaultdict(set)
    for location in sorted(locations):
        for opportunity in crm.opportunities_updated(location, since - CLOCKS_DIFFER):
            found[opportunity.id] = opportunity
            for reference in references(opportunity.notes or ""):
                by_reference[reference].add(opportunity.id)
    report = Report()
    statuses: dict[str, int] = {}
    for lead in outcomes.delivered(connection, since):
        report.checked += 1
        now_there = found.get(lead.opportunity_id) or _fetched(crm, lead)
        if now_there and now_there.status and now_there.status != lead.crm_status:
            statuses[lead.id] = now_there.status
        report.won += bool(now_there and now_there.status == 2)
        report.lost += bool(now_there and now_there.status == 3)
        report.differences += _compare(lead, now_there, by_reference.get(lead.id, set()), forms.get(lead.form))
    outcomes.record(statuses)
    return report


def references(notes: str) -> Iterable[str]:
    """Return the leads that an opportunity's Notes refer to; a note added to an open one makes several."""
    return [line[len(REFERENCE) :].strip() for line in notes.splitlines() if line.startswith(REFERENCE)]


def _fetched(crm: Crm, lead: DeliveredLead) -> Opportunity | None:
    """Ask for a record that no list showed: only the CRM's own 404 makes it missing."""
    try:
        record = crm.get_opportunity(lead.opportunity_id)
    except Missing:
        return None
    return Opportunity(
        id=lead.opportunity_id,
        coworker_id=int(record.get("CoworkerId") or 0),
        board_column_id=record.get("CrmBoardColumnId"),
        status=record.get("Status"),
        notes=str(record.get("Notes") or ""),
        name=str(record.get("Name") or ""),
    )


def _compare(
    lead: DeliveredLead, opportunity: Opportunity | None, carrying: set[int], form: Form | None
) -> Iterable[Difference]:
    there = sorted(carrying | ({opportunity.id} if opportunity else set()))
    if opportunity is None:
        instead = f"; opportunity {there[0]} carries this lead's reference" if there else ""
        text = f"opportunity {lead.opportunity_id} is not in Nexudus any more{instead}"
        yield Difference("missing", lead.id, (lead.opportunity_id,), text)
    elif list(references(opportunity.notes or "")) and not opportunity.carries(lead.id):
        text = f"opportunity {opportunity.id} carries other enquiries, and this one no more"
        yield Difference("missing", lead.id, (opportunity.id,), text)
    if len(there) > 1:
        yield Difference("doubled", lead.id, tuple(there), f"opportunities {there} all carry this lead's reference")
    if opportunity and form and opportunity.board_column_id not in (None, form.board_column):
        text = f"opportunity {opportunity.id} is on stage {opportunity.board_column_id} now"
        yield Difference("moved", lead.id, (opportunity.id,), text)
