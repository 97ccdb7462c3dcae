"""A transcript as a page shows it: in stretches that a browser lays out when they come into sight. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.minutes.model import Side, Topic, Transcript, Turn

STRETCH = 40  # turns
CITED = 3  # places of an item that are named; the rest is counted


@dataclass(frozen=True, slots=True)
class Row:
    """One turn. `clock`: when in the call, "" where the file does not say; `name`: only where somebody else speaks."""

    i: int
    clock: str
    name: str
    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some turns, and the topic that begins with the first of them."""

    topic: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Cite:
    """Turns of an item that follow each other, by one speaker. `lines`: all of them, the first is where it leads."""

    clock: str
    name: str
    lines: tuple[int, ...]


def clock(seconds: float | None) -> str:
    """ "12:31", "1:02:31"."""
    if seconds is None:
        return ""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def stretches(transcript: Transcript, topics: Sequence[Topic] = ()) -> list[Stretch]:
    """All turns in the order of the file; a new stretch begins with each topic, and when one grows long."""
    begins = {topic.first: topic.title for topic in topics}
    sides = {one.name: one.side for one in transcript.speakers}
    found: list[tuple[str, list[Row]]] = []
    before: str | None = None
    for turn in transcript.turns:
        if not found or turn.i in begins or len(found[-1][1]) >= STRETCH:
            found.append((begins.get(turn.i, ""), []))
            before = None
        name = "" if turn.speaker == before else turn.speaker
        found[-1][1].append(Row(turn.i, clock(turn.start), name, sides.get(turn.speaker, Side.UNKNOWN), turn.text))
        before = turn.speaker
    return [Stretch(topic, tuple(rows)) for topic, rows in found]


def cites(transcript: Transcript, lines: Sequence[int]) -> tuple[list[Cite], int]:
    """Where an item rests, the first few places, and how many more there are."""
    runs = list(_runs([transcript.turns[i] for i in sorted({*lines}) if 0 <= i < len(transcript.turns)]))
    return [_cite(run) for run in runs[:CITED]], max(0, len(runs) - CITED)


def _runs(turns: Sequence[Turn]) -> Iterator[list[Turn]]:
    run: list[Turn] = []
    for turn in turns:
        if run and (turn.i != run[-1].i + 1 or turn.speaker != run[-1].speaker):
            yield run
            run = []
        run.append(turn)
    if run:
        yield run


def _cite(run: Sequence[Turn]) -> Cite:
    return Cite(clock(run[0].start), run[0].speaker, tuple(turn.i for turn in run))
