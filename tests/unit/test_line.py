"""When a line is too long for too long, by a clock of the test."""

import pytest

from leadcapture.overload import LATE_SECONDS, OVER_SECONDS, STANDING_SECONDS, TOO_LATE_SECONDS, Line


class Desk:
    """A line with a clock: requests come at a rate and are taken up at another."""

    def __init__(self) -> None:
        self.line, self.now, self.places = Line(), 100.0, []
        self.refused, self.waits, self.told = 0, [], []

    def come(self) -> None:
        if self.line.is_full(self.now):
            self.refused += 1
        else:
            self.places.append(self.line.join(self.now))

    def take_up(self) -> None:
        while self.places:
            place = self.places.pop(0)
            waited = self.now - place[0]
            self.told.append(waited if self.line.take_up(place, waited, self.now) else 0)
            if self.told[-1] < TOO_LATE_SECONDS:
                self.waits.append(self.now - place[0])
                break

    def run(self, seconds: float, come: int, taken: int) -> None:
        """Pass time in steps of 10 ms, in each of which so many come and are taken up."""
        for _ in range(round(seconds * 100)):
            self.now += 0.01
            for _ in range(come):
                self.come()
            for _ in range(taken):
                self.take_up()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_line__what_the_machine_can_take_is_never_refused(desk) -> None:
    desk.run(20, come=2, taken=2)
    assert desk.refused == 0 and not any(desk.told)


def test_line__one_burst_is_served(desk) -> None:
    for _ in range(100):
        desk.come()
    desk.run(2, come=1, taken=3)
    assert desk.refused == 0 and not any(desk.told) and max(desk.waits) > LATE_SECONDS


def test_line__what_piled_up_while_the_process_stood_still_is_served(desk) -> None:
    for _ in range(60):
        desk.come()
    desk.now += 30
    desk.run(1, come=1, taken=3)
    assert desk.refused == 0 and not any(desk.told)


def test_line__in_overload_most_are_refused_and_the_others_wait_little(desk) -> None:
    desk.run(3, come=10, taken=1)
    desk.waits.clear()
    desk.run(10, come=10, taken=1)
    assert desk.refused > 8000
    assert len(desk.waits) == 1000, "the machine is never idle"
    assert max(desk.waits) < 1.5 * LATE_SECONDS


def test_line__in_overload_who_came_too_late_is_known(desk) -> None:
    for _ in range(1000):
        desk.come()
    desk.run(2, come=0, taken=1)
    late = [waited for waited in desk.told if waited]
    assert late and min(late) >= LATE_SECONDS + STANDING_SECONDS - 0.02


def test_line__overload_ends(desk) -> None:
    desk.run(3, come=10, taken=1)
    desk.run(1 + OVER_SECONDS, come=1, taken=2)
    desk.refused = 0
    desk.run(10, come=1, taken=2)
    for _ in range(50):
        desk.come()
    assert desk.refused == 0


def test_line__nobody_takes_up_newcomers_are_refused(desk) -> None:
    desk.run(5, come=1, taken=0)
    assert desk.refused > 350


def test_line__answers_that_wait_for_the_disk_count(desk) -> None:
    """The threads are free, since who waits for the disk keeps none; but the disk does not come."""
    for _ in range(200):
        desk.now += 0.01
        desk.come()
        if desk.places:
            place = desk.places.pop()
            desk.line.take_up(place, 0, desk.now)
            desk.line.hold(place)
    assert desk.refused > 100


def test_line__answers_that_come_soon_are_no_overload(desk) -> None:
    held = []
    for step in range(2000):
        desk.now += 0.01
        desk.come()
        place = desk.places.pop()
        desk.line.take_up(place, 0, desk.now)
        desk.line.hold(place)
        held.append(place)
        if step % 10 == 9:
            for place in held:
                desk.line.answer(place, desk.now)
            held.clear()
    assert desk.refused == 0
