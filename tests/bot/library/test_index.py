"""Words and their pieces, and the numbers that are made of them."""

import math
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from snowballstemmer import stemmer

from bot.library import bands, text
from bot.library.index import Asked, Meanings, Row, Seen, Segment, rows_of
from bot.library.lexical import Postings, Said, Terms
from bot.library.model import State
from bot.team.model import Role
from tests.bot.library.conftest import Grams, make_card


@pytest.mark.parametrize(
    ("said", "words", "grams"),
    [
        ("The prices ARE too high!", ["price", "too", "high"], ["#pri", "pric", "rice", "ices", "ces#"]),
        ("ＳａａＳ", ["saa"], ["#saa", "saas", "aas#"]),
        ("太贵了", ["太", "贵", "太贵", "贵了"], ["太贵", "贵了", "太贵了"]),
        ("用CRM系统", ["用", "crm", "系", "统", "系统"], ["#crm", "crm#", "系统"]),
        ("a_b-c don't", ["b", "c"], ["#b#", "#c#"]),
        ("", [], []),
        ("?!… \0", [], []),
        ("the and of", [], []),
    ],
)
def test_words_and_pieces(said: str, words: list[str], grams: list[str]) -> None:
    found = text.tokens(said)
    assert found[0] == words
    assert [gram for gram in found[1] if gram in grams] == grams


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("太贵了", "zh"),
        ("用 CRM 系统", "zh"),
        ("we use 飞书 for chats and for calls", "en"),
        ("12 %", "en"),
        ("", "en"),
    ],
)
def test_what_a_text_is_written_in(said: str, language: str) -> None:
    assert text.speaks(said) == language


def test_what_no_database_takes_is_left_out() -> None:
    assert text.sound("a\0b \ud83d 价") == "ab ? 价"


def test_long_texts_are_cut() -> None:
    words, grams = text.tokens("pay " + "x" * 100_000)
    assert words == ["pay", "x" * text.LONGEST_WORD]
    assert len(grams) < text.LONGEST


@pytest.fixture
def many_switches() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_threads_do_not_mix_their_words(many_switches: None) -> None:
    made = [f"{a}{b}{c}" for a in ("relat", "nation", "hope", "condi") for b in ("ion", "al", "ful") for c in range(40)]
    spelt = [word.translate(str.maketrans("0123456789", "abcdefghij")) + "ness" for word in made]
    right = {word: stemmer("english").stemWord(word) for word in spelt}
    text._stem.cache_clear()
    wrong: list[tuple[str, str]] = []

    def run(thread: int) -> None:
        for i in range(len(spelt)):
            word = spelt[(i * 7 + thread * 31) % len(spelt)]
            if (found := text.tokens(word)[0][0]) != right[word]:
                wrong.append((word, found))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def segment_of(*cards: tuple[str, ...]) -> tuple[Segment, list[Row]]:
    rows = rows_of(
        make_card(f"c{i}", said[0], *said[1:], id=i + 1, state=State.APPROVED) for i, said in enumerate(cards)
    )
    vectors = Grams().encode([row.text for row in rows])
    languages = [row.language for row in rows]
    placed = Meanings.of(vectors, languages, {}).place(vectors, languages) if len(rows) else vectors
    return Segment.of(rows, placed), rows


def test_scores_by_words_lie_between_nothing_and_all() -> None:
    segment, _rows = segment_of(("price too high", "costs far too much"), ("call me again", "next autumn"))
    said = segment.by_words(Asked.of("price too high"))
    assert said == pytest.approx([1, said[1], 0, 0], abs=0.1)
    assert 0 < said[1] < 0.5
    assert segment.by_words(Asked.of("")).tolist() == [0, 0, 0, 0]
    assert segment.by_words(Asked.of("zzyzx")).tolist() == [0, 0, 0, 0]


def test_words_that_were_never_counted_are_found_in_a_fresh_segment() -> None:
    base, _rows = segment_of(("price too high",), ("call me again",))
    fresh = Segment.of([Row(9, "asks for a hologram", "en")], np.zeros((1, 64), np.float32), base.terms)
    assert fresh.by_words(Asked.of("a hologram"))[0] > 0.5
    assert fresh.by_words(Asked.of("the price"))[0] == 0
    assert base.words.terms.place.keys() >= {"price", "call"}
    assert "hologram" not in base.words.terms.place


