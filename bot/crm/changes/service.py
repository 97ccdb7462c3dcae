"""What people may change about deals from chat. Texts of errors are for whoever asked, in their language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.crm import store as crm
from bot.crm.changes import store
from bot.crm.changes.model import Change, Changed, Kind, State, seen
from bot.crm.columns import STEP
from bot.crm.model import LOST, Move, Status
from bot.crm.risk import Standing
from bot.crm.standings import store as standings
from bot.db import Connection
from bot.errors import BotError
from bot.tables import clean, clean_lines
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, Scope, may, scope
from prompts import Words, words


def change(db: Connection, who: Person, key: str, asked: Change, now: datetime) -> Standing:
    """Change a deal, at once; how it stands then. What it said already is no change.

    Raises `BotError` for a deal that is not there or not theirs, is closed, or cannot be changed like that.
    """
    _ = words(who.language)
    store.hold(db, who.workspace_id)
    standing = _theirs(db, who, key, now)
    earlier = store.of_deals(db, who.workspace_id, [key])
    if not standing.deal.open and not (asked.kind is Kind.MOVED and revivable(earlier)):
        raise BotError(_("{deal} is closed already. Reopen it in the CRM.", deal=_name(standing)))
    after, note = _after(db, who, standing, asked, now)
    before = {name: (seen(standing.deal) | _remark(earlier))[name] for name in after}
    if before == after:
        return standing
    made = _move(db, who.workspace_id, standing, after, now)
    same = [one for one in earlier if one.state is State.STANDS and one.fields == tuple(sorted(after))]
    values: dict[str, Any] = {"deal": key, "kind": asked.kind.value, "before": before, "after": after, "note": note}
    values |= {"told": same[0].told if same else before, "who": who.key, "at": now, "how": asked.how}
    store.add(db, who.workspace_id, values | made)
    if columns := store.columns(after, now):
        store.write(db, who.workspace_id, key, columns)
    return _standing(db, who.workspace_id, key, now) or standing


def changes_of(db: Connection, who: Person, key: str) -> list[Changed]:
    """What was changed about a deal, the latest first; nothing about one that does not concern `who`."""
    found = standings.owner_of(db, who.workspace_id, key)
    if found is None or not _may(db, who, Action.READ_DEALS, found):
        return []
    return store.of_deals(db, who.workspace_id, [key])


def last_change(db: Connection, workspace: int, key: str) -> Changed | None:
    """What was changed last about a deal."""
    return next(iter(store.of_deals(db, workspace, [key])), None)


def recent(db: Connection, workspace: int, since: datetime) -> list[Changed]:
    """All changes since then, the oldest first."""
    return store.since(db, workspace, since)


def remarks(db: Connection, workspace: int, found: list[Standing]) -> dict[str, Changed]:
    """Why deals stand where they stand, by deal: the last remark made since they came into their stage."""
    entered = {one.deal.key: one.entered for one in found}
    said: dict[str, Changed] = {}
    for one in store.of_deals(db, workspace, entered.keys()):
        if one.kind is Kind.REMARK and one.at >= entered[one.deal]:
            said.setdefault(one.deal, one)
    return {key: one for key, one in said.items() if one.after["stage_remark"]}


def revivable(changes: Sequence[Changed]) -> bool:
    """Whether a deal is closed because somebody said so in chat, which can be taken back there. The latest first."""
    places = [one for one in changes if "place" in one.after]
    return bool(places) and places[0].kind is Kind.DEAD and places[0].state is State.STANDS


def may_change(db: Connection, who: Person, key: str) -> bool:
    """Whether somebody may change a deal."""
    found = standings.owner_of(db, who.workspace_id, key)
    return found is not None and _may(db, who, Action.CHANGE_DEALS, found)


def gives_away(who: Person) -> bool:
    """Whether somebody may give deals another owner."""
    return scope(who.role, Action.CHANGE_DEALS) >= Scope.TEAM


def _standing(db: Connection, workspace: int, key: str, now: datetime) -> Standing | None:
    return next(iter(standings.standings(db, workspace, now, keys=[key], statuses=tuple(Status))), None)


def _theirs(db: Connection, who: Person, key: str, now: datetime) -> Standing:
    """The deal, of which nobody learns that it is there unless they may change it."""
    found = _standing(db, who.workspace_id, key, now)
    if found is None or not _may(db, who, Action.CHANGE_DEALS, found.deal.owner):
        _ = words(who.language)
        raise BotError(_("There is no deal {deal} among those that you may change.", deal=clean(key)[:60]))
    return found


def _may(db: Connection, who: Person, action: Action, owner: str) -> bool:
    if scope(who.role, action) is Scope.ALL:
        return who.active
    everybody = team.people(db, who.workspace_id, active=None)
    span = team.span(db, who)
    return any(one.key == owner and may(who, action, about=one, span=span) for one in everybody)


def _remark(earlier: list[Changed]) -> dict[str, str]:
    said = [one.after["stage_remark"] for one in earlier if one.kind is Kind.REMARK]
    return {"stage_remark": said[0] if said else ""}


def _after(
    db: Connection, who: Person, standing: Standing, asked: Change, now: datetime
) -> tuple[dict[str, object], str]:
    """What is to be true, and why. Raises `BotError`."""
    _, text = words(who.language), clean_lines(asked.text)
    if len(text) > STEP:
        raise BotError(_("That is too long. At most {most} characters.", most=STEP))
    match asked.kind:
        case Kind.NEXT_STEP:
            return _step(asked, text, who, now, _), ""
        case Kind.REMARK:
            return {"stage_remark": text}, ""
        case Kind.DEAD:
            if not text:
                raise BotError(_("Say why it is lost, in a few words."))
            return {"place": LOST}, text
        case Kind.OWNER:
            return {"owner": _owner(db, who, asked.owner, _)}, ""
        case Kind.MOVED:
            return {"place": _stage(db, who.workspace_id, asked.stage, _)}, ""


def _step(asked: Change, text: str, who: Person, now: datetime, _: Words) -> dict[str, object]:
    if asked.undo:
        return {"next_step": asked.text, "next_step_on": asked.on.isoformat() if asked.on else None}
    if not text:
        raise BotError(_("Say what the next step is, in a few words."))
    if asked.on is not None and asked.on < who.today(now):
        raise BotError(_("That day has passed. Name the day of the next step."))
    return {"next_step": text, "next_step_on": asked.on.isoformat() if asked.on else None}


def _owner(db: Connection, who: Person, key: str, _: Words) -> str:
    if not gives_away(who):
        raise BotError(_("Only a manager or an admin gives a deal another owner."))
    found = team.find_person(db, who.workspace_id, key)
    if found is None or not found.active or found.key != key:
        raise BotError(_("Nobody on the roster is called {name}.", name=clean(key)[:60]))
    return found.key


def _stage(db: Connection, workspace: int, number: int, _: Words) -> int:
    known = [one for one in crm.stages(db, workspace) if one.position is not None or one.number == number]
    if number not in {one.number for one in known}:
        raise BotError(_("There is no such stage. There are: {stages}.", stages=", ".join(s.name for s in known)))
    return number


def _move(
    db: Connection, workspace: int, standing: Standing, after: dict[str, object], now: datetime
) -> dict[str, Any]:
    """Add the move that a change of place is, unless the last one led there already; what the change notes of it."""
    if "place" not in after:
        return {}
    left, to = seen(standing.deal)["place"], int(str(after["place"]))
    last = store.last_move(db, workspace, standing.deal.key)
    if last is not None and last.to_stage == to:
        return {}
    moved = now.replace(microsecond=0)
    store.add_move(db, workspace, Move(standing.deal.key, left, to, moved))
    return {"to_stage": to, "moved": moved}


def _name(standing: Standing) -> str:
    return standing.deal.name or standing.deal.key
