"""`/team`, `/history`, `/why`, `/questions`, `/holidays`, `/login`."""

from datetime import date

from bot.app import App
from bot.errors import BotError, FormError
from bot.message import Button, Field, Form, Message, Reply, answer
from bot.standup import board, planning, store
from bot.standup.model import ASKABLE, MOST_QUESTIONS, Question, QuestionRole
from bot.team import service
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import labels
from bot.voice import team as voice
from handlers import kpi
from prompts import words


def team(app: App, who: Person, msg: Message) -> Reply:
    """Who covers what, with overlaps and gaps"""
    _ = words(who.language)
    if not may(who, Action.READ_COVERAGE):
        raise BotError(_("Only managers see who covers what."))
    with app.db.read() as db:
        found = service.coverage(service.people(db, app.workspace))
    return voice.coverage(found, who.language)


def history(app: App, who: Person, msg: Message) -> Reply:
    """What you answered on other days"""
    with app.db.read() as db:
        days = board.history(db, who, 14)
        runs = store.runs(db, app.workspace, [d.slot.run_id for d in days])
    return voice.history(days, runs, who)


def why(app: App, who: Person, msg: Message) -> Reply:
    """Why you were asked, or not: /why 2026-06-11; managers name somebody first: /why anna 2026-06-11.
    How a number came about: /why conversion"""
    _ = words(who.language)
    if found := kpi.why(app, who, msg.text):
        return found
    *name, said = msg.text.split() or [""]
    day = _date(said)
    if day is None and said:
        name, day = [*name, said], who.today(app.now())
    with app.db.read() as db:
        whose = service.find_person(db, app.workspace, " ".join(name)) if name else who
        if whose is None or not may(who, Action.READ_WHY, about=whose, span=service.span(db, who)):
            raise BotError(_("I know no such person of yours. Try /why, or /why with a name and a date."))
        asked = board.why(db, whose, day or whose.today(app.now()), app.now())
    return voice.why(asked, who.language)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def questions(app: App, who: Person, msg: Message) -> Reply:
    """The questions of your team's standup (managers)"""
    _ = words(who.language)
    with app.db.begin() as db:
        mine = service.team(db, app.workspace, who.team_id)
        if mine is None or not may(who, Action.EDIT_QUESTIONS, mine.id):
            raise BotError(_("Only the team's manager can change the questions."))
        now = planning.questions_for(db, mine)
        if msg.how != "form":
            return Reply(form=_form(now, who.language))
        asked = _read(answer(msg, "questions"), now, who.language)
        store.save_questions(db, app.workspace, mine.id, asked)
    return Reply(
        _.n(
            "Saved. {n} question from the next standup on.",
            "Saved. {n} questions from the next standup on.",
            len(asked),
        )
    )


def _form(asked: tuple[Question, ...], language: str) -> Form:
    _ = words(language)
    lines = "\n".join(f"{q.role}: {labels.question(q, language)}" for q in asked)
    roles = ", ".join(ASKABLE)
    hint = _("One a line: what it is for, a colon, the question. It can be for: {roles}.", roles=roles)
    field = Field("questions", _("Questions"), "text", lines, required=True, hint=hint)
    return Form(_("Questions of the standup"), "/questions", (field,), _("Save"))


def _read(text: str, before: tuple[Question, ...], language: str) -> tuple[Question, ...]:
    """The questions of the form. Those that keep their words keep their key, so that old answers stay with them."""
    _ = words(language)
    asked: list[Question] = []
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        role, _colon, question = line.replace("：", ":").partition(":")
        name = role.strip().casefold()
        if name not in set(ASKABLE) or not question.strip():
            fault = _("Line {n}: begin with one of {roles} and a colon.", n=number, roles=", ".join(ASKABLE))
            raise FormError({"questions": fault})
        asked.append(_question(QuestionRole(name), question.strip()[:300], before, asked, language))
    blockers = sum(q.role is QuestionRole.BLOCKER for q in asked)
    if not asked or len(asked) > MOST_QUESTIONS or blockers > 1:
        raise FormError({"questions": _("Give 1 to {n} questions, one of them about blockers.", n=MOST_QUESTIONS)})
    return tuple(asked)


def _question(
    role: QuestionRole, text: str, before: tuple[Question, ...], asked: list[Question], language: str
) -> Question:
    same = next((q for q in before if q.role is role and labels.question(q, language) == text), None)
    taken = {q.key for q in asked} | {q.key for q in before}
    if same and same.key not in {q.key for q in asked}:
        return same
    key = next(k for k in (role.value, *(f"{role}{n}" for n in range(2, 99))) if k not in taken)
    return Question(key, role, text)


def holidays(app: App, who: Person, msg: Message) -> Reply:
    """Set days off and make-up workdays (admins)"""
    _ = words(who.language)
    if not may(who, Action.IMPORT_ROSTER):
        raise BotError(_("Only an admin can set holidays."))
    if msg.how != "form":
        hint = _("One a line: calendar, date, off or work, name. For example: CN,2027-02-06,work,Spring Festival")
        field = Field("lines", _("Days"), "text", required=True, hint=hint, most=20_000)
        return Reply(form=Form(_("Holidays and make-up workdays"), "/holidays", (field,), _("Save")))
    with app.db.begin() as db:
        count = service.paste_holidays(db, app.workspace, answer(msg, "lines"), who.language)
        planning.replan(db, app.workspace, [t.id for t in service.teams(db, app.workspace)], app.now())
    return Reply(_.n("Saved {n} day.", "Saved {n} days.", count))


def login(app: App, who: Person, msg: Message) -> Reply:
    """A sign-in link for the pages"""
    _ = words(who.language)
    text = _(
        "On the computer that runs Paceline, `paceline login {person}` prints a link that works once.", person=who.key
    )
    return Reply(text, (Button(_("Help"), "/help"),), private=True)
