"""The statistics against exact fractions, against their own definitions, and where there is nothing to count."""

from fractions import Fraction
from math import comb, isclose, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kpi.statistics import (
    Usual,
    discoveries,
    least_decisions,
    mid_p,
    more_decisions,
    overdispersion,
    quantile,
    spread,
    winsorised,
)

parameters = st.fractions(Fraction(1, 50), 2_000_000, max_denominator=50)
rates = st.floats(0.02, 0.98)


def rising(x: Fraction, times: int) -> Fraction:
    return prod((x + i for i in range(times)), start=Fraction(1))


def exact(k: int, n: int, a: Fraction, b: Fraction) -> Fraction:
    """The two-sided mid-p, in fractions, straight from its definition."""
    mass = [comb(n, j) * rising(a, j) * rising(b, n - j) / rising(a + b, n) for j in range(n + 1)]
    assert sum(mass) == 1
    return 2 * min(sum(mass[:k]) + mass[k] / 2, sum(mass[k + 1 :]) + mass[k] / 2)


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), parameters, parameters)
def test_mid_p_is_that_of_exact_fractions(counts: tuple[int, int], a: Fraction, b: Fraction) -> None:
    assert isclose(mid_p(*counts, float(a), float(b)), exact(*counts, a, b), rel_tol=1e-9)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), rates, st.floats(0.5, 1e7))
def test_mid_p_is_a_chance_and_the_same_seen_from_the_other_side(
    counts: tuple[int, int], mu: float, firmness: float
) -> None:
    k, n = counts
    p = mid_p(k, n, mu * firmness, (1 - mu) * firmness)
    assert 0 <= p <= 1
    assert isclose(p, mid_p(n - k, n, (1 - mu) * firmness, mu * firmness), rel_tol=1e-9)


def test_mid_p_of_thousands_of_decisions_stays_in_range() -> None:
    assert 0 < mid_p(1_400, 5_000, 0.3 * 4_000, 0.7 * 4_000) < 1
    assert mid_p(0, 5_000, 3_000.0, 7_000.0) < 1e-300


@given(st.lists(st.tuples(st.integers(1, 300), rates), min_size=2, max_size=60))
def test_overdispersion_is_the_formula_for_one_season(drawn: list[tuple[int, float]]) -> None:
    weeks = [(n, round(n * rate)) for n, rate in drawn]
    total, mu = sum(n for n, _ in weeks), sum(k for _, k in weeks) / sum(n for n, _ in weeks)
    below = total - sum(n * n for n, _ in weeks) / total - (len(weeks) - 1)
    if not 0 < mu < 1 or below <= 1e-9:
        assert overdispersion([spread(weeks)]) == 0
        return
    squares = sum(n * (k / n - mu) ** 2 for n, k in weeks)
    rho = (squares / (mu * (1 - mu)) - (len(weeks) - 1)) / below
    assert isclose(overdispersion([spread(weeks)]), min(max(rho, 0), 0.99), rel_tol=1e-9, abs_tol=1e-9)


def test_seasons_that_differ_are_no_overdispersion() -> None:
    low, high = [(100, 30), (100, 31), (100, 29)] * 3, [(100, 60), (100, 59), (100, 61)] * 3
    assert overdispersion([spread(low), spread(high)]) == 0
    assert overdispersion([spread(low + high)]) > 0.08


def test_a_freak_week_hardly_changes_what_is_usual() -> None:
    plain = [(40, k) for k in (12, 10, 14, 12, 11, 13, 12, 12)]
    drawn = winsorised([*plain, (400, 0)])
    assert drawn[:-1] == plain
    bare = spread([*plain, (400, 0)])
    assert spread(drawn).rate == pytest.approx(0.25, abs=0.03)
    assert bare.rate < 0.14
    assert overdispersion([spread(drawn)]) < overdispersion([bare]) / 5


@given(st.lists(st.tuples(st.integers(1, 300), st.floats(0, 1)), min_size=1, max_size=40))
def test_drawing_in_keeps_the_decisions_and_stays_between_none_and_all(drawn: list[tuple[int, float]]) -> None:
    weeks = [(n, round(n * rate)) for n, rate in drawn]
    after = winsorised(weeks)
    assert [n for n, _ in after] == [n for n, _ in weeks]
    assert all(-1e-9 <= k <= n + 1e-9 for n, k in after)


