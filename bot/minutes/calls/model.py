"""A call on its way from transcript to posted minutes, and its minutes as items that are decided one by one. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from bot.minutes.dates.when import Due
from bot.minutes.model import (
    Dropped,
    Minutes,
    Moment,
    MomentKind,
    Objection,
    ObjectionKind,
    Point,
    Sensitive,
    SensitiveKind,
    Side,
    Speaker,
    Todo,
    Topic,
    Transcript,
    Turn,
)


class State(StrEnum):
    READING = "reading"
    DRAFT = "draft"
    POSTED = "posted"
    KEPT = "kept"  # for its sender alone
    FAILED = "failed"
    FORGOTTEN = "forgotten"  # what was said is erased; that there was a call stays


@dataclass(frozen=True, slots=True)
class Call:
    """`key`: what it came from, so that the same upload is one call. `sent_by`: whose it is. `name`: of the file.

    `deal`: the CRM's id, "" for none; `customer`: as people call it. `seconds`: how long it lasted, as far as its times
    tell. `reason`: why it failed, a plain sentence. `note`: how the minutes were made, when there is more to say than
    `engine`. `posted_to`: the places, as text. `public`: published as an example of good practice.
    """

    id: int
    workspace_id: int
    key: str
    sent_by: int
    name: str
    at: datetime
    state: State
    title: str
    on: date
    language: str
    seconds: float | None = None
    deal: str = ""
    customer: str = ""
    engine: str = ""
    reason: str = ""
    note: str = ""
    posted_at: datetime | None = None
    posted_to: str = ""
    public: bool = False

    @property
    def settled(self) -> bool:
        """Whether its sender has said what becomes of the minutes."""
        return self.state in (State.POSTED, State.KEPT)


class Kind(StrEnum):
    SUMMARY = "summary"
    TOPIC = "topic"
    POINT = "point"
    DECISION = "decision"
    TODO = "todo"
    OBJECTION = "objection"
    SENSITIVE = "sensitive"
    MOMENT = "moment"


class Verdict(StrEnum):
    PROPOSED = "proposed"
    KEPT = "kept"
    CHANGED = "changed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the minutes say. `n` counts those of a call from 0. `lines`: the turns that it rests on.

    `about`, by kind: `owner` (a name or None), `owner_id` (on the roster), `due`, `due_phrase`, `confidence` of a
    to-do; `kind`, `answered`, `card` of an objection; `kind`, `negated` of a sensitive word; `kind` of a moment;
    `first`, `last` of a topic; of a point `topic`, the topic's `n`.
    """

    id: int
    call_id: int
    n: int
    kind: Kind
    text: str
    lines: tuple[int, ...]
    verdict: Verdict = Verdict.PROPOSED
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        return self.verdict is not Verdict.DROPPED

    @property
    def due(self) -> Due | None:
        return due_of(self.about.get("due"))


def due_of(text: str | None) -> Due | None:
    """The day, and the time where one was stated, that `Due.iso` wrote."""
    if not text:
        return None
    day, _t, at = text.partition("T")
    return Due(date.fromisoformat(day), time.fromisoformat(at) if at else None)


def items_of(found: Minutes) -> list[Item]:
    """The minutes, one item each, in the order of the minutes; not yet of any call."""
    rows: list[Item] = []

    def put(what: Kind, text: str, lines: Iterable[int], **about: Any) -> int:
        rows.append(Item(0, 0, len(rows), what, text, tuple(lines), about=about))
        return len(rows) - 1

    for point in found.summary:
        put(Kind.SUMMARY, point.text, point.lines)
    for topic in found.topics:
        n = put(Kind.TOPIC, topic.title, (topic.first, topic.last), first=topic.first, last=topic.last)
        for point in topic.points:
            put(Kind.POINT, point.text, point.lines, topic=n)
    for point in found.decisions:
        put(Kind.DECISION, point.text, point.lines)
    for todo in found.todos:
        about = {"owner": todo.owner, "due": todo.due.iso if todo.due else None, "due_phrase": todo.due_phrase}
        put(Kind.TODO, todo.task, todo.lines, **about, confidence=todo.confidence)
    for one in found.objections:
        put(Kind.OBJECTION, one.text, one.lines, kind=one.kind.value, answered=one.answered, card=one.card)
    for term in found.sensitive:
        put(Kind.SENSITIVE, term.term, term.lines, kind=term.kind.value, negated=term.negated)
    for moment in found.moments:
        put(Kind.MOMENT, moment.text, moment.lines, kind=moment.kind.value)
    return rows


