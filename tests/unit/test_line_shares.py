"""Who of several processes takes the next line."""

import logging
import time
from contextlib import closing

from gunicorn.config import Config

from leadcapture.line_shares import BELIEVED_SECONDS, PLACES, LineShares, of_this_server
from leadcapture.slow_clients import PatientWorker


def test_line__is_the_processs_that_has_fewest():
    shares = LineShares()
    shares.tell(1, 3, now=100.0)
    shares.tell(2, 5, now=100.0)
    assert shares.others_have_fewer(2, 5, now=100.1)
    assert not shares.others_have_fewer(1, 3, now=100.1)


def test_line__of_equals_is_whoevers_is_first():
    shares = LineShares()
    shares.tell(1, 4, now=100.0)
    shares.tell(2, 4, now=100.0)
    assert not shares.others_have_fewer(1, 4, now=100.1)
    assert not shares.others_have_fewer(2, 4, now=100.1)


def test_line__is_not_left_to_who_is_alone_left_or_dead():
    shares = LineShares()
    assert not shares.others_have_fewer(1, 9, now=100.0)
    shares.tell(1, 1, now=100.0)
    assert not shares.others_have_fewer(1, 9, now=100.1)  # what a process has told of itself is no other's
    shares.tell(2, 0, now=100.0)
    assert shares.others_have_fewer(1, 9, now=100.1)
    assert not shares.others_have_fewer(1, 9, now=100.1 + BELIEVED_SECONDS)
    shares.tell(2, 0, now=200.0)
    shares.leave(2)
    assert not shares.others_have_fewer(1, 9, now=200.1)


def test_places__are_enough_for_any_number_of_restarts():
    shares = LineShares()
    shares.tell(PLACES * 3 + 2, 0, now=100.0)
    assert shares.others_have_fewer(PLACES * 5 + 1, 1, now=100.1)


def test_process__that_waits_for_its_first_line_is_known_at_once():
    """The others would take all of sixteen visitors who come while it waits."""
    worker = PatientWorker(7, 1, [], None, 10, Config(), logging.getLogger("gunicorn.error"))
    with closing(worker.tmp):
        worker.set_accept_enabled(True)
        assert of_this_server().others_have_fewer(8, 1, time.monotonic())
        worker.set_accept_enabled(False)
        assert not of_this_server().others_have_fewer(8, 1, time.monotonic())
