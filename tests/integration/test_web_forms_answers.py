"""How a post is answered: as JSON or as a page, in every case of the public table."""

import gzip
from urllib.parse import urlencode

import pytest
from web_forms_site import ANN, AS_PAGE, open_site


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path) as site:
        yield site


@pytest.fixture
def strict_site(tmp_path):
    limits = "\n[limits]\nmax_fields = 20\nposts_per_address = 3\nposts_per_address_per_minute = 6\n"
    with open_site(tmp_path, limits, max_body_bytes=2000) as site:
        yield site


JSON_ASKS = [
    {"Accept": "application/json"},
    {"Accept": "application/json, text/plain, */*"},  # axios
    {"Accept": "application/json, text/javascript, */*; q=0.01"},  # jQuery
    {"Accept": "text/html;q=0.5, application/json"},
    {"Accept": "text/html", "X-Requested-With": "XMLHttpRequest"},
]
PAGE_ASKS = [AS_PAGE, {"Accept": "*/*"}, {}, {"Accept": "text/html"}, {"Accept": "text/html, application/json;q=0.9"}]


@pytest.mark.parametrize("headers", JSON_ASKS)
def test_answer__json_for_who_prefers_it(site, headers):
    answer = site.client.post("/f/contact", data=ANN, headers=headers)
    assert answer.status_code == 200
    assert answer.get_json() == {"ok": True, "id": site.leads()[0].id, "next": "http://localhost/f/contact/thanks"}


def test_answer__json_for_a_json_post_whatever_it_accepts(site):
    assert site.client.post("/f/contact", json=ANN, headers=AS_PAGE).get_json()["ok"] is True


@pytest.mark.parametrize("headers", PAGE_ASKS)
def test_answer__a_page_for_everybody_else(site, headers):
    answer = site.client.post("/f/contact", data=ANN, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, "http://localhost/f/contact/thanks")
    page = site.client.get("/f/contact/thanks")
    assert page.status_code == 200
    assert "We have your message." in page.text


def test_answer__a_frame_stays_a_frame(site):
    answer = site.submit(query_string={"embed": "1"})
    assert answer.headers["Location"] == "http://localhost/f/contact/thanks?embed=1"
    assert 'class="lc-embedded"' in site.client.get("/f/contact/thanks?embed=1").text


def test_stored__where_the_lead_stands_without_personal_data(site):
    lead_id = site.post().get_json()["id"]
    answer = site.client.get(f"/leads/{lead_id}")
    assert set(answer.get_json()) == {"id", "state", "received_at", "delivered_at"}
    assert answer.get_json()["state"] == "received"
    assert site.client.get("/leads/no-such-lead", headers=AS_PAGE).status_code == 404


def test_invalid__json_names_every_field_in_order(site):
    answer = site.post(data={"email": "ann@", "phone": "12", "message": ""})
    assert answer.status_code == 422
    body = answer.get_json()
    assert body["ok"] is False
    assert body["error"] == "Please check the marked fields. Your name: Please fill in this field."
    assert [(e["field"], e["code"]) for e in body["errors"]] == [
        ("full_name", "required"),
        ("email", "email"),
        ("phone", "phone"),
        ("message", "required"),
    ]
    assert all(e["message"].endswith(".") for e in body["errors"])
    assert site.leads() == []


def test_invalid__json_speaks_the_websites_language(site):
    body = site.post(data=ANN | {"email": "", "_language": "es-MX"}).get_json()
    assert body["errors"][0]["message"] == "Rellene este campo."


def test_invalid__formsprees_client_is_told_once_more_for_fields_that_it_does_not_know(site):
    client = {"Formspree-Client": "@formspree/ajax @formspree/core@4.0.0", "Accept": "application/json"}
    errors = site.post(data=ANN | {"email": "ann@"}, headers=client).get_json()["errors"]
    assert [(error["field"], error["code"]) for error in errors] == [("email", "email"), ("", "invalid")]
    assert errors[1]["message"].endswith(f": {errors[0]['message']}")


def test_invalid__the_page_has_what_was_typed_and_what_came_along(site):
    page = site.submit(data=ANN | {"email": "ann@", "company": "Ex & Co", "_next": "https://www.example.com/x"})
    assert page.status_code == 422
    assert 'value="ann@"' in page.text
    assert "Two desks, please.</textarea>" in page.text
    assert '<input type="hidden" name="company" value="Ex &amp; Co">' in page.text
    assert '<input type="hidden" name="_next" value="https://www.example.com/x">' in page.text
    assert 'aria-invalid="true" aria-describedby="lc-email-error"' in page.text
    assert site.leads() == []


@pytest.mark.parametrize("only", [{"_next": "/x"}, {"_gotcha": ""}, {"utm_source": "google"}, {}, {"_subject": "Hi"}])
def test_invalid__nothing_but_control_fields(site, only):
    answer = site.post(data=only)
    assert answer.status_code == 422
    assert all(error["message"] for error in answer.get_json()["errors"])
    assert answer.get_json()["errors"]
    assert site.submit(data=only).status_code == 422
    assert site.leads() == []


