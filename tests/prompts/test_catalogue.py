"""The Chinese catalogue says all that the source says, with the same blanks, in the words of the field."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from prompts.catalogue import catalogue_file, first
from prompts.gather import Text, gathered, updated

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


def untranslated(text: Text) -> str:
    """What is wrong with the Chinese of a text; "" when nothing is."""
    message = MESSAGES.get(text.one)
    if message is None:
        return "not in the catalogue: run `make words`"
    chinese = first(message.string)
    if not chinese or message.fuzzy:
        return "no Chinese"
    if blanks(chinese) != blanks(text.many or text.one):
        return f"other blanks in {chinese}"
    markup = re.compile(r"\*\*|`|\]\(")
    return "" if markup.findall(chinese) == markup.findall(text.one) else f"other markup in {chinese}"


def test_every_text_has_its_chinese() -> None:
    faults = {text.one: (fault, text.files) for text in TEXTS.values() if (fault := untranslated(text))}
    assert faults == {}


def test_nothing_is_left_over() -> None:
    assert sorted(MESSAGES.keys() - TEXTS.keys()) == []
    assert list(CATALOGUE.obsolete) == []


TO_CUSTOMERS = ("Hello {name},", "Hello,")  # the bot writes these for a rep, to somebody they call 您


def offence(message: Message) -> str:
    english, chinese = " ".join([message.id] if isinstance(message.id, str) else message.id), first(message.string)
    if re.search("[!！]", english + chinese):
        return "no exclamation marks"
    if EMOJI.search(english + chinese):
        return "no emoji"
    for wrong, right in ENGLISH.items():
        if found := re.search(wrong, english, re.IGNORECASE):
            return f"{found[0]}: say {right}"
    for wrong, right in CHINESE.items():
        if wrong == "您" and english in TO_CUSTOMERS:
            continue
        if wrong in chinese.replace("客户经理", ""):
            return f"{wrong}: say {right}"
    return ""


def test_tone_and_words_of_the_field() -> None:
    assert {english: fault for english, message in MESSAGES.items() if (fault := offence(message))} == {}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Done!", "完成"),
        ("Done", "完成！"),
        ("Done \U0001f389", "完成"),
        ("Open impediments", "未解决的卡点"),
        ("Open blockers", "未解决的阻碍"),
    ],
)
def test_offences_are_seen(english: str, chinese: str) -> None:
    assert offence(Message(english, chinese))
    assert not offence(Message("Open blockers", "未解决的卡点"))


def test_bringing_it_up_to_date_keeps_what_is_translated() -> None:
    fresh = updated(CATALOGUE, TEXTS)
    for text in TEXTS.keys() & MESSAGES.keys():
        assert first(fresh.get(text).string) == first(MESSAGES[text].string)
