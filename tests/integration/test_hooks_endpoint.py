"""`POST /hooks/<form>/<builder>`: key and signature first, then everything is kept and answered with exactly 200."""

import hashlib
import hmac
import json
import time
from pathlib import Path

import pytest
from sqlalchemy import update

from leadcapture.app import create_app
from leadcapture.config import from_env
from leadcapture.domain.lead import LeadState
from leadcapture.store import tables
from leadcapture.store.leads import Query

SAMPLES = (Path(__file__).parents[2] / "forms.toml").read_text()
PAYLOADS = Path(__file__).parents[1] / "payloads"
HOOKS = """
[forms.contact.hooks.zapier]
key_env = "HOOK_KEY"
map = { "Which office?" = "notes", "Budget" = "opportunity.Value" }

[forms.contact.hooks.auto]
key_env = "HOOK_KEY"

[forms.contact.hooks.webflow]
key_env = "HOOK_KEY"
secret_env = "HOOK_SECRET"

[forms.contact.hooks.typeform]
key_env = "HOOK_KEY"
secret_env = "EMPTY_SECRET"

[forms.contact.hooks.meta-lead-ads]
key_env = "HOOK_KEY"

[forms.contact.hooks.linkedin-lead-sync]
key_env = "HOOK_KEY"
secret_env = "HOOK_SECRET"

[forms.contact.hooks.google-ads-lead-form]
key_env = "HOOK_KEY"
secret_env = "HOOK_SECRET"

[forms.contact.hooks.tilda]
key_env = "HOOK_KEY"

[forms.contact.hooks.hubspot]
key_env = "HOOK_KEY"

[forms.contact.hooks.make]
key_env = "NO_SUCH_VARIABLE"
"""


@pytest.fixture
def app(tmp_path, sqlite_url):
    forms = tmp_path / "forms.toml"
    forms.write_text(SAMPLES + HOOKS)
    app = create_app(
        from_env(
            {
                "SECRET_KEY": "a key of the tests, long enough",
                "DATABASE_URL": sqlite_url,
                "FORMS_FILE": str(forms),
                "HOOK_KEY": "the-key",
                "HOOK_SECRET": "the-secret",
            }
        )
    )
    store = app.extensions["leadcapture"].store
    store.migrate()
    yield app
    store.close()


def leads(app):
    store = app.extensions["leadcapture"].store
    return [store.leads.get(row.id) for row in store.leads.find(Query())]


def post(app, builder, body, key="the-key", **options):
    kind = {"json": body} if isinstance(body, dict | list) else {"data": body}
    return app.test_client().post(f"/hooks/contact/{builder}?key={key}", **kind, **options)


ENQUIRY = {"First Name": "Ann", "Last Name": "Lee", "Your e-mail": "ann@example.com", "Message": "Five desks?"}


def test_post__is_stored_and_answered_with_exactly_200(app) -> None:
    reply = post(app, "zapier", ENQUIRY)
    (lead,) = leads(app)
    assert (reply.status_code, reply.json) == (200, {"ok": True, "id": lead.id})
    assert lead.state is LeadState.RECEIVED
    assert lead.content.mapped == {"coworker.FullName": "Ann Lee", "coworker.Email": "ann@example.com"}
    assert (lead.content.message, lead.content.builder) == ("Five desks?", "zapier")


@pytest.mark.parametrize("key", ["", "wrong", "the-key2", "the-ke"])
def test_key__wrong_or_missing_is_403_and_nothing_is_stored(app, key) -> None:
    assert post(app, "zapier", ENQUIRY, key=key).status_code == 403
    assert leads(app) == []


def test_key__without_a_value_the_endpoint_is_closed(app) -> None:
    assert post(app, "make", ENQUIRY, key="").status_code == 403
    assert post(app, "no-such-builder", ENQUIRY).status_code == 403


def test_key__may_come_in_a_header(app) -> None:
    reply = app.test_client().post("/hooks/contact/zapier", json=ENQUIRY, headers={"X-Leadcapture-Key": "the-key"})
    assert reply.status_code == 200


