"""A connection that a refused sign-in has stopped goes on by itself when Nexudus takes the sign-in again."""

from functools import partial

import pytest
from factories import Clock, make_connection

from leadcapture.bootstrap import open_account, sign_in_again
from leadcapture.delivery.second_chance import SecondChance

REFUSED = "Nexudus refused our sign-in"


class Stage:
    """A stopped connection, the workers that look after it, and a clock."""

    def __init__(self, stores, sandbox, clock, **changes):
        self.store, self.sandbox, self.clock = stores[0], sandbox, clock
        connection = make_connection(url=sandbox.url, **changes)
        self.store.connections.ensure("main")
        self.store.connections.stop("main", REFUSED)
        self.chances = [
            SecondChance(store, "main", partial(sign_in_again, store, connection), clock) for store in stores
        ]

    @property
    def stopped(self):
        return self.store.connections.state("main").stopped_reason

    def tried(self):
        return self.sandbox.world.calls_of("POST", "/api/token")

    def minutes_of_tries(self, minutes):
        """Let time pass; return after how many minutes Nexudus was asked for a sign-in."""
        found, before = [], self.tried()
        for minute in range(minutes + 1):
            for chance in self.chances:
                chance.look()
            if (now := self.tried()) > before:
                found += [minute] * (now - before)
                before = now
            self.clock.advance(minutes=1)
        return found


@pytest.fixture
def make_stage(database_url, make_store, sandbox):
    def make(workers=1, **changes):
        clock = Clock()
        return Stage([make_store(database_url, clock=clock) for _ in range(workers)], sandbox, clock, **changes)

    return make


@pytest.mark.parametrize("workers", [1, 2])
def test_second_chance__is_tried_seldom_while_nexudus_refuses(make_stage, workers):
    stage = make_stage(workers)
    stage.sandbox.switches.set(refuse_sign_in=True)
    assert stage.minutes_of_tries(160) == [30, 90, 150]
    assert stage.stopped == REFUSED


def test_second_chance__lets_delivery_go_on_when_nexudus_takes_the_sign_in(make_stage):
    stage = make_stage()
    stage.sandbox.switches.set(refuse_sign_in=True)
    stage.minutes_of_tries(40)
    stage.sandbox.switches.set(refuse_sign_in=False)
    assert stage.minutes_of_tries(200) == [49]
    assert stage.stopped == ""


def test_second_chance__waits_anew_after_a_person_has_acted(make_stage):
    stage = make_stage()
    stage.sandbox.switches.set(refuse_sign_in=True)
    stage.minutes_of_tries(20)
    stage.store.connections.resume("main")
    assert stage.minutes_of_tries(60) == []
    stage.store.connections.stop("main", REFUSED)
    assert stage.minutes_of_tries(31) == [30]


def test_second_chance__renews_where_a_person_has_signed_in(make_stage):
    stage = make_stage(password=None)
    with open_account(stage.store, make_connection(url=stage.sandbox.url)) as account:
        account.who_am_i()
    stage.sandbox.switches.merge({"expire_tokens": True, "refuse_sign_in": True})
    assert stage.minutes_of_tries(100) == [30]
    assert stage.stopped == ""


@pytest.mark.parametrize("way", [{"password": None}, {"token": "given"}], ids=["nothing", "a fixed token"])
def test_second_chance__asks_nothing_where_nothing_can_sign_in(make_stage, way):
    stage = make_stage(**way)
    stage.minutes_of_tries(200)
    assert stage.sandbox.world.calls == []
    assert stage.stopped == REFUSED


def test_second_chance__stays_quiet_when_nexudus_is_away(make_stage):
    stage = make_stage()
    stage.sandbox.switches.set(down="503")
    stage.minutes_of_tries(40)
    assert stage.stopped == REFUSED
