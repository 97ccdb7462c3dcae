"""What others ask of the CRM picture: whose deals stand how, which need a look, how fresh it is. Nothing is sent.

Whoever asks is named, so that nobody is shown what is not theirs: a rep sees their own deals, a manager those of the
people they lead, an admin all. Deals whose owner is not on the roster are an admin's alone.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.crm import finding, store
from bot.crm.changes.model import Change, Changed, Kind
from bot.crm.changes.service import (
    change,
    changes_of,
    gives_away,
    last_change,
    may_change,
    recent,
    remarks,
    revivable,
)
from bot.crm.exports import export, export_folder
from bot.crm.finding import Found, Named
from bot.crm.imports import Import, import_folder
from bot.crm.model import Account, Stage, Status
from bot.crm.notices import Notice, notice_line
from bot.crm.risk import Reason, Risk, Standing, reason_line, reasons, worst
from bot.crm.standings import store as standings
from bot.db import Connection
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, Scope, may, scope

__all__ = ["Account", "Change", "Changed", "Customer", "Found", "Import", "Kind", "Named", "Notice", "Risk"]
__all__ += ["Standing", "change", "changes_of", "customers", "export", "export_folder", "gives_away", "import_folder"]
__all__ += ["last_change", "may_change", "notice_line", "reason_line", "recent", "remarks", "revivable", "seen_among"]


def owners_seen(db: Connection, who: Person) -> frozenset[str] | None:
    """The roster keys of those whose deals somebody may see, also of people who left; None for everybody's."""
    if not who.active or scope(who.role, Action.READ_DEALS) is Scope.NO:
        return frozenset()
    if scope(who.role, Action.READ_DEALS) is Scope.ALL:
        return None
    span = team.span(db, who)
    near = team.around(db, who, span.people)
    return frozenset(one.key for one in near if may(who, Action.READ_DEALS, about=one, span=span))


def sees(db: Connection, who: Person, owner: Person) -> bool:
    """Whether somebody may see another's deals."""
    return may(who, Action.READ_DEALS, about=owner, span=team.span(db, who))


def seen_among(db: Connection, who: Person, keys: Collection[str]) -> set[str]:
    """Those of some deals, by key, open or closed, that somebody may see."""
    seen = owners_seen(db, who)
    owners = standings.owners_of(db, who.workspace_id, keys) if keys and seen != frozenset() else {}
    return {key for key, owner in owners.items() if seen is None or owner in seen}


def deals_of(db: Connection, who: Person, owner: Person, now: datetime) -> list[Standing]:
    """How the open deals of an owner stand, by name; nothing for whom they do not concern."""
    if not sees(db, who, owner):
        return []
    found = standings.standings(db, owner.workspace_id, now, owners=[owner.key])
    return sorted(found, key=lambda standing: (standing.deal.name, standing.deal.key))


def owners_of_open(db: Connection, who: Person) -> list[tuple[Person, int]]:
    """Who owns open deals that somebody may see, and how many, by name."""
    counted = Counter(standings.owners(db, who.workspace_id, owners_seen(db, who)))
    return [(one, counted[one.key]) for one in team.people(db, who.workspace_id) if counted[one.key]]


def deal(db: Connection, who: Person, key: str, now: datetime) -> Standing | None:
    """How one deal stands, open or closed; None when there is none, or it does not concern `who`."""
    seen = owners_seen(db, who)
    found = standings.standings(db, who.workspace_id, now, keys=[key], statuses=tuple(Status))
    return next((standing for standing in found if seen is None or standing.deal.owner in seen), None)


def standings_of(db: Connection, workspace: int, keys: Collection[str], now: datetime) -> dict[str, Standing]:
    """How deals stand, open or closed, by key, whoever they concern: for those who look at the owner themselves."""
    found = standings.standings(db, workspace, now, keys=keys, statuses=tuple(Status))
    return {standing.deal.key: standing for standing in found}


def customers_of(db: Connection, who: Person, keys: Collection[str], now: datetime) -> dict[str, str]:
    """What people call these deals, open or closed, by key; those alone that somebody may see."""
    if not keys:
        return {}
    seen, found = owners_seen(db, who), standings_of(db, who.workspace_id, keys, now)
    return {key: one.customer for key, one in found.items() if seen is None or one.deal.owner in seen}


@dataclass(frozen=True, slots=True)
class Customer:
    """An open deal by who its customer is. `account`: its name, "" for none; `contact`: whom we know there."""

    deal: str
    name: str
    owner: str
    account: str
    contact: str

    @property
    def called(self) -> str:
        return self.account or self.name or self.deal


def customers(db: Connection, who: Person, most: int = 2_000) -> list[Customer]:
    """The open deals that somebody may see, own ones first, then the newest; at most so many."""
    seen = owners_seen(db, who)
    own = standings.customers(db, who.workspace_id, [who.key], most) if seen is None or who.key in seen else []
    rest = [] if seen is not None and seen <= {who.key} else standings.customers(db, who.workspace_id, seen, most)
    found = (Customer(*(text or "" for text in row)) for row in (*own, *rest))
    return list({one.deal: one for one in found}.values())[:most]


