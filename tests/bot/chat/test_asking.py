"""How somebody else's words become a question: all of them text, cut to what is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.asking import MOST, ask, cut

CASES = [
    ("too expensive", "/ask too expensive"),
    ("  \n too expensive \t", "/ask too expensive"),
    ("/leave until Friday", "/ask /leave until Friday"),
    ("a\0b", "/ask ab"),
    ("", ""),
    (" \n\t\0 ", ""),
]


@pytest.mark.parametrize(("text", "says"), CASES)
def test_words_of_others_are_a_question(text: str, says: str) -> None:
    assert ask(text) == says


@pytest.mark.parametrize(
    ("text", "most", "left"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two three", 8, "one two…"),
        ("one twothreefour", 12, "one twothre…"),  # the word is longer than half of what there is room for
        ("太贵了，不要", 4, "太贵了…"),
    ],
)
def test_cut_at_a_word(text: str, most: int, left: str) -> None:
    assert cut(text, most) == left


@given(st.text(max_size=2000), st.integers(5, 700))
def test_never_longer_and_always_a_beginning(text: str, most: int) -> None:
    left = cut(text, most)
    assert len(left) <= most
    assert left == text or text.startswith(left.removesuffix("…"))
    assert len(ask(text)) <= len("/ask ") + MOST
