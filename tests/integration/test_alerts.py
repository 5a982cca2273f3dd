"""Who is told when something is wrong: by a real mail server and a real webhook, once for an incident."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from factories import Clock, make_catalogue, make_content, make_form, make_new_lead
from sqlalchemy import update

from bench.site import free_port
from leadcapture.delivery.watch import CAPACITY_STEPS, Watch, capacity_trouble
from leadcapture.domain.account import CAPACITY
from leadcapture.domain.lead import LeadState
from leadcapture.errors import NotSent
from leadcapture.notify import Mail, Webhook
from leadcapture.store.tables import connections

PERSON = "zoe.recognisable@customer.co.uk"


class Mailbox:
    """Takes every message, or refuses all of them."""

    def __init__(self):
        self.messages = []
        self.refuses = False

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.refuses:
            return "451 try again later"
        self.messages.append(envelope.content.decode())
        return "250 taken"


@pytest.fixture
def mailbox():
    """A mail server on a port of its own; `url` is its SMTP_URL."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    box.url = f"smtp://127.0.0.1:{server.port}"
    yield box
    server.stop()


@pytest.fixture
def chat():
    """A webhook that remembers what was posted."""
    posted = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.posted = posted
    server.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(database_url, make_store, clock, mailbox, chat):
    """What looks after the queue, with everybody to tell and the fallback switched on."""
    store = make_store(database_url, clock=clock)
    store.connections.ensure("main")
    counted = {"number": 10}

    def count(_connection, _location):
        if counted["number"] is None:
            raise NotSent("count opportunities")
        return counted["number"]

    made = Watch(
        store=store,
        catalogue=make_catalogue(make_form()),
        clock=clock,
        senders=(Mail(mailbox.url, "ops@example.com"), Webhook(chat.url)),
        count=count,
        after=timedelta(minutes=15),
        fallback=Mail(mailbox.url, "desk@example.com"),
    )
    return SimpleNamespace(look=made.look, store=store, clock=clock, counted=counted)


def subjects(mailbox):
    return [line for text in mailbox.messages for line in text.splitlines() if line.startswith("Subject:")]


def lead(watch, **changes):
    new = make_new_lead(PERSON, watch.clock(), **changes)
    watch.store.leads.accept(new)
    return new


def test_watch__is_silent_while_all_is_well(watch, mailbox, chat):
    lead(watch)
    watch.look()
    assert (mailbox.messages, chat.posted) == ([], [])


def test_waiting__is_told_once_and_once_when_it_is_over(watch, mailbox, chat, clock):
    waiting = [lead(watch) for _ in range(3)]
    clock.advance(minutes=16)
    for _ in range(4):
        watch.look()
        clock.advance(minutes=5)
    assert subjects(mailbox) == ["Subject: leadcapture needs attention"]
    assert "waited for more than 15 minutes" in mailbox.messages[0]
    for one in waiting:
        watch.store.leads.discard_quietly(one.id, "test")
    watch.look()
    watch.look()
    assert subjects(mailbox) == ["Subject: leadcapture needs attention", "Subject: leadcapture: all right again"]
    assert [said["text"].splitlines()[0] for said in chat.posted] == [
        "leadcapture needs attention",
        "leadcapture: all right again",
    ]


def test_alerts__hold_nobodys_data(watch, mailbox, chat, clock, caplog):
    lead(watch, state=LeadState.BLOCKED, reason=f"Nexudus refused {PERSON}")
    watch.store.connections.stop("main", "Nexudus refused our sign-in")
    watch.store.connections.park("main", "customers", clock() + timedelta(hours=1), "no new customers for now")
    clock.advance(minutes=20)
    watch.look()
    said = "\n".join(mailbox.messages) + json.dumps(chat.posted) + caplog.text
    assert "a person must act" in said and "refused our sign-in" in said and "no new customers" in said
    assert PERSON not in said and "Ann Example" not in said


def test_alerts__that_nobody_got_are_sent_again(watch, mailbox, chat, clock):
    lead(watch, state=LeadState.BLOCKED)
    mailbox.refuses = True
    chat.server_close()
    chat.shutdown()
    watch.look()
    assert mailbox.messages == []
    mailbox.refuses = False
    watch.look()
    watch.look()
    assert subjects(mailbox) == ["Subject: leadcapture needs attention"]


def test_sign_in__is_told_a_day_and_a_half_before_it_ends(watch, mailbox, clock):
    def ends_in(hours):
        with watch.store.database.writing() as connection:
            connection.execute(update(connections).values(token_expires_at=clock() + timedelta(hours=hours)))

    ends_in(37)
    watch.look()
    assert mailbox.messages == []
    ends_in(35)
    watch.look()
    assert "flask leads connect" in mailbox.messages[0]
    ends_in(160)
    watch.look()
    assert "This is over" in mailbox.messages[1]


def test_pause__is_told_only_when_it_is_long(watch, mailbox, clock):
    watch.store.connections.pause("main", clock() + timedelta(seconds=30), "Nexudus asked us to wait")
    watch.look()
    assert mailbox.messages == []
    watch.store.connections.pause("main", clock() + timedelta(minutes=15), "a role is missing")
    watch.look()
    assert "a role is missing" in mailbox.messages[0]


@pytest.mark.parametrize(
    ("number", "step"),
    [(0, None), (3999, None), (4000, 80), (4499, 80), (4500, 90), (4999, 90), (5000, 100), (5100, 100)],
)
def test_capacity__names_the_highest_step(number, step):
    told = dict(capacity_trouble({7: number}))
    assert list(told) == ([] if step is None else [f"capacity 7 {step}"])
    assert CAPACITY == 5000 and set(CAPACITY_STEPS) == {80, 90, 100}


def test_capacity__is_counted_hourly_and_told_by_step(watch, mailbox, clock):
    for number in (4100, 4200, 4600, 5000):
        watch.counted["number"] = number
        watch.look()
        watch.look()
        clock.advance(minutes=61)
    steps = [text for text in mailbox.messages if "needs attention" in text]
    assert len(steps) == 3
    assert "100 % reached" in steps[-1]


def test_capacity__of_a_crm_that_can_not_be_asked_is_nobodys_alarm(watch, mailbox):
    watch.counted["number"] = None
    watch.look()
    assert mailbox.messages == []


def test_fallback__mails_each_waiting_lead_whole_and_once(watch, mailbox, clock):
    told = make_content(PERSON, name="Zoë", message="Four desks from May.")
    mine = lead(watch, content=told)
    clock.advance(minutes=59)
    watch.look()
    assert not [text for text in mailbox.messages if "desk@example.com" in text]
    clock.advance(minutes=2)
    watch.look()
    watch.look()
    mails = [text for text in mailbox.messages if "To: desk@example.com" in text]
    assert len(mails) == 1
    assert PERSON in mails[0] and "Four desks from May." in mails[0] and mine.id in mails[0]


def test_fallback__that_did_not_get_through_is_mailed_later(watch, mailbox, clock):
    lead(watch)
    clock.advance(minutes=61)
    mailbox.refuses = True
    watch.look()
    mailbox.refuses = False
    watch.look()
    assert len([text for text in mailbox.messages if "To: desk@example.com" in text]) == 1


def test_mail__heads_take_no_second_line(mailbox):
    Mail(mailbox.url, "ops@example.com")("first\r\nBcc: everybody@example.com", "text")
    assert "\nBcc:" not in mailbox.messages[0].split("\n\n")[0].replace("\r", "")
