"""No body within the limits costs more than a fraction of a second, whatever it is made of."""

import contextlib
import json
import time
import tracemalloc
from urllib.parse import urlencode

import pytest
from factories import NOW, make_form

from leadcapture.domain.form import Catalogue, Hook, Limits
from leadcapture.domain.submission import Submission
from leadcapture.errors import SubmissionRejected
from leadcapture.intake.receive import Origin, Receiver
from leadcapture.intake.receive_hook import HookReceiver

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
LARGEST = 250_000
SECONDS = 2.0
"""What one body may cost of a processor, many times what the dearest costs; the attacks below cost minutes."""

ENQUIRY = {"full_name": "Ann", "email": "ann@example.com", "message": "Two desks, please."}


def filled(unit: str, size: int = LARGEST) -> str:
    return (unit * (size // len(unit.encode()) + 1)).encode()[:size].decode("utf-8", "ignore")


def as_json(**more):
    return JSON, json.dumps(ENQUIRY | more, ensure_ascii=False).encode()[: LARGEST + 200]


def rows(number, each):
    return json.dumps([[each]] * number)


BODIES = {
    "accents in the wrong order": as_json(zz="a" + "\u0300" * 55_000 + "\u0323" * 55_000),
    "accents in the message": as_json(message="a" + "\u0300" * 55_000 + "\u0323" * 55_000),
    "accents in the name": as_json(full_name="a" + "\u0323\u0300" * 50_000),
    "accents in the address": as_json(email="a" + "\u0300\u0323" * 50_000 + "@example.com"),
    "accents in _replyto": as_json(email="", _replyto="a" + "\u0300\u0323" * 50_000 + "@example.com"),
    "letters that grow": as_json(zz="\ufdfa" * 80_000),
    "a tag of spaces": as_json(zz="<" + " " * 240_000 + "x"),
    "many tags of spaces": as_json(zz=filled("<      ")),
    "a website of dots": as_json(website=filled("www.-")),
    "links without an end": as_json(zz=filled("http://a.")),
    "a name of nonces": (FORM, urlencode(ENQUIRY | {filled("nonce", 240_000) + "\n": "x"}).encode()),
    "a name of captchas": (FORM, urlencode(ENQUIRY | {filled("_captcha_token", 240_000) + "\n": "x"}).encode()),
    "names of braces": as_json(**{f"{i}" + "{{" * 140: "x" for i in range(800)}),
    "lists in parts": (FORM, urlencode(ENQUIRY | {f"a[{i}]": rows(980, f"v{i}") for i in range(20)}).encode()),
    "objects in parts": (
        FORM,
        urlencode(ENQUIRY | {f"a{i}": json.dumps({f"k{n}": "v" for n in range(500)}) for i in range(20)}).encode(),
    ),
    "objects in texts": as_json(**{f"a{i}": json.dumps({f"k{n}": "v" for n in range(500)}) for i in range(20)}),
    "an answer of hexadecimal": as_json(zz={"0a" * 4_000 + f"_{n}": "v v v v" for n in range(20)}),
    "addresses of parameters": as_json(url=filled("http://a?&utm_a")),
    "xml of elements": ("application/xml", ("<a>" + "<b>x</b>" * 30_000 + "</a>").encode()),
    "xml of levels": ("application/xml", b"<a>" * 80_000),
    "xml of attributes": ("application/xml", ("<a>" + "".join(f'<b n{i}="x"/>' for i in range(900)) + "</a>").encode()),
    "many short lists": as_json(zz=[["same"]] * 4500),
    "ten thousand answers": as_json(zz={f"k{n}": {f"q{m}": "v" for m in range(11)} for n in range(890)}),
    "labels apart": as_json(
        labels={f"k{n}": f"Question {n}" for n in range(980)}, values={f"k{n}": "answer" for n in range(980)}
    ),
    "open brackets": as_json(zz="[" * 240_000),
    "quotes": as_json(zz='"\\' * 100_000),
    "at signs": as_json(zz=filled("a@")),
    "digits": as_json(phone="1" * 240_000),
    "template fields": as_json(full_name=filled("{full_name}")),
    "urls of percent signs": as_json(_page_url="https://example.com/?" + filled("%25", 200_000)),
    "urls of parameters": as_json(_page_url="https://example.com/?" + filled("utm_source=a&", 200_000)),
    "spaces": as_json(zz=" " * 240_000),
    "new lines": as_json(message="\r\n" * 100_000),
}


class Kept:
    """Takes every lead."""

    def accept(self, lead):
        return type("Stored", (), {"id": lead.id, "repeated": False})()

    def hand_in(self, make):
        return self.accept(make())

    def accept_all(self, new):
        return [self.accept(lead) for lead in new]


def submission(kind, body):
    return Submission(kind, body, {}, (), "192.0.2.1", NOW)


@pytest.mark.parametrize("name", BODIES)
def test_forms__no_body_is_dear(name):
    form = make_form()
    receiver = Receiver(Catalogue({"contact": form}, {}), Kept(), lambda: NOW)
    began = time.process_time()
    with contextlib.suppress(SubmissionRejected):
        receiver.receive(form, submission(*BODIES[name]), Origin())
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("name", BODIES)
def test_hooks__no_body_is_dear(name):
    receiver = HookReceiver(Kept(), Limits(), lambda: NOW)
    began = time.process_time()
    receiver.receive(make_form(), Hook("auto", key="k"), submission(*BODIES[name]), "https://x/hooks")
    assert time.process_time() - began < SECONDS


def long_names(number):
    """Two bodies with names that nobody else sends, a form's and a hook's."""
    names = [f"{number} {kind} {'x' * 50_000}" for kind in ("name", "label", "utm_", "[part]")]
    return (FORM, urlencode(ENQUIRY | dict.fromkeys(names, "y")).encode()), as_json(**dict.fromkeys(names, "y"))


def test_names__that_strangers_make_up_are_not_kept():
    form = make_form()
    receiver = Receiver(Catalogue({"contact": form}, {}), Kept(), lambda: NOW)
    hooks = HookReceiver(Kept(), Limits(), lambda: NOW)
    tracemalloc.start()
    for number in range(50):
        if number == 10:
            kept, _ = tracemalloc.get_traced_memory()
        by_form, by_hook = long_names(number)
        receiver.receive(form, submission(*by_form), Origin())
        hooks.receive(form, Hook("auto", key="k"), submission(*by_hook), "https://x/hooks")
    grown = tracemalloc.get_traced_memory()[0] - kept
    tracemalloc.stop()
    assert grown < 1_000_000  # what came was 16 MB