def test_form__unknown_is_404(app) -> None:
    assert app.test_client().post("/hooks/nothing/zapier?key=the-key", json=ENQUIRY).status_code == 404


def signed(body: bytes, stamp: str) -> dict[str, str]:
    proof = hmac.new(b"the-secret", stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"x-webflow-timestamp": stamp, "x-webflow-signature": proof, "Content-Type": "application/json"}


def test_signature__good_is_taken_and_everything_else_is_401(app) -> None:
    body = (PAYLOADS / "webflow-v2.json").read_bytes()
    now = str(int(time.time() * 1000))
    late = str(int((time.time() - 400) * 1000))
    good = signed(body, now)
    assert post(app, "webflow", body, headers=good).status_code == 200
    assert post(app, "webflow", body + b" ", headers=good).status_code == 401
    assert post(app, "webflow", body, headers=signed(body, late)).status_code == 401
    assert post(app, "webflow", body, content_type="application/json").status_code == 401
    assert len(leads(app)) == 1


def test_signature__named_but_without_a_secret_refuses_everything(app) -> None:
    body = (PAYLOADS / "typeform.json").read_bytes()
    assert post(app, "typeform", body, content_type="application/json").status_code == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"broken": ', "application/json"),
        (b"\xff\xfe\x00garbage", "application/octet-stream"),
        (b"<lead><email>ann@example.com</lead>", "application/xml"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><lead><email>ann@example.com</email></lead>', "application/xml"),
        (b'{"message": "no address here"}', "application/json"),
        (b"[" * 2000 + b"]" * 2000, "application/json"),
        (b"", "application/json"),
    ],
)
def test_body__that_cannot_be_mapped_is_kept_and_answered_200(app, body, kind) -> None:
    reply = post(app, "zapier", body, content_type=kind)
    (lead,) = leads(app)
    assert reply.status_code == 200
    assert lead.state is LeadState.BLOCKED and lead.reason
    assert app.extensions["leadcapture"].store.leads.body(lead.id) is not None


def test_repeat__of_a_submission_id_is_one_lead_and_of_another_form_is_not(app) -> None:
    first = post(app, "zapier", {**ENQUIRY, "submission_id": "77"}).json["id"]
    assert post(app, "zapier", {**ENQUIRY, "submission_id": "77"}).json["id"] == first
    assert post(app, "zapier", {**ENQUIRY, "submission_id": "78"}).json["id"] != first
    assert post(app, "auto", {**ENQUIRY, "submission_id": "77"}).json["id"] != first


def test_repeat__of_an_idempotency_key_is_one_lead_unless_the_body_holds_several(app) -> None:
    header = {"Idempotency-Key": "run-7"}
    first = post(app, "zapier", ENQUIRY, headers=header)
    again = post(app, "zapier", ENQUIRY | {"Message": "written otherwise by the second run"}, headers=header)
    assert again.json == first.json
    batch = [ENQUIRY | {"Your e-mail": f"{name}@example.com"} for name in ("bob", "cleo")]
    post(app, "zapier", batch, headers={"Idempotency-Key": "run-8"})
    assert sorted(lead.content.email.partition("@")[0] for lead in leads(app)) == ["ann", "bob", "cleo"]


def test_repeat__of_an_idempotency_key_counts_to_its_last_character(app) -> None:
    for end in "ab":
        post(app, "zapier", ENQUIRY | {"Message": f"Run {end}"}, headers={"Idempotency-Key": "k" * 600 + end})
    assert len(leads(app)) == 2


def test_person_again__with_the_same_data_is_merged_and_new_answers_are_added(app) -> None:
    contact = {"properties": {"email": {"value": "ann@example.com"}, "firstname": {"value": "Ann"}}, "vid": 5}
    first = post(app, "hubspot", contact).json["id"]
    contact["properties"]["desks"] = {"value": "12"}
    assert post(app, "hubspot", contact).json["id"] == first
    (lead,) = leads(app)
    assert "12" in [answer.text for answer in lead.content.answers]


