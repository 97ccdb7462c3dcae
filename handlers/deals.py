"""`/deal`: how a deal stands, and what to change about it. `/deals`: somebody's open deals, those at risk first."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from bot.app import App
from bot.crm import service
from bot.crm.changes import sending
from bot.crm.service import Change, Kind, Standing
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.message import Field, Form, Message, Option, Reply, answer
from bot.minutes.calls import service as calls
from bot.team import service as team
from bot.team.model import Person, Role
from bot.team.roles import Action, may
from bot.voice import announce, minuted
from bot.voice import crm as voice
from prompts import words

CALLS = 5  # whose minutes are offered with a deal


def deal(app: App, who: Person, msg: Message) -> Reply:
    """How a deal stands: `/deal Acme`"""
    pressed = re.fullmatch(r"#(show|step|move|remark|dead|owner) (.{1,100})", msg.text)
    if not msg.text:
        return deals(app, who, msg)
    if not pressed:
        return _named(app, who, msg.text)
    verb, key = pressed[1], pressed[2].strip()
    if verb == "show":
        with app.db.read() as db:
            return _shown(app, db, who, _one(app, db, who, key))
    return _change(app, who, verb, key, msg) if msg.how == "form" else _ask(app, who, verb, key)


def _named(app: App, who: Person, said: str) -> Reply:
    with app.db.read() as db:
        found = service.find(db, who, said)
        if len(found.deals) == 1:
            return _shown(app, db, who, _one(app, db, who, found.deals[0].key))
    if found.deals:
        return voice.choose(found.deals, said, "/deal #show", who.language)
    return voice.nobody(said, found.near, "/deal #show", who.language)


def _one(app: App, db: Connection, who: Person, key: str) -> Standing:
    found = service.deal(db, who, key, app.now())
    if found is None:
        _ = words(who.language)
        raise BotError(_("None of your deals is called “{name}”. /deals lists them.", name=key[:60]))
    return found


def _shown(app: App, db: Connection, who: Person, one: Standing, done: str = "") -> Reply:
    changes = service.changes_of(db, who, one.deal.key)
    lives = service.revivable(changes)
    buttons = voice.moves(one, lives=lives, owners=service.gives_away(who), language=who.language)
    spoken = [each for each in calls.seen(db, who, deal=one.deal.key, limit=CALLS) if each.settled]
    return voice.shown(
        one,
        service.reasons_of(db, who, one, app.now()),
        changes,
        service.remarks(db, app.workspace, [one]).get(one.deal.key),
        service.stages(db, app.workspace),
        _names(db, app.workspace),
        who,
        app.now(),
        done=done,
        buttons=(*buttons, *minuted.of_deal(spoken, who.language)),
    )


def _names(db: Connection, workspace: int) -> dict[str, str]:
    return {one.key: one.name for one in team.people(db, workspace, active=None)}


# what to change


def _step(app: App, db: Connection, who: Person, one: Standing) -> tuple[str, list[Field]]:
    _ = words(who.language)
    on = one.deal.next_step_on.isoformat() if one.deal.next_step_on else ""
    step = Field("text", _("What is the next step?"), "text", one.deal.next_step, required=True, most=500)
    return _("Next step"), [step, Field("on", _("When?"), "date", on)]


def _move(app: App, db: Connection, who: Person, one: Standing) -> tuple[str, list[Field]]:
    _ = words(who.language)
    others = [s for s in service.stages(db, app.workspace) if s.position is not None]
    options = tuple(Option(str(s.number), s.name) for s in others if not (one.deal.open and s.number == one.deal.stage))
    return _("Moved"), [Field("stage", _("To which stage?"), "one", options=options, required=True)]


def _remark(app: App, db: Connection, who: Person, one: Standing) -> tuple[str, list[Field]]:
    _ = words(who.language)
    said = service.remarks(db, app.workspace, [one]).get(one.deal.key)
    before = str(said.after["stage_remark"]) if said else ""
    return _("Remark"), [Field("text", _("Why does it stand where it stands?"), "text", before, most=500)]


def _dead(app: App, db: Connection, who: Person, one: Standing) -> tuple[str, list[Field]]:
    _ = words(who.language)
    hint = _("It counts as lost today.")
    return _("Dead"), [Field("text", _("Why is it lost?"), "text", required=True, most=500, hint=hint)]


def _owner(app: App, db: Connection, who: Person, one: Standing) -> tuple[str, list[Field]]:
    _ = words(who.language)
    able = team.people(db, app.workspace, roles=(Role.REP, Role.MANAGER))
    options = tuple(Option(p.key, p.name) for p in able if p.key != one.deal.owner)
    return _("Owner"), [Field("owner", _("Who owns it now?"), "one", options=options, required=True)]


FORMS: Mapping[str, Callable[[App, Connection, Person, Standing], tuple[str, list[Field]]]] = {
    "step": _step,
    "move": _move,
    "remark": _remark,
    "dead": _dead,
    "owner": _owner,
}
KINDS = {"step": Kind.NEXT_STEP, "move": Kind.MOVED, "remark": Kind.REMARK, "dead": Kind.DEAD, "owner": Kind.OWNER}


def _ask(app: App, who: Person, verb: str, key: str) -> Reply:
    _ = words(who.language)
    with app.db.read() as db:
        one = _one(app, db, who, key)
        title, fields = FORMS[verb](app, db, who, one)
    return Reply(form=Form(title, f"/deal #{verb} {key}", tuple(fields), _("Save"), intro=voice.called(one)))


def _change(app: App, who: Person, verb: str, key: str, msg: Message) -> Reply:
    _ = words(who.language)
    asked = _asked(verb, msg, who)
    with app.db.begin() as db:
        before = _one(app, db, who, key)
        try:
            after = service.change(db, who, key, asked, app.now())
        except BotError as fault:
            raise FormError({"on" if asked.on else next(iter(msg.answers), "text"): str(fault)}) from None
        if after != before or asked.kind is Kind.REMARK:
            announce.tell_deal(app, db, who, before, after)
        return _left(app, db, who, after) or _shown(app, db, who, after, _("Saved."))


def _asked(verb: str, msg: Message, who: Person) -> Change:
    stage, on = answer(msg, "stage"), answer(msg, "on")
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        raise FormError({"on": words(who.language)("A day such as 2026-06-30.")}) from None
    number = int(stage) if stage.isdecimal() and len(stage) < 9 else 0
    return Change(KINDS[verb], answer(msg, "text"), day, answer(msg, "owner"), number)


def _left(app: App, db: Connection, who: Person, after: Standing) -> Reply | None:
    """What whoever gave a deal away reads who does not see it any more."""
    if service.deal(db, who, after.deal.key, app.now()) is not None:
        return None
    owner = _names(db, app.workspace).get(after.deal.owner, after.deal.owner)
    return voice.given(after, owner, who.language)


# lists


def deals(app: App, who: Person, msg: Message) -> Reply:
    """Your open deals, or somebody's: `/deals Anna`"""
    if msg.text == "#resend":
        return _resend(app, who)
    with app.db.read() as db:
        owner = team.find_person(db, app.workspace, msg.text) if msg.text else who
        if owner is None or not (owner.id == who.id or service.sees(db, who, owner)):
            raise BotError(words(who.language)("Nobody by that name whose deals you can see."))
        found = service.deals_of(db, who, owner, app.now())
        if not found and not msg.text and (others := service.owners_of_open(db, who)):
            return voice.people(others, who.language)
        risks = {r.standing.deal.key: r.reasons for r in service.at_risk(db, who, owner, app.now(), most=None)}
    order = {key: n for n, key in enumerate(risks)}
    found.sort(key=lambda one: order.get(one.deal.key, len(order)))
    return voice.listed([(one, risks.get(one.deal.key, ())) for one in found], owner, who, app.now())


def _resend(app: App, who: Person) -> Reply:
    _ = words(who.language)
    if not may(who, Action.READ_OUTBOX):
        raise BotError(_("Only an admin sends them again."))
    with app.db.begin() as db:
        count = sending.again(db, app.workspace, app.now())
    return Reply(_.n("{n} change is sent again.", "{n} changes are sent again.", count))
