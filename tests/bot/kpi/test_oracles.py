"""The statistics beside scipy, statsmodels, lifelines and numpy, to 1e-9."""

from random import Random

import lifelines
import numpy as np
import pytest
from scipy import stats
from statsmodels.duration import survfunc
from statsmodels.stats import multitest

from bot.kpi.incidence import End, won_by
from bot.kpi.statistics import discoveries, mid_p, overdispersion, quantile, spread

pytestmark = pytest.mark.filterwarnings("ignore")  # the oracles' own
CODE = {End.OPEN: 0, End.WON: 1, End.LOST: 2}


@pytest.mark.parametrize("n", [1, 7, 24, 200, 800])
@pytest.mark.parametrize("mu", [0.05, 0.3, 0.6, 0.97])
@pytest.mark.parametrize("firmness", [2.0, 49.0, 900.0])
def test_mid_p_as_scipy_has_it(n: int, mu: float, firmness: float) -> None:
    a, b = mu * firmness, (1 - mu) * firmness
    masses = stats.betabinom.pmf(np.arange(n + 1), n, a, b)
    below = np.cumsum(masses) - masses / 2
    above = np.cumsum(masses[::-1])[::-1] - masses / 2
    ours = [mid_p(k, n, a, b) for k in range(n + 1)]
    np.testing.assert_allclose(ours, 2 * np.minimum(below, above), rtol=1e-9, atol=1e-300)


def test_discoveries_as_statsmodels_has_them() -> None:
    random = Random(5)
    for many in (1, 2, 7, 40, 200):
        p = [random.random() ** random.choice((1, 4)) for _ in range(many)]
        assert discoveries(p, 0.2) == multitest.multipletests(p, 0.2, "fdr_bh")[0].tolist()


def drawn(random: Random, many: int, whole_days: bool) -> list[tuple[float, End]]:
    days = [random.expovariate(1 / 60) for _ in range(many)]
    return [(float(int(day)) if whole_days else day, random.choice(list(End))) for day in days]


@pytest.mark.parametrize("many", [5, 80, 600])
@pytest.mark.parametrize("whole_days", [True, False])
def test_incidence_as_statsmodels_has_it(many: int, whole_days: bool) -> None:
    deals = drawn(Random(many), many, whole_days)
    theirs = survfunc.CumIncidenceRight(np.array([d for d, _ in deals]), np.array([CODE[e] for _, e in deals]))
    ours = won_by(deals)
    for day, share in zip(theirs.times, theirs.cinc[0], strict=True):
        assert ours.within(day) == pytest.approx(share, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("many", [5, 80, 600])
def test_incidence_as_lifelines_has_it(many: int) -> None:
    deals = drawn(Random(many), many, whole_days=False)  # lifelines would move days that several deals share
    fitted = lifelines.AalenJohansenFitter(calculate_variance=False).fit(
        [d for d, _ in deals], [CODE[e] for _, e in deals], event_of_interest=1
    )
    ours = won_by(deals)
    for day, share in fitted.cumulative_density_["CIF_1"].items():
        assert ours.within(day) == pytest.approx(share, rel=1e-9, abs=1e-12)


def test_quantiles_as_numpy_has_them() -> None:
    random = Random(3)
    for many in (1, 2, 9, 100):
        values = [random.gauss(0, 1) for _ in range(many)]
        for share in (0, 0.1, 0.5, 0.9, 1):
            assert quantile(values, share) == pytest.approx(float(np.quantile(values, share)), rel=1e-9, abs=1e-12)


def test_overdispersion_finds_what_scipy_drew() -> None:
    rng = np.random.default_rng(11)
    for rho in (0.01, 0.05, 0.2):
        n = rng.integers(40, 160, 4_000)
        k = stats.betabinom.rvs(n, 0.3 * (1 - rho) / rho, 0.7 * (1 - rho) / rho, random_state=rng)
        assert overdispersion([spread(list(zip(n.tolist(), k.tolist(), strict=True)))]) == pytest.approx(rho, rel=0.1)
