"""The fault matrix: every switch of the stand-in alone, two workers, and what must hold whatever is broken.

Leads in = opportunities out, customers = distinct addresses, attempts bounded; a lead that is not delivered waits
or is blocked with a reason that is true, and is delivered when the fault is over. Time is the rig's.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from delivery_rig import Rig
from factories import Clock, make_catalogue, make_connection, make_form

from leadcapture.domain.form import AutomaticOpportunity
from leadcapture.sandbox.server import Sandbox
from leadcapture.store.actions import Deed

PEOPLE = tuple(f"person.{number}@customer.co.uk" for number in range(6))
BOTH = ["coworkers", "crmopportunities"]


@dataclass(frozen=True)
class Case:
    """A fault. `reason`: it leaves leads undelivered, and each of those says this (in `state`) until the fault is
    over; without it everything is delivered under the fault. `hours` is how long it lasts then."""

    name: str
    switches: dict
    reason: str = ""
    state: str = ""
    hours: float = 30.0
    form: dict = field(default_factory=dict)
    attempts: int = 12
    resumes: bool = False
    stride_seconds: float = 0.25
    leads: int = 14


def ooops_cases():
    for status in (400, 500):
        for written in (False, True):
            for on in (["coworkers"], ["crmopportunities"], BOTH):
                options = {"status": status, "written": written, "on": on, "times": 5}
                yield Case(f"ooops {status} written={written} {'+'.join(on)}", {"ooops": options})


def drop_cases():
    for mode in ("close", "cut", "sleep", "unread"):
        for on in (["coworkers"], ["crmopportunities"]):
            yield Case(f"drop {mode} {on[0]}", {"drop_after_commit": {"mode": mode, "on": on, "times": 5}})


def html_cases():
    for status in (502, 503, 504, 200):
        for written in (False, True):
            yield Case(
                f"html {status} written={written}", {"html_error": {"status": status, "written": written, "times": 7}}
            )


def throttle_cases():
    for way in ("409", "429", "429_body", "429_bare"):
        yield Case(f"throttle {way}", {"throttle": way, "throttle_every": 3, "throttle_seconds": 7}, attempts=1)
    yield Case("throttle nearly everything", {"throttle": "409", "throttle_every": 2}, attempts=1)
    yield Case(
        "throttle sign-ins", {"throttle": "429", "throttle_every": 1, "throttle_times": 3, "throttle_on": ["token"]}
    )


def sign_in_cases():
    lost = {"expire_tokens": True, "revoke_refresh": True}
    refused = (
        Case("wrong password", lost | {"refuse_sign_in": True}, "sign-in"),
        Case("wrong password, 401", lost | {"refuse_sign_in": True, "bad_password_status": 401}, "sign-in"),
        Case("a code is asked for", lost | {"totp": "123456"}, "sign-in"),
    )
    return [replace(case, resumes=True, stride_seconds=600) for case in refused]


def lag_cases():
    for lag in (1, 5, 15):
        lost = {"lag_seconds": lag, "drop_after_commit": {"mode": "close", "times": 6, "on": BOTH}}
        yield Case(f"lists lag {lag} s and creates are lost", lost)


def list_cases():
    for name in ("Notes", "Name", "CoworkerId", "Email", "CreatedOn", "Archived"):
        lost = {"list_omits": [name], "ooops": {"written": True, "times": 4, "on": BOTH}}
        yield Case(f"lists leave out {name}", lost)


CASES = [
    *ooops_cases(),
    *drop_cases(),
    *html_cases(),
    *throttle_cases(),
    Case("ooops always, written", {"ooops": {"written": True, "on": BOTH}}),
    Case("drop always", {"drop_after_commit": {"mode": "close", "on": BOTH}}),
    Case("ooops always", {"ooops": {"on": ["crmopportunities"]}}, "general error", "blocked", leads=3),
    Case("ooops always, customers", {"ooops": {"on": ["coworkers"]}}, "general error", "blocked", leads=3),
    Case("drop without reading, always", {"drop_after_commit": {"mode": "unread"}}, "Nexudus", hours=3, leads=3),
    Case("soft fail", {"soft_fail": {"message": "Rule broken", "times": 2}}, "Nexudus refused", "blocked"),
    Case("soft fail without a word", {"soft_fail": {"message": "", "times": 2}}, "Nexudus refused", "blocked"),
    Case("down, line closed", {"down": "close"}, "can't be reached", hours=240, stride_seconds=3600),
    Case("down, 503", {"down": "503"}, "can't be reached", hours=240, stride_seconds=3600),
    Case("slow", {"delay_ms": 15}),
    Case("too slow", {"delay_ms": 600}, "Nexudus", hours=0.05, attempts=20, leads=3),
    Case("half of everything throttled", {"throttle": "409", "throttle_every": 1, "probability": 0.5}, attempts=1),
    Case("a third of creates lost", {"drop_after_commit": {"mode": "close", "on": BOTH}, "probability": 0.33}),
    Case("a third of creates refused oddly", {"ooops": {"on": BOTH}, "probability": 0.33}),
    Case("tokens die", {"expire_tokens": True}),
    Case("refresh tokens die", {"revoke_refresh": True, "expire_tokens": True}),
    Case("tokens of three seconds", {"expires_in": 3}),
    Case("tokens of one second", {"expires_in": 1}),
    *sign_in_cases(),
    Case("no role for customers", {"no_role": ["coworkers"]}, "denies", attempts=1),
    Case("no role for opportunities", {"no_role": ["crmopportunities"]}, "denies", attempts=1),
    Case("no role for stages", {"no_role": ["crmboardcolumns"]}, "denies", attempts=1),
    Case("four customers a day", {"coworker_daily_limit": 4}, "no new customers", hours=2, attempts=1),
    Case("four customers a day, days later", {"coworker_daily_limit": 4}, attempts=1),
    Case("a full location", {"opportunity_limit": 5}, "as many opportunities", attempts=1),
    Case("notes of 255", {"notes_limit": 255}, attempts=1),
    Case("notes of 100", {"notes_limit": 100}, attempts=1),
    Case("no two customers of one address", {"duplicate_email": "reject"}),
    Case("a type is required", {"require_extra": ["OpportunityTypeId"]}, "general error", "blocked"),
    Case(
        "a type is required and given",
        {"require_extra": ["OpportunityTypeId", "ResponsibleId"]},
        form={"constants": {"OpportunityTypeId": 55, "ResponsibleId": 303914611}},
    ),
    *(Case(f"customers need {need}", {"coworker_required": need}) for need in ("legacy", "current", "union")),
    Case("first stage only", {"first_stage_only": True}),
    Case(
        "first stage only, another wanted",
        {"first_stage_only": True},
        "general error",
        "blocked",
        form={"board_column": 1002},
    ),
    Case("automatic opportunities", {"auto_assign": True}),
    Case(
        "automatic opportunities adopted",
        {"auto_assign": True},
        form={"automatic_opportunity": AutomaticOpportunity.ADOPT},
    ),
    Case("templates replace notes", {"type_template": "replaces"}, form={"constants": {"OpportunityTypeId": 55}}),
    Case("lists lag", {"lag_seconds": 15}),
    *lag_cases(),
    *list_cases(),
    Case("values in full", {"value_shape": "full"}),
    Case("legacy errors", {"validation_shape": "legacy", "notes_limit": 120}, attempts=1),
    Case("whole seconds", {"fraction_digits": 0, "ooops": {"written": True, "times": 4}}),
    Case("another dir", {"dir_semantics": "1/-1", "ooops": {"written": True, "times": 4}}),
]

ON_POSTGRES = {
    "ooops 500 written=True coworkers+crmopportunities",
    "drop close coworkers",
    "drop close crmopportunities",
    "html 502 written=True",
    "throttle 409",
    "down, 503",
    "lists lag 15 s and creates are lost",
    "four customers a day, days later",
    "wrong password",
    "a full location",
}


def build(case, urls, make_store, seed=0):
    clock = Clock(datetime.now(UTC).replace(hour=9))
    sandbox = Sandbox(clock=clock).start()
    connection = make_connection(url=sandbox.url, timeout_seconds=5.0)
    catalogue = make_catalogue(make_form(**case.form), connection=connection)
    stores = [make_store(url, clock=clock) for url in urls]
    impatient = "delay_ms" in case.switches or case.name.startswith("drop sleep")
    return Rig(sandbox, stores, clock, catalogue, connection, seed=seed, real_timeout=0.25 if impatient else 5.0)


def submit_everybody(case, rig):
    for number in range(case.leads):
        email = PEOPLE[number % len(PEOPLE)]
        rig.submit(email.upper() if number % 5 == 4 else email)


def check_case(case, rig):
    submit_everybody(case, rig)
    rig.sandbox.switches.merge(case.switches)
    rig.stride_seconds = case.stride_seconds
    # Leads go on coming while the fault lasts.
    rig.at(40, lambda: rig.submit("later@customer.co.uk"))
    rig.at(40, lambda: rig.submit("later@customer.co.uk"))
    rig.run(case.hours if case.reason else 24 * 6)

    if case.reason:
        rig.check_nothing_doubled()
        left = [row for row in rig.rows().values() if row.state != "delivered"]
        assert left
        assert {row.state.value for row in left} <= ({case.state} if case.state else {"received", "unknown"})
        for row in left:
            assert row.attempts <= case.attempts
        assert any(case.reason in row.reason for row in left), {row.reason for row in left}
        mend(case, rig)
        rig.run(24 * 6)
    rig.check_all_delivered(attempts=case.attempts + 2)


def mend(case, rig):
    rig.stride_seconds = 0.25
    rig.sandbox.switches.clear()
    if "first_stage_only" in case.switches or "require_extra" in case.switches:
        rig.sandbox.switches.set(require_extra=[])
    if case.resumes:
        rig.store.connections.resume(rig.connection.name)
    for lead_id in rig.store.actions.blocked_ids():
        assert rig.store.actions.retry(Deed("test", lead_id, rig.clock()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_delivery_matrix__one_fault_on_sqlite(case, sqlite_url, make_store):
    rig = build(case, [sqlite_url] * 2, make_store)
    try:
        check_case(case, rig)
    finally:
        rig.close()
        rig.sandbox.stop()


@pytest.mark.postgres
@pytest.mark.parametrize("case", [c for c in CASES if c.name in ON_POSTGRES], ids=lambda case: case.name)
def test_delivery_matrix__one_fault_on_postgres(case, postgres_url, make_store):
    rig = build(case, [postgres_url] * 2, make_store)
    try:
        check_case(case, rig)
    finally:
        rig.close()
        rig.sandbox.stop()
