"""Phones, cards, ID numbers, bank accounts and addresses in a text, as they are written in China, the US, Europe and
India. Amounts and dates are told apart first, and stay. Pure."""

import re
from collections.abc import Callable, Iterator

from bot.redaction.model import Kind
from bot.redaction.papers import luhn, paper

Found = tuple[int, int, Kind]

_B, _E = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_EMAIL = re.compile(
    r"[^\s@<>()\[\]{},;:\"'|，。；：、（）《》“”\u3400-\u9fff]{1,64}@(?:[^\W_](?:[\w-]{0,62})\.)+[^\W\d_]{2,24}",
    re.ASCII,
)
_AT = r"\s?(?:\(at\)|\[at\]|\{at\}|\sat\s)\s?"
_DOT = r"\s?(?:\(dot\)|\[dot\]|\{dot\}|\sdot\s|\.)\s?"
_JOINED = r"(?:\s(?:dot|underscore|dash|hyphen|plus)\s)"
_TOP = r"(?:com|net|org|io|co|cn|in|de|fr|uk|eu|it|es|nl|ai|app|biz|info|edu|gov|me|us|ch|at|example)"
_SPELT_EMAIL = re.compile(
    rf"\b[\w.+-]{{1,64}}(?:{_JOINED}[\w.+-]{{1,40}}){{0,4}}{_AT}[\w-]{{1,62}}(?:{_JOINED}[\w-]{{1,40}}){{0,2}}"
    rf"(?:{_DOT}[\w-]{{1,24}}){{0,2}}{_DOT}{_TOP}\b",
    re.ASCII | re.IGNORECASE,
)

# Whatever follows these words and holds digits is somebody's number, written correctly or not.
_PAPERS = (
    r"passport|护照|(?:driv(?:er'?s|ing)\s+)?licen[cs]e\s+(?:number|no\b|#)|driver'?s\s+licen[cs]e|F[uü]hrerschein|permis|驾驶证|驾照|身份证|证件|"
    r"national\s+(?:id|insurance)|\bNI\s+number|NINO|identity\s+card|\bID\s+(?:card|number|no\b)|\bemployee\s+id|"
    r"social\s+security|\bSSN\b|\bITIN\b|\bEIN\b|\btax(?:payer)?\s*(?:id|number|no\b)|\bTIN\b|Steuer-?(?:ID|nummer)|"
    r"Personalausweis\S*|Reisepass\S*|"
    r"\bVAT\b|\bTVA\b|\bBTW\b|MwSt\S*|USt-?Id\S*|\bDNI\b|\bNIE\b|\bNIF\b|codice\s+fiscale|partita\s+iva|\bBSN\b|\bPESEL\b|personnummer|"
    r"\bCPR\b|\bNIR\b|num[eé]ro\s+de\s+s[eé]curit[eé]\s+sociale|\bAHV\b|\bPPS\b|hetu|rijksregisternummer|\bNHS\b|"
    r"\bPAN\b|Aadh?aar|आधार|GST(?:IN)?\b|voter\s+id|\bEPIC\b|\bUAN\b|统一社会信用代码|信用代码|纳税人识别号|税号|社保\S{0,2}号|回乡证|港澳通行证|居住证|工号|车牌号?"
)
_ACCOUNTS = (
    r"\bIBAN\b|\bBIC\b|SWIFT|sort\s+code|routing|\bABA\b|\bIFSC\b|\bUPI\b|\bBLZ\b|Kontonummer|"
    r"account\s*(?:number|no\b|#)|\ba/c\b|\bacct\b|(?:checking|savings|current|bank)\s+account|银行账[户号]|银行帐[户号]|"
    r"[账帐]号|[账帐]户|对公户|开户行\S{0,12}|收款[账帐]?[户号]"
)
_CARDS = (
    r"(?:credit|debit|bank)?\s*card\s*(?:number|no\b|#)|(?:credit|debit)\s+card|\bvisa\b|mastercard|amex|maestro|rupay|"
    r"卡号|银行卡|信用卡|储蓄卡|借记卡"
)
_GAP = (
    r"(?:[^\S\n]|[:：#,，=（(是为\-]|号码?|numbers?|no\.?|is|was|ends|it's|ist|est|es|card|code|my|the|one|对应的?|"
    r"后面|应该){0,8}"
)
_TOKEN = r"((?:[A-Za-z]{1,5}[ -]?)?\d[0-9A-Za-z]*(?:[ \-./][0-9A-Za-z]*\d[0-9A-Za-z]*){0,9}(?:[ -][A-Za-z]\b)?)"


