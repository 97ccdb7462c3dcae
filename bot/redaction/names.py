"""Finds people and companies by their names and by the shorter ways in which they are spoken of. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.redaction.flat import flat
from bot.redaction.model import Kind, Span
from bot.redaction.words import (
    ABOUT,
    BEFORE_MONTH,
    COMMON,
    COMMON_HAN,
    COMPOUND,
    GENERIC,
    GIVEN_BEFORE,
    LEGAL,
    LEGAL_HAN,
    MONTHS,
    NICKNAMES,
    PARTICLES,
    PLACES_HAN,
    SPELLINGS,
    SURNAMES,
    TITLES,
    TITLES_HAN,
    TRADES_HAN,
)

_HAN_CHAR = "\u3400-\u9fff"
_HAN = re.compile(f"[{_HAN_CHAR}]+")
_HAN_NAME = re.compile(f"[{_HAN_CHAR}]+(?:[·•][{_HAN_CHAR}]+)+|[{_HAN_CHAR}]+(?: [{_HAN_CHAR}]+)?")
_MARKS = "\u0300-\u036f\u0900-\u0dff"  # vowels of Indian scripts are marks on the letter before
_TOKEN = re.compile(rf"[^\W_{_HAN_CHAR}](?:[{_MARKS}]|[^\W_{_HAN_CHAR}])*(?:['’](?!s\b)[^\W_{_HAN_CHAR}]+)*")
_BRACKETS = re.compile(r"[(（【\[](.*?)[)）】\]]")
_TITLE = re.compile(rf"\b(?:{TITLES})\.?\s+([^\W\d_a-z][^\W\d_]+(?:[ -][^\W\d_a-z][^\W\d_]+){{0,2}})")
_SURNAME = re.compile(rf"(?<![{GIVEN_BEFORE}])(?:{'|'.join(COMPOUND)}|[{SURNAMES}])(?:{TITLES_HAN})")
_TITLED = re.compile(rf"({'|'.join(COMPOUND)}|[{_HAN_CHAR}])(?:{TITLES_HAN})")
_OLD = re.compile(rf"[老小阿][{SURNAMES}](?![序围毛期病段板龙年节册编史路贩钱])")
_ENDS = ".!?:\n。！？："
_SHE = re.compile(r"\s*[,，]\s*(?:she|he|who|can|could|please|you|will|would)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\s+(?:you|we|i|they|he|she|it|this|that|the|there|these|those|your|our|anyone|anybody|somebody|someone|not)\b",
    re.IGNORECASE,
)
_PERSON_NEXT = re.compile(
    rf"\s?[,，'’]|[{_HAN_CHAR}]|\s+(?:[A-Z]|(?:and|said|says|asked|asks|wants|owns|from|here|speaking|will|would|told|thinks|sent|sends|signs|runs|needs|calls|called|pays|gets|leads|agreed|knows|likes|is)\b)"
)


class Names:
    """The names of an installation, made ready to be found in any number of texts."""

    def __init__(self, people: Sequence[str], companies: Sequence[str]) -> None:
        self._phrases: dict[str, dict[tuple[str, ...], tuple[str, Kind]]] = {}  # by the first word
        self._single: dict[str, Kind] = {}
        self._han: dict[str, dict[str, tuple[str, Kind]]] = {}  # by the first two characters
        self._surnames: set[str] = set()
        for name in people:
            if not GENERIC.match(name) and "@" not in name:
                self._person(name.strip())
        for name in companies:
            self._company(name.strip())

    def _person(self, name: str) -> None:
        for han in _han_of(name):
            self._han_person(han, name)
        bare = _HAN.sub(" ", _BRACKETS.sub(" ", name))
        for spelt in _spelt(bare):
            words = _words(spelt)
            if len(words) > 1:
                for phrase in _orders(words):
                    self._put(phrase, name, Kind.NAME)
            for word in (*words, *NICKNAMES.get(words[0], ())) if words else ():
                if len(word) > 1 and word not in PARTICLES and not word.isdigit():
                    self._single.setdefault(word, Kind.NAME)

    def _han_person(self, han: str, name: str) -> None:
        self._put_han(han.replace("·", ""), name, Kind.NAME)
        if "·" in han:
            for part in han.split("·"):
                self._put_han(part, part, Kind.NAME)
            return
        surname = han[:2] if han[:2] in COMPOUND else han[0]
        given = han[len(surname) :]
        self._surnames.add(surname)
        if len(given) == 2 and given not in COMMON_HAN:
            self._put_han(given, given, Kind.NAME)
        for near in (*(f"{old}{given[-1:]}" for old in "小阿"), *(f"{given[-1:]}{who}" for who in "哥姐总工")):
            if len(near) == 2 and near not in COMMON_HAN:
                self._put_han(near, near, Kind.NAME)

    def _company(self, name: str) -> None:
        for short in _shorter("".join(_HAN.findall(_BRACKETS.sub("", name)))):
            self._put_han(short, name, Kind.COMPANY)
        for spelt in {_HAN.sub(" ", name), _HAN.sub(" ", _BRACKETS.sub(" ", name))}:
            for one in _spelt(spelt):
                self._company_words(_words(one), name)

    def _company_words(self, words: list[str], name: str) -> None:
        if not words or "".join(words).isdigit():
            return
        for length in range(min(2, len(words)), len(words) + 1):
            self._put_company(words[:length], name)
        while len(words) > 1 and (words[-1] in LEGAL or len(words[-1]) == 1):
            words = words[:-1]
            self._put_company(words, name)
        while len(words) > 1 and (words[0] in LEGAL or len(words[0]) == 1):
            words = words[1:]
            self._put_company(words, name)
        if len(words) > 1 and words[0] not in ABOUT and words[0] not in PARTICLES and len(words[0]) > 3:
            self._single.setdefault(words[0], Kind.COMPANY)

    def _put_company(self, words: Sequence[str], name: str) -> None:
        if len(words) > 1:
            self._put(tuple(words), name, Kind.COMPANY)
        elif words and words[0] not in LEGAL:
            self._single.setdefault(words[0], Kind.COMPANY)

    def _put(self, words: tuple[str, ...], name: str, kind: Kind) -> None:
        self._phrases.setdefault(words[0], {}).setdefault(words, (name, kind))

    def _put_han(self, han: str, name: str, kind: Kind) -> None:
        if len(han) > 1:
            self._han.setdefault(han[:2], {}).setdefault(han, (name, kind))

    def found(self, text: str, plain: str) -> Iterator[Span]:
        """Who is named in a text, in full and in part. `plain` is `flat(text)`."""
        words = [(m.start(), m.end(), m[0].casefold().replace("’", "'")) for m in _TOKEN.finditer(plain)]
        for i, (start, end, word) in enumerate(words):
            if word in self._phrases:
                yield from self._phrase(plain, words, i)
            kind = self._single.get(word)
            if kind and _meant(plain, start, end, word, kind):
                yield Span(start, end, kind, word, text[start:end])
        yield from self._in_han(text)
        yield from self._titled(text, plain)

    def _phrase(self, plain: str, words: Sequence[tuple[int, int, str]], i: int) -> Iterator[Span]:
        for phrase, (name, kind) in self._phrases[words[i][2]].items():
            last = words[i : i + len(phrase)]
            if tuple(word for _, _, word in last) == phrase and "\n" not in plain[words[i][0] : last[-1][1]]:
                yield Span(words[i][0], last[-1][1], kind, name, name)

    def _in_han(self, text: str) -> Iterator[Span]:
        for run in _HAN_NAME.finditer(text):
            at = [i for i in range(run.start(), run.end()) if text[i] not in " ·•"]
            chars = "".join(text[i] for i in at)
            for first in range(len(chars) - 1):
                for han, (name, kind) in self._han.get(chars[first : first + 2], {}).items():
                    if chars.startswith(han, first):
                        yield Span(at[first], at[first + len(han) - 1] + 1, kind, name, name)

    def _titled(self, text: str, plain: str) -> Iterator[Span]:
        for m in _TITLE.finditer(plain):
            yield Span(m.start(1), m.end(1), Kind.NAME, m[1].casefold(), text[m.start(1) : m.end(1)])
        for pattern in (_SURNAME, _OLD):
            yield from (Span(m.start(), m.end(), Kind.NAME, m[0], m[0]) for m in pattern.finditer(text))
        for surname in self._surnames:
            if surname not in SURNAMES and surname in text:
                for m in re.finditer(f"(?<![{GIVEN_BEFORE}]){surname}(?:{TITLES_HAN})|[老小阿]{surname}", text):
                    yield Span(m.start(), m.end(), Kind.NAME, m[0], m[0])


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _TOKEN.findall(flat(text).casefold())]


def _spelt(name: str) -> set[str]:
    """Müller, and as who has no such key writes it."""
    if name.isascii():
        return {name}
    return {name, *(name.translate(table) for table in SPELLINGS)}


def _orders(words: list[str]) -> Iterator[tuple[str, ...]]:
    """How a name of several words is said: in full, turned round, first and last, from its particle on."""
    yield tuple(words)
    yield (words[-1], *words[:-1])
    yield (*words[1:], words[0])
    yield (words[0], words[-1])
    for i, word in enumerate(words[:-1]):
        if word in PARTICLES:
            yield tuple(words[i:])
            break


def _han_of(name: str) -> Iterator[str]:
    """The Chinese names in what somebody is called: 王建国, Lily Zhou (周莉), 阿卜杜拉·买买提."""
    if name.isascii():
        return
    for part in (_BRACKETS.sub(" ", name), *_BRACKETS.findall(name)):
        for m in _HAN_NAME.finditer(part.strip()):
            han = m[0].replace(" ", "").replace("•", "·")
            if "·" in han or 2 <= len(han) <= 4:
                yield han


def _meant(plain: str, start: int, end: int, word: str, kind: Kind) -> bool:
    """Whether one word means the name: `Will` and `Price`, not `will` and `price`; May, who asks, not in May."""
    upper, after = plain[start].isupper(), plain[end : end + 40]
    if word in MONTHS:
        dated = BEFORE_MONTH.search(plain[max(0, start - 20) : start]) or re.match(r"\s*\d", after)
        return upper and bool(_SHE.match(after) or not dated) and not _ASKS.match(after)
    if word not in COMMON:
        return kind is Kind.NAME or upper or len(word) > 3
    if not upper or _ASKS.match(after):
        return False
    before = plain[:start].rstrip(" \"'“(-")
    return bool(before and before[-1] not in _ENDS) or bool(_PERSON_NEXT.match(after))


def _shorter(han: str) -> Iterator[str]:
    """上海宏达医疗器械有限公司, and 上海宏达医疗器械, 上海宏达, 宏达医疗器械, 宏达医疗, 宏达."""
    if not han:
        return
    seen = {han}
    bare = han
    while (cut := LEGAL_HAN.sub("", bare)) != bare:
        bare = cut
        seen.add(bare)
    home = PLACES_HAN.match(bare)
    core = bare[home.end() :] if home and home.end() < len(bare) - 1 else bare
    place = bare[: len(bare) - len(core)]
    while True:
        seen |= {core, place + core}
        cut = TRADES_HAN.sub("", core)
        if cut == core or len(cut) < 2:
            break
        core = cut
    yield from (one for one in seen if len(one) > 1 and one not in COMMON_HAN)


@lru_cache(maxsize=2)
def ready(people: tuple[str, ...], companies: tuple[str, ...]) -> Names:
    """As `Names`; the last are kept, since a CRM's hundred thousand take some seconds and a hundred megabytes."""
    return Names(people, companies)


def speaking(names: Sequence[str]) -> Mapping[str, str]:
    """Of those who speak: by each way to call them that means only one of them, who it is."""
    found: dict[str, set[str]] = {}
    for name in names:
        if not GENERIC.match(name) and "@" not in name:
            for word in _called(name):
                found.setdefault(word, set()).add(name)
    return {word: next(iter(who)) for word, who in found.items() if len(who) == 1}


def surname(said: str) -> str:
    """王 of 王总, 老王 and 小王; "" of what is no such way to call somebody."""
    if said[:1] in "老小阿" and len(said) in (2, 3):
        return said[1:]
    m = _TITLED.fullmatch(said)
    return m[1] if m else ""


def _called(name: str) -> Iterator[str]:
    words = _words(_HAN.sub(" ", _BRACKETS.sub(" ", name)))
    yield from (*words, *(NICKNAMES.get(words[0], ()) if words else ()))
    for han in _han_of(name):
        surname = han[:2] if han[:2] in COMPOUND else han[0]
        yield from (han, han[len(surname) :], surname, f"小{han[-1]}", f"{han[-1]}总", f"{han[-1]}哥", f"{han[-1]}姐")
