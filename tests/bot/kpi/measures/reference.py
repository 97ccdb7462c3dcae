"""The measures once more, slowly, in plain Python over values: what the database's answers are held against."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from statistics import median

from bot.crm.model import Account, Deal, Lead, Move, Stage, Status, Touch, entered, stay
from bot.crm.risk import Standing, limit, stalled
from bot.kpi.incidence import End, won_by

DAY = timedelta(days=1)


@dataclass
class Picture:
    stages: list[Stage]
    accounts: list[Account] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    everybodys: list[Deal] = field(default_factory=list)

    def of(self, owners: frozenset[str] | None) -> "Picture":
        """The part of some owners: their deals with all that is about these, their accounts and leads."""
        if owners is None:
            return replace(self, everybodys=self.deals)
        deals = [d for d in self.deals if d.owner in owners]
        return Picture(
            self.stages,
            [a for a in self.accounts if a.owner in owners],
            deals,
            self.moves,
            self.touches,
            [lead for lead in self.leads if lead.owner in owners],
            self.deals,
        )

    def moves_of(self, deal: Deal) -> list[Move]:
        return [move for move in self.moves if move.deal == deal.key]


def closed(picture: Picture, now: datetime, days: int) -> list[Deal]:
    first = (now - (days - 1) * DAY).date()
    return [d for d in picture.deals if not d.open and d.closed and d.closed < now and d.closed.date() >= first]


def win_rate(picture: Picture, now: datetime) -> tuple[float | None, int]:
    ended = closed(picture, now, 28)
    return (sum(d.won for d in ended) / len(ended) if ended else None), len(ended)


def deal_size(picture: Picture, now: datetime) -> dict[str, tuple[float | None, int]]:
    won = [d for d in closed(picture, now, 28) if d.won]
    found = {}
    for currency in {d.currency for d in won}:
        sizes = [d.size for d in won if d.currency == currency and d.size is not None]
        found[currency] = (sum(sizes) / len(sizes) if sizes else None, len(sizes))
    return found


def lives(picture: Picture, now: datetime) -> list[tuple[float, End]]:
    today, found = now.date(), []
    for deal in picture.deals:
        born = deal.created.date()
        if not today - 364 * DAY <= born <= today or deal.created >= now:
            continue
        died = deal.closed.date() if not deal.open and deal.closed else None
        if died is None or died > today:
            found.append((float((today - born).days), End.OPEN))
        elif died >= born:
            found.append((float((died - born).days), End(deal.status.value)))
    return found


def dwell(picture: Picture, now: datetime) -> dict[str, tuple[float | None, int]]:
    first = (now - 27 * DAY).date()
    stays: dict[int, list[int]] = {}
    for deal in picture.deals:
        moves = picture.moves_of(deal)
        for left in moves:
            if (
                left.from_stage <= 0
                or left.from_stage == left.to_stage
                or not first <= left.at.date()
                or left.at >= now
            ):
                continue
            took = stay(deal, moves, left)
            stays.setdefault(left.from_stage, []).extend([] if took is None else [took // DAY])
    names = {stage.number: stage.name for stage in picture.stages}
    return {names[n]: (float(median(days)) if days else None, len(days)) for n, days in stays.items()}


def standings(picture: Picture, now: datetime) -> list[Standing]:
    numbers = {stage.number: stage for stage in picture.stages}
    found = []
    for deal in picture.deals:
        if deal.status is Status.OPEN and deal.stage in numbers:
            about = [t.at for t in picture.touches if t.deal == deal.key and t.at <= now]
            about += [t.at for t in picture.touches if not t.deal and t.account == deal.account and t.at <= now]
            since = entered(deal, picture.moves_of(deal), now)
            found.append(Standing(deal, numbers[deal.stage], "", since, max(about, default=None)))
    return found


def stalled_share(picture: Picture, now: datetime) -> tuple[float | None, int]:
    judged = [s for s in standings(picture, now) if limit(s.stage) is not None]
    return (sum(stalled(s, now) is not None for s in judged) / len(judged) if judged else None), len(judged)


def coverage(picture: Picture, now: datetime) -> tuple[float | None, int]:
    judged = [s for s in standings(picture, now) if s.stage.touch_days is not None]
    good = [s for s in judged if now - (s.touched or s.deal.created) <= (s.stage.touch_days or 0) * DAY]
    return (len(good) / len(judged) if judged else None), len(judged)


def lead_conversion(picture: Picture, now: datetime) -> tuple[float | None, int]:
    first, born = (now - 90 * DAY).date(), {deal.key: deal.created for deal in picture.everybodys}
    came = [lead for lead in picture.leads if first <= lead.created.date() and lead.created < now]
    became = [one for one in came if one.deal and born.get(one.deal, one.created).date() <= now.date()]
    return (len(became) / len(came) if came else None), len(came)


def completeness(picture: Picture, now: datetime, whole: Picture) -> tuple[float | None, int]:
    accounts = picture.accounts
    if not accounts:
        return None, 0
    of_deal = {deal.key: deal.account for deal in whole.deals}
    touched = {t.account for t in whole.touches if not t.deal and t.at <= now}
    touched |= {of_deal[t.deal] for t in whole.touches if t.deal in of_deal and t.at <= now}
    basics = sum(bool(a.name and a.industry and a.region) for a in accounts)
    history = sum(a.key in touched for a in accounts)
    preferences = sum(bool(a.purchase_preference or a.contact) for a in accounts)
    return (basics + history + preferences) / 3 / len(accounts), len(accounts)


def cycle(picture: Picture, now: datetime) -> tuple[float | None, float | None, int]:
    told = lives(picture, now)
    found = won_by(told)
    return found.median(), (found.within(90) if told else None), len(told)


def conversion(picture: Picture, first: date) -> dict[str, tuple[int, int]]:
    """Exits and conversions by stage in the week that begins on a Monday."""
    places = {stage.number: stage.position for stage in picture.stages}
    names = {stage.number: stage.name for stage in picture.stages}
    keys, found = {deal.key for deal in picture.deals}, dict[str, tuple[int, int]]()
    for move in picture.moves:
        left, to = move.from_stage, move.to_stage
        if left <= 0 or left == to or move.deal not in keys or not first <= move.at.date() < first + 7 * DAY:
            continue
        advanced = to == -1 or (to > 0 and (places[to] or 0) > (places[left] or 0))
        n, k = found.get(names[left], (0, 0))
        found[names[left]] = (n + 1, k + advanced)
    return found
