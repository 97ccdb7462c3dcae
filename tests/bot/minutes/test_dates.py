"""What people promise on a call, as days. The call is on Monday 8 June 2026 where a case says nothing else."""

import time
from datetime import date, timedelta

import pytest
from holidays.calendars.chinese import _ChineseLunisolar
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.minutes.dates import festivals, find, when

MONDAY = date(2026, 6, 8)

ENGLISH = """
by the seventh of July | 07-07
by the thirtieth | 06-30
June twenty-third, ten o'clock | 06-23T10:00
a week today | 06-15
two weeks on Friday | 06-26
Tuesday after next | 06-16
in the last week of September | 09-30
before the month is out | 06-30
by close of business Friday | 06-12
Tuesday at ten | 06-09T10:00
Tuesday at one of our sites | 06-09
today | 06-08
by tomorrow | 06-09
by EOD | 06-08
by end of day | 06-08
by close of business | 06-08
by the end of business day | 06-08
tonight | 06-08
this afternoon | 06-08
the day after tomorrow | 06-10
tomorrow morning | 06-09
tomorrow at 10 am | 06-09T10:00
tomorrow at noon | 06-09T12:00
noon tomorrow | 06-09T12:00
first thing tomorrow | 06-09
tomorrow EOD | 06-09
by 5pm | 06-08T17:00
before noon | 06-08T12:00
by Friday | 06-12
By friday afternoon | 06-12
by Friday EOD | 06-12
on Friday at 3 | 06-12T15:00
Friday 3 p.m. | 06-12T15:00
Friday at 9:30 | 06-12T09:30
Friday at 15:45 | 06-12T15:45
Friday by noon | 06-12T12:00
3pm on Friday | 06-12T15:00
11 am Friday | 06-12T11:00
before Friday | 06-11
before Friday 3pm | 06-12T15:00
no later than Fri | 06-12
by Monday | 06-15
on Monday | 06-15
this Monday | 06-08
this Friday | 06-12
this coming Friday | 06-12
coming Friday | 06-12
next Monday | 06-15
by next Tuesday | 06-16
next Tuesday 3pm | 06-16T15:00
next Friday | 06-19
Tuesday next week | 06-16
Tuesday of next week | 06-16
next week on Wednesday | 06-17
next week Thursday | 06-18
Wednesday this week | 06-10
Tuesday week | 06-16
a week from Friday | 06-19
a week from today | 06-15
two weeks from now | 06-22
three days from tomorrow | 06-12
this week | 06-12
by the end of the week | 06-12
end of this week | 06-12
EOW | 06-12
before the end of the week | 06-12
next week | 06-19
by end of next week | 06-19
the week after next | 06-26
beginning of next week | 06-15
mid next week | 06-17
by the middle of next week | 06-17
this weekend | 06-14
over the weekend | 06-14
next weekend | 06-21
end of the month | 06-30
by month end | 06-30
month-end | 06-30
EOM | 06-30
before the end of the month | 06-30
end of next month | 07-31
next month | 07-31
this month | 06-30
by mid-July | 07-15
mid June | 06-15
by the end of July | 07-31
end of June | 06-30
end of February | 2027-02-28
beginning of July | 07-01
end of the quarter | 06-30
EOQ | 06-30
end of next quarter | 09-30
end of Q3 | 09-30
end of Q1 | 2027-03-31
end of the year | 12-31
by year-end | 12-31
end of next year | 2027-12-31
in two weeks | 06-22
in 10 days | 06-18
within three days | 06-11
within the next two days | 06-10
in a couple of days | 06-10
in a week | 06-15
in a week's time | 06-15
in a fortnight | 06-22
in a month | 07-08
within 24 hours | 06-09
within 48 hours | 06-10
in an hour | 06-08
within two business days | 06-10
in five working days | 06-15
by June 15 | 06-15
by June 15th | 06-15
June 15, 2026 | 06-15
on the 15th of June | 06-15
15 June | 06-15
by Jul 3 | 07-03
before June 15 | 06-14
June 15 at 3 pm | 06-15T15:00
by January 5 | 2027-01-05
the 12th | 06-12
before the 12th | 06-11
by the 1st | 07-01
by the 5th of next month | 07-05
2026-06-20 | 06-20
by 6/20 | 06-20
Friday at 3 pm. | 06-12T15:00
Wednesday at 11am next week | 06-17T11:00
1/3 of it | -
24/7 support | -
by 6/20/2026 | 06-20
before Christmas | 12-24
by Christmas | 12-25
before Thanksgiving | 11-25
by Labor Day | 09-07
before Independence Day | 07-03
before New Year's Eve | 12-30
before Chinese New Year | 2027-02-05
before Easter | 2027-03-27
before Diwali | 11-07
last Friday | -
last week | -
since Monday | -
after Friday | -
every Monday | -
three days ago | -
we waited two weeks | -
on May 1 | -
soon | -
the second half | -
the 3rd floor | -
10 reps | -
it may 5 | -
he sat there | -
"""

