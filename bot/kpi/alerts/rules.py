"""When a daily measure deserves an alert. Pure: numbers in, facts out.

A share alerts as a week's conversion does: 15% off its usual in the bad direction, and too far off for chance. Cover
alerts when the target is out of reach even if every open deal is won in time; a source when it has been silent for too
long.
"""

from collections.abc import Callable, Mapping

from bot.kpi.alerts.model import Facts, Rule
from bot.kpi.model import Better, Number
from bot.kpi.statistics import Usual
from bot.kpi.stream import Rules

RULES = Rules()
HELD_AGAINST = 13  # earlier periods that make the usual of a daily measure
ALIKE = 0.01  # how alike two rows of one day are: over-dispersion that is always reckoned with
SILENT = 3.0  # days
OUT_OF_REACH = 1.0  # times the target


def share(number: Number) -> Facts | None:
    """A share that is surprisingly bad."""
    if number.value is None or not number.usual or number.change is None or number.n == 0:
        return None
    bad = number.change if number.better is Better.DOWN else -number.change
    k = round(number.value * number.n)
    usual = Usual(number.usual, ALIKE, number.n * HELD_AGAINST, HELD_AGAINST)
    chance = usual.surprise(k, number.n)
    if bad < RULES.stray or chance > RULES.surprise:
        return None
    return Facts(number.period, number.value, number.usual, number.n, k, number.change, chance)


def cover(number: Number) -> Facts | None:
    if number.value is None or number.value >= OUT_OF_REACH:
        return None
    return Facts(number.period, number.value, OUT_OF_REACH, number.n, change=number.value - OUT_OF_REACH)


def silent(number: Number) -> Facts | None:
    if number.value is None or number.value <= SILENT:
        return None
    return Facts(number.period, number.value, None, number.n)


DAILY: Mapping[Rule, Callable[[Number], Facts | None]] = {
    Rule.STALLED: share,
    Rule.RESPONSE: share,
    Rule.TARGET: cover,
    Rule.RECORDS: share,
    Rule.SOURCE: silent,
}


def strays(rule: Rule, number: Number) -> bool:
    """Whether an open alert of this rule goes on: the number has not come back, evidence or none."""
    if rule in (Rule.TARGET, Rule.SOURCE):
        return DAILY[rule](number) is not None
    bad = (number.change or 0.0) * (1 if number.better is Better.DOWN else -1)
    return number.value is not None and bad >= RULES.stray


def facts_of(rule: Rule, number: Number) -> Facts:
    """What there is to say of it now, straying or not."""
    found = DAILY[rule](number)
    k = round((number.value or 0.0) * number.n)
    return found or Facts(number.period, number.value, number.usual, number.n, k, number.change)
