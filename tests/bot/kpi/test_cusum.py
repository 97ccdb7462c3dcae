"""Small shifts, summed up over weeks."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kpi.cusum import Cusum, Shift, term
from bot.kpi.statistics import Usual

SHIFT = Shift(0.15, 4.5)
weeks = st.lists(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=40)
rates = st.floats(0.0, 1.0)


def usual(rate: float, rho: float = 0.0) -> Usual:
    return Usual(rate, rho, decisions=1_000, weeks=20)


def test_a_term_is_the_logarithm_of_the_likelihood_ratio() -> None:
    by_hand = 10 * log(0.255 / 0.3) + 30 * log(0.745 / 0.7)
    assert term(10, 40, usual(0.3), -0.15) == pytest.approx(by_hand)
    assert term(10, 40, usual(0.3, rho=0.02), -0.15) == pytest.approx(by_hand / (1 + 39 * 0.02))


@pytest.mark.parametrize(("rate", "shift"), [(0.3, -0.15), (0.3, 0.4), (0.05, -0.4), (0.6, 0.15), (0.7, 0.4)])
def test_a_usual_rate_speaks_against_a_shift_and_the_shifted_rate_for_it(rate: float, shift: float) -> None:
    assert term(round(1_000 * rate), 1_000, usual(rate), shift) < 0
    assert term(round(1_000 * min(rate * (1 + shift), (1 + rate) / 2)), 1_000, usual(rate), shift) > 0


@given(weeks, rates, st.floats(0, 0.5))
def test_it_is_never_below_nothing_and_always_a_number(drawn: list[tuple[int, int]], rate: float, rho: float) -> None:
    cusum = Cusum(SHIFT)
    for k, n in drawn:
        cusum = cusum.after(k, n, usual(rate, rho))
        assert 0 <= cusum.down < 1e6
        assert 0 <= cusum.up < 1e6


@given(weeks)
def test_it_is_the_highest_sum_of_the_last_weeks(drawn: list[tuple[int, int]]) -> None:
    cusum, terms = Cusum(SHIFT), [0.0]
    for k, n in drawn:
        cusum = cusum.after(k, n, usual(0.3))
        terms.append(term(k, n, usual(0.3), -0.15))
        sums = [sum(terms[start:]) for start in range(1, len(terms) + 1)]
        assert cusum.down == pytest.approx(max(sums), abs=1e-9)


def test_each_direction_signals_and_is_set_back_by_itself() -> None:
    low, high = Cusum(SHIFT).after(0, 99, usual(0.3)), Cusum(SHIFT).after(99, 99, usual(0.3))
    assert (low.signals_down(), low.signals_up(), high.signals_down(), high.signals_up()) == (True, False, False, True)
    assert low.set_back(down=True, up=False) == Cusum(SHIFT)
    assert high.set_back(down=True, up=False) == high
