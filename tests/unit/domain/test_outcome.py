"""How patient delivery is: delays, their bounds, and when a look-up may be believed."""

from datetime import timedelta
from random import Random

import pytest
from factories import NOW
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.outcome import given_up, look_again_in_seconds, probe_delay_seconds, retry_delay_seconds


class Middle(Random):
    """Chance that is never lucky."""

    def __init__(self, value=0.5):
        super().__init__(1)
        self._value = value

    def random(self):
        return self._value


@pytest.mark.parametrize(
    ("attempts", "base", "seconds"),
    [
        (0, 5.0, 5.0),
        (1, 5.0, 5.0),
        (2, 5.0, 10.0),
        (3, 5.0, 20.0),
        (10, 5.0, 2560.0),
        (11, 5.0, 3600.0),
        (10_000, 5.0, 3600.0),
        (4, 0.01, 0.08),
        (1, 3600.0, 3600.0),
    ],
)
def test_retry_delay__doubles_up_to_an_hour(attempts, base, seconds):
    assert retry_delay_seconds(attempts, base, Middle()) == pytest.approx(seconds)


@pytest.mark.parametrize(("chance", "factor"), [(0.0, 0.8), (0.25, 0.9), (1.0, 1.2)])
def test_retry_delay__a_fifth_of_jitter_to_both_sides(chance, factor):
    assert retry_delay_seconds(3, 5.0, Middle(chance)) == pytest.approx(20 * factor)
    assert retry_delay_seconds(99, 5.0, Middle(chance)) == pytest.approx(3600 * factor)


@given(st.integers(0, 10**6), st.floats(0.01, 3600), st.randoms(use_true_random=False))
def test_retry_delay__always_some_and_never_much_more_than_an_hour(attempts, base, random):
    assert 0.008 <= retry_delay_seconds(attempts, base, random) <= 1.2 * 3600


@pytest.mark.parametrize(
    ("age", "attempts", "expected"),
    [
        (timedelta(0), 99, False),
        (timedelta(days=30, seconds=-1), 99, False),
        (timedelta(days=30), 5, True),
        (timedelta(days=300), 99, True),
        (timedelta(days=30), 4, False),
        (timedelta(days=-1), 99, False),
    ],
)
def test_given_up__after_thirty_days_and_five_tries(age, attempts, expected):
    assert given_up(NOW, attempts, NOW + age) is expected


@pytest.mark.parametrize(
    ("looks", "since", "expected"),
    [
        (0, 2, 6.0),
        (0, 20, 6.0),
        (0, 86400, 6.0),
        (1, 8, 12.0),
        (1, 19.9, 12.0),
        (1, 20, None),
        (2, 19.9, 12.0),
        (2, 20, None),
        (9, 3, 12.0),
        (9, 86400, None),
        (1, -5, 12.0),
    ],
)
def test_look_again__until_it_was_looked_up_twice_and_late_enough(looks, since, expected):
    assert look_again_in_seconds(NOW, looks, NOW + timedelta(seconds=since)) == expected


@pytest.mark.parametrize(
    ("failures", "base", "seconds"),
    [
        (0, 5.0, 5.0),
        (3, 5.0, 5.0),
        (4, 5.0, 10.0),
        (5, 5.0, 20.0),
        (6, 5.0, 30.0),
        (10_000, 5.0, 30.0),
        (3, 0.01, 0.5),
        (4, 0.01, 1.0),
        (3, 3600.0, 5.0),
        (3, 1.0, 1.0),
    ],
)
def test_probe_delay__doubles_from_the_third_failure_to_half_a_minute(failures, base, seconds):
    assert probe_delay_seconds(failures, base) == pytest.approx(seconds)
