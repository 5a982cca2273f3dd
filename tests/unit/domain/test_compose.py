"""A lead and its form become a customer and an opportunity: every field, and every reason to refuse."""

import pytest
from factories import NOW, STAGE, make_content, make_form

from leadcapture.domain.attribution import Attribution
from leadcapture.domain.compose import Place, UnmappableError, compose, fill_in
from leadcapture.domain.lead import Consent
from leadcapture.domain.notes import write_notes
from leadcapture.domain.opportunity import CustomerDraft
from leadcapture.domain.submission import Answer

LEAD_ID = "0195f3a2-7b1c-7def-8abc-1234567890ab"
TAG = " [34567890ab]"
ADDRESS = "ann@customer.co.uk"
PERSON = {"coworker.FullName": "Ann Example", "coworker.Email": ADDRESS}
LONDON = Place(1234566, 1220, 2023, "Europe/London")


def drafts(mapped=None, place=LONDON, form=None, **content):
    """Compose what Ann says, mapped to more targets than her name and her address."""
    said = make_content(ADDRESS, **({"mapped": PERSON | (mapped or {})} | content))
    return compose(LEAD_ID, said, make_form(**(form or {})), place)


def fields(*arguments, **named):
    return drafts(*arguments, **named).opportunity.fields


def test_compose__least_that_is_sent():
    made = drafts()

    assert made.opportunity.board_column_id == STAGE
    assert set(made.opportunity.fields) == {"Status", "LeadSource", "Name", "Notes"}
    assert (made.opportunity.fields["Status"], made.opportunity.fields["LeadSource"]) == (1, 1)
    assert made.opportunity.fields["Name"] == f"Contact us: Ann Example{TAG}"
    assert made.notes == made.opportunity.fields["Notes"]
    assert made.notes == write_notes(LEAD_ID, make_content(ADDRESS))
    assert made.customer == CustomerDraft("Ann Example", ADDRESS, 1234566, 1220, 2023, {})


def test_compose__nobody_without_an_address():
    with pytest.raises(UnmappableError, match="no e-mail address"):
        compose(LEAD_ID, make_content(""), make_form(), LONDON)


@pytest.mark.parametrize(
    ("field", "given_value", "sent"),
    [
        ("OpportunityTypeId", 55, 55),
        ("Value", 900.5, 900.5),
        ("Completed", False, False),
        ("LeadSource", "GoogleSearch", 19),
        ("LeadSource", "19", 19),
        ("LeadSource", 19, 19),
        ("LossReason", "NoRightFit", 14),
        ("Status", "Won", 2),
        ("Status", 3, 3),
        ("DueDate", "2026-07-01", "2026-07-01T11:00:00Z"),
        ("UtmTerm", "a {full_name} b", "a Ann Example b"),
        ("ResponsibleId", "{owner}", 77),
        ("UtmTerm", "{story}", "s" * 255),
        ("UtmTerm", "{nobody}{phone}{company}", None),
        ("LossReason", " ", None),
    ],
)
def test_compose__constants(field, given_value, sent):
    answers = (Answer("owner", "owner", "Owner", "77"), Answer("story", "story", "Story", "s" * 300))

    assert fields(form={"constants": {field: given_value}}, answers=answers).get(field) == sent


def test_compose__an_answer_beats_a_constant_and_a_constant_the_campaign():
    campaign = Attribution(utm={"source": "visit", "medium": "visit", "term": "visit"})
    constants = {"UtmMedium": "constant", "UtmTerm": "constant"}

    sent = fields({"opportunity.UtmTerm": "answer"}, form={"constants": constants}, attribution=campaign)

    assert (sent["UtmSource"], sent["UtmMedium"], sent["UtmTerm"]) == ("visit", "constant", "answer")


def test_compose__answers_fill_templates_once_and_as_plain_text():
    answers = (Answer("team", "team", "Team", "{email}<b>\x07"),)
    values = {"full_name": "Ann", "team": "{full_name}"}

    assert fill_in(" {full_name}: {team} {nobody} {not a name} ", values) == "Ann: {full_name}  {not a name}"
    assert fields(form={"constants": {"Name": "{team} x"}}, answers=answers)["Name"] == "{email}‹b› x" + TAG


@pytest.mark.parametrize(
    ("name", "mapped"),
    [
        ("full_name", {}),
        ("phone", {"coworker.MobilePhone": "Ann Example"}),
        ("company", {"coworker.CompanyName": "Ann Example"}),
        ("message", {}),
        ("email", {}),
    ],
)
def test_compose__templates_know_the_person_whatever_the_fields_are_called(name, mapped):
    said = ADDRESS if name == "email" else "Ann Example"

    sent = fields(mapped, form={"constants": {"Name": f"{{{name}}}"}}, answers=(), message="Ann Example")

    assert sent["Name"] == said + TAG


@pytest.mark.parametrize(
    ("zone", "wish", "sent"),
    [
        ("Europe/London", "2026-01-05", "2026-01-05T12:00:00Z"),
        ("Europe/London", "2026-07-05", "2026-07-05T11:00:00Z"),
        ("Pacific/Auckland", "2026-07-05", "2026-07-05T00:00:00Z"),
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:30:00Z"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z"),
    ],
)
def test_compose__dates_are_the_places_own(zone, wish, sent):
    place = Place(1, 2, 3, zone)

    assert fields({"opportunity.DueDate": wish}, place)["DueDate"] == sent
    assert fields(place=place, form={"constants": {"DueDate": wish}})["DueDate"] == sent


