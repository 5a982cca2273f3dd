"""What leaves: no cell that a spreadsheet takes for a formula, wherever it cuts the line, and everything of a lead."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from factories import NOW, make_lead
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.attribution import Attribution
from leadcapture.domain.export import csv_lines, lead_as_json, safe_cell
from leadcapture.domain.lead import Consent, Content, LeadState
from leadcapture.domain.submission import Answer

BEGINNINGS = ["=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠"]
CELL_BEGINS = re.compile(r"(?:^[ \u00a0\ufeff]*|[;\t\r\n]\s*)[=+\-@|＝＋－＠]")


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("before", ["", " ", "   ", "\u00a0", "\ufeff", " \u00a0\ufeff "])
def test_safe_cell__every_dangerous_beginning_becomes_text(beginning, before):
    assert safe_cell(f"{before}{beginning}1+1") == f"'{before}{beginning}1+1"


@pytest.mark.parametrize("cut", [";", "\n", "\r\n", "\t"])
@pytest.mark.parametrize("space", ["", " ", " \u00a0"])
def test_safe_cell__a_cell_may_also_begin_where_another_country_cuts(cut, space):
    assert safe_cell(f"a{cut}{space}=HYPERLINK()") == f"a{cut}{space}'=HYPERLINK()"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        (42, "42"),
        (True, "True"),
        ("Ann", "Ann"),
        ("a=b, c-d; e", "a=b, c-d; e"),
        (-5, "'-5"),
        ("'=1", "'=1"),
        ({}, ""),
        ({"Team": "9", "Floor": "=2"}, "Team: 9; Floor: =2"),
        ({"=cmd": "x", "@y": "z"}, "'=cmd: x; '@y: z"),
    ],
)
def test_safe_cell__other_values_stay(value, cell):
    assert safe_cell(value) == cell


@given(st.text(st.sampled_from("=+-@|\t\r\n; \u00a0\ufeffab'＝"), max_size=20))
def test_safe_cell__no_text_begins_a_formula_anywhere(text):
    cell = safe_cell(text)

    assert not CELL_BEGINS.search(cell)
    assert cell.replace("'", "") == text.replace("'", "")


ROWS = [{"id": "1", "message": 'He said "hi",\nbye'}, {"id": "2", "message": "=1+1"}]


def test_csv_lines__one_piece_a_row_with_the_heading_in_the_first():
    pieces = list(csv_lines(ROWS))

    assert pieces[0].startswith("id,message\r\n1,")
    assert pieces[1] == "2,'=1+1\r\n"
    assert list(csv.DictReader(io.StringIO("".join(pieces), newline=""))) == [ROWS[0], {"id": "2", "message": "'=1+1"}]


def test_csv_lines__nothing_without_rows():
    assert list(csv_lines([])) == []


def test_lead_as_json__everything_that_is_known():
    content = Content(
        answers=(Answer("a", "team", "Team size", "9"), Answer("b", "floor", "", "2")),
        mapped={"coworker.Email": "ann@customer.co.uk"},
        found_by={"coworker.Email": "type"},
        attribution=Attribution(
            utm={"source": "google"},
            method="script",
            click_ids={"gclid": "1"},
            source="google",
            medium="cpc",
            page_url="https://a.example/p",
            landing_url="https://a.example/l",
            referrer="https://b.example/",
        ),
        consent=Consent("Yes", False, NOW),
        message="Hello",
        builder="webflow",
    )
    later = NOW + timedelta(minutes=1)
    lead = make_lead(
        content=content, state=LeadState.DELIVERED, delivered_at=later, attempts=2, coworker_id=7, opportunity_id=8
    )

    found = lead_as_json(lead)

    assert json.loads(json.dumps(found)) == found
    assert found == {
        "id": lead.id,
        "form": "contact",
        "state": "delivered",
        "reason": "",
        "received_at": "2026-03-02T09:00:00+00:00",
        "due_at": "2026-03-02T09:00:00+00:00",
        "delivered_at": "2026-03-02T09:01:00+00:00",
        "attempts": 2,
        "coworker_id": 7,
        "opportunity_id": 8,
        "name": "",
        "email": "ann@customer.co.uk",
        "phone": "",
        "company": "",
        "message": "Hello",
        "answers": {"Team size": "9", "floor": "2"},
        "mapped": {"coworker.Email": "ann@customer.co.uk"},
        "found_by": {"coworker.Email": "type"},
        "utm": {"source": "google"},
        "utm_found_by": "script",
        "click_ids": {"gclid": "1"},
        "source": "google",
        "medium": "cpc",
        "page_url": "https://a.example/p",
        "landing_url": "https://a.example/l",
        "referrer": "https://b.example/",
        "builder": "webflow",
        "consent": False,
        "consent_wording": "Yes",
        "consent_version": "85a39ab3",
        "consent_at": "2026-03-02T09:00:00+00:00",
    }


def test_lead_as_json__what_is_not_known_is_null():
    found = lead_as_json(make_lead(due_at=None, content=Content()))

    assert {name for name, value in found.items() if value is None} == {
        *("due_at", "delivered_at", "coworker_id", "opportunity_id", "consent", "consent_at"),
    }


def test_lead_as_json__two_answers_by_one_label_are_both_there():
    answers = (Answer("a", "a", "Which?", "one"), Answer("b", "b", "Which?", "two"))

    assert lead_as_json(make_lead(content=Content(answers=answers)))["answers"] == {"Which?": "one, two"}
