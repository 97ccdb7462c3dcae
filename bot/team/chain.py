"""Who answers for whom."""

from collections.abc import Iterable, Mapping, Sequence

from bot.db import Connection
from bot.team import store
from bot.team.model import Person, Role


def in_charge(db: Connection, workspace: int, people: Iterable[Person]) -> dict[int, tuple[Person, ...]]:
    """Who is told when something is up with each of these people, by person id.

    Their manager by the roster, else the managers of their team, else the admins; never they themselves.
    """
    everybody = store.people(db, workspace, roles=(Role.MANAGER, Role.ADMIN))
    by_id = {p.id: p for p in everybody}
    by_team: dict[int, list[Person]] = {}
    for one in everybody:
        if one.role is Role.MANAGER:
            by_team.setdefault(one.team_id, []).append(one)
    admins = [p for p in everybody if p.role is Role.ADMIN]
    return {p.id: _above(p, by_id, by_team, admins) for p in people}


def _above(
    one: Person, by_id: Mapping[int, Person], by_team: Mapping[int, Sequence[Person]], admins: Sequence[Person]
) -> tuple[Person, ...]:
    manager = by_id.get(one.manager_id or 0)
    if manager:
        return (manager,)
    of_team = tuple(p for p in by_team.get(one.team_id, ()) if p.id != one.id)
    return of_team or tuple(p for p in admins if p.id != one.id)
