"""`lead_source = "auto"`: from an attribution to one of the CRM's 27 values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.attribution import Attribution, Evidence, resolve
from leadcapture.domain.lead_source import lead_source_of
from leadcapture.domain.opportunity import LeadSource


@pytest.mark.parametrize(
    ("source", "medium", "expected"),
    [
        ("", "", LeadSource.Web),
        ("google", "organic", LeadSource.GoogleSearch),
        ("google", "cpc", LeadSource.GoogleSearch),
        ("Google", "", LeadSource.GoogleSearch),
        ("gbp", "organic", LeadSource.GoogleSearch),
        ("google", "display", LeadSource.Web),
        ("google", "email", LeadSource.EmailMarketing),
        ("bing", "organic", LeadSource.Web),
        ("chatgpt.com", "", LeadSource.Web),
        ("facebook", "paid_social", LeadSource.Facebook),
        ("fb", "cpc", LeadSource.Facebook),
        ("ig", "social", LeadSource.Instagram),
        ("linkedin.com", "social", LeadSource.Linkedin),
        ("t.co", "", LeadSource.Twitter),
        ("x", "social", LeadSource.Twitter),
        ("tiktok", "paid_social", LeadSource.OtherSocialNetwork),
        ("youtube", "video", LeadSource.OtherSocialNetwork),
        ("community", "social", LeadSource.OtherSocialNetwork),
        ("march", "newsletter", LeadSource.EmailMarketing),
        ("gmail", "email", LeadSource.EmailMarketing),
        ("Hubble HQ", "cpc", LeadSource.HubbleHq),
        ("liquidspace", "email", LeadSource.LiquidSpace),
        ("spacepool", "", LeadSource.SpacePool),
        ("instantoffices.com", "", LeadSource.InstantOffices),
        ("office-freedom", "", LeadSource.OfficeFreedom),
        ("FlexiOffices", "", LeadSource.FlexiOffices),
        ("workthere", "referral", LeadSource.Workthere),
        ("kontor", "", LeadSource.Kontor),
        ("valve", "", LeadSource.Valve),
        ("coworker.com", "", LeadSource.Referral),
        ("partner.org", "referral", LeadSource.Referral),
        ("partner.org", "affiliate", LeadSource.Referral),
        ("lobby", "qr", LeadSource.PrintAdvert),
        ("spring", "webinar", LeadSource.Webinar),
        ("cbre", "broker", LeadSource.Broker),
        ("anything", "cpc", LeadSource.Web),
    ],
)
def test_lead_source__by_source_and_medium(source, medium, expected):
    assert lead_source_of(Attribution(source=source, medium=medium)) is expected


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("https://hubblehq.com/", LeadSource.HubbleHq),
        ("https://www.google.de/", LeadSource.GoogleSearch),
        ("https://www.linkedin.com/", LeadSource.Linkedin),
        ("https://a-blog.example/", LeadSource.Referral),
        ("", LeadSource.Web),
    ],
)
def test_lead_source__by_referrer(referrer, expected):
    found = resolve(Evidence(page_url="https://www.example.com/", referrer=referrer))
    assert lead_source_of(found) is expected


def test_lead_source__by_click_id():
    assert lead_source_of(resolve(Evidence(tracking={"gclid": "1"}))) is LeadSource.GoogleSearch


@given(st.text(), st.text())
def test_lead_source__whatever_comes_is_a_lead_source(source, medium):
    assert lead_source_of(Attribution(source=source, medium=medium)) in LeadSource
