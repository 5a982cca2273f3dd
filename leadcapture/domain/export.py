"""Leads as they leave: everything that is known of one, and CSV that is safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leadcapture.domain.lead import Lead
from leadcapture.domain.submission import Answer

SIGNS = "-=+@|\uff1d\uff0b\uff0d\uff20"
BEGINNING = re.compile(rf"[ \u00a0\ufeff]*[{SIGNS}\t\r\n]")
AFTER_A_MARK = re.compile(rf"([;\t\r\n]\s*)(?=[{SIGNS}])")
"""A spreadsheet may read a formula at a cell's beginning, and after what some countries part cells by."""


def safe_cell(value: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula; a mapping is written as "key: value; …"."""
    if value is None:
        return ""
    text = "; ".join(f"{key}: {inner}" for key, inner in value.items()) if isinstance(value, dict) else str(value)
    text = AFTER_A_MARK.sub(r"\1'", text)
    return f"'{text}" if BEGINNING.match(text) else text


def csv_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file, one row at a time; the first row's keys are the heading."""
    buffer = io.StringIO()
    writer = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(buffer, list(row))
            writer.writeheader()
        writer.writerow({key: safe_cell(value) for key, value in row.items()})
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def lead_as_json(lead: Lead) -> dict[str, Any]:
    """Return everything that is known of a lead."""
    said, source = lead.content, lead.content.attribution
    return {
        "id": lead.id,
        "form": lead.form,
        "state": lead.state.value,
        "name": said.mapped.get("coworker.FullName", ""),
        "email": said.email,
        "phone": said.mapped.get("coworker.MobilePhone", ""),
        "company": said.mapped.get("coworker.CompanyName", ""),
        "reason": lead.reason,
        "received_at": lead.received_at.isoformat(),
        "due_at": lead.due_at.isoformat() if lead.due_at else None,
        "delivered_at": lead.delivered_at.isoformat() if lead.delivered_at else None,
        "attempts": lead.attempts,
        "coworker_id": lead.coworker_id,
        "opportunity_id": lead.opportunity_id,
        "message": said.message,
        "answers": _by_label(said.answers),
        "mapped": dict(said.mapped),
        "found_by": dict(said.found_by),
        "utm": dict(source.utm),
        "utm_found_by": source.method,
        "click_ids": dict(source.click_ids),
        "source": source.source,
        "medium": source.medium,
        "page_url": source.page_url,
        "landing_url": source.landing_url,
        "referrer": source.referrer,
        "builder": said.builder,
        "consent": said.consent.given if said.consent else None,
        "consent_wording": said.consent.wording if said.consent else "",
        "consent_version": said.consent.version if said.consent else "",
        "consent_at": said.consent.at.isoformat() if said.consent else None,
    }


def _by_label(answers: Iterable[Answer]) -> dict[str, str]:
    """Return answers by label; two questions of one label are told together, and neither is lost."""
    found: dict[str, str] = {}
    for answer in answers:
        label = answer.label or answer.key
        found[label] = f"{found[label]}, {answer.text}" if label in found else answer.text
    return found
