"""One submission is one lead, however often it arrives."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from web_forms_site import ANN, open_site


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path) as site:
        yield site


def sent(site, answers=ANN, form="contact", **headers):
    answer = site.post(form, answers, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 200
    return answer.get_json()


def test_repeat__a_double_click_is_one_lead_and_one_answer(site):
    assert sent(site) == sent(site)
    assert len(site.leads()) == 1


def test_repeat__as_a_page_leads_to_the_same_place(site):
    first, second = site.submit(), site.submit()
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert len(site.leads()) == 1


def test_repeat__a_changed_answer_is_another_lead(site):
    assert sent(site)["id"] != sent(site, ANN | {"message": "Three desks, please."})["id"]


def test_repeat__the_same_answers_to_another_form_are_another_lead(site):
    answers = {"email": "ann@example.com"}
    assert sent(site, answers, "away")["id"] != sent(site, ANN)["id"]


def test_repeat__controls_do_not_make_another_lead(site):
    assert sent(site)["id"] == sent(site, ANN | {"_page_url": "https://www.example.com/x", "utm_source": "g"})["id"]


def test_repeat__ten_minutes_later_it_is_another_lead(site):
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as traveller:
        first = sent(site)["id"]
        traveller.shift(timedelta(minutes=9))
        assert sent(site)["id"] == first
        traveller.shift(timedelta(minutes=12))
        assert sent(site)["id"] != first


def test_submission_id__holds_for_ever_and_whatever_was_changed(site):
    keyed = ANN | {"_submission_id": "6f1c"}
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as traveller:
        first = sent(site, keyed)["id"]
        assert sent(site, keyed | {"message": "Changed"})["id"] == first
        traveller.shift(timedelta(days=2))
        assert sent(site, keyed)["id"] == first
    assert len(site.leads()) == 1


def test_submission_id__counts_to_its_last_character(site):
    first, second = ("k" * 600 + end for end in "ab")
    changed = ANN | {"message": "Changed"}
    by_field = [sent(site, one | {"_submission_id": key})["id"] for one, key in ((ANN, first), (changed, second))]
    by_header = [sent(site, ANN | {"message": end}, Idempotency_Key=f"h{first}{end}")["id"] for end in "xy"]
    assert len({*by_field, *by_header}) == 4
    assert sent(site, changed, Idempotency_Key=second)["id"] == by_field[1]


def test_submission_id__is_scoped_to_its_form(site):
    first = sent(site, ANN | {"_submission_id": "6f1c"})["id"]
    assert sent(site, {"email": "ann@example.com", "_submission_id": "6f1c"}, "away")["id"] != first


def test_idempotency_key__is_the_same_as_submission_id(site):
    first = sent(site, Idempotency_Key="k1")["id"]
    assert sent(site, ANN | {"message": "Changed"}, Idempotency_Key="k1")["id"] == first
    assert sent(site, ANN | {"message": "Changed"}, Idempotency_Key="k2")["id"] != first


def test_repeat__a_refused_post_may_be_mended_under_its_key(site):
    assert site.post(data=ANN | {"email": "ann@"}, headers={"Idempotency-Key": "k3"}).status_code == 422
    assert sent(site, Idempotency_Key="k3")["ok"] is True


def test_repeat__many_at_the_same_moment_are_one_lead(site):
    def once(_number):
        return site.client.application.test_client().post(
            "/f/contact", data=ANN, headers={"Accept": "application/json"}
        )

    with ThreadPoolExecutor(8) as pool:
        ids = {answer.get_json()["id"] for answer in pool.map(once, range(24))}
    assert len(ids) == len(site.leads()) == 1


def test_repeat__another_person_is_another_lead_wherever_the_address_stands(site):
    visitors = [{"_replyto": f"visitor{n}@example.com", "message": "Please send me the price list"} for n in range(3)]
    ids = [sent(site, visitor, "away")["id"] for visitor in visitors]
    assert len(set(ids)) == 3
    assert {lead.content.email for lead in site.leads()} == {visitor["_replyto"] for visitor in visitors}


def test_repeat__a_trapped_robot_takes_nobodys_place(site):
    robot = sent(site, ANN | {"_gotcha": "buy now"})["id"]
    person = sent(site)["id"]
    assert person != robot
    assert {lead.id: lead.state.value for lead in site.leads()} == {robot: "held", person: "received"}
