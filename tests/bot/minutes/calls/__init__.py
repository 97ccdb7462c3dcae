"""Calls of our own with what came of them, and how near the engine gets.

A call is a file: its day and language, then a turn a line. Behind `##` stands what a reader marked:
`a=Ann|2026-03-12|what` a to-do of that owner, day and task (either may be empty), `+a` another line of it, `o=price` an
objection, `s=rebate` a sensitive word (`!`: refused), `d` a decision. The engine was built on those in `open`; a call
that it has not seen goes to `held` until it has been judged once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.minutes import offline
from bot.minutes.model import Minutes, Todo, Transcript
from bot.minutes.transcripts import read

HERE = Path(__file__).parent
_NEAR = 1  # lines that a to-do may be off


@dataclass
class Owed:
    owner: str
    due: str
    task: str
    lines: list[int]


@dataclass
class Call:
    name: str
    on: date
    transcript: Transcript
    todos: dict[str, Owed] = field(default_factory=dict)
    objections: set[tuple[str, int]] = field(default_factory=set)
    sensitive: set[tuple[str, int, bool]] = field(default_factory=set)
    decisions: set[int] = field(default_factory=set)


@dataclass
class Score:
    """Counts over calls. `named`: matched to-dos with an owner given; `right`: with the right one."""

    wanted: int = 0
    given: int = 0
    hit: int = 0
    named: int = 0
    right: int = 0
    dated: int = 0
    on_time: int = 0
    faults: list[str] = field(default_factory=list)

    def shares(self) -> dict[str, float]:
        """Percent."""
        pairs = {"recall": (self.hit, self.wanted), "precision": (self.hit, self.given)}
        pairs |= {"owner": (self.right, self.named), "due": (self.on_time, self.dated)}
        pairs["wrong_owner"] = (self.named - self.right, self.given)
        return {name: round(100 * part / whole, 1) if whole else 100.0 for name, (part, whole) in pairs.items()}


def calls(folder: str) -> Iterator[Call]:
    for file in sorted((HERE / folder).glob("*.txt")):
        yield load(file)


def load(file: Path) -> Call:
    head, *lines = file.read_text("utf-8").splitlines()
    said = [line.partition(" ## ") for line in lines if line.strip()]
    transcript = read("\n".join(text for text, _mark, _tags in said).encode(), file.name)
    call = Call(file.stem, date.fromisoformat(head.split()[0]), transcript)
    assert len(transcript.turns) == len(said), file
    for n, (_text, _mark, tags) in enumerate(said):
        for tag in filter(None, tags.split(";")):
            _mark_up(call, tag.strip(), n)
    return call


def _mark_up(call: Call, tag: str, n: int) -> None:
    name, _sign, value = tag.partition("=")
    if tag == "d":
        call.decisions.add(n)
    elif tag.startswith("+"):
        call.todos[tag[1:]].lines.append(n)
    elif name == "o" and "|" not in value:
        call.objections.add((value, n))
    elif name == "s" and "|" not in value:
        call.sensitive.add((value.rstrip("!"), n, value.endswith("!")))
    else:
        owner, due, task = value.split("|")
        call.todos[name] = Owed(owner, due, task, [n])


def score(folder: str) -> Score:
    total = Score()
    for call in calls(folder):
        count(call, offline.minutes(call.transcript, call.on), total)
    return total


def count(call: Call, minutes: Minutes, total: Score) -> None:
    """Add one call: each to-do matches the one whose lines it shares most of."""
    left = dict(call.todos)
    total.wanted += len(left)
    total.given += len(minutes.todos)
    for todo in sorted(minutes.todos, key=lambda one: -one.confidence):
        best = _best(todo, left)
        if best is None:
            total.faults.append(f"{call.name}: not a to-do {todo.lines} {todo.task!r}")
            continue
        owed = left.pop(best)
        total.hit += 1
        _judge(call.name, todo, owed, total)
    total.faults += [f"{call.name}: missed {owed.lines} {owed.task!r}" for owed in left.values()]


def _best(todo: Todo, left: dict[str, Owed]) -> str | None:
    shared = {
        name: _shared(todo.lines, owed, todo.task) * (1.5 if todo.owner == owed.owner else 1)
        for name, owed in left.items()
    }
    best = max(shared, key=lambda name: shared[name], default=None)
    return best if best is not None and shared[best] > 0 else None


def _shared(lines: Sequence[int], owed: Owed, task: str) -> float:
    exact = len(set(lines) & set(owed.lines))
    near = any(abs(a - b) <= _NEAR for a in lines for b in owed.lines)
    alike = set(words(task)) & set(words(owed.task))
    return exact * 10 + len(alike) * 2 if exact else (0.5 * len(alike) if near and alike else 0)


def words(text: str) -> Iterable[str]:
    return re.findall(r"[a-z]{4,}|[\u4e00-\u9fff]", text.lower())


def _judge(name: str, todo: Todo, owed: Owed, total: Score) -> None:
    if todo.owner:
        total.named += 1
        total.right += todo.owner == owed.owner
        if todo.owner != owed.owner:
            total.faults.append(f"{name}: owner {todo.owner} for {owed.owner!r} {todo.lines} {todo.task!r}")
    due = todo.due.iso if todo.due else ""
    if due or owed.due:
        total.dated += 1
        same = due[:10] == owed.due[:10]
        total.on_time += same
        if not same:
            total.faults.append(f"{name}: due {due!r} for {owed.due!r} {todo.lines} {todo.task!r}")
