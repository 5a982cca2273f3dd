"""`flask leads …` as a person types it, against the stand-in and both databases."""

import csv
import io
import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from admin_site import PROJECT, open_desk
from factories import make_content
from service import wait_until
from sqlalchemy import update

from leadcapture import bootstrap
from leadcapture.cli import leads_group
from leadcapture.domain.attribution import Attribution
from leadcapture.domain.lead import LeadState
from leadcapture.domain.outcome import Outcome
from leadcapture.domain.pace import Allowance, Cost
from leadcapture.sandbox.seed import PASSWORD, USERNAME
from leadcapture.store.actions import Deed
from leadcapture.store.queue import ClaimRequest
from leadcapture.store.tables import leads

KEYS = {
    *("id", "form", "state", "reason", "received_at", "delivered_at"),
    *("attempts", "coworker_id", "opportunity_id"),
}


@pytest.fixture
def desk(tmp_path, database_url, sandbox):
    desk = open_desk(tmp_path, database_url, signed_in=False, nexudus_url=sandbox.url)
    desk.sandbox = sandbox
    yield desk
    desk.store.close()


def run(desk, *arguments, typed=""):
    return desk.app.test_cli_runner().invoke(leads_group, [*map(str, arguments)], input=typed)


def signed_in(desk):
    result = run(desk, "connect", "--email", USERNAME, "--password", PASSWORD, "--code", "")
    assert result.exit_code == 0, result.output
    return result


def delivered(desk, **changes):
    lead = desk.lead(**changes)
    assert run(desk, "worker", "--drain").exit_code == 0
    assert desk.store.leads.get(lead).state is LeadState.DELIVERED
    return lead


def test_migrate__may_be_repeated(desk):
    for _ in range(2):
        result = run(desk, "migrate")
        assert (result.exit_code, result.output) == (0, "The database schema is up to date.\n")


def test_connect__signs_in_stores_and_wakes_what_waited(desk):
    waiting = desk.lead()
    run(desk, "worker", "--drain")
    assert "not signed in" in desk.store.leads.get(waiting).reason
    assert "Signed in as John Doe" in signed_in(desk).output
    assert run(desk, "worker", "--drain").exit_code == 0
    assert desk.store.leads.get(waiting).state is LeadState.DELIVERED
    assert PASSWORD not in signed_in(desk).output


@pytest.mark.parametrize("status", [400, 401])
def test_connect__says_that_the_words_are_wrong(desk, status):
    desk.sandbox.switches.set(bad_password_status=status)
    result = run(desk, "connect", typed=f"{USERNAME}\nnonsense\n\n")
    assert result.exit_code == 1
    assert "Nexudus refused this e-mail, password or one-time code." in result.output
    assert "nonsense" not in result.output


def test_connect__takes_a_one_time_code(desk):
    desk.sandbox.switches.set(totp="123456")
    assert run(desk, "connect", typed=f"{USERNAME}\n{PASSWORD}\n\n").exit_code == 1
    assert run(desk, "connect", typed=f"{USERNAME}\n{PASSWORD}\n123456\n").exit_code == 0


LISBON = """
[connections.lisbon]
email_env = "LISBON_EMAIL"
password_env = "LISBON_PASSWORD"

[forms.lisbon]
title = "Lisbon"
connection = "lisbon"

[[forms.lisbon.fields]]
name = "email"
label = "E-mail"
type = "email"
"""


@pytest.fixture
def with_words(tmp_path, sandbox, monkeypatch):
    """A service whose environment has words for the main account: these, which may be wrong by now."""
    opened = []

    def make(email=USERNAME, password=PASSWORD):
        monkeypatch.setenv("NEXUDUS_EMAIL", email)
        monkeypatch.setenv("NEXUDUS_PASSWORD", password)
        file = tmp_path / "forms.toml"
        file.write_text((PROJECT / "forms.toml").read_text() + LISBON)
        words = {"nexudus_email": email, "nexudus_password": password, "nexudus_url": sandbox.url}
        opened.append(open_desk(tmp_path, signed_in=False, forms_file=str(file), **words))
        return opened[-1]

    yield make
    for desk in opened:
        desk.store.close()


def test_connect__uses_the_words_of_the_settings(with_words):
    assert run(with_words(), "connect").exit_code == 0


