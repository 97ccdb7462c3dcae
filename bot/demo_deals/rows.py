"""The rows of each file, deal by deal, so that no size of CRM is ever held as a whole."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.demo_deals import words
from bot.demo_deals.clock import Clock
from bot.demo_deals.faults import FAULTS
from bot.demo_deals.funnel import FUNNEL, MANY, Funnel, Path, lognormal
from bot.demo_deals.plan import Plan, Seller, Story

HEADS = {
    "stages": ("stage", "position", "exit_criteria", "stall_days", "touch_days"),
    "accounts": (
        *("account", "name", "industry", "region", "tier", "owner", "contact", "contact_title"),
        "purchase_preference",
    ),
    "deals": (
        *("deal", "name", "account", "owner", "product_line", "amount", "currency", "stage", "status", "source"),
        *("created", "expected_close", "closed", "next_step", "next_step_on"),
    ),
    "moves": ("deal", "from_stage", "to_stage", "at"),
    "touches": ("deal", "account", "owner", "kind", "direction", "at", "note"),
    "leads": ("lead", "source", "owner", "created", "first_response", "deal", "status"),
    "targets": ("team", "owner", "period", "measure", "target"),
}
PRODUCTS = ("Analytics", "Sensors", "Service Desk")
_RATES = {"CNY": 7.0, "INR": 80.0, "USD": 1.1, "NGN": 1500.0, "BRL": 5.5}  # for a euro, about
_MEDIAN, _WINS = 18_000, 0.25  # of a deal, in euros; of those that are created
_KEPT = 3  # deals an account

Row = Sequence[str]
Rows = Iterator[tuple[str, list[Row]]]
"""Rows by the file that they belong to."""


@dataclass(frozen=True, slots=True)
class Customer:
    key: str
    name: str
    industry: str
    culture: words.Culture
    seller: Seller


def rows(plan: Plan) -> Rows:
    """Everything that the plan holds, a few rows at a time."""
    book = _Book(plan)
    yield "stages", _stages(plan)
    yield from book.accounts()
    yield from book.stories()
    yield from book.deals()
    yield "targets", _targets(plan, book.first)


def _stages(plan: Plan) -> list[Row]:
    zh = plan.language == "zh"
    return [
        (p.name_zh if zh else p.name, str(n), p.leaves_zh if zh else p.leaves, str(p.stall_days), str(p.touch_days))
        for n, p in enumerate(FUNNEL, 1)
    ]


def _targets(plan: Plan, first: date) -> list[Row]:
    """By quarter what each seller and each team is to win, a little more than they do."""
    rows: list[Row] = []
    each = plan.deals * _WINS / max(len(plan.sellers), 1) / max(plan.weeks / 13, 1) * _MEDIAN * 1.8
    begins = date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    while begins <= plan.now.date():
        period, teams = f"{begins.year}-Q{begins.month // 3 + 1}", dict.fromkeys(s.team for s in plan.sellers)
        sums = dict.fromkeys(teams, 0)
        for seller in plan.sellers:
            target = _rounded(each * _RATES.get(seller.currency, 1.0))
            sums[seller.team] += target
            rows.append(("", seller.key, period, "won", str(target)))
        rows += [(team, "", period, "won", str(total)) for team, total in sums.items()]
        begins = (begins + timedelta(days=93)).replace(day=1)
    return rows


def _rounded(amount: float) -> int:
    """Two digits, as people quote."""
    size: int = 10 ** max(len(str(int(amount))) - 2, 0)
    return int(amount) // size * size


class _Book:
    def __init__(self, plan: Plan) -> None:
        self._plan, self._dice = plan, random.Random(plan.seed)
        today = plan.now.date()
        self.first = today - timedelta(weeks=plan.weeks, days=today.weekday())
        zones = dict.fromkeys(seller.zone for seller in plan.sellers)
        self._clocks = {zone: Clock(zone, self.first, (plan.weeks + 60) * 5) for zone in zones}
        self._now = {zone: clock.at(plan.now) for zone, clock in self._clocks.items()}
        self._funnel = Funnel(self._dice, self.first, plan.weeks, plan.drop)
        self._stages = [p.name_zh if plan.language == "zh" else p.name for p in FUNNEL]
        self._stages += ["lost", "won", ""]  # at -3, -2, -1
        self._sizes = [_MEDIAN * value for value in lognormal(self._dice, 0.9)]
        self._spread, self._replies = lognormal(self._dice, 0.6), lognormal(self._dice, 0.9)
        self._gap = 26 / plan.touches  # working days: about so long a deal lives
        self._customers = max(plan.deals // _KEPT, 1)
        self._industries = [n for n, share in enumerate(words.SHARES) for _ in range(share)]
        self._paces = [0.5 + 1.5 * self._dice.random() for _ in plan.sellers]
        self._pace = {seller.key: pace for seller, pace in zip(plan.sellers, self._paces, strict=True)}
        regions = [seller.region for seller in plan.sellers]
        self._places = [(regions[:n].count(region), regions.count(region)) for n, region in enumerate(regions)]
        self._by_key = {seller.key: seller for seller in plan.sellers}
        self._leads, self._told = 0, len(plan.stories)

    def _customer(self, n: int) -> Customer:
        mixed = (n + 1) * 2_654_435_761 + self._plan.seed * 40_503 & 0xFFFFFFFF
        mixed ^= mixed >> 15
        sellers, industry = self._plan.sellers, self._industries[mixed >> 8 & 63]
        seller = sellers[n % len(sellers)]
        among = words.cultures(seller.region)
        culture = among[(mixed >> 14) % len(among)]
        place, size = self._places[n % len(sellers)]
        name = culture.company(n // len(sellers) * size + place, industry)
        return Customer(f"A{self._told + n + 1:05}", name, words.INDUSTRIES[industry], culture, seller)

    def accounts(self) -> Rows:
        for start in range(0, self._customers, 500):
            yield "accounts", [self._account(n) for n in range(start, min(start + 500, self._customers))]

    def _account(self, n: int) -> Row:
        customer, thrown = self._customer(n), self._dice.getrandbits(16)
        seller, culture = customer.seller, customer.culture
        person = culture.person(thrown)
        title = words.TITLES[culture.language][thrown % 6]
        prefers = words.PREFERENCES[culture.language][(thrown >> 4) % 6]
        tier = "ABBCC"[thrown % 5]
        owner = seller.key
        return customer.key, customer.name, customer.industry, seller.region, tier, owner, person, title, prefers

    def deals(self) -> Rows:
        """Week by week; the last one as far as it has come."""
        births, dice = self._funnel.births, self._dice
        done, total, so_far = 0, sum(births), 0.0
        for week, births_here in enumerate(births):
            so_far += births_here
            until = round(self._plan.deals * so_far / total)
            for n in range(done, until):
                customer = self._customer(int(self._customers * dice.random() ** 1.3))
                at = min(week * 5 + 5 * dice.random(), self._now[customer.seller.zone] - 0.05)
                yield from self._deal(f"D{self._told + n + 1:05}", customer, at)
            done = until

    def _deal(self, key: str, customer: Customer, at: float) -> Rows:
        dice, seller, plan = self._dice, customer.seller, self._plan
        thrown = dice.getrandbits(30)
        now = self._now[seller.zone]
        path = self._funnel.path(at, now, customer.industry)
        product = seller.product_line if thrown & 3 else PRODUCTS[(thrown >> 2) % 3]
        currency = seller.currency if thrown >> 4 & 31 else "USD"
        amount = _rounded(self._sizes[thrown >> 9 & MANY - 1] * _RATES.get(currency, 1.0))
        source = words.SOURCES[thrown >> 21 & 7]
        deal = [key, f"{customer.name} {product}", customer.key, seller.key, product, str(amount), currency]
        deal += self._state(path, seller, source, now)
        moves = self._moves(key, path, seller)
        if dice.random() < plan.faults * len(FAULTS):
            FAULTS[dice.randrange(len(FAULTS))](deal, moves, self._clocks[seller.zone].text(now + 100))
        yield "deals", [deal]
        yield "moves", moves
        last = path[-1]
        silent = 0.0 if last[1] < 0 or thrown >> 24 & 7 else 6 + 20 * dice.random()  # one in eight is let lie
        yield (
            "touches",
            self._touches(deal, customer.culture.language, at, last[2] if last[1] < 0 else now - silent, seller),
        )
        if thrown >> 27 < 4:
            yield "leads", self._lead(seller, source, at, now, key if thrown >> 27 < 3 else "")

    def _moves(self, key: str, path: Path, seller: Seller) -> list[Row]:
        names, text = self._stages, self._clocks[seller.zone].text
        return [(key, names[before], names[to], text(at)) for before, to, at in path]

    def _state(self, path: Path, seller: Seller, source: str, now: float) -> list[str]:
        """From its stage on what a deal's row says."""
        dice, clock = self._dice, self._clocks[seller.zone]
        created, (_, stage, last) = clock.text(path[0][2]), path[-1]
        if stage < 0:
            expected = clock.dates[int(min(last + 20 * dice.random() - 8, now + 30)) if last > 8 else int(last)]
            status = self._stages[stage]
            return [status, status, source, created, expected, clock.text(last), "", ""]
        expected = clock.dates[int(now + 5 * (len(FUNNEL) - stage) * (dice.random() * 2 - 0.15))]
        step, on, thrown = "", "", dice.random()
        if thrown < 0.9:
            step = words.STEPS[seller.language][dice.getrandbits(3)]
            on = clock.dates[int(now + 1 + 8 * dice.random() if thrown < 0.8 else max(now - 6 * dice.random(), 0))]
        return [self._stages[stage], "open", source, created, expected, "", step, on]

    def _touches(self, deal: Row, language: str, at: float, until: float, seller: Seller) -> list[Row]:
        dice, text = self._dice, self._clocks[seller.zone].text
        key, account, owner = deal[0], deal[2], seller.key
        bits, gap, spread, pace = dice.getrandbits, self._gap, self._spread, self._pace[seller.key]
        contacted, notes = words.CONTACTED, words.NOTES[language]
        found: list[Row] = []
        while (at := at + gap * spread[bits(12)]) < until:
            thrown = bits(24)
            kind, way = contacted[thrown & 63]
            note = notes[thrown >> 6 & 7] if not thrown >> 9 & 7 else ""
            about = (
                key if thrown >> 12 & 63 or not account else ""
            )  # now and then a touch is about the customer as a whole
            found.append((about, account, owner, kind, way, text(at), note))
            if way == "in" and thrown >> 18 & 15:
                at += 0.3 * pace * self._replies[bits(12)]
                if at < until:
                    found.append((about, account, owner, "email" if kind == "call" else kind, "out", text(at), ""))
        return found

    def _lead(self, seller: Seller, source: str, at: float, now: float, deal: str) -> list[Row]:
        dice, clock = self._dice, self._clocks[seller.zone]
        self._leads += 1
        came = max(at - 0.2 - 4 * dice.random(), 0.0)
        answered = came + 0.25 * self._pace[seller.key] * self._replies[dice.getrandbits(12)]
        response = clock.text(answered) if answered < (at if deal else now) and (deal or dice.random() < 0.8) else ""
        status = "converted" if deal else "working" if response else "new"
        return [(f"L{self._leads:05}", source, seller.key, clock.text(came), response, deal, status)]

    def stories(self) -> Rows:
        for n, story in enumerate(self._plan.stories, 1):
            yield from self._story(n, story, self._by_key[story.owner])

    def _story(self, n: int, story: Story, seller: Seller) -> Rows:
        clock, now = self._clocks[seller.zone], self._now[seller.zone]
        language = "en" if story.account.isascii() else "zh"
        entered = now - story.entered * 5 / 7
        path: Path = [(s - 1, s, max(entered - 8 * (story.stage - s), 0.1)) for s in range(story.stage + 1)]
        key, account, product = f"D{n:05}", f"A{n:05}", seller.product_line
        closes, step_on = (self._days_on(days, seller) for days in (story.closes, story.step_on))
        row = [key, f"{story.account} {product}", account, seller.key, product, str(story.amount), seller.currency]
        row += [self._stages[story.stage], "open", "referral", clock.text(path[0][2]), closes, "", story.step, step_on]
        known = (account, story.account, story.industry, seller.region, "A", seller.key, story.contact, story.title, "")
        yield "accounts", [known]
        yield "deals", [row]
        yield "moves", self._moves(key, path, seller)
        touched = now - story.touched * 5 / 7
        touches = self._touches(row, language, path[0][2], touched, seller)
        yield "touches", [*touches, (key, account, seller.key, "call", "out", clock.text(touched), "")]

    def _days_on(self, days: int | None, seller: Seller) -> str:
        today = self._plan.now.astimezone(ZoneInfo(seller.zone)).date()
        return "" if days is None else (today + timedelta(days=days)).isoformat()
