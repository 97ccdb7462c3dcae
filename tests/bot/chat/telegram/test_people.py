"""Who somebody is: linked by a code, blocked and back, groups that the bot enters and leaves."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.message import Place
from bot.team import accounts, service
from tests.bot.chat.telegram.scene import Scene, connected, real_ear
from tests.conftest import Office


def scene(east: Office, play: Callable[[Scene], Awaitable[None]], **more: Any) -> None:
    async def go() -> None:
        async with connected(east.app, **more) as found:
            await play(found)

    asyncio.run(go())


def code_for(east: Office, key: str) -> str:
    with east.app.db.begin() as db:
        return accounts.invite(db, east.person(key), "telegram", east.app.now())


def person_on(east: Office, user: int) -> int | None:
    with east.app.db.read() as db:
        return accounts.person_on(db, 1, "telegram", str(user))


def test_a_link_is_opened_and_welcomed(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.deliver_times = 3
        s.telegram.follow(s.ann, s.chat.invitation(code_for(east, "anna")))
        await s.calm()
        assert person_on(east, 1001) == east.person("anna").id
        await s.drain()
        assert [text.splitlines()[0] for text in s.telegram.texts(s.ann)] == [
            "Hello Anna Berg. I am Paceline, and I keep your team's rhythm."
        ]
        with east.app.db.read() as db:
            assert accounts.platforms_of(db, east.person("anna")) == {"web": False, "telegram": True}

    scene(east, play, linked="", ear=real_ear(east.app))


def test_a_code_works_once_for_three_days(east: Office) -> None:
    async def play(s: Scene) -> None:
        code = code_for(east, "anna")
        s.telegram.start(s.ann, code)
        await s.calm()
        zhang = s.telegram.add_user(1002, "张", language_code="zh-hans")
        s.telegram.start(zhang, code)
        await s.telegram.until(lambda: s.telegram.said(zhang))
        assert s.telegram.last(zhang).text.startswith("这个邀请码用不了")
        late = code_for(east, "omar")
        east.clock.now += timedelta(days=3, minutes=1)
        s.telegram.start(zhang, late)
        await s.telegram.until(lambda: len(s.telegram.said(zhang)) == 2)
        assert person_on(east, 1002) is None
        assert [m.text for m in s.ear.answered] == ["/start"]
        assert code not in str(s.ear.heard)

    scene(east, play, linked="")


def test_a_stranger_is_told_how_to_get_in_once(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.deliver_times = 3
        s.telegram.start(s.ann)
        s.telegram.deliver_times = 1
        s.telegram.start(s.ann, "0123456789abcdef")
        await s.calm()
        assert s.telegram.texts(s.ann) == [
            "To talk to me, link your account first: ask your manager for a link. They get it from me with /invite.",
            "This code does not work: it was used, or is older than three days. Ask your manager for a new one.",
        ]
        assert s.ear.heard == {}

    scene(east, play, linked="")


def test_start_again_is_a_welcome(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.start(s.ann)
        (heard,) = await s.heard(1)
        assert (heard.text, heard.person) == ("/start", east.person("anna").id)

    scene(east, play)


def test_blocked_and_back(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.block(s.ann)
        await s.telegram.until(lambda: east.person("anna").unreachable)
        assert east.person("anna").unreachable == "They blocked the bot in Telegram."
        s.telegram.unblock(s.ann)
        await s.telegram.until(lambda: not east.person("anna").unreachable)
        with east.app.db.begin() as db:
            accounts.prefer(db, east.person("anna"), "web")
        s.telegram.block(s.ann)
        await s.calm()
        assert not east.person("anna").unreachable, "she is asked elsewhere"

    scene(east, play)


def test_a_group_is_greeted_and_missed(east: Office) -> None:
    async def play(s: Scene) -> None:
        group = s.telegram.add_supergroup(-1009, "East", [s.ann], bot=False)
        s.telegram.invite(s.ann, group)
        await s.telegram.until(lambda: s.telegram.said(group))
        assert s.telegram.texts(group) == ["Hello. To show a team's standup board here, its manager sends /here."]
        with east.app.db.begin() as db:
            (team,) = service.teams(db, 1)
            accounts.show_team(db, 1, team.id, Place("telegram", "-1009"))
        s.telegram.kick(group)
        await s.telegram.until(lambda: "group -1009" in s.chat.broken())
        assert "Add me again" in s.chat.broken()["group -1009"]
        s.telegram.invite(s.ann, group)
        await s.telegram.until(lambda: not s.chat.broken())
        assert s.ear.heard == {}

    scene(east, play)


def test_here_in_a_group_by_its_manager(east: Office) -> None:
    async def play(s: Scene) -> None:
        group = s.telegram.add_group(-55, "East", [s.ann])
        s.telegram.say(s.ann, group, "/here")
        await s.calm()
        with east.app.db.read() as db:
            assert set(accounts.team_chats(db, 1, "telegram")) == {"-55"}
        await s.drain()
        assert "The board of East stands here" in s.card.text, "an answer to a command is for the asker's own chat"
        s.telegram.migrate(group, -10055)
        await s.calm()
        with east.app.db.read() as db:
            assert set(accounts.team_chats(db, 1, "telegram")) == {"-10055"}

    scene(east, play, linked="weber", ear=real_ear(east.app))


def test_stickers_and_voices_are_no_words(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.say(s.ann, s.ann, "")
        await s.telegram.until(lambda: s.telegram.said(s.ann))
        assert s.card.text == "I read text, pictures and documents. This I cannot read."
        assert not s.ear.heard

    scene(east, play)