@pytest.mark.parametrize("builder", ["auto", "zapier"])
@pytest.mark.parametrize("trap", ["_gotcha", "_honey", "bot-field", "botcheck"])
def test_trap__is_filled_only_when_something_stands_in_it(app, builder, trap) -> None:
    for number, left_alone in enumerate((False, 0, "0", "false", " ", [], None, ["", "false"])):
        assert post(app, builder, ENQUIRY | {"Message": f"{number}", trap: left_alone}).status_code == 200
    assert {lead.state for lead in leads(app)} == {LeadState.RECEIVED}
    filled = post(app, builder, {"_honeypot": False, trap: "http://spam.example"} | ENQUIRY).json["id"]
    assert app.extensions["leadcapture"].store.leads.get(filled).state is LeadState.HELD


def test_map__beats_every_guess(app) -> None:
    post(app, "zapier", {**ENQUIRY, "Which office?": "Ann Street", "Budget": "1200"})
    (lead,) = leads(app)
    assert lead.content.mapped["opportunity.Value"] == "1200"
    assert "Ann Street" not in lead.content.mapped.values()


def test_tests__are_answered_without_a_lead(app) -> None:
    google = json.loads((PAYLOADS / "google-ads-test.json").read_text())
    google["google_key"] = "the-secret"
    assert post(app, "google-ads-lead-form", google).status_code == 200
    for builder in ("tilda", "auto"):
        reply = post(app, builder, b"test=test", content_type="application/x-www-form-urlencoded")
        assert (reply.status_code, reply.json["id"]) == (200, "test")
    assert leads(app) == []


@pytest.mark.parametrize("builder", ["zapier", "auto", "tilda", "hubspot"])
@pytest.mark.parametrize("said", ["test", "foovalue"])
def test_tests__an_answer_called_test_is_an_answer(app, builder, said) -> None:
    reply = post(app, builder, {**ENQUIRY, "test": said})
    (lead,) = leads(app)
    assert lead.id == reply.json["id"]
    assert ("test", said) in [(answer.label, answer.text) for answer in lead.content.answers]


def test_tests__tildas_word_alone_is_kept_by_other_builders_hooks(app) -> None:
    post(app, "zapier", b"test=test", content_type="application/x-www-form-urlencoded")
    (lead,) = leads(app)
    assert (lead.state, [answer.text for answer in lead.content.answers]) == (LeadState.BLOCKED, ["test"])


def test_google__a_wrong_key_in_the_body_is_401_and_the_right_one_is_not_stored(app) -> None:
    google = json.loads((PAYLOADS / "google-ads-test.json").read_text()) | {"is_test": False}
    assert post(app, "google-ads-lead-form", google | {"google_key": "wrong"}).status_code == 401
    reply = post(app, "google-ads-lead-form", google | {"google_key": "the-secret"})
    assert reply.status_code == 200
    assert b"the-secret" not in app.extensions["leadcapture"].store.leads.body(reply.json["id"])[1]


def test_handshakes__are_answered_only_with_the_right_token(app) -> None:
    client = app.test_client()
    meta = "/hooks/contact/meta-lead-ads?hub.mode=subscribe&hub.challenge=4711&hub.verify_token="
    assert client.get(meta + "the-key").data == b"4711"
    assert client.get(meta + "wrong").status_code == 403
    linkedin = client.get("/hooks/contact/linkedin-lead-sync?key=the-key&challengeCode=abc").json
    assert linkedin["challengeResponse"] == hmac.new(b"the-secret", b"abc", hashlib.sha256).hexdigest()


def test_handshakes__with_a_wrong_key_are_refused(app) -> None:
    def asked(query):
        return app.test_client().get(f"/hooks/contact/linkedin-lead-sync?challengeCode=abc{query}").status_code

    assert [asked(query) for query in ("&key=wrong", "&key=the-key", "&key=", "")] == [403, 200, 200, 200]
    token = "hub.mode=subscribe&hub.challenge=4711&hub.verify_token=the-key"
    assert app.test_client().get(f"/hooks/contact/meta-lead-ads?{token}&key=wrong").status_code == 403


def test_ids_only__is_kept_as_blocked_with_the_reason(app) -> None:
    body = (PAYLOADS / "meta-lead-ads.json").read_bytes()
    assert post(app, "meta-lead-ads", body, content_type="application/json").status_code == 200
    found = leads(app)
    assert len(found) == 2 and all(lead.state is LeadState.BLOCKED and "ids only" in lead.reason for lead in found)


