"""What somebody said, as somebody else would write it down: no "I", no "um", no time that stands beside it anyway."""

import re

_FILLED = re.compile(
    r"(?:^|(?<=[\s,]))(?:um+|uh+|erm?|hmm+|mm+-?hmm|you know|I mean|sort of|kind of|basically|"
    r"actually|honestly|obviously|like I said|"
    r"to be honest|I guess|I think|right|okay|ok|well|yeah|so|anyway|please|just)\b,?\s*",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^(?:(?:um+|uh+|erm?|hmm+|yeah|yes|yep|no|okay|ok|right|well|so|and|but|now|alright|sure|oh|"
    r"then|also|i mean|you know|"
    r"i think|i guess|basically|actually|honestly|like|because|'cause|got it|of course|great|"
    r"perfect|thanks)\b[\s,.–—-]*)+",
    re.IGNORECASE,
)
_STAMMER = re.compile(r"\b(\w+(?:['’]\w+)?)(?:[\s,]+\1\b)+", re.IGNORECASE)
_UNSAID_ZH = re.compile(
    r"呃+|嗯+|啊(?=[，。]|$)|那个(?=[，那就])|就是说|这个这个|对吧|是吧|对不对|的话(?=，)|"
    r"(?<![\u4e00-\u9fff])(?:然后|那么|其实|所以|好的?|行|那|对|哦|嗯)(?:，|(?=我|你|您|咱))"
)
_DOER_ZH = re.compile(
    r"(?<![给跟向帮替找由让发])(?:我|您|你|咱)们?(?=[\u4e00-\u9fff])"
    r"(?:这边|那边|这里|来|会|就|先|再|也|要|去|得|需要|可以|马上|尽快|一定|回头|回去|负责|自己)*"
)
_ME = {
    "i": "they",
    "my": "their",
    "mine": "theirs",
    "our": "their",
    "ours": "theirs",
    "us": "them",
    "myself": "themselves",
    "we": "they",
}


def tidy(text: str, language: str) -> str:
    """Without fillers, stammers and loose ends."""
    text = re.sub(r"\s+", " ", text).strip()
    if language == "zh":
        return _UNSAID_ZH.sub("", text).strip("，,、；;：: 。？?！!")
    text = re.sub(r"\b([A-Za-z])_", r"\1", text).replace("--", "-")
    text = _HEAD.sub("", text)
    text = re.sub(r"(?:^|(?<=\s))(?:um+|uh+|erm?|hmm+|mm+)\b[,.]?\s*", "", text, flags=re.IGNORECASE)
    text = re.sub(r",?\s*\b(?:you know|I mean|sort of|kind of)\b,?", "", text)
    text = _STAMMER.sub(r"\1", text)
    return re.sub(r"\s+([,.])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,;:–—-")


def task(text: str, language: str, speaker: str, other: str, phrase: str = "") -> str:
    """A to-do in the third person. `speaker` and `other`: whom "me" and "you" mean; "" where nobody can tell.

    `phrase`: when it is due, which is told apart from it.
    """
    if language == "zh":
        return _task_zh(text, speaker, other, phrase)
    text = tidy(text, "en")
    if phrase:
        lead = r"(?:,?\s*\b(?:by|before|on|until|till|for|at|in|within|no later than|as of|due|come)\s+(?:the )?)?"
        text = re.sub(
            rf"{lead}{re.escape(phrase)}(?:\s+(?:at the latest|latest|if possible|please|for sure|"
            rf"then|morning|afternoon))?",
            "",
            text,
            count=1,
            flags=re.IGNORECASE,
        )
    text = re.sub(
        r"\bto you (?:guys|all|both|two)\b|\bto you\b", f"to {other}" if other else "over", text, flags=re.IGNORECASE
    )
    text = re.sub(
        r"^(\w+(?: back)?) you (?:guys |all |both |two )?(?=(?:the|a|an|our|my|that|those|some|it|"
        r"this|everything|all|over|updated|\w+ed)\b)",
        rf"\1 {other} " if other else r"\1 ",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\byours?\b", f"{other}'s" if other else "the other side's", text, flags=re.IGNORECASE)
    text = re.sub(
        r"\byou(?= (?:can|could|will|would|should|need|have|want|may|might|tear|are|were|had|like|see|use)\b)",
        other or "they",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\b(?:you guys|you all|you both|you two|you)\b", other or "them", text, flags=re.IGNORECASE)
    text = re.sub(r"\bme\b", speaker or "them", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:i|my|mine|our|ours|us|myself|we)\b", lambda m: _ME[m[0].lower()], text, flags=re.IGNORECASE)
    text = re.sub(r"\b[Tt]hey(?:['’]m)\b", "they are", text)
    text = re.sub(
        r",?\s*\b(?:if that works|if that's okay|okay|ok|for now|as well|too|though|of course|"
        r"no problem|sorry|please|thanks|right)\b[?.!\s]*$",
        "",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(
        r"\s+(?:by|before|on|until|for|at|and|so|then|to|or|the)$", "", re.sub(r"\s+", " ", text).strip(" ,.;:?!–—-")
    )
    return text[:1].upper() + text[1:300]


def _task_zh(text: str, speaker: str, other: str, phrase: str) -> str:
    text = tidy(text, "zh")
    if phrase:
        text = re.sub(rf"(?:在|于|就)?{re.escape(phrase)}(?:之?前|以前|内)?(?:就|先|左右)?", "", text, count=1)
    text = _DOER_ZH.sub("", text, count=1)
    text = re.sub(r"^(?:这个|那个|这块|那|这|就|然后)(?=[\u4e00-\u9fff])", "", text)
    text = re.sub(
        r"^(?:会(?![后议上场])|就|先|再|也|要|去|得|来|那边|这边|还|又|都|把它|今天|帮忙|帮我|帮我们|一下)+", "", text
    )
    text = re.sub(r"我们这边|我们|我这边|我", speaker or "对方", text)
    text = re.sub(r"(?:您|你)们?(?:这边|那边)?", other or "对方", text)
    text = re.sub(
        r"(?:吧|哈|啊|呢|吗|好吗|行吗|可以吗|好不好|行不行|了|哦|可以不|成吗)[？?]?$", "", text.strip("，,、。？?！! ")
    )
    return text.strip("，,、。？?！! ")[:200]


_CONTRACTED = re.compile(r"\b(I|we)(?:['’](m|re|ll|ve|d))\b", re.IGNORECASE)
_WHOLE = {"m": "are", "re": "are", "ll": "will", "ve": "have", "d": "would"}
_HEDGE_ZH = re.compile(
    r"^(?:我(?:个人)?(?:觉得|认为|想|感觉|相信)|其实|就是说?|然后|所以|那么?|但是?|而且|因为|对|"
    r"当然|也就是说|那个|这个|大家好|刚才)[，,]?"
)


def told(text: str, language: str, speaker: str) -> str:
    """A sentence of the minutes, as a third person tells it. `speaker`: who said it."""
    if language == "zh":
        text, before = tidy(text, "zh"), ""
        while text != before:
            text, before = _HEDGE_ZH.sub("", text), text
        text = re.sub(r"我们|咱们?", "他们", re.sub(r"(?:您|你)们?", "对方", text))
        return text.replace("我", speaker if speaker and len(speaker) < 12 else "其").strip("，,、；;：: 。")[:300]
    text = tidy(text, "en")
    text = re.sub(r"^I(?:['’]m| am)? (?:think|guess|mean|believe|suppose|sure)(?: that)?\b,?\s*", "", text)
    text = re.sub(r"\bI am\b|\bI was\b", lambda m: "they are" if m[0] == "I am" else "they were", text)
    text = _CONTRACTED.sub(lambda m: f"they {_WHOLE[m[2].lower()]}", text)
    text = re.sub(r"\b(?:I|my|mine|our|ours|us|myself|we)\b", lambda m: _ME[m[0].lower()], text, flags=re.IGNORECASE)
    return text[:1].upper() + text[1:500]
