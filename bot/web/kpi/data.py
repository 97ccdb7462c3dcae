"""How good the CRM's data is: when each source was heard, how complete records are, what cannot be quite right."""

from collections.abc import Mapping
from datetime import timedelta

from bot.app import App
from bot.crm import store as crm
from bot.crm.quality import service
from bot.crm.quality.model import Doubt
from bot.kpi import service as kpi
from bot.kpi.alerts.rules import SILENT
from bot.kpi.stream import State
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import kpi as voice
from bot.web.kpi.tabs import address, shared
from bot.web.pages import Forbidden, Shown
from prompts import N_, ago, words

PARTS = {
    "part=basics": N_("name, industry and region"),
    "part=history": N_("at least one touch"),
    "part=preferences": N_("how they buy, or whom to talk to"),
}
SOURCES = {"files": N_("Files"), "push": N_("Pushes"), "sql": N_("Database")}
ADVICE = {
    Doubt.NO_ACCOUNT: N_("Nobody sees which customer they are about, and no segment counts them. Name it in the CRM."),
    Doubt.STRANGE_ACCOUNT: N_(
        "The CRM told the deal, not the customer. Add those rows to the next import of accounts."
    ),
    Doubt.STRANGE_OWNER: N_("They are in no team's numbers. Put the owner on the roster, or correct the deal's owner."),
    Doubt.NO_PLACE: N_("Nothing tells how far they are, so no conversion counts them. Give the stage a position."),
    Doubt.NO_AMOUNT: N_("They are missing in pipeline cover and average size. Put in at least an estimate."),
    Doubt.CLOSE_PASSED: N_(
        "The forecast still counts on them. Ask their owners for a new day, or whether they are lost."
    ),
    Doubt.FUTURE: N_("They count once that day has come. If it is a slip, correct the date in the CRM."),
}


def data(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """What managers and admins can do so that the numbers deserve their trust."""
    _, now = words(who.language), app.now()
    if not may(who, Action.READ_DATA):
        raise Forbidden(_("This page is for managers and admins. Ask your manager if a number looks wrong to you."))
    with app.db.read() as db:
        found = service.quality(db, who, now)
        heard = crm.sources(db, app.workspace)
        records = kpi.numbers_of(
            db, app.workspace, kpi.scope_of(db, who), now, zone=app.settings.timezone, names=["completeness"]
        )
        values = shared(app, db, who, "data", asked)
    values |= {
        "sources": [
            (
                _(SOURCES[one["source"]]) if one["source"] in SOURCES else one["source"],
                voice.kind(one["kind"], who.language),
                ago(now - one["heard"], who.language),
                one["rows"],
                now - one["heard"] > timedelta(days=SILENT),
            )
            for one in heard
        ],
        "records": [
            (
                voice.segment(one.segment, who.language),
                _(PARTS[one.segment]),
                one,
                voice.value(one.value, one.unit, who.language),
            )
            for one in records
            if one.segment in PARTS and one.value is not None
        ],
        "records_why": address("/numbers/why", kpi="completeness"),
        "quality": found,
        "doubts": [(_said(one.doubt, one.rows, who.language), _(ADVICE[one.doubt]), one) for one in found.doubts],
        "deal": lambda key: address("/deal", key=key),
        "silent": int(SILENT),
        "stale": State.STALE,
    }
    return Shown("kpi_data.html", values)


def _said(doubt: Doubt, n: int, language: str) -> str:
    _ = words(language)
    # fmt: off
    return {
        Doubt.NO_ACCOUNT: _.n("{n} open deal names no account", "{n} open deals name no account", n),
        Doubt.STRANGE_ACCOUNT: _.n("{n} open deal names an account that is not known",
                                   "{n} open deals name accounts that are not known", n),
        Doubt.STRANGE_OWNER: _.n("{n} open deal has an owner who is not on the roster",
                                 "{n} open deals have owners who are not on the roster", n),
        Doubt.NO_PLACE: _.n("{n} open deal is in a stage without a position",
                            "{n} open deals are in stages without a position", n),
        Doubt.NO_AMOUNT: _.n("{n} open deal has no amount", "{n} open deals have no amount", n),
        Doubt.CLOSE_PASSED: _.n("{n} open deal was to close by now", "{n} open deals were to close by now", n),
        Doubt.FUTURE: _.n("{n} stage move is dated in the future", "{n} stage moves are dated in the future", n),
    }[doubt]
    # fmt: on
