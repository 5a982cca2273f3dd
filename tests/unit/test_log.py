"""Logs: one JSON object a line, with the lead's id, and of an exception its type and place, never its words."""

import json
import logging
import sys

from leadcapture.log import JsonLines, lead_id

PERSON = "zoe@recognisable.example"


def line_of(record):
    return json.loads(JsonLines().format(record))


def failing():
    raise ValueError(f"no place for {PERSON}")


def record_of_a_failure():
    try:
        failing()
    except ValueError:
        return logging.getLogger("x").makeRecord("x", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())
    raise AssertionError


def test_line__says_what_failed_and_where_and_not_what_it_said():
    line = line_of(record_of_a_failure())
    assert (line["error"], line["message"], line["level"]) == ("ValueError", "it failed", "error")
    assert "test_log.py" in line["where"]
    assert PERSON not in json.dumps(line)


def test_line__carries_the_lead_in_hand():
    token = lead_id.set("0190-a-lead")
    try:
        record = logging.getLogger("x").makeRecord("x", logging.INFO, __file__, 1, "delivered", (), None)
        assert line_of(record)["lead"] == "0190-a-lead"
    finally:
        lead_id.reset(token)
    assert "lead" not in line_of(record)