CHINESE = """
今天 | 06-08
今天下班前 | 06-08
下班前 | 06-08
今晚 | 06-08
今晚八点 | 06-08T20:00
明天 | 06-09
明早 | 06-09
明早九点 | 06-09T09:00
明天上午十点半 | 06-09T10:30
明天下午 | 06-09
明天下午给您答复 | 06-09
明天中午十二点 | 06-09T12:00
明晚七点 | 06-09T19:00
后天 | 06-10
大后天 | 06-11
下午五点前 | 06-08T17:00
三点之前 | 06-08T15:00
周五 | 06-12
周五前 | 06-12
周五之前 | 06-12
星期五以前 | 06-12
礼拜五 | 06-12
周五下班前 | 06-12
周五下午三点 | 06-12T15:00
周五15:30 | 06-12T15:30
周五3点半 | 06-12T15:30
周五上午9点一刻 | 06-12T09:15
周一 | 06-15
本周一 | 06-08
这周五 | 06-12
本周五前 | 06-12
这个星期五 | 06-12
周日 | 06-14
下周一 | 06-15
下周三 | 06-17
下周三前 | 06-17
下周三下午三点 | 06-17T15:00
下周三的下午三点 | 06-17T15:00
下个星期三 | 06-17
下下周二 | 06-23
本周 | 06-12
这周 | 06-12
本周内 | 06-14
这周之内 | 06-14
本周末 | 06-14
周末 | 06-14
周末前 | 06-14
下周 | 06-19
下周内 | 06-21
下周初 | 06-15
下周中 | 06-17
下周末 | 06-21
月底 | 06-30
月底前 | 06-30
本月底 | 06-30
这个月底之前 | 06-30
月末 | 06-30
本月内 | 06-30
这个月 | 06-30
下月底 | 07-31
下个月底 | 07-31
下个月 | 07-31
下月初 | 07-01
月中 | 06-15
月初 | 07-01
下个月中旬 | 07-20
7月底 | 07-31
七月底前 | 07-31
2月底 | 2027-02-28
六月中旬 | 06-20
季度末 | 06-30
本季度内 | 06-30
下季度末 | 09-30
三季度末 | 09-30
第一季度结束前 | 2027-03-31
Q3底 | 09-30
年底 | 12-31
年底前 | 12-31
年内 | 12-31
明年底 | 2027-12-31
三天内 | 06-11
三天之内 | 06-11
3天内 | 06-11
两天后 | 06-10
两三天内 | 06-11
十天内 | 06-18
一周内 | 06-15
两周内 | 06-22
两个星期之内 | 06-22
半个月内 | 06-23
一个月内 | 07-08
24小时内 | 06-09
四十八小时之内 | 06-10
三个工作日内 | 06-11
五个工作日内 | 06-15
6月15号 | 06-15
6月15日前 | 06-15
六月十五号之前 | 06-15
6月15号下午两点 | 06-15T14:00
2026年6月20日 | 06-20
明年1月5号 | 2027-01-05
1月5号 | 2027-01-05
十五号 | 06-15
十五号之前 | 06-15
12号前 | 06-12
1号 | 07-01
下个月5号 | 07-05
这个月二十号 | 06-20
2026-06-20 | 06-20
6.20日 | 06-20
15日前 | 06-15
3日内 | 06-11
一日 | -
百分之五一点 | -
三分之1/3 | -
端午节前 | 06-18
端午前 | 06-18
端午节 | 06-19
中秋节前 | 09-24
国庆节前 | 09-30
国庆前 | 09-30
十一假期前 | 09-30
元旦前 | 12-31
五一之前 | 2027-04-30
清明节前 | 2027-04-04
春节前 | 2027-02-05
过年前 | 2027-02-05
除夕前 | 2027-02-04
元宵节 | 2027-02-20
双十一前 | 11-10
圣诞节前 | 12-24
腊月二十三 | 2027-01-30
正月十五 | 2027-02-20
大年初八 | 2027-02-13
农历八月十五 | 09-25
上周五 | -
上个月底 | -
每周五 | -
国庆节后 | -
6月1号 | -
过几天 | -
尽快 | -
客户等三天都没人跟 | -
十个销售 | -
四十个账号一年是十九万二 | -
百分之二十 | -
三点建议 | -
12号楼 | -
"""


def rows(table: str) -> list[tuple[str, str]]:
    return [(said.strip(), due.strip()) for said, due in (line.rsplit("|", 1) for line in table.strip().split("\n"))]


def check(said: str, due: str, language: str) -> None:
    found = [one.due.iso for one in find(f"{said}", MONDAY, language, "US" if language == "en" else "")]
    assert found == ([] if due == "-" else [due if due.startswith("20") else f"2026-{due}"])


@pytest.mark.parametrize(("said", "due"), rows(ENGLISH))
def test_english(said: str, due: str) -> None:
    check(said, due, "en")


@pytest.mark.parametrize(("said", "due"), rows(CHINESE))
def test_chinese(said: str, due: str) -> None:
    check(said, due, "zh")


