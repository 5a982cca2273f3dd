"""A lead's id: in the order of time, and never another's."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

from leadcapture.domain.lead import new_lead_id

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_id__is_a_uuid_that_begins_with_the_time() -> None:
    one, later = new_lead_id(NOW), new_lead_id(NOW + timedelta(milliseconds=1))
    assert UUID(one).version == 7 and UUID(one).variant == "specified in RFC 4122"
    assert one < later


def test_id__is_no_other_threads() -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(new_lead_id, [NOW] * 5000))
    assert len(set(ids)) == 5000


def test_id__is_no_other_processs_that_was_forked_from_this_one() -> None:
    new_lead_id(NOW)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, new_lead_id(NOW).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(read, 36).decode()
    os.close(read)
    os.close(write)
    assert theirs not in {new_lead_id(NOW) for _ in range(200)}
