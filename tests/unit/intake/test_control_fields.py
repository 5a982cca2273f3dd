"""What a browser's form says about itself, apart from what the visitor said."""

import json

import pytest
from factories import NOW

from leadcapture.domain.submission import Submission
from leadcapture.intake.controls import split_controls
from leadcapture.intake.decode import decode
from leadcapture.intake.read import read_submission


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


TOKEN = "9f86d081884c7d659a2feaa0c55ad015"
ORDINARY = [
    ("annonce", "Vue au marché"),
    ("Prononce", "Ann"),
    ("Comment avez-vous vu notre annonce ?", "Au marché"),
    ("Cookies or cake?", "cake"),
    ("cookie_preference", "oat"),
    ("cookies", ["chocolate", "oat"]),
    ("cookies_per_day", 3),
    ("pass", "Day pass"),
    ("pass", "Hotdesk10"),
    ("signature", "Ann Example"),
    ("signature", "https://www.example.com/uploads/signature20260101.png"),
    ("security", "Yes, we need a guard"),
    ("authorization", "I agree that you may call me"),
    ("edit_link", "The link in my e-mail is broken"),
    ("Do you need a password?", "No, thanks"),
    ("Access key", "One for each of us"),
    ("door_access_key", "two"),
]
SECRET = [
    *[(name, TOKEN) for name in ("pass", "signature", "security", "cookie", "Access key", "web3forms_access_key")],
    *[(name, "p") for name in ("password", "user_password", "password_confirmation", "passwd", "x-api-key", "secret")],
    *[(name, "a1b2c3d4e5") for name in ("_wpnonce", "form_nonce", "security", "_fluentform_3_fluentformnonce")],
    *[(name, "x") for name in ("csrf_token", "csrfmiddlewaretoken", "_csrf", "X-CSRF-Token", "XSRF-TOKEN")],
    *[(name, "x") for name in ("access_key", "google_key", "HandshakeKey", "apiKey", "COOKIES")],
    ("cookie", "_ga=GA1.2.3; tildauid=1"),
    ("authorization", "Bearer secret"),
    ("edit_link", "https://forms.example.com/edit/7"),
    ("password", ["p"]),
    ("cookies", {"tildauid": "1"}),
]


def kept_of(key, value):
    """Return what a browser's post and a builder's post keep of one field."""
    body = json.dumps({"email": "a@example.com", key: value}).encode()
    (reading,) = read_submission(Submission("application/json", body, {}, (), None, NOW), "auto", {})
    return split_controls(decode("application/json", body).pairs)[2], reading


@pytest.mark.parametrize(("key", "value"), ORDINARY)
def test_secrets__an_answer_is_kept_whatever_its_field_is_called(key, value):
    answers, reading = kept_of(key, value)
    text = ", ".join(value) if isinstance(value, list) else str(value)

    assert {answer.label: answer.text for answer in answers}[key] == text
    assert text in [answer.text for answer in reading.answers]
    assert key in reading.payload


@pytest.mark.parametrize(("key", "value"), SECRET)
def test_secrets__are_never_kept(key, value):
    answers, reading = kept_of(key, value)

    assert said(answers) == {"email": "a@example.com"}
    assert key not in reading.payload
    assert isinstance(value, dict) or [answer.text for answer in reading.answers] == ["a@example.com"]


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
