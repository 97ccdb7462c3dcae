"""How updates come in: asked for, or brought to a webhook. None is confirmed before it was stored."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.chat.telegram import menu, trouble
from bot.chat.telegram.buttons import Keyboards
from bot.chat.telegram.desk import Desk, NotStored, seconds, where
from bot.chat.telegram.hearing import Hearing

log = logging.getLogger("paceline.telegram")

PATH = "/telegram/webhook"
SECRET = "X-Telegram-Bot-Api-Secret-Token"
WANTED = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
PATIENCE = 25  # seconds that Telegram may wait for something to happen
MOST_BODY = 1_000_000  # bytes of an update
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
TRIES = 4  # for an update that we stumble over ourselves
LOOKS = timedelta(minutes=5)  # between looks at how the webhook fares

CONFLICT = "Another program uses the same bot token. Stop it, or make a bot of its own with @BotFather."
WEBHOOK = "A webhook is set for this bot, so Telegram lets nobody poll. Restart Paceline, and stop what set it."


class Listening:
    """`refused` counts calls of the webhook that did not bear its secret."""

    def __init__(self, desk: Desk, hearing: Hearing, keyboards: Keyboards) -> None:
        self.desk, self.hearing, self.keyboards = desk, hearing, keyboards
        self.refused = 0
        self._running: asyncio.Task[None] | None = None
        self._stumbled: dict[int, int] = {}  # update -> how often

    def start(self) -> None:
        """Listen in the background, until `stop`."""
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        try:
            await self._until(self._greet)
            await asyncio.gather(self._until(lambda: menu.show(self.desk)), self._tidy(), self._listen())
        except asyncio.CancelledError:
            raise
        except Exception as fault:
            self.desk.trouble["listening"] = "Listening to Telegram ended by a fault of ours. Restart Paceline."
            log.error("listening ended: %s", where(fault))

    async def _until(self, call: Callable[[], Awaitable[object]]) -> None:
        """Do it, again and again while Telegram cannot be reached."""
        failed = 0
        while True:
            try:
                await call()
                self._well()
                return
            except TelegramError as fault:
                await self._rest(fault, failed)
                failed += 1

    async def _greet(self) -> None:
        self.desk.username = (await self.desk.bot.get_me()).username or ""

    async def _tidy(self) -> None:
        while True:
            try:
                await self.desk.away(self.keyboards.forget)
            except Exception as fault:
                log.warning("old buttons could not be forgotten: %s", type(fault).__name__)
            await asyncio.sleep(timedelta(days=1).total_seconds())

    async def _listen(self) -> None:
        bot, settings = self.desk.bot, self.desk.settings
        if settings.webhook_secret:
            where = {"secret_token": settings.webhook_secret, "allowed_updates": WANTED}
            await self._until(lambda: bot.set_webhook(self.desk.base_url + PATH, **where))  # type: ignore[arg-type]
            await self._watch()
        else:
            await self._until(bot.delete_webhook)
            await self._poll()

    # Polling.

    async def _poll(self) -> None:
        offset = failed = 0
        while True:
            try:
                found = await self.desk.bot.get_updates(offset, timeout=PATIENCE, allowed_updates=WANTED)
            except TelegramError as fault:
                await self._rest(fault, failed)
                failed += 1
                continue
            failed = 0
            self._well()
            if found:
                await self._take_all(found)
                offset = max(update.update_id for update in found) + 1  # confirms them with the next call

    async def _take_all(self, found: Sequence[Update]) -> None:
        """Take updates until all are stored: those of one chat in their order, several chats at once."""
        chats: dict[int, list[Update]] = {}
        for update in found:
            chats.setdefault(update.effective_chat.id if update.effective_chat else 0, []).append(update)

        async def in_order(updates: list[Update]) -> None:
            for update in updates:
                await self._until_stored(update)

        await asyncio.gather(*map(in_order, chats.values()))

    async def _until_stored(self, update: Update) -> None:
        failed = 0
        while not await self._take(update):
            await asyncio.sleep(PAUSES[min(failed, len(PAUSES) - 1)])
            failed += 1

    async def _take(self, update: Update) -> bool:
        """Whether the update is done with: stored, or nothing that we shall ever understand."""
        try:
            await self.hearing.take(update)
        except NotStored as fault:
            self.desk.trouble["storing"] = f"What people say in Telegram cannot be stored: {fault}."
            log.warning("an update could not be stored: %s", fault)
            return False
        except Exception as fault:
            tries = self._stumbled.pop(update.update_id, 0) + 1
            log.error("an update could not be taken, try %d: %s", tries, where(fault))
            if tries < TRIES or await self._database_is_out():
                self._stumbled[update.update_id] = tries
                return False
        self._stumbled.pop(update.update_id, None)
        self.desk.trouble.pop("storing", None)
        return True

    async def _database_is_out(self) -> bool:
        """Whether it is the database that fails, not we."""
        try:
            await self.desk.away(self._write)
        except Exception as fault:
            self.desk.trouble["storing"] = f"What people say in Telegram cannot be stored: {type(fault).__name__}."
            return True
        return False

    def _write(self) -> None:
        with self.desk.db.begin():
            pass

    # The webhook.

    def routes(self) -> Sequence[BaseRoute]:
        return [Route(PATH, self._called, methods=["POST"])] if self.desk.settings.webhook_secret else []

    async def _called(self, request: Request) -> Response:
        given = request.headers.get(SECRET, "").encode()
        if not hmac.compare_digest(given, self.desk.settings.webhook_secret.encode()):
            self.refused += 1
            log.warning("a call of the webhook without its secret was refused; %d so far", self.refused)
            return PlainTextResponse("", 403)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BODY:
                return PlainTextResponse("", 413)
        if not self.desk.username:
            return PlainTextResponse("", 503)  # starting; Telegram brings it again
        update = _read(body, self.desk)
        taken = update is None or await self._take(update)
        return PlainTextResponse("", 200 if taken else 503)

    async def _watch(self) -> None:
        """See now and then how Telegram fares with calling us."""
        while True:
            await asyncio.sleep(LOOKS.total_seconds())
            try:
                info = await self.desk.bot.get_webhook_info()
            except TelegramError as fault:
                log.info("how the webhook fares could not be asked: %s", type(fault).__name__)
                continue
            late = info.last_error_date and self.desk.now() - info.last_error_date < LOOKS
            if info.url != self.desk.base_url + PATH:
                self.desk.trouble["webhook"] = "The webhook leads elsewhere now. Restart Paceline to set it again."
            elif late and info.pending_update_count:
                self.desk.trouble["webhook"] = f"Telegram cannot call us at PACELINE_URL: {info.last_error_message}."
            else:
                self.desk.trouble.pop("webhook", None)

    # How it goes.

    def _well(self) -> None:
        for name in ("token", "listening", "conflict"):
            self.desk.trouble.pop(name, None)

    async def _rest(self, fault: TelegramError, failed: int) -> None:
        """Say what is wrong, and wait a little."""
        wait = PAUSES[min(failed, len(PAUSES) - 1)]
        if isinstance(fault, RetryAfter):
            wait = seconds(fault)
        elif isinstance(fault, InvalidToken):
            self.desk.trouble["token"] = trouble.TOKEN
            wait = PAUSES[-1]
        elif isinstance(fault, Conflict):
            self.desk.trouble["conflict"] = WEBHOOK if "webhook is active" in fault.message else CONFLICT
            wait = max(wait, 2.0)
        else:
            self.desk.trouble["listening"] = str(trouble.chat_error(fault, personal=False))
        log.warning("Telegram: %s; again in %.1f s", type(fault).__name__, wait)
        await asyncio.sleep(wait)


def _read(body: bytes, desk: Desk) -> Update | None:
    """The update that a webhook was called with; None for what is none."""
    try:
        return Update.de_json(json.loads(body), desk.bot)
    except Exception as fault:
        log.error("what the webhook brought is no update: %s", type(fault).__name__)
        return None
