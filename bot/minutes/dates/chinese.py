"""中文里的日期：周五之前、下周三下午三点、月底、国庆节前、三天内、明早、腊月二十三。"""

import re
from datetime import date, time

from bot.minutes.dates import festivals, when
from bot.minutes.dates.when import Due, Found
from bot.team.said_dates import days_said

_DIGITS = "零一二三四五六七八九"
_N = r"(?:[0-9]{1,3}|[零一二两三四五六七八九十廿卅]{1,3})"
_WEEK = r"(?:周|星期|礼拜)"
_FORM = re.compile(
    rf"""(?P<lead>从|自|上个?|上上个?|每个?|去)?
    (?:
      (?P<relative>今天|今日|今儿|今晚|今早|当天|明天|明日|明儿|明早|明晚|大后天|后天|下班前)
    | (?P<which>本|这个?|下下个?|下个?)?{_WEEK}(?P<weekday>[一二三四五六日天])
    | (?P<weekend_of>本|这个?|下下个?|下个?)?周末
    | (?P<week_of>本|这个?|下下个?|下个?){_WEEK}
        (?P<week_part>以内|之内|内|初|中|底)?
    | (?P<within>周内)
    | (?P<month_of>本|这个?|当|下下个?|下个?)?(?P<month>(?:{_N})?)月(?:份)?
        (?P<part>底|末|初|中旬|上旬|下旬|中|以内|之内|内)
    | (?P<moon>(?:农历|阴历)(?:正|冬|腊|{_N})月|正月|腊月|冬月|大年)(?P<moon_day>初[一二三四五六七八九十]|{_N})
    | (?P<year>(?:20[0-9]{{2}}|今|明)年)?(?P<m>{_N})月(?:份)?(?P<d>{_N})[日号]?
    | (?P<d_of>本月|这个月|当月|下个?月)?(?P<only_d>{_N}号|[0-9]{{1,2}}日)(?![线楼店院内]|[之以][内后]|后)
    | (?P<whole_month>本月|这个月|下个?月)(?:份)?
    | (?P<quarter_of>本|这个?|下个?|第?(?P<quarter>[一二三四1-4]))季度(?:末|底|内|结束)?
    | (?P<q>[Qq][1-4])(?:季度)?(?:末|底|内|结束)?
    | (?P<this_quarter>季度(?:末|底|内|结束))
    | (?P<year_end>年底|年末|年内|今年内|今年底|明年底|本年度内)
    | (?P<half>半个?月)(?P<half_way>之内|以内|内|后)
    | (?:[一二两三四五六七八九](?=[二两三四五六七八九]))?(?P<count>{_N})个?
        (?P<unit>工作日|小时|天|日|{_WEEK}|月)(?P<way>之内|以内|内|之后|以后|后)
    | (?P<iso>20[0-9]{{2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}})(?![0-9])
    | (?P<dot>[0-9]{{1,2}}[./][0-9]{{1,2}})[日号]
    | (?P<festival>{festivals.CHINESE})
    )
    (?:[的，,]?(?P<day_part>凌晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|晚|早)?
       (?:(?P<hour>{_N})[点时](?P<minute>半|一刻|三刻|{_N}分?)?(?:钟|整)?|(?P<digital>[0-2]?[0-9][:：][0-5][0-9]))
      |[的，,]?(?:凌晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|一早|全天|下班))?
    (?P<tail>之前|以前|前|为止|之后|以后|后)?(?P<start>开始|起|启动|开工|上线)?""",
    re.VERBOSE,
)
_TODAY_BY = re.compile(
    rf"(?P<day_part>早上|上午|中午|下午|傍晚|晚上|晚)?(?:(?P<hour>{_N})点(?P<minute>半|一刻|三刻|{_N}分?)?(?:钟|整)?|"
    rf"(?P<digital>[0-2]?[0-9][:：][0-5][0-9]))(?:之前|以前|前)"
)
_AHEAD = {"": 0, "本": 0, "这": 0, "当": 0, "下": 1, "下下": 2}


def find(text: str, on: date, calendar: str) -> list[Found]:
    """The dates of a Chinese text."""
    found: list[Found] = []
    for said in _FORM.finditer(text):
        lead = said["lead"] or ""
        after = said["tail"] in ("之后", "以后", "后")
        if lead[:1] in ("上", "每", "去") or (after and (said["festival"] or said["moon"])):
            continue
        if said["festival"] in ("五一", "小年") and not said["tail"]:  # also parts of other words
            continue
        day, at = _day(said, on, calendar), _time(said)
        if day and said["festival"] and said["tail"]:
            day = when.days(day, -1)
        if day and day >= on:
            starts = bool(said["start"]) or lead in ("从", "自") or after
            found.append(Found(said[0].strip("，,"), said.span(), Due(day, at), starts))
    taken = [one.span for one in found]
    for said in _TODAY_BY.finditer(text):
        at = _time(said)
        if at and not any(start <= said.start() < end for start, end in taken):
            found.append(Found(said[0], said.span(), Due(on, at)))
    return found


