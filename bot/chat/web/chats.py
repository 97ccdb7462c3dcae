"""Which conversations there are for somebody, and what the page says of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.chat.web import model, store
from bot.chat.web.model import Conversation
from bot.db import Connection
from bot.team import roles
from bot.team import store as team
from bot.team.model import Person
from bot.team.roles import Action, Span

BOT = "Paceline"


def teams_read(db: Connection, who: Person) -> set[int]:
    """The teams whose channel is open to somebody."""
    if roles.may(who, Action.READ_EVERY_TEAM):
        return {each.id for each in team.teams(db, who.workspace_id)}
    span = Span(teams=frozenset(store.teams_managed(db, who.workspace_id, who.id)))
    return {t for t in {who.team_id, *span.teams} if roles.may(who, Action.READ_TEAM, t, span=span)}


def followed(db: Connection, who: Person) -> list[str]:
    """The bot's chat and the channels of somebody; direct chats are found by who is in them."""
    channels = [model.channel(team_id).id for team_id in sorted(teams_read(db, who))]
    return [model.with_bot(who.id).id, *channels]


def seen(db: Connection, who: Person, chat: str) -> Conversation | None:
    """The conversation `chat` when it exists and is open to `who`, else None: the two are not told apart."""
    found = model.read(chat)
    if found is None:
        return None
    if found.kind == "team":
        return found if found.ids[0] in teams_read(db, who) else None
    if who.id not in found.ids:
        return None
    if found.kind == "direct":
        other = found.ids[0] if found.ids[1] == who.id else found.ids[1]
        return found if team.person_by_id(db, who.workspace_id, other) else None
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of chats."""

    id: str
    kind: model.Kind
    name: str
    unread: int = 0


def listing(db: Connection, who: Person) -> list[Listed]:
    """The chats of somebody: the bot, the channels (their own first), then direct ones, the newest first."""
    follows = followed(db, who)
    unread = store.unread(db, who.workspace_id, who.id, follows)
    newest = store.last_ids(db, who.workspace_id, who.id, follows)
    names = {each.id: each.name for each in team.teams(db, who.workspace_id)}

    def line(chat: Conversation, name: str) -> Listed:
        return Listed(chat.id, chat.kind, name, unread.get(chat.id, 0))

    mine = sorted(teams_read(db, who) & names.keys(), key=lambda t: (t != who.team_id, names[t]))
    channels = [line(model.channel(team_id), names[team_id]) for team_id in mine]
    direct = sorted(newest.keys() - set(follows), key=lambda chat: -newest[chat])
    return [line(model.with_bot(who.id), BOT), *channels, *_direct(db, who, direct, line)]


def _direct(
    db: Connection, who: Person, ids: list[str], line: Callable[[Conversation, str], Listed]
) -> Iterator[Listed]:
    met = [chat for chat in map(model.read, ids) if chat is not None and chat.kind == "direct"]
    others = [sum(chat.ids) - who.id for chat in met]
    known = {p.id: p.name for p in team.people(db, who.workspace_id, ids=others, active=None)}
    return (line(chat, known[other]) for chat, other in zip(met, others, strict=True) if other in known)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody to write to, by the direct chat with them."""

    id: str
    name: str
    team: str


def colleagues(db: Connection, who: Person, like: str, most: int = 30) -> list[Found]:
    """People whose name has `like` in it, those of one's own team first."""
    names = {each.id: each.name for each in team.teams(db, who.workspace_id)}
    wanted = like.casefold().strip()
    people = [p for p in team.people(db, who.workspace_id) if p.id != who.id and wanted in p.name.casefold()]
    people.sort(key=lambda p: p.team_id != who.team_id)
    return [Found(model.direct(who.id, p.id).id, p.name, names.get(p.team_id, "")) for p in people[:most]]
