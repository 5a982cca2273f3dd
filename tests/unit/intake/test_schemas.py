"""A form's own rules: each type's good and bad answers, what is required, and how much may be said."""

import pytest
from factories import make_form
from marshmallow import Schema

from leadcapture.domain.form import Field, FieldType
from leadcapture.errors import FieldError, InvalidAnswers
from leadcapture.intake.fields import MESSAGES, e164, limit_of
from leadcapture.intake.schemas import FormRules

CHOICES = ("Desk", "Office, private")


def rules(*fields):
    return FormRules(make_form(fields=fields))


def question(type_, **changes):
    options = CHOICES if type_ in ("select", "radio") else ()
    return Field("q", "Question", FieldType(type_), **({"options": options} | changes))


def codes(rules_, **values):
    """Return what is wrong, as (field, code)."""
    with pytest.raises(InvalidAnswers) as refused:
        rules_.check(values)
    return [(error.field, error.code) for error in refused.value.errors]


GOOD = [
    ("text", "  Ann  ", "Ann"),
    ("textarea", "one\r\ntwo", "one\r\ntwo"),
    ("hidden", "x", "x"),
    ("email", " Ann@Customer.CO.UK ", "Ann@customer.co.uk"),
    ("tel", "+44 (0)20 7946-0000 ext. 9", "+44 (0)20 7946-0000 ext. 9"),
    ("tel", "12345", "12345"),
    ("select", "Desk", "Desk"),
    ("radio", "Office, private", "Office, private"),
    ("checkbox", "on", "yes"),
    ("checkbox", "CHECKED", "yes"),
    ("checkbox", "I agree", "I agree"),
    ("checkbox", ("no", "yes"), "yes"),
    *(("date", day, day) for day in ("2026-02-28", "1900-01-01", "2199-12-31")),
    ("time", "14:30", "14:30"),
    ("time", "14:30:59", "14:30"),
    ("number", "12", "12"),
    ("number", "1,5", "1.5"),
    ("number", "-0.5", "-0.5"),
    *((kind, ("a", "b", "a", " "), "a, b") for kind in ("text", "textarea", "hidden")),
    ("email", ("none", "ann@customer.co.uk", "bob@customer.co.uk"), "ann@customer.co.uk"),
    ("select", ("Other", "Desk"), "Desk"),
]
BAD = [
    ("email", ("none", "a@", ""), "email"),
    *(("email", text, "email") for text in ("ann", "ann@", "@b.co", "ann@localhost", "a b@c.co", "ann@b..co")),
    *(("tel", text, "phone") for text in ("1234", "call me", "+" * 9, "1" * 41, "020 7946 0000 <b>")),
    *((kind, text, "choice") for kind in ("select", "radio") for text in ("desk", "Office", "Other")),
    *(
        ("date", text, "date")
        for text in ("tomorrow", "2026-02-29", "28/02/2026", "2026-02", "1899-12-31", "2200-01-01")
    ),
    *(("time", text, "time") for text in ("noon", "25:00", "14:60", "2pm", "14:30+01:00", "14:30Z")),
    *(("number", text, "number") for text in ("nine", "1,234.5", "nan", "Infinity", "1e", "£5")),
]


@pytest.mark.parametrize(("kind", "sent", "kept"), GOOD)
def test_form_rules__a_good_answer_in_its_normal_form(kind, sent, kept):
    assert rules(question(kind)).check({"q": sent}) == {"q": kept}


@pytest.mark.parametrize(("kind", "sent", "code"), BAD)
def test_form_rules__a_bad_answer_has_a_code_and_a_sentence(kind, sent, code):
    with pytest.raises(InvalidAnswers) as refused:
        rules(question(kind)).check({"q": sent})

    assert refused.value.errors == [FieldError("q", code, MESSAGES[code])]


@pytest.mark.parametrize("kind", list(FieldType))
@pytest.mark.parametrize("sent", [{}, {"q": ""}, {"q": "  "}, {"q": ()}, {"q": ("", " ")}])
def test_form_rules__an_empty_answer_is_none_and_may_be_required(kind, sent):
    assert rules(question(kind)).check(sent) == {}
    assert codes(rules(question(kind, required=True)), **sent) == [("q", "required")]