def test_invalid__markup_that_was_typed_stays_text(site):
    page = site.submit(data={"full_name": '"><script>alert(1)</script>', "message": "</textarea><b>"})
    assert "<script>alert" not in page.text
    assert "</textarea><b>" not in page.text


def test_unreadable__json_that_is_none(site):
    answer = site.client.post("/f/contact", data=b'{"email": ', content_type="application/json")
    assert (answer.status_code, answer.get_json()["ok"]) == (400, False)
    assert site.client.post("/f/contact", data=b"[1, 2]", content_type="application/json").status_code == 400


def test_unreadable__multipart_that_breaks_off(site):
    body = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nann@example.com'
    answer = site.client.post("/f/contact", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert "Back to the form" in answer.text
    assert site.leads() == []


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "text/xml", "application/x-protobuf"])
def test_unsupported__a_type_that_is_no_form(site, kind):
    answer = site.client.post("/f/contact", data=b"%PDF-1.7", content_type=kind, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_type")


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "identity, gzip"])
def test_unsupported__a_body_that_is_packed(site, encoding):
    kind = {"Content-Encoding": encoding, "Content-Type": "application/x-www-form-urlencoded"}
    answer = site.post(data=gzip.compress(urlencode(ANN).encode()), headers=kind)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_type")


@pytest.mark.parametrize("encoding", ["", "identity", "UTF-8"])
def test_unsupported__is_no_body_that_is_only_said_to_be_encoded(site, encoding):
    assert site.post(headers={"Content-Encoding": encoding}).status_code == 200


def test_too_large__bytes(strict_site):
    for answer in (strict_site.post(data=ANN | {"more": "x" * 3000}), strict_site.submit(data={"more": "x" * 3000})):
        assert answer.status_code == 413
    assert strict_site.leads() == []


def test_too_large__fields(strict_site):
    many = ANN | {f"field{number}": "x" for number in range(30)}
    assert strict_site.post(data=many).status_code == 413
    assert strict_site.post(json=many).status_code == 413
    page = strict_site.submit(data=many, content_type="multipart/form-data")
    assert page.status_code == 413
    assert "Too large" in page.text


def test_too_large__a_thousand_fields_as_default(site):
    many = ANN | {f"f{number}": "x" for number in range(1000)}
    assert site.post(data=many).status_code == 413


def test_too_large__more_levels_than_anybody_needs(site):
    answer = site.client.post("/f/contact", data=b'{"a":' * 200 + b"1" + b"}" * 200, content_type="application/json")
    assert answer.status_code == 413


def test_too_fast__says_when_to_come_back(strict_site):
    assert [strict_site.post(data=ANN | {"message": str(n)}).status_code for n in range(3)] == [200, 200, 200]
    answer, page = strict_site.post(), strict_site.submit()
    assert (answer.status_code, answer.get_json()["code"]) == (429, "too_fast")
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert (page.status_code, "Too many at once" in page.text) == (429, True)
    assert int(page.headers["Retry-After"]) >= 1
    assert len(strict_site.leads()) == 3


def test_too_fast__another_visitor_is_not_meant(strict_site):
    for number in range(4):
        strict_site.post(data=ANN | {"message": str(number)})
    other = strict_site.post(environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 200


def test_unknown_form__404_in_both_ways(site):
    assert site.post("nothing").get_json() == {"ok": False, "error": "There is no page at this address."}
    page = site.client.get("/f/nothing", headers=AS_PAGE | {"Accept-Language": "fr-CH, en;q=0.5"})
    assert (page.status_code, '<html lang="fr">' in page.text) == (404, True)
    assert "Il n’y a pas de page à cette adresse." in page.text


def test_wrong_method__405_names_what_is_allowed(site):
    answer = site.client.put("/f/every", data=ANN, headers=AS_PAGE)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert '<html lang="de">' in answer.text


@pytest.fixture
def storeless_site(tmp_path):
    with open_site(tmp_path) as site:
        (tmp_path / "leads.db").unlink()
        site.services.store.close()
        (tmp_path / "leads.db").mkdir()
        yield site


def test_store_down__json_says_when_to_come_back(storeless_site):
    answer = storeless_site.post()
    assert (answer.status_code, answer.get_json()["code"]) == (503, "store_down")
    assert int(answer.headers["Retry-After"]) > 0


def test_store_down__the_page_keeps_what_was_typed(storeless_site):
    page = storeless_site.submit(data=ANN | {"company": "Example Ltd"})
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0
    assert "What you typed is still here" in page.text
    assert 'value="Ann Example"' in page.text
    assert 'name="company" value="Example Ltd"' in page.text


def test_store_down__a_lead_cannot_be_looked_up(storeless_site):
    assert storeless_site.client.get("/leads/some-id").status_code == 503


@pytest.mark.parametrize("path", ["/f/contact", "/f/contact/thanks", "/f/nothing", "/leads/x", "/f/contact/theme.css"])
def test_headers__on_every_answer(site, path):
    headers = site.client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
