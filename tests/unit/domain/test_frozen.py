"""What nobody may change is held by mypy alone: so it is mypy that is asked here."""

import pytest
from factories import make_new_lead
from mypy import api

from leadcapture.domain.lead import Consent

FOUND = """
from dataclasses import replace
from leadcapture.domain.frozen import frozen

@frozen
class Value:
    text: str
    more: int = 0

value = Value("a")
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("replace(value, text='b')", ""),
        ("value.text = 'b'", "read-only"),
        ("replace(value, other='b')", "other"),
        ("Value(1)", "incompatible type"),
    ],
)
def test_frozen__mypy_refuses_what_would_change_or_misuse_it(tmp_path, line: str, said: str) -> None:
    found, _, status = api.run(["--config-file=", "--cache-dir", str(tmp_path), "-c", FOUND + line])
    assert (said in found and status == 1) if said else status == 0


def test_frozen__is_compared_and_hashed_by_what_it_holds_and_takes_nothing_else() -> None:
    lead = make_new_lead()
    consent = Consent("I agree", True, lead.received_at)
    assert consent == Consent("I agree", True, lead.received_at) != Consent("I agree", False, lead.received_at)
    assert len({consent, Consent("I agree", True, lead.received_at)}) == 1
    with pytest.raises(AttributeError):
        lead.unknown = ""
