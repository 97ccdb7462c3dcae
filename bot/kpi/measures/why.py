"""How a number came about: it is taken once more, by the same function, from the rows that are stored."""

from collections import Counter
from datetime import date

from bot.kpi.measures import numbers as counted
from bot.kpi.measures import store
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import Measure, Out, Source, Why
from bot.kpi.model import Number


def why(look: Look, measure: Measure, day: date, shown: list[Number]) -> Why:
    """`look`: one that has asked nothing yet. `shown`: the numbers as they are told elsewhere."""
    again = counted.numbers(look, measure, day)
    stretch = measure.stretch(day, look.now)
    out = Counter[Out]()
    for number in again:
        out.update({Out(reason): n for reason, n in number.left_out.items()})
    if "moves" in measure.sources:
        out.update({Out(reason): n for reason, n in store.moves_left_out(look.db, look.workspace, look.scope, stretch)})
    whole = [number for number in again if not number.segment]
    return Why(
        measure,
        look.scope.team,
        stretch,
        measure.period(day),
        tuple(again),
        tuple(shown),
        sum(number.n for number in whole),
        {reason: n for reason, n in out.items() if n},
        tuple(Source(kind, look.heard.get(kind)) for kind in measure.sources),
        store.generation(look.db, look.workspace),
    )