def _after(words: str) -> re.Pattern[str]:
    return re.compile(f"(?:{words}){_GAP}{_TOKEN}", re.IGNORECASE)


_NAMED = ((_after(_PAPERS), Kind.ID), (_after(_ACCOUNTS), Kind.ACCOUNT), (_after(_CARDS), Kind.CARD))
_IBAN = re.compile(_B + r"[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?" + _E, re.IGNORECASE)
_BIC = re.compile(
    r"(?:\bBIC|\bSWIFT)(?:[ -]?code)?(?:\s|[:：]|is){1,4}([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b", re.IGNORECASE
)
_IFSC = re.compile(_B + r"[A-Z]{4}0[A-Z0-9]{6}" + _E)
_UPI = re.compile(_B + r"[\w.-]{2,40}@(?:ok\w+|upi|ybl|paytm|ibl|axl|apl)\b", re.IGNORECASE)
_LETTERED = re.compile(_B + r"(?=[A-Z0-9\-./]{0,30}\d)[A-Z0-9]{1,9}(?:[\-./ ]?[A-Z0-9]{1,9}){0,5}" + _E)
_HANDLE = re.compile(
    r"(?:微信号?|weixin|wechat(?:\s+id)?|whats\s?app|telegram|skype|line\s+id|instagram|QQ(?:号|\s?[:：])|QQ(?=\s?\d{5,11}(?![0-9A-Za-z]))|钉钉号?)"
    r"(?:[^\S\n]|[:：是为@]|号|id|is|handle|me|at|on){0,6}((?=[\w.-]*[\d_])[A-Za-z0-9][\w.-]{4,24})",
    re.IGNORECASE | re.ASCII,
)