def test_explain_and_remap__show_and_mend_a_blocked_lead(app, tmp_path) -> None:
    lead_id = post(app, "zapier", {"Feld 7": "ann(at)example.com", "who": "Ann"}).json["id"]
    assert leads(app)[0].state is LeadState.BLOCKED
    runner = app.test_cli_runner()
    assert "Feld 7: ann(at)example.com" in runner.invoke(args=["leads", "explain", lead_id]).output
    refused = runner.invoke(args=["leads", "remap", lead_id])
    assert refused.exit_code == 1 and "still no valid e-mail address" in refused.output


def test_remap__uses_the_mended_map_and_delivers(app, tmp_path, sqlite_url) -> None:
    body = {"Feld 7": "ann@example.com", "Feld 8": "bea@example.com", "who": "Ann"}
    lead_id = post(app, "zapier", body).json["id"]
    mended = tmp_path / "mended.toml"
    mended.write_text(SAMPLES + HOOKS.replace('"Budget" =', '"Feld 8" = "coworker.Email", "Budget" ='))
    settings = {
        "SECRET_KEY": "a key of the tests, long enough",
        "DATABASE_URL": sqlite_url,
        "FORMS_FILE": str(mended),
        "HOOK_KEY": "the-key",
    }
    again = create_app(from_env(settings))
    result = again.test_cli_runner().invoke(args=["leads", "remap", lead_id])
    again.extensions["leadcapture"].store.close()
    assert result.exit_code == 0, result.output
    assert leads(app)[0].content.email == "bea@example.com"


def test_remap__reads_a_damaged_lead_from_what_arrived(app) -> None:
    sent = {"full_name": "Ann Other", "email": "ann@example.com", "message": "A desk, please.", "utm_source": "news"}
    lead_id = app.test_client().post("/f/contact", data=sent, headers={"Accept": "application/json"}).json["id"]
    store = app.extensions["leadcapture"].store
    with store.database.writing() as connection:
        connection.execute(update(tables.leads).values(content="spoilt"))
    assert store.leads.get(lead_id).content.damaged

    result = app.test_cli_runner().invoke(args=["leads", "remap", lead_id])

    assert result.exit_code == 0, result.output
    content = store.leads.get(lead_id).content
    assert (content.email, content.message) == ("ann@example.com", "A desk, please.")
    assert (content.mapped["coworker.FullName"], content.attribution.source) == ("Ann Other", "news")


def test_answer__takes_no_second_of_the_processor_even_for_a_large_hostile_body(app) -> None:
    body = json.dumps({f"k{n}": {"a": [str(n)] * 3} for n in range(900)} | {"email": "ann@example.com"}).encode()
    started = time.thread_time()  # what else runs on the machine does not count
    assert post(app, "auto", body, content_type="application/json").status_code == 200
    assert time.thread_time() - started < 1


@pytest.mark.parametrize("kind", ["application/xml", "application/json", "text/plain"])
def test_hooks__keep_each_body_that_can_not_be_read(app, kind):
    bodies = [b'{"broken %d' % number for number in range(3)]
    replies = [post(app, "zapier", body, content_type=kind) for body in bodies]
    assert [reply.status_code for reply in replies] == [200] * 3
    store = app.extensions["leadcapture"].store
    kept = [store.leads.body(reply.json["id"])[1] for reply in replies]
    assert kept == bodies


def test_hooks__a_batch_is_one_transaction_and_a_flood_is_one_lead(app):
    def people(number):
        return [{"email": f"p{n}@example.com", "name": "Ann", "message": f"Enquiry {n}"} for n in range(number)]

    store = app.extensions["leadcapture"].store
    post(app, "zapier", people(60))
    assert len(store.leads.find(Query(limit=500))) == 60
    reply = post(app, "zapier", people(300))
    assert reply.status_code == 200
    assert "300 enquiries came in one post" in store.leads.get(reply.json["id"]).reason
    assert len(store.leads.find(Query(limit=500))) == 61
