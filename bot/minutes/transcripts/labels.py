"""What stands before a colon or a time: the name of a speaker, or ordinary words? Judged by shape, and by the file."""

import re
from collections import Counter
from collections.abc import Collection
from functools import lru_cache

LONGEST = 80  # characters of a label

HEAD_KEYS = frozenset(
    """call id|date|duration|participants|participant|attendees|attendee|outcome|title|subject|topic|time|location|
    meeting|meeting title|meeting id|meeting date|recording|organizer|organiser|transcript|transcription|language|
    summary|summary keywords|keywords|speakers|notes|note|call notes|key takeaways|takeaways|next steps|action items|
    agenda|company|account|deal|deal stage|stage|start time|end time|started|from|to|cc|sent|re|ps|question|answer|
    http|https|warning|source|link|url|file|type|invited|call type|industry|
    日期|时间|时长|参会人|参会人员|参与人|与会人|与会人员|参会者|主题|会议主题|会议名称|会议时间|会议日期|会议号|会议时长|
    会议地点|地点|记录人|关键词|文字记录|转写|转写内容|逐字稿|会议记录|会议纪要|纪要|总结|小结|待办|待办事项|结论|录制时间|
    开始时间|结束时间|公司|商机|阶段|议程|备注|注|注意|比如|例如|譬如|问题|价格|第一|第二|第三|另外|还有|发件人|收件人|
    抄送|录音|链接|网址|来源|说明""".replace("\n    ", "").split("|")
)
"""What a head or a text says before a colon, which is nobody's name."""

_NO_NAME = re.compile(r"[:：?!。，；;、\"“”«»{}=\\#…~^%$€£¥*`？！]|//")
_ORDINARY_WORDS = """
the is are was were we you i it that this these those my our your their they he she to in on at if so because
when but what why how which with will would can could should have has had be been am do does did not and then
also just let's lets here there there's it's i'm we're one's I I'm I'll I've It's
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())  # as they stand within a sentence: Will and So are names too
_ORDINARY_ZH = re.compile(r"[的了吗呢吧啊我你您他她它们是有在不就也都要会能这那哪什么怎么没]")
_COLON = re.compile(r"：|:(?![0-9/])|(?<![0-9]):(?!//)")
_PARTICLES = ("van", "von", "de", "del", "da", "di", "du", "dos", "la", "le", "el", "al", "bin", "ibn", "ter", "zu")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d\s?[月日时点]|\d:\d")
_ANYONE = re.compile(r"[^\W_]")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NUMBERED = re.compile(
    r"(?:speaker|participant|unknown|caller|user|说话人|发言人|讲话人|参会人|用户)\s*[\w]{0,4}", re.IGNORECASE
)
_ASIDE = re.compile(r"^(.{1,60}?)\s*[(（\[【]([^()（）\[\]【】]{1,60})[)）\]】]$")
_PIPED = re.compile(r"^([^|｜]{1,60}?)\s*[|｜]\s*([^|｜]{1,60})$")
_ADDRESS = re.compile(r"^(.{0,60}?)\s*<([^<>\s]{3,120})>$")
_PRONOUNS = re.compile(
    r"(?:she|he|they)\s*/\s*\w+(?:\s*/\s*\w+)?|host|co-?host|me|you|主持人|联席主持人|我", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def possible(label: str) -> bool:
    """Whether a text could be a speaker's label at all."""
    label = label.strip()
    if not 0 < len(label) <= LONGEST or not _ANYONE.search(label) or label.casefold() in HEAD_KEYS:
        return False
    if _EMAIL.fullmatch(label) or _NUMBERED.fullmatch(label):
        return True
    bare = split(label)[0]
    words = bare.split()
    if (
        _NO_NAME.search(bare)
        or _DATED.search(bare)
        or len(words) > 6
        or (len(words) > 1 and _ORDINARY.intersection(words))
    ):
        return False
    if _HAN.search(bare):
        return len(bare) <= 20 and (len(bare) <= 4 or len(_ORDINARY_ZH.findall(bare)) * 6 < len(bare))
    return True


def likely(label: str) -> bool:
    """Whether it looks like a name even where it stands once only: capitals, a few Chinese characters, a number."""
    bare = split(label.strip())[0]
    if _NUMBERED.fullmatch(bare) or _EMAIL.fullmatch(bare):
        return True
    if _HAN.search(bare):
        return len(bare) <= 4 and not _ORDINARY_ZH.search(bare)
    words = bare.split()
    return len(words) <= 4 and not words[-1][0].islower() and (words[0] in _PARTICLES or not words[0][0].islower())


def chosen(said: Counter[str], lines: int, known: Collection[str] = ()) -> frozenset[str]:
    """The labels that are speakers. `said`: how often each possible one stands; `lines`: of how many lines in all.

    Where every line has one, all are. Else those that come again, that the file's head knows, or that look like a name.
    """
    whole = sum(said.values()) >= lines
    return frozenset(
        label
        for label, times in said.items()
        if whole or label in known or likely(label) or times > 2 or (times > 1 and len(label.split()) < 3)
    )


def split(label: str) -> tuple[str, str, str]:
    """Name, affiliation and e-mail of a label: "Anna (Acme)", "Anna | Acme", "Anna <anna@acme.com>"."""
    address = _ADDRESS.match(label)
    if address and _EMAIL.fullmatch(address[2]):
        name, affiliation, _none = split(address[1]) if address[1] else (address[2], "", "")
        return name, affiliation, address[2]
    if _EMAIL.fullmatch(label):
        return label, "", label
    beside = _ASIDE.match(label) or _PIPED.match(label)
    if not beside:
        return label, "", ""
    return beside[1].strip(), "" if _PRONOUNS.fullmatch(beside[2].strip()) else beside[2].strip(), ""


def before_colon(line: str) -> tuple[str, str] | None:
    """What stands before the first colon of a line and could be a label, and what follows. A clock's colon is none."""
    found = _COLON.search(line, 0, LONGEST + 2)
    if not found or not possible(line[: found.start()]):
        return None
    return line[: found.start()].strip(), line[found.end() :].strip()
