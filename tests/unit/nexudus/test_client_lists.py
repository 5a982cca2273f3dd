"""Lists that do not keep to the rules: filters ignored, pages without end, rows that move."""

import inspect
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from leadcapture.delivery.crm import Crm
from leadcapture.errors import NotSent
from leadcapture.nexudus.client import NexudusClient
from leadcapture.nexudus.tokens import TokenKeeper
from leadcapture.nexudus.transport import Transport

URL = "https://crm.test"
NOW = datetime.now(UTC).replace(microsecond=0)
COWORKERS = f"{URL}/api/spaces/coworkers"
OPPORTUNITIES = f"{URL}/api/crm/crmopportunities"


class NoStore:
    def load(self):
        return None

    def save(self, token):
        raise AssertionError("nothing to save")

    def client_id(self):
        return "guid"

    def exclusive(self):
        return nullcontext()


def make_client():
    transport = Transport(URL)
    return NexudusClient(transport, TokenKeeper(NoStore(), transport, None, "given", lambda: NOW))


def page(mocked, url, *rows, number=1, of=1, **headers):
    body = {"Records": rows, "CurrentPage": number, "TotalPages": of, "TotalItems": 999, "HasNextPage": True}
    mocked.get(url, json=body, headers=headers)


def queries(mocked):
    return [{k: v[0] for k, v in parse_qs(urlsplit(c.request.url).query).items()} for c in mocked.calls]


def row(number, coworker=5, at=NOW, **more):
    moment = at.strftime("%Y-%m-%dT%H:%M:%S.1234567Z")
    return {"Id": number, "CoworkerId": coworker, "CreatedOn": moment, "UpdatedOn": moment, "Notes": "n"} | more


def test_client__signatures_are_those_of_the_protocol():
    names = [name for name in vars(Crm) if not name.startswith("_")]

    assert "create_opportunity" in names
    for name in names:
        assert inspect.signature(getattr(NexudusClient, name)) == inspect.signature(getattr(Crm, name)), name


def test_find_customers__ignored_filter_is_not_walked(mocked):
    page(mocked, COWORKERS, {"Id": 1, "Email": "x@b.test"}, {"Id": 2, "Email": "Ann@b.test "}, of=900)

    assert [found.id for found in make_client().find_customers("ann@b.test")] == [2]
    assert queries(mocked) == [{"Coworker_Email": "ann@b.test", "page": "1", "size": "100"}]


def test_find_customers__at_most_five_pages(mocked):
    page(mocked, COWORKERS, {"Id": 2, "Email": "ann@b.test"}, of=900)

    assert [found.id for found in make_client().find_customers("ann@b.test")] == [2]
    assert [query["page"] for query in queries(mocked)] == ["1", "2", "3", "4", "5"]


def test_find_customers__address_that_cannot_be_encoded(mocked):
    page(mocked, COWORKERS)

    assert make_client().find_customers("a\ud800@b.test") == []


def test_find_opportunities__ignored_filter_is_made_up_for(mocked):
    old = NOW - timedelta(days=9)
    page(mocked, OPPORTUNITIES, row(1, coworker=6), row(2, at=old), of=2)
    page(mocked, OPPORTUNITIES, row(2, at=old), row(3), row(4, CreatedOn=None), number=2, of=2)

    found = make_client().find_opportunities(5, NOW)

    assert [opportunity.id for opportunity in found] == [3, 4]
    assert queries(mocked)[0] == {
        "CrmOpportunity_Coworker": "5",
        "from_CrmOpportunity_CreatedOn": NOW.strftime("%Y-%m-%dT%H:%M"),
        "page": "1",
        "size": "100",
    }


def test_find_opportunities__row_without_its_customer_is_asked_for(mocked):
    page(mocked, OPPORTUNITIES, row(1, coworker=None), row(2, coworker=None))
    mocked.get(f"{OPPORTUNITIES}/1", json=row(1))
    mocked.get(f"{OPPORTUNITIES}/2", json=row(2, coworker=6))

    assert [opportunity.id for opportunity in make_client().find_opportunities(5, NOW)] == [1]


def test_find_opportunities__window_opens_by_a_slow_crm_clock(mocked):
    slow = (datetime.now(UTC) - timedelta(minutes=10)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    page(mocked, OPPORTUNITIES, row(1, at=NOW - timedelta(minutes=10)), Date=slow)
    client = make_client()

    assert client.find_opportunities(5, NOW) == []
    assert [opportunity.id for opportunity in client.find_opportunities(5, NOW - timedelta(seconds=30))] == [1]


def test_opportunities_updated__checked_again(mocked):
    here, there = {"CrmBoardColumnCrmBoardBusinessId": 7}, {"CrmBoardColumnCrmBoardBusinessId": 8}
    old = NOW - timedelta(days=9)
    page(mocked, OPPORTUNITIES, row(1, **here), row(2, **there), row(3, **here, at=old), row(4))

    assert [o.id for o in make_client().opportunities_updated(7, NOW)] == [1, 4]
    assert queries(mocked)[0]["CrmOpportunity_CrmBoardColumn_CrmBoard_Business_Id"] == "7"


def test_lists__end_without_trusting_has_next_page(mocked):
    page(mocked, f"{URL}/api/sys/businesses", {"Id": 1, "Name": "A"})

    assert [place.id for place in make_client().locations()] == [1]
    assert len(mocked.calls) == 1


def test_lists__never_more_than_two_hundred_pages(mocked):
    page(mocked, f"{URL}/api/crm/crmboardcolumns", {"Id": 1, "Name": "A"}, of=10**6)

    assert make_client().find_stage(2) is None
    assert len(mocked.calls) == 200


@pytest.mark.parametrize("body", [{}, {"Records": None}, [], {"Id": 1}])
def test_lists__answer_that_is_no_list(mocked, body):
    mocked.get(COWORKERS, json=body)

    with pytest.raises(NotSent):
        make_client().find_customers("ann@b.test")


def test_count_opportunities__without_a_total(mocked):
    mocked.get(OPPORTUNITIES, json={"Records": []})

    with pytest.raises(NotSent):
        make_client().count_opportunities(7)


@pytest.mark.parametrize("body", [{}, {"Id": 2}, "1"])
def test_get_opportunity__another_record(mocked, body):
    mocked.get(f"{OPPORTUNITIES}/1", json=body)

    with pytest.raises(NotSent):
        make_client().get_opportunity(1)


def test_boards__archived_and_other_locations_left_out(mocked):
    rows = [{"Id": 1, "BusinessId": 7}, {"Id": 2, "BusinessId": 8}, {"Id": 3, "BusinessId": 7, "Archived": True}]
    page(mocked, f"{URL}/api/crm/crmboards", *rows)

    assert [board.id for board in make_client().boards(7)] == [1]