def _day(said: re.Match[str], on: date, calendar: str) -> date | None:
    for name, read in (
        ("relative", _relative),
        ("weekday", _weekday),
        ("week_of", _week),
        ("part", _month),
        ("moon", _moon),
        ("m", _dated),
        ("only_d", _day_of_month),
        ("quarter_of", _quarter),
        ("q", _quarter),
        ("this_quarter", _quarter),
    ):
        if said[name]:
            return read(said, on)
    if said["count"]:
        return _offset(said, on, calendar)
    if said["festival"]:
        return festivals.next_festival(said["festival"], on, calendar)
    if said["whole_month"]:
        return when.of_month(on, int("下" in said["whole_month"]), 0)
    if said["year_end"]:
        return when.of_month(on, 12 - on.month + 12 * ("明" in said["year_end"]), 0)
    if said["half"]:
        return when.days(on, 15)
    if said["iso"] or said["dot"]:
        days = days_said((said["iso"] or said["dot"].replace("/", ".")).replace("/", "-").replace("-.", "-"), on)
        return days.first if days else None
    return when.of_week(on, _ahead(said["weekend_of"] or ""), 6)  # 周末、周内


def _ahead(which: str) -> int:
    return _AHEAD[which.replace("个", "")]


def _relative(said: re.Match[str], on: date) -> date | None:
    word = said["relative"]
    return when.days(on, 3 if word == "大后天" else 2 if word == "后天" else int(word.startswith("明")))


def _weekday(said: re.Match[str], on: date) -> date | None:
    weekday = min("一二三四五六日天".index(said["weekday"]), 6)
    return when.of_week(on, _ahead(said["which"]), weekday) if said["which"] else when.next_weekday(on, weekday)


def _week(said: re.Match[str], on: date) -> date | None:
    """本周内 lasts until its Sunday; the week itself is done on its Friday."""
    part = said["week_part"] or ""
    found = when.of_week(on, _ahead(said["week_of"]), {"": 4, "底": 4, "初": 0, "中": 2}.get(part, 6))
    return found if found and found >= on else when.of_week(on, _ahead(said["week_of"]), 6)


def _month(said: re.Match[str], on: date) -> date | None:
    day = {"初": 1, "上旬": 10, "中": 15, "中旬": 20}.get(said["part"], 0)
    if said["month"]:
        month = number(said["month"])
        return when.of_named_month(on, month, day) if 1 <= month <= 12 and not said["month_of"] else None
    found = when.of_month(on, _ahead(said["month_of"] or ""), day)
    return when.of_month(on, 1, day) if found and found < on and not said["month_of"] else found


def _moon(said: re.Match[str], on: date) -> date | None:
    name = re.sub(r"农历|阴历|月", "", said["moon"])
    month = {"正": 1, "大年": 1, "冬": 11, "腊": 12}.get(name) or number(name)
    return festivals.next_lunar(on, month, number(said["moon_day"].removeprefix("初")))


def _dated(said: re.Match[str], on: date) -> date | None:
    month, day, year = number(said["m"]), number(said["d"]), said["year"] or ""
    if not year:
        return when.coming(days_said(f"{month}月{day}日", on), on)
    full = on.year + (year[0] == "明") if year[0] in "今明" else int(year[:4])
    days = days_said(f"{full:04}-{month:02}-{day:02}", on)
    return days.first if days else None


def _day_of_month(said: re.Match[str], on: date) -> date | None:
    day = number(said["only_d"][:-1])
    if not 1 <= day <= 31:
        return None
    if said["d_of"]:
        return when.of_month(on, int("下" in said["d_of"]), day)
    days = days_said(f"{day}号", on)
    return days.first if days else None


def _quarter(said: re.Match[str], on: date) -> date | None:
    named = (said["q"] or "")[1:] or said["quarter"]
    if named:
        return when.of_quarter(on, quarter=number(named))
    return when.of_quarter(on, _ahead(said["quarter_of"] or ""))


def _offset(said: re.Match[str], on: date, calendar: str) -> date | None:
    """三天内 is the third day from today. 两三天内 is the longer."""
    count, unit = number(said["count"]), said["unit"]
    if unit == "工作日":
        return when.working_days(on, count, calendar)
    if unit == "小时":
        return when.days(on, count // 24)
    if unit == "月":
        return when.of_month(on, count, on.day)
    return when.days(on, count * (1 if unit in ("天", "日") else 7))


def _time(said: re.Match[str]) -> time | None:
    part = said["day_part"] or ("晚" if "晚" in said[0][:3] else "早" if "早" in said[0][:3] else "")
    half = "am" if part[:1] in ("凌", "清", "早", "上") and part else "pm" if part else ""
    if said["digital"]:
        hour, minute = map(int, re.split("[:：]", said["digital"]))
        return when.clock(hour, minute, half or ("am" if hour < 13 and said["digital"][0] == "0" else ""))
    if not said["hour"]:
        return None
    word = said["minute"] or "零"
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(word) or number(word.rstrip("分"))
    hour = number(said["hour"])
    return when.clock(
        hour, minute, "am" if half == "pm" and part == "中午" and hour == 11 else half if hour != 12 else "pm"
    )


def number(text: str) -> int:
    """A number up to 999 in digits, up to 99 in Chinese; 0 for none."""
    if text.isdecimal() and text.isascii():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十").replace("两", "二")
    tens, ten, ones = text.rpartition("十")
    digits = [_DIGITS.find(digit) for digit in (tens or ("一" if ten else "零"), ones[-1:] or "零")]
    return max(digits[0], 0) * 10 + max(digits[1], 0) if ten else max(digits[1], 0)
