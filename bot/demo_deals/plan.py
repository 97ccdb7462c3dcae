"""What a made-up CRM is to hold, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Seller:
    """Who owns deals: `key` and `team` as the roster has them, `zone` by its IANA name, `currency` of their team."""

    key: str
    team: str
    zone: str = "UTC"
    language: str = "en"
    region: str = ""
    product_line: str = "Analytics"
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Drop:
    """From the ISO week `since` on ("2026-W30") a stage converts at `factor` of its rate, in one industry or all ("").

    `stage`: its place in the funnel, from 0.
    """

    stage: int
    since: str
    factor: float
    industry: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """An open deal that is told rather than diced. Times are days before now: `entered` its stage, last `touched`.

    `closes`, `step_on`: days from now, negative when they have passed; None where nothing is said.
    """

    account: str
    industry: str
    owner: str
    stage: int
    amount: int
    entered: int
    touched: int
    closes: int | None
    step: str = ""
    step_on: int | None = None
    contact: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """`deals` over the `weeks` before `now`, the same for the same `seed`.

    `faults`: the share of deals with each kind of fault that a CRM has. `language`: of the stages. `touches`: about so
    many a deal.
    """

    now: datetime
    sellers: Sequence[Seller]
    deals: int
    weeks: int = 104
    seed: int = 1
    drop: Drop | None = None
    stories: Sequence[Story] = ()
    faults: float = 0.003
    language: str = "en"
    touches: float = 10.0
