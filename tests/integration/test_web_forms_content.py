"""What a lead says: everything that was sent, in a salesperson's words, and nothing that was not."""

import io

import pytest
from web_forms_site import ANN, open_site

from leadcapture.domain.compose import Place, compose


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path) as site:
        yield site


def test_content__fields_the_form_does_not_know_are_kept(site):
    notes = site.notes(site.post(data=ANN | {"budget": "500 a month", "Wie viele?": "vier", "日付": "明日"}))
    assert "budget: 500 a month" in notes
    assert "Wie viele?: vier" in notes.replace("Wie viele: vier", "Wie viele?: vier")
    assert "日付: 明日" in notes


def test_content__repeated_answers_all_reach_notes(site):
    body = "full_name=Ann&email=ann%40example.com&message=Hi&day=Mon&day=Tue&extra%5B%5D=a&extra%5B%5D=b"
    notes = site.notes(site.post(data=body, content_type="application/x-www-form-urlencoded"))
    for said in ("Mon", "Tue", "a", "b"):
        assert said in notes


def test_content__nested_answers_all_reach_notes(site):
    nested = {"office": {"city": "Lisbon", "desks": [3, {"kind": "standing"}]}, "agree": True, "nothing": None}
    notes = site.notes(site.post(json=ANN | nested))
    for said in ("Lisbon", "3", "standing", "true"):
        assert said in notes


def test_content__brackets_reach_notes(site):
    notes = site.notes(site.post(data=ANN | {"address[street]": "1 High St", "address[city]": "London"}))
    assert "1 High St" in notes
    assert "London" in notes


BOB = {"full_name": "Bob Two", "email": "bob@example.com", "message": "Second message"}


@pytest.mark.parametrize("body", [[ANN, BOB], {"leads": [ANN, BOB]}, {"guests": [BOB], **ANN}])
def test_content__of_two_people_makes_the_lead_of_one_and_keeps_the_other(site, body):
    answer = site.post(json=body)
    mapped, notes = site.lead(answer).content.mapped, site.notes(answer)
    assert (mapped["coworker.FullName"], mapped["coworker.Email"]) == (ANN["full_name"], ANN["email"])
    for said in (*ANN.values(), *BOB.values()):
        assert notes.count(said) == 1


def test_content__of_an_array_with_one_object_is_that_object(site):
    assert site.post(json=[ANN]).get_json()["id"] == site.post(json=ANN).get_json()["id"]


def test_content__a_file_is_named_and_not_stored(site):
    secret = b"the content of a file " * 50
    answer = site.post(data=ANN | {"cv": (io.BytesIO(secret), "my cv.pdf")}, content_type="multipart/form-data")
    assert f"File not stored: cv: my cv.pdf ({len(secret)} bytes)" in site.notes(answer)
    kind, body = site.services.store.leads.body(site.lead(answer).id)
    assert b"the content of a file" not in body
    assert b"Two desks, please." in body
    assert kind == "application/json"


