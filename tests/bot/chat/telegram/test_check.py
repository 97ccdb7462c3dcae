"""What `paceline doctor` finds out about Telegram."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.message import Place
from bot.team import accounts, service
from tests.bot.chat.telegram.scene import BASE, Scene, connected, link, platform
from tests.conftest import Office


def scene(east: Office, play: Callable[[Scene], Awaitable[None]], **more: Any) -> None:
    async def go() -> None:
        east.clock.now = datetime.now(UTC)
        async with connected(east.app, start=False, **more) as found:
            await play(found)

    asyncio.run(go())


async def wrong(s: Scene, chat: Any = None) -> list[tuple[str, str, str]]:
    return [(c.state, c.detail, c.mend) for c in await (chat or s.chat).check() if c.state != "ok"]


def test_all_is_well(east: Office) -> None:
    for n, key in enumerate(("weber", "li", "omar", "olga")):
        link(east.app, key, 2000 + n)

    async def play(s: Scene) -> None:
        assert await wrong(s) == []
        assert [c.detail for c in await s.chat.check()] == [
            "Telegram knows the bot as @paceline_bot.",
            "0 updates wait to be fetched.",
            "In groups I read commands, mentions and answers to me, and nothing else.",
            "Everybody on the roster is linked to Telegram.",
            "The clock is right.",
        ]

    scene(east, play)


def test_what_may_be_wrong(east: Office) -> None:
    async def play(s: Scene) -> None:
        group = s.telegram.add_supergroup(-1009, "East", [s.ann])
        with east.app.db.begin() as db:
            (team,) = service.teams(db, 1)
            accounts.show_team(db, 1, team.id, Place("telegram", "-1009"))
        s.telegram.kick(group)
        await s.chat.desk.bot.set_webhook("https://elsewhere.example/hook")
        east.clock.now += timedelta(minutes=2)
        found = await wrong(s)
        assert [detail[:44] for _, detail, _ in found] == [
            "A webhook is set for this bot, but Paceline ",
            "I am not in the group -1009 that shows a tea",
            "4 on the roster are not linked to Telegram: ",
            found[3][1][:44],
        ]
        assert found[2][1].endswith(": li, olga, omar, weber.")
        assert found[3][1].startswith("This machine's clock is 1")
        assert all(mend.endswith(".") for _, _, mend in found)
        await s.chat.desk.bot.delete_webhook()
        for n in range(30):
            s.telegram.say(s.ann, s.ann, str(n))
        assert "31 updates wait to be fetched." in [detail for _, detail, _ in await wrong(s)]

    scene(east, play)


def test_a_webhook_that_fails(east: Office) -> None:
    async def play(s: Scene) -> None:
        hooked = platform(east.app, s.telegram, "s3cret")
        assert "The webhook does not lead to PACELINE_URL." in [d for _, d, _ in await wrong(s, hooked)]
        await s.chat.desk.bot.set_webhook(BASE + "/telegram/webhook")
        s.telegram.line.reroute[BASE] = "http://127.0.0.1:1"
        s.telegram.say(s.ann, s.ann, "hello")
        await s.telegram.until(lambda: s.telegram.line.error)
        found = await wrong(s, hooked)
        assert found[0][:2] == ("fault", "Telegram could not call the webhook: Connection refused")

    scene(east, play)


def test_a_bad_token_and_no_telegram(east: Office) -> None:
    async def play(s: Scene) -> None:
        bad = platform(east.app, s.telegram, token="123456789:" + "x" * 35)
        ((state, _detail, mend),) = await wrong(s, bad)
        assert state == "fault"
        assert "@BotFather" in mend
        s.telegram.down = True
        ((state, detail, mend),) = await wrong(s)
        assert (state, detail) == ("fault", "Telegram cannot be reached.")
        assert "PACELINE_TELEGRAM_API_URL" in mend

    scene(east, play)
