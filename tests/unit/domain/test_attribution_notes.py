"""The block in Notes: what a person reads, a program reads back."""

import json

from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.attribution import Attribution, Evidence, resolve
from leadcapture.domain.attribution_notes import HEADING, attribution_lines, parse_attribution_lines


def example():
    page = "https://www.example.com/"
    return resolve(
        Evidence(
            tracking={"gclid": "a;b%3B (x)", "utm_source": "google", "utm_medium": "cpc", "utm_id": "7"},
            first_touch=json.dumps({"url": f"{page}?utm_source=bing", "referrer": "", "at": "2026-01-02T03:04:05Z"}),
            last_touch=json.dumps({"url": f"{page}?x=1;2%20", "referrer": "https://t.co/", "at": ""}),
            page_url=f"{page}contact",
        )
    )


def test_attribution_notes__every_line_is_a_key_and_a_value():
    heading, *lines = attribution_lines(example())
    assert heading == HEADING
    assert [line.split(": ")[0] for line in lines] == [
        "Source",
        "Channel",
        "Source found",
        "Page",
        "Landing page",
        "Referrer",
        "First touch",
        "Last touch",
        "Click ids",
        "GA4",
    ]


def test_attribution_notes__round_trip():
    read = parse_attribution_lines("\n".join(attribution_lines(example())))
    assert (read["source"], read["medium"], read["method"]) == ("google", "cpc", "fields")
    assert read["click_ids"] == {"gclid": "a;b%3B (x)"}
    assert read["methods"] == {"gclid": "fields", "utm_id": "fields"}
    assert read["first"] == {
        "at": "2026-01-02T03:04:05Z",
        "source": "bing",
        "page": "https://www.example.com/?utm_source=bing",
    }
    assert read["last"]["page"] == "https://www.example.com/?x=1;2%20"
    assert read["page_url"] == "https://www.example.com/contact"


def test_attribution_notes__the_visitors_own_lines_are_not_read():
    block = "\n".join(attribution_lines(example()))
    text = f"Message: hello\n{HEADING}\nPage: https://evil/\n\n{block}\n\nLead reference: 1\nPage: https://later/"
    assert parse_attribution_lines(text) == parse_attribution_lines(block)
    assert parse_attribution_lines("Page: https://evil/") == {}


def test_attribution_notes__nothing_known_still_says_so():
    assert attribution_lines(Attribution()) == [HEADING, "Channel: Unknown", "Source found: not known"]


VALUES = st.dictionaries(st.sampled_from(["gclid", "fbclid", "ttclid"]), st.text(), max_size=3)


@given(VALUES, st.text(), st.text())
def test_attribution_notes__no_value_breaks_out_of_its_line(values, source, page):
    methods = dict.fromkeys(values, "script")
    lines = attribution_lines(
        Attribution(click_ids=values, methods=methods, raw=values, source=source, medium="m", page_url=page)
    )
    assert all(line.splitlines() == [line] for line in lines)
    parse_attribution_lines("\n".join(lines))


@given(st.dictionaries(st.sampled_from(["gclid", "fbclid"]), st.text("ab;=%3B() ,script", min_size=1), max_size=2))
def test_attribution_notes__lists_come_back_exactly(values):
    values = {name: text.strip() for name, text in values.items() if text.strip()}
    lines = attribution_lines(Attribution(click_ids=values, methods=dict.fromkeys(values, "fields")))
    assert parse_attribution_lines("\n".join(lines)).get("click_ids", {}) == values
