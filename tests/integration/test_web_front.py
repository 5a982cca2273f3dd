"""What is accepted before Flask is asked has all that Flask gives to any answer; what is not, Flask answers."""

import logging

import pytest
from web_forms_site import ANN, AS_PAGE, WEBSITE, open_site
from werkzeug.exceptions import NotFound

FROM_WEBSITE = {"Origin": WEBSITE}
TOO_LONG = f"https://{'a' * 300}.example.com"


@pytest.fixture
def site(tmp_path):
    form = """
    [forms.open]
    title = "Open"
    allowed_origins = ["*"]
    fields = [{ name = "email", label = "E-mail", type = "email" }]
    """
    with open_site(tmp_path, form) as site:
        yield site


def test_accepted__has_the_headers_of_every_other_answer(site):
    refused = site.post(data={}, headers=FROM_WEBSITE)
    assert refused.status_code == 422
    for headers in (FROM_WEBSITE, FROM_WEBSITE | AS_PAGE):
        accepted = site.client.post("/f/contact", data=ANN, headers=headers)
        assert accepted.status_code in (200, 303)
        assert accepted.headers["Access-Control-Allow-Origin"] == WEBSITE
        for name, value in refused.headers.items():
            if name not in ("Content-Length", "Content-Type"):
                assert accepted.headers[name] == value, name


def test_accepted__each_website_and_scheme_has_its_own_headers(site):
    def headers_of(base="http://localhost", **headers):
        answer = site.client.post("/f/open", data=ANN, headers=headers, base_url=base)
        assert answer.status_code == 303
        return answer.headers

    for _ in range(2):
        assert headers_of(Origin="https://a.example")["Access-Control-Allow-Origin"] == "https://a.example"
        assert headers_of(Origin=TOO_LONG)["Access-Control-Allow-Origin"] == TOO_LONG
        assert "Access-Control-Allow-Origin" not in headers_of()
        assert "Strict-Transport-Security" not in headers_of()
        assert "Strict-Transport-Security" in headers_of("https://localhost")


@pytest.mark.parametrize("path", ["//f/contact", "///f/contact"])
def test_accepted__with_slashes_too_many_in_front(site, path):
    answer = site.client.post("/f/contact", data=ANN, environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 303
    assert len(site.leads()) == 1


def test_view__says_nothing_of_a_post_that_nobody_took(site):
    app = site.client.application
    with app.test_request_context("/f/contact", method="POST"), pytest.raises(NotFound):
        app.ensure_sync(app.view_functions["public.submit"])(name="contact")


def test_refused__by_what_flask_knows(site):
    assert site.client.post("/f/nothing", data=ANN).status_code == 404
    assert site.client.post("/f/contact/", data=ANN).status_code == 404
    assert site.client.post("/f/contact", data=ANN, headers={"Host": "a b"}).status_code == 400
    assert site.client.post("/f/contact", data=ANN, headers={"Host": ""}).status_code == 400
    assert site.client.post("/f/contact", data=ANN, headers={"Origin": "https://evil.example"}).status_code == 403
    assert site.client.put("/f/contact", data=ANN).headers["Allow"].count("POST") == 1
    assert site.leads() == []


@pytest.mark.parametrize(("headers", "kind"), [({}, "text/html"), ({"Accept": "application/json"}, "application/json")])
def test_fault_of_ours__is_told_as_any_other(site, monkeypatch, caplog, headers, kind):
    def fails(*_):
        raise RuntimeError("ann@example.com")

    monkeypatch.setattr(site.services.receiver, "receive", fails)
    with caplog.at_level(logging.ERROR):
        answer = site.client.post("/f/contact", data=ANN, headers=headers)
    assert (answer.status_code, answer.mimetype) == (500, kind)
    assert "nosniff" in answer.headers["X-Content-Type-Options"]
    assert "ann@example.com" not in answer.text
    assert "unexpected RuntimeError at public.submit" in caplog.text
