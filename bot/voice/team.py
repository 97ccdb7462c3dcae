"""People in words: who covers what, one's own history, why a standup went as it did."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.message import Reply
from bot.standup.board import Why
from bot.standup.model import Answered, Question, QuestionRole, Run, Slot, State, streak
from bot.team.coverage import Cell, Coverage
from bot.team.model import Person
from bot.voice import deals, labels
from prompts import N_, clock, day, render, words

MOST = 12  # lines of one kind in a message

_STATES = {
    State.PLANNED: N_("will be asked"),
    State.LATER: N_("will be asked again"),
    State.ASKED: N_("asked, open"),
    State.ANSWERED: N_("answered"),
    State.SKIPPED: N_("skipped"),
    State.MISSED: N_("not answered"),
    State.OFF: N_("off"),
    State.STALE: N_("not asked: I was not running"),
    State.UNREACHABLE: N_("could not be reached"),
}
_EVENTS = {
    "asked": N_("asked"),
    "nudged": N_("reminded that the close is near"),
    "reminded": N_("reminded by the manager"),
    "answered": N_("answered"),
    "edited": N_("changed the answer"),
    "skipped": N_("skipped: {detail}"),
    "later": N_("asked to be asked again in {detail} minutes"),
    "missed": N_("the window ended without an answer"),
    "stale": N_("not asked: I was not running at the time, and it was more than two hours late"),
    "unreachable": N_("the message could not be delivered"),
}
_REASONS = {
    "weekend": N_("not a working day of theirs"),
    "holiday": N_("a public holiday: {detail}"),
    "leave": N_("on leave"),
    "unreachable": N_("could not be reached: {detail}"),
    "role": N_("this role is not asked; managers can opt in with /me"),
    "ahead": N_("the day is still ahead; they will be asked at {detail}"),
    "unplanned": N_("nothing was planned: the standup was off, or they joined after its hour"),
}


def coverage(found: Coverage, language: str) -> Reply:
    _ = words(language)

    def place(cell: Cell) -> str:
        return " · ".join(part for part in (cell.region, cell.product_line, cell.tier) if part) or _("Everything")

    overlaps = [(place(c), [p.name for p in c.people]) for c in found.overlaps]
    gaps = [place(c) for c in found.gaps]
    text = render(
        "team/coverage.message.md",
        language,
        overlaps=overlaps[:MOST],
        gaps=gaps[:MOST],
        more_overlaps=max(len(overlaps) - MOST, 0),
        more_gaps=max(len(gaps) - MOST, 0),
        cells=len(found.cells),
    )
    return Reply(text)


def state(slot: Slot, language: str) -> str:
    return words(language)(_STATES[slot.state])


def history(days: Sequence[Answered], runs: Mapping[int, Run], who: Person) -> Reply:
    """A person's own standups, the newest first."""
    shown = [(day(d.slot.day, who.language), state(d.slot, who.language), lines(d, runs, who)) for d in days]
    row = streak(d.slot.state for d in days)
    return Reply(render("standup/history.message.md", who.language, days=shown, row=row))


def lines(answered: Answered, runs: Mapping[int, Run], who: Person) -> list[tuple[str, str]]:
    run, _ = runs[answered.slot.run_id], words(who.language)
    focus = [Question(key, QuestionRole.FOCUS) for key in answered.answers if key.startswith("focus-")]
    told = deals.lines(answered.deals, who.language)
    shown = [
        (labels.part(q, who.language), labels.shorten(labels.run_on(items, who.language), 160))
        for q in (*run.questions, *focus)
        if (items := answered.answers.get(q.key, ()))
    ]
    return [*shown, (_("Deals"), labels.run_on(told, who.language))] if told else shown


def why(found: Why, language: str) -> Reply:
    """Why someone was, or was not, asked on a date: each event with its time on their own clock."""
    _ = words(language)
    happened = [(at(found.person, e.at), _(_EVENTS[e.kind], detail=reason(e.detail, language))) for e in found.events]
    text = render(
        "standup/why.message.md",
        language,
        who=found.person.name,
        zone=found.person.zone,
        day=found.day,
        due=clock(found.person.local(found.slot.first_due)) if found.slot else "",
        state=state(found.slot, language) if found.slot else "",
        off=_(_REASONS[found.off], detail=found.detail) if found.off in _REASONS else "",
        ahead=found.off == "ahead",
        events=happened,
        gazetted=found.gazetted,
    )
    return Reply(text)


def reason(detail: str, language: str) -> str:
    return labels.skip_reason(detail, language)


def at(who: Person, moment: datetime) -> str:
    """A moment on somebody's own clock, to the second."""
    return who.local(moment).strftime("%H:%M:%S")
