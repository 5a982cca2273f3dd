"""What an operator can do to leads, and that it is written down; hostile values; erasure."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from admin_site import open_desk
from factories import make_content
from sqlalchemy import insert, update

from leadcapture.domain.attribution import Attribution, Touch
from leadcapture.domain.lead import Consent, LeadState
from leadcapture.domain.outcome import Outcome, Person
from leadcapture.domain.pace import Allowance, Cost
from leadcapture.domain.submission import Answer, FilePart
from leadcapture.errors import LeaseLost
from leadcapture.store.actions import Deed
from leadcapture.store.queue import ClaimRequest
from leadcapture.store.tables import attempts, leads

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def desk(tmp_path):
    desk = open_desk(tmp_path)
    yield desk
    desk.store.close()


@pytest.fixture
def either(tmp_path, database_url):
    """A desk on SQLite and on PostgreSQL, which holds no NUL and no number that is too large."""
    desk = open_desk(tmp_path, database_url)
    yield desk
    desk.store.close()


def state(desk, lead_id):
    return desk.store.leads.get(lead_id).state


def test_inbox__is_a_checklist_before_the_first_lead(desk):
    text = desk.text("/admin/")
    assert "First steps" in text
    assert "Send a test enquiry" in text


def test_inbox__lists_leads_and_says_when_nothing_matches(desk):
    desk.lead(content=make_content("ann@example.com", name="Ann Example"))
    assert "ann@example.com" in desk.text("/admin/")
    assert "ann@example.com" in desk.text("/admin/?q=ann&form=contact")
    assert "No lead matches" in desk.text("/admin/?q=zoe")
    assert "Nothing is held" in desk.text("/admin/?group=held")


QUERIES = (
    *("since=2026-99-99", "group=nonsense", "before=%00", "since=x&until=y&q=%F0%9F%8E%89", "%00=1"),
    *("q=a%00n", "q=%00", "form=%00contact", "source=%00", "group=%00"),
    *("until=9999-12-31", "since=9999-12-31", "since=0001-01-01&until=0001-01-01"),
)


def test_inbox__bears_any_query(either):
    either.lead(content=make_content("ann@example.com"))
    for query in QUERIES:
        assert either.get(f"/admin/?{query}").status_code == 200, query
        assert either.get(f"/admin/leads.csv?{query}").status_code == 200, query
    assert "ann@example.com" in either.text("/admin/?q=a%00n&until=9999-12-31&since=0001-01-01")


@pytest.mark.parametrize("before", ["99999999999999999999999", "-99999999999999999999999", "2147483648", "0", "x"])
def test_log__bears_any_page(either, before):
    assert either.get(f"/admin/audit?before={before}").status_code == 200


def test_lead__a_number_with_a_nul_is_no_lead(either):
    lead = either.lead(state=LeadState.HELD)
    either.get(f"/admin/leads/{lead}")
    for path in ("", "/edit", "/erase"):
        assert either.client.get(f"/admin/leads/{lead}%00{path}").status_code == 404, path
    for path in ("retry", "release", "discard", "put_back", "edit", "erase"):
        assert either.post(f"/admin/leads/%00{lead}/{path}", {"confirmed": "yes"}).status_code == 404, path
    choice = {"action": "release", "id": [f"{lead}\0", lead]}
    assert "Release and deliver this lead?" in either.post("/admin/bulk", choice).text
    either.post("/admin/bulk", choice | {"confirmed": "yes"})
    assert state(either, lead) is LeadState.RECEIVED


def test_lead__what_is_typed_with_a_nul_is_kept_without(either):
    lead = either.lead(state=LeadState.HELD)
    either.get(f"/admin/leads/{lead}")
    assert either.post(f"/admin/leads/{lead}/edit", {"message": "Three\0 desks."}).status_code == 303
    assert either.store.leads.get(lead).content.message == "Three desks."
    assert either.post(f"/admin/leads/{lead}/discard", {"reason": "a \0supplier"}).status_code == 303
    assert either.store.leads.get(lead).reason == "discarded: a supplier"
    assert either.get("/admin/reports").status_code == 200
    choice = {"action": "put_back", "id": lead, "confirmed": "yes"}
    either.post("/admin/bulk", choice)
    either.post("/admin/bulk", choice | {"action": "discard", "reason": "\0robots"})
    assert either.store.leads.get(lead).reason == "discarded: robots"


def test_release__delivers_a_held_lead(desk):
    lead = desk.lead(state=LeadState.HELD, reason="looks like spam")
    desk.get("/admin/?group=held")
    answer = desk.post(f"/admin/leads/{lead}/release", {"back": "/admin/?group=held"})
    assert answer.headers["Location"] == "/admin/?group=held"
    assert state(desk, lead) is LeadState.RECEIVED
    assert [entry.action for entry in desk.store.audit.of_lead(lead)] == ["release"]


def test_discard__keeps_the_reason(desk):
    lead = desk.lead()
    desk.get(f"/admin/leads/{lead}")
    desk.post(f"/admin/leads/{lead}/discard", {"reason": "a supplier"})
    assert state(desk, lead) is LeadState.DISCARDED
    assert "a supplier" in desk.text(f"/admin/leads/{lead}")


def test_put_back__undoes_a_discard_but_no_erasure(desk):
    lead = desk.lead(content=make_content("ann@example.com"), state=LeadState.HELD)
    gone = desk.lead(content=make_content("ben@example.com"))
    desk.get(f"/admin/leads/{lead}")
    desk.post(f"/admin/leads/{lead}/discard")
    desk.store.actions.erase("test", "ben@example.com", datetime.now(UTC))
    assert "Put back and deliver" in desk.text(f"/admin/leads/{lead}")
    assert "Put back" not in desk.text(f"/admin/leads/{gone}")
    desk.post(f"/admin/leads/{lead}/put_back")
    desk.post(f"/admin/leads/{gone}/put_back")
    assert (state(desk, lead), state(desk, gone)) == (LeadState.RECEIVED, LeadState.DISCARDED)
    assert [entry.action for entry in desk.store.audit.of_lead(lead)] == ["discard", "put back"]


def test_put_back__of_a_lead_whose_create_is_unanswered_looks_first(desk):
    lead = desk.lead(state=LeadState.BLOCKED)
    with desk.store.database.writing() as connection:
        connection.execute(update(leads).where(leads.c.id == lead).values(sent_at=datetime.now(UTC)))
    desk.get(f"/admin/leads/{lead}")
    desk.post(f"/admin/leads/{lead}/discard")
    desk.post(f"/admin/leads/{lead}/put_back")
    assert state(desk, lead) is LeadState.UNKNOWN


def test_bulk__asks_of_those_that_it_can_change_and_says_what_the_others_are(desk):
    held = [desk.lead(state=LeadState.HELD) for _ in range(2)]
    gone = desk.lead(state=LeadState.DISCARDED)
    desk.get("/admin/")
    asked = desk.post("/admin/bulk", {"action": "discard", "id": [*held, gone]}).text
    assert "Discard these 2 leads?" in asked and "Of the other ticked leads 1 is discarded" in asked
    assert gone not in asked
    asked = desk.post("/admin/bulk", {"action": "release", "id": [gone]}).text
    assert "None of the ticked leads can be changed so: 1 is discarded." in asked


def test_bulk__asks_first_and_then_acts_on_each(desk):
    leads = [desk.lead(state=LeadState.HELD) for _ in range(3)]
    desk.get("/admin/?group=held")
    asked = desk.post("/admin/bulk", {"action": "discard", "id": leads, "back": "/admin/?group=held"})
    assert "Discard these 3 leads?" in asked.text
    assert {state(desk, lead) for lead in leads} == {LeadState.HELD}
    desk.post("/admin/bulk", {"action": "discard", "id": leads, "confirmed": "yes", "reason": "robots"})
    assert {state(desk, lead) for lead in leads} == {LeadState.DISCARDED}
    assert len(desk.store.audit.of_lead(leads[0])) == 1


def test_bulk__without_a_choice_says_so(desk):
    desk.lead()
    desk.get()
    answer = desk.post("/admin/bulk", {"action": "retry", "back": "https://evil.example"}, follow_redirects=True)
    assert "No lead was chosen" in answer.text


def test_edit__corrects_delivers_and_keeps_what_arrived(desk):
    lead = desk.lead(
        content=make_content("ann@exmaple", name="Ann"), state=LeadState.BLOCKED, body=b"email=ann@exmaple"
    )
    page = desk.get(f"/admin/leads/{lead}/edit")
    assert 'value="ann@exmaple"' in page.text
    answer = desk.post(f"/admin/leads/{lead}/edit", {"to coworker.Email": "ann@example.com", "message": "Three desks."})
    assert answer.status_code == 303
    found = desk.store.leads.get(lead)
    assert (found.state, found.content.email, found.content.message) == (
        LeadState.RECEIVED,
        "ann@example.com",
        "Three desks.",
    )
    assert {answer.text for answer in found.content.answers} == {"Ann", "ann@example.com", "Three desks."}
    assert desk.store.leads.body(lead)[1] == b"email=ann@exmaple"
    assert "corrected by hand" in desk.text(f"/admin/leads/{lead}")
    assert "What it says, corrected" in desk.text(f"/admin/leads/{lead}")
    assert "What was sent" in desk.text(f"/admin/leads/{desk.lead()}")


def test_edit__refuses_what_is_no_address(desk):
    lead = desk.lead(state=LeadState.BLOCKED)
    desk.get(f"/admin/leads/{lead}/edit")
    answer = desk.post(f"/admin/leads/{lead}/edit", {"to coworker.Email": "nobody"})
    assert answer.status_code == 422
    assert "full e-mail address" in answer.text
    assert state(desk, lead) is LeadState.BLOCKED


def test_edit__of_what_somebody_else_has_corrected_meanwhile_asks_once_more(desk):
    lead = desk.lead(content=make_content("ann@exmaple.com"), state=LeadState.BLOCKED)
    mark = re.search(r'name="mark" value="(\w+)"', desk.get(f"/admin/leads/{lead}/edit").text)[1]
    desk.post(f"/admin/leads/{lead}/edit", {"to coworker.Email": "ann@example.com", "mark": mark})
    answer = desk.post(f"/admin/leads/{lead}/edit", {"message": "Three desks.", "mark": mark})
    assert answer.status_code == 422
    assert "Somebody else has corrected" in answer.text and "Three desks." in answer.text
    assert desk.store.leads.get(lead).content.message != "Three desks."
    again = re.search(r'name="mark" value="(\w+)"', answer.text)[1]
    assert desk.post(f"/admin/leads/{lead}/edit", {"message": "Three desks.", "mark": again}).status_code == 303
    found = desk.store.leads.get(lead).content
    assert (found.message, found.email) == ("Three desks.", "ann@example.com")


def test_edit__waits_until_a_create_without_an_answer_is_settled(desk):
    lead = desk.lead(content=make_content("ann@exmaple.com"), state=LeadState.BLOCKED)
    sent = {"sent_at": datetime.now(UTC), "coworker_id": 7}
    with desk.store.database.writing() as connection:
        connection.execute(update(leads).where(leads.c.id == lead).values(sent))
    desk.get(f"/admin/leads/{lead}/edit")
    answer = desk.post(f"/admin/leads/{lead}/edit", {"to coworker.Email": "ann@example.com"})
    assert answer.status_code == 422
    assert "which may have it already" in answer.text
    assert desk.store.leads.get(lead).content.email == "ann@exmaple.com"


def test_edit__of_the_address_forgets_the_customer_of_the_old_one(desk):
    lead = desk.lead(content=make_content("ann@exmaple.com"), state=LeadState.BLOCKED)
    with desk.store.database.writing() as connection:
        connection.execute(update(leads).where(leads.c.id == lead).values(coworker_id=7))
    desk.get(f"/admin/leads/{lead}/edit")
    desk.post(f"/admin/leads/{lead}/edit", {"message": "Three desks."})
    assert desk.store.leads.get(lead).coworker_id == 7
    desk.post(f"/admin/leads/{lead}/edit", {"to coworker.Email": "ann@example.com"})
    found = desk.store.leads.get(lead)
    assert (found.coworker_id, found.person) == (None, "ann@example.com")


def test_lead__unknown_is_not_found(desk):
    assert desk.get("/admin/leads/no-such-lead").status_code == 404


def hostile_content(value):
    """A lead in which every text is hostile."""
    touch = Touch(utm={"campaign": value}, landing_url=value, referrer=value, source=value, medium=value)
    return make_content(
        f"{value}@example.com",
        name=value,
        message=value,
        answers=(Answer(value, value, value, value), Answer("b", "b", value, (value, value))),
        mapped={"coworker.FullName": value, "coworker.Email": f"{value}@example.com", "coworker.CompanyName": value},
        found_by={"coworker.FullName": value},
        attribution=Attribution(
            utm={"campaign": value, "content": value}, method=value, extra={value: value}, click_ids={value: value},
            first=touch, last=touch, page_url=value, landing_url=value, referrer=value, source=value, medium=value,
            channel=value,
        ),
        consent=Consent(value, True, datetime(2026, 3, 2, tzinfo=UTC)),
        files=(FilePart(value, value, 3),),
        subject=value,
        builder=value,
    )  # fmt: skip


def test_hostile_values__are_shown_as_text_everywhere(desk):
    lead = desk.lead(
        content=hostile_content(SCRIPT), state=LeadState.HELD, reason=SCRIPT, body=SCRIPT.encode(), content_type=SCRIPT
    )
    pages = ["/admin/", "/admin/?group=held", f"/admin/leads/{lead}", f"/admin/leads/{lead}/edit", "/admin/reports"]
    for path in (*pages, f"/admin/leads/{lead}/erase", f"/admin/?q={SCRIPT}&source={SCRIPT}&form={SCRIPT}"):
        page = desk.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text, path
        assert "&lt;script&gt;" in page.text, path
    confirm = desk.post("/admin/bulk", {"action": "discard", "id": [lead], "back": f'/admin/?q="{SCRIPT}'})
    assert "<script>alert" not in confirm.text


@pytest.mark.parametrize(
    "formula", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "|calc", "x;=1", "＝1"]
)
def test_csv__holds_no_formula(desk, formula):
    desk.lead(content=hostile_content(formula))
    answer = desk.get("/admin/leads.csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    cells = [cell for row in rows for cell in row]
    assert any(formula.strip()[-1:] in cell for cell in cells)
    in_germany = [cell for row in csv.reader(io.StringIO(answer.text, newline=""), delimiter=";") for cell in row]
    signs = ("=", "+", "-", "@", "\t", "\r", "|", "＝", "＋", "－", "＠")
    assert not [cell for cell in (*cells, *in_germany) if cell.lstrip(" ").startswith(signs)]


def test_csv__has_a_column_for_each_thing_about_a_person(desk):
    desk.lead(content=make_content("ann@example.com", name="Ann Example"))
    [row] = csv.DictReader(io.StringIO(desk.get("/admin/leads.csv").text))
    assert (row["name"], row["email"]) == ("Ann Example", "ann@example.com")
    assert {"phone", "company"} <= set(row)


def test_csv__holds_what_the_list_shows(desk):
    desk.lead(content=make_content("ann@example.com"), form="tour")
    desk.lead(content=make_content("ben@example.com"), form="contact")
    text = desk.get("/admin/leads.csv?form=tour").text
    assert "ann@example.com" in text
    assert "ben@example.com" not in text
    assert desk.store.audit.entries()[0].action == "exported leads"


def test_erase__leaves_nothing_of_the_person(tmp_path, desk):
    mark = "unmistakable-person-4711"
    content = make_content(f"{mark}@example.com", name=mark, message=f"I am {mark}")
    leads = [desk.lead(content=content, body=f"name={mark}".encode()) for _ in range(3)]
    other = desk.lead(content=make_content("ben@example.com"))
    desk.get(f"/admin/leads/{leads[0]}/erase")
    assert desk.post(f"/admin/leads/{leads[0]}/erase").status_code == 303
    assert state(desk, leads[0]) is LeadState.RECEIVED
    receipt = desk.post(f"/admin/leads/{leads[0]}/erase", {"confirmed": "yes"})
    assert "Receipt" in receipt.text
    assert state(desk, leads[2]) is LeadState.DISCARDED
    assert desk.store.leads.get(other).content.email == "ben@example.com"
    desk.store.close()
    files = list(tmp_path.glob("leads.db*"))
    assert files
    assert not [file.name for file in files if mark.encode() in file.read_bytes()]


def claim(desk):
    """Begin to deliver what is due."""
    desk.store.connections.ensure("main")
    request = ClaimRequest("main", Allowance(100, 1000, 100), Cost(4, 2), 10, datetime.now(UTC), 30.0)
    return desk.store.queue.claim(request).claims


def erased_page(desk, lead):
    """Erase a person as the page does; returns what it says then."""
    desk.get(f"/admin/leads/{lead}/erase")
    answer = desk.post(f"/admin/leads/{lead}/erase", {"confirmed": "yes"})
    assert "ann@" not in answer.text and "ann%40" not in answer.text  # nor in a link, which would stand in logs
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.text).split()))


@pytest.mark.parametrize("email", ["ann@example.com", ""], ids=["person", "lead without an address"])
def test_erase__says_that_what_is_being_delivered_was_left(desk, email):
    done = [desk.lead(content=make_content(email), state=LeadState.HELD)] if email else []
    lead = desk.lead(content=make_content(email, name="Ann Example"))
    [claimed] = claim(desk)
    said = erased_page(desk, lead)
    assert "Not all erased yet: erase again in two minutes" in said
    assert (
        "1 enquiry is being delivered this moment" in said
        and "Still in Nexudus: customers none that we know of" in said
    )
    assert desk.store.leads.get(lead).content.answers
    log = {entry.action for entry in desk.store.audit.entries()}
    assert "erased" not in log and not any(action.startswith("erased a person:") for action in log)
    assert f"Erased a person in part: {len(done)} lead" in desk.text("/admin/audit")
    now = datetime.now(UTC)
    long_ago = now - timedelta(minutes=1)
    desk.store.queue.finish(claimed, Outcome(LeadState.UNKNOWN, "no answer", due_at=now, sent_at=long_ago), now)
    said = erased_page(desk, lead)
    assert "Not all erased" not in said and "being delivered" not in said
    assert "Of 1 of those erased Nexudus may have a record that we have not heard of: look there." in said
    assert "opportunities none that we know of" in said
    assert not desk.store.leads.get(lead).content.answers


@pytest.mark.parametrize("create", ["customer", "opportunity"])
def test_erase__waits_until_what_was_sent_a_moment_ago_can_be_seen(desk, create):
    lead = desk.lead(content=make_content("ann@example.com"))
    [claimed] = claim(desk)
    now = datetime.now(UTC)
    sent = {"person": Person(sent_at=now)} if create == "customer" else {"sent_at": now, "person": Person(7, now)}
    desk.store.queue.finish(claimed, Outcome(LeadState.UNKNOWN, "no answer", due_at=now, **sent), now)

    too_soon = desk.store.actions.erase("test", "ann@example.com", now + timedelta(seconds=15))
    later = desk.store.actions.erase("test", "ann@example.com", now + timedelta(seconds=25))

    assert (too_soon.leads, too_soon.busy) == (0, 1)
    assert (later.leads, later.busy, later.unsettled) == (1, 0, 1)
    assert not desk.store.leads.get(lead).content.answers


def test_erase__of_a_lead_whose_worker_died_waits_for_its_lease_only(desk):
    lead = desk.lead(content=make_content("ann@example.com"))
    [claimed] = claim(desk)
    after = claimed.until + timedelta(seconds=1)
    assert desk.store.actions.erase("test", "ann@example.com", claimed.until).busy == 1
    receipt = desk.store.actions.erase("test", "ann@example.com", after)
    assert (receipt.leads, receipt.busy, receipt.unsettled) == (1, 0, 1)
    with pytest.raises(LeaseLost):
        desk.store.queue.finish(claimed, Outcome(LeadState.DELIVERED, opportunity_id=7), after)
    assert desk.store.leads.get(lead).state is LeadState.DISCARDED


def test_retry__of_an_unknown_lead_leaves_it_unknown_and_no_edit_gets_round_that(desk):
    """The customer's create had no answer: with another address it would be made again."""
    lead = desk.lead(content=make_content("ann@exmaple.com"))
    [claimed] = claim(desk)
    now = datetime.now(UTC)
    unknown = Outcome(LeadState.UNKNOWN, "no answer", due_at=now + timedelta(hours=1), person=Person(sent_at=now))
    desk.store.queue.finish(claimed, unknown, now)
    assert desk.store.actions.retry(Deed("test", lead, now))
    assert desk.store.leads.get(lead).state is LeadState.UNKNOWN
    assert not desk.store.actions.edit(Deed("test", lead, now), make_content("ann@example.com"))


