"""Digests in words: a sentence, at most five lines, one picture or none, in both languages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot import charts
from bot.kpi.digest.model import Digest, Entry, Kind, Leak, Stale
from bot.kpi.model import Better, Number, Point, Unit
from bot.kpi.stream import State
from bot.voice import digest as voice


def entry(
    kpi: str, value: float, usual: float, unit: Unit = Unit.SHARE, state: State = State.WATCH, **more: object
) -> Entry:
    points = tuple(Point(f"W{n}", date(2026, 3, 9) + timedelta(weeks=n), usual, 40) for n in range(12))
    points += (Point("2026-W23", date(2026, 6, 1), value, 40),)
    one = Number(
        kpi, "East", value, unit, 41, "2026-W23", usual, usual * 0.9, usual * 1.1, value / usual - 1, state=state
    )
    return Entry(replace(one, **more), points)


DEMO = entry("conversion", 7 / 41, 0.38, state=State.ALERT, stage="Demo", target=0.4, baseline=0.36)
SLOW = entry("response_time", 9.2, 5.1, Unit.HOURS, better=Better.DOWN)
SIZE = entry("deal_size", 1_234_000, 2_000_000, Unit.MONEY, currency="EUR")
CALM = entry("win_rate", 0.22, 0.23, state=State.OK)
WEEK = Digest(Kind.WEEKLY, "2026-W23", ("East",), entries=(DEMO, SLOW, CALM))
MONTH = Digest(
    Kind.MONTHLY,
    "2026-05",
    ("East", "North"),
    journey=(
        Leak("lead", "", 80, 42, 0.5, 0.41, 0.6),
        Leak(
            "demo",
            "",
            62,
            17,
            0.38,
            0.29,
            0.47,
            parts=(Leak("demo", "industry=manufacturing", 17, 2, 0.35, 0.2, 0.5),),
            blockers=(("competitor", 4),),
        ),
    ),
)


def said(digest: Digest, language: str = "en") -> list[str]:
    return voice.digest(digest, "Ada", language, lambda *_: b"png").text.splitlines()


def test_a_week_in_which_two_numbers_stray() -> None:
    assert said(WEEK) == [
        "**East, week 23: Conversion from Demo fell to 17% (7 of 41), usually 38%; 1 more strays**",
        "- target 40% · baseline 36%",
        "- Follow-up response time rose to 9.2 hours, usually 5.1 hours",
    ]
    assert said(WEEK, "zh") == [
        "**East，第 23 周：Demo阶段转化率降到 17%（41 个里 7 个），往常 38%；另有 1 项异常**",
        "- 目标 40% · 基准 36%",
        "- 跟进响应时间升到 9.2 小时，往常 5.1 小时",
    ]


def test_a_month_says_where_deals_were_lost_and_what_reps_named_there() -> None:
    assert said(MONTH) == [
        "**East and North, May 2026: 7 deals fewer than usual went on from demo**",
        "- demo · 17 of 62 (27%, usually 38%) · worst in manufacturing 2 of 17 (12%, usually 35%)"
        " · named there: Competitor promotion ×4",
    ]
    assert said(MONTH, "zh")[0] == "**East和North，2026年5月：从演示往下走的商机比往常少 7 个**"


@pytest.mark.parametrize("kind", Kind)
def test_as_usual_is_one_line_and_no_picture(kind: Kind) -> None:
    period = {Kind.DAILY: "2026-06-11", Kind.WEEKLY: "2026-W23", Kind.MONTHLY: "2026-05"}[kind]
    for language in ("en", "zh"):
        reply = voice.digest(Digest(kind, period, (), entries=(CALM,)), "", language)
        assert len(reply.text.splitlines()) == 1
        assert reply.pictures == ()


def test_there_are_never_more_than_five_lines() -> None:
    many = replace(WEEK, entries=(DEMO, *[SLOW] * 9))
    lines = said(many)
    assert len(lines) == 6
    assert lines[-1] == "- and 6 more"


def test_what_reps_said_stands_beside_the_number_and_cannot_mark_up() -> None:
    told = replace(
        DEMO, answers=(("Anna *Berg*", "they wait [here](http://x) for the Q3 budget"), ("Li", "b"), ("C", "c"))
    )
    line = said(replace(WEEK, entries=(told,)))[1]
    assert "Anna \\*Berg\\*: “they wait \\[here\\](http://x) for the Q3 budget” · Li: “b”" in line
    assert "C:" not in line


def test_old_data_is_named_with_what_to_do() -> None:
    stale = replace(WEEK, stale=Stale("moves", datetime(2026, 6, 5, 9, tzinfo=UTC)))
    assert said(stale) == [
        "**East, week 23: no digest, since stage moves were last heard of on Fri 5 Jun**",
        "Ask Ada to look at the import; the digest comes again once the data does.",
    ]


@pytest.mark.parametrize("digest", [WEEK, MONTH], ids=["week", "month"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_picture_comes_with_words_for_whoever_cannot_see_it(digest: Digest, language: str) -> None:
    (picture,) = voice.digest(digest, "", language).pictures
    assert picture.png.startswith(b"\x89PNG")
    assert "17" in picture.alt
    assert len(picture.alt) < 1000


def test_a_broken_font_leaves_the_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    line = charts.Line("x", (1.0,), "1")
    reply = voice.digest(WEEK, "", "en", lambda *_: charts.lines("h", [line], "", "", font=broken))
    assert "Conversion from Demo fell to 17%" in reply.text
    assert reply.pictures == ()
    assert "a picture could not be made" in caplog.text


@pytest.mark.parametrize("fault", [ValueError("matplotlib has had enough"), MemoryError()])
def test_whatever_matplotlib_raises_the_words_stay(fault: Exception) -> None:
    def raises(*_: object) -> bytes:
        raise fault

    assert "Conversion from Demo" in voice.digest(WEEK, "", "en", partial(raises)).text