def minutes_of(items: Sequence[Item], dropped: Sequence[Dropped], engine: str) -> Minutes:
    """The minutes as the verdicts left them: what was dropped is gone, what was changed reads as changed."""
    here = [one for one in items if one.stands]

    def of(kind: Kind) -> list[Item]:
        return [one for one in here if one.kind is kind]

    points = of(Kind.POINT)
    return Minutes(
        tuple(Point(one.text, one.lines) for one in of(Kind.SUMMARY)),
        tuple(_topic(one, points) for one in of(Kind.TOPIC)),
        tuple(Point(one.text, one.lines) for one in of(Kind.DECISION)),
        tuple(_todo(one) for one in of(Kind.TODO)),
        tuple(_objection(one) for one in of(Kind.OBJECTION)),
        tuple(
            Sensitive(one.text, SensitiveKind(one.about["kind"]), one.lines, one.about["negated"])
            for one in of(Kind.SENSITIVE)
        ),
        tuple(Moment(MomentKind(one.about["kind"]), one.text, one.lines) for one in of(Kind.MOMENT)),
        tuple(dropped),
        engine,
    )


def _topic(one: Item, points: Sequence[Item]) -> Topic:
    mine = tuple(Point(point.text, point.lines) for point in points if point.about["topic"] == one.n)
    return Topic(one.text, one.about["first"], one.about["last"], mine)


def _todo(one: Item) -> Todo:
    about = one.about
    return Todo(one.text, about["owner"], one.due, about["due_phrase"], one.lines, about["confidence"])


def _objection(one: Item) -> Objection:
    about = one.about
    return Objection(one.text, ObjectionKind(about["kind"]), one.lines, about["answered"], about["card"])


def pack(found: Minutes) -> dict[str, Any]:
    """Minutes as JSON-ready values; `unpack` reads them back as they were."""
    rows = [[one.kind.value, one.text, list(one.lines), one.about] for one in items_of(found)]
    return {"items": rows, "dropped": [[one.text, one.why] for one in found.dropped], "engine": found.engine}


def unpack(body: dict[str, Any]) -> Minutes:
    rows = enumerate(body["items"])
    items = [Item(0, 0, n, Kind(kind), text, tuple(lines), about=about) for n, (kind, text, lines, about) in rows]
    return minutes_of(items, [Dropped(text, why) for text, why in body["dropped"]], body["engine"])


def dump(transcript: Transcript) -> dict[str, Any]:
    """A transcript as JSON-ready values; `load` reads it back as it was."""
    return {
        "form": transcript.form,
        "title": transcript.title,
        "language": transcript.language,
        "on": transcript.on.isoformat() if transcript.on else None,
        "speakers": [[one.name, one.side.value, one.affiliation, one.email] for one in transcript.speakers],
        "turns": [[one.speaker, one.text, one.start, one.end] for one in transcript.turns],
    }


def load(body: dict[str, Any]) -> Transcript:
    return Transcript(
        tuple(Turn(i, *turn) for i, turn in enumerate(body["turns"])),
        tuple(Speaker(name, Side(side), company, email) for name, side, company, email in body["speakers"]),
        body["language"],
        body["form"],
        body["title"],
        date.fromisoformat(body["on"]) if body["on"] else None,
    )