def test_discard__of_an_unknown_lead_says_that_nexudus_may_have_it(desk):
    lead = desk.lead()
    [claimed] = claim(desk)
    now = datetime.now(UTC)
    desk.store.queue.finish(claimed, Outcome(LeadState.UNKNOWN, "no answer", due_at=now, sent_at=now), now)
    desk.get(f"/admin/leads/{lead}")
    desk.post(f"/admin/leads/{lead}/discard", {"reason": "the account is closed"})
    found = desk.store.leads.get(lead)
    assert (found.state, found.reason) == (
        LeadState.DISCARDED,
        "discarded: the account is closed (Nexudus may have it)",
    )
    assert desk.store.actions.put_back(Deed("test", lead, now))
    assert desk.store.leads.get(lead).state is LeadState.UNKNOWN


def test_erase__works_for_a_lead_without_an_address(desk):
    lead = desk.lead(content=make_content("", name="Nameless Person"), state=LeadState.BLOCKED)
    other = desk.lead(content=make_content("", name="Somebody Else"), state=LeadState.BLOCKED)
    desk.get(f"/admin/leads/{lead}/erase")
    desk.post(f"/admin/leads/{lead}/erase", {"confirmed": "yes"})
    assert desk.store.leads.get(lead).content.answers == ()
    assert desk.store.leads.get(other).content.answers


