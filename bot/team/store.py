"""Tables of people, teams, places, leave and holidays, and the queries over them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from bot.db import Connection, Instant, insert_new, metadata, upsert
from bot.message import Place
from bot.team.model import Leave, Override, Person, Role, Team

team = Table(
    "team",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("standup_at", Time, nullable=False),
    Column("window", Integer, nullable=False),
    Column("standup_on", Boolean, nullable=False, default=True),
    UniqueConstraint("workspace_id", "name"),
)

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False, default=""),
    Column("team_id", Integer, ForeignKey("team.id"), nullable=False, index=True),
    Column("role", String(16), nullable=False),
    Column("zone", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("calendar", String(16), nullable=False, default=""),
    Column("manager_id", Integer, ForeignKey("person.id")),
    Column("region", Text, nullable=False, default=""),
    Column("product_line", Text, nullable=False, default=""),
    Column("tier", Text, nullable=False, default=""),
    Column("weekdays", String(16)),  # digits, Monday is 0; NULL is mon-fri as the calendar changes it
    Column("standup_at", Time),
    Column("joins", Boolean, nullable=False, default=False),
    Column("slack", Text, nullable=False, default=""),
    Column("telegram", Text, nullable=False, default=""),
    Column("active", Boolean, nullable=False, default=True),
    Column("unreachable", Text, nullable=False, default=""),
    Column("unreachable_at", Instant),  # since when, or when it was last tried
    Column("created", Instant, nullable=False),
    UniqueConstraint("workspace_id", "key"),
)

place = Table(
    "place",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("person_id", Integer, ForeignKey("person.id")),
    Column("team_id", Integer, ForeignKey("team.id")),
    Column("platform", String(16), nullable=False),
    Column("chat", Text, nullable=False),
    Column("thread", Text, nullable=False, default=""),
    Column("preferred", Boolean, nullable=False, default=False),
    UniqueConstraint("workspace_id", "platform", "chat", "thread"),
    Index("ix_place_person_id", "person_id"),
    Index("ix_place_team_id", "team_id"),
)

leave = Table(
    "leave",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("part", String(2), nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    UniqueConstraint("workspace_id", "person_id", "first", "last", "part"),
    Index("ix_leave_last", "last"),
)

holiday = Table(
    "holiday",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("calendar", String(16), nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", String(4), nullable=False),
    Column("name", Text, nullable=False, default=""),
    UniqueConstraint("workspace_id", "calendar", "day"),
)


_PERSON = [person.c[name] for name in Person.__slots__]
_ROLE, _WEEKDAYS = Person.__slots__.index("role"), Person.__slots__.index("weekdays")
_TEAM = [team.c[name] for name in Team.__slots__]


def _person(row: Row[Any]) -> Person:
    fields = list(row)
    fields[_ROLE] = Role(fields[_ROLE])
    if fields[_WEEKDAYS] is not None:
        fields[_WEEKDAYS] = frozenset(map(int, fields[_WEEKDAYS]))
    return Person(*fields)


def _team(row: Row[Any]) -> Team:
    return Team(*tuple(row))


def people(
    db: Connection,
    workspace: int,
    *,
    team_id: int | None = None,
    team_ids: Sequence[int] | None = None,
    ids: Sequence[int] | None = None,
    roles: Sequence[Role] | None = None,
    keys: Collection[str] | None = None,
    active: bool | None = True,
) -> list[Person]:
    """The roster by name; `active=None` gives those who left too."""
    if ids is not None and not ids:
        return []
    query = select(*_PERSON).where(person.c.workspace_id == workspace).order_by(person.c.name, person.c.id)
    if team_id is not None:
        query = query.where(person.c.team_id == team_id)
    if team_ids is not None:
        query = query.where(person.c.team_id.in_(team_ids))
    if ids is not None:
        query = query.where(person.c.id.in_(ids))
    if keys is not None:
        query = query.where(person.c.key.in_(keys))
    if roles is not None:
        query = query.where(person.c.role.in_(roles))
    if active is not None:
        query = query.where(person.c.active == active)
    return [_person(row) for row in db.execute(query).all()]


@dataclass(frozen=True, slots=True)
class Line:
    """Of a person, what reporting lines are made of."""

    id: int
    workspace_id: int
    key: str
    team_id: int
    manager_id: int | None
    active: bool


_LINES = select(*(person.c[name] for name in Line.__slots__)).where(person.c.workspace_id == bindparam("workspace"))
_UNDER = _LINES.where(person.c.manager_id.in_(bindparam("managers", expanding=True)))
_AROUND = _LINES.where(
    or_(
        person.c.team_id == bindparam("team"),
        person.c.manager_id == bindparam("manager"),
        person.c.id.in_(bindparam("ids", expanding=True)),
    )
)
_TEAMS_OF = (
    select(person.c.team_id)
    .distinct()
    .where(person.c.workspace_id == bindparam("workspace"))
    .where(person.c.key.in_(bindparam("keys", expanding=True)))
)


def under(db: Connection, workspace: int, managers: Collection[int]) -> list[Line]:
    """Who reports to these directly, those who left too. On large rosters whole people would take ten times as long."""
    return [Line(*row) for row in db.execute(_UNDER, {"workspace": workspace, "managers": list(managers)})]


def around(db: Connection, who: Person, ids: Collection[int]) -> list[Line]:
    """Who is in somebody's team, reports to them directly, or has one of these ids; those who left too."""
    given = {"workspace": who.workspace_id, "team": who.team_id, "manager": who.id, "ids": list(ids)}
    return [Line(*row) for row in db.execute(_AROUND, given)]


