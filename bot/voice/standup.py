"""The standup in words: prompt, form, receipt, board, summary, the manager's note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache

from bot.blockers.model import STAGES, Blocker, Category
from bot.message import Button, Choices, Field, Form, Option, Reply
from bot.standup.model import SNOOZES, Board, Items, Question, QuestionRole, Row, Slot, State
from bot.standup.service import Ask, Nudge, Outcome
from bot.team.model import Person
from bot.todos.model import Todo
from bot.voice import deals, labels
from bot.voice.todos import when
from prompts import clock, render, words

NO_BLOCKER = "none"
STILL = "still-"
DUE, TODOS = "due.todos", 5  # the field of to-dos that are due, and how many it takes


def prompt(ask: Ask) -> Reply:
    """What asks somebody for their standup."""
    slot, language = ask.slot, ask.person.language
    text = _prompt_text(
        language,
        slot.day,
        clock(ask.person.local(slot.closes)),
        ask.planned,
        ask.planned_on,
        tuple(b.text for b in ask.blockers),
        slot.snoozes > 0,
        deals.waiting(ask.deals, language),
        ask.focus.text if ask.focus else "",
    )
    said = _prompt_labels(language)
    buttons: list[Button | Choices] = [Button(said.answer, f"/standup answer {slot.id}", "primary")]
    if ask.planned:
        buttons.append(Button(said.same, f"/standup same {slot.id}"))
    skips = tuple([Button(label, f"/standup skip {slot.id}{key}") for key, label in said.skips])
    later = tuple([Button(label, f"/standup later {slot.id} {n}") for n, label in said.later])
    return Reply(text, (*buttons, Choices(said.skip, skips), Choices(said.put_off, later)))


@lru_cache(maxsize=4096)
def _prompt_text(
    language: str,
    day: date,
    closes: str,
    planned: Items,
    planned_on: date | None,
    blockers: Items,
    again: bool,
    waiting: Items,
    focus: str,
) -> str:
    """The words of a prompt; people who planned nothing, after a holiday say, share theirs."""
    return render(
        "standup/prompt.message.md",
        language,
        day=day,
        closes=closes,
        planned=labels.shorten(labels.run_on(planned, language), 300),
        planned_on=planned_on,
        yesterday=planned_on == day - timedelta(days=1),
        blockers=[labels.shorten(text) for text in blockers],
        again=again,
        waiting=waiting,
        focus=focus,
    )


@dataclass(frozen=True, slots=True)
class _PromptLabels:
    """`skips`: (what follows the slot in the command, label); `later`: (minutes, label)."""

    answer: str
    same: str
    skip: str
    skips: tuple[tuple[str, str], ...]
    put_off: str
    later: tuple[tuple[int, str], ...]


@cache
def _prompt_labels(language: str) -> _PromptLabels:
    _ = words(language)
    return _PromptLabels(
        answer=_("Answer"),
        same=_("Same as planned ✓"),
        skip=_("Skip today"),
        skips=(*((f" {key}", _(text)) for key, text in labels.SKIPS.items()), ("", _("Another reason"))),
        put_off=_("Later"),
        later=tuple((n, _.n("in {n} minute", "in {n} minutes", n)) for n in SNOOZES),
    )


def prompt_over(ask: Ask, how: str, detail: str = "") -> Reply:
    """What the prompt becomes once it needs no answer: `how` is answered, skipped, later or closed."""
    who, _ = ask.person, words(ask.person.language)
    text = render("standup/prompt_over.message.md", who.language, day=ask.slot.day, how=how, detail=detail)
    label = _("Edit") if how == "answered" else _("Answer after all")
    return Reply(text, (Button(label, f"/standup answer {ask.slot.id}"),))


def nudge(due: Nudge) -> Reply:
    who, _ = due.person, words(due.person.language)
    text = render(
        "standup/nudge.message.md",
        who.language,
        answered=due.answered,
        counted=due.counted,
        closes=who.local(due.slot.closes),
        late=due.slot.state is not State.ASKED,
    )
    return Reply(text, (Button(_("Answer"), f"/standup answer {due.slot.id}", "primary"),))


# the form


def form(
    ask: Ask,
    answers: Mapping[str, Items],
    named: Sequence[Blocker],
    stages: Sequence[str] = STAGES,
    due: Sequence[Todo] = (),
) -> Form:
    """The questions as they stood when the run was planned, and the deals that wait, filled in with what was answered.

    `named`: the blockers that this slot raised beside those of deals, and that still stand. `stages`: of the sale.
    `due`: the to-dos that are due, to tick.
    """
    who, _ = ask.person, words(ask.person.language)
    fields: list[Field] = []
    for asked in ask.run.questions:
        given = answers.get(asked.key, ())
        if asked.role is QuestionRole.BLOCKER:
            fields += _blocker_fields(ask, asked, named, stages, answered=asked.key in answers)
        elif asked.role is QuestionRole.DONE and ask.planned:
            fields += _done_fields(ask, asked, given)
        else:
            fields.append(_field(asked, given, who.language))
    at = next((n for n, one in enumerate(fields) if one.kind == "text"), -1) + 1  # below what was done
    fields[at:at] = _due_fields(due, who, ask.slot.day)
    return Form(
        title=render("standup/form_title.message.md", who.language, day=ask.slot.day),
        says=f"/standup submit {ask.slot.id}",
        fields=(*fields, *deals.fields(ask.deals, who.language)),
        submit=_("Send"),
    )


def _due_fields(due: Sequence[Todo], who: Person, today: date) -> list[Field]:
    _ = words(who.language)
    options = tuple(
        Option(str(one.id), f"{labels.shorten(one.task, 110)} ({when(one, who.language, today)})") for one in due
    )
    hint = _("Tick those that are done.")
    return [Field(DUE, _("To-dos that are due"), "many", (), options, hint=hint)] if options else []


def _done_fields(ask: Ask, asked: Question, given: Items) -> list[Field]:
    _ = words(ask.person.language)
    ticked = tuple(str(n) for n, item in enumerate(ask.planned) if item in given)
    rest = "\n".join(item for item in given if item not in ask.planned)
    options = tuple(Option(str(n), labels.shorten(item, 150)) for n, item in enumerate(ask.planned))
    label = labels.question(asked, ask.person.language)
    return [
        Field(f"{asked.key}.planned", label, "many", ticked, options, hint=_("What you planned. Tick what is done.")),
        Field(asked.key, _("And besides?"), "text", rest, hint=_("One thing a line. Leave empty if there is nothing.")),
    ]


def _field(asked: Question, given: Items, language: str) -> Field:
    _, label = words(language), labels.question(asked, language)
    value = "\n".join(given)
    if asked.role is QuestionRole.MOOD:
        return Field(asked.key, label, "one", value, tuple(Option(str(n), str(n)) for n in range(1, 6)))
    if asked.role is QuestionRole.NUMBER:
        return Field(asked.key, label, "number", value)
    if asked.role in (QuestionRole.DONE, QuestionRole.NEXT):
        return Field(asked.key, label, "text", value, hint=_("One thing a line."))
    return Field(asked.key, label, "text", value)


def _blocker_fields(
    ask: Ask, asked: Question, named: Sequence[Blocker], names: Sequence[str], *, answered: bool
) -> list[Field]:
    language = ask.person.language
    _ = words(language)
    mine = named[0] if named else None
    elsewhere = {one.blocker_id for one in ask.deals} | ({mine.id} if mine else set())
    earlier = [b for b in ask.blockers if b.id not in elsewhere]
    still = [Option(f"{STILL}{b.id}", _("Still: {blocker}", blocker=labels.shorten(b.text, 60))) for b in earlier[:5]]
    kinds = [Option(kind.value, labels.category(kind, language)) for kind in Category]
    value = mine.category.value if mine else NO_BLOCKER if answered else ""
    stages = (Option("", labels.stage("", language)), *(Option(s, labels.stage(s, language)) for s in names))
    key = asked.key
    return [
        Field(
            f"{key}.kind",
            labels.question(asked, language),
            "one",
            value,
            (Option(NO_BLOCKER, _("No blocker")), *still, *kinds),
            required=True,
        ),
        Field(key, _("In one line"), "line", mine.text if mine else "", hint=_("Only if something is in the way.")),
        Field(f"{key}.deal", _("Which deal?"), "line", mine.deal if mine else "", most=200),
        Field(f"{key}.stage", _("At which stage?"), "one", mine.stage if mine else "", stages),
    ]


def skip_form(slot: Slot, language: str) -> Form:
    _ = words(language)
    reason = Field("reason", _("Why not today?"), "line", required=True, most=200, hint=_("Your manager sees it."))
    return Form(_("Skip today"), f"/standup skip {slot.id}", (reason,), _("Skip today"))


# what comes of an answer


def receipt(ask: Ask, answers: Mapping[str, Items], outcome: Outcome, named: Sequence[Blocker], *, sure: bool) -> Reply:
    """An answer shown back to whoever gave it, with a way to change it."""
    who, _ = ask.person, words(ask.person.language)
    lines = _lines(ask, answers, named)
    text = render(
        "standup/receipt.message.md",
        who.language,
        day=ask.slot.day,
        late=outcome.slot.late,
        first=outcome.first,
        changed=outcome.changed,
        lines=lines,
        sure=sure,
        no_next=not any(answers.get(q.key) for q in ask.run.questions if q.role is QuestionRole.NEXT),
        streak=outcome.streak,
        kept=[labels.shorten(b.text) for b in named if b.slot_id != ask.slot.id],
    )
    buttons: list[Button | Choices] = [Button(_("Edit"), f"/standup answer {ask.slot.id}")]
    for one in [b for b in ask.blockers if b.id not in {n.id for n in named}][:3]:
        label = _("Resolved: {blocker}", blocker=labels.shorten(one.text, 30))
        buttons.append(Button(label, f"/blocker resolve {one.id}"))
    return Reply(text, tuple(buttons))


def _lines(ask: Ask, answers: Mapping[str, Items], named: Sequence[Blocker]) -> list[tuple[str, str]]:
    language = ask.person.language
    _, stuck = words(language), {one.blocker_id for one in ask.deals}
    lines = []
    for asked in ask.run.questions:
        items = answers.get(asked.key, ())
        if asked.role is QuestionRole.BLOCKER:
            items = tuple(b.text for b in named if b.id not in stuck) or ((_("none"),) if asked.key in answers else ())
        if items:
            lines.append((labels.part(asked, language), labels.run_on(items, language)))
    if told := deals.lines(ask.deals, language):
        lines.append((_("Deals"), labels.run_on(told, language)))
    return lines


def told(ask: Ask, answers: Mapping[str, Items], named: Sequence[Blocker], late: bool, language: str) -> Reply:
    """One person's whole answer, for the thread under the board."""
    reader = replace(ask, person=replace(ask.person, language=language))
    lines = _lines(reader, answers, named)
    return Reply(render("standup/told.message.md", language, who=ask.person.name, lines=lines, late=late))


