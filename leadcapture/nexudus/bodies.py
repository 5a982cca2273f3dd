"""What we send: drafts as the CRM's own records, with nothing null and nothing empty (contract 7.2, 8.1)."""

import math
from collections.abc import Mapping
from typing import Any

from leadcapture.domain.opportunity import (
    COWORKER_FIELDS,
    OPPORTUNITY_FIELDS,
    CustomerDraft,
    FieldValue,
    Kind,
    OpportunityDraft,
    OpportunityStatus,
)

_INDIVIDUAL = 1
_NOT_SET = 1
_DEFAULT_RATE = 1
_UNDEFINED = 5
_FIRST = 1
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# The legacy documents, the current ones and working clients each require another set: this is their union.
_REQUIRED_OF_CUSTOMER: Mapping[str, FieldValue] = {
    "CoworkerType": _INDIVIDUAL,
    "Gender": _NOT_SET,
    "TaxRateType": _DEFAULT_RATE,
    **{f"{day}Attendance": _UNDEFINED for day in _DAYS},
    "CheckinSinceLastRenewal": 0,
    "MinutesSinceLastRenewal": 0,
    "TariffInvoiceEvery": 0,
    "TariffInvoiceEveryWeeks": 0,
    "ProfileIsPublic": False,
    "Active": True,
    "CreateUser": False,
}

# What the CRM computes, or answers an echo of with an error (contract 4.4). SystemId stays: leaving it out
# would clear it.
_NOT_TO_PUT = frozenset(
    {
        "CreatedOn",
        "UpdatedOn",
        "UpdatedBy",
        "UniqueId",
        "IsNew",
        "ToStringText",
        "LocalizationDetails",
        "CustomFields",
    }
)


def customer_body(draft: CustomerDraft) -> dict[str, Any]:
    """Write a new customer down: both location fields, no login, no price plan, no silent newsletter."""
    body: dict[str, Any] = _filled(draft.extra, COWORKER_FIELDS)
    body |= _REQUIRED_OF_CUSTOMER
    body |= {
        "FullName": draft.full_name,
        "Email": draft.email,
        "CountryId": draft.country_id,
        "SimpleTimeZoneId": draft.simple_time_zone_id,
        "Businesses": [draft.location_id],
        "InvoicingBusinessId": draft.location_id,
        "SignUpToNewsletter": draft.extra.get("SignUpToNewsletter") is True,
    }
    return body


def opportunity_body(coworker_id: int, draft: OpportunityDraft) -> dict[str, Any]:
    """Write a new opportunity down; always at position 1, the one that is known to work (contract 8.2)."""
    return {
        "CrmBoardColumnId": draft.board_column_id,
        "CoworkerId": coworker_id,
        "Status": int(OpportunityStatus.InProgress),
        "Position": _FIRST,
        **_filled(draft.fields, OPPORTUNITY_FIELDS),
    }


def replacement_body(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a whole record as a PUT may carry it."""
    return {name: value for name, value in record.items() if name not in _NOT_TO_PUT}


def _filled(values: Mapping[str, FieldValue], known: Mapping[str, Kind]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in known and not _empty(value, known[name])}


def _empty(value: Any, kind: Kind) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    if isinstance(value, float) and not math.isfinite(value):
        return True
    return kind is Kind.ID and not value
