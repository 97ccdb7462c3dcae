"""Who can be reached where: blocked and moved, private and in topics; what a group lets the bot hear."""

import asyncio

import pytest
import telegram as ptb
from telegram import error

from tests.platforms.telegram.scene import refused, talking


def test_who_cannot_be_reached() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            bob, cleo = telegram.add_user(1002, "Bob"), telegram.add_user(1003, "Cleo")
            group = telegram.add_supergroup(-1001, "East", [ann, bob])

            async def send(chat: int) -> str:
                return await refused(telegram, bot.send_message(chat, "x"))

            assert await send(cleo.id) == "Bad Request: chat not found"
            assert await send(bob.id) == "Forbidden: bot can't initiate conversation with a user"
            telegram.block(ann)
            assert await send(ann.id) == "Forbidden: bot was blocked by the user"
            telegram.start(ann)
            await bot.send_message(ann.id, "welcome back")
            telegram.deactivate(ann)
            assert await send(ann.id) == "Forbidden: user is deactivated"
            telegram.mute(group)
            assert await send(group.id) == "Bad Request: not enough rights to send text messages to the chat"
            telegram.kick(group)
            assert await send(group.id) == "Forbidden: bot was kicked from the supergroup chat"
            changes = [u.my_chat_member for u in await bot.get_updates() if u.my_chat_member]
            told = [(c.chat.id, c.new_chat_member.status) for c in changes]
            assert told == [(1001, "kicked"), (1001, "member"), (-1001, "kicked")]

    asyncio.run(scene())


def test_a_group_becomes_a_supergroup() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            group = telegram.add_group(-55, "East", [ann])
            await bot.send_message(-55, "hello")
            there = telegram.migrate(group, -10055)
            with pytest.raises(error.ChatMigrated) as moved:
                await bot.send_message(-55, "anybody?")
            assert moved.value.new_chat_id == -10055
            refusal = telegram.refusals[-1][1]
            assert refusal.description == "Bad Request: group chat was upgraded to a supergroup chat"
            sent = await bot.send_message(-10055, "here")
            assert sent.message_id == 2, "a supergroup counts by itself"
            messages = [u.message for u in await bot.get_updates() if u.message]
            ids = [(m.chat.id, m.migrate_to_chat_id, m.migrate_from_chat_id) for m in messages[1:]]
            assert ids == [(-55, -10055, None), (-10055, None, -55)]
            assert telegram.texts(there) == ["here"]

    asyncio.run(scene())


def test_privacy_mode() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            group = telegram.add_group(-55, "East", [ann])
            sent = await bot.send_message(-55, "how was it?")
            for text in (
                "chatting",
                "/todo",
                "/todo@paceline_bot x",
                "/todo@other_bot",
                "well @paceline_bot",
                "mail a@b",
            ):
                telegram.say(ann, group, text)
            telegram.say(ann, group, "fine", reply_to=sent.message_id)
            heard = [u.message for u in await bot.get_updates() if u.message][1:]
            assert [m.text for m in heard] == ["/todo", "/todo@paceline_bot x", "well @paceline_bot", "fine"]
            assert heard[-1].reply_to_message == sent
            telegram.promote(group)
            telegram.say(ann, group, "all ears", anonymous=True)
            last = (await bot.get_updates())[-1].message
            assert last is not None
            assert last.from_user is not None
            assert (last.text, last.from_user.username) == ("all ears", "GroupAnonymousBot")
            assert last.sender_chat == last.chat

    asyncio.run(scene())


def test_topics() -> None:
    async def scene() -> None:
        async with talking(limits=None) as (telegram, bot, ann):
            telegram.can_read_all_group_messages = True
            forum = telegram.add_supergroup(-1009, "East", [ann], is_forum=True)
            topic = telegram.add_topic(forum, "Standup")
            await bot.send_message(-1009, "board", message_thread_id=topic)
            await bot.send_message(-1009, "general")
            assert telegram.texts(forum, thread=topic) == ["board"]
            for thread in (1, 99):
                assert (
                    await refused(telegram, bot.send_message(-1009, "x", message_thread_id=thread))
                    == "Bad Request: message thread not found"
                )
            telegram.say(ann, forum, "done", thread=topic)
            heard = (await bot.get_updates())[-1].message
            assert heard is not None
            assert (heard.message_thread_id, heard.is_topic_message) == (topic, True)
            assert heard.reply_to_message is not None
            assert heard.reply_to_message.forum_topic_created is not None
            telegram.close_topic(forum, topic)
            assert (
                await refused(telegram, bot.send_message(-1009, "x", message_thread_id=topic))
                == "Bad Request: TOPIC_CLOSED"
            )

    asyncio.run(scene())


def test_links_lead_to_the_bot() -> None:
    async def scene() -> None:
        async with talking() as (telegram, _, ann):
            assert telegram.follow(ann, "https://t.me/paceline_bot?start=abc_1").text == "/start abc_1"
            group = telegram.add_group(-55, "East", [ann], bot=False)
            link = "https://t.me/paceline_bot?startgroup=team-1"
            assert telegram.follow(ann, link, group).text == "/start@paceline_bot team-1"
            assert [next(k for k in u if k != "update_id") for u in telegram.updates[-3:]] == [
                "my_chat_member",
                "message",
                "message",
            ]
            with pytest.raises(ValueError, match="does not fit"):
                telegram.start(ann, "no blanks")

    asyncio.run(scene())


def test_the_small_methods() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            group = telegram.add_group(-55, "East", [ann])
            menu = [ptb.BotCommand("standup", "Begin your standup")]
            await bot.set_my_commands(menu, scope=ptb.BotCommandScopeAllPrivateChats(), language_code="zh")
            assert list(telegram.commands) == [("all_private_chats", "zh")]
            assert await bot.get_my_commands(ptb.BotCommandScopeAllPrivateChats(), "zh") == tuple(menu)
            assert (
                await refused(telegram, bot.set_my_commands([("Bad Name", "x")])) == "Bad Request: BOT_COMMAND_INVALID"
            )
            assert (await bot.get_chat(-55)).title == "East"
            assert (await bot.get_chat(1001)).first_name == "Ann"
            assert (await bot.get_chat_member(-55, 1001)).status == "creator"
            await bot.send_chat_action(1001, "typing")
            assert telegram.actions == [(1001, "typing")]
            sent = await bot.send_message(1001, "x")
            await bot.set_message_reaction(1001, sent.message_id, "👍")
            assert telegram.last(ann).reaction == [{"type": "emoji", "emoji": "👍"}]
            await bot.pin_chat_message(1001, sent.message_id)
            assert telegram.chats[1001].pinned == [sent.message_id]
            await bot.leave_chat(-55)
            assert (
                await refused(telegram, bot.send_message(-55, "x"))
                == "Forbidden: bot is not a member of the group chat"
            )
            telegram.invite(ann, group)
            assert (await bot.get_updates())[-1].message is not None

    asyncio.run(scene())