@pytest.mark.parametrize(
    ("on", "said", "due"),
    [
        (date(2026, 6, 12), "by Friday", "2026-06-19"),  # on a Friday people say "today" of the day itself
        (date(2026, 6, 12), "this Friday", "2026-06-12"),
        (date(2026, 6, 12), "本周五", "2026-06-12"),
        (date(2026, 6, 13), "this week", "2026-06-14"),  # its Friday is over
        (date(2026, 6, 11), "本周二", None),
        (date(2026, 6, 12), "周三前", "2026-06-17"),
        (date(2026, 12, 30), "by January 3", "2027-01-03"),
        (date(2026, 12, 30), "月底", "2026-12-31"),
        (date(2026, 1, 31), "in a month", "2026-02-28"),
        (date(2028, 2, 1), "月底前", "2028-02-29"),
        (date(2026, 9, 29), "两个工作日内", "2026-10-08"),  # over National Day
        (date(2026, 5, 7), "两个工作日内", "2026-05-09"),  # a Saturday that is worked
        (date(2026, 10, 1), "国庆节前", None),
        (date(2026, 10, 2), "国庆节前", "2027-09-30"),
        (date(2026, 2, 10), "春节前", "2026-02-16"),
        (date(9999, 12, 30), "next Friday", None),
        (date(1, 1, 1), "in two weeks", "0001-01-15"),
    ],
)
def test_from_another_day(on: date, said: str, due: str | None) -> None:
    assert [one.due.iso for one in find(said, on, "zh")] == ([due] if due else [])


def test_where_and_what_begins() -> None:
    text = "I'll send it by Friday, and the pilot starts on June 15."
    first, second = find(text, MONDAY)
    assert (first.phrase, first.starts) == ("by Friday", False)
    assert text[slice(*first.span)].strip() == first.phrase
    assert (second.phrase, second.due.iso, second.starts) == ("starts on June 15", "2026-06-15", True)
    (found,) = find("试点6月15号开始", MONDAY, "zh")
    assert (found.phrase, found.starts) == ("6月15号开始", True)


def test_both_languages_in_one_sentence() -> None:
    assert [one.due.iso for one in find("周五之前 review 一下，deadline 是 June 20", MONDAY, "zh")] == [
        "2026-06-12",
        "2026-06-20",
    ]


def test_the_calendar_says_which_number_is_the_month() -> None:
    assert [one.due.iso for one in find("by 6/12", MONDAY, "en", "US")] == ["2026-06-12"]
    assert [one.due.iso for one in find("by 6/12", MONDAY, "en", "GB-ENG")] == ["2026-12-06"]
    assert [one.due.iso for one in find("by 20/6", MONDAY, "en", "US")] == ["2026-06-20"]


@pytest.mark.parametrize("year", range(2020, 2050))
def test_lunar_dates(year: int) -> None:
    """Held against the tables of the `holidays` library."""
    theirs = _ChineseLunisolar()
    assert festivals.lunar(year, 1, 1) == theirs.lunar_new_year_date(year)[0]
    assert festivals.lunar(year, 5, 5) == theirs.dragon_boat_date(year)[0]
    assert festivals.lunar(year, 8, 15) == theirs.mid_autumn_date(year)[0]
    assert festivals.lunar(year, 9, 9) == theirs.double_ninth_date(year)[0]


WORDS = [said for table in (ENGLISH, CHINESE) for said, _due in rows(table)] + [
    "send it",
    "我发给你",
    "99",
    "/",
    ":",
    "：",
    "点",
]


@given(
    st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=8).map(" ".join),
    st.dates(),
    st.sampled_from(["en", "zh"]),
)
@settings(max_examples=500)
def test_any_text_on_any_day(text: str, on: date, language: str) -> None:
    """Never an error, never the past; each phrase stands in the text, none over another."""
    end = 0
    for found in find(text, on, language):
        assert found.due.day >= on
        assert found.phrase in text[slice(*found.span)]
        assert end <= found.span[0] < found.span[1]
        end = found.span[1]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_weeks_and_months(on: date) -> None:
    def due(said: str) -> date:
        return find(said, on, "zh")[0].due.day

    assert due("by Friday").weekday() == 4
    assert 1 <= (due("周五之前") - on).days <= 7
    assert 1 <= (due("下周三") - on + timedelta(days=on.weekday())).days - 6 <= 4
    assert (due("月底") + timedelta(days=1)).day == 1
    assert due("in two weeks") - on == timedelta(days=14)
    assert when.works(due("三个工作日内"), "CN")


@pytest.mark.parametrize(
    "unit", ["by ", "end of ", "the ", "a ", "on ", "12 ", "1", "周", "下", "月", "十", "3点", "前", "June "]
)
def test_time_grows_with_the_length_alone(unit: str) -> None:
    began = time.process_time()
    find(unit * 5_000, MONDAY, "zh")
    assert time.process_time() - began < 1
