"""Measures of what stands at a moment: stalled deals, touch coverage, cover of the target, records, sources."""

from collections import Counter

from bot.crm.risk import limit
from bot.kpi.measures import store
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import DAY, Found, Out, Stretch

PARTS = ("basics", "history", "preferences")
KINDS = ("deals", "moves", "touches", "leads")


def stalled(look: Look, stretch: Stretch) -> list[Found]:
    """The share of open deals that have been in their stage for too long.

    deals whose age in their stage is above its limit (`bot.crm.risk.limit`) / open deals in stages with a limit. Unit:
    share (0..1); lower is better. As of the day. Source: deals, moves, stages.
    """
    limited = {number for number, stage in look.stages.items() if limit(stage) is not None}
    rows = look.at(store.open_deals, stretch)
    n, late = sum(row.n for row in rows if row.stage in limited), sum(row.late for row in rows)
    out = sum(row.n for row in rows) - n
    return [Found(late / n if n else None, n, left_out={Out.NO_LIMIT: out} if out else {}, k=late)]


def coverage(look: Look, stretch: Stretch) -> list[Found]:
    """The share of open deals that were touched as often as their stage wants.

    deals whose last touch, or their creation, is at most `touch_days` ago / open deals in stages with a rhythm. Unit:
    share (0..1); higher is better. As of the day. Source: deals, moves, touches, stages.
    """
    rhythmic = {number for number, stage in look.stages.items() if stage.touch_days is not None}
    rows = look.at(store.open_deals, stretch)
    n, touched = sum(row.n for row in rows if row.stage in rhythmic), sum(row.touched for row in rows)
    out = sum(row.n for row in rows) - n
    return [Found(touched / n if n else None, n, left_out={Out.NO_RHYTHM: out} if out else {}, k=touched)]


def cover(look: Look, stretch: Stretch) -> list[Found]:
    """How many times what was won and what is open would make the target.

    (amounts won in the target's period so far + amounts of open deals expected to close by its end) / target, in the
    currency in which most deals are; negative amounts take back. Unit: times the target; higher is better. As of the
    day. Source: deals, targets (`won`, the shortest period that the day lies in).
    """
    goal = look.targets.goal(stretch.last)
    if goal is None or goal.amount <= 0:
        return [Found(None, 0)]
    won_then = Stretch(goal.first, stretch.last, stretch.now)
    open_now = look.pipeline(stretch)
    ahead = [row for row in open_now if row.expected_close is None or row.expected_close <= goal.last]
    won = [row for row in look.by_day(store.closed, won_then) if row.status == "won"]
    net, n, out = Counter[str](), Counter[str](), Counter[str]()
    out[Out.LATER] = sum(row.n for row in open_now) - sum(row.n for row in ahead)
    for row in [*won, *ahead]:
        net[row.currency] += row.net
        n[row.currency] += row.told
        out[Out.NO_AMOUNT] += row.n - row.told
    if not n:
        return [Found(0.0, 0, left_out=dict(+out))]
    currency = max(n, key=lambda one: (n[one], one))
    out[Out.OTHER_CURRENCY] = n.total() - n[currency]
    return [Found(net[currency] / goal.amount, n[currency], currency=currency, left_out=dict(+out))]


def completeness(look: Look, stretch: Stretch) -> list[Found]:
    """How much of what a customer record should tell it tells.

    the mean of three shares of the accounts: those with basics (name, industry and region), those with a history (any
    touch), those with preferences (how they buy, or a contact); each of them beside it. Unit: share (0..1); higher is
    better. As of the day; of other days only what was noted on them is known. Source: accounts, touches.
    """
    row = store.records(look.db, look.workspace, look.scope, stretch.ends)
    if not row.n:
        return [Found(None, 0)]
    shares = {part: getattr(row, part) / row.n for part in PARTS}
    parts = [Found(shares[part], row.n, segment=f"part={part}", k=getattr(row, part)) for part in PARTS]
    return [Found(sum(shares.values()) / len(PARTS), row.n), *parts]


def freshness(look: Look, stretch: Stretch) -> list[Found]:
    """For how many days the CRM has told nothing of the kind that it told longest ago.

    the day's moment - when rows of a kind were last told; of deals, moves, touches and leads, as far as they ever were.
    Unit: days; lower is better. As of the day; of other days only what was noted on them is known. Source: imports.
    """
    ages = {kind: (stretch.ends - look.heard[kind]) / DAY for kind in KINDS if kind in look.heard}
    if not ages:
        return [Found(None, 0)]
    parts = [Found(max(age, 0.0), 1, segment=f"kind={kind}") for kind, age in ages.items()]
    return [Found(max(found.value or 0.0 for found in parts), len(parts)), *parts]
