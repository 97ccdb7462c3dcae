"""What a call said is known again wherever it was quoted, and nothing else is taken for it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.minutes.traces import Traces
from prompts import escape

SAID = (
    "I will send you the volume quote by Friday. Then we see *what* they say.",
    "价格比我们的预算高出不少，你们能分期吗？",
    "Fair.",
    "Thanks a lot.",
)


def test_quotes_of_all_kinds_are_known() -> None:
    traces = Traces(SAID)
    for text in (
        SAID[0],
        "> i WILL send you the\n> volume quote by Friday",
        "↳ 12:31 “Then we see *what* they say.”",
        "“I will send you the volume quo…”",
        str(escape(SAID[0])),
        "他说价格比我们的预算高出不少",
    ):
        assert traces.count(text) >= 1, text
    assert traces.count(" ".join(SAID)) >= 3


def test_what_is_said_every_day_is_nobodys() -> None:
    traces = Traces(SAID)
    for text in ("Fair.", "Thanks a lot.", "Send the volume quote", "价格", "", "we will send you a quote by Friday"):
        assert traces.count(text) == 0, text


@given(st.text(max_size=80), st.text(max_size=80), st.text("abcdefghij ", min_size=30, max_size=90))
def test_a_sentence_is_found_between_any_others(before: str, after: str, said: str) -> None:
    if len("".join(said.split())) >= 24:
        assert Traces([said]).count(f"{before}\n{said}\n{after}") >= 1
