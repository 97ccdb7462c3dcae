"""Measures of leads: how soon they are answered, and what becomes of them."""

from collections import Counter

from bot.kpi.incidence import End, won_by
from bot.kpi.measures import store
from bot.kpi.measures.hours import AGREED
from bot.kpi.measures.look import Look, day_number
from bot.kpi.measures.model import Found, Out, Stretch


def response_time(look: Look, stretch: Stretch) -> list[Found]:
    """The working hours by which half of the leads have a first answer, those that wait still among them.

    The median of the share answered (Aalen-Johansen with one end), in working hours of the owner from created to first
    response; unanswered leads are cut off at what they have waited. Leave, weekends and public holidays do not count.
    Unit: working hours; lower is better. Period: leads created in 28 days up to the day. Source: leads.
    """
    waits, out = _waits(look, stretch)
    answered = sum(end is End.WON for _, end in waits)
    return [Found(won_by(waits).reaches(0.5), len(waits), left_out=out, k=answered)]


def response_inside(look: Look, stretch: Stretch) -> list[Found]:
    """The share of leads that was answered within the agreed working hours.

    answered in time / (answered + unanswered for longer than agreed). Agreed is the target of `response_time`, else 4.
    Working hours as in `response_time`. Unit: share (0..1); higher is better. Period: leads created in 28 days up to
    the day. Source: leads; those that are not answered and in time still are left out.
    """
    agreed = look.targets.of("response_time", stretch.last) or AGREED
    waits, out = _waits(look, stretch)
    yet = sum(end is End.OPEN and hours <= agreed for hours, end in waits)
    inside = sum(end is End.WON and hours <= agreed for hours, end in waits)
    n = len(waits) - yet
    left = out | ({Out.YET_IN_TIME: yet} if yet else {})
    return [Found(inside / n if n else None, n, left_out=left, k=inside)]


def _waits(look: Look, stretch: Stretch) -> tuple[list[tuple[float, End]], dict[str, int]]:
    """For how many working hours each lead waited for an answer, or waits."""
    return look.once(("waits", stretch), lambda: _measured(look, stretch))


def _measured(look: Look, stretch: Stretch) -> tuple[list[tuple[float, End]], dict[str, int]]:
    waits, out = [], Counter[str]()
    for row in look.between(store.leads, stretch):
        if not stretch.begins <= row.created < stretch.ends:
            continue
        owner = look.people.get(row.owner)
        if owner is None:
            out[Out.NOT_ON_ROSTER] += 1
            continue
        answered = row.first_response is not None and row.first_response <= stretch.ends
        if answered and row.first_response < row.created:
            out[Out.BACK_IN_TIME] += 1
            continue
        until = row.first_response if answered else stretch.ends
        waits.append((look.clocks.worked(owner, row.created, until), End.WON if answered else End.OPEN))
    return waits, dict(out)


def lead_conversion(look: Look, stretch: Stretch) -> list[Found]:
    """The share of leads that became a deal, all together and by source.

    leads whose deal had been created by the end of the period / leads. Unit: share (0..1); higher is better. Period:
    leads created in 91 days up to the day; the youngest have had little time, in every period alike. Source: leads,
    and when their deals were created.
    """
    came, became = Counter[str](), Counter[str]()
    last = day_number(stretch.last)
    for row in look.by_day(store.converted, stretch):
        came[row.source] += row.n
        if row.became is not None and row.became <= last:
            became[row.source] += row.n
    k, n = became.total(), came.total()
    whole = Found(k / n if n else None, n, k=k)
    return [whole, *(Found(became[s] / came[s], came[s], segment=f"source={s}", k=became[s]) for s in sorted(came))]
