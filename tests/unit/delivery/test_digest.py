"""The daily word about held leads: numbers and reasons, and nobody's data."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from factories import NOW

from leadcapture.delivery.digest import Digest, digest_text
from leadcapture.domain.lead import LeadState

YESTERDAY = NOW - timedelta(hours=25)


class ListedLeads:
    """Held leads as a list; remembers what was asked for."""

    def __init__(self, *held):
        self.held = held
        self.query = None

    def counts(self, now):
        return SimpleNamespace(held=7 if now == NOW else 0)

    def find(self, query):
        self.query = query
        return [SimpleNamespace(form=form, reason=reason) for form, reason in self.held]


def told(*held):
    """Return the leads that were asked, what was sent, and whether anything was."""
    leads, sent = ListedLeads(*held), []
    digest = Digest(SimpleNamespace(leads=leads), lambda: NOW, lambda *message: sent.append(message))
    return leads, sent, digest.tell(YESTERDAY)


def test_digest__nothing_held_is_nothing_sent():
    _, sent, result = told()

    assert (sent, result) == ([], False)


def test_digest__the_leads_held_since_then_leads():
    leads, sent, result = told(("contact", "advertising"))

    assert result is True
    assert sent == [("leadcapture: 1 leads held since yesterday", digest_text([("contact", "advertising")], 7))]
    assert (leads.query.state, leads.query.since, leads.query.until) == (LeadState.HELD, YESTERDAY, NOW)
    assert leads.query.limit == 5000


def test_digest__who_cannot_be_told_is_not_told():
    def fail(subject, text):
        raise OSError(subject, text)

    with pytest.raises(OSError, match="held"):
        Digest(SimpleNamespace(leads=ListedLeads(("contact", "x"))), lambda: NOW, fail).tell(YESTERDAY)


def test_digest_text__by_form_and_by_each_reason_most_first():
    held = [
        ("contact", "advertising; two links"),
        ("contact", "advertising"),
        ("tour", "says “cheap pills, ann@customer.co.uk” in 3 places"),
        ("contact", "says “casino” in 12.5 places"),
    ]

    assert digest_text(held, 9).splitlines() == [
        "4 leads were held as suspected spam since yesterday; 9 wait in all.",
        "Nothing is lost: release the genuine ones on the page “Held”, or with “flask leads release ID”.",
        "",
        "By form:",
        "      3  contact",
        "      1  tour",
        "",
        "By reason (a lead may have several):",
        "      2  advertising",
        "      2  says … in … places",
        "      1  two links",
    ]


@pytest.mark.parametrize(("held", "number"), [(4999, "4999"), (5000, "5000 or more")])
def test_digest_text__says_when_there_may_be_more(held, number):
    assert digest_text([("contact", "x")] * held, held).startswith(f"{number} leads were held")


def test_digest_text__the_thirty_commonest_reasons():
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGH"

    rows = digest_text([("contact", f"reason {letter}") for letter in letters], 0).splitlines()

    assert sum("reason " in row for row in rows if row.startswith("      1")) == 30
