"""Many streams beside each other."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.kpi.backtest import told, without_gaps
from bot.kpi.stream import Period, Rules, State, Stream
from tests.bot.kpi.streams import WEEKS, opened, rows, stream

PLAIN = [(12, 40)] * 12


def segments(many: int, last: tuple[int, int]) -> list[Stream]:
    """As many segments that go on as ever, and one whose last week is another."""
    return [stream([*PLAIN, last], segment="odd"), *(stream([*PLAIN, (12, 40)], segment=str(n)) for n in range(many))]


def test_among_many_segments_one_must_stand_out_more() -> None:
    low = (4, 40)  # mid-p about .004: enough alone, and among ten, not among two hundred
    assert opened(told([stream([*PLAIN, low])])) == 1
    assert opened(told(segments(10, low))) == 1
    assert opened(told(segments(200, low))) == 0
    assert opened(told(segments(200, (0, 40)))) == 1
    assert opened(told(segments(200, low), Rules(discovery=1.0))) == 1


def test_a_held_back_segment_is_still_a_watch_and_adds_up() -> None:
    many = segments(200, (4, 40))
    assert told(many)[-201].row.state is State.WATCH
    more = [
        replace(one, periods=(*one.periods, Period(WEEKS[13], 40, 4 if one.segment == "odd" else 12))) for one in many
    ]
    assert opened(told(more)) == 1


def test_a_whole_stage_is_not_held_against_segments() -> None:
    whole = stream([*PLAIN, (4, 40)])
    assert opened(told([whole, *segments(200, (4, 40))])) == 1


def test_absent_weeks_had_no_decisions() -> None:
    known = (Period(WEEKS[5], 9, 4), Period(WEEKS[2], 8, 3))
    assert [(p.week, p.n) for p in without_gaps(known)] == [(WEEKS[2], 8), (WEEKS[3], 0), (WEEKS[4], 0), (WEEKS[5], 9)]
    assert list(without_gaps(())) == []


def test_rows_come_week_by_week_as_the_streams_came() -> None:
    late = Stream("conversion", "demo", None, (Period(WEEKS[1], 5, 2),))
    told_of = [(judged.row.period, judged.row.stage) for judged in told([stream([(2, 5), (2, 5)]), late])]
    assert told_of == [(WEEKS[0], "proposal"), (WEEKS[1], "proposal"), (WEEKS[1], "demo")]


counts = st.lists(st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=25)


@given(st.lists(counts, max_size=5), st.randoms())
def test_the_order_of_streams_does_not_matter(drawn: list[list[tuple[int, int]]], random: Random) -> None:
    many = [stream(some, segment=str(at)) for at, some in enumerate(drawn)]
    shuffled = random.sample(many, len(many))

    def key(row: object) -> str:
        return repr(row)

    assert sorted((j.row for j in told(many)), key=key) == sorted((j.row for j in told(shuffled)), key=key)


@given(counts, counts)
def test_stages_do_not_know_each_other(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    both = [stream(one), replace(stream(other), stage="demo")]
    assert [j.row for j in told(both) if j.row.stage == "proposal"] == rows(stream(one))
