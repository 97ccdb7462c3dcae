"""Our Markdown in Slack's dialect: nothing lost, nobody mentioned, nothing that Slack would not take."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import markdown
from bot.chat.slack import dialect, shape
from bot.markdown import escape
from bot.message import Button, Choices, Reply
from tests.platforms.slack.blocks import message_faults, text_in

APART = "\u200b"

CASES = [
    ("plain words", "plain words"),
    ("**bold** and _italic_ and `code`", "*bold* and _italic_ and `code`"),
    ("**bold _both_**", "*bold _both_*"),
    ("**a & b** < c", "*a &amp; b* &lt; c"),
    ("[the page](https://a.example/?a=1&b=2)", "<https://a.example/?a=1&amp;b=2|the page>"),
    ("[mail](mailto:a@b.example)", "<mailto:a@b.example|mail>"),
    ("[inside](/person/3)", "inside"),
    ("- one\n- two", "• one\n• two"),
    ("> said\n> so", "> said\n> so"),
    ("```\na < b\n```", "```\na &lt; b\n```"),
    ("one\n\ntwo\nthree", "one\n\ntwo\nthree"),
    (escape("snake_case_name and 3*4"), "snake_case_name and 3*4"),
    (escape("*not bold*"), f"{APART}*{APART}not bold{APART}*{APART}"),
    (escape("> no quote"), f"{APART}&gt; no quote"),
    ("**粗体**：内容 **又**是", f"*粗体*{APART}：内容 *又*{APART}是"),
    ("at 10:30:45 :tada: 1:100:2", f"at 10:30:45 :{APART}tada: 1:{APART}100:2"),
    ("<!here> <@U1> @channel", "&lt;!here&gt; &lt;@U1&gt; @channel"),
    ("👍 مرحبا **שלום**", "👍 مرحبا *שלום*"),
]


@pytest.mark.parametrize(("ours", "theirs"), CASES)
def test_how_it_reads(ours: str, theirs: str) -> None:
    assert dialect.sections(ours) == [theirs]


def seen(mrkdwn: str) -> str:
    """What is left when Slack has read its marks."""
    mrkdwn = re.sub(r"<([^|>]*)\|([^>]*)>", r"\2", mrkdwn)
    return dialect.unescape(mrkdwn.replace(APART, "").replace("```\n", "").replace("\n```", ""))


def bare(text: str) -> str:
    """The characters alone, without spaces and marks."""
    return re.sub(r"[\s*_`•>-]", "", text)


SPECIAL = [
    *("**b** ", "_i_ ", "`c`", "\n\n", "\n- ", "\n> ", "\n```\n", "*", "_", "~", "\\", "[l](https://a.example/x|y)"),
    *("<!here>", "<@U1>", "@channel", ":tada:", "&amp;"),
    *("x" * 3500, "字" * 3100, "👍" * 1700, "w " * 2000, "&<>" * 1200),
]
PIECES = st.one_of(st.text(max_size=80), st.sampled_from(SPECIAL))
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@given(TEXTS)
def test_whatever_is_said_slack_takes_it_and_mentions_nobody(text: str) -> None:
    row = (Button("Ok " * 40, "/ok", "primary"), Choices("", tuple(Button(f"n{n}", f"/n {n}") for n in range(130))))
    bodies = shape.bodies(Reply(text, row), Path("/nowhere"))
    for body in bodies:
        assert message_faults(body["blocks"], []) == []
        assert text_in(body["blocks"]) <= 13_000
        assert 0 < len(body["text"]) <= 4000
        for section in body["blocks"]:
            if section["type"] == "section":
                mrkdwn = section["text"]["text"]
                assert dialect.size(mrkdwn) <= dialect.SECTION
                assert not re.search(r"<[@!#]", mrkdwn)
    assert any(block["type"] == "actions" for block in bodies[-1]["blocks"])


@given(TEXTS)
def test_nothing_is_lost_in_cutting(text: str) -> None:
    said = "".join(section for part in dialect.messages(text) for section in part)
    assert bare(seen(said)) == bare(markdown.plain(text).replace(APART, ""))


@given(st.text())
def test_an_escaped_text_reads_as_itself(text: str) -> None:
    said = "\n".join(section for part in dialect.messages(escape(text)) for section in part)
    assert bare(seen(said)) == bare(markdown.plain(escape(text)).replace(APART, ""))


def test_paragraphs_stay_whole_where_they_can() -> None:
    text = "\n\n".join(f"p{n} " + "x" * 1000 for n in range(30))
    parts = dialect.messages(text)
    assert all(len(section.split("\n\n")) == 2 for part in parts for section in part)
    assert len(parts) == 3
