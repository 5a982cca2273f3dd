"""A person's corrections: what is offered, what then stands in the lead, and what stays as it came."""

import pytest
from factories import make_content

from leadcapture.domain.editing import ALWAYS, LABELS, editable, edited, label_of
from leadcapture.domain.submission import Answer

ADDRESS = "ann@customer.co.uk"


def content(**changes):
    """What Ann says, with a question of the form's own as the last answer."""
    said = make_content(ADDRESS, found_by={"coworker.Email": "type"})
    answers = (*said.answers, Answer("team", "team", "Team size", " 9 "))
    return make_content(ADDRESS, answers=answers, found_by=said.found_by, **changes)


@pytest.mark.parametrize(
    ("target", "label"),
    [
        *LABELS.items(),
        ("coworker.Custom7", "Custom7"),
        ("notes", "notes"),
    ],
)
def test_label_of__plainer_than_nexudus_where_we_have_it(target, label):
    assert label_of(target) == label


def test_editable__the_person_always_and_each_answer_once():
    found = editable(content())

    assert list(found.mapped)[:4] == list(ALWAYS)
    assert dict(found.mapped) == {
        "coworker.FullName": "Ann Example",
        "coworker.Email": ADDRESS,
        "coworker.MobilePhone": "",
        "coworker.CompanyName": "",
    }
    assert found.message == "Two desks, please."
    assert {place: answer.key for place, answer in found.answers.items()} == {3: "team"}


def test_editable__an_empty_answer_may_be_filled_in():
    answers = (Answer("team", "team", "Team size", ""),)

    assert list(editable(make_content(ADDRESS, answers=answers, message="")).answers) == [0]


def test_edited__answers_follow_the_value_they_had():
    wanted = {"coworker.Email": " bob@customer.co.uk ", "coworker.FullName": "Ann Example"}

    result = edited(content(), wanted, "One desk.", {3: "12"})

    assert dict(result.mapped) == {"coworker.FullName": "Ann Example", "coworker.Email": "bob@customer.co.uk"}
    assert dict(result.found_by) == {"coworker.Email": "edited"}
    assert result.message == "One desk."
    assert [answer.text for answer in result.answers] == ["Ann Example", "bob@customer.co.uk", "One desk.", "12"]


def test_edited__nothing_changed_is_the_same_content():
    before = content()
    shown = editable(before)

    result = edited(before, shown.mapped, shown.message, {place: a.text for place, a in shown.answers.items()})

    assert result == before
    assert all(new is old for new, old in zip(result.answers, before.answers, strict=True))


def test_edited__a_value_that_is_emptied_is_gone_and_a_new_one_is_there():
    result = edited(content(), {"coworker.FullName": " ", "coworker.MobilePhone": "+44 20 7946 0000"}, "", {})

    assert dict(result.mapped) == {"coworker.Email": ADDRESS, "coworker.MobilePhone": "+44 20 7946 0000"}
    assert dict(result.found_by) == {
        "coworker.Email": "type",
        "coworker.FullName": "edited",
        "coworker.MobilePhone": "edited",
    }
    assert [answer.text for answer in result.answers] == ["", ADDRESS, "", " 9 "]


def test_edited__an_empty_answer_does_not_take_a_new_value_by_itself():
    answers = (Answer("phone", "phone", "Phone", ""),)
    before = make_content(ADDRESS, answers=answers, message="")

    result = edited(before, {"coworker.MobilePhone": "+44 20 7946 0000"}, "Hello", {})

    assert result.answers == answers


def test_edited__only_what_was_offered_may_be_changed():
    result = edited(
        content(), {"coworker.TariffId": "7", "opportunity.DueDate": "2026-01-01"}, "Two desks, please.", {}
    )

    assert result == content()


def test_edited__several_choices_that_were_not_touched_stay_several():
    answers = (Answer("extras", "extras", "Extras", ("Phone", "Locker")),)
    before = make_content(ADDRESS, answers=answers)

    assert edited(before, {}, before.message, {0: "Phone, Locker"}).answers[0].value == ("Phone", "Locker")
    assert edited(before, {}, before.message, {0: "Phone"}).answers[0].value == "Phone"
