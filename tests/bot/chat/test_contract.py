"""What holds on every platform alike: the web, Slack and Telegram run the same lines."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.crm.imports import import_folder
from bot.errors import ChatError
from bot.library import store as library
from bot.message import Button, Place, Reply
from bot.standup import board, service
from bot.standup.model import State
from jobs import standup
from tests.bot.chat.stages import STAGES, Stage
from tests.bot.minutes.found import CALL
from tests.conftest import Office
from tests.handlers.deals import ACME, bring, changed, deal
from tests.handlers.test_minutes import work

pytestmark = pytest.mark.parametrize("name", STAGES)

Play = Callable[[Stage], Awaitable[None]]


def play(office: Office, name: str, scene: Play) -> None:
    async def go() -> None:
        async with STAGES[name](office.app) as stage:
            await scene(stage)

    asyncio.run(go())


def answers(east: Office) -> dict[str, tuple[str, ...]]:
    with east.app.db.begin() as db:
        slot = service.slot_today(db, east.person("anna"), east.app.now())
        return dict(board.answered(db, slot).answers) if slot and slot.state is State.ANSWERED else {}


def asked(east: Office, place: Place) -> None:
    """Anna's prompt waits for her at `place`, her hour has come."""
    east.clock.now = datetime(2026, 6, 11, 7, 30, 30, tzinfo=UTC)
    standup.plan(east.app)
    standup.ask(east.app)


def test_what_is_said_stands_there_and_changes(east: Office, name: str) -> None:
    async def scene(stage: Stage) -> None:
        sent = await stage.chat.send(stage.place, Reply("**One** & <b>two</b> @channel"), "k:1")
        assert (await stage.texts())[-1] == "One & <b>two</b> @channel"
        for _ in range(2):  # to what it says already is no error
            await stage.chat.edit(stage.place, sent, Reply("Four"))
        assert (await stage.texts())[-1] == "Four"
        assert len(await stage.texts()) == 1

    play(east, name, scene)


def test_a_long_text_arrives_wholly(east: Office, name: str) -> None:
    async def scene(stage: Stage) -> None:
        lines = [f"{n}. 第{n}行 and some words" for n in range(900)]
        await stage.chat.send(stage.place, Reply("\n".join(lines)), "k:1")
        there = "\n".join(await stage.texts())
        assert [line for line in lines if line not in there] == []

    play(east, name, scene)


def test_it_is_found_by_its_key_or_says_that_it_cannot_tell(east: Office, name: str) -> None:
    async def scene(stage: Stage) -> None:
        sent = await stage.chat.send(stage.place, Reply("One"), "k:1")
        if stage.looks:
            assert await stage.chat.find(stage.place, "k:1") == sent
            assert await stage.chat.find(stage.place, "k:2") is None
        else:
            with pytest.raises(NotImplementedError):
                await stage.chat.find(stage.place, "k:1")

    play(east, name, scene)


def test_a_place_that_is_not_there_is_refused_for_good(east: Office, name: str) -> None:
    async def scene(stage: Stage) -> None:
        with pytest.raises(ChatError) as refused:
            await stage.chat.send(stage.wrong, Reply("One"), "k:1")
        assert refused.value.permanent

    play(east, name, scene)


def test_a_whole_standup(east: Office, name: str) -> None:
    async def scene(stage: Stage) -> None:
        asked(east, stage.place)
        await stage.calm()
        assert (await stage.texts())[-1].startswith("Standup · Thu 11 Jun · closes 09:40")
        await stage.types("Yesterday: met Acme\nToday: demo\nBlockers: none", times=3)
        await stage.calm()
        east.clock.forward(seconds=6)  # edits come at most every five
        await stage.calm()
        assert answers(east) == {"done": ("met Acme",), "next": ("demo",), "blocker": ()}
        texts = await stage.texts()
        assert sum("Noted" in text for text in texts) == 1
        assert "closes" not in texts[0], "the prompt says that it is answered"
        await stage.presses("Edit", times=3)
        await stage.fills(next="call Wang")
        await stage.calm()
        assert answers(east)["next"] == ("call Wang",)
        with east.app.db.read() as db:
            kinds = db.exec_driver_sql("SELECT kind, count(*) FROM standup_event GROUP BY kind").all()
        assert {row[0]: row[1] for row in kinds}["edited"] == 1, "three times the same form is one effect"

    play(east, name, scene)


