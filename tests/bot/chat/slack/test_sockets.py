"""Connections that come and go."""

from pathlib import Path
from typing import Any

from tests.bot.chat.slack.desk import Desk, office, run


async def _reconnected(desk: Desk, how: Any) -> None:
    before = list(desk.slack.sockets.open)
    how()
    await desk.slack.until(lambda: [s for s in desk.slack.sockets.open if s not in before], 10)


def test_sockets_come_and_go_and_nothing_is_missed(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            await _reconnected(desk, desk.slack.disconnect)
            await desk.slack.say("anna", "dm", "one")
            await _reconnected(desk, desk.slack.sockets.cut)
            await desk.slack.say("anna", "dm", "two")
            await desk.hears(2)
            assert desk.ear.texts == ["one", "two"]

    run(test)


def test_a_platform_that_is_down_stops_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            desk.slack.down = True
            await desk.chat.start(desk.ear)
            await desk.slack.until(lambda: desk.chat.broken().get("socket"))
            desk.slack.down = False
            await desk.slack.until(lambda: desk.slack.sockets.open, 10)
            await desk.slack.until(lambda: not desk.chat.broken().get("socket"))

    run(test)