# the board


def board(view: Board, language: str) -> Reply:
    """The team's one message of the day."""
    _ = words(language)
    text = render(
        "standup/board.message.md",
        language,
        team=view.team_name,
        day=view.run.day,
        view=view,
        rows=[_board_row(row, language) for row in view.rows],
        stages=[(labels.stage(stage, language), count, oldest) for stage, count, oldest in view.stages],
        open_count=len(view.open_blockers),
    )
    return Reply(text)


def _board_row(row: Row, language: str) -> dict[str, object]:
    return {
        "name": row.name,
        "done": len(row.done),
        "next": labels.shorten(labels.run_on(row.next, language), 80),
        "deals": deals.brief(row.deals, language),
        "blockers": [(labels.shorten(b.text, 70), age) for b, age in zip(row.blockers, row.ages, strict=True)],
        "late": row.slot.late,
    }


def summary(view: Board, language: str, *, office: str) -> Reply:
    """What the channel reads when the last has closed. `office` is the city, "" when the team has but one."""
    text = render(
        "standup/summary.message.md",
        language,
        team=view.team_name,
        day=view.run.day,
        view=view,
        late=[row.name for row in view.rows if row.slot.late],
        blocked=[
            (row.name, labels.shorten(b.text, 70), age)
            for row in view.rows
            for b, age in zip(row.blockers, row.ages, strict=True)
        ],
        stages=[(labels.stage(stage, language), count, oldest) for stage, count, oldest in view.stages],
        office=office,
    )
    return Reply(text)


def for_manager(view: Board, names: Mapping[int, str], language: str, number: int, *, again: bool) -> Reply:
    """Who did not answer, for the manager's eyes; `again`: they were reminded by hand already."""
    _ = words(language)
    missed = [names[s.person_id] for s in view.missed if s.person_id in names]
    stale = [names[s.person_id] for s in view.stale if s.person_id in names]
    text = render(
        "standup/manager.message.md",
        language,
        team=view.team_name,
        day=view.run.day,
        view=view,
        missed=missed,
        stale=stale,
        again=again,
    )
    buttons: list[Button | Choices] = []
    if (missed or stale) and not again:
        label = _("Nudge") if missed else _("Ask them now")
        buttons.append(Button(label, f"/standup nudge {view.run.id} {number}", "primary"))
    if view.open_blockers:
        buttons.append(Button(_("Open blockers"), "/blockers"))
    return Reply(text, tuple(buttons))