@pytest.mark.parametrize("sent", ["no", "off", "0", "FALSE", "n", ("yes", "no")])
def test_form_rules__a_box_that_is_not_ticked_is_none(sent):
    assert rules(question("checkbox")).check({"q": sent}) == {}
    assert codes(rules(question("checkbox", required=True)), q=sent) == [("q", "required")]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Desk", ("Desk",)),
        (("Desk", "Office, private"), ("Desk", "Office, private")),
        (("Desk", "", "Desk"), ("Desk", "Desk")),
    ],
)
def test_form_rules__a_group_of_boxes_keeps_each(sent, kept):
    assert rules(question("checkbox", options=CHOICES)).check({"q": sent}) == {"q": kept}


def test_form_rules__a_group_of_boxes_takes_no_other_choice():
    assert codes(rules(question("checkbox", options=CHOICES)), q=("Desk", "yes")) == [("q", "choice")]
    assert codes(rules(question("checkbox", options=CHOICES, required=True)), q=()) == [("q", "required")]


@pytest.mark.parametrize(
    ("kind", "limits", "fits", "breaks", "code", "limit"),
    [
        ("text", {"max_length": 3}, "abc", "abcd", "too_long", "3"),
        ("textarea", {"max_length": 3}, "a\r\nb", "a\r\nbc", "too_long", "3"),
        ("number", {"minimum": "2"}, "2", "1.9", "too_small", "2"),
        ("number", {"maximum": "10"}, "10", "10.1", "too_large", "10"),
        ("date", {"minimum": "2026-01-01"}, "2026-01-01", "2025-12-31", "too_early", "2026-01-01"),
        ("date", {"maximum": "2026-01-31"}, "2026-01-31", "2026-02-01", "too_late", "2026-01-31"),
        ("time", {"minimum": "09:00"}, "09:00", "08:59", "too_early", "09:00"),
        ("time", {"maximum": "17:00"}, "17:00", "17:01", "too_late", "17:00"),
    ],
)
def test_form_rules__limits_are_the_last_that_fits(kind, limits, fits, breaks, code, limit):
    limited = rules(question(kind, **limits))

    assert limited.check({"q": fits})["q"]
    with pytest.raises(InvalidAnswers) as refused:
        limited.check({"q": breaks})
    assert refused.value.errors == [FieldError("q", code, MESSAGES[code].format(limit=limit))]
    assert limit in refused.value.errors[0].message


@pytest.mark.parametrize("sent", ["14:30+01:00", "14:30Z"])
def test_form_rules__a_time_has_no_zone_of_its_own(sent):
    assert codes(rules(question("time", minimum="09:00", maximum="17:00")), q=sent) == [("q", "time")]


def test_form_rules__everything_wrong_at_once_in_the_forms_order():
    asked = rules(
        *(Field(name, name.upper(), required=True) for name in ("b", "e", "c")),
        Field("a", "A", FieldType.EMAIL),
        Field("d", "D"),
    )

    assert codes(asked, c=" ", a="none", d="fine", e="fine") == [("b", "required"), ("c", "required"), ("a", "email")]
    assert asked.check({"b": "1", "c": "2", "e": "3"}) == {"b": "1", "c": "2", "e": "3"}


def test_form_rules__a_wrong_answer_is_not_missing_as_well():
    assert codes(rules(question("email", required=True)), q="none") == [("q", "email")]


def test_form_rules__what_the_form_does_not_ask_is_left_out():
    assert rules(question("text")).check({"q": "x", "other": "y"}) == {"q": "x"}


def test_form_rules__are_compiled_once():
    compiled = rules(question("text"))
    schema = compiled.schema

    compiled.check({"q": "x"})

    assert compiled.schema is schema
    assert isinstance(schema, Schema)
    assert type(schema).__name__ == "contactAnswers"


@pytest.mark.parametrize(
    ("code", "limit"),
    [("too_long", "7"), ("too_small", "1"), ("too_early", "1"), ("too_large", "9"), ("too_late", "9"), ("email", "")],
)
def test_limit_of__what_was_broken(code, limit):
    assert limit_of(Field("q", "Q", max_length=7, minimum="1", maximum="9"), code) == limit
    assert limit_of(Field("q", "Q"), code) == ("5000" if code == "too_long" else "")


@pytest.mark.parametrize(
    ("text", "region", "written"),
    [
        ("020 7946 0000", "GB", "+442079460000"),
        ("+44 20 7946 0000", None, "+442079460000"),
        ("020 7946 0000", None, None),
        ("123", "GB", None),
        ("call me", "GB", None),
    ],
)
def test_e164__as_read_in_the_region(text, region, written):
    assert e164(text, region) == written
