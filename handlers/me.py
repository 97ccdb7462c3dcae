"""`/me`: one's own language and hours; `/hours`: those of the team."""

from dataclasses import replace
from datetime import time

from bot.app import App
from bot.errors import BotError, FormError
from bot.message import Field, Form, Message, Option, Reply, answer
from bot.standup import planning
from bot.team import accounts, service
from bot.team.model import Person, Role, Team
from bot.team.roles import Action, may
from prompts import LANGUAGES, N_, clock, words

_PLATFORMS = {"web": N_("the chat page"), "slack": "Slack", "telegram": "Telegram"}
_NAMES = {"en": "English", "zh": "中文"}


def me(app: App, who: Person, msg: Message) -> Reply:
    """Your language, and when you are asked"""
    _ = words(who.language)
    if msg.how != "form":
        return Reply(form=_form(app, who))
    language = answer(msg, "language")
    at = _time(answer(msg, "at"), who.language, "at") if answer(msg, "at") else None
    with app.db.begin() as db:
        changed = replace(who, language=language if language in LANGUAGES else who.language, standup_at=at)
        if who.role is Role.MANAGER:
            changed = replace(changed, joins=answer(msg, "joins") == "yes")
        service.save_person(db, changed)
        if answer(msg, "platform") in accounts.platforms_of(db, who):
            accounts.prefer(db, who, answer(msg, "platform"))
        planning.replan(db, app.workspace, [who.team_id], app.now())
    return Reply(words(changed.language)("Saved. It counts from the next standup on."))


def _form(app: App, who: Person) -> Form:
    _ = words(who.language)
    with app.db.read() as db:
        mine = service.team(db, app.workspace, who.team_id)
        platforms = accounts.platforms_of(db, who)
    usual = clock(mine.standup_at) if mine else "09:30"
    languages = tuple(Option(language, _NAMES[language]) for language in LANGUAGES)
    own = clock(who.standup_at) if who.standup_at else ""
    hint = _("By your own clock ({zone}). Empty: {time}, like your team.", zone=who.zone, time=usual)
    fields = [
        Field("language", _("Language"), "one", who.language, languages, required=True),
        Field("at", _("Ask me at"), "time", own, hint=hint),
    ]
    if who.role is Role.MANAGER:
        yes = (Option("", _("No")), Option("yes", _("Yes")))
        fields.append(
            Field("joins", _("Should I ask you for the standup too?"), "one", "yes" if who.joins else "", yes)
        )
    if len(platforms) > 1:
        now = next((name for name, preferred in platforms.items() if preferred), next(iter(platforms)))
        where = tuple(Option(name, _(_PLATFORMS.get(name, name))) for name in platforms)
        fields.append(Field("platform", _("Ask me on"), "one", now, where, required=True))
    return Form(_("You"), "/me", tuple(fields), _("Save"))


def _time(text: str, language: str, field: str) -> time:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as fault:
        raise FormError({field: words(language)("Give a time such as 09:30.")}) from fault


def hours(app: App, who: Person, msg: Message) -> Reply:
    """When your team's standup is, and how long it stays open (managers)"""
    _ = words(who.language)
    with app.db.begin() as db:
        mine = service.team(db, app.workspace, who.team_id)
        if mine is None or not may(who, Action.SET_TEAM, mine.id):
            raise BotError(_("Only the team's manager can change its hours. /me changes your own."))
        if msg.how != "form":
            return Reply(form=_team_form(mine, who.language))
        at = _time(answer(msg, "at"), who.language, "at")
        window = answer(msg, "window")
        if not window.isdecimal() or not 5 <= int(window) <= 120:
            raise FormError({"window": _("Give 5 to 120 minutes.")})
        language = answer(msg, "language")
        changed = replace(
            mine,
            standup_at=at,
            window=int(window),
            language=language if language in LANGUAGES else mine.language,
            standup_on=answer(msg, "on") != "no",
        )
        service.set_team(db, changed)
        planning.replan(db, app.workspace, [mine.id], app.now())
    return Reply(_("Saved. It counts from the next standup on."))


def _team_form(mine: Team, language: str) -> Form:
    _ = words(language)
    languages = tuple(Option(each, _NAMES[each]) for each in LANGUAGES)
    switch = (Option("yes", _("Yes")), Option("no", _("No")))
    return Form(
        _("Standup of {team}", team=mine.name),
        "/hours",
        (
            Field("on", _("Hold standups?"), "one", "yes" if mine.standup_on else "no", switch, required=True),
            Field(
                "at", _("Ask at"), "time", clock(mine.standup_at), hint=_("By each person's own clock."), required=True
            ),
            Field("window", _("Minutes to answer"), "number", str(mine.window), required=True),
            Field("language", _("Language of the channel"), "one", mine.language, languages, required=True),
        ),
        _("Save"),
    )
