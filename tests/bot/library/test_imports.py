"""Files into the library: all or nothing, by id, and what is exported imports without a change."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.db import Database
from bot.library import imports, service, store
from bot.library.files import csv_text, json_lines
from bot.library.imports import Import, import_cards, import_starter
from bot.library.model import Card, State, same
from bot.tables import fault_lines
from bot.team import service as team
from prompts import words
from tests.bot.library.conftest import KEEPER, NOW, Library, UndoneError, make_card
from tests.bot.library.test_files import cards as odd_cards

LATER = NOW + timedelta(days=1)
ROSTER = b"person,name,team,role,timezone\nanna,Anna Berg,East,rep,UTC\nomar,Omar Said,East,rep,UTC\n"


def take(library: Library, *bodies: dict[str, Any], **more: Any) -> Import:
    data = "\n".join(map(json.dumps, bodies)).encode()
    with library.db.begin() as db:
        return import_cards(db, 1, data, more.pop("now", NOW), name="cards.jsonl", **more)


def counts(done: Import) -> tuple[int, int, int]:
    assert not done.faults, fault_lines(done.faults, words("en"))
    return done.added, done.changed, done.unchanged


PRICE = {"id": "price", "title": "Too expensive", "answer": "Compare.", "phrasings": ["Costs a lot"], "tags": ["money"]}
TRIAL = {"id": "trial", "title": "想先试用", "answer": "两周。", "state": "draft"}


def test_cards_are_added_then_changed_by_their_ids(library: Library) -> None:
    assert counts(take(library, PRICE, TRIAL, by=7)) == (2, 0, 0)
    price, trial = library.card("price"), library.card("trial")
    assert (price.version, price.seq, price.changed, price.changed_by) == (1, 1, NOW, 7)
    assert (price.language, trial.language) == ("en", "zh")
    assert (price.state, trial.state) == (State.APPROVED, State.DRAFT)

    renamed = {"id": "price", "title": "The price", "answer": "Compare."}
    assert counts(take(library, renamed, TRIAL, now=LATER, by=8)) == (0, 1, 1)
    after = library.card("price")
    assert (after.id, after.title, after.version, after.seq) == (price.id, "The price", 2, 2)
    assert (after.changed, after.changed_by) == (LATER, 8)
    assert (after.phrasings, after.tags) == (price.phrasings, price.tags)  # columns that the file lacks
    assert library.card("trial") == trial
    with library.db.read() as db:
        assert [(at, by, was.title) for at, by, was in store.versions(db, after)] == [
            (LATER, 8, "The price"),
            (NOW, 7, "Too expensive"),
        ]


def test_a_column_that_is_there_and_empty_empties(library: Library) -> None:
    take(library, PRICE)
    assert counts(take(library, PRICE | {"phrasings": [], "tags": ""})) == (0, 1, 0)
    assert (library.card("price").phrasings, library.card("price").tags) == ((), ())


def test_the_same_file_again_changes_nothing_and_counts_no_change(library: Library) -> None:
    take(library, PRICE, TRIAL)
    assert counts(take(library, PRICE, TRIAL, now=LATER)) == (0, 0, 2)
    with library.db.read() as db:
        assert store.stand(db, 1) == (1, 0)
    assert {card.version for card in library.cards()} == {1}


def test_a_dry_run_tells_and_writes_nothing(library: Library) -> None:
    take(library, PRICE)
    before = library.cards()
    done = take(library, PRICE | {"title": "The price"}, TRIAL, dry_run=True)
    assert (counts(done), done.dry_run) == ((1, 1, 0), True)
    assert library.cards() == before
    with library.db.read() as db:
        assert store.stand(db, 1) == (1, 0)
        assert db.execute(store.version.select()).all().__len__() == 1
    with library.db.begin() as db:
        assert import_starter(db, 1, NOW, "en", dry_run=True).added > 20
    assert library.cards() == before


def test_with_one_fault_nothing_is_imported(library: Library) -> None:
    take(library, PRICE)
    before = library.cards()
    done = take(library, PRICE | {"title": "The price"}, TRIAL, TRIAL | {"id": "x", "state": "gone"})
    assert fault_lines(done.faults, words("en")) == [
        "Row 3, state: found “gone”, expected one of draft, approved, retired"
    ]
    assert (done.added, done.changed, done.unchanged) == (0, 0, 0)
    assert library.cards() == before


def test_a_fault_of_the_database_half_way_leaves_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    take(library, PRICE)
    before = library.cards()
    with library.db.begin() as db:  # a version that stands there already stops the writing of history
        db.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON library_version BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        take(library, PRICE | {"title": "The price"}, TRIAL)
    assert library.cards() == before


def test_owners_are_found_on_the_roster_and_strangers_are_named(library: Library) -> None:
    with library.db.begin() as db:
        team.import_roster(db, 1, ROSTER, NOW)
        anna, omar = (team.find_person(db, 1, name) for name in ("anna", "omar"))
    assert anna is not None
    assert omar is not None
    done = take(library, PRICE | {"owner": "Anna Berg"}, TRIAL | {"owner": "Zorro"})
    assert (counts(done), done.strangers) == ((2, 0, 0), ("Zorro",))
    assert (library.card("price").owner_id, library.card("trial").owner_id) == (anna.id, None)
    assert library.card("trial").owner == "Zorro"

    # another owner, whom nobody knows, does not leave the card with the one before
    done = take(library, PRICE | {"owner": "Zorro"})
    assert (done.strangers, library.card("price").owner_id) == (("Zorro",), None)
    take(library, PRICE | {"owner": "omar"})
    assert library.card("price").owner_id == omar.id
    assert counts(take(library, {"id": "price", "title": "Price", "answer": "Compare."})) == (0, 1, 0)
    assert library.card("price").owner_id == omar.id
    take(library, PRICE | {"owner": ""})
    assert library.card("price").owner_id is None


def test_an_owner_who_left_is_still_the_owner_when_the_export_comes_back(library: Library) -> None:
    with library.db.begin() as db:
        team.import_roster(db, 1, ROSTER, NOW)
    take(library, PRICE | {"owner": "anna"})
    owner = library.card("price").owner_id
    with library.db.begin() as db:
        team.import_roster(db, 1, ROSTER.replace(b"anna,Anna Berg,East,rep,UTC\n", b""), NOW, retire_absent=True)
        assert team.find_person(db, 1, "anna") is None
        done = import_cards(db, 1, csv_text(library.cards()), NOW)
    assert (counts(done), done.strangers, library.card("price").owner_id) == ((0, 0, 1), (), owner)


def test_another_workspace_has_cards_of_its_own(library: Library) -> None:
    take(library, PRICE)
    with library.db.begin() as db:
        assert counts(import_cards(db, 2, csv_text(library.cards()), NOW)) == (1, 0, 0)
        assert [card.workspace_id for card in store.cards(db, 2)] == [2]


def test_a_folder_of_markdown_and_its_change(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "a.md").write_text("---\nid: a\ntitle: A\ntags: [x]\n---\nSay so.\n\n## 软件\nSay it.\n", "utf-8")
    with library.db.begin() as db:
        assert counts(import_cards(db, 1, folder, NOW)) == (1, 0, 0)
    assert library.card("a").variants == {"software": "Say it."}
    (folder / "a.md").write_text("---\nid: a\ntitle: A\n---\nSay so.\n", "utf-8")
    with library.db.begin() as db:
        assert counts(import_cards(db, 1, folder, NOW)) == (0, 1, 0)
    assert (library.card("a").variants, library.card("a").tags) == ({}, ("x",))


@pytest.mark.parametrize("language", ["en", "zh", ""])
def test_the_starter_imports_and_comes_back_the_same(library: Library, language: str) -> None:
    if not any((imports.STARTER / (language or "zh")).glob("*.md")):
        pytest.skip("there is no starter in this language yet")
    with library.db.begin() as db:
        done = import_starter(db, 1, NOW, language)
        assert done.added >= 20
        assert counts(done) == (done.added, 0, 0)
        assert counts(import_starter(db, 1, NOW, language)) == (0, 0, done.added)
        assert counts(import_cards(db, 1, csv_text(store.cards(db, 1)), NOW)) == (0, 0, done.added)
        assert {card.language for card in store.cards(db, 1)} == ({language} if language else {"en", "zh"})


@given(st.lists(odd_cards, max_size=4))
def test_what_is_exported_imports_without_a_change(shared: Database, raw: list[Card]) -> None:
    written = [
        replace(card, key=f"c-{i}", title=f"{card.title}{i}", answer=f"{card.answer}\n{i}", owner_id=i or None)
        for i, card in enumerate(raw)
    ]
    with suppress(UndoneError), shared.begin() as db:
        for card in written:
            service.save(db, KEEPER, card, NOW)
        kept = store.cards(db, 1)
        for number, (source, name) in enumerate(
            [
                (csv_text(kept), ""),
                (csv_text(kept).encode(), "cards.csv"),
                ("\n".join(json_lines(kept)).encode(), "cards.jsonl"),
            ],
        ):
            if not kept:
                continue
            assert counts(import_cards(db, 1, source, LATER, name=name)) == (0, 0, len(kept))
            copies = import_cards(db, 2 + number, source, LATER, name=name)
            assert counts(copies) == (len(kept), 0, 0)
            pairs = zip(kept, store.cards(db, 2 + number), strict=True)
            assert all(same(one, replace(copy, owner_id=one.owner_id)) for one, copy in pairs)
        raise UndoneError


@given(st.lists(odd_cards, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_a_file_of_some_columns_leaves_the_others(shared: Database, raw: list[Card], random: Any) -> None:
    columns = random.sample(["phrasings", "industry", "product", "tags", "points", "variants", "roles"], 3)
    with suppress(UndoneError), shared.begin() as db:
        for i, card in enumerate(raw):
            service.save(db, KEEPER, replace(card, key=f"c-{i}", title=f"t{i}", answer=f"a{i}"), NOW)
        before = store.cards(db, 1)
        bodies = [
            {name: value for name, value in json.loads(line).items() if name in ("id", "title", "answer", *columns)}
            for line in json_lines([make_card(card.key, card.title, answer=card.answer) for card in before])
        ]
        done = import_cards(db, 1, "\n".join(map(json.dumps, bodies)).encode(), LATER, name="c.jsonl")
        assert done.added == 0
        plain = make_card("x")
        for one, after in zip(before, store.cards(db, 1), strict=True):
            changes = {name: getattr(plain, name) for name in columns}
            assert same(after, replace(one, **changes, language=after.language))
        raise UndoneError
