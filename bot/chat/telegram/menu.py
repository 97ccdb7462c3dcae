"""The commands that Telegram offers while somebody types a slash."""

import re

from telegram import BotCommand

from bot.chat.telegram.desk import Desk

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")  # Telegram takes no other letters


async def show(desk: Desk) -> None:
    """Set the menu in each language that the commands are described in; English is for everybody else."""
    languages = {language for _, said in desk.commands for language in said}
    for language in sorted(languages):
        menu = [
            BotCommand(name, said[language][:256])
            for name, said in desk.commands
            if _COMMAND.fullmatch(name) and said.get(language)
        ]
        if menu:
            await desk.bot.set_my_commands(menu[:100], language_code=None if language == "en" else language)