_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*\.?"
_Y, _M, _D = r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_ALONE_B, _ALONE_E = r"(?<![0-9A-Za-z+])(?<!\d[.\-/ ])", r"(?![0-9A-Za-z])(?![.\-/ ]\d)"
_DATES = (
    re.compile(rf"(?<!\d){_Y}([-/. ]){_M}\1{_D}(?!\d)(?:[T ]+\d\d?:\d\d(?::\d\d(?:\.\d+)?)?)?", re.I),
    re.compile(rf"(?<!\d)(?:{_Y}\s?年\s?)?\d{{1,2}}\s?月\s?(?:\d{{1,2}}\s?[日号])?|(?<!\d){_Y}\s?年"),
    re.compile(
        rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+{_Y})?(?!\d)|(?<!\d)\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_Y})?(?!\d)",
        re.I,
    ),
    re.compile(rf"{_ALONE_B}(?:{_D}([-/.]){_M}|{_M}([-/.]){_D})(?:\1|\2)(?:{_Y}|\d\d){_ALONE_E}"),
    re.compile(rf"{_ALONE_B}{_Y}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_ALONE_E}"),
    re.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?(?!\d)"),
    re.compile(
        rf"{_ALONE_B}{_Y}\s?[-/]\s?(?:{_Y}|\d\d){_ALONE_E}|\b(?:FY|Q[1-4]|H[12])\s?-?{_Y}\b|{_ALONE_B}{_Y}[- ]?Q[1-4]",
        re.I,
    ),
)
_NUMBER = r"\d{1,3}(?:[, .'’_]\d{2,3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_CURRENCY = r"USD|EUR|CNY|RMB|INR|GBP|CHF|HKD|SGD|JPY|SEK|DKK|NOK|PLN"
_BEFORE = (
    rf"(?:[¥$€£₹￥₩]|\b(?:{_CURRENCY}|Rs\.?|US\$|HK\$)|"
    r"人民币|美元|欧元|卢比|金额\S{0,2}|预算\S{0,2}|报价\S{0,2}|总价\S{0,2})"
)
_AFTER = (
    r"(?:[¥$€£₹%‰]|万|亿|千|百|元|块|美[元金]|欧元?|英镑|卢比|人民币|个|家|人|台|套|件|单|份|次|条|张|页|天|周|年|小时|"
    r"分钟|秒|吨|公里|平|用户|"
    r"(?:percent|per\s?cent|k|m|mn|bn|mio|mrd|million|billion|thousand|hundred|lakhs?|crores?|lpa|dollars?|bucks|euros?|"
    rf"pounds?|rupees?|francs|yuan|kuai|{_CURRENCY}|users?|seats?|licen[cs]es|units?|people|employees|customers?|"
    r"accounts|records?|rows|orders|tickets|calls|leads|deals|hours?|minutes?|days?|weeks?|months?|years?|kg|tons?|km|"
    r"miles|MB|GB|TB|ms|square|sq|points?|requests?|events|messages|transactions|devices|items|pieces|pcs|stores|reps|"
    r"Stück|Nutzer|personnes)\b)"
)
_AMOUNTS = (
    re.compile(rf"{_BEFORE}[^\S\n]?(?:{_NUMBER})(?:[^\S\n]?{_AFTER})?", re.I),
    re.compile(rf"{_ALONE_B}(?:{_NUMBER})(?:[^\S\n]?(?:-|–|to|到|至)[^\S\n]?(?:{_NUMBER}))?[^\S\n]?{_AFTER}", re.I),
    re.compile(rf"{_ALONE_B}[1-9]\d{{0,2}}(?:,\d{{2,3}})+(?:\.\d+)?{_ALONE_E}"),
    re.compile(rf"{_ALONE_B}[1-9]\d{{0,2}}(?:\.\d{{3}})+(?:,\d+)?{_ALONE_E}"),
    re.compile(rf"{_ALONE_B}\d{{1,9}}[.,]\d{{1,2}}{_ALONE_E}"),
    re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"),  # an address of a machine
)
_SEP = r"[ \t\-./·]{0,3}"
_EXT = r"(?:[ ,]*(?:ext\.?|extension|x|转|分机)[ :]?\d{1,6})?"
_PHONES = (
    re.compile(rf"(?<![0-9A-Za-z])\(?(?:\+|00|011[ -])[1-9]\d{{0,2}}(?:[ \t\-./()]{{0,3}}\d){{6,13}}(?!\d){_EXT}"),
    re.compile(rf"(?<![0-9A-Za-z])(?:\(?(?:\+|00)?86\)?{_SEP})?1[3-9]\d{_SEP}\d{{4}}{_SEP}\d{{4}}(?!\d){_EXT}"),
    re.compile(rf"(?<![0-9A-Za-z])(?:\(?(?:\+|00)?86\)?{_SEP})?1[3-9]\d{_SEP}\d{{3}}{_SEP}\d{{5}}(?!\d)"),
    re.compile(rf"(?<![0-9A-Za-z])(?:\+?1{_SEP})?\(?[2-9]\d\d\)?{_SEP}\d{{3}}{_SEP}\d{{4}}(?!\d){_EXT}"),
    re.compile(rf"(?<![0-9A-Za-z])(?:\(?(?:\+|00)?91\)?{_SEP}|0)?[6-9]\d{{4}}{_SEP}\d{{5}}(?!\d)"),
    re.compile(rf"(?<![0-9A-Za-z])\(?0\d{{1,4}}\)?(?:[ \t\-./]{{0,3}}\d){{5,9}}(?:-\d{{1,5}})?(?!\d){_EXT}"),
    re.compile(rf"(?<![0-9A-Za-z])[48]00{_SEP}\d{{3,4}}{_SEP}\d{{3,4}}(?!\d)"),
    re.compile(r"(?<![0-9A-Za-z.,\-])(?!20\d\d)[2-9]\d{2,3}-\d{4}(?![0-9\-])"),
)
_CALLING = re.compile(
    r"(?:phone|\btel\b|telephone|mobile|mobil|cell|call|dial|ring|text|reach|fax|whats\s?app|\bext\b|t[eé]l[eé]fono|portable|"
    r"Handy|Telefon\w*|Durchwahl|direct line|电话|手机|座机|号码|致电|联系|传真|分机|打给?我|微信)"
    r"[^\n\d]{0,28}?(\(?\d(?:[ \t\-./()]{0,3}\d){6,13})(?!\d)",
    re.IGNORECASE,
)
_RUN = re.compile(r"(?<![0-9A-Za-z.,])\d(?:[ \t\-./]{0,2}\d){8,30}[Xx]?(?![0-9A-Za-z])")
_FOURS = re.compile(r"(?<![0-9A-Za-z.,])\d{4}([ -])\d{4}\1\d{4}\1\d{3,4}(?:\1\d{1,3})?(?![0-9A-Za-z])")
_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)"
_SPELT = (
    re.compile(rf"\b{_DIGIT}(?:[ ,\-]+{_DIGIT}){{6,24}}\b", re.IGNORECASE),
    re.compile(r"[零〇一二三四五六七八九幺](?:[ 、，]?[零〇一二三四五六七八九幺]){6,20}"),
)


