"""Streams of a known nature, and what the alerts make of them: false alarms where nothing changed, and how soon a
halved conversion is found. Beside it the bare rule, a week that strays 15% from its mean.

`python -m tests.bot.kpi.simulate` prints all of it (ten minutes of CPU);
`python -m tests.bot.kpi.simulate --tune` what each h of the large shift would do.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from statistics import mean

from bot.kpi.backtest import told
from bot.kpi.cusum import Shift
from bot.kpi.stream import SHIFTS, Judged, Period, Rules, State, Stream
from bot.kpi.weeks import season
from tests.bot.kpi.streams import WEEKS, opened

STRAY = Rules().stray
HISTORIES = (13, 26, 52, 104)  # weeks
LEAST_KNOWN = ((0.3, 24), (0.5, 16))  # the smallest streams in which a halved rate has to be found
YEAR, SOON = 52, 8  # weeks: over which false alarms are counted, within which a halved rate is to be found
SEASONS = {
    "none": (1.0, 1.0, 1.0),
    "quarter end +28%": (0.9, 0.95, 1.15),
    "quarter end +80%": (0.75, 0.9, 1.35),
    "quarter start -25%": (0.8, 1.1, 1.1),
}


@dataclass(frozen=True, slots=True)
class Nature:
    """`rate` of about `decisions` a week; `rho`: how alike those of one week are; `months`: what those of a quarter
    make of the rate; `history`: weeks before it counts."""

    rate: float
    decisions: int
    rho: float = 0.0
    months: Sequence[float] = (1.0, 1.0, 1.0)
    history: int = 52

    def drawn(self, random: Random, weeks: int, halved: bool = False) -> Stream:
        """Its history and so many weeks more, in which the rate may be half of what it was. It begins anywhere in a
        quarter."""
        begin = random.randrange(13)
        periods = []
        for at, week in enumerate(WEEKS[begin : begin + self.history + weeks]):
            rate = min(self.rate * self.months[season(week)], 0.98) * (0.5 if halved and at >= self.history else 1)
            if self.rho:
                firm = (1 - self.rho) / self.rho
                rate = random.betavariate(rate * firm, (1 - rate) * firm)
            n = max(1, round(random.gauss(self.decisions, self.decisions**0.5)))
            periods.append(Period(week, n, sum(random.random() < rate for _ in range(n))))
        return Stream("conversion", "stage", None, tuple(periods))


@dataclass(frozen=True, slots=True)
class Alarms:
    """A stage-year: alerts that opened, weeks in which one was open, weeks that the bare rule would have told of."""

    alerts: float
    open_weeks: float
    bare: float


def false_alarms(nature: Nature, runs: int, seed: int, rules: Rules | None = None) -> Alarms:
    random = Random(seed)
    counted: list[Judged] = []
    for _ in range(runs):
        counted += told([nature.drawn(random, YEAR)], rules)[nature.history :]
    open_weeks = sum(judged.row.state is State.ALERT for judged in counted)
    bare = sum(abs(judged.row.deviation or 0) >= STRAY for judged in counted)
    return Alarms(opened(counted) / runs, open_weeks / runs, bare / runs)


def found(nature: Nature, runs: int, seed: int, rules: Rules | None = None) -> tuple[float, float]:
    """The share of halved rates for which an alert stands within SOON weeks, and the weeks that took on average."""
    random = Random(seed)
    after = []
    for _ in range(runs):
        last = told([nature.drawn(random, SOON, halved=True)], rules)[nature.history :]
        after += [at for at, judged in enumerate(last, 1) if judged.row.state is State.ALERT][:1]
    return len(after) / runs, sum(after) / max(len(after), 1)


def stable(history: int) -> Iterable[tuple[str, float, list[Nature]]]:
    """By season and over-dispersion: the natures of which a false alarm is rare."""
    sizes = list(product((0.1, 0.2, 0.3, 0.45, 0.6), (20, 50, 100, 200)))
    for (name, months), rho in product(SEASONS.items(), (0.0, 0.01, 0.03)):
        yield name, rho, [Nature(p, n, rho, months, history) for p, n in sizes]


def show(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program to be run by hand


def report(runs: int) -> None:
    for history, (name, rho, natures) in ((h, group) for h in HISTORIES for group in stable(h)):
        of_each = [false_alarms(nature, runs // 10, seed=1) for nature in natures]
        worst = max(of_each, key=lambda alarms: alarms.alerts)
        show(
            f"{history:4} weeks before, {name:18} rho {rho:.2f}: {mean(a.alerts for a in of_each):.2f} alerts a "
            f"stage-year (at most {worst.alerts:.2f}), open for {mean(a.open_weeks for a in of_each):.1f} weeks; "
            f"the bare rule {mean(a.bare for a in of_each):.1f}"
        )
    for history, (p, n), rho, name in product(HISTORIES, LEAST_KNOWN, (0.0, 0.02), SEASONS):
        share, weeks = found(Nature(p, n, rho, SEASONS[name], history), runs, seed=2)
        show(f"{history:4} weeks before, {name:18} rho {rho:.2f}, {p} of {n}: {share:.3f} found, in {weeks:.1f} weeks")


def tune(runs: int) -> None:
    for h, history in product((2.5, 3.0, 3.5, 4.0, 4.5, 5.0), (26, 52)):
        rules = Rules(shifts=(SHIFTS[0], Shift(0.40, h)))
        kinds = product((0.1, 0.3, 0.6), (20, 60, 200), (0, 0.02))
        stable_ones = [Nature(p, n, rho, history=history) for p, n, rho in kinds]
        alerts = [false_alarms(nature, runs // 4, seed=1, rules=rules).alerts for nature in stable_ones]
        halved = [Nature(p, n, history=history) for p, n in LEAST_KNOWN]
        shares = ", ".join(f"{found(nature, runs, seed=2, rules=rules)[0]:.3f}" for nature in halved)
        show(
            f"h {h}, {history} weeks before: {mean(alerts):.2f} alerts a stage-year (at most {max(alerts):.2f}), "
            f"found {shares}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--tune", action="store_true")
    asked = parser.parse_args()
    tune(asked.runs) if asked.tune else report(asked.runs)
