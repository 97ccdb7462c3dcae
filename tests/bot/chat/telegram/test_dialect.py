"""Whatever a message holds, Telegram can read it, and nothing of it is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import markdown
from bot.chat.telegram.dialect import parts, units
from tests.platforms.telegram.entities import read_html

JOINER = "\u2060"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("plain", "plain"),
        ("**bold** _italic_ `code`", "<b>bold</b> <i>italic</i> <code>code</code>"),
        ("**_both_**", "<b><i>both</i></b>"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("- one\n- two", "• one\n• two"),
        ("> said\n> so", "<blockquote>said\nso</blockquote>"),
        ("```\nx < 1\n```", "<pre>x &lt; 1</pre>"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("[Open](/board/3)", '<a href="https://x.example/board/3">Open</a>'),
        ("[Docs](https://a.example/?a=1&b=2)", '<a href="https://a.example/?a=1&amp;b=2">Docs</a>'),
        ("[Write](mailto:a@b.example)", "Write (a@b.example)"),
        ("[a@b.example](mailto:a@b.example)", "a@b.example"),
        ("@all @anna: hi", f"@{JOINER}all @{JOINER}anna: hi"),
        ("a@b.example, https://x.example/@anna", "a@b.example, https://x.example/@anna"),
        ("", "—"),
        ("\u200b", "—"),
    ],
)
def test_our_markdown_in_theirs(ours: str, theirs: str) -> None:
    assert parts(ours, "https://x.example") == (theirs,)


WORDS = st.text(st.sampled_from('ab @_*`[]()<>&"\\-#/.~\n\u4f60\U0001f600é\u2068\u2069:h'), max_size=400)


def shown(text: str) -> str:
    """What people should read, whatever the spaces."""
    return visible(markdown.plain(text))


def visible(text: str) -> str:
    """The letters that can be seen; a part of none is not sent."""
    return re.sub("[\\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2069\ufe00-\ufe0f\ufeff]", "", text)


def read(found: tuple[str, ...]) -> str:
    """What people do read, whatever the spaces."""
    texts = [read_html(part)[0] for part in found]
    return visible("".join(texts))


@settings(max_examples=300)
@given(WORDS, st.sampled_from([8, 40, 4096]))
def test_telegram_reads_all_of_it(text: str, most: int) -> None:
    found = parts(text, "https://x.example", most)
    for part in found:
        assert units(read_html(part)[0]) <= most
        assert read_html(part)[0].strip()
    if "mailto:" not in text:
        assert read(found).replace("•", "-") in (shown(text).replace("•", "-"), "—")


@settings(max_examples=100)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80), min_size=1, max_size=40))
def test_long_texts_of_any_letters_are_split_and_whole(lines: list[str]) -> None:
    text = "\n\n".join(markdown.escape(line) for line in lines)
    found = parts(text, "", 100)
    assert all(units(read_html(part)[0]) <= 100 for part in found)
    assert read(found).replace("•", "-") in (shown(text), "—") or not re.sub(r"\W", "", shown(text))


def test_it_is_split_between_paragraphs() -> None:
    paragraphs = ["x" * 3000, "y" * 1000, "z" * 500]
    assert parts("\n\n".join(paragraphs)) == ("x" * 3000 + "\n\n" + "y" * 1000, "z" * 500)


def test_emoji_count_twice() -> None:
    assert [units(part) for part in parts("\U0001f600" * 4096)] == [4096, 4096]
    assert parts("**" + "\U0001f600" * 2049 + "**")[1] == "<b>\U0001f600</b>"