@pytest.mark.parametrize("target", ["opportunity.DueDate", "opportunity.Value", "opportunity.LeadSource"])
def test_compose__an_answer_that_does_not_fit_is_refused_by_its_field(target):
    with pytest.raises(UnmappableError, match=target.partition(".")[2]):
        drafts({target: "perhaps"})


@pytest.mark.parametrize(
    ("mapped", "extra"),
    [
        ({"coworker.MobilePhone": "+44 20 7946 0000"}, {"MobilePhone": "+44 20 7946 0000"}),
        ({"coworker.CompanyName": " Acme\n Ltd "}, {"CompanyName": "Acme Ltd"}),
        ({"coworker.Custom30": "x" * 300}, {"Custom30": "x" * 255}),
        ({"coworker.Position": "  "}, {}),
        ({"coworker.SignUpToNewsletter": "yes"}, {"SignUpToNewsletter": True}),
        ({"coworker.SignUpToNewsletter": "no"}, {"SignUpToNewsletter": False}),
        ({"coworker.SignUpToNewsletter": "perhaps"}, {"SignUpToNewsletter": False}),
        ({"opportunity.UtmTerm": "desk"}, {}),
    ],
)
def test_compose__a_customer_has_the_fields_that_were_filled(mapped, extra):
    assert drafts(mapped).customer.extra == extra


@pytest.mark.parametrize(
    ("consent", "mapped", "accepted"),
    [
        (Consent("Yes", True, NOW), {}, True),
        (Consent("Yes", False, NOW), {}, None),
        (None, {}, None),
        (Consent("Yes", True, NOW), {"coworker.GeneralTermsAccepted": "no"}, False),
    ],
)
def test_compose__terms_are_accepted_by_who_consented_and_nobody_gets_a_newsletter(consent, mapped, accepted):
    extra = drafts(mapped, consent=consent).customer.extra

    assert extra.get("GeneralTermsAccepted") is accepted
    assert "SignUpToNewsletter" not in extra


@pytest.mark.parametrize(
    ("name", "customers", "opportunitys"),
    [
        ("Ann\r\n Example", "Ann Example", "Contact us: Ann Example"),
        ("  ", "ann", "Contact us: ann"),
        ("<b>", "‹b›", "Contact us: ‹b›"),
        ("x" * 300, "x" * 255, "Contact us: " + "x" * 75),
        ("x" * 74 + " y", "x" * 74 + " y", "Contact us: " + "x" * 74),
    ],
)
def test_compose__names_are_one_line_and_fit(name, customers, opportunitys):
    made = drafts({"coworker.FullName": name})

    assert made.customer.full_name == customers
    assert made.opportunity.fields["Name"] == opportunitys + TAG
    assert len(made.opportunity.fields["Name"]) <= 100


def test_compose__who_gave_no_name_is_called_by_the_address():
    made = compose(
        LEAD_ID,
        make_content(ADDRESS, mapped={"coworker.Email": ADDRESS}, answers=()),
        make_form(constants={"UtmTerm": "{full_name}"}),
        LONDON,
    )

    assert made.customer.full_name == "ann"
    assert made.opportunity.fields["Name"] == f"Contact us: ann{TAG}"
    assert "UtmTerm" not in made.opportunity.fields


@pytest.mark.parametrize("answer", ["", "A very long wish " * 9])
def test_compose__a_given_name_keeps_the_tag(answer):
    sent = fields({"opportunity.Name": answer}, form={"constants": {"Name": "Tour\n{full_name}"}})["Name"]

    assert sent.endswith(TAG)
    assert sent.startswith("A very long wish A" if answer else "Contact us")
    assert len(sent) <= 100


def test_compose__the_five_of_the_campaign_at_their_length():
    utm = {"source": "s" * 256, "medium": "m", "campaign": "c", "content": "k", "term": ""}

    sent = fields(attribution=Attribution(utm=utm, source="other", medium="other"))

    assert {name: sent[name] for name in sent if name.startswith("Utm")} == {
        "UtmSource": "s" * 255,
        "UtmMedium": "m",
        "UtmCampaign": "c",
        "UtmContent": "k",
    }


def test_compose__without_a_campaign_what_follows_from_the_visit():
    sent = fields(attribution=Attribution(source="google", medium="organic"))

    assert (sent["UtmSource"], sent["UtmMedium"]) == ("google", "organic")
    assert "UtmCampaign" not in sent


@pytest.mark.parametrize(("lead_source", "number"), [("auto", 19), ("Web", 1), ("Broker", 11)])
def test_compose__lead_source_of_the_form(lead_source, number):
    sent = fields(form={"lead_source": lead_source}, attribution=Attribution(source="google", medium="organic"))

    assert sent["LeadSource"] == number


def test_compose__notes_of_the_form_and_of_an_answer_both_stand_there():
    notes = drafts(
        {"opportunity.Notes": "Third"}, form={"constants": {"Notes": "Second\n" * 99 + "-"}}, message="First"
    ).notes

    assert notes.index("First") < notes.index("Second\n" * 99 + "-\nThird") < notes.index("E-mail: ann@customer.co.uk")


def test_compose__nothing_empty_is_sent():
    sent = fields({"opportunity.UtmTerm": " ", "opportunity.Name": " "}, form={"constants": {"UtmMedium": "{x}"}})

    assert "" not in sent.values()
    assert None not in sent.values()
    assert "UtmTerm" not in sent
