"""Answers into canonical fields: in the order of the rules, past the traps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadcapture.domain.submission import Answer
from leadcapture.intake.mapper import map_answers

WHO = {
    "full_name": "Alex Sample",
    "first_name": "Alex",
    "last_name": "Sample",
    "email": "alex@example.com",
    "phone": "+44 20 7946 0123",
    "company": "Sample Studio",
    "message": "We need five desks.",
}


def answers(*pairs):
    return [Answer(label, label, label, value) for label, value in pairs]


def contact(*pairs):
    return {name: found.value for name, found in map_answers(answers(*pairs), {}).contact.items()}


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("What's your e-mail address?", "email"),
        ("If you like, give us your email so that we can write", "email"),
        ("And your work email?", "email"),
        ("What is your first name?", "first_name"),
        ("What company do you work for?", "company"),
        ("Name of your company", "company"),
        ("Your company's name", "company"),
        ("Name First", "first_name"),
        ("contact_number", "phone"),
        ("WhatsApp", "phone"),
        ("Tell us about your company", "message"),
        ("Anything else we should know?", "message"),
        ("Email 2", "email"),
        ("input_email_1", "email"),
        ("Nombre y apellidos", "full_name"),
        ("Wie heißen Sie?", "full_name"),
        ("Wie groß ist Ihr Team?", None),
        ("お名前を入力してください", "full_name"),
        ("Name der Firma", "company"),
        ("Nom de votre société", "company"),
    ],
)
def test_label__names_a_field(label, field):
    values = {**WHO, None: "five"}

    found = contact((label, values[field]))

    assert found == ({field: values[field]} if field else {})


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Job title", "CEO"),
        ("Website", "https://sample.example"),
        ("How did you hear about us?", "A friend"),
        ("Company size", "5-10"),
        ("How many people are in your company?", "5"),
        ("Subject", "Tour"),
        ("Form name", "Contact"),
        ("page_name", "Offices"),
        ("Event name", "Open day"),
        ("username", "alex77"),
        ("Middle name", "B."),
        ("Location name", "Shoreditch"),
        ("input_text", "Sample Studio"),
        ("Email me offers", "yes"),
        ("May we call you by phone?", "Yes"),
        ("Preferred contact method", "Email"),
        ("Move-in date", "2025-05-01"),
        ("Pet name", "Rex"),
        ("フリガナ", "アレックス"),
    ],
)
def test_label__that_only_looks_like_a_field(label, value):
    assert contact((label, value)) == {}


def test_people__somebody_elses_address_is_not_the_visitors():
    found = contact(
        ("Friend's email", "friend@example.org"),
        ("Payment (email)", "payer@example.org"),
        ("Billing email", "billing@example.org"),
        ("Email", "alex@example.com"),
    )

    assert found == {"email": "alex@example.com"}


def test_people__a_billing_address_is_better_than_none():
    assert contact(("Billing email", "billing@example.org")) == {"email": "billing@example.org"}


@pytest.mark.parametrize("path", ["recipients.0", "owner.email", "location.email", "team.0.email"])
def test_people__of_the_site_are_not_the_visitor(path):
    answer = Answer(path, path.rpartition(".")[2], path.rpartition(".")[2], "owner@example.org")

    assert map_answers([answer], {}).contact.get("email") is None or path.startswith("location")


def test_types__come_before_names():
    said = [
        Answer("a", "a", "If you have an email address, what is it like where you live?", "Cold", "text"),
        Answer("b", "b", "Whatever", "alex@example.com", "email"),
        Answer("c", "c", "Number", "020 7946 0123", "tel"),
        Answer("d", "d", "What is on your mind?", "Desks", "textarea"),
    ]

    found = map_answers(said, {}).contact

    assert {name: one.value for name, one in found.items()} == {
        "email": "alex@example.com",
        "phone": "020 7946 0123",
        "message": "Desks",
    }
    assert (found["email"].method, found["message"].method) == ("type", "type")


def test_values__are_sniffed_only_when_nothing_is_named():
    found = map_answers(answers(("4", "alex@example.com"), ("3", "(020) 7946-0123"), ("9", "2025-03-04")), {}).contact

    assert (found["email"].value, found["phone"].value) == ("alex@example.com", "(020) 7946-0123")
    assert (found["email"].method, found["phone"].method) == ("value", "value")


def test_explicit_map__beats_every_guess_and_ignores_case_and_spaces():
    said = answers(
        ("Which  Office?", "Soho"), ("E-mail", "a@example.com"), ("Team size", "5"), ("Kontakt", "b@example.com")
    )

    mapped = map_answers(
        said,
        {"which office?": "notes", "E-Mail": "notes", "team SIZE": "opportunity.Name", "kontakt": "coworker.Email"},
    )

    assert mapped.mapped["opportunity.Name"].value == "5"
    assert mapped.mapped["coworker.Email"].value == "b@example.com"
    assert mapped.contact["email"].value == "b@example.com"
    assert mapped.contact["email"].method == "map"


def test_explicit_map__notes_is_never_guessed():
    assert map_answers(answers(("Email", "a@example.com")), {"Email": "notes"}).contact == {}


def test_explicit_map__names_halves_of_a_name_and_paths():
    said = [Answer("data.q1", "q1", "Erster", "Alex"), Answer("data.q2", "q2", "Zweiter", "Sample")]

    found = map_answers(said, {"data.q1": "first_name", "q2": "last_name"}).contact

    assert (found["first_name"].value, found["last_name"].value) == ("Alex", "Sample")


def test_own_fields__are_exact_then_loose_then_guessed():
    own = {
        "full_name": "coworker.FullName",
        "email": "coworker.Email",
        "tour_date": "opportunity.DueDate",
        "desks": "notes",
    }
    said = answers(("name", "Alex"), ("email", "a@example.com"), ("Tour date", "2025-05-01"), ("desks", "5"))

    mapped = map_answers(said, {}, own)

    assert mapped.contact["full_name"].value == "Alex"
    assert mapped.contact["email"].method == "field"
    assert mapped.mapped["opportunity.DueDate"].value == "2025-05-01"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.text(min_size=1, max_size=60)), max_size=8))
def test_mapping__never_fails_and_never_uses_an_answer_twice(pairs):
    mapped = map_answers([Answer(str(n), key, key, value) for n, (key, value) in enumerate(pairs)], {})

    sources = [found.path for found in mapped.contact.values() if found.method != "value"]
    assert len(sources) == len(set(sources))


def test_message__is_the_longest_answer_in_sentences_to_a_question_of_the_forms_own():
    found = contact(
        ("email", "ann@example.com"),
        ("What made you think of us?", "Our lease ends in May"),
        ("When would you like to move in?", "As soon as possible, ideally before the summer"),
        ("I agree", "I agree to the terms of this website and more"),
        ("page_description", "Offices by the river for teams of every size"),
        ("How did you hear about us?", "A friend of mine told me all about it at lunch"),
    )

    assert found["message"] == "As soon as possible, ideally before the summer"


@pytest.mark.parametrize("value", ["-", "N/A", "keine", "なし", "n/a", "…"])
def test_company__that_says_nothing_is_none(value):
    assert contact(("Company", value), ("Email", "ann@example.com")) == {"email": "ann@example.com"}


def test_phone__without_what_machines_write_in_front():
    assert contact(("phone_number", "p:+34611222333")) == {"phone": "+34611222333"}


def test_name__under_a_word_that_may_mean_a_login_when_it_is_written_as_one():
    assert contact(("user_name", "Ann Example")) == {"full_name": "Ann Example"}
    assert contact(("user_name", "annex77")) == {}


def test_name__beside_the_address_wins_over_one_that_stands_elsewhere():
    answers = [
        Answer("outing.name", "name", "name", "Summer fair"),
        Answer("guest.name", "name", "name", "Ann Example"),
        Answer("guest.email", "email", "email", "ann@example.com"),
    ]

    assert map_answers(answers, {}).contact["full_name"].value == "Ann Example"
