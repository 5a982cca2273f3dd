"""What makes a lead suspect, what does not, and that a filter never costs one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

import altcha
import pytest
from factories import make_content, make_form, make_new_lead
from screening_score import faults, judge, sample_catalogue, samples, share

from leadcapture.domain.form import Screening
from leadcapture.domain.lead import LeadState
from leadcapture.domain.submission import Answer
from leadcapture.intake import screening
from leadcapture.intake.disposable import is_disposable
from leadcapture.intake.phrases import Phrases, alternatives
from leadcapture.intake.proof import Proofs
from leadcapture.intake.screening import Check, Signs, screened
from leadcapture.intake.screening_people import is_gibberish

SPAM = "We offer affordable SEO services and get you on the first page of Google. Backlinks from $49!"


def screen(said=None, signs=screening.NO_SIGNS, **rules):
    form = make_form(screening=Screening(**rules))
    return screened(make_new_lead(content=said or make_content()), form, 2.0, signs)


def test_labelled_set__no_genuine_enquiry_refused_and_spam_held() -> None:
    catalogue = sample_catalogue()
    judged = [(sample, *judge(sample, catalogue)) for sample in samples()]
    genuine = [row for row in judged if row[0].label == "genuine"]
    assert len(genuine) >= 300 and len(judged) - len(genuine) >= 300
    assert share(genuine, "refused")[0] == 0
    assert faults(judged) == []


def test_advertising__is_held_and_says_why() -> None:
    lead = screen(make_content(message=SPAM))
    assert lead.state is LeadState.HELD and "search engine optimisation" in lead.reason


def test_enquiry_of_an_agency__is_not_held() -> None:
    lead = screen(
        make_content(message="We are an SEO agency of four and look for a private office. What is the price?")
    )
    assert (lead.state, lead.reason) == (LeadState.RECEIVED, "")


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        (Signs(honeypot=True), "people can't see"),
        (Signs(age_seconds=0.4), "within 0.4 seconds"),
        (Signs(proof=Check.MISSING), "proof of work is missing"),
        (Signs(proof=Check.LATE), "too late"),
        (Signs(captcha=Check.UNREACHABLE), "does not answer"),
        (Signs(captcha=Check.FAILED), "robot"),
    ],
)
def test_traps__each_is_enough(signs: Signs, words: str) -> None:
    lead = screen(signs=signs)
    assert lead.state is LeadState.HELD and words in lead.reason


def test_traps__slow_visitor_with_every_proof_passes() -> None:
    assert screen(signs=Signs(False, 2.5, Check.PASSED, Check.PASSED)).state is LeadState.RECEIVED


def test_several_reasons__are_all_told() -> None:
    lead = screen(make_content(email="x@mailinator.com", message="<script>x</script>"), Signs(honeypot=True))
    assert all(words in lead.reason for words in ("can't see", "disposable", "script"))


def test_own_rules__hold_words_domains_and_countries() -> None:
    said = make_content(email="jo@shop.example.ru", message="Is Room 7b free?")
    assert "hold_words" in screen(said, hold_words=("room 7b",)).reason
    assert "hold_domains" in screen(said, hold_domains=("example.ru",)).reason
    assert "hold_countries" in screen(said, hold_countries=("RU",)).reason
    numbered = replace(said, mapped={**said.mapped, "coworker.MobilePhone": "+8613800138000"})
    assert "CN" in screen(numbered, hold_countries=("CN",)).reason


def test_own_rules__allowed_domain_is_held_for_nothing_it_says_but_for_traps() -> None:
    said = make_content(email="jo@partner.com", message=SPAM)
    assert screen(said, allow_domains=("partner.com",)).state is LeadState.RECEIVED
    assert screen(said, Signs(honeypot=True), allow_domains=("partner.com",)).state is LeadState.HELD


def test_content__can_be_switched_off() -> None:
    assert screen(make_content(message=SPAM), content=False).state is LeadState.RECEIVED


def test_blocked_lead__keeps_its_state_and_reason() -> None:
    lead = replace(make_new_lead(content=make_content(message=SPAM)), state=LeadState.BLOCKED, reason="no address")
    found = screened(lead, make_form(), 0)
    assert (found.state, found.reason) == (LeadState.BLOCKED, "no address")


def test_fault_of_a_filter__costs_no_lead() -> None:
    broken = replace(make_content(), mapped=None)  # type: ignore[arg-type]
    lead = make_new_lead(content=make_content())
    assert screened(replace(lead, content=broken), make_form(), 0).state is LeadState.RECEIVED


def test_same_text__is_known_by_its_letters_and_short_or_suggested_ones_are_not() -> None:
    long = "I would like to hear more about your offer, thank you"
    form = make_form()
    assert screening.text_key(form, make_content(message=long)) == screening.text_key(
        form, make_content(message=long.upper() + "!!")
    )
    assert screening.text_key(form, make_content(message="Call me")) == ""
    suggesting = make_form(fields=(*form.fields[:2], replace(form.fields[2], default=long)))
    assert screening.text_key(suggesting, make_content(message=long)) == ""


@pytest.mark.parametrize(
    "message",
    ["a" * 60000, "1" * 60000, "web design and " * 4000, "select x from " * 4000, "http://" * 9000, "<a " * 20000],
)
def test_long_text__keeps_no_server_busy(message: str) -> None:
    began = perf_counter()
    screen(make_content(message=message))
    assert perf_counter() - began < 2


def test_link_to_the_senders_own_site__is_no_doubt() -> None:
    said = make_content(email="jo@acme.io", message="See https://www.acme.io/team. Is there a desk?")
    assert screen(said).state is LeadState.RECEIVED


def test_link_in_a_name__is_held() -> None:
    assert "short answer" in screen(make_content(name="Win at https://x.bet")).reason


def test_link_where_a_website_is_asked_for__is_no_doubt() -> None:
    said = make_content()
    site = Answer("website", "website", "Your website", "https://other.com")
    assert screen(replace(said, answers=(*said.answers, site))).state is LeadState.RECEIVED


@pytest.mark.parametrize(
    "name",
    ["Krzysztof Brzęczyszczykiewicz", "Ng", "Hrvoje Vrkljan", "DeShawn McKnight", "Hirschsprung", "RAJESH", "Llwyd"],
)
def test_gibberish__names_of_people_are_none(name: str) -> None:
    assert not is_gibberish(name)


@pytest.mark.parametrize("name", ["xKqzTmLpRwVb", "HgTyUioPlkJ", "fdsgkjhrtq"])
def test_gibberish__struck_keys_are(name: str) -> None:
    assert is_gibberish(name)


def test_disposable__domain_and_those_below_it() -> None:
    assert is_disposable("mailinator.com") and is_disposable("x.mailinator.com") and not is_disposable("gmail.com")


def test_phrases__alternatives_are_multiplied_out() -> None:
    assert list(alternatives("(?:a|b)c|d")) == ["ac", "bc", "d"]
    assert list(alternatives("(?:a|b)?c")) == ["c", "ac", "bc"]
    listed = Phrases({"games": "(?:free|bonus) spins?\nслот"})
    assert listed.found_in("free spin, bonus spins, слоты, unfree spinster") == {
        "games": {"free spin", "bonus spins", "слот"}
    }


def solved(challenge: dict) -> str:
    found = altcha.Challenge.from_dict(challenge)
    return altcha.Payload(found, altcha.solve_challenge(found)).to_base64()


def test_proof__good_once_solved_for_its_form_until_it_expires() -> None:
    now = datetime.now(UTC)
    proofs = Proofs("a secret", lambda: now)
    payload = solved(proofs.challenge("contact"))
    assert proofs.check("contact", payload) is Check.PASSED
    assert proofs.check("tour", payload) is Check.FAILED
    assert Proofs("another", lambda: now).check("contact", payload) is Check.FAILED
    old = Proofs("a secret", lambda: now - timedelta(hours=3)).challenge("contact")
    assert proofs.check("contact", solved(old)) is Check.LATE


@pytest.mark.parametrize("payload", ["x", "e30=", "W10=", "bnVsbA==", "A" * 5000, "\ud800", "é"])
def test_proof__nonsense_is_wrong_and_harmless(payload: str) -> None:
    assert Proofs("a secret", lambda: datetime.now(UTC)).check("contact", payload) is Check.FAILED


def test_proof__none_is_missing() -> None:
    assert Proofs("a secret", lambda: datetime.now(UTC)).check("contact", None) is Check.MISSING


def test_reasons__say_nothing_twice():
    from leadcapture.intake.screening import joined

    said = ["holds a link", "holds markup", "holds a link, and asks for no place to work", "holds markup"]
    assert joined(said) == "holds markup; holds a link, and asks for no place to work"
