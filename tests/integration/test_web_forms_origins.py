"""Which websites may post a form from a browser, and what their scripts may read."""

import pytest
from web_forms_site import ANN, WEBSITE, open_site

ELSEWHERE = "https://www.elsewhere.example"


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path) as site:
        yield site


def test_origin__one_that_is_listed_may_post_and_read(site):
    answer = site.post(headers={"Origin": WEBSITE})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == WEBSITE
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin", [ELSEWHERE, "null", "http://www.example.com", f"{WEBSITE}:8443", f"{WEBSITE}.evil.x"]
)
def test_origin__one_that_is_not_listed_is_refused(site, origin):
    answer = site.post(headers={"Origin": origin})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "origin_not_allowed")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    assert site.leads() == []


def test_origin__a_page_says_so_in_the_forms_language(site):
    page = site.submit("every", headers={"Origin": ELSEWHERE})
    assert page.status_code == 403
    assert '<html lang="de">' in page.text
    assert "Nicht von dieser Website" in page.text


@pytest.mark.parametrize("origin", ["http://localhost", None])
def test_origin__our_own_page_and_no_browser_at_all(site, origin):
    assert site.post(headers={"Origin": origin} if origin else {}).status_code == 200


def test_origin__errors_can_be_read_too(site):
    answer = site.post(data={"email": "ann@"}, headers={"Origin": WEBSITE})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (422, WEBSITE)


def test_preflight__says_what_may_be_sent(site):
    ask = {"Origin": WEBSITE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    answer = site.client.options("/f/contact", headers=ask)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == WEBSITE
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("content-type", "accept", "idempotency-key", "x-requested-with"))
    assert all(name in allowed for name in ("formspree-client", "formspree-session-data"))
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert "Origin" in answer.headers["Vary"]


def test_preflight__promises_nothing_to_others(site):
    answer = site.client.options("/f/contact", headers={"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert site.client.options("/f/nothing", headers={"Origin": WEBSITE}).status_code == 404


def test_inline_form__may_be_fetched_by_a_listed_website(site):
    listed = site.client.get("/f/contact?embed=inline", headers={"Origin": WEBSITE})
    other = site.client.get("/f/contact?embed=inline", headers={"Origin": ELSEWHERE})
    assert listed.headers["Access-Control-Allow-Origin"] == WEBSITE
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.parametrize("path", ["/f/contact?embed=1", "/f/contact/thanks?embed=1"])
def test_frame__by_listed_websites_alone(site, path):
    assert f"frame-ancestors 'self' {WEBSITE}" in site.client.get(path).headers["Content-Security-Policy"]


def test_frame__shows_what_went_wrong_too(site):
    page = site.submit(data=b"%", content_type="application/pdf", query_string={"embed": "1"})
    assert page.status_code == 415
    assert f"frame-ancestors 'self' {WEBSITE}" in page.headers["Content-Security-Policy"]
    assert 'class="lc-embedded"' in page.text


def test_origin__any_where_the_operator_says_so(tmp_path):
    open_form = (
        '\n[forms.open]\ntitle = "Open"\nallowed_origins = ["*"]\n'
        'fields = [{ name = "email", label = "E-mail", type = "email" }]\n'
    )
    with open_site(tmp_path, open_form) as site:
        answer = site.post("open", ANN, headers={"Origin": ELSEWHERE})
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, ELSEWHERE)
