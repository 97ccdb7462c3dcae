"""A Telegram that runs on loopback and behaves like the real one where it hurts.

    async with Telegram() as telegram:      # in the running loop; `with Telegram()`: in a thread of its own
        bot = Bot(TOKEN, base_url=telegram.url + "/bot", base_file_url=telegram.url + "/file/bot")
        ann = telegram.add_user(1001, "Ann", "ann")
        telegram.start(ann, "CODE")         # she presses start: "/start CODE"
        telegram.say(ann, ann, "hello")     # a person stands for their private chat with the bot
        await telegram.until(lambda: telegram.said(ann))
        last = telegram.last(ann)           # .text .raw .labels .buttons .edits .thread .reply_to .media
        toast = await telegram.press(ann, ann, last, "Done")

People and chats: add_user, add_group, add_supergroup, add_topic, migrate, block, unblock, deactivate, invite, kick,
promote, mute, join, leave. What they do: start, follow (a t.me link), say, forward, edit, press, send_document,
send_photo.
How the bot hears of it: once, or `deliver_times`; `again` brings an update once more, `scrambled` all in disorder.
What there is: said, texts, last, messages, calls, refusals, updates, deliveries, commands, actions, presses, report.
What goes wrong: misbehave, down, latency, limits, revoke, forge. By hand: `python -m tests.platforms.telegram`.
"""

from .limits import Limits, Report
from .refusal import Refusal
from .server import TOKEN, Telegram
from .things import Chat, File, Message, User

__all__ = ["TOKEN", "Chat", "File", "Limits", "Message", "Refusal", "Report", "Telegram", "User"]
