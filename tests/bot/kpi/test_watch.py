"""The state of one stream, week by week."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kpi.backtest import told
from bot.kpi.stream import Period, Rules, Ruling, State, Stream, Verdict
from bot.kpi.weeks import season
from tests.bot.kpi.streams import WEEKS, periods, rows, states, stream

PLAIN = [(12, 40), (11, 40), (13, 40), (12, 40)] * 3  # 30%, twelve weeks
LOW, HIGH, FAIR, ODD, POOR = (3, 40), (22, 40), (12, 40), (9, 40), (6, 40)


@pytest.mark.parametrize(
    ("weeks", "told_as"),
    [
        ([FAIR], "o"),
        ([ODD, FAIR], "wo"),  # 22.5%: more than 15% off, but no surprise
        ([HIGH, FAIR], "wo"),  # upwards it is noted, never an alert
        ([HIGH, HIGH, HIGH], "www"),
        ([LOW], "A"),
        ([LOW, FAIR, FAIR, FAIR], "AARo"),
        ([LOW, FAIR, LOW, FAIR, FAIR, FAIR], "AAAARo"),
        ([LOW, HIGH, HIGH, FAIR, FAIR], "AAAAR"),  # far above the usual is not back to usual
        ([LOW, (0, 0), FAIR, (0, 0), FAIR], "A-A-R"),  # a week without decisions says nothing either way
        ([LOW, FAIR, FAIR, LOW, FAIR, FAIR], "AARAAR"),
        ([POOR, POOR, POOR], "wAA"),  # no week alone, but two of them together
        ([(0, 3), (1, 3), (0, 3)], "iii"),
        ([(0, 0), FAIR], "-o"),
    ],
)
def test_the_states_after_twelve_plain_weeks(weeks: list[tuple[int, int]], told_as: str) -> None:
    assert states(stream(PLAIN + weeks))[len(PLAIN) :] == told_as


def test_eight_closed_weeks_are_needed_before_anything_is_usual() -> None:
    some = rows(stream([FAIR] * 4 + [(0, 0)] + [FAIR] * 6))
    assert "".join(row.state[0] for row in some) == "iiiiniiiioo"
    assert [row.usual is None for row in some] == [True] * 9 + [False] * 2
    assert (some[0].rate, some[0].deviation, some[0].p, some[0].cusum_down) == (0.3, None, None, 0)


def test_a_row_tells_what_was_counted_and_how_far_it_is_off() -> None:
    row = rows(stream([(12, 40)] * 12 + [(6, 40)]))[-1]
    assert (row.measure, row.stage, row.segment, row.period) == ("conversion", "proposal", None, WEEKS[12])
    assert (row.n, row.k, row.rate) == (40, 6, 0.15)
    assert row.usual == pytest.approx(0.3)
    assert row.deviation == pytest.approx(-0.5)
    assert 0.01 < (row.p or 0) < 0.05
    assert row.cusum_down > 0
    assert row.cusum_up == 0


def test_a_week_that_is_not_complete_is_neither_judged_nor_learnt_from() -> None:
    half = [*periods(PLAIN), Period(WEEKS[12], 10, 0, complete=False), Period(WEEKS[13], 40, 12)]
    stale, after = rows(Stream("conversion", "proposal", None, tuple(half)))[-2:]
    assert (stale.state, stale.n, stale.rate, stale.deviation, stale.p) == (State.STALE, 10, 0, None, None)
    assert after.state is State.OK
    assert after.usual == stale.usual


def test_a_week_that_is_not_complete_leaves_an_open_alert_open() -> None:
    weeks = [*periods([*PLAIN, LOW, FAIR]), Period(WEEKS[14], 40, 0, complete=False), Period(WEEKS[15], 40, 12)]
    assert states(Stream("conversion", "proposal", None, tuple(weeks)))[12:] == "AAsR"


def test_what_is_usual_stands_still_while_an_alert_is_open() -> None:
    some = rows(stream(PLAIN + [LOW] * 3))
    assert {row.usual for row in some[12:]} == {some[12].usual}
    after = rows(stream(PLAIN + [LOW] * 3 + [FAIR] * 3))
    assert after[-1].usual != some[12].usual


def test_a_first_week_of_a_signal_shows_what_it_was_and_the_next_begins_anew() -> None:
    signal, after = rows(stream([*PLAIN, POOR, POOR, FAIR]))[-2:]
    assert signal.cusum_down > 1
    assert (signal.p or 0) > 0.01
    assert after.cusum_down < 0.3


def test_an_alert_that_nobody_got_recovers_in_silence() -> None:
    some = replace(stream([*PLAIN, LOW, FAIR, FAIR, FAIR]), undelivered=frozenset({WEEKS[12]}))
    assert states(some)[12:] == "AAoo"


def test_it_is_told_what_speaks_for_an_alert() -> None:
    first, second = told([stream(PLAIN + [(0, 40)] * 2)])[-2:]
    assert (first.opened, first.by_week, second.opened) == (True, True, False)
    slow = told([stream([*PLAIN, POOR, POOR])])[-1]
    assert (slow.opened, slow.by_week, [shift.size for shift in slow.by_shifts]) == (True, False, [0.4])
    assert told([stream([*PLAIN, HIGH])])[-1].high


def ruling(verdict: Verdict, said: int, first: int = 0, last: int = 0) -> Ruling:
    return Ruling(verdict, WEEKS[said], WEEKS[first], WEEKS[last])


def test_a_new_normal_begins_what_is_usual_anew() -> None:
    some = stream(PLAIN + [(12, 80)] * 12, ruling(Verdict.NEW_NORMAL, said=14, first=12))
    assert states(some)[12:] == "AA" + "i" * 6 + "oooo"
    assert rows(some)[-1].usual == pytest.approx(0.15)


def test_a_false_alarm_ends_without_a_word_and_is_learnt_from() -> None:
    some = stream([*PLAIN, LOW, FAIR, FAIR], ruling(Verdict.FALSE_ALARM, said=13))
    assert states(some)[12:] == "Aoo"
    assert (rows(some)[-1].usual or 0) < 0.3


def test_a_confirmed_anomaly_is_left_out_of_what_is_usual() -> None:
    plain = rows(stream([*PLAIN, LOW, LOW, FAIR, FAIR, FAIR]))[-1]
    some = rows(stream([*PLAIN, LOW, LOW, FAIR, FAIR, FAIR], ruling(Verdict.ANOMALY, 14, 12, 13)))[-1]
    assert (plain.usual or 0) < 0.29
    assert some.usual == pytest.approx(0.3)


def test_what_was_an_anomaly_no_longer_speaks_for_a_shift() -> None:
    assert states(stream([*PLAIN, POOR, POOR]))[12:] == "wA"
    assert states(stream([*PLAIN, POOR, POOR], ruling(Verdict.ANOMALY, 13, 12, 12)))[12:] == "ww"


def test_an_anomaly_is_left_out_of_a_frozen_usual_too() -> None:
    weeks = PLAIN + [(20, 40)] * 2 + [LOW] * 3
    before, after = rows(stream(weeks, ruling(Verdict.ANOMALY, 15, 12, 13)))[-3::2]
    assert before.state is after.state is State.ALERT
    assert (before.usual or 0) > 0.31
    assert after.usual == pytest.approx(0.3)


def test_a_stage_that_nobody_ever_passed_cannot_get_worse() -> None:
    last = rows(stream([(0, 30)] * 12 + [(3, 30)]))[-1]
    assert (last.state, last.usual, last.deviation) == (State.INSUFFICIENT, 0, None)


def test_a_stage_that_everybody_passed_can() -> None:
    assert states(stream([(30, 30)] * 12 + [(12, 30)]))[12:] == "A"


def test_a_quarter_end_is_held_against_other_quarter_ends() -> None:
    """30% twice a quarter, 45% in its last month: against all weeks alike, each January would be a collapse."""
    month = {0: (12, 40), 1: (12, 40), 2: (20, 40)}
    some = [month[(index * 12 // 52) % 3] for index in range(104)]
    assert set(states(stream(some))[60:]) == {"o"}
    assert "A" in states(stream([*some[:100], *[(9, 40)] * 4]))[100:]


def test_the_month_after_the_first_quarter_end_is_no_collapse() -> None:
    """As in the public CRM data of one company: it begins with a quarter's last month, and has seen no other."""
    first_of_march = 8
    month = {0: (8, 20), 1: (11, 20), 2: (15, 20)}
    weeks = [(0, 0)] * first_of_march + [month[season(week)] for week in WEEKS[first_of_march:60]]
    assert "A" not in states(stream(weeks))


