"""All measures: a function and a line each."""

from collections.abc import Callable, Mapping

from bot.kpi.measures import deals, leads, pipeline
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import Found, Measure, Stretch
from bot.kpi.model import Better, Unit
from prompts import N_

# fmt: off
MEASURES: Mapping[str, Measure] = {m.name: m for m in (
    Measure("conversion", N_("Conversion"),
            N_("deals that advanced / deals that left the stage, in a closed week"),
            Unit.SHARE, Better.UP, ("moves", "deals"), weekly=True, window=7),
    Measure("response_time", N_("Follow-up response time"),
            N_("working hours by which half of the leads of 28 days have a first answer; those that wait count too"),
            Unit.HOURS, Better.DOWN, ("leads",), window=28, least=5),
    Measure("response_inside", N_("Answered in time"),
            N_("leads answered within the agreed working hours / leads answered or overdue, of 28 days"),
            Unit.SHARE, Better.UP, ("leads",), window=28, least=10),
    Measure("win_cycle", N_("Win cycle"),
            N_("days by which half of the deals are won that ever will be; open deals count as open (Aalen-Johansen)"),
            Unit.DAYS, Better.DOWN, ("deals",), window=365, least=20),
    Measure("won_in_90", N_("Won within 90 days"),
            N_("share of deals won within 90 days of being created; open deals count as open (Aalen-Johansen)"),
            Unit.SHARE, Better.UP, ("deals",), window=365, least=20),
    Measure("win_rate", N_("Win rate"),
            N_("won / (won + lost), of deals that closed in 28 days"),
            Unit.SHARE, Better.UP, ("deals",), window=28, least=10),
    Measure("deal_size", N_("Average deal size"),
            N_("sum of the amounts of won deals / their number, by currency, of 28 days"),
            Unit.MONEY, Better.UP, ("deals",), window=28, least=5),
    Measure("dwell", N_("Time in stage"),
            N_("median of the days that deals which left the stage in 28 days had been in it"),
            Unit.DAYS, Better.DOWN, ("moves", "deals"), window=28, least=5),
    Measure("stalled", N_("Stalled deals"),
            N_("open deals longer in their stage than nine in ten that advanced / open deals"),
            Unit.SHARE, Better.DOWN, ("deals", "moves"), least=5),
    Measure("cover", N_("Pipeline cover"),
            N_("(amounts won in the target's period + open deals expected by its end) / target"),
            Unit.TIMES, Better.UP, ("deals", "targets")),
    Measure("lead_conversion", N_("Lead conversion"),
            N_("leads that became a deal / leads, of those that came in 91 days"),
            Unit.SHARE, Better.UP, ("leads", "deals"), window=91, least=10),
    Measure("coverage", N_("Touch coverage"),
            N_("open deals touched as often as their stage wants / open deals"),
            Unit.SHARE, Better.UP, ("touches", "deals", "moves"), least=5),
    Measure("completeness", N_("Completeness of records"),
            N_("mean of the shares of customers with basics, with a history and with preferences"),
            Unit.SHARE, Better.UP, ("accounts", "touches"), replays=False, least=5),
    Measure("freshness", N_("Age of the data"),
            N_("days since the kind of rows was told that was told longest ago"),
            Unit.DAYS, Better.DOWN, ("deals", "moves", "touches", "leads"), replays=False),
)}

FUNCTIONS: Mapping[str, Callable[[Look, Stretch], list[Found]]] = {
    "conversion": deals.conversion,
    "response_time": leads.response_time,
    "response_inside": leads.response_inside,
    "win_cycle": deals.win_cycle,
    "won_in_90": deals.won_in_90,
    "win_rate": deals.win_rate,
    "deal_size": deals.deal_size,
    "dwell": deals.dwell,
    "stalled": pipeline.stalled,
    "cover": pipeline.cover,
    "lead_conversion": leads.lead_conversion,
    "coverage": pipeline.coverage,
    "completeness": pipeline.completeness,
    "freshness": pipeline.freshness,
}
# fmt: on
