"""The board at /: what arrived in the CRM, and the panel that breaks it. Works without JavaScript."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from leadcapture.sandbox import panel
from leadcapture.sandbox.entities import ENTITIES, LEAD_SOURCES, LOSS_REASONS, STATUSES, Record
from leadcapture.sandbox.switches import SwitchError, Switches
from leadcapture.sandbox.wire import Reply, Request, html_reply
from leadcapture.sandbox.world import World

MOST_CARDS = 200
_HERE = Path(__file__).parent
_FILES = {"/board.css": "text/css; charset=utf-8", "/board.js": "text/javascript; charset=utf-8"}
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}

# Property and label, in the order of a card; what is empty is left out.
_FACTS = (
    ("OpportunityTypeName", "Type"), ("DueDate", "Due"), ("LeadSource", "Source"), ("Status", "Status"),
    ("Value", "Value"), ("ResponsibleFullName", "Responsible"), ("UtmSource", "UTM source"),
    ("UtmMedium", "UTM medium"), ("UtmCampaign", "UTM campaign"), ("UtmContent", "UTM content"),
    ("UtmTerm", "UTM term"), ("LossReason", "Loss reason"), ("WonOn", "Won"), ("LostOn", "Lost"),
    ("TeamName", "Team"), ("ReferrerId", "Referrer"), ("AgentId", "Agent"), ("Completed", "Completed"),
    ("Reminded", "Reminded"), ("SystemId", "System id"), ("Position", "Position"), ("Id", "Id"),
)  # fmt: skip
_WORDS = {"LeadSource": LEAD_SOURCES, "Status": STATUSES, "LossReason": LOSS_REASONS}
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOMENTS = ("DueDate", "WonOn", "LostOn")


@dataclass(frozen=True)
class Card:
    """One opportunity as the board shows it; `email` and the rest are its customer's."""

    title: str
    customer: str
    email: str
    contacts: list[str]
    notes: str
    facts: list[tuple[str, str]]
    created: str
    status: int


class Page:
    """Answers /, its stylesheet and script, the part of it that renews itself, and the panel's form."""

    def __init__(self, world: World, switches: Switches, reset: Callable[[], None]) -> None:
        self._world = world
        self._switches = switches
        self._reset = reset
        self._templates = Environment(
            loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip

    def answer(self, request: Request) -> Reply:
        """The page, a part of it, or where to go after the form."""
        if request.method == "POST" and request.path == "/_sandbox/panel":
            return self._panel_posted(request)
        if request.method not in ("GET", "HEAD"):
            return html_reply(405, "<!DOCTYPE html><title>405</title><p>Only GET here.")
        if request.path in _FILES:
            return Reply(200, (_HERE / request.path[1:]).read_bytes(), _FILES[request.path], _HEADERS)
        if request.path == "/boards":
            return self._rendered("boards.html", 200)
        if request.path == "/":
            return self._rendered("board.html", 200, open="panel" in dict(request.params), error="")
        return html_reply(404, '<!DOCTYPE html><title>404</title><p>Nothing here. <a href="/">The board</a>')

    def _rendered(self, name: str, status: int, typed: dict[str, str] | None = None, **rest: Any) -> Reply:
        standing = self._switches.as_dict()
        groups = panel.groups(standing)
        if typed:
            groups = panel.as_typed(groups, typed)
        with self._world.lock:
            boards, shown = self._boards()
            total = self._world.total("CrmOpportunity")
        text = self._templates.get_template(name).render(
            boards=boards, shown=shown, total=total, customers=self._world.total("Coworker"),
            calls=len(self._world.journal), changed=panel.changed(standing), groups=groups,
            username=self._world.username, **rest,
        )  # fmt: skip
        return Reply(status, text.encode("utf-8", "replace"), "text/html; charset=utf-8", _HEADERS)

    def _boards(self) -> tuple[list[dict[str, Any]], int]:
        cards: dict[int, list[Card]] = {}
        latest = self._world.newest("CrmOpportunity", MOST_CARDS)
        for record in latest:
            cards.setdefault(record["CrmBoardColumnId"], []).append(self._card(record))
        boards = []
        for board in self._world.records("CrmBoard"):
            location = self._world.get("Business", board["BusinessId"])
            stages = [s for s in self._world.records("CrmBoardColumn") if s["CrmBoardId"] == board["Id"]]
            stages.sort(key=lambda stage: (stage["Position"], stage["Id"]))
            rows = [self._stage(stage, cards.pop(stage["Id"], [])) for stage in stages]
            boards.append({"name": board["Name"], "location": location["Name"] if location else "", "stages": rows})
        lost = [card for left in cards.values() for card in left]
        if lost:
            stage = {"name": "Stage deleted", "cards": lost, "total": len(lost), "flags": []}
            boards.append({"name": "On no board", "location": "", "stages": [stage]})
        return boards, len(latest)

    def _stage(self, stage: Record, cards: list[Card]) -> dict[str, Any]:
        total = self._world.count_where("CrmOpportunity", "CrmBoardColumnId", stage["Id"])
        flags = [_CAPITAL.sub(" ", name).capitalize() for name, value in stage.items() if value is True]
        return {"name": stage["Name"], "cards": cards, "total": total, "flags": flags}

    def _card(self, record: Record) -> Card:
        full = self._world.shown(ENTITIES["CrmOpportunity"], record, 0)
        customer = self._world.get("Coworker", record["CoworkerId"]) or {}
        name = customer.get("FullName") or f"Customer {record['CoworkerId']} is gone"
        contacts = [customer.get(key) for key in ("MobilePhone", "LandLine", "CompanyName")]
        if customer and not customer["Active"]:
            contacts.append("account not active")
        return Card(
            title=full["Name"] or "",
            customer=name,
            email=customer.get("Email") or "",
            contacts=[contact for contact in contacts if contact],
            notes=full["Notes"] or "",
            facts=[(label, _fact(key, full[key])) for key, label in _FACTS if full[key] not in (None, "", False)],
            created=_moment(full["CreatedOn"]),
            status=full["Status"] or 1,
        )

    def _panel_posted(self, request: Request) -> Reply:
        form = request.form()
        try:
            self._act(form.get("do", "set"), form)
        except (SwitchError, ValueError, json.JSONDecodeError) as error:
            return self._rendered("board.html", 400, typed=form, open=True, error=f"Nothing was set. {error}")
        return Reply(303, headers={"Location": "/?panel=open"})

    def _act(self, action: str, form: dict[str, str]) -> None:
        match action:
            case "mend":
                self._switches.clear()
            case "reset":
                self._reset()
            case "expire_tokens" | "revoke_refresh":
                self._switches.merge({action: True})
            case _:
                self._switches.merge(panel.read_form(form))


def _fact(name: str, value: Any) -> str:
    if name in _MOMENTS:
        return _moment(value)
    if name in _WORDS:
        return f"{_WORDS[name].get(value, 'unknown')} ({value})"
    return "yes" if value is True else str(value)


def _moment(text: str) -> str:
    return f"{text[:10]} {text[11:16]} UTC"
