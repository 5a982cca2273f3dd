"""Replies as domain values, however the CRM writes them."""

from datetime import UTC, datetime

import pytest

from leadcapture.domain.account import Board, Country, Location, Me, User
from leadcapture.domain.opportunity import Customer, Opportunity
from leadcapture.nexudus.answer import created_id, whole_number
from leadcapture.nexudus.fields import read_moment, truthy
from leadcapture.nexudus.responses import (
    BoardRow,
    CountryRow,
    CustomerRow,
    ListReply,
    LocationRow,
    MeReply,
    OpportunityRow,
    StageRow,
    UserRow,
)

MOMENTS = [
    ("2025-01-15T10:30:00Z", datetime(2025, 1, 15, 10, 30, tzinfo=UTC)),
    ("2026-08-27T08:29:18.7760862Z", datetime(2026, 8, 27, 8, 29, 18, 776086, tzinfo=UTC)),
    ("2026-08-27T08:29:18.5", datetime(2026, 8, 27, 8, 29, 18, 500000, tzinfo=UTC)),
    ("2025-01-15T10:30:00+02:00", datetime(2025, 1, 15, 8, 30, tzinfo=UTC)),
    ("2025-01-15", datetime(2025, 1, 15, tzinfo=UTC)),
    ("/Date(1736937000000)/", datetime(2025, 1, 15, 10, 30, tzinfo=UTC)),
    ("/Date(1736937000000+0100)/", datetime(2025, 1, 15, 10, 30, tzinfo=UTC)),
    ("/Date(999999999999999)/", None),
    ("0001-01-01T00:00:00", None),
    ("yesterday", None),
    ("", None),
    (5, None),
]


@pytest.mark.parametrize(("written", "moment"), MOMENTS)
def test_read_moment__every_shape(written, moment):
    assert read_moment(written) == moment


@pytest.mark.parametrize(
    ("written", "number"),
    [(7, 7), ("7", 7), (" 8 ", 8), (7.0, 7), (7.5, None), ("x", None), (True, None), (-1, None), (None, None)],
)
def test_whole_number__every_shape(written, number):
    assert whole_number(written) == number


@pytest.mark.parametrize(
    ("written", "flag"), [(True, True), ("true", True), ("False", False), ("0", False), (12, True), (0, False)]
)
def test_truthy__every_shape(written, flag):
    assert truthy(written) is flag


def test_created_id__only_a_wrapper_has_one():
    assert created_id({"WasSuccessful": True, "Value": {"Id": "12"}}) == 12
    assert created_id({"Id": 12, "Value": {"Id": 13}}) is None
    assert created_id({"WasSuccessful": True, "Value": 900}) is None
    assert created_id(None) is None


def test_opportunity__full_row():
    row = {
        "Id": "87654321",
        "CoworkerId": 5,
        "CrmBoardColumnId": 1001,
        "CrmBoardColumnCrmBoardId": 900,
        "Name": "Caf&eacute; &amp; tour [abc]",
        "Notes": "Lead reference: 1",
        "Status": 1,
        "Value": 12.5,
        "CreatedOn": "2026-08-27T08:29:18.7760862Z",
        "UpdatedOn": None,
        "Unheard": {"of": 1},
    }

    assert OpportunityRow.read(row) == Opportunity(
        87654321,
        5,
        1001,
        900,
        "Café & tour [abc]",
        "Lead reference: 1",
        1,
        datetime(2026, 8, 27, 8, 29, 18, 776086, tzinfo=UTC),
        None,
    )


def test_opportunity__thin_row():
    assert OpportunityRow.read({"Id": 1, "Notes": None, "Name": None}) == Opportunity(1, 0)


def test_customer__row():
    row = {"Id": 5, "Email": "a@b.test", "FullName": "A &amp; B", "Archived": True, "InvoicingBusinessId": "7"}

    assert CustomerRow.read(row) == Customer(5, "a@b.test", "A & B", True, True, 7)
    assert CustomerRow.read({"Id": 5, "Active": "false"}).active is False


def test_me__record():
    record = {"Id": 3, "Email": "a@b.test", "IsAdmin": True, "Businesses": [1, "2", None], "FullName": None}

    assert MeReply.read(record) == Me(3, "a@b.test", "", True, False, (1, 2))
    assert MeReply.read({"Id": 3, "Businesses": None}).location_ids == ()


def test_stage__flags_by_name():
    stage = StageRow.read(
        {
            "Id": 1,
            "Name": "Won",
            "Position": "3",
            "CrmBoardId": 9,
            "CannedResponseId": 55,
            "TaskListId": None,
            "DeleteAccount": True,
            "WinOpportunity": False,
            "SignUps": True,
            "Bookings": None,
        }
    )

    assert (stage.position, stage.board_id) == (3, 9)
    assert stage.actions == {"CannedResponseId", "DeleteAccount"}
    assert stage.triggers == {"SignUps"}
    assert stage.dangerous == {"DeleteAccount"}


def test_account__rows():
    assert BoardRow.read({"Id": 1, "Name": "x", "BusinessId": 2}) == Board(1, "x", 2)
    assert CountryRow.read({"Id": 1, "Name": "UK", "TwoDigitsCode": "GB"}) == Country(1, "UK", "GB")
    assert LocationRow.read({"Id": 1, "Name": "x", "CountryId": "4"}) == Location(1, "x", 4)
    assert UserRow.read({"Id": 1, "FullName": "Z", "Email": "z@b.test"}) == User(1, "Z", "z@b.test")


ENVELOPES = [
    ({"Records": [{"Id": 1}], "CurrentPage": 1, "TotalPages": 3, "HasNextPage": True}, 1, False),
    ({"Records": [{"Id": 1}], "CurrentPage": 3, "TotalPages": 3, "HasNextPage": True}, 3, True),
    ({"Records": [], "CurrentPage": 1, "TotalPages": 3}, 1, True),
    ({"Records": [{"Id": 1}], "CurrentPage": 1, "TotalPages": 2}, 2, True),
    ({"Records": [{"Id": 1}], "HasNextPage": True}, 1, True),
    ({"Records": [{"Id": n} for n in range(1, 101)]}, 1, False),
]


@pytest.mark.parametrize(("envelope", "asked", "last"), ENVELOPES)
def test_list_reply__end(envelope, asked, last):
    assert ListReply(envelope).is_last(asked, 100) is last


def test_list_reply__rows_without_an_id_are_left_out():
    reply = ListReply({"Records": [{"Id": 1}, {"Id": None}, "x", {}], "TotalItems": "4"})

    assert reply.records == [{"Id": 1}]
    assert reply.total_items == 4


@pytest.mark.parametrize("payload", [None, [], {}, {"Records": None}, "text", {"Records": {}}])
def test_list_reply__unreadable(payload):
    assert not ListReply(payload).readable
