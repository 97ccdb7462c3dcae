"""How one deal stands: what the CRM tells, what was changed in chat, what is in the way, what is to be done."""

from collections.abc import Mapping
from datetime import timedelta

from bot.app import App
from bot.blockers import service as blockers
from bot.blockers.model import Blocker
from bot.crm import service as crm
from bot.crm.risk import reason_line
from bot.message import Button
from bot.team import service as team
from bot.team.model import Person
from bot.todos import service as todos
from bot.voice import crm as voice
from bot.voice import labels
from bot.voice import todos as due
from bot.web.kpi.tabs import address, allowed, shared
from bot.web.pages import Missing, Shown
from prompts import ago, day, words

DEAL = "/deal"
SHOWN = 20  # changes, and blockers


def deal(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """One deal that somebody may see, open or closed, with what they may do about it."""
    allowed(who)
    key, now = asked.get("key", "")[:300], app.now()
    with app.db.read() as db:
        one = crm.deal(db, who, key, now) if key else None
        values = shared(app, db, who, "", asked)
        if one is None:
            if not values["notice_html"]:
                raise Missing
            return Shown("kpi_gone.html", values)  # given away a moment ago, to somebody whose deals are not theirs
        changes, stages = crm.changes_of(db, who, key), crm.stages(db, app.workspace)
        reasons = crm.reasons_of(db, who, one, now)
        remark = crm.remarks(db, app.workspace, [one]).get(key)
        named = blockers.of_deal(db, app.workspace, key)[:SHOWN]
        jobs = todos.of_deals(db, who, [key])
        account, everybody = crm.account_of(db, one, app.workspace), team.people(db, app.workspace, active=None)
    people, ids = {p.key: p.name for p in everybody}, {p.id: p.name for p in everybody}
    _ = words(who.language)
    moves = voice.moves(one, lives=crm.revivable(changes), owners=crm.gives_away(who), language=who.language)
    values |= {
        "one": one,
        "called": voice.called(one),
        "owner": people.get(one.deal.owner, one.deal.owner),
        "account": account,
        "place": voice.place(one, who, now),
        "amount": voice.amount(one.deal, who.language),
        "touched": ago(max(now - one.touched, timedelta()), who.language) if one.touched else "",
        "reasons": [reason_line(reason, _) for reason in reasons],
        "remark": remark.after["stage_remark"] if remark else "",
        "remark_by": people.get(remark.who, remark.who) if remark else "",
        "changes": [voice.changed(change, stages, people, who) for change in changes[:SHOWN]],
        "blockers": [(each, _about(each, ids, who)) for each in named],
        "todos": [(each, due.when(each, who.language, who.today(now))) for each in jobs],
        "buttons": [move for move in moves if isinstance(move, Button)],
        "back": address(DEAL, key=key),
    }
    return Shown("kpi_deal.html", values)


def _about(one: Blocker, names: Mapping[int, str], who: Person) -> str:
    """ "Price · offer · resolved · Anna, Thu 11 Jun"."""
    said = [labels.category(one.category, who.language), labels.blocker_state(one.state, who.language)]
    if one.stage:
        said.insert(1, labels.stage(one.stage, who.language))
    return " · ".join(filter(None, [*said, names.get(one.raised_by, ""), day(one.raised_on, who.language)]))