def test_what_chance_would_make_of_few_months_is_no_overdispersion() -> None:
    a_little, much = spread([(100, 31), (100, 28), (100, 25)]), spread([(100, 80), (100, 50)])
    assert overdispersion([a_little]) == 0
    assert overdispersion([much], doubt=1) == pytest.approx(overdispersion([much]), rel=0.15)
    same = [(100, 30), (100, 22)]
    assert overdispersion([spread(same)]) > 0 == overdispersion([spread(same)], doubt=1)


def test_a_rate_wanders_more_where_whole_months_are_off() -> None:
    plain, seasonal = Usual(0.3, 0.01, 400, 12), Usual(0.3, 0.01, 400, 12, rho_months=0.05)
    assert plain.wander(1) == 1
    assert plain.wander(41) == pytest.approx(1.4)
    assert seasonal.wander(41) == pytest.approx(1 + (41 * 52 / 12 - 1) * 0.05)
    assert seasonal.firmness < plain.firmness


def usual(rate: float, rho: float = 0.0, decisions: int = 1_000) -> Usual:
    return Usual(rate, rho, decisions, weeks=20)


def test_firmness_without_overdispersion_is_what_was_counted() -> None:
    assert usual(0.3).firmness == pytest.approx(1_001)
    assert usual(0.3, rho=0.02).firmness == pytest.approx(1 / (1 / 49 + 1 / 1_001))


@pytest.mark.parametrize(("rate", "rho"), [(0.1, 0), (0.3, 0), (0.3, 0.02), (0.6, 0), (0.9, 0), (0.5, 0.05)])
def test_the_least_decisions_are_the_fewest_that_could_surprise(rate: float, rho: float) -> None:
    least = least_decisions(usual(rate, rho), 0.01)
    assert least is not None
    assert usual(rate, rho).surprise(0, least) <= 0.01 < usual(rate, rho).surprise(0, least - 1)


def test_no_number_of_decisions_settles_a_rate_that_wanders() -> None:
    assert least_decisions(usual(0.1, rho=0.4), 0.01) is None
    assert more_decisions(2, 10, usual(0.3, rho=0.1), 0.01) is None


@pytest.mark.parametrize(
    ("k", "n", "rate", "more"), [(0, 20, 0.3, 0), (30, 100, 0.3, None), (3, 20, 0.3, 39), (12, 20, 0.4, 25)]
)
def test_how_many_more_decisions_would_settle_it(k: int, n: int, rate: float, more: int | None) -> None:
    assert more_decisions(k, n, usual(rate, decisions=100_000), 0.01) == more


@given(st.integers(5, 60), st.floats(0, 1), st.floats(0.1, 0.9))
def test_that_many_more_at_the_same_rate_do_settle_it(n: int, rate: float, mu: float) -> None:
    k = round(n * rate)
    more = more_decisions(k, n, usual(mu, decisions=5_000), 0.01)
    if more is not None and more > 0:
        exact_k = k * (n + more) / n
        assert usual(mu, decisions=5_000).surprise(round(exact_k), n + more) <= 0.02
        assert usual(mu, decisions=5_000).surprise(k, n) > 0.01


@pytest.mark.parametrize(
    ("p", "found"),
    [
        ([], []),
        ([0.2], [True]),
        ([0.21], [False]),
        ([0.001, 0.3, 0.9, 0.5], [True, False, False, False]),
        ([0.09, 0.1, 0.15, 0.2], [True, True, True, True]),  # the last stands, and so do those before it
        ([0.01] + [0.6] * 99, [False] + [False] * 99),
        ([0.001] + [0.6] * 99, [True] + [False] * 99),
    ],
)
def test_discoveries_among_many(p: list[float], found: list[bool]) -> None:
    assert discoveries(p, 0.2) == found


@pytest.mark.parametrize(
    ("values", "share", "value"),
    [([7], 0.9, 7), ([1, 2, 3, 4], 0.5, 2.5), ([4, 1, 3, 2], 0, 1), ([4, 1, 3, 2], 1, 4), ([0, 10], 0.9, 9)],
)
def test_quantiles(values: list[float], share: float, value: float) -> None:
    assert quantile(values, share) == pytest.approx(value)