def found(text: str) -> Iterator[Found]:
    """Each with where it begins and ends; what comes first matters most where two overlap. `text` is flat."""
    yield from _addresses(text)
    for pattern, kind in _NAMED:
        yield from _named(text, pattern, kind)
    yield from _lettered(text)
    rest = _without(text, _DATES, _AMOUNTS)
    yield from ((m.start(), m.end(), Kind.CARD) for m in _RUN.finditer(rest) if luhn(m[0]))
    yield from ((m.start(), m.end(), Kind.CARD) for m in _FOURS.finditer(rest))
    yield from _papers(rest)
    for pattern in _PHONES:
        yield from ((m.start(), m.end(), Kind.PHONE) for m in pattern.finditer(rest))
    yield from ((*m.span(1), Kind.PHONE) for m in _CALLING.finditer(rest))
    for pattern in _SPELT:
        yield from ((m.start(), m.end(), Kind.PHONE) for m in pattern.finditer(rest))
    yield from ((m.start(), m.end(), _long(m[0])) for m in _RUN.finditer(rest))


def _addresses(text: str) -> Iterator[Found]:
    for m in _UPI.finditer(text):
        yield m.start(), m.end(), Kind.ACCOUNT
    for pattern in (_EMAIL, _SPELT_EMAIL):
        yield from ((m.start(), m.end(), Kind.EMAIL) for m in pattern.finditer(text))
    for m in _HANDLE.finditer(text):
        yield *m.span(1), Kind.HANDLE


def _named(text: str, pattern: re.Pattern[str], kind: Kind) -> Iterator[Found]:
    """A number that is called what it is; a date or an amount that comes after the same word is none."""
    for m in pattern.finditer(text):
        digits = sum(c.isdigit() for c in m[1])
        if (
            digits >= 4
            and not _whole(m[1], _DATES[:2])
            and not _whole(m[1] + text[m.end(1) : m.end(1) + 12], _AMOUNTS[:2])
        ):
            yield *m.span(1), kind


def _whole(text: str, patterns: tuple[re.Pattern[str], ...]) -> bool:
    return any(pattern.match(text) for pattern in patterns)


def _lettered(text: str) -> Iterator[Found]:
    for pattern in (_IBAN, _IFSC):
        yield from (
            (m.start(), m.end(), Kind.ACCOUNT) for m in pattern.finditer(text) if sum(map(str.isdigit, m[0])) >= 6
        )
    yield from ((*m.span(1), Kind.ACCOUNT) for m in _BIC.finditer(text))
    for m in _LETTERED.finditer(text):
        for start, end in _tokens(m):
            if paper(text[start:end]):
                yield start, end, Kind.ID


def _tokens(m: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The whole of what stands together, then its parts."""
    yield m.start(), m.end()
    if " " in m[0]:
        for part in re.finditer(r"[^ ]+", m[0]):
            yield m.start() + part.start(), m.start() + part.end()


def _papers(text: str) -> Iterator[Found]:
    """Numbers whose form alone says that they are of a person: 123-45-6789, 1234 5678 9012, 756.1234.5678.97."""
    for pattern in _FORMS:
        yield from ((m.start(), m.end(), Kind.ID) for m in pattern.finditer(text))


_FORMS = tuple(
    re.compile(r"(?<![0-9A-Za-z.,])(?<![0-9][ -])" + form + r"(?![0-9A-Za-z])")
    for form in (
        r"\d{3}[- ]\d{2}[- ]\d{4}",  # US social security
        r"\d{2}-\d{7}",  # US employer
        r"[2-9]\d{3}[ -]\d{4}[ -]\d{4}(?![ -]?\d)",  # India's Aadhaar
        r"[1-9]\d{5}[ -]?(?:19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])\d{2}[ -]?\d{3}[0-9Xx]",  # China's resident number
        r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}",  # Switzerland
        r"[12][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2])[ .]?\d[0-9AB][ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{2})?",  # France
        r"\d{2}[.]\d{2}[.]\d{2}[-. ]\d{3}[-. ]\d{2}",  # Belgium
        r"(?:\d{2})?\d{6}[-+]\d{4}",  # Sweden, Denmark
        # a car in China
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-Z][A-HJ-NP-Z0-9]{5,6}",
        r"[A-Z]{1,2}\d{6}\([0-9A]\)",  # Hong Kong
        r"[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]",  # the UK's national insurance
        r"\d{2} \d{3} \d{3} \d{3}",  # Germany's tax number
    )
)


def _long(run: str) -> Kind:
    """Nine digits and more that are neither amount nor date are somebody's or something's number."""
    digits = sum(c.isdigit() for c in run)
    return Kind.ACCOUNT if digits > 12 and digits not in (15, 18) else Kind.ID


def _without(text: str, *groups: tuple[re.Pattern[str], ...]) -> str:
    """The text with what these patterns find blanked out, as long as before."""
    blank: Callable[[re.Match[str]], str] = lambda m: "\x00" * len(m[0])  # noqa: E731
    for group in groups:
        for pattern in group:
            text = pattern.sub(blank, text)
    return text
