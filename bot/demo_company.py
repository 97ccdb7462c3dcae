"""The people of the demo: invented, in four cities, with a few days behind them and an answer ready for today."""

from dataclasses import dataclass

from bot.blockers.model import Said
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


def answers(lines: tuple[str, str, str]) -> tuple[dict[str, Items], tuple[Said, ...]]:
    """One remembered day as answers and blockers."""
    done, following, blocker = lines
    text, _bar, rest = blocker.partition("|")
    stage, _bar, deal = rest.partition("|")
    said = (Said(text, parse.category(text), stage, deal),) if text else ()
    given = {"done": parse.items(done), "next": parse.items(following), "blocker": tuple(s.text for s in said)}
    return given, said
