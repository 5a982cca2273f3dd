"""What a browser's form says about itself, apart from what the visitor said."""

import pytest

from leadcapture.intake.controls import split_controls
from leadcapture.intake.decode import decode


def split(body):
    return split_controls(decode("application/x-www-form-urlencoded", body.encode()).pairs)


def said(answers):
    return {answer.key: answer.value for answer in answers}


def test_controls__our_own():
    controls, _, answers = split(
        "name=Alex&_next=https%3A%2F%2Fa.example&_subject=S&_replyto=a%40b.example&_gotcha=x&_language=de"
        "&_submission_id=1&_page_url=p&_referrer=r&_landing_url=l&_first_touch=f&_last_touch=t&_embedding=inline"
        "&_stamp=s&consent=on"
    )

    assert (controls.next_url, controls.subject, controls.reply_to) == ("https://a.example", "S", "a@b.example")
    assert (controls.honeypot, controls.language, controls.submission_id) == ("x", "de", "1")
    assert (controls.page_url, controls.referrer, controls.landing_url) == ("p", "r", "l")
    assert (controls.first_touch, controls.last_touch) == ("f", "t")
    assert (controls.embedding, controls.stamp, controls.consent) == ("inline", "s", "on")
    assert said(answers) == {"name": "Alex"}


@pytest.mark.parametrize(
    "body",
    [
        "_cc=x&_format=plain",
        "form-name=contact&bot-field=",
        "_honey=&_captcha=false&_template=table&_autoresponse=thanks&_blacklist=spam&_cc=x",
        "g-recaptcha-response=x&h-captcha-response=y&cf-turnstile-response=z&altcha=w",
        "_wpcf7=1&_wpcf7_version=6&_wpcf7_locale=en_US&_wpcf7_unit_tag=t&_wpcf7_container_post=0",
        "access_key=k&subject=S&from_name=Site&replyto=r&redirect=u&botcheck=&ccemail=c",
        "google_key=k&HandshakeKey=k&_wpnonce=n&csrfmiddlewaretoken=t&COOKIES=c&password=p",
    ],
)
def test_controls__services_that_people_moved_from(body):
    _, tracking, answers = split(f"email=a%40b.example&{body}")

    assert said(answers) == {"email": "a@b.example"}
    assert tracking == {}


def test_controls__plain_subject_and_name_are_answers_without_an_access_key():
    _, _, answers = split("subject=Tour&name=Alex&redirect=no")

    assert said(answers) == {"subject": "Tour", "name": "Alex", "redirect": "no"}


def test_controls__an_access_key_makes_them_controls_and_is_gone():
    controls, _, answers = split("access_key=SECRET&subject=Tour&name=Alex&redirect=https%3A%2F%2Fa.example")

    assert (controls.subject, controls.next_url) == ("Tour", "https://a.example")
    assert said(answers) == {"name": "Alex"}
    assert "SECRET" not in repr((controls, answers))


def test_controls__an_underscore_that_no_service_uses_is_an_answer():
    _, _, answers = split("_desks=5&__floor=2")

    assert said(answers) == {"_desks": "5", "__floor": "2"}


def test_tracking__in_any_case_and_empty_is_absent():
    _, tracking, answers = split(
        "UTM_Source=google&utm_medium=&utm_id=7&GCLID=g&fbclid=f&msclkid=m&li_fat_id=l&gad_source=1&wbraid=w"
        "&utm_marketing_tactic=t&email=a%40b.example"
    )

    assert tracking == {
        "utm_source": "google",
        "utm_id": "7",
        "gclid": "g",
        "fbclid": "f",
        "msclkid": "m",
        "li_fat_id": "l",
        "gad_source": "1",
        "wbraid": "w",
        "utm_marketing_tactic": "t",
    }
    assert said(answers) == {"email": "a@b.example"}


def test_answers__repeated_and_nested_ones_all_survive():
    _, tracking, answers = split("services=Desk&services=Room&a[]=1&a[]=2&who[first]=Alex&utm[source]=google&x=")

    texts = {text for answer in answers for text in ([answer.value] if isinstance(answer.value, str) else answer.value)}
    assert {"Desk", "Room", "1", "2", "Alex"} <= texts
    assert tracking == {"utm_source": "google"}


def test_answers__of_json_with_values_of_every_kind():
    pairs = decode(
        "application/json",
        b'{"name":"Alex","desks":5,"parking":true,"dogs":null,"who":{"role":"CEO"},"services":["A","B"],'
        b'"_first_touch":{"utm_source":"x"},"utm_source":"google"}',
    ).pairs

    controls, tracking, answers = split_controls(pairs)

    assert said(answers) == {"name": "Alex", "desks": "5", "parking": "true", "role": "CEO", "services": ("A", "B")}
    assert controls.first_touch == '{"utm_source": "x"}'
    assert tracking == {"utm_source": "google"}


def test_answers__json_that_a_visitor_typed_stays_as_typed():
    _, _, answers = split("message=%7B%22a%22%3A1%7D")

    assert said(answers) == {"message": '{"a":1}'}
