"""Slack's directory and the roster, held together: who is linked, who left, which channels the bot can reach."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.chat.slack.api import Api
from bot.chat.slack.refusals import NOT_IN_CHANNEL, PERMANENT, Refused
from bot.db import Database
from bot.errors import ChatError
from bot.team import accounts, service
from bot.team.accounts import Account
from bot.team.model import Person

log = logging.getLogger(__name__)

Json = dict[str, Any]

EVERY = 3600.0  # seconds between two looks at everybody
LATELY = 5.0  # seconds that somebody who was looked up is taken for the same
_PAGE = 200


class People:
    """Who is who. `looked`: everybody was matched once; `missing`: keys of people on the roster whom Slack does not
    know, as of the last look."""

    def __init__(self, api: Api, db: Database, workspace: int) -> None:
        self._api, self._db, self._workspace = api, db, workspace
        self._known: dict[str, Account] = {}
        self.looked = False
        self._trouble = ""
        self._closed: dict[str, str] = {}  # channel of a team -> why nothing can be posted there
        self._turn = asyncio.Lock()
        self._lately: dict[str, tuple[float, Person | None]] = {}  # user -> when they were looked up, and who they are
        self.missing: tuple[str, ...] = ()

    def broken(self) -> Mapping[str, str]:
        found = {
            f"channel {channel}": f"A team's board cannot be shown. {why}" for channel, why in self._closed.items()
        }
        return found | ({"people": self._trouble} if self._trouble else {})

    async def keep_matching(self) -> None:
        """Match now and every hour; sooner again when Slack did not answer."""
        pause = 2.0
        while True:
            try:
                await self.match()
                await self.look_at_channels()
            except ChatError as fault:
                pause = min(pause * 2, 300.0)
                self._trouble = f"Slack's list of people could not be read. {fault}"
                log.warning("slack people: %s", fault)
            except Exception:
                pause = min(pause * 2, 300.0)
                log.exception("slack people could not be matched; trying again")
            else:
                pause, self._trouble = 2.0, ""
            await asyncio.sleep(EVERY if not self._trouble and pause == 2.0 else pause)

    async def match(self) -> accounts.Matched:
        """Read everybody and link those who are on the roster."""
        found = await self.everybody()
        async with self._turn:
            self._known = {one.user: one for one in found}
            return await asyncio.to_thread(self._match)

    async def everybody(self) -> list[Account]:
        """All people of the workspace; no bots, no guests."""
        found: list[Account] = []
        async for page in self._api.pages("users.list", "members", limit=_PAGE):
            found += _accounts(page)
        return found

    async def changed(self, user: Json) -> None:
        """Somebody came, left or has another address. Before all were read once, the next look finds that too."""
        async with self._turn:
            known = _accounts([user])
            if known:
                self._known[known[0].user] = known[0]
            else:
                self._known.pop(str(user.get("id")), None)
            if self.looked:
                await asyncio.to_thread(self._match)

    def _match(self) -> accounts.Matched:
        with self._db.begin() as db:
            done = accounts.match(db, self._workspace, "slack", list(self._known.values()))
            for person_id in done.linked:
                accounts.reached(db, self._workspace, person_id)
        self._lately.clear()
        self.looked, self.missing = True, tuple(who.key for who in done.missing)
        if done.linked or done.unlinked:
            counts = (len(done.linked), len(done.unlinked), len(done.missing))
            log.info("slack people: %s linked, %s unlinked, %s not found", *counts)
        return done

    async def look_at_channels(self) -> None:
        """See whether the bot can post where teams have their boards."""
        closed = {}
        for channel in await asyncio.to_thread(self.team_channels):
            if why := await self.closed(channel):
                closed[channel] = why
        self._closed = closed

    def team_channels(self) -> Mapping[str, int]:
        """The channels that show a board: channel -> team id."""
        with self._db.read() as db:
            return accounts.team_chats(db, self._workspace, "slack")

    async def closed(self, channel: str) -> str:
        """Why nothing can be posted in a channel, and what to do; "" when it can."""
        try:
            told = (await self._api.call("conversations.info", channel=channel))["channel"]
        except Refused as fault:
            if not fault.permanent:
                raise
            return str(fault)
        if told.get("is_archived"):
            return PERMANENT["is_archived"]
        return NOT_IN_CHANNEL if told.get("is_member") is False else ""

    async def who(self, user: str, others: Iterable[str] = ()) -> tuple[Person | None, dict[str, str]]:
        """The person with this account, as of a moment ago; the names of those `others` who are on the roster."""
        others, at = tuple(others), time.monotonic()
        known = self._lately.get(user)
        if known and not others and at - known[0] < LATELY:
            return known[1], {}
        if self._db.near:
            found, names = self._who(user, others)
        else:
            found, names = await asyncio.to_thread(self._who, user, others)
        if len(self._lately) > 5000:
            self._lately.clear()
        self._lately[user] = (at, found)
        return found, names

    def _who(self, user: str, others: Sequence[str]) -> tuple[Person | None, dict[str, str]]:
        with self._db.read() as db:
            names = {}
            for other in others:
                if found := self._person(db, other):
                    names[other] = found.name
            return self._person(db, user), names

    def _person(self, db: Any, user: str) -> Person | None:
        person_id = accounts.person_on(db, self._workspace, "slack", user)
        return None if person_id is None else service.person(db, self._workspace, person_id)

    def unmatched(self, found: Sequence[Account]) -> list[str]:
        """The keys of people on the roster whom none of these accounts belongs to."""
        ids = {one.user for one in found if one.active}
        addresses = {one.email.casefold() for one in found if one.active and one.email}
        with self._db.read() as db:
            linked = {who.id for who in service.people(db, self._workspace)}
            linked -= {who.id for who in accounts.unlinked(db, self._workspace, "slack")}
            return [
                who.key
                for who in service.people(db, self._workspace)
                if not (who.id in linked or who.slack in ids or (who.email and who.email.casefold() in addresses))
            ]


def _accounts(members: Iterable[Json]) -> list[Account]:
    found = []
    for one in members:
        foreign = (
            one.get("is_bot") or one.get("is_restricted") or one.get("is_ultra_restricted") or one.get("is_stranger")
        )
        if foreign or one.get("id") == "USLACKBOT":
            continue
        profile = one.get("profile") or {}
        name = str(one.get("real_name") or profile.get("real_name") or "")
        found.append(Account(str(one["id"]), str(profile.get("email") or ""), name, not one.get("deleted")))
    return found
