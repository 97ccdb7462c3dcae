"""To-dos in words: a list, a card with what its reader may do, a reminder, the manager's week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.message import Button, Choices, Reply
from bot.team.model import Person
from bot.todos.model import Todo
from bot.voice import labels
from prompts import clock, day, escape, render, words

MOST = 15


@dataclass(frozen=True, slots=True)
class Line:
    """One to-do as a list shows it; `owner` "" for the reader's own."""

    task: str
    when: str
    deal: str
    owner: str


def listed(
    todos: Sequence[Todo], names: Mapping[int, str], deals: Mapping[str, str], who: Person, today: date
) -> Reply:
    """What is open, with a button for each to see and finish it. `deals`: what they are called, by key."""
    _ = words(who.language)
    shown = [_line(one, names, deals, who, today) for one in todos[:MOST]]
    text = render(
        "todos/list.message.md",
        who.language,
        shown=shown,
        count=len(todos),
        overdue=sum(one.overdue(today) for one in todos),
        more=max(len(todos) - MOST, 0),
    )
    buttons = tuple(Button(labels.shorten(one.task, 28), f"/todo show {one.id}") for one in todos[:MOST])
    return Reply(text, (*buttons, Button(_("Add"), "/todo add", "primary")), private=True)


def _line(one: Todo, names: Mapping[int, str], deals: Mapping[str, str], who: Person, today: date) -> Line:
    _ = words(who.language)
    owner = "" if one.owner_id == who.id else names.get(one.owner_id or 0, "") or _("nobody yet")
    return Line(labels.shorten(one.task, 100), when(one, who.language, today), deals.get(one.deal, ""), owner)


def when(one: Todo, language: str, today: date) -> str:
    """The day it is due, and that it was; "" where it has none."""
    _ = words(language)
    if one.due is None:
        return ""
    on = day(one.due, language) + (f" {clock(one.due_at)}" if one.due_at else "")
    if one.overdue(today):
        return _.n("{day}, {n} day late", "{day}, {n} days late", (today - one.due).days, day=on)
    return _("today") if one.due == today and not one.due_at else on


def card(
    one: Todo,
    names: Mapping[int, str],
    deals: Mapping[str, str],
    who: Person,
    today: date,
    *,
    kind: str = "",
    by: str = "",
) -> Reply:
    """One to-do. `kind`: "" when somebody asked for it; "ahead", "after": a reminder; "given": it is new to them."""
    _ = words(who.language)
    owner = "" if one.owner_id == who.id else names.get(one.owner_id or 0, "") or _("nobody yet")
    giver = "" if one.given_by == who.id else names.get(one.given_by or 0, "")
    parts = [
        when(one, who.language, today) if kind in ("", "given") else "",
        deals.get(one.deal, ""),
        _("owner: {name}", name=owner) if owner else "",
        _("from {name}", name=giver) if giver and not by else "",
    ]
    text = render(
        "todos/card.message.md",
        who.language,
        one=one,
        kind=kind,
        by=by,
        due=_("today") if one.due == today else day(one.due, who.language) if one.due else "",
        parts=[escape(part) for part in parts if part],
    )
    return Reply(text, _moves(one, who), private=True)


def _moves(one: Todo, who: Person) -> tuple[Button | Choices, ...]:
    _ = words(who.language)
    if not one.open:
        return (Button(_("Open again"), f"/todo reopen {one.id}"),)
    later = tuple(
        Button(label, f"/todo snooze {one.id} {span}")
        for label, span in ((_("Tomorrow"), "1"), (_("In three days"), "3"), (_("Next week"), "7"))
    )
    moves: list[Button | Choices] = [
        Button(_("Done"), f"/todo done {one.id}", "primary"),
        Choices(_("Later"), later),
        Button(_("Hand over"), f"/todo hand {one.id}"),
        Button(_("Change"), f"/todo change {one.id}"),
    ]
    if one.owner_id == who.id and one.given_by not in (None, who.id):
        moves.append(Button(_("Not mine"), f"/todo notmine {one.id}"))
    else:
        moves.append(Button(_("Drop"), f"/todo drop {one.id}"))
    return tuple(moves)


def overdue(todos: Sequence[Todo], names: Mapping[int, str], head: Person, today: date) -> Reply:
    """The manager's week: what is late, by person."""
    people: dict[int, list[str]] = {}
    for one in todos:
        text = f"{labels.shorten(one.task, 60)} ({when(one, head.language, today)})"
        people.setdefault(one.owner_id or 0, []).append(text)
    rows = [(names.get(owner, ""), tasks) for owner, tasks in people.items()]
    text = render("todos/overdue.message.md", head.language, people=rows, count=len(todos))
    return Reply(text, (Button(words(head.language)("To-dos of your people"), "/todo team"),))
