"""Which deal a call is about: by the customer's people, their companies, the call's title and what is named in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.crm import service as crm
from bot.crm.service import Customer
from bot.db import Connection
from bot.minutes.model import Side, Transcript
from bot.minutes.transcripts.sides import ANYBODYS, company_of, folded, stem
from bot.team.model import Person

HEARD = 60_000  # characters of a call in which a customer is looked for by name
SHORT = 4  # letters that a company's name needs to be looked for in what was said; half as many where they are Chinese
_CONTACT, _COMPANY, _TITLE, _NAMED, _OWN = 4.0, 4.0, 3.0, 1.0, 0.5
_CLEAR = 1.0  # the margin over the next customer from which a deal is taken without being asked about


@dataclass(frozen=True, slots=True)
class Guess:
    """`deals`: those that the call may be about, likeliest first. `sure`: the first one is."""

    deals: tuple[Customer, ...] = ()
    sure: bool = False

    @property
    def deal(self) -> Customer | None:
        return self.deals[0] if self.sure else None


def guess(db: Connection, who: Person, transcript: Transcript, name: str) -> Guess:
    """Among the open deals that whoever sent the transcript may see. `name`: the file's."""
    return ranked(crm.customers(db, who), transcript, name, who.key)


def ranked(customers: Sequence[Customer], transcript: Transcript, name: str, own: str) -> Guess:
    """Pure: those that something speaks for. Two deals of one customer are told apart by their names alone."""
    about = _About(transcript, name)
    scored = [(score, one) for one in customers if (score := about.score(one)) > 0]
    scored = [(score + (_OWN if one.owner == own else 0), one) for score, one in scored]
    scored.sort(key=lambda pair: -pair[0])
    sure = len(scored) == 1 or (len(scored) > 1 and scored[0][0] - scored[1][0] >= _CLEAR)
    return Guess(tuple(one for _score, one in scored), sure)


class _About:
    """What a call tells of its customer."""

    def __init__(self, transcript: Transcript, name: str) -> None:
        theirs = [one for one in transcript.speakers if one.side is not Side.OURS]
        self.people = {folded(one.name) for one in theirs} - {()}
        domains = {one.email.rpartition("@")[2] for one in theirs if one.email}
        self.companies = {company_of(one.affiliation) for one in theirs} | {
            stem(domain) for domain in domains if stem(domain) not in ANYBODYS
        }
        self.title = _plain(f"{transcript.title} {name}")
        self.said = _plain(" ".join(turn.text for turn in transcript.turns)[:HEARD])

    def score(self, one: Customer) -> float:
        company, deal = company_of(one.account), _plain(one.name)
        found = _CONTACT if one.contact and folded(one.contact) in self.people else 0.0
        if company and {company, company.replace(" ", "")} & self.companies:
            found += _COMPANY
        if _tells(company) and _holds(self.title, company):
            found += _TITLE
        if _tells(deal) and deal != company and _holds(self.title, deal):
            found += _TITLE
        if _tells(company) and _holds(self.said, company):
            found += _NAMED
        if _tells(deal) and deal != company and _holds(self.said, deal):
            found += _NAMED
        return found


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _tells(name: str) -> bool:
    """Whether a name is long enough to be no word that stands there by chance."""
    return len(name) >= (SHORT if name.isascii() else SHORT // 2)


def _holds(text: str, name: str) -> bool:
    return f" {name} " in f" {text} " if name.isascii() else name in text
