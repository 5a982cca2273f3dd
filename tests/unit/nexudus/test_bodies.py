"""What is sent: complete for every account, and nothing that would harm."""

from leadcapture.domain.opportunity import CustomerDraft, OpportunityDraft
from leadcapture.nexudus.bodies import customer_body, opportunity_body, replacement_body


def draft(**extra):
    return CustomerDraft("Ann Example", "ann@b.test", 7, 1220, 2023, extra)


def test_customer_body__union_of_what_accounts_require():
    body = customer_body(draft(MobilePhone="+44 7", CompanyName="", Custom3="x"))

    assert body == {
        "FullName": "Ann Example",
        "Email": "ann@b.test",
        "CountryId": 1220,
        "SimpleTimeZoneId": 2023,
        "Businesses": [7],
        "InvoicingBusinessId": 7,
        "CoworkerType": 1,
        "Gender": 1,
        "TaxRateType": 1,
        **{f"{day}day" + "Attendance": 5 for day in ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")},
        "CheckinSinceLastRenewal": 0,
        "MinutesSinceLastRenewal": 0,
        "TariffInvoiceEvery": 0,
        "TariffInvoiceEveryWeeks": 0,
        "ProfileIsPublic": False,
        "Active": True,
        "CreateUser": False,
        "SignUpToNewsletter": False,
        "MobilePhone": "+44 7",
        "Custom3": "x",
    }


def test_customer_body__newsletter_only_by_a_clear_yes():
    assert customer_body(draft(SignUpToNewsletter=True))["SignUpToNewsletter"] is True
    assert customer_body(draft(SignUpToNewsletter="yes"))["SignUpToNewsletter"] is False


def test_customer_body__extras_cannot_do_harm():
    body = customer_body(draft(TariffId=5, CreateUser=True, FullName="Other", Email="other@b.test"))

    assert "TariffId" not in body
    assert body["CreateUser"] is False
    assert (body["FullName"], body["Email"]) == ("Ann Example", "ann@b.test")


def test_opportunity_body__defaults_and_nothing_empty():
    fields = {"Name": "x", "Notes": " ", "UtmTerm": "", "ResponsibleId": 0, "Value": float("nan"), "Reminded": False}

    assert opportunity_body(5, OpportunityDraft(1001, fields)) == {
        "CrmBoardColumnId": 1001,
        "CoworkerId": 5,
        "Status": 1,
        "Position": 1,
        "Name": "x",
        "Reminded": False,
    }


def test_opportunity_body__status_of_the_form():
    assert opportunity_body(5, OpportunityDraft(1001, {"Status": 2}))["Status"] == 2


def test_opportunity_body__fields_cannot_move_it():
    body = opportunity_body(5, OpportunityDraft(1001, {"CoworkerId": 9, "CrmBoardColumnId": 9, "Position": 9}))

    assert (body["CoworkerId"], body["CrmBoardColumnId"], body["Position"]) == (5, 1001, 1)


def test_replacement_body__keeps_what_a_put_would_clear():
    record = {"Id": 1, "Name": "x", "SystemId": "s", "Notes": None, "CreatedOn": "c", "UpdatedOn": "u"}
    record |= {"UpdatedBy": "b", "UniqueId": "q", "IsNew": False, "ToStringText": "t"}
    record |= {"LocalizationDetails": None, "CustomFields": None}

    assert replacement_body(record) == {"Id": 1, "Name": "x", "SystemId": "s", "Notes": None}
