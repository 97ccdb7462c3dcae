"""Where a month lost deals: beside its own past, by stage, and in which segment."""

from datetime import date, timedelta

from bot.kpi.digest.journey import journey
from bot.kpi.stream import Period, Stream
from bot.kpi.weeks import week_of


def stream(
    stage: str, n: int, usual: int, may: int, segment: str | None = None, since: date = date(2025, 6, 2)
) -> Stream:
    """Each week `n` left and `usual` of them advanced; in the weeks of May 2026 `may` did."""
    weeks = [since + timedelta(weeks=k) for k in range((date(2026, 6, 1) - since).days // 7)]
    periods = [
        Period(week_of(day), n, may if (day + timedelta(days=3)).month == 5 and day.year == 2026 else usual)
        for day in weeks
    ]
    return Stream("conversion", stage, segment, tuple(periods))


def test_a_stage_that_lost_deals_is_outside_and_says_how_many() -> None:
    lead, demo = journey([stream("Lead", 20, 10, 10), stream("Demo", 20, 8, 3)], "2026-05")
    assert not lead.outside
    assert demo.outside
    assert (demo.n, demo.k, demo.usual) == (80, 12, 0.4)  # the four weeks whose Thursday is in May
    assert round(demo.missing) == 20


def test_few_deals_are_never_outside_whatever_they_do() -> None:
    (demo,) = journey([stream("Demo", 1, 1, 0)], "2026-05")
    assert demo.usual == 1.0
    assert not journey([stream("Demo", 2, 1, 0, since=date(2026, 4, 6))], "2026-05")[0].outside


def test_the_segment_that_lost_most_is_named_and_one_that_holds_everything_is_not() -> None:
    whole = stream("Demo", 20, 8, 3)
    parts = [
        stream("Demo", 20, 8, 3, "product_line=Cloud"),
        stream("Demo", 10, 4, 0, "industry=retail"),
        stream("Demo", 10, 4, 3, "industry=medical"),
    ]
    (demo,) = journey([whole, *parts], "2026-05")
    assert [part.segment for part in demo.parts] == ["industry=retail"]


def test_a_month_without_deals_is_no_loss() -> None:
    (demo,) = journey([stream("Demo", 20, 8, 8)], "2026-07")
    assert (demo.n, demo.rate, demo.outside) == (0, None, False)
