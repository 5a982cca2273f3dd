"""What is stored of a lead is what it said, and is written as it always was: stored texts are compared with it."""

import json
from dataclasses import replace

from factories import make_content
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.lead import Content
from leadcapture.domain.submission import Answer
from leadcapture.store.content import from_json, storable, to_json

ANY = st.text(st.characters(), max_size=20)
WHOLE = st.text(max_size=20)
PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def saying(text: str, several: list[str]) -> Content:
    answers = (Answer(text, "key", text, text, "text"), Answer("b", "b", "b", tuple(several)))
    return replace(make_content(message=text), answers=answers, mapped={"coworker.FullName": text})


@given(WHOLE, st.lists(WHOLE, max_size=3))
def test_content__is_read_as_it_was_written(text: str, several: list[str]) -> None:
    said = saying(text, several)
    assert from_json(to_json(said)) == said


@given(ANY, st.lists(ANY, max_size=3))
def test_content__is_written_as_python_writes_it(text: str, several: list[str]) -> None:
    written = to_json(saying(text, several))
    assert written == PLAIN.encode(json.loads(written))
    assert json.loads(written)["mapped"]["coworker.FullName"] == text


def test_content__half_a_letter_costs_no_lead() -> None:
    assert "a?b" in storable(to_json(saying("a\ud800b", [])))
