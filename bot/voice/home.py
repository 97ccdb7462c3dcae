"""Today at a glance, in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.blockers.model import Blocker
from bot.standup.model import Slot
from bot.team.model import Person
from bot.todos.model import Todo
from bot.voice import labels, team, todos
from prompts import render

MOST = 10


def home(
    who: Person,
    slot: Slot | None,
    standing: Sequence[Blocker],
    owed: Sequence[Todo],
    names: Mapping[int, str],
    now: datetime,
) -> str:
    """Their standup of today, the open blockers that they may see, their own first, and their to-dos."""
    ordered = sorted(standing, key=lambda b: (who.id not in (b.raised_by, b.owner_id), b.raised_on, b.id))
    lines = [
        (labels.shorten(b.text, 100), labels.stage(b.stage, who.language), names.get(b.owner_id or 0, ""))
        for b in ordered[:MOST]
    ]
    return render(
        "home/home.message.md",
        who.language,
        day=who.today(now),
        state=team.state(slot, who.language) if slot else "",
        closes=who.local(slot.closes) if slot else None,
        lines=lines,
        more=max(len(standing) - MOST, 0),
        todos=[(labels.shorten(t.task, 100), todos.when(t, who.language, who.today(now))) for t in owed[:MOST]],
        more_todos=max(len(owed) - MOST, 0),
    )
