"""A whole standup over a Telegram that answers like the real one: by taps, by typing, through a restart."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from bot.standup import board, service
from bot.standup import store as standups
from bot.standup.model import State
from tests.bot.chat.telegram.scene import Scene, connected, link, platform, real_ear
from tests.conftest import Office
from tests.handlers.deals import ACME, KRAFTWERK, bring, changed
from tests.platforms.telegram.server import REAL_LIMITS


def asked(east: Office, *, planned: str = "") -> None:
    """It is 09:31 in Berlin and everybody has been asked; `planned` is what Anna said yesterday."""
    link(east.app, "anna", 1001)
    if planned:
        east.run(datetime(2026, 6, 11, 7, 31, tzinfo=UTC), step=60 * 30)
        east.fill("anna", east.form("anna", "/standup"), next=planned, blocker__kind="none")
        east.run(datetime(2026, 6, 12, 7, 31, tzinfo=UTC), step=60 * 30)
    else:
        east.run(datetime(2026, 6, 11, 7, 31, tzinfo=UTC), step=60 * 30)


def standup(east: Office, scene: Callable[[Scene], Awaitable[None]], **more: Any) -> None:
    """Play a scene that begins with the prompt in Anna's chat."""

    async def go() -> None:
        async with connected(east.app, real_ear(east.app), **more) as found:
            await found.drain()
            await scene(found)

    asyncio.run(go())


def answers(east: Office, key: str = "anna") -> dict[str, tuple[str, ...]]:
    """What somebody has answered today."""
    with east.app.db.begin() as db:
        slot = service.slot_today(db, east.person(key), east.app.now())
        return dict(board.answered(db, slot).answers) if slot and slot.state is State.ANSWERED else {}


def test_a_quiet_day_is_three_taps(east: Office) -> None:
    asked(east, planned="demo for Acme\ncall Wang")

    async def scene(s: Scene) -> None:
        assert s.card.labels == ["Answer", "Same as planned ✓", "Skip today ▾", "Later ▾"]
        for tap in ("Answer", "demo for Acme", "No blocker · Send"):
            await s.tap(tap)
        assert answers(east)["done"] == ("demo for Acme",)
        assert s.card.text == "Standup · Fri 12 Jun\nSent."
        assert s.card.labels == []
        await s.drain()
        assert s.card.text.startswith("Noted.")

    standup(east, scene)


def test_a_standup_by_typing(east: Office) -> None:
    asked(east)

    async def scene(s: Scene) -> None:
        await s.tap("Answer")
        assert s.card.text.splitlines()[0] == "Standup · Thu 11 Jun · 1 of 3"
        await s.write("demo for Acme\noffer to Hongda")
        assert "What is next?" in s.card.text
        await s.write("call Wang")
        assert s.card.labels[0] == "No blocker"
        await s.write("legal has the contract")
        assert "What is in the way?" not in answers(east), "nothing is sent yet"
        await s.tap("Internal approval")
        assert "In one line" in s.card.text
        assert "Now: legal has the contract" in s.card.text
        await s.tap("Keep")
        await s.write("Acme")
        await s.tap("offer")
        assert "Which deal? Acme" in s.card.text
        await s.tap("Send")
        await s.drain()
        assert "legal has the contract" in s.card.text
        found = answers(east)
        assert (found["done"], found["next"]) == (("demo for Acme", "offer to Hongda"), ("call Wang",))

    standup(east, scene)


def test_a_standup_in_one_message_without_the_card(east: Office) -> None:
    asked(east)

    async def scene(s: Scene) -> None:
        prompt = s.card
        await s.write("Yesterday: demo for Acme\nToday: call Wang\nBlocker: none", reply_to=prompt)
        assert answers(east) == {"done": ("demo for Acme",), "next": ("call Wang",), "blocker": ()}

    standup(east, scene)


def test_a_reply_to_the_prompt_passes_by_the_card(east: Office) -> None:
    asked(east)

    async def scene(s: Scene) -> None:
        prompt = s.card
        await s.tap("Answer")
        await s.write("Yesterday: demo\nToday: call\nBlocker: none", reply_to=prompt)
        assert answers(east)["next"] == ("call",)

    standup(east, scene)


def test_nothing_at_all_is_refused_and_what_was_filled_in_stays(east: Office) -> None:
    asked(east)

    async def scene(s: Scene) -> None:
        for tap in ("Answer", "Skip", "Skip", "No blocker", "Send"):
            await s.tap(tap)
        assert "Say at least one thing" in s.card.text
        assert "What did you get done?" in s.card.text
        await s.write("demo")
        await s.tap("Send")
        assert answers(east)["done"] == ("demo",)

    standup(east, scene)