def test_connect__asks_for_another_password_when_that_of_the_settings_is_old(with_words):
    desk = with_words(password="the password of last year")
    result = run(desk, "connect", typed=f"{PASSWORD}\n")
    assert (result.exit_code, "Signed in as John Doe" in result.output) == (0, True), result.output
    assert "last year" not in result.output


def test_connect__asks_for_the_code_that_the_words_of_the_settings_lack(with_words, sandbox):
    desk = with_words()
    sandbox.switches.set(totp="123456")
    result = run(desk, "connect", typed="\n123456\n")
    assert (result.exit_code, "Signed in as John Doe" in result.output) == (0, True), result.output


def test_connect__never_uses_the_words_of_another_connection(with_words, sandbox):
    desk = with_words()
    before = sandbox.world.calls_of("POST", "/api/token")
    result = run(desk, "connect", "--connection", "lisbon", typed="ann@lisbon.example\nwrong\n\n")
    assert result.exit_code == 1, result.output
    assert sandbox.world.calls_of("POST", "/api/token") == before + 1
    assert desk.store.connections.state("lisbon").token_expires_at is None


def test_connect__is_told_with_the_name_of_the_connection(with_words):
    desk = with_words()
    waiting = desk.lead(form="lisbon", connection="lisbon")
    run(desk, "worker", "--drain")
    assert "run flask leads connect --connection lisbon, or set its e-mail" in desk.store.leads.get(waiting).reason


def test_connect__knows_its_connections(desk):
    result = run(desk, "connect", "--connection", "lisbon", "--email", "a@b.test", "--password", "x", "--code", "")
    assert (result.exit_code, "no connection lisbon" in result.output) == (1, True)


def test_list__prints_one_object_a_line(desk):
    held, blocked = desk.lead(state=LeadState.HELD), desk.lead(form="tour", state=LeadState.BLOCKED, reason="why")
    lines = [json.loads(line) for line in run(desk, "list", "--json").output.splitlines()]
    assert [line["id"] for line in lines] == sorted([held, blocked], reverse=True)
    assert all(set(line) >= KEYS for line in lines)
    assert [line["id"] for line in map(json.loads, run(desk, "list", "--json", "--form", "tour").output.splitlines())]
    heading, line = run(desk, "list", "--state", "blocked").output.splitlines()
    assert heading.split() == ["Number", "Received", "(UTC)", "Form", "Who", "State", "Why"]
    assert line.startswith(blocked) and "Ann Example" in line and line.endswith("Needs you       why")
    assert held not in run(desk, "list", "--state", "blocked").output


def test_list__goes_over_pages(desk):
    ids = {desk.lead() for _ in range(510)}
    assert {json.loads(line)["id"] for line in run(desk, "list", "--json").output.splitlines()} == ids
    assert len(run(desk, "list", "--json", "--limit", 3).output.splitlines()) == 3


def test_show__tells_the_whole_way(desk):
    signed_in(desk)
    lead = delivered(desk, content=make_content("ann@example.com"))
    shown = json.loads(run(desk, "show", lead, "--json").output)
    assert set(shown) >= KEYS
    assert [call["call"] for call in shown["calls"]][-1] == "create opportunity"
    assert "ann@example.com" in run(desk, "show", lead).output
    assert run(desk, "show", "nonsense").exit_code == 1


def test_list_show_explain_and_attribution__write_out_what_would_act_on_the_terminal(desk):
    sly = "Ann \u202egnp.exe \u2066\u200f\x1b[2J\x9b2J"
    content = make_content("ann@example.com", name=sly, attribution=Attribution(page_url=f"https://x.test/{sly}"))
    lead = desk.lead(content=content, body=f"name={sly}\r\nline".encode())
    shown = run(desk, "show", lead, "--json").output
    assert json.loads(shown)["mapped"]["coworker.FullName"] == sly
    outputs = [shown, *(run(desk, *words).output for words in (["list"], ["show", lead], ["attribution"]))]
    for output in (*outputs, run(desk, "explain", lead, "--body").output):
        assert not set(output) & set("\u202e\u2066\u200f\x1b\x9b\r"), output
        assert "Ann \\u202egnp" in output