cards = st.lists(
    st.lists(st.text("abc 太贵", min_size=1, max_size=8), min_size=1, max_size=5).map(tuple), min_size=1, max_size=6
)


@given(cards, st.text("abc 太贵", max_size=8))
def test_a_card_is_a_soft_maximum_of_its_rows(said: list[tuple[str, ...]], question: str) -> None:
    segment, rows = segment_of(*said)
    scores = segment.scores(Asked.of(question, Grams().encode([question])[0]))
    assert np.isfinite(scores).all()
    every = np.arange(len(segment.cards))
    best, pooled = segment.best(scores), segment.pooled(scores, every)
    for place, card in enumerate(segment.cards.tolist()):
        own = sorted((float(s) for s, row in zip(scores, rows, strict=True) if row.card == card), reverse=True)
        assert best[place] == pytest.approx(own[0])
        mean = sum(math.exp(score / 0.15) for score in own) / len(own)
        assert pooled[place] == pytest.approx(0.15 * math.log(mean), abs=1e-5)
    assert segment.pooled(scores, every[:0]).tolist() == []


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=5), max_size=8))
def test_postings_add_up_like_the_formula(rows: list[list[str]]) -> None:
    said = Said(rows)
    terms = Terms.count(said, list(range(len(rows))))
    postings = Postings.of(said, terms)
    asked = ["a", "b", "a", "z"]
    most = sum(terms.weight[terms.place[t]] if t in terms.place else terms.unknown for t in {"a", "b", "z"})
    for row, score in zip(rows, postings.scores(asked), strict=True):
        norm = 1.2 * (0.5 + 0.5 * len(row) / terms.usual_length)
        adds = [terms.weight[terms.place[t]] * row.count(t) * 2.2 / (row.count(t) + norm) for t in set("ab") & set(row)]
        assert score == pytest.approx(min(1.0, float(sum(adds)) / float(most)), abs=1e-5)


@pytest.mark.parametrize("said", [(), (("price",),), (("price",), ("???",)), (("太贵",), ("price",))])
def test_bands_of_the_smallest_libraries(said: tuple[tuple[str, ...], ...]) -> None:
    segment, rows = segment_of(*said)
    for cut in bands.fit(segment, rows):
        assert 0 < cut.none < cut.answer < 1
    by_meaning, by_words = bands.ask(segment, rows)
    assert len(by_words) <= len(rows)
    assert len(by_meaning) <= len(rows)


def test_of_many_rows_the_best_ten_speak_for_a_card() -> None:
    many = ("price too high", *(f"nothing of the kind {n}" for n in range(400)))
    segment, _rows = segment_of(many, ("call me again",))
    scores = np.zeros(402, np.float32)
    scores[0] = 1
    assert segment.pooled(scores, np.arange(2)).tolist() == pytest.approx([1 - 0.15 * math.log(10), 0], abs=0.01)


def test_means_lean_on_what_is_shipped_where_rows_are_few() -> None:
    vectors = Grams().encode(["price too high"] * 200 + ["太贵了"])
    languages = ["en"] * 200 + ["zh"]
    shipped = {"en": np.zeros(64, np.float32), "zh": np.zeros(64, np.float32)}
    means = Meanings.of(vectors, languages, shipped).means
    assert np.linalg.norm(means["en"]) > 0.9
    assert np.linalg.norm(means["zh"]) < 0.1
    placed = Meanings(means).place(np.zeros((2, 64), np.float32), ["en", "zh"])
    assert not placed.any()


def test_who_may_see_which_card() -> None:
    made = {
        1: make_card("open", id=1, seq=1),
        2: make_card("managers", id=2, seq=1, roles=frozenset({Role.MANAGER})),
        3: make_card("draft", id=3, seq=1, state=State.DRAFT),
        4: make_card("newer", id=4, seq=7),
        5: make_card("chinese", id=5, seq=1, language="zh"),
    }
    segment, _rows = segment_of(*((card.title,) for card in made.values()), ("gone",))
    seen = Seen.of(segment, made, 6)
    assert seen.stands.tolist() == [True, True, False, False, True, False]
    assert seen.by(None).tolist() == [True, False, False, False, True, False]
    assert seen.by(Role.REP, "zh").tolist() == [False, False, False, False, True, False]
    for role in (Role.MANAGER, Role.ADMIN):
        assert seen.by(role).tolist() == [True, True, False, False, True, False]
    empty, _none = segment_of()
    assert Seen.of(empty, made, 6).by(Role.REP, "en").tolist() == []
