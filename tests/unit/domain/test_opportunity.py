"""Whose lead it is, whether an opportunity is ours, and the CRM's own enums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.opportunity import (
    COWORKER_FIELDS,
    OPPORTUNITY_FIELDS,
    Customer,
    LeadSource,
    LossReason,
    Opportunity,
    OpportunityStatus,
    choose_customer,
    short_reference,
)

LEAD_ID = "0195f3a2-7b1c-7def-8abc-1234567890ab"
ADDRESS, HERE, THERE = "ann@customer.co.uk", 10, 20


def customer(number, email=ADDRESS, location_id=HERE, **changes):
    return Customer(number, email, location_id=location_id, **changes)


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        ([], None),
        ([customer(1)], 1),
        ([customer(1, "ANN@Customer.co.uk ")], 1),
        ([customer(1, "bob@customer.co.uk")], None),
        ([customer(1, f"x{ADDRESS}"), customer(2)], 2),
        ([customer(1, archived=True)], None),
        ([customer(1), customer(2, archived=True)], 1),
        ([customer(1), customer(3), customer(2)], 3),
        ([customer(1), customer(9, active=False)], 1),
        ([customer(1, active=False)], 1),
        ([customer(1), customer(9, location_id=THERE)], 1),
        ([customer(1, location_id=THERE)], 1),
        ([customer(1, location_id=None), customer(2, location_id=THERE)], 2),
        ([customer(1, location_id=THERE), customer(9, active=False)], 1),
        ([customer(1, active=False), customer(9, active=False, location_id=THERE)], 1),
    ],
)
def test_choose_customer__active_then_here_then_newest(found, chosen):
    best = choose_customer(found, f" {ADDRESS.upper()} ", HERE)

    assert (best.id if best else None) == chosen


@given(st.permutations([customer(1), customer(2, location_id=THERE), customer(3, active=False), customer(4)]))
def test_choose_customer__the_order_of_the_list_does_not_matter(found):
    assert choose_customer(found, ADDRESS, HERE).id == 4


@pytest.mark.parametrize(
    ("name", "notes", "ours"),
    [
        ("", f"Hello\n\nLead reference: {LEAD_ID}", True),
        ("", f"<p>Lead reference: {LEAD_ID}</p>", True),
        ("Contact: Ann [34567890ab]", None, True),
        ("Contact: Ann [34567890ab]", "rewritten by a person", True),
        ("Contact: Ann 34567890ab", "", False),
        ("Contact: Ann [34567890ac]", "Lead reference: 0195f3a2-7b1c-7def-8abc-1234567890ac", False),
        ("", None, False),
    ],
)
def test_carries__by_notes_or_by_the_tag_in_the_name(name, notes, ours):
    assert Opportunity(1, 2, name=name, notes=notes).carries(LEAD_ID) is ours


def test_short_reference__the_last_ten_characters_without_dashes():
    assert short_reference(LEAD_ID) == "34567890ab"
    assert short_reference("0-1-2-3-4-5-6-7-8-9-a") == "123456789a"


def test_enums__are_the_crms_own():
    assert sorted(LeadSource) == [1, 2, *range(4, 27), 98, 99]
    assert len(LeadSource) == 27
    assert sorted(LossReason) == [*range(1, 21), 99]
    assert len(LossReason) == 21
    assert sorted(OpportunityStatus) == [1, 2, 3]


@pytest.mark.parametrize(
    ("member", "number"),
    [
        (LeadSource.Web, 1),
        (LeadSource.Webinar, 4),
        (LeadSource.EmailMarketing, 10),
        (LeadSource.Facebook, 13),
        (LeadSource.GoogleSearch, 19),
        (LeadSource.Valve, 26),
        (LeadSource.OtherSocialNetwork, 98),
        (LossReason.Duplicate, 9),
        (LossReason.RelocationOnHold, 20),
        (OpportunityStatus.InProgress, 1),
        (OpportunityStatus.Won, 2),
        (OpportunityStatus.Lost, 3),
    ],
)
def test_enums__numbers(member, number):
    assert member == number


def test_fields__a_form_may_set_no_tariff_no_login_and_no_place_on_the_board():
    assert len(OPPORTUNITY_FIELDS) == 21
    assert not {"CrmBoardColumnId", "CoworkerId", "Position", "Id"} & set(OPPORTUNITY_FIELDS)
    assert not {"TariffId", "Active", "CreateUser", "Archived", "Password"} & set(COWORKER_FIELDS)
    assert {"Custom1", "Custom30"} <= set(COWORKER_FIELDS)
    assert not {"Custom0", "Custom31"} & set(COWORKER_FIELDS)