counts = st.lists(st.integers(0, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=40)
rulings = st.lists(
    st.builds(
        Ruling, st.sampled_from(Verdict), st.sampled_from(WEEKS[8:30]), st.sampled_from(WEEKS[:20]), st.just(WEEKS[22])
    ),
    max_size=2,
)


@given(counts, rulings, st.integers(0, 40))
def test_what_comes_later_changes_nothing_that_was_told(
    drawn: list[tuple[int, int]], ruled: list[Ruling], many: int
) -> None:
    whole = rows(stream(drawn, *ruled))
    assert rows(stream(drawn[:many], *ruled)) == whole[:many]


@given(counts)
def test_alerts_go_down_and_end_in_one_recovery(drawn: list[tuple[int, int]]) -> None:
    told_of = told([stream(drawn)])
    is_open, calm = False, 0
    for judged in told_of:
        row = judged.row
        near = row.deviation is not None and abs(row.deviation) < 0.15
        if judged.opened:
            assert not is_open
            assert (row.deviation or 0) <= -0.15 or row.cusum_down > 1
            is_open, calm = True, 0
        elif is_open and row.state is not State.NO_DATA:
            calm = calm + 1 if near else 0
            assert row.state is (State.RECOVERED if calm == 2 else State.ALERT)
            is_open = calm < 2
        else:
            assert row.state not in (State.RECOVERED, State.ALERT)


@given(counts)
def test_the_rules_are_what_they_say(drawn: list[tuple[int, int]]) -> None:
    """Without evidence there is no alert, however far a week strays."""
    deaf = Rules(surprise=0.0, shifts=tuple(replace(shift, h=1e9) for shift in Rules().shifts))
    assert {row.state for row in rows(stream(drawn), deaf)} <= {State.INSUFFICIENT, State.NO_DATA}
    credulous = replace(deaf, surprise=1.0)
    for row in rows(stream(drawn), credulous):
        if row.state is State.WATCH:
            assert (row.deviation or 0) >= 0.15


def test_a_segment_alerts_only_where_all_weeks_bear_it_out() -> None:
    """Its few quarter ends were better than the rest, so that an ordinary week looks like a collapse in one of them."""
    ends = [season(week) == 2 for week in WEEKS[:60]]
    counts = [(19, 20) if end else (10, 20) for end in ends]
    last = max(n for n, end in enumerate(ends) if end)
    for k, whole, segment in ((9, "A", "w"), (2, "A", "A")):
        told_so = [*counts[:last], (k, 20)]
        assert states(stream(told_so))[-1] == whole
        assert states(stream(told_so, segment="region=North"))[-1] == segment
