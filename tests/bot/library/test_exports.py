"""What is written out imports again and changes nothing, whatever it is written as."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.db import Database
from bot.errors import BotError
from bot.library import store
from bot.library.columns import tidy
from bot.library.exports import export_to, page
from bot.library.files import read_cards
from bot.library.imports import import_cards, import_starter
from bot.library.model import Card, State

NOW = datetime(2026, 6, 11, tzinfo=UTC)


@pytest.mark.parametrize("name", ["cards.csv", "cards.jsonl", "cards.xlsx", "cards"])
def test_all_of_the_starter_comes_back_as_it_was(db: Database, tmp_path: Path, name: str) -> None:
    with db.begin() as connection:
        import_starter(connection, 1, NOW)
        export_to(tmp_path / name, store.cards(connection, 1))
        again = import_cards(connection, 1, tmp_path / name, NOW)
    assert (list(again.faults), again.added, again.changed, again.unchanged) == ([], 0, 0, 52)


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(TEXT, TEXT, TEXT, st.sampled_from(["## mine", "---", "a: b", "- x", "'=1+1", "{{ contact }}", "你好"]))
def test_a_page_says_what_the_card_says(title: str, answer: str, other: str, odd: str) -> None:
    card = tidy(
        Card(
            0,
            1,
            "odd",
            f"T{title}",
            f"A{answer}\n{odd}",
            phrasings=(f"p{other}",),
            variants={"software": f"v{other}\n{odd}"},
            language="en",
            review_by=date(2026, 12, 1),
            state=State.DRAFT,
        )
    )
    found = read_cards(page(card).encode(), "odd.md")
    assert not found.faults
    (entry,) = found.entries
    assert {
        name: entry.values[name] for name in ("title", "answer", "phrasings", "variants", "review_by", "state")
    } == {name: getattr(card, name) for name in ("title", "answer", "phrasings", "variants", "review_by", "state")}


def test_keys_that_look_alike_as_file_names_stay_apart(tmp_path: Path) -> None:
    export_to(tmp_path / "out", [Card(1, 1, key, key, "x") for key in ("a/b", "a:b", "A_b", "..")])
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_an_unknown_ending_and_a_place_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    with pytest.raises(BotError, match=r"ends in \.csv"):
        export_to(tmp_path / "cards.docx", [])
    with pytest.raises(BotError, match="cannot be written"):
        export_to(tmp_path / "absent" / "cards.csv", [])
