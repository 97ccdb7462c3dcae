"""Forms of all kinds as a card: ticks, choices, numbers, dates; faults; one at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.chat.telegram import reading
from bot.message import Button, Field, Form, Option, Reply
from tests.bot.chat.telegram.scene import Scene, connected, platform, there
from tests.conftest import Office

FORM = Form(
    "Deal",
    "/deal save",
    (
        Field("name", "Which deal?", required=True, most=20),
        Field("size", "How large?", "number", required=True),
        Field("close", "When does it close?", "date"),
        Field("call", "When shall I call?", "time"),
        Field("parts", "Which parts?", "many", options=(Option("a", "Alpha"), Option("b", "Beta"))),
        Field("stage", "Which stage?", "one", options=(Option("", "none"), Option("demo", "demo"))),
    ),
    "Save",
    intro="For the board",
)
PREFILLED = Form(
    "You",
    "/me",
    (
        Field("language", "Language", "one", "en", (Option("en", "English"), Option("zh", "中文")), required=True),
        Field("at", "Ask me at", "time", "09:30"),
        Field("note", "Note", "line", "as ever"),
    ),
    "Save",
)


def scene(east: Office, play: Callable[[Scene], Awaitable[None]], form: Form = FORM, **more: Any) -> None:
    async def go() -> None:
        async with connected(east.app, **more) as found:
            found.ear.forms["/form"] = form
            await found.write("/form")
            await play(found)

    asyncio.run(go())


def submitted(s: Scene) -> list[Any]:
    return [m for m in s.ear.answered if m.how == "form"]


def test_question_by_question(east: Office) -> None:
    async def play(s: Scene) -> None:
        assert s.card.text == "Deal · 1 of 6\nFor the board\n\nWhich deal?\nWrite it here."
        assert s.card.labels == ["Cancel"]
        await s.write("a name that is much too long")
        assert "At most 20 characters fit here." in s.card.text
        await s.write("Acme")
        assert s.card.labels == ["‹ Back", "Cancel"]
        await s.write("many")
        assert "That is no number" in s.card.text
        await s.write("1,200")
        await s.write("some day")
        assert "I cannot read that date" in s.card.text
        assert "Save" in s.card.labels
        await s.write("11.06.2026")
        await s.write("9:30")
        await s.tap("Beta")
        await s.tap("Alpha")
        await s.tap("✓ Beta")
        await s.tap("Next")
        await s.tap("‹ Back")
        await s.tap("Next")
        await s.tap("demo")
        assert s.card.text.splitlines()[3:] == [
            "Which deal? Acme",
            "How large? 1200",
            "When does it close? 2026-06-11",
            "When shall I call? 09:30",
            "Which parts? Alpha",
            "Which stage? demo",
        ]
        await s.tap("Change or add")
        await s.tap("How large?")
        assert "Now: 1200" in s.card.text
        await s.write("1300")
        await s.tap("Save")
        (form,) = submitted(s)
        assert (form.text, form.place, form.person) == ("/deal save", there(1001), east.person("anna").id)
        assert form.answers == {
            "name": "Acme",
            "size": "1300",
            "close": "2026-06-11",
            "call": "09:30",
            "parts": ("a",),
            "stage": "demo",
        }
        assert s.card.text == "Deal\nSent."
        assert len(s.telegram.said(s.ann)) == 1, "it is one message throughout"

    scene(east, play)


def test_it_may_be_sent_as_soon_as_what_must_be_is_there(east: Office) -> None:
    async def play(s: Scene) -> None:
        await s.write("Acme")
        await s.write("12")
        await s.tap("Save")
        assert submitted(s)[0].answers["size"] == "12"

    scene(east, play)


def test_a_fault_leads_to_its_question_and_what_was_typed_stays(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.ear.refuses = [{"size": "Larger than the year.", "name": "There are two of that name."}]
        await s.write("Acme")
        await s.write("12")
        await s.tap("Save")
        assert "Which deal?\nNow: Acme" in s.card.text
        assert "There are two of that name." in s.card.text
        await s.write("Acme North")
        assert "Now: 12" in s.card.text
        assert "Larger than the year." in s.card.text
        await s.write("11")
        await s.tap("Save")
        assert [m.answers["name"] for m in submitted(s)] == ["Acme", "Acme North"]
        assert len({m.id for m in submitted(s)}) == 2

    scene(east, play)


def test_a_filled_in_form_is_shown_at_a_glance(east: Office) -> None:
    async def play(s: Scene) -> None:
        assert s.card.text == "You\n\nLanguage English\nAsk me at 09:30\nNote as ever"
        assert s.card.labels == ["Save", "Language", "Ask me at", "Note", "Cancel"]
        await s.tap("Note")
        assert s.card.labels == ["Keep", "Empty it", "Save", "‹ Back", "Cancel"]
        await s.tap("Empty it")
        await s.tap("Language")
        assert s.card.labels[:2] == ["✓ English", "中文"]
        await s.tap("中文")
        await s.tap("Save")
        assert submitted(s)[0].answers == {"language": "zh", "at": "09:30", "note": ""}

    scene(east, play, PREFILLED)


def test_words_at_a_glance_are_not_lost_unseen(east: Office) -> None:
    async def play(s: Scene) -> None:
        await s.write("and another thing")
        assert "Send what stands here, or choose what to change." in s.card.text
        assert [m.text for m in s.ear.answered] == ["/form"]

    scene(east, play, PREFILLED)


def test_a_message_that_answered_may_be_corrected(east: Office) -> None:
    async def play(s: Scene) -> None:
        said = s.telegram.say(s.ann, s.ann, "Acmee")
        await s.calm()
        s.telegram.edit(s.ann, s.ann, said, "Acme")
        await s.write("12")
        await s.tap("Save")
        assert submitted(s)[0].answers["name"] == "Acme"
        s.telegram.edit(s.ann, s.ann, said, "Acme North")
        await s.calm()
        assert "That was sent already" in s.card.text
        assert "edit" not in [m.how for m in s.ear.answered]

    scene(east, play)


def test_a_new_form_replaces_the_old_one(east: Office) -> None:
    async def play(s: Scene) -> None:
        old = s.card
        s.ear.forms["/me"] = PREFILLED
        await s.write("/me")
        assert (old.text, old.labels) == ("Deal\nReplaced by a newer one.", [])
        assert "Language" in s.card.text
        toast = await s.telegram.press(s.ann, s.ann, s.card, "Save")
        assert toast == ""

    scene(east, play)


@pytest.mark.parametrize("how", ["tap", "typed"])
def test_cancelled(east: Office, how: str) -> None:
    async def play(s: Scene) -> None:
        card = s.card
        data = card.button("Cancel")["callback_data"]
        await (s.tap("Cancel") if how == "tap" else s.write("/cancel"))
        assert (card.text, card.labels) == ("Deal\nCancelled.", [])
        await s.write("hello")
        assert [m.text for m in s.ear.answered] == ["/form", "hello"]
        assert data.startswith("c.")

    scene(east, play)


def test_commands_and_late_words_are_not_for_the_card(east: Office) -> None:
    async def play(s: Scene) -> None:
        await s.write("/help")
        east.clock.now += timedelta(hours=3)
        await s.write("something else")
        assert [m.text for m in s.ear.answered] == ["/form", "/help", "something else"]

    scene(east, play)


def test_a_form_asked_for_in_a_group_opens_in_ones_own_chat(east: Office) -> None:
    async def play(s: Scene) -> None:
        await s.tap("Cancel")
        group = s.telegram.add_supergroup(-1009, "East", [s.ann])
        await s.chat.send(there(-1009), Reply("board", (Button("Answer", "/form"),)), "k")
        await s.tap("Answer", where=group)
        assert len(s.telegram.said(group)) == 1
        assert "Which deal?" in s.card.text

    scene(east, play)


def test_submitted_once_through_disorder_and_a_restart(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.deliver_times = 3
        await s.write("Acme")
        await s.write("12")
        card, press = s.card, None
        s.ear.slow = 0.1
        press = s.telegram.press(s.ann, s.ann, card, "Save")
        await press
        await s.chat.stop()
        s.telegram.again(press)
        s.chat = platform(s.app, s.telegram)
        await s.chat.start(s.ear)
        await s.calm()
        assert len(submitted(s)) == 1
        assert card.text == "Deal\nSent."

    scene(east, play)


def test_a_card_that_somebody_deleted_is_posted_anew(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.card.deleted = True
        await s.write("Acme")
        assert "How large?" in s.card.text

    scene(east, play)


def test_a_moment_without_telegram_costs_nothing(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.misbehave("editMessageText", "502")
        s.telegram.misbehave("editMessageText", "429:1", after=1)
        await s.write("Acme")
        assert "How large?" in s.card.text

    scene(east, play)


NUMBERS = [("12", "12"), ("1,200", "1200"), ("1,5", "1.5"), ("-3", "-3"), ("1 200", "1200"), ("twelve", None)]
DATES = [
    ("2026-6-1", "2026-06-01"),
    ("2026年6月1日", "2026-06-01"),
    ("1.6.2026", "2026-06-01"),
    ("Friday", "2026-06-12"),
    ("明天", "2026-06-12"),
    ("2026-02-30", None),
    ("this week", None),
]
TIMES = [("9:30", "09:30"), ("09：05", "09:05"), ("9点", "09:00"), ("24:00", None), ("soon", None)]


@pytest.mark.parametrize(
    ("kind", "said", "meant"),
    [(kind, *case) for kind, cases in (("number", NUMBERS), ("date", DATES), ("time", TIMES)) for case in cases],
)
def test_what_words_mean(kind: Any, said: str, meant: str | None) -> None:
    value, fault = reading.read(Field("x", "X", kind), said, date(2026, 6, 11))
    assert (None if fault else value) == meant
