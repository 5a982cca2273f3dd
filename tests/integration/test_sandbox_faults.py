"""Every switch of the stand-in, each shown once over HTTP."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from leadcapture.sandbox.server import Sandbox
from leadcapture.sandbox.switch_table import SWITCHES

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BARE = {"FullName": "Ann Example", "Email": "ann@customer.co.uk", "CountryId": 1220, "SimpleTimeZoneId": 2023}
CURRENT = BARE | {"CoworkerType": 1, "Gender": 1, "TaxRateType": 1} | {f"{day}Attendance": 5 for day in DAYS}
COWORKER = CURRENT | {"Businesses": [1234566], "InvoicingBusinessId": 1234566}
COWORKERS, OPPORTUNITIES = "/api/spaces/coworkers", "/api/crm/crmopportunities"
LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class Crm:
    """A signed-in caller of one stand-in."""

    def __init__(self, sandbox: Sandbox, session: requests.Session) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.switch = sandbox.switches.set
        self.session = session

    def get(self, path: str, **params: object) -> requests.Response:
        return self.session.get(self.sandbox.url + path, params=params, timeout=0.5)

    def coworker(self, **rest: object) -> requests.Response:
        return self.session.post(self.sandbox.url + COWORKERS, json=COWORKER | rest, timeout=0.5)

    def opportunity(self, **rest: object) -> requests.Response:
        coworkers = self.world.coworkers()
        coworker = coworkers[0] if coworkers else self.world.add("Coworker", COWORKER)
        body = {"CrmBoardColumnId": 1001, "CoworkerId": coworker["Id"], "Status": 1, "Position": 1} | rest
        return self.session.post(self.sandbox.url + OPPORTUNITIES, json=body, timeout=0.5)

    def token(self, **form: str) -> requests.Response:
        form = {"grant_type": "password", "username": self.sandbox.username} | form
        form = {"password": self.sandbox.password} | form
        return requests.post(f"{self.sandbox.url}/api/token", data=form, headers={"client_id": "x"}, timeout=1)


@pytest.fixture
def now() -> list[datetime]:
    return [datetime(2026, 8, 27, 8, 29, 18, 776086, tzinfo=UTC)]


@pytest.fixture
def crm(now: list[datetime]) -> Iterator[Crm]:
    with Sandbox(clock=lambda: now[0]) as sandbox, requests.Session() as session:
        session.auth = (sandbox.username, sandbox.password)
        yield Crm(sandbox, session)


def test_throttle__409_is_the_documented_reply(crm: Crm) -> None:
    crm.switch(throttle="409", throttle_every=1, throttle_seconds=2)
    reply = crm.opportunity()

    assert (reply.status_code, reply.reason) == (409, "You must wait before accessing this url again.")
    assert (reply.content, reply.headers["Retry-After"]) == (b"", "2")
    assert crm.world.opportunities() == []


@pytest.mark.parametrize(
    ("way", "retry_after", "text"),
    [("429", "2", ""), ("429_body", None, "Wait 1.5 seconds"), ("429_bare", None, "")],
)
def test_throttle__429_in_three_shapes(crm: Crm, way: str, retry_after: str | None, text: str) -> None:
    crm.switch(throttle=way, throttle_every=1, throttle_seconds=1.5)
    reply = crm.get("/api/auth/me")

    assert (reply.status_code, reply.headers.get("Retry-After")) == (429, retry_after)
    assert text in reply.text
    assert bool(text) == bool(reply.text)


def test_throttle__every_third_call_on_named_calls_until_it_runs_out(crm: Crm) -> None:
    crm.switch(throttle="429", throttle_every=3, throttle_times=2, throttle_on=["coworkers"])

    assert crm.get("/api/auth/me").status_code == 200
    assert [crm.get(COWORKERS).status_code for _ in range(9)] == [200, 200, 429, 200, 200, 429, 200, 200, 200]
    assert crm.sandbox.switches["throttle"] == "none"


def test_throttle__hits_sign_in_too(crm: Crm) -> None:
    crm.switch(throttle="409", throttle_every=1, throttle_on=["token"])

    assert crm.token().status_code == 409


def test_enforce_limits__by_the_minute_and_the_day(crm: Crm, now: list[datetime]) -> None:
    crm.switch(enforce_limits={"writes_per_minute": 2, "writes_per_day": 3, "calls_per_minute": 5})
    assert [crm.coworker().status_code for _ in range(3)] == [200, 200, 409]
    assert [crm.get("/api/auth/me").status_code for _ in range(4)] == [200, 200, 200, 409]

    now[0] += timedelta(seconds=61)
    assert [crm.coworker().status_code for _ in range(2)] == [200, 409]
    assert crm.world.max_writes_in_a_minute() == 3


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("status", [400, 500])
def test_ooops__with_or_without_the_record(crm: Crm, written: bool, status: int) -> None:
    crm.switch(ooops={"times": 2, "written": written, "status": status, "on": ["crmopportunities"]})

    assert crm.coworker().status_code == 200
    replies = [crm.opportunity() for _ in range(3)]
    assert [reply.status_code for reply in replies] == [status, status, 200]
    assert replies[0].json()["Message"].startswith("Ooops!")
    assert len(crm.world.opportunities()) == (3 if written else 1)
    assert crm.sandbox.switches["ooops"] is None


def test_ooops__always_on_reading_as_well(crm: Crm) -> None:
    crm.switch(ooops={"methods": ["GET"], "on": ["coworkers"]})

    assert [crm.get(COWORKERS).status_code for _ in range(3)] == [500, 500, 500]
    assert crm.coworker().status_code == 200


@pytest.mark.parametrize(("mode", "kept"), [("close", 1), ("sleep", 1), ("cut", 1), ("unread", 0)])
def test_drop_after_commit__leaves_the_client_without_an_answer(crm: Crm, mode: str, kept: int) -> None:
    crm.switch(drop_after_commit={"mode": mode, "times": 1, "seconds": 20, "on": ["coworkers"]})

    with pytest.raises(LOST):
        crm.coworker()

    assert len(crm.world.coworkers()) == kept
    assert crm.coworker().status_code == 200
    assert crm.world.calls[0].status == (200 if mode == "sleep" else 0)


def test_soft_fail__is_200_without_success(crm: Crm) -> None:
    crm.switch(soft_fail={"message": "No."})
    reply = crm.opportunity()

    assert (reply.status_code, reply.json()["WasSuccessful"], reply.json()["Message"]) == (200, False, "No.")
    assert crm.world.opportunities() == []


@pytest.mark.parametrize(("status", "written"), [(502, True), (503, False), (504, False), (200, True)])
def test_html_error__is_a_proxys_page_or_nothing(crm: Crm, status: int, written: bool) -> None:
    crm.switch(html_error={"status": status, "written": written, "times": 1})
    reply = crm.opportunity()

    assert reply.status_code == status
    assert reply.text.startswith("<!DOCTYPE html>") == (status != 200)
    assert reply.content or status == 200
    assert len(crm.world.opportunities()) == written
    assert crm.get("/api/auth/me").status_code == 200


def test_down__closes_or_answers_503(crm: Crm) -> None:
    crm.switch(down="503")
    assert crm.get("/api/auth/me").status_code == 503
    crm.switch(down="close")
    with pytest.raises(requests.ConnectionError):
        crm.coworker()
    assert requests.get(crm.sandbox.url, timeout=1).status_code == 200, "the page stays up"


def test_delay_ms__is_waited(crm: Crm) -> None:
    crm.switch(delay_ms=80)
    started = time.monotonic()
    crm.get("/api/auth/me")

    assert time.monotonic() - started >= 0.08


def test_probability__mixes_and_repeats(crm: Crm) -> None:
    crm.switch(ooops={"on": ["me"], "methods": ["GET"]}, probability=0.5, probability_seed=4)
    first = [crm.get("/api/auth/me").status_code for _ in range(20)]
    crm.switch(probability_seed=4)

    assert set(first) == {200, 500}
    assert [crm.get("/api/auth/me").status_code for _ in range(20)] == first


def test_expire_tokens__and_revoke_refresh(crm: Crm) -> None:
    pair = crm.token().json()
    crm.switch(expire_tokens=True)
    bearer = {"Authorization": f"Bearer {pair['access_token']}"}
    assert requests.get(f"{crm.sandbox.url}/api/auth/me", headers=bearer, timeout=1).status_code == 401

    crm.switch(revoke_refresh=True)
    assert crm.token(grant_type="refresh_token", refresh_token=pair["refresh_token"]).status_code == 400
    assert crm.sandbox.switches["revoke_refresh"] is False


def test_refuse_sign_in__and_bad_password_status(crm: Crm) -> None:
    assert crm.token(password="wrong").status_code == 400
    crm.switch(bad_password_status=401, refuse_sign_in=True)

    reply = crm.token()
    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_grant")
    assert crm.get("/api/auth/me").status_code == 401, "Basic is the same password"


def test_totp__is_needed(crm: Crm) -> None:
    crm.switch(totp="123456")

    assert crm.token().status_code == 400
    assert crm.token(totp="123456").status_code == 200
    assert crm.get("/api/auth/me").status_code == 401, "no second factor fits into Basic"


def test_expires_in__is_answered_and_kept(crm: Crm, now: list[datetime]) -> None:
    crm.switch(expires_in=60)
    pair = crm.token().json()
    bearer = {"Authorization": f"Bearer {pair['access_token']}"}
    now[0] += timedelta(seconds=61)

    assert pair["expires_in"] == 60
    assert requests.get(f"{crm.sandbox.url}/api/auth/me", headers=bearer, timeout=1).status_code == 401


def test_no_role__is_401_for_that_entity(crm: Crm) -> None:
    crm.switch(no_role=["crmopportunities"])

    assert crm.opportunity().status_code == 401
    assert crm.get(COWORKERS).status_code == 200


def test_coworker_daily_limit__denies_until_tomorrow(crm: Crm, now: list[datetime]) -> None:
    crm.switch(coworker_daily_limit=1)
    first, second = crm.coworker(), crm.coworker()
    now[0] += timedelta(days=1)

    assert (first.status_code, second.status_code, crm.coworker().status_code) == (200, 401, 200)
    assert "Access Denied" in second.text


def test_opportunity_limit__is_by_location(crm: Crm) -> None:
    crm.switch(opportunity_limit=1)
    replies = [crm.opportunity(), crm.opportunity(CrmBoardColumnId=1003), crm.opportunity(CrmBoardColumnId=1010)]

    assert [reply.status_code for reply in replies] == [200, 400, 200]
    assert "opportunities" in replies[1].json()["Message"]


def test_notes_limit__names_notes(crm: Crm) -> None:
    crm.switch(notes_limit=255)

    assert crm.opportunity(Notes="x" * 255).status_code == 200
    reply = crm.opportunity(Notes="x" * 256)
    assert (reply.status_code, reply.json()["Errors"][0]["PropertyName"]) == (400, "Notes")


def test_duplicate_email__allowed_or_rejected(crm: Crm) -> None:
    assert [crm.coworker().status_code for _ in range(2)] == [200, 200]
    crm.switch(duplicate_email="reject")

    assert crm.coworker(Email="ANN@customer.co.uk").json()["Errors"][0]["PropertyName"] == "Email"


def test_require_extra__is_a_generic_500(crm: Crm) -> None:
    crm.switch(require_extra=["OpportunityTypeId", "BusinessId"])

    assert crm.opportunity(OpportunityTypeId=55).status_code == 500
    assert crm.opportunity(OpportunityTypeId=55, BusinessId=1234566).status_code == 200


def test_coworker_required__three_sets(crm: Crm) -> None:
    url = crm.sandbox.url + COWORKERS
    assert crm.session.post(url, json=BARE).status_code == 400
    assert crm.session.post(url, json=CURRENT).status_code == 200
    crm.switch(coworker_required="legacy")
    assert crm.session.post(url, json=BARE).status_code == 200
    crm.switch(coworker_required="union")
    assert crm.session.post(url, json=CURRENT).json()["Message"] == "CheckinSinceLastRenewal: is a required field"


def test_first_stage_only__is_a_generic_500(crm: Crm) -> None:
    crm.switch(first_stage_only=True)

    assert crm.opportunity(CrmBoardColumnId=1002).status_code == 500
    assert crm.opportunity(CrmBoardColumnId=1001).status_code == 200


@pytest.mark.parametrize(("location", "stage"), [(1234566, 1001), (1234567, 1010)])
def test_auto_assign__makes_an_opportunity_for_a_customer_and_a_tour(crm: Crm, location: int, stage: int) -> None:
    crm.switch(auto_assign=True)
    crm.coworker(InvoicingBusinessId=location)
    visitor = {"BusinessId": 1234567, "FullName": "Ann", "Email": COWORKER["Email"], "IsTour": True}
    visitor["ExpectedArrival"] = "2026-09-01T09:00:00Z"
    crm.session.post(f"{crm.sandbox.url}/api/spaces/visitors", json=visitor)

    assert [made["CrmBoardColumnId"] for made in crm.world.opportunities()] == [stage, 1010]


def test_type_template__fills_leaves_or_replaces(crm: Crm) -> None:
    crm.opportunity(OpportunityTypeId=55)
    crm.opportunity(OpportunityTypeId=55, Notes="own")
    crm.switch(type_template="replaces")
    crm.opportunity(OpportunityTypeId=55, Notes="own")

    template = "How many people?\nWhich day suits?"
    assert [made["Notes"] for made in crm.world.opportunities()] == [template, "own", template]


def test_lag_seconds__hides_new_records_from_lists(crm: Crm, now: list[datetime]) -> None:
    crm.switch(lag_seconds=3)
    number = crm.coworker().json()["Value"]["Id"]

    assert crm.get(COWORKERS, Coworker_Email=COWORKER["Email"]).json()["TotalItems"] == 0
    assert crm.get(f"{COWORKERS}/{number}").status_code == 200
    now[0] += timedelta(seconds=3)
    assert crm.get(COWORKERS, Coworker_Email=COWORKER["Email"]).json()["TotalItems"] == 1


def test_list_omits__leaves_a_property_to_the_record(crm: Crm) -> None:
    crm.switch(list_omits=["Notes"])
    number = crm.opportunity(Notes="here").json()["Value"]["Id"]

    assert crm.get(OPPORTUNITIES).json()["Records"][0]["Notes"] is None
    assert crm.get(f"{OPPORTUNITIES}/{number}").json()["Notes"] == "here"


def test_value_shape__full_record(crm: Crm) -> None:
    crm.switch(value_shape="full")
    value = crm.opportunity(Value=12.5).json()["Value"]

    assert (value["Value"], value["CoworkerEmail"]) == (12.5, COWORKER["Email"])


def test_validation_shape__legacy(crm: Crm) -> None:
    crm.switch(validation_shape="legacy")
    body = crm.session.post(crm.sandbox.url + COWORKERS, json={"CountryId": None}).json()

    assert (body["Status"], body["Message"]) == (500, "FullName: may not be null or empty")
    assert {"AttemptedValue": None, "Message": "may not be null", "PropertyName": "Country"} in body["Errors"]


def test_fraction_digits__seven_or_none(crm: Crm) -> None:
    path = f"{OPPORTUNITIES}/{crm.opportunity(DueDate='2026-09-01T09:00:00Z').json()['Value']['Id']}"
    assert crm.get(path).json()["CreatedOn"] == "2026-08-27T08:29:18.7760860Z"
    assert crm.get(path).json()["DueDate"] == "2026-09-01T09:00:00Z"
    crm.switch(fraction_digits=0)

    assert crm.get(path).json()["CreatedOn"] == "2026-08-27T08:29:18Z"


@pytest.mark.parametrize(
    ("semantics", "code", "first"),
    [("0/1", "0", "a"), ("0/1", "1", "b"), ("1/-1", "1", "a"), ("1/-1", "-1", "b"), ("1/-1", "Descending", "b")],
)
def test_dir_semantics__two_meanings(crm: Crm, semantics: str, code: str, first: str) -> None:
    crm.switch(dir_semantics=semantics)
    crm.opportunity(Name="b")
    crm.opportunity(Name="a")

    body = crm.get(OPPORTUNITIES, orderBy="Name", dir=code).json()
    assert (body["Records"][0]["Name"], body["CurrentOrderField"]) == (first, "Name")


def test_every_switch__is_in_a_test_of_this_file() -> None:
    text = Path(__file__).read_text(encoding="utf-8")

    assert [name for name in SWITCHES if f"{name}=" not in text] == []