def test_a_standup_that_asks_about_a_deal(east: Office, name: str) -> None:
    bring(east, ACME)

    async def scene(stage: Stage) -> None:
        asked(east, stage.place)
        await stage.calm()
        assert "Deals waiting for you: Acme (Demo, 11 days without a touch)" in (await stage.texts())[-1]
        words = "Yesterday: met Beta\nToday: demo\nBlockers: none\nAcme moved, next send the quote by Fri"
        await stage.types(words, times=3)
        await stage.calm()
        assert "Acme: moved to Offer, next send the quote (Fri 12 Jun)" in "\n".join(await stage.texts())
        await stage.presses("Edit", times=3)
        await stage.fills(next="call Wang")
        await stage.calm()
        assert answers(east)["next"] == ("call Wang",)
        assert [one.kind for one in changed(east)] == ["next_step", "moved"], "three times the same is one effect"
        assert deal(east, "D1").stage.name == "Offer"

    play(east, name, scene)


SAID = "They say: it costs *too* much & <b>go</b>"


def questions(east: Office) -> list[tuple[int, str]]:
    """What the library was asked, and by whom."""
    with east.app.db.read() as db:
        return [(row.person_id, row.question) for row in db.execute(library.ask.select())]


def test_what_a_colleague_wrote_is_asked_about_once(east: Office, name: str) -> None:
    async def scene(stage: Stage) -> None:
        await stage.points(SAID, times=3)
        await stage.calm()
        assert questions(east) == [(east.person("anna").id, SAID)]
        assert len(await stage.texts()) == 1

    play(east, name, scene)


def test_a_command_that_a_colleague_wrote_is_not_done(east: Office, name: str) -> None:
    async def scene(stage: Stage) -> None:
        told = "say /leave until Friday" if name == "web" else "/leave until Friday"  # there it would not stand
        await stage.points(told, times=3)
        await stage.calm()
        assert questions(east) == [(east.person("anna").id, told)]
        with east.app.db.read() as db:
            assert db.exec_driver_sql("SELECT count(*) FROM leave").scalar() == 0

    play(east, name, scene)


def test_a_button_pressed_three_times_is_pressed_once(east: Office, name: str) -> None:
    async def scene(stage: Stage) -> None:
        await stage.chat.send(stage.place, Reply("Which?", (Button("Help", "/help"),)), "k:1")
        await stage.presses("Help", times=3)
        await stage.calm()
        assert sum("I keep your team's rhythm" in text for text in await stage.texts()) == 1

    play(east, name, scene)


def test_a_button_may_say_more_than_a_platform_takes_for_its_id(east: Office, name: str, tmp_path: Path) -> None:
    key = "商" * 90
    lines = f"deal,name,owner,stage,status,created\n{key},Nordwind press,anna,Demo,open,2026-06-01\n"
    (tmp_path / "crm").mkdir()
    (tmp_path / "crm" / "deals.csv").write_text(lines)
    assert not import_folder(east.app.db, 1, tmp_path / "crm", east.app.now()).faults

    async def scene(stage: Stage) -> None:
        await stage.types("/deals")
        await stage.calm()
        await stage.presses("Nordwind press", times=3)
        await stage.calm()
        assert sum("In Demo for 10 days" in text for text in await stage.texts()) == 1

    play(east, name, scene)


def test_a_dropped_transcript_becomes_posted_minutes(east: Office, name: str) -> None:
    async def scene(stage: Stage) -> None:
        await stage.drops("acme.txt", CALL.encode())
        await stage.calm()
        assert "Acme demo · Wed 10 Jun: the minutes are being made" in (await stage.texts())[-1]
        one = await asyncio.to_thread(work, east)
        east.clock.forward(seconds=5)
        await stage.calm()
        draft = (await stage.texts())[-1]
        assert draft.startswith("Acme demo · Wed 10 Jun\n")
        assert "2. Send the SOC 2 report · you · Thu 11 Jun" in draft
        await stage.presses("Post to East", times=2)
        east.clock.forward(seconds=5)
        await stage.calm()
        assert (await stage.texts())[-1].startswith("Posted to East · Acme demo")
        assert [key for key in east.keys("minutes-posted") if key.startswith(f"minutes-posted:{one.id}:")]

    play(east, name, scene)
    assert len(east.keys("minutes-posted")) == 1