def teams_of(db: Connection, workspace: int, keys: Collection[str]) -> set[int]:
    """The ids of the teams in which these people are, or were."""
    return {row[0] for row in db.execute(_TEAMS_OF, {"workspace": workspace, "keys": list(keys)})}


# Asked for each thing that is heard: made once, it costs half.
_BY_ID = select(*_PERSON).where(person.c.workspace_id == bindparam("workspace"), person.c.id == bindparam("of"))


def person_by_id(db: Connection, workspace: int, person_id: int) -> Person | None:
    row = db.execute(_BY_ID, {"workspace": workspace, "of": person_id}).first()
    return _person(row) if row else None


def person_by_key(db: Connection, workspace: int, key: str) -> Person | None:
    row = db.execute(select(*_PERSON).where(person.c.workspace_id == workspace, person.c.key == key)).first()
    return _person(row) if row else None


def person_ids(db: Connection, workspace: int) -> dict[str, int]:
    """The id of everybody ever on the roster, by key."""
    query = select(person.c.key, person.c.id).where(person.c.workspace_id == workspace)
    return {row.key: row.id for row in db.execute(query)}


def teams(db: Connection, workspace: int, ids: Collection[int] | None = None) -> list[Team]:
    """The teams by name; those with these ids, or all."""
    query = select(*_TEAM).where(team.c.workspace_id == workspace).order_by(team.c.name)
    if ids is not None:
        query = query.where(team.c.id.in_(ids))
    return [_team(row) for row in db.execute(query)]


def team_by_id(db: Connection, workspace: int, team_id: int) -> Team | None:
    row = db.execute(select(*_TEAM).where(team.c.workspace_id == workspace, team.c.id == team_id)).first()
    return _team(row) if row else None


def save_team(db: Connection, changed: Team) -> None:
    values = {"language": changed.language, "standup_at": changed.standup_at}
    values |= {"window": changed.window, "standup_on": changed.standup_on}
    db.execute(update(team).where(team.c.id == changed.id, team.c.workspace_id == changed.workspace_id).values(values))


def places_of_people(db: Connection, workspace: int, person_ids: Sequence[int]) -> dict[int, Place]:
    """Where each person is spoken to: the place they prefer, else the first they have."""
    query = (
        select(place.c.person_id, place.c.platform, place.c.chat, place.c.thread)
        .where(place.c.workspace_id == workspace, place.c.person_id.in_(person_ids))
        .order_by(place.c.preferred, place.c.id.desc())  # the preferred one comes last and wins
    )
    return {id: Place(platform, chat, thread) for id, platform, chat, thread in db.execute(query).all()}


def places_of_teams(db: Connection, workspace: int, team_ids: Sequence[int]) -> dict[int, list[Place]]:
    """The channels of several teams."""
    query = (
        select(place.c.team_id, place.c.platform, place.c.chat, place.c.thread)
        .where(place.c.workspace_id == workspace, place.c.team_id.in_(team_ids))
        .order_by(place.c.id)
    )
    found: dict[int, list[Place]] = {}
    for row in db.execute(query):
        found.setdefault(row.team_id, []).append(Place(row.platform, row.chat, row.thread))
    return found


def places_of_team(db: Connection, workspace: int, team_id: int) -> list[Place]:
    """The channels of a team, on every platform that it uses."""
    query = (
        select(place.c.platform, place.c.chat, place.c.thread)
        .where(place.c.workspace_id == workspace, place.c.team_id == team_id)
        .order_by(place.c.id)
    )
    return [Place(*row) for row in db.execute(query)]


