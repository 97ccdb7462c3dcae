"""`/standup` and all that its buttons say; and words that answer the prompt without any command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app import App
from bot.blockers import service as blockers
from bot.blockers.model import Blocker, Category, Said
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.message import Form, Message, Reply, answer, ticks
from bot.standup import board, model, parse, planning, service, store
from bot.standup.deals.model import Told, What
from bot.standup.model import Items, QuestionRole, Slot, State
from bot.standup.service import Ask
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.todos import service as todos
from bot.todos.model import State as TodoState
from bot.voice import announce, labels
from bot.voice import deals as voice_deals
from bot.voice import standup as voice
from prompts import clock, words


def standup(app: App, who: Person, msg: Message) -> Reply | None:
    """Your standup: answer it, early or late, or change what you said"""
    verb, _space, rest = msg.text.partition(" ")
    if not verb:
        return _today(app, who)
    act = _VERBS.get(verb)
    if act is None:
        _ = words(who.language)
        raise BotError(_("/standup knows no “{verb}”. Send /standup alone for your standup.", verb=verb[:40]))
    return act(app, who, msg, rest.split())


def said(app: App, who: Person, msg: Message) -> Reply | None:
    """Words without a command: an answer to the prompt, when they can be one."""
    now = app.now()
    with app.db.begin() as db:
        slot = service.slot_today(db, who, now)
        if slot is None or not _listens(slot, msg, now):
            return None
        (ask,) = service.describe(db, app.workspace, [slot])
        spoken = service.read_deals(db, who, slot, msg.text, now)
        parsed = parse.read(spoken.rest, ask.run.questions) if spoken.rest.strip() else parse.Parsed({}, None, True)
        asked_directly = msg.about.startswith(_ASKING) or slot.state is State.ASKED
        if not (
            asked_directly or spoken.told or (parsed.sure and len(parsed.answers) > 1) or _adds_next(db, ask, parsed)
        ):
            return None
        answers, named = parsed.answers, parsed.said
        if not parsed.sure and _adds_next(db, ask, parsed):
            following = next(q.key for q in ask.run.questions if q.role is QuestionRole.NEXT)
            answers, named = {following: parse.items(spoken.rest)}, None
        sure = parsed.sure or len(answers) == 1
        return _keep(app, db, ask, answers, named, spoken.told, sure=sure)


_ASKING = ("standup-prompt:", "standup-nudge:", "standup-remind:")


def _listens(slot: Slot, msg: Message, now: datetime) -> bool:
    if msg.how == "edit":  # a message of today's that was an answer; others stay what they were
        return slot.state is State.ANSWERED
    over = slot.state in (State.SKIPPED, State.OFF) and not msg.about.startswith(_ASKING)
    return not over and msg.how == "typed"


def _adds_next(db: Connection, ask: Ask, parsed: parse.Parsed) -> bool:
    """Whether the words follow "What is next?": answered a moment ago, with nothing planned."""
    if ask.slot.state is not State.ANSWERED or parsed.sure:
        return False
    answers = board.answered(db, ask.slot).answers
    following = [q.key for q in ask.run.questions if q.role is QuestionRole.NEXT]
    return bool(following) and not any(answers.get(key) for key in following)


def _today(app: App, who: Person) -> Reply:
    with app.db.begin() as db:
        slot = service.slot_today(db, who, app.now())
        if slot is None:
            return _board(app, db, who)
        return Reply(form=_form(db, app, slot, who))


def _board(app: App, db: Connection, who: Person) -> Reply:
    """The board of their team, for those who are not asked."""
    _ = words(who.language)
    run = store.newest_run(db, app.workspace, who.team_id)
    if run is None:
        return Reply(_("Your team has had no standup yet. The first one opens at the team's hour on the next workday."))
    return voice.board(board.board(db, app.workspace, run.id), who.language)


def _form(db: Connection, app: App, slot: Slot, who: Person) -> Form:
    if slot.asked_at is None:  # early: this is the moment of asking
        service.take(db, app.workspace, [slot], [who], app.now())
    (ask,) = service.describe(db, app.workspace, [slot])
    stages = blockers.stages(db, app.workspace)
    due = todos.due_by(db, who, slot.day, voice.TODOS)
    return voice.form(ask, board.answered(db, slot).answers, _named(db, ask), stages, due)


def _named(db: Connection, ask: Ask) -> list[Blocker]:
    """The blockers that the slot raised, those of deals left aside."""
    of_deals = {one.blocker_id for one in ask.deals}
    raised = blockers.named_in(db, ask.slot.workspace_id, [ask.slot.id])
    return [b for b in raised if b.live and b.id not in of_deals]


# what the buttons say


def _open(app: App, who: Person, msg: Message, rest: list[str]) -> Reply:
    with app.db.begin() as db:
        return Reply(form=_form(db, app, _own(app, db, who, rest), who))


def _own(app: App, db: Connection, who: Person, rest: list[str]) -> Slot:
    number = int(rest[0]) if rest and rest[0].isdecimal() and len(rest[0]) < 18 else 0
    return service.own_slot(db, who, number, app.now())


def _submit(app: App, who: Person, msg: Message, rest: list[str]) -> Reply:
    with app.db.begin() as db:
        (ask,) = service.describe(db, app.workspace, [_own(app, db, who, rest)])
        due = todos.due_by(db, who, ask.slot.day, voice.TODOS)
        ticked = [one for one in due if str(one.id) in ticks(msg, voice.DUE)]
        filled = _filled(ask, msg, _named(db, ask), app.now(), tuple(one.task for one in ticked))
        for one in ticked:
            todos.finish(db, who, one, TodoState.DONE, app.now())
        return _keep(app, db, ask, filled.answers, filled.said, filled.told)


@dataclass(frozen=True, slots=True)
class Filled:
    answers: dict[str, Items]
    said: tuple[Said, ...] | None
    told: Mapping[str, Told]


def _filled(ask: Ask, msg: Message, named: list[Blocker], now: datetime, due: Items) -> Filled:
    """What a submitted form says. `due`: the to-dos that were ticked, done too. Raises `FormError` for what cannot be
    taken so."""
    answers: dict[str, Items] = {}
    said: tuple[Said, ...] | None = None
    for question in ask.run.questions:
        if question.role is QuestionRole.BLOCKER:
            said = _filled_blocker(ask, question.key, msg, named)
            answers[question.key] = tuple(s.text for s in said)
        else:
            ticked = [ask.planned[int(n)] for n in ticks(msg, f"{question.key}.planned") if _planned(ask, n)]
            typed = parse.items(answer(msg, question.key))
            done = due if question.role is QuestionRole.DONE else ()
            answers[question.key] = tuple(dict.fromkeys((*ticked, *done, *typed)))
    told = _filled_deals(ask, msg, now)
    if not said and not any(answers.values()) and not told and not due:
        _ = words(ask.person.language)
        raise FormError({ask.run.questions[0].key: _("Say at least one thing, or press “Skip today” instead.")})
    return Filled(answers, said, told)


def _filled_deals(ask: Ask, msg: Message, now: datetime) -> dict[str, Told]:
    told: dict[str, Told] = {}
    faults: dict[str, str] = {}
    for number, one in enumerate(ask.deals):
        key = voice_deals.key(number)
        what, line = answer(msg, f"{key}.what"), " ".join(answer(msg, key).split())
        if not what and not line:
            continue
        told[one.deal] = Told(What(what) if what in set(What) else What.STEP, line)
        if fault := voice_deals.fault(one, told[one.deal], ask.person, now):
            faults[key] = fault
    if faults:
        raise FormError(faults)
    return told


def _planned(ask: Ask, number: str) -> bool:
    return number.isdecimal() and len(number) < 6 and int(number) < len(ask.planned)


def _filled_blocker(ask: Ask, key: str, msg: Message, named: list[Blocker]) -> tuple[Said, ...]:
    _ = words(ask.person.language)
    kind, text = answer(msg, f"{key}.kind"), " ".join(answer(msg, key).split())
    deal, stage = answer(msg, f"{key}.deal"), answer(msg, f"{key}.stage")
    if kind == voice.NO_BLOCKER:
        return ()
    if kind.startswith(voice.STILL):
        standing = next((b for b in ask.blockers if f"{voice.STILL}{b.id}" == kind), None)
        return (Said(text or standing.text, standing.category, stage, deal, standing.id),) if standing else ()
    if kind not in set(Category):
        raise FormError({f"{key}.kind": _("Choose one. “No blocker” is fine.")})
    if not text:
        raise FormError({key: _("Say in one line what is in the way.")})
    own = named[0].id if named else None
    return (Said(text, Category(kind), stage, deal, own),)


def _same(app: App, who: Person, msg: Message, rest: list[str]) -> Reply:
    """All that was planned is done, and nothing is in the way."""
    with app.db.begin() as db:
        slot = _own(app, db, who, rest)
        (ask,) = service.describe(db, app.workspace, [slot])
        if slot.state is State.ANSWERED:
            return Reply(form=_form(db, app, slot, who))
        done = {q.key: ask.planned for q in ask.run.questions if q.role is QuestionRole.DONE}
        none = {q.key: () for q in ask.run.questions if q.role is QuestionRole.BLOCKER}
        return _keep(app, db, ask, done | none, ())


def _keep(
    app: App,
    db: Connection,
    ask: Ask,
    answers: Mapping[str, Items],
    said: tuple[Said, ...] | None,
    told: Mapping[str, Told] | None = None,
    *,
    sure: bool = True,
) -> Reply:
    """Store an answer, and bring all that shows it up to date; the receipt."""
    outcome = service.answer(db, ask.person, ask.slot, answers, said, app.now(), told)
    before, ask = ask.slot, replace(ask, slot=outcome.slot, deals=outcome.deals)
    named = [b for b in _mentioned(db, outcome) if b.live]
    stored = board.answered(db, outcome.slot).answers
    announce.show_boards(app, db, [ask.slot.run_id])
    announce.tell_answer(app, db, ask, stored, named)
    fresh = [b for b in named if b.slot_id == ask.slot.id and b.moved == 0]
    announce.raise_blockers(app, db, ask.person, fresh)
    others = [b for b in (*named, *outcome.difference.withdrawn) if b not in fresh]
    for one in others:
        announce.refresh_cards(app, db, blockers.get(db, app.workspace, one.id) or one, one)
    newest = store.newest_run(db, app.workspace, ask.slot.team_id) if others else None
    for run_id in {ask.slot.run_id, newest.id if newest else ask.slot.run_id}:
        announce.refresh(app, db, run_id)
    app.edit(db, before.prompt_key, voice.prompt_over(ask, "answered"))
    return voice.receipt(ask, stored, outcome, named, sure=sure)


def _mentioned(db: Connection, outcome: service.Outcome) -> list[Blocker]:
    """The blockers that an answer speaks of: those it named now, else those that its slot raised."""
    return list(outcome.difference.named) or blockers.named_in(db, outcome.slot.workspace_id, [outcome.slot.id])


def _skip(app: App, who: Person, msg: Message, rest: list[str]) -> Reply:
    reason = " ".join(rest[1:]) or answer(msg, "reason")
    with app.db.begin() as db:
        slot = _own(app, db, who, rest)
        if not reason:
            return Reply(form=voice.skip_form(slot, who.language))
        skipped = service.skip(db, who, slot, reason[:200], app.now())
        _ = words(who.language)
        if skipped.state is State.ANSWERED:
            return Reply(_("You have answered already; the answer stays."))
        (ask,) = service.describe(db, app.workspace, [skipped])
        reason = labels.skip_reason(skipped.detail, who.language)
        app.edit(db, slot.prompt_key, voice.prompt_over(ask, "skipped", reason))
        announce.refresh(app, db, slot.run_id)
        return Reply(_("Skipped for today. You are not counted."))


def _later(app: App, who: Person, msg: Message, rest: list[str]) -> Reply:
    minutes = int(rest[1]) if len(rest) > 1 and rest[1] in {str(n) for n in model.SNOOZES} else model.SNOOZES[0]
    with app.db.begin() as db:
        slot = _own(app, db, who, rest)
        later = service.snooze(db, who, slot, minutes, app.now())
        (ask,) = service.describe(db, app.workspace, [later])
        at = clock(who.local(later.due))
        app.edit(db, slot.prompt_key, voice.prompt_over(ask, "later", at))
        _ = words(who.language)
        return Reply(_("I will ask again at {time}.", time=at))


def _nudge(app: App, who: Person, msg: Message, rest: list[str]) -> Reply:
    """A manager reminds those who did not answer."""
    _ = words(who.language)
    numbers = [int(r) for r in rest if r.isdecimal() and len(r) < 18]
    with app.db.begin() as db:
        run = store.runs(db, app.workspace, numbers[:1]).get(numbers[0]) if numbers else None
        span = team.span(db, who)
        if run is None or not may(who, Action.NUDGE, run.team_id, span=span):
            raise BotError(_("Only the team's manager can do that."))
        slots = store.slots_of_run(db, run.id, numbers[1] if len(numbers) > 1 else None)
        nudges = service.remind(db, app.workspace, slots, app.now())
        for n in nudges:
            if n.place:
                app.say(db, n.place, voice.nudge(n), f"standup-remind:{n.slot.id}")
        announce.refresh(app, db, run.id)
        names = [n.person.name for n in nudges]
        return Reply(_.n("Reminded {n} person.", "Reminded {n} people.", len(names)))


def _call(app: App, who: Person, msg: Message, rest: list[str]) -> Reply:
    """A manager opens today's standup at once."""
    _ = words(who.language)
    with app.db.begin() as db:
        mine = team.team(db, app.workspace, who.team_id)
        if mine is None or not may(who, Action.SET_TEAM, who.team_id):
            raise BotError(_("Only the team's manager can do that."))
        if planning.call(db, mine, who.today(app.now()), app.now()) is None:
            raise BotError(_("Nobody on your team is asked. Add reps to the roster first."))
        return Reply(_("The standup is open. Everybody who has not been asked today is asked now."))


_VERBS: Mapping[str, Callable[[App, Person, Message, list[str]], Reply | None]] = {
    "answer": _open,
    "submit": _submit,
    "same": _same,
    "skip": _skip,
    "later": _later,
    "nudge": _nudge,
    "now": _call,
}
