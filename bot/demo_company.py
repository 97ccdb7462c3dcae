"""The people of the demo: invented, in four cities, with deals, a few days behind them and an answer for today."""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blockers.model import Said
from bot.demo_deals.plan import Drop, Plan, Seller, Story
from bot.standup import parse
from bot.standup.model import Items

YOU = "lin"
MANAGER = "zhou"

ROSTER = """\
person,name,email,team,role,timezone,language,calendar,manager,region,product_line,tier
zhou,Zhou Min,zhou@paceline.example,Asia,manager,Asia/Shanghai,en,CN,,,,
lin,Lin Yue,lin@paceline.example,Asia,rep,Asia/Shanghai,en,CN,zhou,East China,Analytics,A
chen,陈洁,chen@paceline.example,Asia,rep,Asia/Shanghai,zh,CN,zhou,East China,Sensors,A
wang,王浩,wang@paceline.example,Asia,rep,Asia/Shanghai,zh,CN,zhou,South China,Analytics,B
liu,刘思远,liu@paceline.example,Asia,rep,Asia/Shanghai,zh,CN,zhou,South China,Sensors,A
priya,Priya Nair,priya@paceline.example,Asia,rep,Asia/Kolkata,en,IN,zhou,India,Analytics,A
arjun,Arjun Mehta,arjun@paceline.example,Asia,rep,Asia/Kolkata,en,IN,zhou,India,Sensors,B
sun,孙倩,sun@paceline.example,Asia,support,Asia/Shanghai,zh,CN,zhou,,,
weber,Jonas Weber,weber@paceline.example,West,manager,Europe/Berlin,en,DE-BE,,,,
anna,Anna Berg,anna@paceline.example,West,rep,Europe/Berlin,en,DE-BE,weber,DACH,Analytics,A
tomasz,Tomasz Zielinski,tomasz@paceline.example,West,rep,Europe/Berlin,en,DE-BE,weber,DACH,Sensors,B
maria,Maria Lopez,maria@paceline.example,West,rep,America/New_York,en,US-NY,weber,US East,Analytics,A
james,James Carter,james@paceline.example,West,rep,America/New_York,en,US-NY,weber,US East,Sensors,A
aisha,Aisha Khan,aisha@paceline.example,West,admin,Europe/Berlin,en,DE-BE,,,,
"""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who says `says` so many seconds `after` the start."""

    key: str
    after: float
    says: str


TODAY = (
    Colleague("chen", 4, "昨天：给宏达医疗做了演示；回了远航物流的报价\n今天：跟宏达约试用\n卡点：没有"),
    Colleague("anna", 7, "Yesterday: demo for Kraftwerk; pilot plan sent\nToday: call their IT lead\n"
              "Blockers: legal still has the Kraftwerk contract"),
    Colleague("priya", 11, "Done: renewal call with Deccan Mills\nNext: send the two-year offer\nBlockers: none"),
    Colleague("wang", 16, "昨天拜访了蓝湾电子，今天发方案，没有卡点"),
    Colleague("maria", 22, "Done: Hudson Foods demo\nNext: security questionnaire for Hudson\nBlockers: none"),
    Colleague("liu", 28, "昨天：跟金桥制造对了需求\n今天：出报价\n卡点：竞品在做促销，客户要求降价 8%"),
    Colleague("tomasz", 35, "Done: three first calls\nNext: quote for Nordlicht\nBlockers: n/a"),
    Colleague("james", 44, "Done: pricing call with Lakeside Clinics\nNext: revised offer by noon\nBlockers: none"),
)  # fmt: skip

# What was answered on the days before, the newest last: done, next, blocker|stage|deal.
HISTORY: dict[str, tuple[tuple[str, str, str], ...]] = {
    "lin": (
        ("first call with Suhe Textiles", "demo for Acme", ""),
        ("demo for Acme", "price list to Acme; call Mr Wang about the quote", ""),
        ("price list to Acme", "call Mr Wang about the quote; pilot plan for Suhe", ""),
        ("pilot plan for Suhe", "demo for Bright Dental; call Mr Wang about the quote", ""),
    ),
    "chen": (
        ("拜访宏达医疗", "准备演示", ""),
        ("准备演示", "宏达演示", ""),
        ("约好演示时间", "给宏达演示；回远航物流报价", ""),
        ("整理报价", "给宏达演示；回远航物流报价", ""),
    ),
    "anna": (
        ("Kraftwerk workshop", "contract to legal", ""),
        ("contract to legal", "pilot plan", "Legal has the Kraftwerk contract|contract|Kraftwerk"),
        ("pilot plan drafted", "demo for Kraftwerk", "Legal has the Kraftwerk contract|contract|Kraftwerk"),
        (
            "rehearsed the demo",
            "demo for Kraftwerk; send pilot plan",
            "Legal has the Kraftwerk contract|contract|Kraftwerk",
        ),
    ),
    "priya": (("Deccan Mills usage review", "renewal call", ""),) * 4,
    "wang": (
        ("整理客户名单", "拜访蓝湾电子", "蓝湾电子换了采购负责人|offer|蓝湾电子"),
        ("联系新采购负责人", "拜访蓝湾电子", "蓝湾电子换了采购负责人|offer|蓝湾电子"),
        ("再约蓝湾电子", "拜访蓝湾电子", "蓝湾电子换了采购负责人|offer|蓝湾电子"),
    ),
    "liu": (("约金桥制造", "对需求", ""),) * 4,
    "maria": (("Hudson Foods discovery", "demo for Hudson Foods", ""),) * 4,
    "tomasz": (("list of 40 plants", "first calls", ""),) * 2,
    "james": (("Lakeside site visit", "pricing call with Lakeside", ""),) * 4,
    "arjun": (("two visits in Pune", "offer for Sahyadri Steel", ""),) * 3,
}


# The customers of whom the answers speak. Times are days before and after the visit.
# fmt: off
_OFFER, _FORM = "send the two-year offer", "security questionnaire for Hudson"
DEALS = (
    Story("Acme", "retail", "lin", 3, 96_000, 12, 3, 20, "call Mr Wang about the quote", 0, "Wang Lei", "Head of IT"),
    Story("Suhe Textiles", "manufacturing", "lin", 2, 240_000, 47, 19, -6, "pilot plan for Suhe", -4, "Gu Fang", "CFO"),
    Story("Bright Dental", "medical", "lin", 2, 68_000, 6, 2, 35, "demo for Bright Dental", 0, "Ellen Hu", "Owner"),
    Story("Harbour Freight Ningbo", "logistics", "lin", 4, 410_000, 33, 14, 12, "", None, "Shao Jun", "COO"),
    Story("宏达医疗", "medical", "chen", 2, 320_000, 9, 1, 28, "跟宏达约试用", 2, "孟凡", "信息部主任"),
    Story("远航物流", "logistics", "chen", 3, 150_000, 41, 16, -9, "回远航物流报价", -2, "丁楠", "采购总监"),
    Story("蓝湾电子", "manufacturing", "wang", 3, 280_000, 52, 21, -12, "约新的采购负责人", -7, "贺晶", "采购总监"),
    Story("金桥制造", "manufacturing", "liu", 3, 530_000, 15, 1, 18, "出报价", 0, "鲁平", "厂长"),
    Story("Deccan Mills", "manufacturing", "priya", 4, 610_000, 11, 1, 9, _OFFER, 1, "Nandini Rao", "CFO"),
    Story("Sahyadri Steel", "manufacturing", "arjun", 3, 380_000, 44, 13, -3, "", None, "Prakash Jadhav", "COO"),
    Story("Kraftwerk", "energy", "anna", 5, 74_000, 26, 2, 4, "call their IT lead", 0, "Birgit Aydın", "Head of IT"),
    Story("Nordlicht", "energy", "tomasz", 3, 38_000, 5, 2, 30, "quote for Nordlicht", 1, "Hauke Petersen", "Buyer"),
    Story("Hudson Foods", "fmcg", "maria", 2, 52_000, 8, 1, 26, _FORM, 1, "Dana Kim", "CIO"),
    Story("Lakeside Clinics", "medical", "james", 4, 87_000, 38, 1, -5, "revised offer by noon", 0, "Ruth Osei", "CFO"),
)
# fmt: on


def crm(now: datetime) -> Plan:
    """Two years of the company's deals. For five weeks few demos have led anywhere."""
    reps = [row for row in csv.DictReader(ROSTER.splitlines()) if row["role"] == "rep"]
    sellers = [
        Seller(
            row["person"],
            row["team"],
            row["timezone"],
            row["language"],
            row["region"],
            row["product_line"],
            "CNY" if row["team"] == "Asia" else "EUR",
        )
        for row in reps
    ]
    year, week, _ = (now - timedelta(weeks=5)).isocalendar()
    return Plan(now, sellers, deals=1_600, drop=Drop(2, f"{year}-W{week:02}", 0.3), stories=DEALS)


def answers(lines: tuple[str, str, str]) -> tuple[dict[str, Items], tuple[Said, ...]]:
    """One remembered day as answers and blockers."""
    done, following, blocker = lines
    text, _bar, rest = blocker.partition("|")
    stage, _bar, deal = rest.partition("|")
    said = (Said(text, parse.category(text), stage, deal),) if text else ()
    given = {"done": parse.items(done), "next": parse.items(following), "blocker": tuple(s.text for s in said)}
    return given, said
