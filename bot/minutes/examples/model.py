"""A call that others may learn from: asked for, published, withdrawn. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.minutes.calls.model import Item, Kind, dump, load, minutes_of
from bot.minutes.model import Minutes, Transcript


class State(StrEnum):
    ASKED = "asked"  # its owner has not said yes yet
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Example:
    """`owner_id` sent the call and says yes or no; `asked_by` thought that it is worth reading, and `lesson` says why.

    `team_id`: whose example it is. `more`: words that were left out by hand. `body`: what was redacted, as JSON has it.
    """

    id: int
    workspace_id: int
    call_id: int
    team_id: int
    owner_id: int
    asked_by: int
    state: State
    language: str
    seconds: float | None
    lesson: str
    more: tuple[str, ...]
    body: dict[str, Any]
    at: datetime
    published_at: datetime | None = None

    @property
    def transcript(self) -> Transcript:
        return load(self.body["transcript"])

    @property
    def minutes(self) -> Minutes:
        items = [
            Item(0, self.call_id, n, Kind(kind), text, tuple(lines), about=about)
            for n, kind, text, lines, about in self.body["items"]
        ]
        return minutes_of(items, (), self.body["engine"])

    @property
    def title(self) -> str:
        """The first thing that its minutes say."""
        return next((text for _n, kind, text, *_rest in self.body["items"] if kind == Kind.SUMMARY), "")


def written(transcript: Transcript, items: list[Item], engine: str) -> dict[str, Any]:
    """What `Example` reads back; items that were dropped stay out."""
    rows = [[one.n, one.kind.value, one.text, list(one.lines), one.about] for one in items if one.stands]
    return {"transcript": dump(transcript), "items": rows, "engine": engine}
