"""Where a text names money, shares and large numbers, in digits or in words. Days and small counts are none. Pure."""

import re
from collections.abc import Iterator

_FIGURE = r"\d+(?:[.,'’ ]\d{3})*(?:[.,]\d+)?"
_CURRENCY = r"(?:[¥￥$€£₹₩]|\b(?:USD|EUR|CNY|RMB|INR|GBP|CHF|HKD|SGD|JPY|Rs\.?)|人民币)"
_UNIT = (
    r"(?:[万亿千百]+|[%‰¥￥$€£₹]|个点|成|折|[元块]|美[元金]|欧元?|英镑|卢比|人民币|"
    r"(?:percent|per\s?cent|k|m|mn|bn|grand|million|billion|thousand|hundred|lakhs?|crores?|dollars?|bucks|euros?|cents|"
    r"pounds?|quid|rupees?|francs|yuan|kuai|rmb|usd|eur|cny|inr|gbp|chf)\b)"
)
_SMALL = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|half|a couple of|a few)"
)
_LARGE = r"(?:hundred|thousand|million|billion|grand|lakh|crore)s?"
_SPELT = rf"\b(?:{_SMALL}|{_LARGE})(?:(?:[ -]|\s+and\s+)(?:a\s+)?(?:{_SMALL}|{_LARGE}))*"
_TENS = r"(?:ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_HAN = r"[零〇一二两三四五六七八九十百千万亿半几点]"

_AMOUNTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_CURRENCY}\s?{_FIGURE}(?:\s?{_UNIT})*",
        rf"(?<![\d.,:/-]){_FIGURE}(?:\s?{_UNIT})+",
        r"(?<![\d.,:/-])\d{1,3}(?:[,'’]\d{3})+(?:\.\d+)?(?!\d)",
        r"(?<![\d.:/-])(?!(?:19|20)\d\d(?![\d.,]))\d{3,}(?:\.\d+)?(?![\d:]|[-/年月日号])",
        rf"{_SPELT}\s*(?:percent|per\s?cent|dollars?|bucks|euros?|cents|pounds?|quid|rupees?|francs|yuan|kuai|k)\b",
        rf"\b(?:(?:{_SMALL}|a)[ -])+{_LARGE}\b(?:(?:[ -]|\s+and\s+)(?:{_SMALL}|{_LARGE}))*",
        rf"\b{_SMALL}[ -]{_TENS}\b(?:[ -]{_SMALL})?",
        rf"百分之(?!百){_HAN}+|(?<!第){_HAN}+(?:个点|[元块折]|美[元金]|欧元|英镑|卢比)(?!头)|{_HAN}*[一二两三四五六七八九十几半][百千万亿]+{_HAN}*|(?<!第)[百千]万(?![别不要记])",
    )
)


def amounts(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends; two that overlap are one."""
    spans = sorted(found.span() for pattern in _AMOUNTS for found in pattern.finditer(text))
    start = end = -1
    for first, last in spans:
        if first >= end:
            if end > 0:
                yield start, end
            start, end = first, last
        else:
            end = max(end, last)
    if end > 0:
        yield start, end