def add_place(
    db: Connection, workspace: int, where: Place, *, person_id: int | None = None, team_id: int | None = None
) -> None:
    row = {"workspace_id": workspace, "person_id": person_id, "team_id": team_id, "preferred": False}
    insert_new(db, place, [row | {"platform": where.platform, "chat": where.chat, "thread": where.thread}])


def leave_of(
    db: Connection,
    workspace: int,
    person_ids: Sequence[int] | None = None,
    *,
    team_ids: Sequence[int] | None = None,
) -> dict[int, list[Leave]]:
    """Leave by person; of everybody when neither `person_ids` nor `team_ids` narrows it."""
    query = select(leave).where(leave.c.workspace_id == workspace).order_by(leave.c.first)
    if person_ids is not None:
        query = query.where(leave.c.person_id.in_(person_ids))
    if team_ids is not None:
        query = query.where(leave.c.person_id.in_(select(person.c.id).where(person.c.team_id.in_(team_ids))))
    found: dict[int, list[Leave]] = {}
    for row in db.execute(query):
        found.setdefault(row.person_id, []).append(Leave(row.person_id, row.first, row.last, row.part, row.reason))
    return found


def overrides(db: Connection, workspace: int) -> list[Override]:
    query = select(holiday).where(holiday.c.workspace_id == workspace).order_by(holiday.c.calendar, holiday.c.day)
    return [Override(row.calendar, row.day, row.kind, row.name) for row in db.execute(query)]


def add_teams(db: Connection, teams: Sequence[Team]) -> None:
    """New teams; the database numbers them. A name that is there already stays as it is."""
    insert_new(db, team, [_numbered(asdict(new)) for new in teams])


def _numbered(row: dict[str, Any]) -> dict[str, Any]:
    del row["id"]
    return row


def _person_row(changed: Person) -> dict[str, Any]:
    row = {name: getattr(changed, name) for name in Person.__slots__}
    row["role"] = changed.role.value
    row["weekdays"] = None if changed.weekdays is None else "".join(map(str, sorted(changed.weekdays)))
    return row


def add_people(db: Connection, people: Sequence[Person]) -> None:
    """New people; the database numbers them. Their managers are not set: some may have no number yet."""
    if people:
        db.execute(insert(person), [_numbered(_person_row(new) | {"manager_id": None}) for new in people])


def save_people(db: Connection, people: Sequence[Person]) -> None:
    """Bring the rows of known people up to date."""
    fixed = {"id", "workspace_id", "key", "created"}
    names = [column.name for column in person.c if column.name not in fixed]
    statement = update(person).where(person.c.id == bindparam("of")).values({name: bindparam(name) for name in names})
    rows = [_person_row(changed) for changed in people]
    if rows:
        db.execute(statement, [{name: row[name] for name in names} | {"of": row["id"]} for row in rows])


def change_person(db: Connection, changed: Person, *names: str) -> Person:
    """Save only the named columns: what an import writes to the others meanwhile stays."""
    row = _person_row(changed)
    db.execute(update(person).where(person.c.id == changed.id).values({name: row[name] for name in names}))
    return changed


def add_places(db: Connection, workspace: int, wheres: Iterable[tuple[Place, int | None, int | None]]) -> None:
    """Places with the id of their person or of their team; those that are there stay as they are."""
    rows = [
        {"workspace_id": workspace, "platform": where.platform, "chat": where.chat, "thread": where.thread}
        | {"person_id": person_id, "team_id": team_id, "preferred": False}
        for where, person_id, team_id in wheres
    ]
    insert_new(db, place, rows)


def save_leave(db: Connection, workspace: int, spells: Sequence[Leave]) -> None:
    rows = [asdict(spell) | {"workspace_id": workspace} for spell in spells]
    upsert(db, leave, rows, key=("workspace_id", "person_id", "first", "last", "part"))


def remove_leave(db: Connection, workspace: int, spells: Iterable[Leave]) -> None:
    for spell in spells:
        same = (leave.c.workspace_id == workspace, leave.c.person_id == spell.person_id, leave.c.part == spell.part)
        db.execute(delete(leave).where(*same, leave.c.first == spell.first, leave.c.last == spell.last))


def save_overrides(db: Connection, workspace: int, changed: Sequence[Override]) -> None:
    rows = [asdict(override) | {"workspace_id": workspace} for override in changed]
    upsert(db, holiday, rows, key=("workspace_id", "calendar", "day"))
