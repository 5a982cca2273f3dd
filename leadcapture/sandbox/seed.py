"""What is there before anybody calls: two locations, their boards, the people who run them.

The ids are those of Nexudus' published samples, so that a form set up against the samples works here.
"""

from collections.abc import Iterator
from typing import Any

LOCATION = 1234566
OTHER_LOCATION = 1234567
ADMIN = 303914611
USERNAME = "admin@example.com"
PASSWORD = "demo-password"  # noqa: S105  the published sign-in of a stand-in

# Entities that `reset` keeps when it is asked to keep the seed.
STANDING = (
    "Business", "BusinessSetting", "Country", "SimpleTimeZone", "User", "CrmBoard", "CrmBoardColumn",
    "OpportunityType", "CustomField", "Team",
)  # fmt: skip

_COUNTRIES = {
    1220: ("United Kingdom", "GB"), 1221: ("United States", "US"), 1172: ("Portugal", "PT"),
    1197: ("Spain", "ES"), 1078: ("Germany", "DE"), 1069: ("France", "FR"),
}  # fmt: skip
_ZONES = {
    2023: ("GMT Standard Time", "(UTC+00:00) Dublin, Edinburgh, Lisbon, London", 0),
    2001: ("UTC", "(UTC) Coordinated Universal Time", 0),
    2011: ("Eastern Standard Time", "(UTC-05:00) Eastern Time (US & Canada)", -5),
    2004: ("Pacific Standard Time", "(UTC-08:00) Pacific Time (US & Canada)", -8),
    2027: ("Romance Standard Time", "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris", 1),
    2025: ("W. Europe Standard Time", "(UTC+01:00) Amsterdam, Berlin, Rome, Vienna", 1),
}
_STAGES: tuple[tuple[int, int, str, int, tuple[str, ...]], ...] = (
    (1001, 900, "Lead", 0, ()),
    (1002, 900, "Tour booked", 1, ()),
    (1003, 900, "Negotiation", 2, ()),
    (1004, 900, "Won", 3, ("WinOpportunity",)),
    (1005, 900, "Lost", 4, ("LoseOpportunity",)),
    (1098, 900, "Deactivate", 5, ("DeactivateAccount",)),
    (1099, 900, "Remove", 6, ("DeleteAccount",)),
    (1010, 901, "Website", 0, ("SignUps", "ContactMessages", "TourRequests")),
)


def seed(username: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name of the entity and the properties of each seeded record, in an order in which links resolve."""
    for number, (name, code) in _COUNTRIES.items():
        yield "Country", {"Id": number, "Name": name, "TwoDigitsCode": code}
    for number, (name, description, offset) in _ZONES.items():
        zone = {"Id": number, "Name": name, "Description": description, "TimeOffset": offset}
        yield "SimpleTimeZone", zone
    pounds = {"CurrencyId": 3005, "CurrencyCode": "GBP", "SimpleTimeZoneId": 2023}
    yield (
        "Business",
        {"Id": LOCATION, "Name": "Demo Space", "WebAddress": "demo", "CountryId": 1220, **pounds},
    )
    euros = {"CurrencyId": 3002, "CurrencyCode": "EUR", "SimpleTimeZoneId": 2023, "CountryId": 1172}
    lisbon = {"Id": OTHER_LOCATION, "Name": "Demo Space Lisbon", "WebAddress": "demolisbon", **euros}
    yield "Business", lisbon | {"RootLocationId": LOCATION}
    both = [LOCATION, OTHER_LOCATION]
    yield "User", {"Id": ADMIN, "FullName": "John Doe", "Email": username, "Businesses": both}
    yield (
        "User",
        {"Id": 303914612, "FullName": "Maria Silva", "Email": "maria@example.com", "Businesses": both},
    )
    yield "CrmBoard", {"Id": 900, "Name": "New Business", "BusinessId": LOCATION}
    yield "CrmBoard", {"Id": 901, "Name": "Lisbon enquiries", "BusinessId": OTHER_LOCATION}
    for number, board, name, position, flags in _STAGES:
        stage = {"Id": number, "CrmBoardId": board, "Name": name, "Position": position}
        yield "CrmBoardColumn", stage | dict.fromkeys(flags, True)
    template = "How many people?\nWhich day suits?"
    yield (
        "OpportunityType",
        {"Id": 55, "Name": "Tour", "BusinessId": LOCATION, "NotesTemplate": template},
    )
    yield "OpportunityType", {"Id": 56, "Name": "Contact", "BusinessId": LOCATION}
