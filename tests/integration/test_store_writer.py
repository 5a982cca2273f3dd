"""The thread that commits: who is told of it, and how long it waits for company."""

import threading
import time

import pytest

from leadcapture.store import writer as writers
from leadcapture.store.db import Database
from leadcapture.store.writer import Writer


@pytest.fixture
def writer(sqlite_url):
    database = Database(sqlite_url)
    yield Writer(database)
    database.dispose()


def give_back(_connection, items):
    return list(items)


def hand_in(writer, number):
    """Hand in so many at once, and say that nobody else is coming."""
    handed = [writer.hand_in(give_back, lambda one=one: one) for one in range(number)]
    writer.hurry()
    return handed


def test_batch__is_followed_once_by_what_all_of_it_want_done(writer):
    told, done = [], threading.Event()

    def wake() -> None:
        told.append("afterwards")
        done.set()

    def tell():
        told.append("each")
        return wake

    handed = [writer.hand_in(give_back, lambda: 0) for _ in range(3)]
    for one in handed:
        one.when_done(tell)
    writer.hurry()
    assert done.wait(5)
    assert told == ["each", "each", "each", "afterwards"]


@pytest.mark.parametrize("fails", ["each", "afterwards"])
def test_batch__goes_on_when_somebody_can_not_be_told(writer, caplog, fails):
    def broken() -> None:
        raise ZeroDivisionError

    one = writer.hand_in(give_back, lambda: 1)
    one.when_done(broken if fails == "each" else lambda: broken)
    writer.hurry()
    assert one.wait() == 1
    [two] = hand_in(writer, 1)
    assert two.wait() == 0
    assert "could not be told" in caplog.text


def test_commit__waits_for_as_many_as_wrote_last_time_and_no_longer(writer, monkeypatch):
    monkeypatch.setattr(writers, "GATHER_SECONDS", 1.0)
    monkeypatch.setattr(writers, "GATHER_AT_MOST", 3.0)
    assert [one.wait() for one in hand_in(writer, 4)] == [0, 1, 2, 3]  # nobody has written before
    began = time.monotonic()
    assert [one.wait() for one in hand_in(writer, 4)] == [0, 1, 2, 3]
    assert time.monotonic() - began < 1.5
    began = time.monotonic()
    assert [one.wait() for one in hand_in(writer, 2)] == [0, 1]
    assert time.monotonic() - began > 1.5