def test_remap__tries_each(desk):
    left, unread = "no-such-lead", desk.lead(content=make_content(""), state=LeadState.BLOCKED)
    unmapped = make_content("ann@example.com", mapped={})
    mended = desk.lead(content=unmapped, state=LeadState.BLOCKED)
    result = run(desk, "remap", left, unread, mended)
    assert result.exit_code == 1
    assert f"{left} is no lead" in result.output and f"{unread} has still no valid e-mail address" in result.output
    assert f"{mended} read again: " in result.output and "2 of 3 could not be read again" in result.output
    assert desk.store.leads.get(mended).content.email == "ann@example.com"


def test_retry__puts_back_what_is_blocked(desk):
    blocked = [desk.lead(state=LeadState.BLOCKED) for _ in range(2)]
    held = desk.lead(state=LeadState.HELD)
    assert run(desk, "retry", blocked[0]).exit_code == 0
    assert run(desk, "retry", "--all-blocked").exit_code == 0
    assert run(desk, "retry", held).exit_code == 1
    assert run(desk, "retry").exit_code == 2
    assert [desk.store.leads.get(lead).state.value for lead in (*blocked, held)] == ["received", "received", "held"]


def test_retry__puts_back_what_was_discarded(desk):
    lead, gone = (desk.lead(content=make_content(f"{name}@example.com")) for name in ("ann", "ben"))
    run(desk, "erase", "ben@example.com")
    desk.store.actions.discard(Deed("test", lead, datetime.now(UTC)), "by mistake")
    assert run(desk, "retry", lead).exit_code == 0
    assert desk.store.leads.get(lead).state is LeadState.RECEIVED
    assert "its content is gone" in run(desk, "retry", gone).output


def test_retry__says_that_there_is_no_such_lead(desk):
    result = run(desk, "retry", "nope")
    assert (result.exit_code, "nope is no lead" in result.output) == (1, True)


def test_retry__of_what_could_not_be_read_keeps_the_reason(desk):
    signed_in(desk)
    lead = desk.lead(content=make_content(""), state=LeadState.BLOCKED, reason="the body could not be read")
    assert run(desk, "retry", lead).exit_code == 0
    run(desk, "worker", "--drain")
    found = desk.store.leads.get(lead)
    assert (found.state, found.reason) == (LeadState.BLOCKED, "the body could not be read")


def test_release__delivers_what_is_held(desk):
    signed_in(desk)
    held, other = desk.lead(state=LeadState.HELD), desk.lead(state=LeadState.BLOCKED)
    assert run(desk, "release", held).exit_code == 0
    assert run(desk, "release", other).exit_code == 1
    run(desk, "worker", "--drain")
    assert desk.store.leads.get(held).state is LeadState.DELIVERED


def test_export__is_safe_and_complete(desk):
    desk.lead(content=make_content("ann@example.com", name="=cmd|' /C calc'!A0"))
    rows = list(csv.reader(io.StringIO(run(desk, "export").output)))
    assert len(rows) == 2
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
    [line] = run(desk, "export", "--format", "jsonl").output.splitlines()
    assert json.loads(line)["mapped"]["coworker.FullName"] == "=cmd|' /C calc'!A0"


def test_erase__removes_the_person_and_says_what_remains(desk):
    signed_in(desk)
    lead = delivered(desk, content=make_content("ann@example.com"))
    opportunity = desk.store.leads.get(lead).opportunity_id
    desk.lead(content=make_content("ANN@example.com"))
    other = desk.lead(content=make_content("ben@example.com"))
    result = run(desk, "erase", "Ann@Example.com")
    assert "Erased 2 leads." in result.output and str(opportunity) in result.output
    assert "ann@example.com" not in run(desk, "export", "--format", "jsonl").output.casefold()
    assert desk.store.leads.get(other).content.email == "ben@example.com"
    assert desk.store.leads.body(lead) is None


def test_purge__empties_what_is_old_and_finished(desk):
    old = datetime.now(UTC) - timedelta(days=366)
    finished = desk.lead(at=old, state=LeadState.HELD)
    waiting, young = desk.lead(at=old, state=LeadState.BLOCKED), desk.lead(state=LeadState.HELD)
    assert run(desk, "purge").output == "Emptied 1 leads.\n"
    assert desk.store.leads.get(finished).content.email == ""
    assert all(desk.store.leads.get(lead).content.email for lead in (waiting, young))


