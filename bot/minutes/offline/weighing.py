"""How sure a candidate is to be a to-do: a small linear model over what it says, how, when and what was answered."""

import re
from collections.abc import Iterator
from math import exp

from bot.minutes.offline.candidates import HAN, Candidate, language_of
from bot.minutes.offline.linear import hashed, score

_GOODS = re.compile(
    r"\b(?:quote|quotation|offer|proposal|contract|agreement|draft|report|list|plan|deck|slides?|e-?mail|invite|"
    r"invitation|link|document\w*|docs?|file|spec\w*|sheet|sample|demo|numbers|figures|pric\w+|invoice|po|nda|certificate\w*|"
    r"references?|case stud\w+|data|access|login|account|form|photos?|pictures?|drawings?|schedule|date|slot|"
    r"call|meeting|"
    r"session|summary|recap|template|version|questionnaire|answers?|contact|number|name|address|write-up|paper|letter)\b|"
    r"报价|方案|合同|协议|资料|材料|清单|名单|报告|文档|文件|证书|样品|样机|样件|图纸|数据|表|截图|照片|链接|账号|发票|"
    r"邀请|纪要|计划|排期|案例|地址|电话|手机号|邮箱|模板|说明|话术|大纲|简历|草稿|答复|回话|准信|时间",
    re.IGNORECASE,
)
_IF = re.compile(
    r"\b(?:if|unless|once|when|as soon as|depending)\b|如果|要是|的话|等.{1,10}(?:再|后|完)|只要", re.IGNORECASE
)
_PAST = re.compile(
    r"\b(?:yesterday|already|did|was|were|had|last|used to|ago|been)\b|了|过(?!去|来|目)|已经|刚|上次", re.IGNORECASE
)
_SOFT = re.compile(
    r"\b(?:maybe|probably|perhaps|try|possibly|see (?:if|what|how)|hopefully|think|guess)\b|看看|尽量|争取|"
    r"大概|应该|说不定",
    re.IGNORECASE,
)
_TO_YOU = re.compile(r"\b(?:you|your)\b|您|你", re.IGNORECASE)
_TO_ME = re.compile(r"\b(?:me|us|our)\b|我", re.IGNORECASE)
_WORDS = re.compile(r"[a-z]+(?:['’][a-z]+)?", re.IGNORECASE)
_MOST_WORDS = 14
_LONG = 12  # turns from which it matters where in a call something is said


def sure(one: Candidate, turns: int) -> float:
    """From 0 to 1. `turns`: how many the call has."""
    odds = score("todos", [hashed(marks(one, turns))])[0]
    return round(1 / (1 + exp(-max(-30.0, min(30.0, odds)))), 2)


def marks(one: Candidate, turns: int) -> Iterator[str]:
    """The features of a candidate, by name."""
    kind, zh = one.cue.kind, bool(HAN.search(one.clause))
    yield from ("all", f"zh {zh}", f"kind {kind}", f"how {one.cue.how}", f"prior {kind} {int(one.cue.strength * 10)}")
    yield f"dated {kind} {one.due is not None}"
    yield f"answer {kind} {one.answer}"
    yield f"answer {one.answer}"
    if language_of(one.clause).kept_already(one.clause if zh else one.text, one.due is not None):
        yield f"kept {kind}"
    before = one.clause[: one.clause.find(one.text)] if one.text in one.clause else ""
    found = {"goods": _GOODS, "if": _IF, "past": _PAST, "soft": _SOFT, "you": _TO_YOU, "me": _TO_ME}
    for name, pattern in found.items():
        if pattern.search(one.text):
            yield from (f"{name}", f"{name} {kind}")
        if pattern.search(before):
            yield f"before {name}"
    if one.asked:
        yield f"asked {kind}"
    yield f"owner {kind} {one.owner is not None}"
    size = len(one.text) // 6 if zh else len(one.text) // 20
    yield f"size {zh} {min(size, 6)}"
    if turns >= _LONG:
        yield f"place {4 * one.said.line // turns}"
    yield from _said(one.text, zh)


def _said(text: str, zh: bool) -> Iterator[str]:
    if zh:
        han = text[:30]
        yield from {f"z {han[n : n + 2]}" for n in range(len(han) - 1)}
        return
    words = [word.lower()[:6] for word in _WORDS.findall(text)[:_MOST_WORDS]]
    yield from (f"verb {word}" for word in words[:1])
    yield f"verb {' '.join(words[:2])}"
    yield from {f"w {word}" for word in words}
