"""One answer as the CRM takes it, by the kind of its field; whatever does not fit is refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.compose import UnmappableError, crm_value, enum_value
from leadcapture.domain.opportunity import Kind

GOOD = [
    (Kind.TEXT, " one\n two ", "one two"),
    (Kind.TEXT, "x" * 256, "x" * 255),
    (Kind.ID, " 55 ", 55),
    (Kind.DECIMAL, "12,5", 12.5),
    (Kind.DECIMAL, "-3", -3.0),
    (Kind.MOMENT, "2026-01-05T14:30", "2026-01-05T14:30:00Z"),
    *((Kind.FLAG, word, True) for word in ("1", "true", "YES", "on", "y", "Ja", "si", "sí", "oui")),
    *((Kind.FLAG, word, False) for word in ("", "no", "0", "off", "perhaps")),
    (Kind.LEAD_SOURCE, "Valve", 26),
    (Kind.LOSS_REASON, "99", 99),
    (Kind.STATUS, "Lost", 3),
]
BAD = [
    *((Kind.ID, text) for text in ("", "five", "5.5")),
    *((Kind.DECIMAL, text) for text in ("", "a lot", "1,234.50", "£5")),
    *((Kind.MOMENT, text) for text in ("", "tomorrow", "2026-02-30", "2026-01-01T25:00", "01/02/2026")),
    *((Kind.LEAD_SOURCE, text) for text in ("", "3", "web", "27", "²")),
    *((Kind.LOSS_REASON, text) for text in ("", "21", "Bored")),
    *((Kind.STATUS, text) for text in ("0", "4", "Open")),
]


@pytest.mark.parametrize(("kind", "text", "value"), GOOD)
def test_crm_value__good(kind, text, value):
    assert crm_value(kind, text, "Europe/London", "Value") == value


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_crm_value__bad_is_named_without_being_repeated(kind, text):
    with pytest.raises(UnmappableError, match=f"^the answer for SomeField is not a {kind.value}$"):
        crm_value(kind, text, "Europe/London", "SomeField")


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-01-01", "Mars/Olympus"),
        ("0001-01-01T00:00", "Europe/Berlin"),
        ("9999-12-31T23:59", "America/New_York"),
        ("9999-12-31T23:59-05:00", "UTC"),
    ],
)
def test_crm_value__a_moment_that_no_clock_shows(text, zone):
    with pytest.raises(UnmappableError):
        crm_value(Kind.MOMENT, text, zone, "DueDate")


@given(st.sampled_from(list(Kind)), st.text(max_size=30))
def test_crm_value__any_text_has_a_value_or_a_reason(kind, text):
    try:
        value = crm_value(kind, text, "Asia/Tokyo", "Value")
    except UnmappableError:
        return
    assert isinstance(value, str | int | float | bool)


def test_enum_value__other_kinds_have_none():
    with pytest.raises(KeyError):
        enum_value(Kind.TEXT, "Web")
