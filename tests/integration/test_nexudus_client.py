"""The client against the stand-in Nexudus: every call, and every way in which a call goes wrong."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from leadcapture.delivery.crm import Crm
from leadcapture.domain.opportunity import CustomerDraft, OpportunityDraft
from leadcapture.domain.token import Credentials, Token
from leadcapture.errors import (
    AccessDenied,
    Full,
    Missing,
    NotSent,
    OutcomeUnknown,
    Refused,
    SignInNeeded,
    SignInRefused,
    Throttled,
)
from leadcapture.nexudus.client import NexudusClient
from leadcapture.nexudus.tokens import TokenKeeper
from leadcapture.nexudus.transport import Transport
from leadcapture.sandbox.server import Sandbox

LOCATION = 1234566
CREDENTIALS = Credentials("admin@example.com", "demo-password")


class Store:
    """A row in memory, shared by the threads of a test."""

    def __init__(self, token=None):
        self.token = token
        self.saves = 0
        self._lock = threading.Lock()

    def load(self):
        return self.token

    def save(self, token):
        self.token = token
        self.saves += 1

    def client_id(self):
        return "0f5a1f5e-7c9e-4a39-9b51-51c1d4a0a001"

    @contextmanager
    def exclusive(self):
        with self._lock:
            yield


def utc_now():
    return datetime.now(UTC)


def recently():
    return utc_now() - timedelta(minutes=2)


def connect(url, store=None, credentials=CREDENTIALS, fixed=None, timeout=5.0, seen=None):
    transport = Transport(url, timeout, (seen if seen is not None else []).append)
    return NexudusClient(transport, TokenKeeper(store or Store(), transport, credentials, fixed, utc_now))


@pytest.fixture(scope="module")
def running():
    with Sandbox(port=0) as sandbox:
        yield sandbox


@pytest.fixture
def nexudus(running):
    running.reset()
    return running


@pytest.fixture
def seen():
    return []


@pytest.fixture
def client(nexudus, seen):
    return connect(nexudus.url, seen=seen)


def customer(email="ann+test@example.com", **extra):
    return CustomerDraft("Ann Example", email, LOCATION, 1220, 2023, extra)


def opportunity(column=1001, **fields):
    return OpportunityDraft(column, {"Name": "Tour [abc]", "Notes": "Lead reference: 1-abc"} | fields)


def shown(nexudus, entity):
    return nexudus.world.shown_all(entity)


def test_client__keeps_the_protocol(client):
    crm: Crm = client

    assert crm.who_am_i().email == "admin@example.com"


def test_client__constructor_makes_no_call(nexudus):
    store = Store()

    connect(nexudus.url, store)

    assert store.token is None
    assert len(nexudus.world.journal) == 0


def test_setup__what_the_account_holds(client):
    assert [place.name for place in client.locations()] == ["Demo Space", "Demo Space Lisbon"]
    assert [board.id for board in client.boards(LOCATION)] == [900]
    assert [stage.name for stage in client.stages(900)][:2] == ["Lead", "Tour booked"]
    assert {stage.board_id for stage in client.stages()} == {900, 901}
    assert {kind.name for kind in client.opportunity_types(LOCATION)} == {"Tour", "Contact"}
    assert {user.full_name for user in client.users()} == {"John Doe", "Maria Silva"}
    assert "GB" in {country.code for country in client.countries()}
    assert 2023 in {zone.id for zone in client.time_zones()}


def test_find_stage__with_flags_or_none(client):
    stage = client.find_stage(1099)

    assert stage is not None
    assert stage.dangerous == {"DeleteAccount"}
    assert client.find_stage(77) is None


def test_customer__made_and_found(client, nexudus):
    customer_id = client.create_customer(customer(MobilePhone="+44 7700 900123"))

    found = client.find_customers(" ANN+test@example.com")
    assert [(c.id, c.location_id, c.active, c.archived) for c in found] == [(customer_id, LOCATION, True, False)]
    assert client.find_customers("nobody@example.com") == []
    record = shown(nexudus, "Coworker")[0]
    assert record["SignUpToNewsletter"] is False
    assert record["MobilePhone"] == "+44 7700 900123"


@pytest.mark.parametrize("needs", ["current", "legacy", "union"])
def test_customer__accepted_whatever_the_account_requires(client, nexudus, needs):
    nexudus.switches.set(coworker_required=needs)

    assert client.create_customer(customer()) > 0


@pytest.mark.parametrize("shape", ["id", "full"])
def test_opportunity__made_found_and_replaced(client, nexudus, shape):
    nexudus.switches.set(value_shape=shape)
    customer_id = client.create_customer(customer())
    other_id = client.create_customer(customer("bob@example.com"))
    made = client.create_opportunity(customer_id, opportunity(UtmSource="google", UtmTerm=""))
    client.create_opportunity(other_id, opportunity())

    found = client.find_opportunities(customer_id, recently())
    assert [(o.id, o.notes, o.board_column_id, o.board_id) for o in found] == [
        (made, "Lead reference: 1-abc", 1001, 900)
    ]
    record = client.get_opportunity(made)
    assert (record["UtmSource"], record["Status"], record["Position"]) == ("google", 1, 1)
    client.replace_opportunity({**record, "Notes": "new"})
    assert client.get_opportunity(made)["Notes"] == "new"
    assert client.get_opportunity(made)["UtmSource"] == "google"


def test_find_opportunities__notes_fetched_where_the_list_omits_them(client, nexudus):
    nexudus.switches.set(list_omits=["Notes"])
    customer_id = client.create_customer(customer())
    client.create_opportunity(customer_id, opportunity())

    assert client.find_opportunities(customer_id, recently())[0].carries("1-abc")


def test_find_opportunities__all_pages_and_no_others(client):
    customer_id = client.create_customer(customer())
    made = {client.create_opportunity(customer_id, opportunity()) for _ in range(103)}

    assert {o.id for o in client.find_opportunities(customer_id, recently())} == made
    assert client.find_opportunities(customer_id, utc_now() + timedelta(minutes=2)) == []
    assert {o.id for o in client.opportunities_updated(LOCATION, recently())} == made
    assert list(client.opportunities_updated(LOCATION + 1, recently())) == []
    assert client.count_opportunities(LOCATION) == 103
    assert client.count_opportunities(LOCATION + 1) == 0


def test_get_opportunity__missing(client):
    with pytest.raises(Missing):
        client.get_opportunity(5)


def test_refusal__names_the_field_in_both_shapes(client, nexudus):
    customer_id = client.create_customer(customer())
    for shape in ("current", "legacy"):
        nexudus.switches.set(validation_shape=shape)
        with pytest.raises(Refused) as refused:
            client.create_opportunity(customer_id, opportunity(column=77))
        assert refused.value.names("CrmBoardColumnId")


def test_refusal__notes_that_are_too_long(client, nexudus):
    nexudus.switches.set(notes_limit=20)
    customer_id = client.create_customer(customer())

    with pytest.raises(Refused) as refused:
        client.create_opportunity(customer_id, opportunity(Notes="secret " * 9))

    assert refused.value.names("Notes")
    assert "secret" not in str(refused.value)


def test_limit__of_opportunities_is_full(client, nexudus):
    nexudus.switches.set(opportunity_limit=1)
    customer_id = client.create_customer(customer())
    client.create_opportunity(customer_id, opportunity())

    with pytest.raises(Full):
        client.create_opportunity(customer_id, opportunity())


def test_limit__of_customers_a_day_is_a_quota(client, nexudus, seen):
    nexudus.switches.set(coworker_daily_limit=0)

    with pytest.raises(AccessDenied) as denied:
        client.create_customer(customer())

    assert denied.value.quota
    assert [record.call for record in seen] == ["sign in", "create customer"]


@pytest.mark.parametrize(
    ("fault", "leaf", "written"),
    [
        ({"ooops": {"written": False}}, OutcomeUnknown, 0),
        ({"ooops": {"written": True, "status": 400}}, OutcomeUnknown, 1),
        ({"soft_fail": {}}, Refused, 0),
        ({"html_error": {"status": 502, "written": True}}, OutcomeUnknown, 1),
        ({"html_error": {"status": 200, "written": False}}, OutcomeUnknown, 0),
        ({"drop_after_commit": {"mode": "close"}}, OutcomeUnknown, 1),
        ({"drop_after_commit": {"mode": "cut"}}, OutcomeUnknown, 1),
        ({"drop_after_commit": {"mode": "unread"}}, OutcomeUnknown, 0),
        ({"throttle": "409", "throttle_every": 1}, Throttled, 0),
        ({"throttle": "429", "throttle_every": 1}, Throttled, 0),
        ({"throttle": "429_body", "throttle_every": 1, "throttle_seconds": 2.5}, Throttled, 0),
        ({"throttle": "429_bare", "throttle_every": 1}, Throttled, 0),
    ],
    ids=str,
)
def test_create__each_fault_has_one_leaf(client, nexudus, fault, leaf, written):
    client.who_am_i()
    nexudus.switches.merge(fault)

    with pytest.raises(leaf) as failed:
        client.create_customer(customer())

    assert type(failed.value) is leaf
    assert getattr(failed.value, "generic", None) in (None, "ooops" in fault)
    assert len(shown(nexudus, "Coworker")) == written


def test_create__answer_later_than_the_timeout_is_unknown(nexudus):
    client = connect(nexudus.url, timeout=0.3)
    client.who_am_i()
    nexudus.switches.set(drop_after_commit={"mode": "sleep", "seconds": 3})

    with pytest.raises(OutcomeUnknown):
        client.create_customer(customer())
    assert len(shown(nexudus, "Coworker")) == 1


@pytest.mark.parametrize("way", ["close", "503"])
def test_read__trouble_is_safe_to_repeat(client, nexudus, way):
    client.who_am_i()
    nexudus.switches.set(down=way)

    with pytest.raises(NotSent):
        client.find_customers("ann@example.com")


def test_throttle__says_how_long(client, nexudus):
    client.who_am_i()
    nexudus.switches.merge({"throttle": "429_body", "throttle_every": 1, "throttle_seconds": 2.5})

    with pytest.raises(Throttled) as throttled:
        client.locations()
    assert throttled.value.delay_seconds == pytest.approx(2.75)


def test_sign_in__dead_token_is_renewed_once_and_the_call_repeated(nexudus, seen):
    store = Store()
    connect(nexudus.url, store).who_am_i()
    nexudus.switches["expire_tokens"] = True
    store.token = aged(store.token)

    assert connect(nexudus.url, store, None, seen=seen).create_customer(customer()) > 0

    assert [record.call for record in seen] == ["create customer", "renew token", "create customer"]
    assert len(shown(nexudus, "Coworker")) == 1


def test_sign_in__dead_chain_is_mended_by_credentials(nexudus, seen):
    store = Store()
    connect(nexudus.url, store).who_am_i()
    nexudus.switches["expire_tokens"] = True
    nexudus.switches["revoke_refresh"] = True
    store.token = aged(store.token)

    connect(nexudus.url, store, seen=seen).who_am_i()

    assert [record.call for record in seen] == ["who am i", "renew token", "sign in", "who am i"]


def test_sign_in__dead_chain_without_credentials_needs_a_person(nexudus):
    store = Store()
    connect(nexudus.url, store).who_am_i()
    nexudus.switches["expire_tokens"] = True
    nexudus.switches["revoke_refresh"] = True
    store.token = aged(store.token)

    with pytest.raises(SignInRefused):
        connect(nexudus.url, store, None).who_am_i()


def test_sign_in__missing_role_is_not_an_old_token(nexudus, seen):
    store = Store()
    connect(nexudus.url, store).who_am_i()
    store.token = aged(store.token)
    nexudus.switches.set(no_role=["Coworker", "coworkers"])

    with pytest.raises(AccessDenied):
        connect(nexudus.url, store, seen=seen).find_customers("ann@example.com")
    assert [record.call for record in seen] == ["find customers", "renew token", "find customers"]


@pytest.mark.parametrize("status", [400, 401])
def test_sign_in__wrong_password(nexudus, status):
    nexudus.switches.set(bad_password_status=status)

    with pytest.raises(SignInRefused):
        connect(nexudus.url, credentials=Credentials("admin@example.com", "wrong")).who_am_i()


def test_sign_in__nothing_to_sign_in_with(nexudus):
    with pytest.raises(SignInNeeded):
        connect(nexudus.url, credentials=None).who_am_i()


def test_sign_in__fixed_token(nexudus):
    store = Store()
    connect(nexudus.url, store).who_am_i()

    assert connect(nexudus.url, None, None, fixed=store.token.access_token).who_am_i().is_admin
    with pytest.raises(SignInRefused):
        connect(nexudus.url, None, CREDENTIALS, fixed="wrong").who_am_i()


def test_sign_in__fixed_token_at_the_quota_is_a_quota(nexudus):
    store = Store()
    connect(nexudus.url, store).who_am_i()
    nexudus.switches.set(coworker_daily_limit=0)

    with pytest.raises(AccessDenied) as denied:
        connect(nexudus.url, None, None, fixed=store.token.access_token).create_customer(customer())
    assert denied.value.quota


def test_sign_in__many_threads_renew_once(nexudus):
    store = Store()
    connect(nexudus.url, store).who_am_i()
    nexudus.switches["expire_tokens"] = True
    store.token = aged(store.token)
    seen, failures, start = [], [], threading.Barrier(8)

    def work():
        client = connect(nexudus.url, store, None, seen=seen)
        start.wait()
        try:
            client.who_am_i()
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert [record.call for record in seen].count("renew token") == 1
    assert store.saves == 2


def aged(token: Token) -> Token:
    """The same token, obtained an hour ago."""
    return Token(token.access_token, token.refresh_token, token.obtained_at - timedelta(hours=1), token.expires_at)