def test_content__an_empty_file_field_is_nothing(site):
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in ANN.items()]
    parts.append(
        'Content-Disposition: form-data; name="cv"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    body = "".join(f"--x\r\n{part}\r\n" for part in parts) + "--x--\r\n"
    assert "File" not in site.notes(site.post(data=body, content_type="multipart/form-data; boundary=x"))


def test_content__what_arrived_is_kept_as_it_was(site):
    body = b"full_name=Ann&email=ann%40example.com&message=Hi"
    answer = site.post(data=body, content_type="application/x-www-form-urlencoded")
    stored = site.services.store.leads.body(site.lead(answer).id)
    assert stored == ("application/x-www-form-urlencoded", body)


def test_formspree__replyto_stands_in_for_the_address(tmp_path):
    form = '\n[forms.raw]\ntitle = "Raw"\nfields = [{ name = "email", label = "E-mail", type = "email" }]\n'
    with open_site(tmp_path, form) as site:
        lead = site.lead(site.post("raw", {"message": "Hi", "_replyto": "ann@example.com"}))
    assert lead.content.email == "ann@example.com"


def test_formspree__replyto_fills_a_required_address(site):
    lead = site.lead(site.post(data={"name": "Ann", "message": "Hi", "_replyto": "ann@example.com"}))
    assert lead.content.email == "ann@example.com"


def test_formspree__subject_and_language_are_understood(site):
    answer = site.post(data=ANN | {"_subject": "A desk", "_language": "es", "_next": "https://www.example.com/ok"})
    lead = site.lead(answer)
    assert "Subject: A desk" in site.notes(answer)
    assert lead.content.language == "es"
    assert answer.get_json()["next"] == "https://www.example.com/ok"
    assert "_next" not in site.notes(answer)
    assert "_language" not in site.notes(answer)


@pytest.mark.parametrize("trap", ["_gotcha", "_honey", "bot-field", "botcheck"])
def test_formspree__a_filled_trap_is_answered_as_stored_and_held(site, trap):
    lead = site.lead(site.post(data=ANN | {trap: "http://spam.example"}))
    assert lead.state == "held"
    assert "robot" in lead.reason


@pytest.mark.parametrize("trap", ["_gotcha", "_honey", "bot-field", "botcheck"])
@pytest.mark.parametrize("left_alone", [False, 0, "0", "false", " ", [], {}, None, ["", "false"]])
def test_formspree__a_trap_that_was_left_alone_is_not_filled(site, trap, left_alone):
    assert site.lead(site.post(json=ANN | {trap: left_alone})).state == "received"


def test_formspree__a_trap_is_filled_by_one_of_several_values(site):
    assert site.lead(site.post(json=ANN | {"botcheck": ["false", "on"]})).state == "held"
    assert site.lead(site.post(json=ANN | {"botcheck": False, "_gotcha": "x", "message": "Hi"})).state == "held"


def test_formspree__a_trap_that_breaks_the_rules_looks_stored_too(site):
    answer = site.post(data={"email": "x", "_gotcha": "y"})
    assert (answer.status_code, site.lead(answer).state) == (200, "held")


def test_names__what_a_website_calls_its_fields_is_matched(site):
    posted = {"Name": "Ann Example", "E-Mail": "ann@example.com", "Your Message": "Hi", "Telephone": "020 7946 0958"}
    mapped = site.lead(site.post(data=posted)).content.mapped
    assert mapped["coworker.FullName"] == "Ann Example"
    assert mapped["coworker.Email"] == "ann@example.com"
    assert mapped["coworker.MobilePhone"] == "+442079460958"


def test_names__halves_of_a_name_are_one(site):
    posted = {"first_name": "Ann", "last_name": "Example", "email": "ann@example.com", "message": "Hi"}
    assert site.lead(site.post(data=posted)).content.mapped["coworker.FullName"] == "Ann Example"


PHONES = [
    ("020 7946 0958", "+442079460958"),
    ("+44 (0)20 7946 0958", "+442079460958"),
    ("+351 21 123 4567", "+351211234567"),
    ("0049 30 123456", "+4930123456"),
]


@pytest.mark.parametrize(("typed", "normal"), PHONES)
def test_phone__e164_for_the_customer_and_as_typed_in_notes(site, typed, normal):
    answer = site.post(data=ANN | {"phone": typed})
    assert site.lead(answer).content.mapped["coworker.MobilePhone"] == normal
    assert f"Phone: {typed}" in site.notes(answer)


def test_markup__is_neutralised_in_notes_and_name(site):
    posted = ANN | {"full_name": "<b>Ann</b>", "message": "<script>alert(1)</script>", "x<y": "<img src=x onerror=a>"}
    answer = site.post(data=posted)
    lead, form = site.lead(answer), site.services.catalogue.forms["contact"]
    drafts = compose(lead.id, lead.content, form, Place(1, 1, 1, "Europe/London"))
    assert "<" not in drafts.notes + str(drafts.opportunity.fields["Name"]) + drafts.customer.full_name
    assert "alert(1)" in drafts.notes


def test_markup__control_characters_and_lone_halves_are_no_harm(site):
    answer = site.post(json=ANN | {"message": "a\u0000b\ud800c\u202ed", "full_name": "Ann\r\nExample"})
    assert "\u202e" not in site.notes(answer)
    assert "\x00" not in site.notes(answer)


def test_consent__given_is_kept_with_its_wording(site):
    notes = site.notes(site.post("away", {"email": "ann@example.com", "consent": "yes"}))
    assert "Consent: “You may contact me.” given 2" in notes


def test_consent__a_raw_post_without_it_is_stored_and_says_so(site):
    notes = site.notes(site.post("away", {"email": "ann@example.com"}))
    assert "Consent: “You may contact me.” not given with this post" in notes


def test_utm__of_the_hosted_pages_own_address(site):
    action = site.client.get("/f/contact?utm_source=Google&utm_medium=cpc&utm_campaign=a%26b&gclid=G1")
    found = action.text.partition('action="')[2].partition('"')[0].replace("&amp;", "&")
    stamp = action.text.partition('name="_stamp" value="')[2].partition('"')[0]
    answer = site.client.post(found, data=ANN | {"_stamp": stamp}, headers={"Accept": "application/json"})
    attribution = site.lead(answer).content.attribution
    assert dict(attribution.utm) == {"source": "Google", "medium": "cpc", "campaign": "a&b"}


PAGE = "https://www.example.com/london/private-offices"


@pytest.mark.parametrize("referer", [PAGE, "https://www.example.com/", f"{PAGE}?utm_source=seen"])
def test_page__is_the_one_that_the_browser_posts_from_when_no_field_names_it(site, referer):
    answer = site.post(headers={"Referer": referer})
    assert f"Page: {referer}\n" in site.notes(answer)
    assert site.lead(answer).content.attribution.method in ("none", "referer_query")


@pytest.mark.parametrize("field", ["_page_url", "_landing_url"])
def test_page__of_the_referer_never_changes_where_the_campaign_is_found(site, field):
    sent = ANN | {field: "https://www.example.com/first?utm_source=field"}
    found = site.lead(site.post(data=sent, headers={"Referer": f"{PAGE}?utm_source=referer"})).content.attribution
    assert (found.utm["source"], found.method) == ("field", field[1:])
    assert found.page_url == (sent[field] if field == "_page_url" else f"{PAGE}?utm_source=referer")


@pytest.mark.parametrize("referer", ["http://localhost/f/contact?embed=1", "android-app://com.example/", "about:blank"])
def test_page__is_no_page_of_ours_and_nothing_but_a_web_page(site, referer):
    assert "Page:" not in site.notes(site.post(headers={"Referer": referer}))


def test_utm__is_no_answer(site):
    answer = site.post(data=ANN | {"UTM_Source": "news", "utm_medium": "e mail", "utm_term": ""})
    lead = site.lead(answer)
    assert dict(lead.content.attribution.utm) == {"source": "news", "medium": "e mail"}
    assert not [a for a in lead.content.answers if "utm" in a.key.lower()]


def test_secrets__are_neither_kept_nor_shown(site):
    answer = site.post(data=ANN | {"access_key": "K-1234", "password": "hunter2", "csrf_token": "T-9"})
    _, body = site.services.store.leads.body(site.lead(answer).id)
    for secret in ("K-1234", "hunter2"):
        assert secret not in site.notes(answer)
        assert secret.encode() not in body


def test_charset__a_page_of_another_encoding_is_read(site):
    body = b"full_name=Zo%EB&email=zoe%40example.com&message=H%E9llo"
    lead = site.lead(site.post(data=body, content_type="application/x-www-form-urlencoded; charset=iso-8859-1"))
    assert lead.content.mapped["coworker.FullName"] == "Zoë"
    assert lead.content.message == "Héllo"


def test_text_plain__a_forms_third_encoding(site):
    body = b"full_name=Ann\r\nemail=ann@example.com\r\nmessage=Two=desks\r\nplease\r\n"
    lead = site.lead(site.post(data=body, content_type="text/plain"))
    assert lead.content.message == "Two=desks\nplease"


@pytest.mark.parametrize("word", ["no", "false", "0", "off", "", "[]"])
def test_consent__that_was_refused_is_not_given(site, word):
    lead = site.lead(site.post("away", {"email": "ann@example.com", "consent": word}))
    assert lead.content.consent.given is False


@pytest.mark.parametrize("refusal", [False, 0, [], None, "No"])
def test_consent__that_was_refused_in_json_is_not_given(site, refusal):
    lead = site.lead(site.post("away", json={"email": "ann@example.com", "consent": refusal}))
    assert lead.content.consent.given is False
    assert site.lead(site.post("away", json={"email": "a@example.com", "consent": True})).content.consent.given


def test_notes__keep_an_answer_that_says_what_the_message_says(site):
    notes = site.notes(site.post(data=ANN | {"message": "Morning", "when": "Morning"}))
    assert notes.startswith("Morning\n") and "when: Morning" in notes


def test_files__by_an_extended_name_are_not_stored_either(site):
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in ANN.items()]
    parts.append("Content-Disposition: form-data; name=\"cv\"; filename*=UTF-8''na%C3%AFve.txt\r\n\r\nsecret content")
    body = "".join(f"--x\r\n{part}\r\n" for part in parts) + "--x--\r\n"
    lead = site.lead(site.post(data=body, content_type="multipart/form-data; boundary=x"))
    assert [(part.field, part.filename) for part in lead.content.files] == [("cv", "naïve.txt")]
    assert b"secret content" not in site.services.store.leads.body(lead.id)[1]
