"""What the bot does unasked: `CALENDAR` says how often to look, the domain who is due. `WORK`: long jobs by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.app import App
from bot.voice import drafts
from jobs import alerts, blockers, crm, holidays, inbox, kpi, library, minutes, outbox, standup, todos, webhook, work


@dataclass(frozen=True, slots=True)
class Every:
    """A job and the seconds between two looks."""

    seconds: int
    job: Callable[[App], None]


CALENDAR: Mapping[str, Every] = {
    "standup.plan": Every(20, standup.plan),
    "standup.ask": Every(5, standup.ask),
    "standup.nudge": Every(10, standup.nudge),
    "standup.close": Every(5, standup.close),
    "blockers.decide": Every(20, blockers.decide),
    "holidays.gazette": Every(3600, holidays.gazette),
    "outbox.look_after": Every(10, outbox.look_after),
    "inbox.forget": Every(3600, inbox.forget),
    "library.index": Every(5, library.index),
    "library.review": Every(300, library.review),
    "library.gaps": Every(300, library.gaps),
    "alerts.watch": Every(60, alerts.watch),
    "minutes.look_after": Every(10, minutes.look_after),
    "minutes.keep": Every(600, minutes.keep),
    "todos.remind": Every(20, todos.remind),
    "todos.weekly": Every(300, todos.weekly),
    "crm.pull": Every(30, crm.pull),
    "crm.tend": Every(600, crm.tend),
    "crm.forget": Every(3600, crm.forget),
    "kpi.keep_past": Every(20, kpi.keep_past),
    "kpi.plan": Every(300, kpi.plan),
    "kpi.digests": Every(20, kpi.digests),
    "crm.send_changes": Every(10, webhook.send_changes),
    "work.forget": Every(3600, work.forget),
    "llm.forget": Every(3600, work.forget_answers),
}

WORK: Mapping[str, Callable[..., None]] = {
    "library.index": library.embed,
    drafts.HEAR: minutes.hear,
    drafts.READ: minutes.read,
    drafts.GAPS: minutes.gaps,
    crm.ASK: crm.ask,
}
