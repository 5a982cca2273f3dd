"""One exchange: what goes out, what is recorded, and that no failure carries an address."""

import json
import ssl
import traceback
from http.client import RemoteDisconnected

import pytest
import requests

from leadcapture.errors import NotSent, OutcomeUnknown, Throttled
from leadcapture.nexudus.calls import CREATE_CUSTOMER, FIND_CUSTOMERS
from leadcapture.nexudus.one_host import NeverSent
from leadcapture.nexudus.reading import CutOff
from leadcapture.nexudus.transport import CallRecord, Transport

URL = "https://crm.test"
LIST = f"{URL}/api/spaces/coworkers"
QUERY = {"Coworker_Email": "ann+test@example.com"}


def test_exchange__request_as_it_goes_out(mocked):
    mocked.get(LIST, json={"Records": []})

    Transport(f"{URL}/").exchange(FIND_CUSTOMERS, query=QUERY, headers={"Authorization": "Bearer t"})

    request = mocked.calls[0].request
    assert request.url == f"{LIST}?Coworker_Email=ann%2Btest%40example.com"
    assert request.headers["Authorization"] == "Bearer t"
    assert request.headers["Accept"] == "application/json"
    assert request.body is None


def test_exchange__record_goes_out_as_json(mocked):
    mocked.post(LIST, json={"WasSuccessful": True, "Value": {"Id": 1}})

    Transport(URL).exchange(CREATE_CUSTOMER, record={"FullName": "Zoë \ud800"})

    request = mocked.calls[0].request
    assert json.loads(request.body) == {"FullName": "Zoë \ud800"}
    assert request.headers["Content-Length"] == str(len(request.body))


def test_exchange__records_each_call(mocked):
    mocked.get(LIST, json={"Records": []})
    mocked.get(LIST, status=429, headers={"Retry-After": "2"})
    mocked.get(LIST, body=requests.exceptions.ReadTimeout())
    ticks = iter(range(100))
    seen = []
    transport = Transport(URL, 20, seen.append, monotonic=lambda: float(next(ticks)))

    transport.exchange(FIND_CUSTOMERS, query=QUERY)
    with pytest.raises(Throttled):
        transport.exchange(FIND_CUSTOMERS, query=QUERY)
    with pytest.raises(NotSent):
        transport.exchange(FIND_CUSTOMERS, query=QUERY)

    assert all(isinstance(record, CallRecord) and record.latency_seconds > 0 for record in seen)
    assert [(r.call, r.method, r.status, r.outcome) for r in seen] == [
        ("find customers", "GET", 200, "ok"),
        ("find customers", "GET", 429, "throttled"),
        ("find customers", "GET", None, "not_sent"),
    ]


def test_exchange__failure_carries_no_address(mocked):
    mocked.get(LIST, body=requests.exceptions.ConnectionError("Max retries exceeded: ann+test@example.com"))

    with pytest.raises(NotSent) as failed:
        Transport(URL).exchange(FIND_CUSTOMERS, query=QUERY)

    assert failed.value.__context__ is None
    assert "ann" not in "".join(traceback.format_exception_only(failed.value))


FAILURES = [
    (NeverSent("ConnectTimeoutError"), NotSent),
    (TimeoutError(), OutcomeUnknown),
    (ConnectionResetError(), OutcomeUnknown),
    (ssl.SSLError(1, "[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC]"), OutcomeUnknown),
    (RemoteDisconnected(), OutcomeUnknown),
    (CutOff("too long"), OutcomeUnknown),
    (requests.exceptions.ReadTimeout(), OutcomeUnknown),
]


@pytest.mark.parametrize(("failure", "leaf"), FAILURES, ids=lambda x: type(x).__name__)
def test_exchange__create_without_a_whole_answer(mocked, failure, leaf):
    mocked.post(LIST, body=failure)

    with pytest.raises(leaf) as failed:
        Transport(URL).exchange(CREATE_CUSTOMER, record={})

    assert failed.value.__context__ is None
    assert "ann" not in "".join(traceback.format_exception_only(failed.value))


def test_exchange__redirect_is_not_followed(mocked):
    mocked.get(LIST, status=302, headers={"Location": f"{URL}/login"})

    with pytest.raises(NotSent, match="NEXUDUS_URL"):
        Transport(URL).exchange(FIND_CUSTOMERS)
    assert len(mocked.calls) == 1


def test_exchange__byte_order_mark_is_no_obstacle(mocked):
    mocked.get(LIST, body=b'\xef\xbb\xbf{"Records": []}')

    assert Transport(URL).exchange(FIND_CUSTOMERS).payload == {"Records": []}


def test_clock_skew_seconds__from_the_date_header(mocked):
    mocked.get(LIST, json={"Records": []}, headers={"Date": "Sun, 01 Mar 2099 12:00:00 GMT"})
    mocked.get(LIST, json={"Records": []}, headers={"Date": "sometime"})
    transport = Transport(URL)

    assert transport.clock_skew_seconds is None
    transport.exchange(FIND_CUSTOMERS)
    skew = transport.clock_skew_seconds
    transport.exchange(FIND_CUSTOMERS)

    assert skew is not None
    assert skew > 86400
    assert transport.clock_skew_seconds == skew


def test_answer__repr_holds_no_body(mocked):
    mocked.get(LIST, json={"Records": [{"Id": 1, "Email": "ann@example.com"}]})

    assert "ann" not in repr(Transport(URL).exchange(FIND_CUSTOMERS))
