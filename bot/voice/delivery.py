"""Delivery in words: what did not get through, who cannot be reached."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.db import Connection
from bot.message import Button, Choices, Reply
from bot.outbox.model import State
from bot.team import accounts, service
from bot.team.model import Person
from prompts import N_, render, words

_STATES = {
    State.DEAD: N_("given up"),
    State.GONE: N_("given up"),
    State.UNKNOWN: N_("may not have arrived"),
}
_PURPOSES = {
    "standup-prompt": N_("standup prompt"),
    "standup-nudge": N_("standup reminder"),
    "standup-remind": N_("standup reminder"),
    "standup-board": N_("standup board"),
    "standup-summary": N_("standup summary"),
    "standup-manager": N_("standup note to the manager"),
    "standup-answer": N_("answer in the thread"),
    "blocker": N_("blocker"),
    "blocker-decide": N_("blocker that waits for a decision"),
    "reply": N_("reply"),
}


def names(db: Connection, workspace: int, rows: Sequence[Any]) -> dict[tuple[str, str], str]:
    """Whose each chat of these outbox rows is: the name of a person or of a team."""
    found: dict[tuple[str, str], str] = {}
    teams = {t.id: t.name for t in service.teams(db, workspace)}
    people = {p.id: p.name for p in service.people(db, workspace)}
    for platform in {row.platform for row in rows}:
        for chat, team_id in accounts.team_chats(db, workspace, platform).items():
            found[platform, chat] = teams.get(team_id, "")
        for chat, person_id in accounts.person_chats(db, workspace, platform).items():
            found[platform, chat] = people.get(person_id, "")
    return found


def listed(
    rows: Sequence[Any], more: bool, counts: Mapping[str, int], whose: Mapping[tuple[str, str], str], reader: Person
) -> Reply:
    """What did not get through, the newest first, each with a way to send it again."""
    _ = words(reader.language)
    lines, again = [], []
    for row in rows:
        purpose = _(_PURPOSES.get(row.key.partition(":")[0], N_("message")))
        to = whose.get((row.platform, row.chat)) or _("somebody")
        state = _(_STATES[State(row.state)]) if row.state in _STATES else _("may have been read twice")
        lines.append((purpose, to, row.platform, state, row.error))
        if row.state in _STATES:
            again.append(Button(f"{purpose} · {to}"[:70], f"/outbox retry {row.id}"))
    waiting = counts.get(State.READY, 0) + counts.get(State.SENDING, 0)
    text = render("outbox/outbox.message.md", reader.language, lines=lines, more=more, waiting=waiting)
    return Reply(text, (Choices(_("Send again"), tuple(again)),) if again else (), private=True)


def lost(who: Person, why: str, language: str) -> Reply:
    """The note to an admin that somebody cannot be reached."""
    return Reply(render("outbox/lost.message.md", language, whom=who.name, why=why))


def trouble(count: int, language: str) -> Reply:
    """The note to an admin that messages did not get through."""
    _ = words(language)
    text = _.n(
        "{n} message did not get through in the last hour.", "{n} messages did not get through in the last hour.", count
    )
    return Reply(text, (Button(_("Show them"), "/outbox"),))