def at_risk(db: Connection, who: Person, owner: Person, now: datetime, most: int | None = 3) -> list[Risk]:
    """An owner's deals that need a look, at most so many, those with most reasons first."""
    steps, today = _tells_steps(db, owner.workspace_id), owner.today(now)
    found = [
        Risk(standing, why)
        for standing in deals_of(db, who, owner, now)
        if (why := reasons(standing, now, today, steps=steps))
    ]
    return worst(found, most)


def at_risk_of(
    db: Connection, workspace: int, owners: Sequence[Person], now: datetime, most: int | None = 3
) -> dict[int, list[Risk]]:
    """The same for many owners at once, each about deals of their own, by the owner's id; only those who have any."""
    if not _tells_deals(db, workspace):
        return {}
    asked = {one.key: one for one in owners if may(one, Action.READ_DEALS, about=one)}
    steps, today = _tells_steps(db, workspace), {one.key: one.today(now) for one in asked.values()}
    found: dict[int, list[Risk]] = {}
    for standing in standings.standings(db, workspace, now, owners=list(asked)):
        owner = standing.deal.owner
        if why := reasons(standing, now, today[owner], steps=steps):
            found.setdefault(asked[owner].id, []).append(Risk(standing, why))
    return {person: worst(risks, most) for person, risks in found.items()}


def reasons_of(db: Connection, who: Person, standing: Standing, now: datetime) -> tuple[Reason, ...]:
    """Why a deal is at risk, nothing when it is not; by its owner's calendar, or by `who`'s when nobody owns it."""
    everybody = team.people(db, who.workspace_id, active=None)
    owner = next((one for one in everybody if one.key == standing.deal.owner), who)
    return reasons(standing, now, owner.today(now), steps=_tells_steps(db, who.workspace_id))


def find(db: Connection, who: Person, said: str) -> Found:
    """The deals that somebody means, among those that they may see."""
    return finding.find(db, who.workspace_id, owners_seen(db, who), said)


def account_of(db: Connection, standing: Standing, workspace: int) -> Account:
    """A deal's account, bare when the CRM does not have it."""
    key = standing.deal.account
    return standings.account_of(db, workspace, key) or Account(key, standing.account)


def called(db: Connection, who: Person, owner: Person, now: datetime) -> dict[str, frozenset[str]]:
    """What an owner may call their open deals, in small letters, with the keys of all that are called so: by the deal's
    key, its name, its account's name."""
    found: dict[str, set[str]] = {}
    for one in deals_of(db, who, owner, now) if _tells_deals(db, owner.workspace_id) else ():
        for name in (one.deal.key, one.deal.name, one.account):
            found.setdefault(name.casefold(), set()).add(one.deal.key)
    return {name: frozenset(keys) for name, keys in found.items() if name}


def names(db: Connection, who: Person, owner: Person, now: datetime) -> dict[str, str]:
    """The same, with the one deal that each name means. What two of them are called is left out, so that a word in an
    answer means one deal or none."""
    return {name: next(iter(keys)) for name, keys in called(db, who, owner, now).items() if len(keys) == 1}


def known_names(db: Connection, workspace: int, most: int = 100_000) -> tuple[list[str], list[str]]:
    """The people and the companies that an installation knows: the roster, also those who left, and the contacts; the
    customers. What leaves this machine, or is published, does not name them; nobody is shown these."""
    contacts, companies = standings.parties(db, workspace, most)
    return [*(person.name for person in team.people(db, workspace, active=None)), *contacts], companies


def stages(db: Connection, workspace: int) -> list[Stage]:
    """The stages in their order; last those that `stages.csv` does not have."""
    return store.stages(db, workspace)


def last_heard(db: Connection, workspace: int) -> dict[str, datetime]:
    """When any source last told rows of a kind, by kind."""
    found: dict[str, datetime] = {}
    for one in store.sources(db, workspace):
        found[one["kind"]] = max(one["heard"], found.get(one["kind"], one["heard"]))
    return found


def outlived(db: Connection, workspace: int, now: datetime) -> int:
    """How many open deals are older than any was that ever closed: hardly one of them will."""
    return standings.outlived(db, workspace, now)


def _tells_deals(db: Connection, workspace: int) -> bool:
    """Whether any source has told deals: where none has, there is nothing to look for."""
    return any(one["kind"] == "deals" for one in store.sources(db, workspace))


def _tells_steps(db: Connection, workspace: int) -> bool:
    """Whether the CRM has next steps at all: where it has none, their lack says nothing."""
    told = {name for one in store.sources(db, workspace) if one["kind"] == "deals" for name in one["columns"]}
    return not told.isdisjoint({"next_step", "next_step_on"})
