"""The Telegram of our own, seen through the real python-telegram-bot over real sockets: the whole way and back."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import telegram as ptb
from telegram import error
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from tests.platforms.telegram import TOKEN, Telegram
from tests.platforms.telegram.scene import bot_of, keyboard, refused, talking
from tests.platforms.telegram.talk import Talk

Context = ContextTypes.DEFAULT_TYPE


def test_a_start_with_a_code_is_heard_and_answered() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            telegram.start(ann, "CODE-7")
            first, second = await bot.get_updates(timeout=5)
            assert second.update_id == first.update_id + 1
            message = second.message
            assert message is not None
            assert message.text == "/start CODE-7"
            assert message.from_user == ptb.User(1001, "Ann", False)
            assert [e.type for e in message.entities] == ["bot_command"]
            assert message.chat.type == "private"
            await message.reply_text("<b>Hi</b> Ann &amp; all", parse_mode="HTML", reply_markup=keyboard("Done"))
            said = telegram.last(ann)
            assert (said.text, said.raw, said.labels) == ("Hi Ann & all", "<b>Hi</b> Ann &amp; all", ["Done"])
            assert said.entities == [{"type": "bold", "offset": 0, "length": 2}]

    asyncio.run(scene())


def test_who_am_i() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, _):
            me = await bot.get_me()
            assert (me.username, me.can_join_groups, me.can_read_all_group_messages) == ("paceline_bot", True, False)
            telegram.can_read_all_group_messages = True
            assert (await bot.get_me()).can_read_all_group_messages
            wrong = bot_of(telegram, TOKEN[:-1] + "1")
            with pytest.raises(error.InvalidToken, match="Unauthorized"):
                await wrong.get_me()
            with pytest.raises(error.InvalidToken, match="Not Found"):
                await bot_of(telegram, "123:short").get_me()
            async with httpx.AsyncClient() as client:
                answer = await client.post(f"{telegram.url}/bot{TOKEN}/sendTelepathy")
            assert answer.status_code == 404
            assert answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}

    asyncio.run(scene())


def updates_of(telegram: Telegram) -> Application[Any, Any, Any, Any, Any, Any]:
    return Application.builder().bot(bot_of(telegram)).build()


def test_an_application_that_polls() -> None:
    async def on_text(update: ptb.Update, _: Context) -> None:
        assert update.message is not None
        await update.message.reply_text(f"you said {update.message.text}", reply_markup=keyboard("Yes", "No"))

    async def on_press(update: ptb.Update, _: Context) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer(f"heard {update.callback_query.data}")
        await update.callback_query.edit_message_text("done")

    async def scene() -> None:
        async with Telegram(limits=None) as telegram:
            ann = telegram.add_user(1001, "Ann", "ann")
            program = updates_of(telegram)
            program.add_handler(MessageHandler(filters.TEXT, on_text))
            program.add_handler(CallbackQueryHandler(on_press))
            async with program:
                assert program.updater is not None
                await program.updater.start_polling(timeout=2)
                await program.start()
                telegram.start(ann)
                await telegram.until(lambda: telegram.texts(ann) == ["you said /start"])
                assert await telegram.press(ann, ann, telegram.last(ann), "Yes") == "heard yes"
                await telegram.until(lambda: telegram.last(ann).text == "done")
                assert telegram.last(ann).labels == []
                assert telegram.last(ann).edits[0].text == "you said /start"
                telegram.down = True
                telegram.say(ann, ann, "anybody?")
                await asyncio.sleep(0.1)
                telegram.down = False
                await telegram.until(lambda: telegram.last(ann).text == "you said anybody?")
                await program.updater.stop()
                await program.stop()

    asyncio.run(scene())


def test_in_a_thread_of_its_own() -> None:
    async def on_press(update: ptb.Update, _: Context) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("thanks")

    async def begin(update: ptb.Update, _: Context) -> None:
        assert update.message is not None
        await update.message.reply_text("ready", reply_markup=keyboard("Go"))

    async def program(telegram: Telegram, go_on: Callable[[], bool]) -> None:
        bot = updates_of(telegram)
        bot.add_handler(CommandHandler("start", begin))
        bot.add_handler(CallbackQueryHandler(on_press))
        async with bot:
            assert bot.updater is not None
            await bot.updater.start_polling(timeout=1)
            await bot.start()
            while go_on():
                await asyncio.sleep(0.01)
            await bot.updater.stop()
            await bot.stop()

    with Telegram() as telegram:
        ann = telegram.add_user(1001, "Ann")
        pressed: list[str] = []

        def person() -> None:
            telegram.start(ann)
            telegram.wait(lambda: telegram.said(ann))
            pressed.append(telegram.press(ann, ann, telegram.last(ann), "go").wait())

        async def both() -> None:
            acting = asyncio.create_task(asyncio.to_thread(person))
            await program(telegram, lambda: not acting.done())
            await acting

        asyncio.run(both())
        assert pressed == ["thanks"]


def test_presses() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            await bot.send_message(1001, "choose", reply_markup=keyboard("Yes"))
            press = telegram.press(ann, ann, telegram.last(ann), "Yes", within=0.05)
            with pytest.raises(AssertionError, match="nobody answered"):
                await press
            with pytest.raises(LookupError, match="only \\['Yes'\\]"):
                telegram.press(ann, ann, telegram.last(ann), "No")
            query = (await bot.get_updates())[-1].callback_query
            assert query is not None
            assert isinstance(query.message, ptb.Message)
            assert (query.data, query.message.text) == ("yes", "choose")
            await query.answer("late, but there")
            assert await press == "late, but there"
            old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
            assert await refused(telegram, query.answer()) == old
            telegram.press(ann, ann, telegram.last(ann), "yes", inaccessible=True)
            query = (await bot.get_updates())[-1].callback_query
            assert query is not None
            assert query.message is not None
            assert not query.message.is_accessible
            telegram.answer_within = 0
            assert await refused(telegram, query.answer()) == old

    asyncio.run(scene())


def test_what_is_forwarded_and_what_is_quoted() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            await bot.get_updates(offset=-1)
            bob = telegram.add_user(1002, "Bob")
            elsewhere = telegram.add_group(-55, "elsewhere", [bob, ann], bot=False)
            said = telegram.say(bob, elsewhere, "/leave today, they said")
            first = telegram.forward(ann, ann, said)
            telegram.forward(ann, ann, first)
            telegram.forward(ann, ann, said, hidden=True)
            telegram.say(ann, ann, "that", reply_to=first, quote="today")
            told = [update.message for update in (await bot.get_updates())[1:] if update.message]
            assert [m.text for m in told] == ["/leave today, they said"] * 3 + ["that"]
            known, again, hidden, quoting = told
            assert isinstance(known.forward_origin, ptb.MessageOriginUser)
            assert known.forward_origin.sender_user.first_name == "Bob"
            assert known.from_user == ptb.User(1001, "Ann", False)
            assert again.forward_origin == known.forward_origin, "whoever hands it on is not its writer"
            assert isinstance(hidden.forward_origin, ptb.MessageOriginHiddenUser)
            assert quoting.forward_origin is None
            assert quoting.quote
            assert (quoting.quote.text, quoting.quote.position) == ("today", 7)

    asyncio.run(scene())


def test_a_conversation_by_hand() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            written: list[str] = []
            talk = Talk(telegram, written.append)
            telegram.add_group(-55, "east", [ann])
            await bot.send_message(1001, "Choose", reply_markup=keyboard("Yes", "No"))
            for line in (
                "ann press 2",
                "ann hello",
                "ann @east hi",
                "ann press 9",
                "bob hello",
                "down",
                "up",
                "ann forward 3",
            ):
                talk.hear(line)
            assert written == [
                "Paceline to Ann 2: Choose",
                "  [1 Yes]  [2 No]",
                "Ann presses no",
                "Ann 3: hello",
                "Ann @east 4: hi",
                "  no: there is no button 9; try help",
                "  no: there is nobody called bob; try help",
                "Ann 5: hello",
            ]

    asyncio.run(scene())
