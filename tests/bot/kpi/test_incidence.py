"""How long a win takes, told from deals of which some are lost and many are open."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kpi.incidence import End, won_by

deals = st.lists(st.tuples(st.integers(0, 200), st.sampled_from(End)), max_size=60)


def test_without_deals_nothing_is_known() -> None:
    nothing = won_by([])
    assert (nothing.median(), nothing.within(90), nothing.open_share) == (None, 0.0, 1.0)


def test_when_all_have_ended_it_is_the_plain_share() -> None:
    some = won_by([(10, End.WON), (20, End.WON), (30, End.LOST), (40, End.WON)])
    assert (some.within(9), some.within(20), some.within(400)) == pytest.approx((0, 0.5, 0.75))
    assert some.median() == 20
    assert some.open_share == 0


def test_open_deals_count_as_open() -> None:
    """By hand: of 5, one is won on day 10; of the 3 still followed after day 15, one on day 20."""
    some = won_by([(10, End.WON), (15, End.OPEN), (20, End.WON), (20, End.OPEN), (30, End.LOST)])
    assert some.within(15) == pytest.approx(1 / 5)
    assert some.within(20) == pytest.approx(1 / 5 + 4 / 5 / 3)
    assert some.reaches(0.4) == 20
    assert some.reaches(0.5) is None


def test_the_slow_wins_still_to_come_are_not_forgotten() -> None:
    """Deals begun a day apart, each won after 10 or 100 days by turns, looked at on day 120: the mean of those won is
    short, the median of the incidence is not."""
    seen = []
    for begun in range(120):
        takes, age = (10, 100)[begun % 2], 120 - begun
        seen.append((takes, End.WON) if takes <= age else (age, End.OPEN))
    won = [days for days, end in seen if end is End.WON]
    assert sum(won) / len(won) < 25
    assert won_by(seen).within(99) == pytest.approx(0.5, abs=0.05)


@given(deals)
def test_shares_rise_and_with_the_lost_and_open_make_up_all(drawn: list[tuple[int, End]]) -> None:
    won = won_by(drawn)
    swap = {End.WON: End.LOST, End.LOST: End.WON, End.OPEN: End.OPEN}
    lost = won_by([(days, swap[end]) for days, end in drawn])
    assert list(won.shares) == sorted(won.shares)
    assert won.within(1e9) + lost.within(1e9) + won.open_share == pytest.approx(1)


@given(deals, st.randoms())
def test_the_order_of_deals_does_not_matter(drawn: list[tuple[int, End]], random: Random) -> None:
    shuffled = random.sample(drawn, len(drawn))
    assert won_by(shuffled) == won_by(drawn)
