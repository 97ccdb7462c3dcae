"""Which deal somebody means who names it, its account, or nearly one of them; among those that they may see."""

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.crm.names import folded
from bot.crm.standings import store
from bot.db import Connection

SHOWN = 10  # deals to choose from
_MOST = 5_000  # deals among which nearly is looked for


@dataclass(frozen=True, slots=True)
class Named:
    """A deal by what people call it. `account`: its name, or its key where it has none."""

    key: str
    name: str
    account: str
    owner: str


@dataclass(frozen=True, slots=True)
class Found:
    """`deals`: those that were meant, of more than `SHOWN` the first; `near`: where there are none, those nearest."""

    deals: Sequence[Named] = ()
    near: Sequence[Named] = ()


def find(db: Connection, workspace: int, seen: Collection[str] | None, said: str) -> Found:
    """The deals that are called so: by key, open or closed; else open ones by name, by account, or by a part of them.

    `seen`: whose deals are looked at, None for everybody's.
    """
    wanted = folded(said)
    if not said.strip():
        return Found()
    exact = [Named(*map(str, row)) for row in store.named(db, workspace, seen, key=said.strip())]
    if exact:
        return Found(exact)
    them = [Named(*map(str, row)) for row in store.named(db, workspace, seen)]
    for meant in (_is, _holds):
        found = [one for one in them if wanted and meant(one, wanted)]
        if found:
            return Found(found[:SHOWN])
    return Found(near=_near(them[:_MOST], wanted))


def _called(one: Named) -> list[str]:
    return [folded(name) for name in (one.key, one.name, one.account) if name]


def _is(one: Named, wanted: str) -> bool:
    return wanted in _called(one)


def _holds(one: Named, wanted: str) -> bool:
    return any(wanted in name for name in _called(one))


def _near(them: Sequence[Named], wanted: str) -> list[Named]:
    by_name = {name: one for one in reversed(them) for name in _called(one)}
    names = difflib.get_close_matches(wanted, by_name, 3, 0.6)
    return list({by_name[name].key: by_name[name] for name in names}.values())