def test_a_card_goes_on_after_a_restart(east: Office) -> None:
    asked(east)

    async def scene(s: Scene) -> None:
        await s.tap("Answer")
        await s.write("demo for Acme")
        await s.chat.stop()
        s.telegram.say(s.ann, s.ann, "call Wang")  # while nobody listens
        s.chat = platform(s.app, s.telegram)
        await s.chat.start(s.ear)
        await s.calm()
        await s.tap("No blocker")
        await s.tap("Send")
        assert answers(east)["next"] == ("call Wang",)
        assert len([m for m in s.telegram.said(s.ann) if "Sent." in m.text]) == 1

    standup(east, scene)


def test_all_is_kept_when_each_update_comes_three_times(east: Office) -> None:
    asked(east)

    async def scene(s: Scene) -> None:
        s.telegram.deliver_times = 3
        await s.tap("Answer")
        await s.write("demo for Acme")
        await s.write("call Wang")
        await s.tap("No blocker")
        await s.tap("Send")
        assert answers(east) == {"done": ("demo for Acme",), "next": ("call Wang",), "blocker": ()}
        await s.drain()
        assert [t for t in s.telegram.texts(s.ann) if t.startswith("Noted")] == [s.card.text]

    standup(east, scene)


def test_quick_taps_under_the_real_limits(east: Office) -> None:
    asked(east, planned="demo for Acme\ncall Wang\nquote for Hongda")

    async def scene(s: Scene) -> None:
        await s.tap("Answer")
        card = s.card
        for label in ("demo for Acme", "call Wang", "quote for Hongda"):
            await s.telegram.press(s.ann, s.ann, card, label)
        await s.calm()
        assert s.card.labels[:3] == ["✓ demo for Acme", "✓ call Wang", "✓ quote for Hongda"]
        await s.tap("No blocker · Send")
        assert len(answers(east)["done"]) == 3
        assert s.telegram.report().early == []

    standup(east, scene, limits=REAL_LIMITS)


def test_it_speaks_chinese(east: Office) -> None:
    link(east.app, "li", 1001)
    east.run(datetime(2026, 6, 11, 7, 31, tzinfo=UTC), step=60 * 30)

    async def scene(s: Scene) -> None:
        await s.tap("填写")
        assert s.card.labels == ["跳过", "取消"]
        await s.write("给宏达演示")
        await s.write("给王总回报价")
        await s.tap("没有卡点")
        assert s.card.labels == ["发送", "‹ 返回", "修改或补充", "取消"]
        await s.tap("发送")
        assert answers(east, "li")["done"] == ("给宏达演示",)

    standup(east, scene, linked="li")


def test_skipping_with_a_reason_is_one_question(east: Office) -> None:
    asked(east)

    async def scene(s: Scene) -> None:
        await s.tap("Skip today ▾")
        await s.tap("Another reason")
        assert s.card.labels == ["Cancel"]
        await s.write("dentist")
        with east.app.db.read() as db:
            run = standups.newest_run(db, 1, east.person("anna").team_id)
            assert run is not None
            skipped = [one for one in standups.slots_of_run(db, run.id, None) if one.state is State.SKIPPED]
        assert [one.detail for one in skipped] == ["dentist"]

    standup(east, scene)


def test_what_is_changed_afterwards_is_shown_at_a_glance(east: Office) -> None:
    asked(east)

    async def scene(s: Scene) -> None:
        await s.write("Yesterday: demo\nToday: call Wang\nBlocker: none", reply_to=s.card)
        await s.drain()
        await s.tap("Edit")
        assert "What is next? call Wang" in s.card.text
        await s.tap("What is next?")
        await s.write("call Wang and Li")
        await s.tap("Send")
        assert answers(east)["next"] == ("call Wang and Li",)

    standup(east, scene)


def test_deals_that_wait_are_asked_about_one_by_one(east: Office) -> None:
    bring(east, ACME + KRAFTWERK)
    asked(east)

    async def scene(s: Scene) -> None:
        await s.tap("Answer")
        await s.write("met Beta")
        await s.write("demo")
        await s.tap("No blocker")
        assert s.card.labels[:5] == ["Moved to Offer", "Next step", "Stuck", "Dead", "No change"]
        assert "No touch for 11 days" in s.card.text
        await s.tap("No change")
        assert "Kraftwerk pilot (Offer)" in s.card.text, "what goes with no change is not asked"
        assert s.card.labels[:4] == ["Next step", "Stuck", "Dead", "No change"], "nothing comes behind the last stage"
        await s.tap("Next step")
        await s.write("send the quote by Fri")
        await s.tap("Send")
        await s.drain()
        assert "Kraftwerk pilot: next send the quote (Fri 12 Jun)" in s.card.text

    standup(east, scene)
    assert [(one.deal, one.kind) for one in changed(east)] == [("D2", "next_step")]


def test_a_quiet_day_is_three_taps_with_deals_that_wait(east: Office) -> None:
    bring(east)
    asked(east, planned="demo for Acme\ncall Wang")

    async def scene(s: Scene) -> None:
        for tap in ("Answer", "demo for Acme", "No blocker · Send"):
            await s.tap(tap)
        assert answers(east)["done"] == ("demo for Acme",)

    standup(east, scene)
    assert changed(east) == []