def test_reconcile__says_what_differs_by_its_exit(desk):
    signed_in(desk)
    won, gone, doubled, moved = (delivered(desk) for _ in range(4))
    assert (run(desk, "reconcile").exit_code, "Nothing differs." in run(desk, "reconcile").output) == (0, True)
    number = {lead: desk.store.leads.get(lead).opportunity_id for lead in (won, gone, doubled, moved)}
    world = desk.sandbox.world
    world.change("CrmOpportunity", number[won], {"Status": 2})
    world.remove("CrmOpportunity", number[gone])
    twin = world.get("CrmOpportunity", number[doubled])
    kept = {name: twin[name] for name in ("CrmBoardColumnId", "CoworkerId", "Status", "Position", "Notes", "Name")}
    world.add("CrmOpportunity", kept)
    world.change("CrmOpportunity", number[moved], {"CrmBoardColumnId": 1002})
    result = run(desk, "reconcile")
    assert result.exit_code == 1
    assert "1 won" in result.output and "3 differences" in result.output
    for kind, lead in (("missing", gone), ("doubled", doubled), ("moved", moved)):
        assert [line for line in result.output.splitlines() if kind in line and lead in line], (kind, result.output)
    assert desk.store.leads.get(won).crm_status == 2
    with desk.store.database.writing() as connection:
        connection.execute(update(leads).where(leads.c.id == gone).values(connection="before"))
    assert "before: 1 delivered leads not compared" in run(desk, "reconcile").output


def test_reconcile__of_a_crm_that_is_away_says_so(desk):
    signed_in(desk)
    desk.sandbox.switches.set(down="503")
    result = run(desk, "reconcile")
    assert (result.exit_code, "could not be asked" in result.output) == (1, True)


def test_attribution__lists_pages_without_any(desk):
    page = {"site": "https://www.example.com/contact?x=1", "hosted": "https://leads.example.com/f/contact"}
    for url in page.values():
        desk.lead(content=make_content(attribution=Attribution(page_url=url)))
    desk.lead(content=make_content(builder="webflow"))
    output = run(desk, "attribution").output
    assert "3 leads of the last 30 days" in output and "not known" in output
    assert '<script src="https://leads.example.com/embed.js" async></script>' in output
    links, script, builders = output.split("\n\n")[1:]
    assert "?utm_source=…" in links and page["hosted"] in links
    assert "https://www.example.com/contact" in script and "webflow" not in script
    assert "form contact webflow" in builders
    assert run(desk, "preview-lead-source").exit_code == 0


def test_worker__delivers_what_waited_for_a_connection_of_another_name(desk):
    signed_in(desk)
    lead = desk.lead(connection="before")
    worker = bootstrap.build_worker(
        desk.app.extensions["leadcapture.config"], desk.store, desk.app.extensions["leadcapture"].catalogue
    )
    thread = threading.Thread(target=worker.run)
    thread.start()
    wait_until(lambda: desk.store.leads.get(lead).state is LeadState.DELIVERED)
    worker.stop()
    thread.join(12)
    assert not thread.is_alive()


def test_erase__leaves_what_is_being_delivered_and_says_so(desk):
    lead = desk.lead(content=make_content("ann@example.com"))
    desk.store.connections.ensure("main")
    now = datetime.now(UTC)
    request = ClaimRequest("main", Allowance(100, 1000, 100), Cost(4, 2), 1, now, 30.0)
    [claim] = desk.store.queue.claim(request).claims
    busy = run(desk, "erase", "ann@example.com")
    assert (busy.exit_code, "Erased 0 leads." in busy.output, "erase again" in busy.output) == (1, True, True)
    unheard = Outcome(LeadState.UNKNOWN, "no answer", due_at=now, sent_at=now - timedelta(minutes=1), coworker_id=7)
    desk.store.queue.finish(claim, unheard, now)
    erased = run(desk, "erase", "ann@example.com")
    assert erased.exit_code == 0
    assert "Nexudus may have a record" in erased.output and "[7]" in erased.output
    assert desk.store.leads.get(lead).content.email == ""
