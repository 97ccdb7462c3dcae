"""When a number deserves an alert: the state of one stream, week by week. Pure: values in, values out, no clock.

What the rules do to streams of a known nature: `python -m tests.bot.kpi.simulate`.
"""

from dataclasses import dataclass
from math import exp

from bot.kpi.baseline import Baseline, Closed
from bot.kpi.cusum import Cusum
from bot.kpi.statistics import Usual
from bot.kpi.stream import Judged, Period, Row, Rules, Ruling, State, Stream, Verdict
from bot.kpi.weeks import season


@dataclass(frozen=True, slots=True)
class Seen:
    """One week beside what is usual. `deviation` and `p` are None where nothing can be judged; `enough`: not one
    advancing would have been a surprise; `cusums`: with this week; `whatever`: what is usual in any season."""

    period: Period
    usual: Usual | None
    cusums: tuple[Cusum, ...]
    deviation: float | None = None
    p: float | None = None
    enough: bool = False
    whatever: Usual | None = None

    @property
    def chance(self) -> float:
        """How likely a usual stream looks this bad, by the week alone or, if less, by the weeks together: exp(-C)
        bounds the chance that the CUSUM of a log-likelihood ratio stands at C or above (Kingman 1964)."""
        week = self.p if self.p is not None and (self.deviation or 0) < 0 else 1.0
        return min([week, *(exp(-c.down) for c in self.cusums)])


class Watch:
    """One stream as far as it has been told: `look` at a week, then `tell` its state; then the next week."""

    def __init__(self, stream: Stream, rules: Rules) -> None:
        self._stream, self._rules = stream, rules
        self._unsaid = sorted(stream.rulings, key=lambda ruling: ruling.said)
        self._closed = Baseline()
        self._frozen: Baseline | None = None  # the weeks before the open alert; None while none is open
        self._delivered = True
        self._calm = 0
        self._cusums = self._fresh()

    def look(self, period: Period) -> Seen:
        """The week beside what is usual, with all that people had said by then."""
        while self._unsaid and self._unsaid[0].said <= period.week:
            self._take(self._unsaid.pop(0))
        at = season(period.week, self._rules.fiscal_start)
        before = self._frozen or self._closed
        usual = before.usual(at, self._rules.least)
        if usual is None or not period.complete or not period.n:
            return Seen(period, usual, self._cusums)
        return Seen(
            period,
            usual,
            tuple(cusum.after(period.k, period.n, usual) for cusum in self._cusums),
            period.k / period.n / usual.rate - 1 if usual.rate else None,
            usual.surprise(period.k, period.n),
            usual.surprise(0, period.n) <= self._rules.surprise,
            before.whatever() if self._stream.segment is not None else None,
        )

    def tell(self, seen: Seen, among_many: bool = True) -> Judged:
        """The state of the week just looked at. `among_many`: it stands out even beside all other segments."""
        judged = seen.p is not None
        deviation, surprising = seen.deviation or 0.0, seen.p is not None and seen.p <= self._rules.surprise
        by_week = among_many and surprising and deviation <= -self._rules.stray
        by_week = by_week and self._bears_out(seen, seen.period.k, seen.period.n)
        signals = [c for c in seen.cusums if judged and among_many and c.signals_down()]
        by_shifts = tuple(c.shift for c in signals if self._bears_out(seen, c.k, c.n))
        high = (surprising and deviation >= self._rules.stray) or any(judged and c.signals_up() for c in seen.cusums)
        was_open = self._frozen is not None
        self._cusums = tuple(c.set_back(bool(by_shifts), c.signals_up()) for c in seen.cusums)
        state = self._state(seen, by_week or bool(by_shifts))
        opened = state is State.ALERT and not was_open
        self._close_week(seen.period)
        return Judged(self._row(seen, state), seen.usual, opened, by_week, by_shifts, high)

    def _bears_out(self, seen: Seen, k: int, n: int) -> bool:
        """Segments are many and small: the decisions that speak for an alert, taken together, must surprise beside all
        weeks too, not only beside the few of one season, or by their order. A whole stage stands for itself."""
        return seen.whatever is None or seen.whatever.surprise(k, n) <= self._rules.surprise

    def _state(self, seen: Seen, alarming: bool) -> State:
        if not seen.period.complete:
            return State.STALE
        if not seen.period.n:
            return State.NO_DATA
        if seen.p is None:
            return State.INSUFFICIENT
        strays = seen.deviation is None or abs(seen.deviation) >= self._rules.stray
        if self._frozen is not None:
            return self._go_on(strays)
        if alarming:
            self._frozen = Baseline(self._closed.weeks)
            self._calm = 0
            self._delivered = seen.period.week not in self._stream.undelivered
            return State.ALERT
        if not seen.enough:
            return State.INSUFFICIENT
        return State.WATCH if strays else State.OK

    def _go_on(self, strays: bool) -> State:
        """The state while an alert is open, which ends with the last calm week."""
        self._calm = 0 if strays else self._calm + 1
        if self._calm < self._rules.calm:
            return State.ALERT
        self._frozen = None
        self._cusums = self._fresh()
        return State.RECOVERED if self._delivered else State.OK

    def _take(self, ruling: Ruling) -> None:
        def stays(week: Closed) -> bool:
            if ruling.verdict is Verdict.NEW_NORMAL:
                return week.week >= ruling.first
            return ruling.verdict is Verdict.FALSE_ALARM or not ruling.first <= week.week <= ruling.last

        self._closed = Baseline(filter(stays, self._closed.weeks))
        self._cusums = self._fresh()  # what they had summed up has just been explained
        anomaly = ruling.verdict is Verdict.ANOMALY
        self._frozen = Baseline(filter(stays, self._frozen.weeks)) if self._frozen and anomaly else None

    def _close_week(self, period: Period) -> None:
        if period.complete and period.n:
            self._closed.add(Closed(period.week, season(period.week, self._rules.fiscal_start), period.n, period.k))

    def _fresh(self) -> tuple[Cusum, ...]:
        return tuple(Cusum(shift) for shift in self._rules.shifts)

    def _row(self, seen: Seen, state: State) -> Row:
        period = seen.period
        return Row(
            self._stream.measure,
            self._stream.stage,
            self._stream.segment,
            period.week,
            period.n,
            period.k,
            period.k / period.n if period.n else None,
            seen.usual.rate if seen.usual else None,
            seen.deviation,
            seen.p,
            max(c.down / c.shift.h for c in seen.cusums),
            max(c.up / c.shift.h for c in seen.cusums),
            state,
        )
