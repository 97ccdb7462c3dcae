"""The library by the clock: reviews to owners, the week's gaps to whoever keeps it, vectors for new cards."""

import json
from datetime import UTC, datetime

import pytest

from bot.library import service, store
from jobs import library
from tests.conftest import Office


def fill(office: Office, *cards: dict[str, object]) -> None:
    lines = "\n".join(json.dumps({"title": c["id"], "answer": "Say so.", **c}) for c in cards)
    with office.app.db.begin() as db:
        done = service.import_cards(db, 1, lines, office.app.now(), name="cards.jsonl")
    assert not done.faults


def at(office: Office, day: int, hour: int) -> None:
    office.clock.now = datetime(2026, 6, day, hour, 0, tzinfo=UTC)


def test_a_card_past_its_review_date_is_put_to_its_owner_once(east: Office) -> None:
    fill(east, {"id": "price", "owner": "anna", "review_by": "2026-06-11"}, {"id": "later", "review_by": "2026-07-11"})
    at(east, 11, 6)  # 08:00 in Berlin: too early
    library.review(east.app)
    assert east.keys("card-review") == []
    at(east, 11, 8)
    library.review(east.app)
    library.review(east.app)
    (said,) = east.heard("bot:anna", "card-review")
    assert "Is price still right?" in said
    at(east, 12, 8)
    library.review(east.app)
    assert len(east.keys("card-review")) == 1


def test_still_right_asks_again_in_half_a_year(east: Office) -> None:
    fill(east, {"id": "price", "owner": "anna", "review_by": "2026-06-11"})
    at(east, 11, 8)
    library.review(east.app)
    with east.app.db.read() as db:
        card = store.by_key(db, 1, "price")
    assert card
    east.say("anna", f"/card keep {card.id}", how="button")
    with east.app.db.read() as db:
        again = store.by_key(db, 1, "price")
    assert again
    assert str(again.review_by) == "2026-12-08"


@pytest.mark.parametrize(("day", "why"), [(13, "Saturday"), (14, "Sunday")])
def test_nobody_is_asked_on_a_day_off(east: Office, day: int, why: str) -> None:
    fill(east, {"id": "price", "owner": "anna", "review_by": "2026-06-11"})
    at(east, day, 8)
    library.review(east.app)
    assert east.keys("card-review") == []


def test_a_card_without_an_owner_goes_to_whoever_keeps_the_library(east: Office) -> None:
    fill(east, {"id": "price", "review_by": "2026-06-11"})
    at(east, 11, 8)
    library.review(east.app)
    assert len(east.heard("bot:weber", "card-review")) == 1


def test_many_reviews_are_spread_over_mornings(east: Office) -> None:
    fill(east, *({"id": f"card-{n}", "owner": "anna", "review_by": "2026-06-10"} for n in range(5)))
    at(east, 11, 8)
    for _ in range(3):
        library.review(east.app)
    assert len(east.keys("card-review")) == 3
    east.deliver()
    at(east, 12, 8)
    library.review(east.app)
    assert len(east.keys("card-review")) == 5


def test_the_weeks_gaps_come_once_a_week(east: Office) -> None:
    fill(east, {"id": "price", "owner": "weber"})
    anna = east.person("anna")
    with east.app.db.begin() as db:
        gap = store.add_gap(db, 1, "does it float", "en", east.app.now())
        row = {"workspace_id": 1, "at": east.app.now(), "person_id": anna.id, "question": "does it float"}
        row |= {"industry": "software", "stage": "", "deal": "", "band": "none", "confidence": 0.1, "gap_id": gap}
        store.add_ask(db, row)
    for day in (11, 12):
        at(east, day, 8)
        library.gaps(east.app)
    (said,) = east.heard("bot:weber", "library-gaps")
    assert "no answer to 1 question" in said
    assert "“does it float”, asked once · software 1" in said
    at(east, 15, 8)
    library.gaps(east.app)
    assert len(east.keys("library-gaps")) == 2


def test_new_cards_are_ready_before_anybody_asks(east: Office) -> None:
    fill(east, {"id": "price", "phrasings": ["too expensive"]})
    library.index(east.app)
    assert east.app.shelf.search.missing() == []
    assert east.app.work.progress("library-index") is None
