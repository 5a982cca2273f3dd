"""One sign-in for all: when it is renewed, by what, and in which order things happen."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from leadcapture.domain.token import Credentials, Token
from leadcapture.errors import NotSent, SignInNeeded, SignInRefused, Throttled
from leadcapture.nexudus.tokens import TokenKeeper
from leadcapture.nexudus.transport import Transport

URL = "https://crm.test"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CREDENTIALS = Credentials("admin@example.com", "secret&word")


class Store:
    """A row in memory that writes down what is done to it."""

    def __init__(self, token=None):
        self.token = token
        self.story = []

    def load(self):
        return self.token

    def save(self, token):
        self.story.append(f"save {token.access_token}")
        self.token = token

    def client_id(self):
        return "guid-1"

    @contextmanager
    def exclusive(self):
        self.story.append("lock")
        yield
        self.story.append("unlock")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def token(access="old", refresh="r-old", age=timedelta(hours=1), life=timedelta(days=7)):
    return Token(access, refresh, NOW - age, NOW - age + life)


def keeper(store, credentials=None, fixed=None, clock=None):
    return TokenKeeper(store, Transport(URL), credentials, fixed, clock or Clock())


def reply(mocked, status=200, **body):
    mocked.post(f"{URL}/api/token", status=status, json=body)


def pair(number, **changes):
    return {"access_token": f"new-{number}", "refresh_token": f"r-{number}", "expires_in": 604799} | changes


def forms(mocked):
    return [{k: v[0] for k, v in parse_qs(call.request.body.decode()).items()} for call in mocked.calls]


def test_bearer__good_token_costs_no_call(mocked):
    store = Store(token())

    assert keeper(store).bearer() == "old"
    assert store.story == []


def test_bearer__without_token_signs_in(mocked):
    reply(mocked, **pair(1))
    store = Store()

    assert keeper(store, CREDENTIALS).bearer() == "new-1"
    assert store.story == ["lock", "save new-1", "unlock"]
    assert forms(mocked) == [{"grant_type": "password", "username": "admin@example.com", "password": "secret&word"}]
    headers = mocked.calls[0].request.headers
    assert headers["client_id"] == "guid-1"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in headers


def test_bearer__nothing_to_sign_in_with(mocked):
    with pytest.raises(SignInNeeded):
        keeper(Store()).bearer()


def test_bearer__expired_token_is_renewed_first(mocked):
    reply(mocked, **pair(1))
    store = Store(token(age=timedelta(days=8)))

    assert keeper(store).bearer() == "new-1"
    assert forms(mocked) == [{"grant_type": "refresh_token", "refresh_token": "r-old"}]
    assert mocked.calls[0].request.headers["client_id"] == "guid-1"


def test_bearer__sees_another_process_sign_in_within_a_minute(mocked):
    store, clock = Store(token()), Clock()
    tokens = keeper(store, clock=clock)
    tokens.bearer()
    store.token = token("theirs")

    clock.now += timedelta(seconds=30)
    assert tokens.bearer() == "old"
    clock.now += timedelta(seconds=31)
    assert tokens.bearer() == "theirs"


def test_renew__uses_what_another_process_got(mocked):
    store = Store(token("theirs"))

    assert keeper(store).renew("old") == "theirs"
    assert store.story == ["lock", "unlock"]


def test_renew__does_not_use_what_has_expired(mocked):
    reply(mocked, **pair(1))
    store = Store(token("theirs", age=timedelta(days=8)))

    assert keeper(store).renew("old") == "new-1"


def test_renew__saves_before_use(mocked):
    reply(mocked, **pair(1))
    store = Store(token())
    tokens = keeper(store)

    assert tokens.renew("old") == "new-1"
    assert store.story == ["lock", "save new-1", "unlock"]
    assert store.token == Token("new-1", "r-1", NOW, NOW + timedelta(seconds=604799))
    assert tokens.bearer() == "new-1"


@pytest.mark.parametrize("status", [400, 401])
def test_renew__refused_refresh_token_falls_back_to_credentials(mocked, status):
    reply(mocked, status, error="invalid_grant")
    reply(mocked, **pair(2))
    store = Store(token())

    assert keeper(store, CREDENTIALS).renew("old") == "new-2"
    assert [form["grant_type"] for form in forms(mocked)] == ["refresh_token", "password"]


@pytest.mark.parametrize("status", [400, 401])
def test_renew__refused_without_credentials_needs_a_person(mocked, status):
    reply(mocked, status, error="invalid_grant")
    store = Store(token())

    with pytest.raises(SignInRefused):
        keeper(store).renew("old")
    assert store.token == token()


def test_renew__without_a_refresh_token_uses_credentials(mocked):
    reply(mocked, **pair(1))

    assert keeper(Store(token(refresh=None)), CREDENTIALS).renew("old") == "new-1"
    assert forms(mocked)[0]["grant_type"] == "password"


def test_renew__without_anything_is_refused(mocked):
    with pytest.raises(SignInRefused):
        keeper(Store(token(refresh=None))).renew("old")


def test_renew__fixed_token_is_never_renewed(mocked):
    tokens = keeper(Store(token()), CREDENTIALS, fixed="given")

    assert tokens.bearer() == "given"
    assert tokens.fixed
    assert not tokens.renew_if_due()
    with pytest.raises(SignInRefused):
        tokens.renew("given")


@pytest.mark.parametrize(("status", "leaf"), [(500, NotSent), (503, NotSent), (409, Throttled), (429, Throttled)])
def test_renew__trouble_is_not_a_refusal(mocked, status, leaf):
    mocked.post(f"{URL}/api/token", status=status)
    store = Store(token())

    with pytest.raises(leaf):
        keeper(store, CREDENTIALS).renew("old")
    assert len(mocked.calls) == 1
    assert store.story == ["lock"]


@pytest.mark.parametrize("status", [401, 403])
def test_renew__a_firewalls_page_is_not_a_refusal(mocked, status):
    mocked.post(f"{URL}/api/token", status=status, body="<html>Request blocked</html>")
    reply(mocked, **pair(1))
    tokens = keeper(Store(token()))

    with pytest.raises(NotSent):
        tokens.renew("old")
    assert tokens.renew("old") == "new-1"


def test_renew__keeps_the_refresh_token_when_no_new_one_comes(mocked):
    reply(mocked, access_token="new-1", expires_in=60)
    store = Store(token())

    keeper(store).renew("old")

    assert store.token.refresh_token == "r-old"


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [
        (60, 60),
        ("1209599", 1209599),
        (None, 3600),
        ("soon", 3600),
        (0, 3600),
        (-5, 3600),
        (True, 3600),
        (1e300, 3600),
        ("NaN", 3600),
        ([], 3600),
        (10**9, 3600),
    ],
)
def test_renew__life_of_a_token(mocked, expires_in, seconds):
    reply(mocked, **pair(1, expires_in=expires_in))
    store = Store(token())

    keeper(store).renew("old")

    assert store.token.expires_at - store.token.obtained_at == timedelta(seconds=seconds)


HOURS = timedelta(hours=1)
DAYS = timedelta(days=1)
DUE = [
    (1 * HOURS, 7 * DAYS, False),
    (3.4 * DAYS, 7 * DAYS, False),
    (3.6 * DAYS, 7 * DAYS, True),
    (1.9 * DAYS, 5 * DAYS, False),
    (2.1 * DAYS, 5 * DAYS, True),
    (1.4 * DAYS, 3 * DAYS, False),
    (1.6 * DAYS, 3 * DAYS, True),
    (0.4 * HOURS, 1 * HOURS, False),
    (0.6 * HOURS, 1 * HOURS, True),
    (12 * DAYS, 60 * DAYS, False),
    (13 * DAYS, 60 * DAYS, True),
    (8 * DAYS, 7 * DAYS, True),
]


@pytest.mark.parametrize(("age", "life", "due"), DUE)
def test_renew_if_due__in_good_time(mocked, age, life, due):
    reply(mocked, **pair(1))
    store = Store(token(age=age, life=life))

    assert keeper(store).renew_if_due() is due
    assert store.token.access_token == ("new-1" if due else "old")


def test_renew_if_due__nothing_stored(mocked):
    assert not keeper(Store(), CREDENTIALS).renew_if_due()


def test_renew_if_due__nothing_to_renew_with(mocked):
    assert not keeper(Store(token(refresh=None, age=6 * DAYS))).renew_if_due()


def test_renew_if_due__refusal_leaves_the_old_token_in_use(mocked):
    reply(mocked, 400, error="invalid_grant")
    tokens = keeper(Store(token(age=6 * DAYS)))

    with pytest.raises(SignInRefused):
        tokens.renew_if_due()
    assert tokens.bearer() == "old"


@pytest.mark.parametrize(("age", "new"), [(0, True), (29, True), (31, False)])
def test_obtained_just_now__half_a_minute(mocked, age, new):
    tokens = keeper(Store(token(age=timedelta(seconds=age))))
    tokens.bearer()

    assert tokens.obtained_just_now("old") is new
    assert not tokens.obtained_just_now("another")


def test_obtained_just_now__not_when_already_over(mocked):
    clock = Clock()
    tokens = keeper(Store(token(age=timedelta(0), life=timedelta(seconds=5))), clock=clock)
    tokens.bearer()
    clock.now += timedelta(seconds=6)

    assert not tokens.obtained_just_now("old")


def test_sign_in__with_a_code(mocked):
    reply(mocked, **pair(1))
    store = Store()

    assert keeper(store).sign_in("a@b.test", "pw", "123456") == store.token
    assert forms(mocked)[0]["totp"] == "123456"


@pytest.mark.parametrize("status", [400, 401])
def test_sign_in__wrong_password(mocked, status):
    reply(mocked, status, error="invalid_grant", error_description="The user name or password is incorrect.")

    with pytest.raises(SignInRefused) as refused:
        keeper(Store()).sign_in("a@b.test", "pw")
    assert refused.value.status == status
    assert refused.value.detail == "invalid_grant"
