"""Which texts, keyboards and edits our Telegram takes, and what it says of the others."""

import asyncio
from typing import Any

import pytest
import telegram as ptb

from tests.platforms.telegram.entities import parse
from tests.platforms.telegram.refusal import NOT_MODIFIED, Refusal
from tests.platforms.telegram.scene import keyboard, refused, talking

Case = tuple[str, dict[str, Any]]
REFUSED_TEXTS: list[Case] = [
    ("message text is empty", {"text": " \n"}),
    ("message is too long", {"text": "x" * 4097}),
    ("message is too long", {"text": "🙂" * 2049}),
    ("BUTTON_DATA_INVALID", {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]}}),
    ("BUTTON_DATA_INVALID", {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}}),
    ("BUTTON_DATA_INVALID", {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}}),
    ("reply markup is too long", {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101}}),
    ('can\'t parse entities: Unsupported start tag "foo" at byte offset 3', {"text": "é <foo>", "parse_mode": "HTML"}),
    ("can't parse entities: Unexpected end tag at byte offset 0", {"text": "</b>", "parse_mode": "HTML"}),
    (
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        {"text": "<b>x", "parse_mode": "HTML"},
    ),
    ('can\'t parse entities: Unsupported start tag "" at byte offset 2', {"text": "1 < 2 > 0", "parse_mode": "HTML"}),
    ("can't parse entities: Unclosed start tag at byte offset 2", {"text": "1 < 2", "parse_mode": "HTML"}),
    ('can\'t parse entities: Unescaped "&" at byte offset 1', {"text": "R&D", "parse_mode": "HTML"}),
    ("can't parse entities: Character '.' is reserved", {"text": "a.", "parse_mode": "MarkdownV2"}),
    ("can't parse entities: Can't find end of", {"text": "*a", "parse_mode": "MarkdownV2"}),
    ("message thread not found", {"message_thread_id": 7}),
    ("message to be replied not found", {"reply_parameters": {"message_id": 999}}),
]


@pytest.mark.parametrize(("why", "message"), REFUSED_TEXTS)
def test_a_message_that_is_refused(why: str, message: dict[str, Any]) -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, _):
            asked: dict[str, Any] = {"chat_id": 1001, "text": "x"} | message
            found = await refused(telegram, bot.send_message(**asked))
            assert found.startswith(f"Bad Request: {why}"), found
            assert telegram.said(1001) == []
            assert telegram.refusals[0][0].outcome.startswith("Bad Request: ")

    asyncio.run(scene())


def test_what_just_fits() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            await bot.send_message(1001, f"<b>{'&lt;' * 4096}</b>", parse_mode="HTML")
            data = ptb.InlineKeyboardButton("a", callback_data="x" * 64)
            await bot.send_message(1001, "🙂" * 2048, reply_markup=ptb.InlineKeyboardMarkup([[data]] * 100))
            assert len(telegram.texts(ann)[0]) == 4096

    asyncio.run(scene())


HTML: list[tuple[str, str, list[tuple[str, int, int]]]] = [
    ("<b>a <i>b</i></b> c", "a b c", [("bold", 0, 3), ("italic", 2, 1)]),
    ("🙂<code>x</code>", "🙂x", [("code", 2, 1)]),
    ('<a href="https://x.org/?a=1&amp;b=2">y</a>', "y", [("text_link", 0, 1)]),
    ('<pre><code class="language-py">x &gt; 1</code></pre>', "x > 1", [("pre", 0, 5)]),
    ("<pre><code>x</code></pre>", "x", [("pre", 0, 1), ("code", 0, 1)]),
    ("<blockquote expandable>q</blockquote>&#39;", "q'", [("expandable_blockquote", 0, 1)]),
    ('<span class="tg-spoiler">s</span>', "s", [("spoiler", 0, 1)]),
    ("<b></b>x", "x", []),
]


@pytest.mark.parametrize(("raw", "shown", "entities"), HTML)
def test_html_is_taken_apart(raw: str, shown: str, entities: list[tuple[str, int, int]]) -> None:
    text, found = parse(raw, "HTML")
    assert (text, [(e["type"], e["offset"], e["length"]) for e in found]) == (shown, entities)


@pytest.mark.parametrize(
    ("raw", "shown", "kinds"),
    [
        (r"*a* _b_ __c__ ~d~ ||e|| `f*` 1\.5", "a b c d e f* 1.5", "bold italic underline strikethrough spoiler code"),
        ("[x](https://y.org) ```\na.b\n```", "x \na.b", "text_link pre"),
        (r"\*a\*", "*a*", ""),
    ],
)
def test_markdown_is_taken_apart(raw: str, shown: str, kinds: str) -> None:
    text, found = parse(raw, "MarkdownV2")
    assert (text, [e["type"] for e in found]) == (shown, kinds.split())


def test_crossed_tags_are_refused() -> None:
    with pytest.raises(Refusal, match='Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'):
        parse("<b><i>x</b></i>", "HTML")


def test_edits() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            sent = await bot.send_message(1001, "<b>a</b>", parse_mode="HTML", reply_markup=keyboard("Done"))
            same = bot.edit_message_text(
                "<b>a</b>", 1001, sent.message_id, parse_mode="HTML", reply_markup=keyboard("Done")
            )
            assert (await refused(telegram, same)).startswith(
                "Bad Request: message is not modified: specified new message content and reply"
            )
            await bot.edit_message_text("a", 1001, sent.message_id)
            assert telegram.last(ann).labels == [], "an edit without a keyboard takes it away"
            assert NOT_MODIFIED in await refused(telegram, bot.edit_message_reply_markup(1001, sent.message_id))
            await bot.edit_message_reply_markup(1001, sent.message_id, reply_markup=keyboard("Undo"))
            assert telegram.last(ann).labels == ["Undo"]
            assert [edit.text for edit in telegram.last(ann).edits] == ["a", "a"]
            assert (
                await refused(telegram, bot.edit_message_text("a", 1001, 999))
                == "Bad Request: message to edit not found"
            )
            assert (
                await refused(telegram, bot.edit_message_text("a", 1001, 1)) == "Bad Request: message can't be edited"
            )
            asked = await bot.send_message(1001, "why?", reply_markup=ptb.ForceReply())
            assert await refused(telegram, asked.edit_text("what?")) == "Bad Request: message can't be edited"
            await bot.delete_message(1001, sent.message_id)
            assert (
                await refused(telegram, bot.delete_message(1001, sent.message_id))
                == "Bad Request: message to delete not found"
            )
            assert telegram.texts(ann) == ["why?"]

    asyncio.run(scene())
