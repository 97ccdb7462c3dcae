"""What a move means, for each of the things that CRMs do to deals."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.crm.model import LOST, NONE, WON, Course, Deal, Move, Stage, Status, course, entered, later, renamed, stay

LEAD, DEMO, OFFER, ODD, TWIN = 1, 2, 3, 4, 5
STAGES = {
    LEAD: Stage(LEAD, "Lead", 1),
    DEMO: Stage(DEMO, "Demo", 2),
    OFFER: Stage(OFFER, "Offer", 3),
    ODD: Stage(ODD, "Odd"),
    TWIN: Stage(TWIN, "Twin", 2),
}
START = datetime(2026, 5, 1, tzinfo=UTC)
NOW = START + timedelta(days=30)
DEAL = Deal("D", "", "", "li", "", 5.0, "CNY", DEMO, Status.OPEN, "", START)


def moves(*told: tuple[int, int, float]) -> list[Move]:
    """Moves as from, to and the day of May."""
    return [Move("D", a, b, START + timedelta(days=day - 1)) for a, b, day in told]


COURSES = [
    (NONE, LEAD, Course.ENTERED),
    (NONE, OFFER, Course.ENTERED),
    (LEAD, DEMO, Course.ADVANCED),
    (LEAD, OFFER, Course.ADVANCED),  # skips a stage
    (OFFER, LEAD, Course.BACK),
    (DEMO, WON, Course.WON),
    (NONE, WON, Course.WON),
    (DEMO, LOST, Course.LOST),
    (WON, LOST, Course.LOST),
    (LOST, DEMO, Course.REOPENED),
    (WON, OFFER, Course.REOPENED),
    (DEMO, DEMO, Course.STAYED),
    (DEMO, ODD, Course.UNCLEAR),
    (ODD, DEMO, Course.UNCLEAR),
    (DEMO, TWIN, Course.UNCLEAR),
    (99, DEMO, Course.UNCLEAR),
]


@pytest.mark.parametrize(("before", "after", "led"), COURSES)
def test_where_a_move_led(before: int, after: int, led: Course) -> None:
    assert course(Move("D", before, after, START), STAGES) is led
    if before in STAGES:
        assert (after in later(STAGES[before], STAGES.values())) == (led in (Course.ADVANCED, Course.WON))


ENTERED = [
    ("no move tells", moves(), 1),
    ("straight on", moves((NONE, LEAD, 1), (LEAD, DEMO, 5)), 5),
    ("backwards", moves((NONE, LEAD, 1), (LEAD, OFFER, 5), (OFFER, DEMO, 9)), 9),
    ("skips a stage", moves((NONE, LEAD, 1), (LEAD, OFFER, 6)), 6),
    ("reopens", moves((LEAD, DEMO, 2), (DEMO, LOST, 8), (LOST, DEMO, 20)), 20),
    ("stays", moves((LEAD, DEMO, 2), (DEMO, DEMO, 12)), 2),
    ("will move", moves((LEAD, DEMO, 2), (DEMO, OFFER, 40)), 2),
    ("its row says otherwise", moves((LEAD, DEMO, 2), (DEMO, OFFER, 7)), 7),
    ("in no order", moves((DEMO, OFFER, 7), (LEAD, DEMO, 2), (OFFER, DEMO, 11)), 11),
]


@pytest.mark.parametrize(("story", "told", "day"), ENTERED, ids=[row[0] for row in ENTERED])
def test_since_when_a_deal_is_in_its_stage(story: str, told: list[Move], day: int) -> None:
    assert entered(DEAL, told, NOW) == START + timedelta(days=day - 1)


STAYS = [
    ("came by a move", moves((LEAD, DEMO, 3), (DEMO, OFFER, 9)), 6),
    ("was created there", moves((LEAD, DEMO, 4)), 3),
    ("came back and left again", moves((LEAD, DEMO, 2), (DEMO, LEAD, 5), (LEAD, DEMO, 8), (DEMO, OFFER, 10)), 2),
    ("reopened", moves((DEMO, LOST, 5), (LOST, DEMO, 15), (DEMO, WON, 18)), 3),
    ("on one day", moves((NONE, LEAD, 1), (LEAD, DEMO, 6), (DEMO, OFFER, 6)), 0),
    ("nobody saw it come", moves((NONE, LEAD, 1), (DEMO, OFFER, 9)), None),
    ("before it was created", moves((DEMO, OFFER, 0)), None),
]


@pytest.mark.parametrize(("story", "told", "days"), STAYS, ids=[row[0] for row in STAYS])
def test_how_long_it_was_in_the_stage_it_left(story: str, told: list[Move], days: int | None) -> None:
    assert stay(DEAL, told, told[-1]) == (None if days is None else timedelta(days=days))


@pytest.mark.parametrize(("amount", "size"), [(5.0, 5.0), (0.0, None), (None, None), (-80.0, None)])
def test_amounts_of_0_and_below_are_no_size(amount: float | None, size: float | None) -> None:
    assert replace(DEAL, amount=amount).size == size


def test_a_deal_has_one_status() -> None:
    for status in Status:
        deal = replace(DEAL, status=status)
        assert [deal.open, deal.won, deal.lost] == [status is Status.OPEN, status is Status.WON, status is Status.LOST]


RENAMES: list[tuple[str, dict[str, float], dict[str, float], dict[str, str]]] = [
    ("nothing", {"a": 1, "b": 2}, {"a": 1, "b": 2}, {}),
    ("one", {"a": 1, "b": 2}, {"a": 1, "c": 2}, {"c": "b"}),
    ("two", {"a": 1, "b": 2}, {"x": 1, "y": 2}, {"x": "a", "y": "b"}),
    ("one more", {"a": 1, "b": 2}, {"a": 1, "x": 2, "b": 3}, {}),
    ("one less", {"a": 1, "b": 2}, {"a": 1}, {}),
    ("another place", {"a": 1, "b": 2}, {"a": 1, "c": 3}, {}),
    ("changed places", {"a": 1, "b": 2}, {"b": 1, "a": 2}, {}),
    ("two in one place", {"a": 1, "b": 1}, {"c": 1}, {}),
    ("split in two", {"a": 1, "b": 2}, {"a": 1, "c": 2, "d": 2}, {}),
]


@pytest.mark.parametrize(("story", "before", "after", "found"), RENAMES, ids=[row[0] for row in RENAMES])
def test_which_stages_were_renamed(
    story: str, before: dict[str, float], after: dict[str, float], found: dict[str, str]
) -> None:
    def stages(names: dict[str, float]) -> Iterable[Stage]:
        return [Stage(n, name, position) for n, (name, position) in enumerate(names.items(), 1)]

    assert renamed(list(stages(before)), list(stages(after))) == found


def test_a_former_name_is_no_new_one() -> None:
    quote = Stage(1, "Quote", 2, former=("Offer",))
    assert renamed([quote], [Stage(0, "Offer", 2)]) == {}
