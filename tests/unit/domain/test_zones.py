"""Time zones as Unicode has them, by Babel."""

from babel.core import get_global

from leadcapture.domain.zones import countries_of_zones, windows_zones


def test_zones__are_those_of_babel():
    """After a new Babel: what it says now is to be written into `domain/zones.py`, in the same order."""
    assert windows_zones() == get_global("windows_zone_mapping")
    assert countries_of_zones() == get_global("zone_territories")
