"""The Notes: in order, plain text whatever was sent, and the reference as the last line whatever happens."""

import pytest
from factories import NOW, make_content
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.attribution import Attribution
from leadcapture.domain.lead import Consent, Content
from leadcapture.domain.notes import add_to_notes, line, plain, shorten_notes, write_notes
from leadcapture.domain.submission import Answer, FilePart

LEAD_ID = "0195f3a2-7b1c-7def-8abc-1234567890ab"
REFERENCE = f"Lead reference: {LEAD_ID}"
HOSTILE = st.text(st.sampled_from("ab<>&\"'\r\n\t\v\f\x00\x1c\x85\u2028\u202e\u200bLead reference: "), max_size=60)


def asked(label, value, key="q"):
    return Answer(key, key, label, value)


def test_write_notes__everything_in_order():
    content = Content(
        message="Two desks, please.",
        subject="A desk",
        answers=(asked("Floor?", "2nd"), asked("Extras", ("Phone", "Locker"))),
        files=(FilePart("plan", "plan.pdf", 12345), FilePart("logo", "l.png", 1)),
        consent=Consent("You may contact me.", True, NOW),
        attribution=Attribution(source="google", medium="cpc", method="script", page_url="https://www.example.com/"),
    )

    assert write_notes(LEAD_ID, content, "From the form").split("\n\n") == [
        "Two desks, please.",
        "From the form",
        "Subject: A desk\nFloor: 2nd\nExtras: Phone, Locker",
        "File not stored: plan: plan.pdf (12345 bytes)\nFile not stored: logo: l.png (1 bytes)",
        "Where this lead came from\nSource: google / cpc\nChannel: Unknown\n"
        "Source found: kept by our script on your website\nPage: https://www.example.com/",
        "Consent: “You may contact me.” given 2026-03-02 09:00 UTC",
        REFERENCE,
    ]


def test_write_notes__nothing_said_leaves_nothing_empty():
    assert write_notes(LEAD_ID, Content()) == "\n".join(
        ["Where this lead came from", "Channel: Unknown", "Source found: not known", "", REFERENCE]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<script>alert(1)</script>", "‹script›alert(1)‹/script›"),
        ("a & b &lt; \"c\" 'd'", "a & b &lt; \"c\" 'd'"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("a\tb", "a\tb"),
        ("a\x00b\x07c\x0bd\x0ce\x1bf\x1fg\x7fh", "abcdefgh"),
        ("pay\u202egpj.exe\u202c", "paygpj.exe"),
        ("a\u2066b\u2069c\u202ad\u200be", "abcde"),
        ("שלום\u200f (ab)\u200e", "שלום\u200f (ab)\u200e"),
        ("a\x80b\x9bc", "abc"),
        ("a\x85b\u2028c\u2029d", "a\nb\nc\nd"),
        ("Ünïcödé 日本語 👩‍💻", "Ünïcödé 日本語 👩‍💻"),
        ("  \n around \n ", "around"),
    ],
)
def test_plain__no_markup_no_control_characters_no_turned_text(text, expected):
    assert plain(text) == expected


@given(HOSTILE)
def test_plain__is_plain_and_stays_so(text):
    result = plain(text)

    assert plain(result) == result
    assert not set(result) & set("<>\r\x00\x0b\x0c\x1c\u202e")
    assert "\n" not in line(text)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer("p", "k", "Your team:*", "9"), "Your team: 9"),
        (Answer("p", "k", "Which office? ", "9"), "Which office: 9"),
        (Answer("p", "k", "Room X", "9"), "Room X: 9"),
        (Answer("p", "k", "", "9"), "k: 9"),
        (Answer("p", "", "", "9"), "p: 9"),
        (Answer("p", "k", "***", "9"), "Answer: 9"),
        (Answer("p", "k", "a\n<b>", "x\r\ny<"), "a ‹b›: x\ny‹"),
    ],
)
def test_write_notes__answers_stand_by_their_label(answer, expected):
    assert expected in write_notes(LEAD_ID, Content(answers=(answer,))).split("\n\n")


@pytest.mark.parametrize("text", ["", "  ", "Two desks,\r\nplease. "])
def test_write_notes__an_empty_answer_and_the_message_are_not_said_again(text):
    notes = write_notes(LEAD_ID, Content(message="Two desks,\nplease.", answers=(asked("Your message", text),)))

    assert "Your message" not in notes
    assert notes.count("Two desks") == 1


@pytest.mark.parametrize(("message_from", "times"), [("", 1), ("a", 2), ("b", 2)])
def test_write_notes__another_answer_of_the_same_words_is_kept(message_from, times):
    answers = (Answer("a", "a", "What for?", "Desk"), Answer("b", "b", "Why?", "Desk"))

    notes = write_notes(LEAD_ID, Content(message="Desk", message_from=message_from, answers=answers))

    assert notes.count("Desk") == times
    assert ("Why: Desk" in notes) is (message_from == "a")


@pytest.mark.parametrize(
    ("consent", "expected"),
    [
        (None, None),
        (Consent("Write\nto <me>.", True, NOW), "Consent: “Write to ‹me›.” given 2026-03-02 09:00 UTC"),
        (Consent("Write to me.", False, NOW), "Consent: “Write to me.” not given with this post"),
    ],
)
def test_write_notes__consent(consent, expected):
    said = [row for row in write_notes(LEAD_ID, Content(consent=consent)).splitlines() if row.startswith("Consent")]

    assert said == ([expected] if expected else [])


def test_write_notes__a_files_name_is_one_plain_line():
    notes = write_notes(LEAD_ID, Content(files=(FilePart("a\nb", "<x>\n.exe", 0),)))

    assert "File not stored: a b: ‹x› .exe (0 bytes)" in notes.splitlines()


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_write_notes__the_last_line_is_the_reference(message, label, value, other):
    content = make_content(
        "ann@customer.co.uk",
        message=message,
        subject=other,
        answers=(asked(label, value),),
        files=(FilePart(label, value, 1),),
        consent=Consent(other, True, NOW),
        attribution=Attribution(page_url=other, utm={"source": value}, referrer=label),
    )

    notes = write_notes(LEAD_ID, content, other)

    assert notes.splitlines()[-1] == REFERENCE
    assert notes.splitlines().count(REFERENCE) == 1
    assert "<" not in notes


@given(st.text(max_size=300), st.integers(0, 400))
def test_shorten_notes__keeps_the_limit_and_the_reference(text, length):
    notes = f"{text}\n\n{REFERENCE}"

    short = shorten_notes(notes, length)

    assert len(short) <= length or short == notes
    assert short == notes or length < len(notes)
    if length >= len(REFERENCE):
        assert short.splitlines()[-1] == REFERENCE
        assert text.startswith(short.removesuffix(REFERENCE).rstrip("\n").removesuffix("…")) or short == notes


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (153, f"{'x' * 99}\n\n{REFERENCE}"),
        (152, f"{'x' * 98}…\n{REFERENCE}"),
        (60, f"{'x' * 6}…\n{REFERENCE}"),
        (54, REFERENCE),
        (55, f"x…\n{REFERENCE}"),
        (10, "Lead refer"),
        (0, ""),
    ],
)
def test_shorten_notes__cuts_the_body_first(length, expected):
    assert shorten_notes(f"{'x' * 99}\n\n{REFERENCE}", length) == expected


@pytest.mark.parametrize(("existing", "expected"), [("", "new"), (" \n ", "new"), ("old\n\n", "old\n\nnew")])
def test_add_to_notes__below_what_is_there(existing, expected):
    assert add_to_notes(existing, "new") == expected