def test_log__names_what_was_done(desk):
    lead = desk.lead(state=LeadState.HELD)
    desk.get(f"/admin/leads/{lead}")
    desk.post(f"/admin/leads/{lead}/release")
    text = desk.text("/admin/audit")
    assert "Released" in text and "Ann Example" in text
    assert "Signed in" in text


def test_lead__says_dates_as_every_page_and_edits_them_as_dates(desk):
    content = make_content("ann@example.com", name="Ann")
    wished = replace(content, mapped={**content.mapped, "opportunity.DueDate": "2026-12-03T14:30"})
    lead = desk.lead(content=wished, form="tour")
    assert "Preferred day 3 Dec 2026, 14:30" in desk.text(f"/admin/leads/{lead}")
    page = desk.get(f"/admin/leads/{lead}/edit").text
    assert 'value="2026-12-03T14:30" type="datetime-local"' in page and "Preferred day" in page


def test_lead__tells_its_way_in_plain_words(desk):
    lead = desk.lead()
    at = datetime.now(UTC)
    calls = [
        ("find stage", 200, "ok"),
        ("find customers", 409, "throttled"),
        ("find customers", None, "not_sent"),
        ("create opportunity", 400, "refused"),
        ("create opportunity", None, "outcome_unknown"),
    ]
    with desk.store.database.writing() as connection:
        for call, status, outcome in calls:
            values = {"lead_id": lead, "call": call, "at": at, "status": status, "latency_ms": 5, "outcome": outcome}
            connection.execute(insert(attempts).values(values))
    text = desk.text(f"/admin/leads/{lead}")
    for words in (
        *("Looked for the stage", "Nexudus asked us to wait", "Nexudus could not be reached"),
        *("Nexudus refused the opportunity", "The answer was lost"),
    ):
        assert words in text
    assert "outcome_unknown" not in text and "not_sent" not in text


def test_erased__leads_are_called_so(desk):
    lead = desk.lead(content=make_content("ann@example.com"))
    desk.store.actions.erase("test", "ann@example.com", datetime.now(UTC))
    assert "(erased)" in desk.text("/admin/") and "(erased)" in desk.text(f"/admin/leads/{lead}")
    assert "Erased a person: 1 lead" in desk.text("/admin/audit")
