"""What is left of an address."""

import pytest

from leadcapture.domain.ip import truncated


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1234:5678::1", "2001:db8:1234::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("fe80::1%eth0", "fe80::"),
        (" 203.0.113.77 ", "203.0.113.0"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_truncated__keeps_the_network_alone(address: str, left: str) -> None:
    assert truncated(address) == left
