"""The words by which names are told from ordinary words; the longer lists are the files in `lists/`. Pure."""

import re
from pathlib import Path


def _listed(name: str) -> list[str]:
    lines = (Path(__file__).parent / "lists" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def _nicknames() -> dict[str, tuple[str, ...]]:
    lines = (Path(__file__).parent / "lists" / "nicknames.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {first: tuple(rest) for first, *rest in rows}


COMMON = frozenset(_listed("words"))
ABOUT = COMMON | frozenset(_listed("companies"))
LEGAL = frozenset(_listed("legal"))
COMMON_HAN = frozenset(_listed("words.zh"))
NICKNAMES = _nicknames()
PLACES_HAN = re.compile(f"(?:{'|'.join(_listed('places.zh'))})(?:省|市|自治区)?")
TRADES_HAN = re.compile(f"(?:{'|'.join(_listed('trades.zh'))})$")
LEGAL_HAN = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|总公司|分公司|公司|集团|股份|事务所|有限合伙)$"
)

TITLES = (
    "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Madam|Herrn?|Frau|Monsieur|Madame|Mme|Se[nñ]ora?|Sra?|Signora?|"
    "Shri|Smt|Kumari|Dhr|Mevrouw"
)
TITLES_HAN = (
    "总监|总经理|总裁|总(?![额数量体共计价结部监线成裁经包承账站机])|经理|主任|老师|女士|先生|小姐|太太|局长|局|处长|科长|院长|院|校长|主管|董事长|董(?!事)|"
    "助理|医生|大夫|教授|姐|哥|老板|部长|书记|行长|所长|厂长|厂|队长|秘书|会计|工程师|工(?![作程具业厂序资人期装会地种艺])|律师|博士|同学|师傅|大姐|阿姨|叔"
)
# Surnames that make few other words with what may stand after or before them.
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘董袁余叶蒋杜苏魏程吕丁沈姚卢姜崔钟谭"
    "陆汪范廖贾夏韦邹熊孟秦阎薛侯雷龙郝孔邵毛顾赖武康贺严尹钱戴莫倪温季俞樊颜葛殷穆欧柳邱"
)
COMPOUND = (
    "欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 东方 南宫 端木 百里 呼延 独孤".split()  # noqa: SIM905
)
# Characters that make another word with a surname after them: 大王, 红叶, 零钱, 多余 ...
GIVEN_BEFORE = "提多剩其业省红枫零付价赚花收给本金现掏天地海成水绿严温季"

MONTHS = frozenset({"april", "may", "june", "august", "jan", "mar", "avril", "mai", "abril", "jun"})
BEFORE_MONTH = re.compile(
    r"\b(?:in|by|of|until|till|since|early|late|mid|end|next|last|this|from|to|through|before|after|during|every|for|and|or|"
    r"on|\d{1,2}(?:st|nd|rd|th)?|im|ab|bis|en)[\s-]+$",
    re.IGNORECASE,
)
PARTICLES = frozenset(
    "van von de del della di da dos der den ter ten la le du al el bin ibn st mac the".split()  # noqa: SIM905
)
# What recorders call those whom they do not know.
GENERIC = re.compile(
    r"\s*(?:speaker|participant|unknown|guest|host|caller|agent|customer|user|说话人|发言人|与会者|参会人|访客|主持人|未知|用户|"
    r"客户|嘉宾)\s*\W?\s*\w?\d*\s*$",
    re.IGNORECASE,
)
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "ß": "ss", "œ": "oe"}
SPELLINGS = (
    str.maketrans(_UMLAUTS | {short.upper(): long.title() for short, long in _UMLAUTS.items() if short != "ß"}),
    str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe"}),
)
