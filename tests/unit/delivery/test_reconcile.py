"""Our delivered leads against a CRM that is a list: what is missing, doubled, moved, won or lost."""

from datetime import timedelta

import pytest
from factories import NOW, STAGE, make_form

from leadcapture.delivery.reconcile import Difference, reconcile, references
from leadcapture.domain.notes import add_to_notes
from leadcapture.domain.opportunity import Opportunity
from leadcapture.errors import Missing, NotSent
from leadcapture.store.outcomes import DeliveredLead

SINCE = NOW - timedelta(days=90)
HERE, THERE = 1234566, 20


class ListedCrm:
    """A CRM that lists some opportunities by location, and has others that only a GET shows."""

    def __init__(self, *listed, others=(), location=HERE):
        self.listed = {location: listed}
        self.others = {record["Id"]: record for record in others}
        self.asked = []

    def opportunities_updated(self, location_id, since):
        self.asked.append((location_id, since))
        return iter(self.listed.get(location_id, ()))

    def get_opportunity(self, opportunity_id):
        if opportunity_id not in self.others:
            raise Missing("get opportunity", 404)
        return self.others[opportunity_id]


class ListedOutcomes:
    """Delivered leads, and what is written down of them."""

    def __init__(self, *leads):
        self.leads = leads
        self.recorded = {}

    def delivered(self, connection_name, since):
        return iter(lead for lead in self.leads if connection_name == "main" and lead.received_at >= since)

    def record(self, statuses):
        self.recorded |= statuses


def lead(name="a", opportunity_id=1, **changes):
    values = {"id": name, "form": "contact", "coworker_id": 9, "opportunity_id": opportunity_id}
    return DeliveredLead(**(values | {"received_at": NOW, "crm_status": 1} | changes))


def opportunity(number=1, *names, status=1, stage=STAGE):
    notes = ""
    for name in names or ("a",):
        notes = add_to_notes(notes, f"Hello\n\nLead reference: {name}")
    return Opportunity(number, 9, board_column_id=stage, notes=notes, status=status)


def compared(crm, *leads, forms=None):
    outcomes = ListedOutcomes(*leads)
    report = reconcile(crm, outcomes, forms or {"contact": make_form()}, "main", SINCE)
    return report, outcomes.recorded


def kinds(report):
    return [(difference.kind, difference.lead_id, difference.opportunity_ids) for difference in report.differences]


def test_reconcile__as_we_left_it_is_no_difference():
    report, recorded = compared(ListedCrm(opportunity()), lead())

    assert (report.checked, report.won, report.lost, report.differences, recorded) == (1, 0, 0, [], {})


def test_reconcile__missing_when_the_crm_itself_says_so():
    report, _ = compared(ListedCrm(), lead())

    assert report.differences == [Difference("missing", "a", (1,), "opportunity 1 is not in Nexudus any more")]


def test_reconcile__overwritten_by_another_enquiry_is_missing():
    report, _ = compared(ListedCrm(opportunity(1, "lead-2")), lead("lead-1"), lead("lead-2"))

    assert kinds(report) == [("missing", "lead-1", (1,))]
    assert report.differences[0].text == "opportunity 1 carries other enquiries, and this one no more"


def test_reconcile__an_outage_makes_nothing_missing():
    crm = ListedCrm()
    crm.get_opportunity = lambda _: (_ for _ in ()).throw(NotSent("get opportunity"))

    with pytest.raises(NotSent):
        compared(crm, lead())


def test_reconcile__not_in_the_list_but_there():
    record = {"Id": 1, "CoworkerId": 9, "CrmBoardColumnId": STAGE, "Status": 2, "Notes": None}

    report, recorded = compared(ListedCrm(others=[record]), lead())

    assert (report.won, report.differences, recorded) == (1, [], {"a": 2})


def test_reconcile__not_in_the_list_and_moved():
    report, _ = compared(ListedCrm(others=[{"Id": 1, "CrmBoardColumnId": 7, "CoworkerId": None}]), lead())

    assert kinds(report) == [("moved", "a", (1,))]


def test_reconcile__doubled():
    report, _ = compared(ListedCrm(opportunity(5), opportunity(1)), lead())

    assert kinds(report) == [("doubled", "a", (1, 5))]
    assert report.differences[0].text == "opportunities [1, 5] all carry this lead's reference"


def test_reconcile__doubled_also_when_a_person_has_rewritten_ours():
    rewritten = Opportunity(1, 9, board_column_id=STAGE, notes="called back", status=1)

    report, _ = compared(ListedCrm(rewritten, opportunity(5)), lead())

    assert kinds(report) == [("doubled", "a", (1, 5))]


def test_reconcile__a_list_without_notes_doubles_nothing():
    bare = [Opportunity(number, 9, board_column_id=STAGE, status=1) for number in (1, 5)]

    report, _ = compared(ListedCrm(*bare), lead())

    assert report.differences == []


def test_reconcile__of_two_one_was_deleted_is_missing_and_not_doubled():
    report, _ = compared(ListedCrm(opportunity(5)), lead())

    assert kinds(report) == [("missing", "a", (1,))]
    assert report.differences[0].text.endswith("any more; opportunity 5 carries this lead's reference")


@pytest.mark.parametrize(("stage", "differs"), [(STAGE, False), (None, False), (STAGE + 1, True)])
def test_reconcile__moved_to_another_stage(stage, differs):
    report, _ = compared(ListedCrm(opportunity(stage=stage)), lead())

    assert kinds(report) == ([("moved", "a", (1,))] if differs else [])


def test_reconcile__a_form_that_is_gone_has_no_stage():
    report, _ = compared(ListedCrm(opportunity(stage=7)), lead(form="gone"))

    assert report.differences == []


@pytest.mark.parametrize(
    ("there", "known", "counts", "recorded"),
    [
        (1, None, (0, 0), {"a": 1}),
        (1, 1, (0, 0), {}),
        (2, 1, (1, 0), {"a": 2}),
        (2, 2, (1, 0), {}),
        (3, 1, (0, 1), {"a": 3}),
        (None, 1, (0, 0), {}),
    ],
)
def test_reconcile__won_and_lost_are_counted_and_news_is_kept(there, known, counts, recorded):
    report, written = compared(ListedCrm(opportunity(status=there)), lead(crm_status=known))

    assert ((report.won, report.lost), written) == (counts, recorded)


def test_reconcile__a_note_added_to_an_open_opportunity_is_no_double():
    report, recorded = compared(ListedCrm(opportunity(1, "a", "b", status=2)), lead("a"), lead("b"))

    assert (report.checked, report.won, report.differences) == (2, 2, [])
    assert recorded == {"a": 2, "b": 2}


def test_reconcile__each_location_of_the_connection_once_and_a_little_earlier():
    forms = {
        "contact": make_form(),
        "tour": make_form("tour"),
        "away": make_form("away", location=THERE),
        "lisbon": make_form("lisbon", location=30, connection="lisbon"),
    }
    crm = ListedCrm(opportunity(), location=THERE)

    report, _ = compared(crm, lead(), forms=forms)

    assert crm.asked == [(THERE, SINCE - timedelta(minutes=5)), (HERE, SINCE - timedelta(minutes=5))]
    assert report.differences == []


@pytest.mark.parametrize(
    ("notes", "found"),
    [
        ("", []),
        ("Lead reference: a", ["a"]),
        ("Hello\n\nLead reference: a \n\nAgain\n\nLead reference: b", ["a", "b"]),
        ("My Lead reference: a\n Lead reference: b", []),
    ],
)
def test_references__whole_lines_of_ours(notes, found):
    assert list(references(notes)) == found
