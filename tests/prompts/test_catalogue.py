"""The Chinese catalogue says all that the source says, with the same blanks, in the words of the field."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from prompts.catalogue import catalogue_file, first
from prompts.gather import gathered, updated

TEXTS = gathered()
with catalogue_file("zh").open("rb") as file:
    CATALOGUE = read_po(file, locale="zh")
MESSAGES = {first(message.id): message for message in CATALOGUE if message.id}

# What to say instead of a word that means something else here, or that nobody in sales says.
ENGLISH = {
    r"\b(stand-up|daily scrum|scrum)\b": "standup",
    r"\b(impediments?|obstacles?)\b": "blocker",
    r"\b(opportunity|opportunities)\b": "deal",
    r"\baction items?\b": "to-do",
    r"\b(pipeline stage|phase)\b": "stage",
    r"\b(oops|sorry|please note)\b": "nothing: say what is so",
}
CHINESE = {
    "阻碍": "卡点",
    "障碍": "卡点",
    "阻塞": "卡点",
    "每日例会": "站会",
    "早会": "站会",
    "机会": "商机",
    "请假": "休假",
    "经理": "主管",
    "观察者": "旁听",
    "销售代表": "销售",
    "面板": "看板",
    "补班": "调休上班",
    "行动项": "待办",
    "您": "你",
}
EMOJI = re.compile("[\u2600-\u26ff\u2705\u2728\u274c\u274e\u2753-\u2757\U0001f000-\U0001faff]")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_source_is_found() -> None:
    assert {"less than a minute", "{n} hour"} <= TEXTS.keys()


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_every_text_has_its_chinese(text: str) -> None:
    message = MESSAGES.get(text)
    assert message is not None, "run `make words`, then translate it"
    assert first(message.string), f"not translated: {', '.join(TEXTS[text].files)}"
    assert not message.fuzzy
    english = TEXTS[text].many or text
    assert blanks(first(message.string)) == blanks(english)
    assert re.findall(r"\*\*|`|\]\(", first(message.string)) == re.findall(r"\*\*|`|\]\(", text), "other markup"


def test_nothing_is_left_over() -> None:
    assert sorted(MESSAGES.keys() - TEXTS.keys()) == []
    assert list(CATALOGUE.obsolete) == []


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_tone(message: Message) -> None:
    english, chinese = " ".join([message.id] if isinstance(message.id, str) else message.id), first(message.string)
    assert not re.search("[!！]", english + chinese), "no exclamation marks"
    assert not EMOJI.search(english + chinese), "no emoji"
    for wrong, right in ENGLISH.items():
        assert not re.search(wrong, english, re.IGNORECASE), f"say {right}"
    for wrong, right in CHINESE.items():
        assert wrong not in chinese.replace("客户经理", ""), f"say {right}"


def test_bringing_it_up_to_date_keeps_what_is_translated() -> None:
    fresh = updated(CATALOGUE, TEXTS)
    for text in TEXTS.keys() & MESSAGES.keys():
        assert first(fresh.get(text).string) == first(MESSAGES[text].string)
