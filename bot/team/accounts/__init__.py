"""Who somebody is on a chat platform, and where they and their team are spoken to there."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.db import Connection
from bot.message import Place
from bot.team import store as teams
from bot.team.accounts import store
from bot.team.model import Person

INVITE_LIVES = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on a platform. `user` is the platform's id; `active` is False for whoever was deactivated there."""

    user: str
    email: str = ""
    name: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Matched:
    """What comparing a platform's people with the roster did: `linked` and `unlinked` person ids that are new, and
    the people on the roster who have no account there."""

    linked: tuple[int, ...]
    unlinked: tuple[int, ...]
    missing: tuple[Person, ...]


def person_on(db: Connection, workspace: int, platform: str, user: str) -> int | None:
    """The id of the person on the roster who has this account; None for anybody else."""
    return store.person_id(db, workspace, platform, user)


def link(db: Connection, workspace: int, person_id: int, platform: str, user: str, chat: str) -> None:
    """This account is that person's from now on, and they are asked there, in `chat`."""
    store.save(db, workspace, platform, [(user, person_id)])
    store.set_places(db, workspace, platform, [(person_id, chat)])
    store.prefer(db, workspace, [person_id], platform)
    store.set_unreachable(db, workspace, person_id, "", None)


def match(db: Connection, workspace: int, platform: str, found: Sequence[Account]) -> Matched:
    """Link everybody on the roster whom the platform knows by the id that the roster gives, or by e-mail address.

    On such a platform people are written to by their user id. Who was deactivated there is unlinked. An account that
    is linked stays with its person whatever became of the address.
    """
    known = store.users(db, workspace, platform)
    there = {one.user: one for one in found if one.active}
    people = teams.people(db, workspace)
    by_email = {one.email.casefold(): one.user for one in there.values() if one.email}
    new: list[tuple[str, int]] = []
    taken = {person_id: user for user, person_id in known.items() if user in there}
    for who in people:
        named = getattr(who, platform, "")
        user = named if named in there else taken.get(who.id) or by_email.get(who.email.casefold() if who.email else "")
        if user and known.get(user) != who.id:
            new.append((user, who.id))
            taken[who.id] = user
    gone = [person_id for user, person_id in known.items() if user not in there and person_id not in taken]
    store.save(db, workspace, platform, new)
    store.set_places(db, workspace, platform, [(person_id, user) for user, person_id in new])
    store.prefer(db, workspace, [person_id for _, person_id in new], platform)
    store.drop(db, workspace, platform, gone)
    missing = tuple(who for who in people if who.id not in taken)
    return Matched(tuple(person_id for _, person_id in new), tuple(gone), missing)


def linked(db: Connection, workspace: int, platform: str) -> set[int]:
    """The ids of the people who have an account on the platform."""
    return set(store.users(db, workspace, platform).values())


def unlinked(db: Connection, workspace: int, platform: str) -> list[Person]:
    """Who on the roster has no account on the platform yet."""
    known = linked(db, workspace, platform)
    return [who for who in teams.people(db, workspace) if who.id not in known]


def unlink(db: Connection, workspace: int, platform: str, user: str) -> None:
    """This account is nobody's any more."""
    person_id = store.person_id(db, workspace, platform, user)
    if person_id is not None:
        store.drop(db, workspace, platform, [person_id])


def invite(db: Connection, person: Person, platform: str, now: datetime) -> str:
    """A code that links this person's account once, within three days. Earlier ones of theirs lapse."""
    code = secrets.token_hex(12)  # letters and digits alone: people copy it by hand
    store.add_invite(db, person.workspace_id, platform, person.id, _hash(code), now + INVITE_LIVES)
    return code


def redeem(db: Connection, workspace: int, platform: str, code: str, user: str, chat: str, now: datetime) -> int | None:
    """Link an account by the code that its owner was handed; the person's id, None when the code does not work."""
    person_id = store.use_invite(db, workspace, platform, _hash(code), now)
    if person_id is None or teams.person_by_id(db, workspace, person_id) is None:
        return None
    link(db, workspace, person_id, platform, user, chat)
    return person_id


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def move(db: Connection, workspace: int, platform: str, chat: str, to: str) -> None:
    """A chat goes on under another id."""
    store.move_place(db, workspace, platform, chat, to)


def platforms_of(db: Connection, person: Person) -> dict[str, bool]:
    """Where a person can be asked, and whether they prefer it there."""
    return store.preferred(db, person.workspace_id, person.id)


def prefer(db: Connection, person: Person, platform: str) -> None:
    """Ask this person there from now on."""
    store.prefer(db, person.workspace_id, [person.id], platform)


def team_chats(db: Connection, workspace: int, platform: str) -> dict[str, int]:
    """The shared chats that show a team's board on a platform: chat -> team id."""
    return store.team_chats(db, workspace, platform)


def person_chats(db: Connection, workspace: int, platform: str) -> dict[str, int]:
    """Where people are spoken to on a platform: chat -> person id."""
    return store.person_chats(db, workspace, platform)


def show_team(db: Connection, workspace: int, team_id: int, where: Place) -> None:
    """Show a team's board in this chat, and no longer in the one it had on the platform."""
    store.set_team_place(db, workspace, team_id, where)


def hide_team(db: Connection, workspace: int, platform: str, chat: str) -> bool:
    """Show nothing in this chat any more; False when nothing was shown there."""
    return store.drop_team_place(db, workspace, platform, chat) > 0


def lost(db: Connection, workspace: int, person_id: int, why: str, now: datetime) -> bool:
    """Somebody cannot be reached; whether that is news."""
    return store.set_unreachable(db, workspace, person_id, why[:200], now)


def reached(db: Connection, workspace: int, person_id: int) -> bool:
    """Somebody was heard of again; whether they had been lost."""
    return store.set_unreachable(db, workspace, person_id, "", None)
