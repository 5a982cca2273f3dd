"""Who gets into the admin pages: nobody without the password, nothing without a token, ten tries."""

import re
import time

import pytest
from admin_site import PASSWORD, open_desk, routes


@pytest.fixture
def desk(tmp_path):
    desk = open_desk(tmp_path)
    yield desk
    desk.store.close()


@pytest.fixture
def stranger(tmp_path):
    desk = open_desk(tmp_path, signed_in=False)
    yield desk
    desk.store.close()


def test_admin__is_not_there_without_a_password(tmp_path):
    desk = open_desk(tmp_path, signed_in=False, admin_password=None)
    for route in routes(desk.app):
        assert desk.client.get(route.path).status_code in (404, 405)
        if "POST" in route.methods:
            assert desk.client.post(route.path).status_code == 404
    desk.store.close()


def test_admin__sends_strangers_to_the_sign_in(stranger):
    for route in routes(stranger.app):
        if "GET" in route.methods and route.path != "/admin/login":
            answer = stranger.client.get(route.path)
            assert answer.status_code == 303, route.path
            assert answer.headers["Location"].startswith("/admin/login"), route.path


def test_admin_posts__are_refused_without_a_token(desk):
    posts = [route.path for route in routes(desk.app) if "POST" in route.methods]
    assert len(posts) >= 8
    for path in posts:
        assert desk.client.post(path, data={"password": PASSWORD}).status_code == 400, path
        assert desk.post(path, token="not the token").status_code == 400, path


def test_admin_posts__of_another_session_are_refused(tmp_path, desk):
    other = open_desk(tmp_path)
    other.get("/admin/audit")
    desk.get("/admin/audit")
    assert desk.post("/admin/logout", token=other.token).status_code == 400
    other.store.close()


@pytest.mark.parametrize("path", ["/admin", "/admin/nothing-here", "/admin/leads/none/at/all"])
def test_admin_addresses__that_are_no_page_are_not_cached_either(desk, path):
    assert desk.get(path).headers["Cache-Control"] == "no-store"


def test_admin_pages__are_never_cached_nor_framed(desk):
    desk.lead()
    for path in ("/admin/", "/admin/login", "/admin/health", "/admin/reports", "/admin/forms", "/admin/audit"):
        headers = desk.get(path).headers
        assert headers["Cache-Control"] == "no-store", path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert "unsafe" not in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path


def test_sign_in__sets_a_cookie_of_the_admin_pages_alone(stranger):
    cookie = stranger.sign_in().headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/admin"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Expires=" in cookie


def test_sign_in__cookie_is_secure_behind_tls(stranger):
    stranger.get("/admin/login", base_url="https://localhost")
    headers = {"Referer": "https://localhost/admin/login"}
    answer = stranger.post("/admin/login", {"password": PASSWORD}, base_url="https://localhost", headers=headers)
    assert answer.status_code == 303
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_sign_in__behind_a_proxy_that_names_another_host_says_so(stranger):
    stranger.get("/admin/login", base_url="https://127.0.0.1:8000")
    headers = {"Referer": "https://leads.example.com/admin/login"}
    typed = {"password": PASSWORD}
    answer = stranger.post("/admin/login", typed, base_url="https://127.0.0.1:8000", headers=headers)
    assert answer.status_code == 400
    assert "does not match what your proxy passes on: let it pass the Host header on" in answer.text
    assert "too long" not in answer.text
    stale = stranger.post("/admin/login", typed, "old", base_url="https://127.0.0.1:8000", headers=headers)
    assert (stale.status_code, "This page was open for too long" in stale.text) == (400, True)


def test_sign_in__returns_to_the_page_that_was_wanted(stranger):
    answer = stranger.client.get("/admin/reports?since=2026-01-01")
    stranger.get(answer.headers["Location"])
    back = stranger.post(answer.headers["Location"], {"password": PASSWORD})
    assert back.headers["Location"] == "/admin/reports?since=2026-01-01"


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/admin/\\evil", "/f/tour", "javascript:x"]
)
def test_sign_in__leads_nowhere_else(stranger, target):
    stranger.get("/admin/login")
    answer = stranger.post("/admin/login", {"password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/admin/"


def test_sign_in__refuses_a_wrong_password(stranger):
    assert stranger.sign_in("wrong").status_code == 403
    assert stranger.client.get("/admin/").status_code == 303


def test_sign_in__writes_down_once_that_an_address_is_locked_out(stranger):
    for _ in range(14):
        stranger.sign_in("wrong", environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    [entry] = stranger.store.audit.entries()
    assert (entry.action, entry.detail) == ("locked out after too many wrong passwords", "from 198.51.100.0")


def test_sign_in__counts_a_network_of_the_new_protocol_as_one(stranger):
    tries = [stranger.sign_in("wrong", environ_overrides={"REMOTE_ADDR": f"2001:db8:5::{n:x}"}) for n in range(12)]
    assert [answer.status_code for answer in tries] == [403] * 10 + [429] * 2
    elsewhere = {"REMOTE_ADDR": "2001:db8:6::1"}
    assert stranger.sign_in(environ_overrides=elsewhere).status_code == 303


def test_sign_in__locks_an_address_out_after_ten_failures(stranger):
    assert [stranger.sign_in("wrong").status_code for _ in range(10)] == [403] * 10
    answer = stranger.sign_in()
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    other = {"REMOTE_ADDR": "198.51.100.7"}
    assert stranger.sign_in(environ_overrides=other).status_code == 303


def test_sign_in__does_not_count_successes(stranger):
    for _ in range(15):
        assert stranger.sign_in().status_code == 303
        stranger.get("/admin/audit")
        assert stranger.post("/admin/logout").status_code == 303


def test_session__ends_with_signing_out_also_for_who_kept_the_cookie(desk):
    kept = desk.client.get_cookie("leadcapture_admin", path="/admin").value
    desk.get("/admin/audit")
    desk.post("/admin/logout")
    assert desk.client.get("/admin/").status_code == 303
    desk.client.set_cookie("leadcapture_admin", kept, path="/admin")
    assert desk.client.get("/admin/leads.csv").status_code == 303


def test_session__of_another_browser_goes_on(desk):
    other = desk.app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', other.get("/admin/login").text)[1]
    other.post("/admin/login", data={"csrf_token": token, "password": PASSWORD})
    desk.get("/admin/audit")
    desk.post("/admin/logout")
    assert other.get("/admin/audit").status_code == 200


def test_session__ends_with_the_password_it_was_made_with(tmp_path, desk):
    changed = open_desk(tmp_path, signed_in=False, admin_password="another one")
    cookie = desk.client.get_cookie("leadcapture_admin", path="/admin")
    changed.client.set_cookie("leadcapture_admin", cookie.value, path="/admin")
    assert changed.client.get("/admin/").status_code == 303
    changed.store.close()


def test_session__ends_after_twelve_hours(desk):
    import time_machine

    with time_machine.travel(time.time() + 11 * 3600):
        assert desk.client.get("/admin/audit").status_code == 200
    with time_machine.travel(time.time() + 12 * 3600 + 60):
        assert desk.client.get("/admin/audit").status_code == 303
