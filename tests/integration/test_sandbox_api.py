"""The stand-in's strict core: sign-in, lists, and writes as Nexudus documents them."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from leadcapture.sandbox.server import Sandbox

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COWORKER = {
    "CoworkerType": 1, "FullName": "Ann Example", "Email": "ann@customer.co.uk", "CountryId": 1220,
    "SimpleTimeZoneId": 2023, "Gender": 1, "TaxRateType": 1, "SignUpToNewsletter": False,
    "Businesses": [1234566], "InvoicingBusinessId": 1234566,
} | {f"{day}Attendance": 5 for day in DAYS}  # fmt: skip
COWORKERS, OPPORTUNITIES = "/api/spaces/coworkers", "/api/crm/crmopportunities"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 8, 27, 8, 29, 18, 776086, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def nexudus(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def crm(nexudus: Sandbox) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.auth = (nexudus.username, nexudus.password)
        yield session


def token(nexudus: Sandbox, client_id: str = "laptop", **form: str) -> requests.Response:
    form = {"grant_type": "password", "username": nexudus.username, "password": nexudus.password} | form
    return requests.post(f"{nexudus.url}/api/token", data=form, headers={"client_id": client_id})


def renewed(nexudus: Sandbox, refresh_token: str, client_id: str = "laptop") -> requests.Response:
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return requests.post(f"{nexudus.url}/api/token", data=form, headers={"client_id": client_id})


def me(nexudus: Sandbox, authorization: str) -> int:
    reply = requests.get(f"{nexudus.url}/api/auth/me", headers={"Authorization": authorization})
    return reply.status_code


def opportunity(nexudus: Sandbox, **rest: object) -> dict[str, object]:
    coworkers = nexudus.world.coworkers()
    coworker = coworkers[0] if coworkers else nexudus.world.add("Coworker", COWORKER)
    return {"CrmBoardColumnId": 1001, "CoworkerId": coworker["Id"], "Status": 1, "Position": 1} | rest


def listed(nexudus: Sandbox, crm: requests.Session, path: str, **params: object) -> list[dict]:
    return crm.get(nexudus.url + path, params=params).json()["Records"]


def test_token__password_grant_gives_a_pair(nexudus: Sandbox) -> None:
    reply = token(nexudus)

    assert reply.status_code == 200
    assert reply.json()["expires_in"] == 604799
    assert me(nexudus, f"Bearer {reply.json()['access_token']}") == 200


def test_token__json_is_refused(nexudus: Sandbox) -> None:
    reply = requests.post(f"{nexudus.url}/api/token", json={"grant_type": "password"})

    assert (reply.status_code, reply.json()) == (400, {"error": "unsupported_grant_type"})


def test_token__refresh_is_used_once_and_replaced(nexudus: Sandbox) -> None:
    first = token(nexudus).json()
    second = renewed(nexudus, first["refresh_token"])
    again = renewed(nexudus, first["refresh_token"])

    assert second.status_code == 200
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    assert me(nexudus, f"Bearer {first['access_token']}") == 200, "old access tokens live on"
    assert renewed(nexudus, second.json()["refresh_token"]).status_code == 200


def test_token__new_sign_in_kills_the_refresh_token_of_its_client_only(nexudus: Sandbox) -> None:
    laptop, server = token(nexudus).json(), token(nexudus, "server").json()
    token(nexudus)

    assert renewed(nexudus, laptop["refresh_token"]).status_code == 400
    assert renewed(nexudus, server["refresh_token"], "laptop").status_code == 400, "foreign"
    assert renewed(nexudus, server["refresh_token"], "server").status_code == 200


def test_token__without_a_header_the_client_is_the_address(nexudus: Sandbox) -> None:
    pair = token(nexudus, client_id="").json()

    assert renewed(nexudus, pair["refresh_token"], client_id="").status_code == 400
    assert renewed(nexudus, pair["refresh_token"], client_id=nexudus.username).status_code == 200


def test_token__expires(nexudus: Sandbox, clock: Clock) -> None:
    pair = token(nexudus).json()
    clock.now += timedelta(seconds=604800)
    assert me(nexudus, f"Bearer {pair['access_token']}") == 401
    assert renewed(nexudus, pair["refresh_token"]).status_code == 200

    clock.now += timedelta(days=16)
    assert renewed(nexudus, pair["refresh_token"]).status_code == 400


def test_authentication__basic_or_nothing(nexudus: Sandbox) -> None:
    right = base64.b64encode(f"{nexudus.username}:{nexudus.password}".encode()).decode()

    assert me(nexudus, f"Basic {right}") == 200
    assert me(nexudus, "Basic bm86bm8=") == 401
    assert me(nexudus, "Basic ???") == 401
    assert me(nexudus, "Bearer nonsense") == 401
    assert me(nexudus, "") == 401


def test_list__envelope_and_pages(nexudus: Sandbox, crm: requests.Session) -> None:
    for _ in range(60):
        nexudus.world.add("CrmOpportunity", opportunity(nexudus))

    body = crm.get(nexudus.url + OPPORTUNITIES, params={"page": 3}).json()

    assert len(body.pop("Records")) == 10
    assert body == {
        "CurrentPageSize": 25, "CurrentPage": 3, "CurrentOrderField": "Id", "CurrentSortDirection": 0,
        "FirstItem": 51, "LastItem": 60, "HasNextPage": False, "HasPreviousPage": True,
        "PageNumber": 3, "PageSize": 25, "TotalItems": 60, "TotalPages": 3,
    }  # fmt: skip


def test_list__unknown_and_misspelt_parameters_are_ignored(nexudus: Sandbox, crm: requests.Session) -> None:
    for _ in range(30):
        nexudus.world.add("CrmOpportunity", opportunity(nexudus))
    misspelt = {"PageNumber": 2, "CrmOpportunity_CoworkerId": 5, "CrmOpportunity_Coworker": "x", "Nope": 1}

    body = crm.get(nexudus.url + OPPORTUNITIES, params=misspelt).json()

    assert (body["CurrentPage"], body["TotalItems"], len(body["Records"])) == (1, 30, 25)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("Coworker_Email", "ANN@customer.co.uk", 1),
        ("coworker_email", "ann@customer.co.uk", 1),
        ("Coworker_Email", "@customer.co.uk", 0),
        ("Coworker_InvoicingBusiness", "1234566", 1),
        ("Coworker_Businesses", "1234567", 0),
        ("Coworker_InvoicingBusiness_Name", "demo space", 1),
        ("Coworker_Active", "false", 0),
        ("Id", "1", 0),
        ("Coworker_Id", "[1423600001,7]", 1),
        ("from_Coworker_CreatedOn", "2026-08-27T08:29", 1),
        ("from_Coworker_CreatedOn", "2026-08-27T08:30:00Z", 0),
        ("to_Coworker_CreatedOn", "2026-08-27T08:29", 0),
    ],
)
def test_list__filters(nexudus: Sandbox, crm: requests.Session, name: str, value: str, found: int) -> None:
    nexudus.world.add("Coworker", COWORKER)

    assert len(listed(nexudus, crm, COWORKERS, **{name: value})) == found


def test_list__nested_filters_and_joined_names(nexudus: Sandbox, crm: requests.Session) -> None:
    nexudus.world.add("CrmOpportunity", opportunity(nexudus, Name="a"))
    nexudus.world.add("CrmOpportunity", opportunity(nexudus, Name="b", CrmBoardColumnId=1010))
    path = "CrmOpportunity_CrmBoardColumn_CrmBoard_Business_Id"

    (row,) = listed(nexudus, crm, OPPORTUNITIES, **{path: 1234567, "CrmOpportunity_Coworker_Email": COWORKER["Email"]})

    assert row["Name"] == "b"
    assert row["CrmBoardColumnCrmBoardBusinessName"] == "Demo Space Lisbon"
    assert (row["CoworkerFullName"], row["CoworkerCoworkerType"]) == ("Ann Example", "Individual")


def test_list__collections_are_null_in_rows_and_there_in_the_record(nexudus: Sandbox, crm: requests.Session) -> None:
    number = nexudus.world.add("Coworker", COWORKER)["Id"]

    assert listed(nexudus, crm, COWORKERS)[0]["Businesses"] is None
    assert crm.get(f"{nexudus.url}{COWORKERS}/{number}").json()["Businesses"] == [1234566]


def test_one__missing_is_404_in_json(nexudus: Sandbox, crm: requests.Session) -> None:
    reply = crm.get(f"{nexudus.url}{OPPORTUNITIES}/5")

    assert (reply.status_code, reply.json()) == (404, "Not found")


def test_create__answers_200_with_the_id_and_keeps_what_was_sent(nexudus: Sandbox, crm: requests.Session) -> None:
    sent = opportunity(nexudus, Notes="<b>Zoë</b>\n&", LeadSource=1, DueDate="2026-09-01T09:00:00Z", Extra=1)
    reply = crm.post(nexudus.url + OPPORTUNITIES, json=sent)

    (kept,) = nexudus.world.opportunities()
    assert (reply.status_code, reply.json()["Value"]) == (200, {"Id": kept["Id"]})
    assert reply.json()["WasSuccessful"] is True
    assert {name: kept[name] for name in sent if name != "Extra"} | {"Extra": 1} == sent
    assert kept["CreatedOn"] == "2026-08-27T08:29:18.7760860Z"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"Status": None}, "Status: is a required field"),
        ({"Status": 0}, "Status: is not valid"),
        ({"LeadSource": 3}, "LeadSource: is not valid"),
        ({"CoworkerId": "1423600001"}, "CoworkerId: is not valid"),
        ({"CoworkerId": 5}, "Coworker: is a required field"),
        ({"CoworkerId": None}, "Coworker: is a required field"),
        ({"ResponsibleId": 5}, "Responsible: is a required field"),
        ({"DueDate": "tomorrow"}, "DueDate: is not valid"),
        ({"Notes": 7}, "Notes: is not valid"),
        ({"Position": True}, "Position: is not valid"),
    ],
)
def test_create__refuses(nexudus: Sandbox, crm: requests.Session, wrong: dict, message: str) -> None:
    reply = crm.post(nexudus.url + OPPORTUNITIES, json=opportunity(nexudus) | wrong)

    name, _, rest = message.partition(": ")
    (error,) = reply.json()["Errors"]
    assert (reply.status_code, reply.json()["Message"]) == (400, message)
    assert (error["PropertyName"], error["Message"]) == (name, rest)
    assert nexudus.world.opportunities() == []


def test_create__what_is_not_json_is_refused(nexudus: Sandbox, crm: requests.Session) -> None:
    typed = {"Content-Type": "application/json"}

    assert crm.post(nexudus.url + OPPORTUNITIES, data={"a": 1}).status_code == 415
    assert crm.post(nexudus.url + OPPORTUNITIES, data="{", headers=typed).status_code == 400
    assert crm.post(nexudus.url + OPPORTUNITIES, json=[1]).status_code == 400


def test_coworker__omitted_newsletter_is_true_and_omitted_location_another(
    nexudus: Sandbox, crm: requests.Session
) -> None:
    left_out = ("SignUpToNewsletter", "Businesses", "InvoicingBusinessId")
    crm.post(nexudus.url + COWORKERS, json={k: v for k, v in COWORKER.items() if k not in left_out})

    (kept,) = nexudus.world.coworkers()
    assert kept["SignUpToNewsletter"] is True
    assert (kept["InvoicingBusinessId"], kept["Businesses"]) == (1234567, [1234567])


def test_coworker__false_newsletter_stays_false(nexudus: Sandbox, crm: requests.Session) -> None:
    crm.post(nexudus.url + COWORKERS, json=COWORKER)

    assert nexudus.world.coworkers()[0]["SignUpToNewsletter"] is False


def test_coworker__is_deleted_by_command_only(nexudus: Sandbox, crm: requests.Session) -> None:
    number = nexudus.world.add("Coworker", COWORKER)["Id"]
    command = {"Key": "COWORKER_DELETE", "Ids": [number], "Parameters": []}

    assert crm.delete(f"{nexudus.url}{COWORKERS}/{number}").status_code == 405
    assert crm.get(f"{nexudus.url}{COWORKERS}/commands").json()[0]["Key"] == "COWORKER_DELETE"
    run = [crm.post(f"{nexudus.url}{COWORKERS}/runcommand", json=command).json() for _ in range(2)]
    assert [reply["WasSuccessful"] for reply in run] == [True, False]
    assert nexudus.world.coworkers() == []


def test_replace__clears_what_is_left_out(nexudus: Sandbox, crm: requests.Session) -> None:
    old = nexudus.world.add("CrmOpportunity", opportunity(nexudus, Notes="long", UtmTerm="x"))
    new = opportunity(nexudus, Id=old["Id"], Name="renamed")

    reply = crm.put(nexudus.url + OPPORTUNITIES, json=new)

    (kept,) = nexudus.world.opportunities()
    assert reply.json()["Value"] == {"Id": old["Id"]}
    assert (kept["Name"], kept["Notes"], kept["UtmTerm"]) == ("renamed", None, None)
    assert (kept["UniqueId"], kept["CreatedOn"]) == (old["UniqueId"], old["CreatedOn"])


def test_replace__needs_the_id_and_the_required(nexudus: Sandbox, crm: requests.Session) -> None:
    old = nexudus.world.add("CrmOpportunity", opportunity(nexudus))

    assert crm.put(nexudus.url + OPPORTUNITIES, json=opportunity(nexudus)).status_code == 404
    assert crm.put(nexudus.url + OPPORTUNITIES, json={"Id": old["Id"]}).status_code == 400
    assert crm.put(f"{nexudus.url}{OPPORTUNITIES}/{old['Id']}", json=opportunity(nexudus)).status_code == 405


def test_delete__once(nexudus: Sandbox, crm: requests.Session) -> None:
    path = f"{nexudus.url}{OPPORTUNITIES}/{nexudus.world.add('CrmOpportunity', opportunity(nexudus))['Id']}"

    assert crm.delete(path).json()["WasSuccessful"] is True
    assert crm.delete(path).status_code == 404


@pytest.mark.parametrize(("stage", "status", "stamp"), [(1004, 2, "WonOn"), (1005, 3, "LostOn")])
def test_stage__wins_and_loses(nexudus: Sandbox, crm: requests.Session, stage: int, status: int, stamp: str) -> None:
    crm.post(nexudus.url + OPPORTUNITIES, json=opportunity(nexudus, CrmBoardColumnId=stage))

    (kept,) = nexudus.world.opportunities()
    assert kept["Status"] == status
    assert kept[stamp] is not None


def test_stage__acts_on_the_account_when_moved_into(nexudus: Sandbox, crm: requests.Session) -> None:
    kept = nexudus.world.add("CrmOpportunity", opportunity(nexudus))
    crm.put(nexudus.url + OPPORTUNITIES, json=opportunity(nexudus, Id=kept["Id"], CrmBoardColumnId=1098))
    assert nexudus.world.coworkers()[0]["Active"] is False

    crm.put(nexudus.url + OPPORTUNITIES, json=opportunity(nexudus, Id=kept["Id"], CrmBoardColumnId=1099))
    assert nexudus.world.coworkers() == []
    assert len(listed(nexudus, crm, "/api/crm/crmopportunityhistories")) == 2


@pytest.mark.parametrize(
    ("path", "params", "names"),
    [
        ("/api/sys/businesses", {"Business_Name": "Demo Space"}, ["Demo Space"]),
        ("/api/crm/crmboards", {"CrmBoard_Business": 1234566}, ["New Business"]),
        ("/api/crm/opportunitytypes", {"OpportunityType_Business": 1234566}, ["Tour", "Contact"]),
        ("/api/sys/simpletimezones", {"SimpleTimeZone_Name": "UTC"}, ["UTC"]),
        ("/api/sys/countries", {"Country_TwoDigitsCode": "pt"}, ["Portugal"]),
        ("/api/crm/crmboardcolumns", {"CrmBoardColumn_CrmBoard": 901}, ["Website"]),
        ("/api/crm/customfields", {}, []),
    ],
)
def test_seed__what_a_set_up_looks_up(
    nexudus: Sandbox, crm: requests.Session, path: str, params: dict, names: list[str]
) -> None:
    assert [row["Name"] for row in listed(nexudus, crm, path, **params)] == names


def test_seed__me_users_and_enums(nexudus: Sandbox, crm: requests.Session) -> None:
    enums = crm.get(f"{nexudus.url}/api/utils/enums", params={"name": "eCrmOpportunitySource"}).json()

    assert crm.get(f"{nexudus.url}/api/auth/me").json()["DefaultBusinessId"] == 1234566
    assert [row["FullName"] for row in listed(nexudus, crm, "/api/sys/users")] == ["John Doe", "Maria Silva"]
    assert {"Id": 1, "Name": "Web"} in enums
    assert 3 not in [value["Id"] for value in enums]


def test_visitor__is_filed(nexudus: Sandbox, crm: requests.Session) -> None:
    visitor = {"BusinessId": 1234566, "FullName": "Ann", "Email": "a@b.uk", "IsTour": True}
    path = f"{nexudus.url}/api/spaces/visitors"

    assert crm.post(path, json=visitor).json()["Message"] == "ExpectedArrival: is a required field"
    assert crm.post(path, json=visitor | {"ExpectedArrival": "2026-09-01T09:00:00Z"}).status_code == 200
    assert nexudus.world.opportunities() == []


def test_http__other_verbs_paths_and_broken_requests(nexudus: Sandbox, crm: requests.Session) -> None:
    assert crm.patch(nexudus.url + OPPORTUNITIES, json={}).status_code == 405
    assert crm.post(nexudus.url + "/api/sys/businesses", json={}).status_code == 405
    assert crm.get(nexudus.url + "/api/spaces/users").status_code == 404
    chunked = crm.post(nexudus.url + COWORKERS, data=iter([b"{", b"}"]), headers={"Content-Type": "application/json"})
    assert chunked.json()["Message"] == "FullName: is a required field"
    assert crm.get(nexudus.url, headers={"Content-Length": "x"}).status_code == 400
