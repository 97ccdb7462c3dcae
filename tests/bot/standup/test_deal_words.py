"""What people say of their deals: the next step with its day, and standups that name a deal."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.standup.deals.dated import step_said
from bot.standup.deals.model import Told, What
from bot.standup.deals.reading import mentioned, read

TODAY = date(2026, 6, 11)  # a Thursday
FRIDAY = date(2026, 6, 12)
NAMES = {
    "d1": frozenset({"d1"}),
    "acme": frozenset({"d1"}),
    "acme pilot": frozenset({"d1"}),
    "宏达医疗": frozenset({"d2"}),
    "宏达 crm": frozenset({"d2"}),
    "kraftwerk": frozenset({"d3", "d4"}),
    "kraftwerk east": frozenset({"d3"}),
    "kraftwerk west": frozenset({"d4"}),
}
ONWARD = {"d1": "Offer", "d2": "报价", "d3": ""}


@pytest.mark.parametrize(
    ("line", "text", "on"),
    [
        ("send quote by Fri", "send quote", FRIDAY),
        ("quote Friday.", "quote", FRIDAY),
        ("Fri: send quote", "send quote", FRIDAY),
        ("send SOC 2 report by 12 June", "send SOC 2 report", FRIDAY),
        ("send it before June 20", "send it", date(2026, 6, 19)),
        ("send it before Friday", "send it", TODAY),
        ("demo 2026-06-20", "demo", date(2026, 6, 20)),
        ("call on Monday morning", "call", date(2026, 6, 15)),
        ("by Friday", "by Friday", FRIDAY),
        ("周五前发报价", "发报价", FRIDAY),
        ("发报价，周五", "发报价", FRIDAY),
        ("下周三前给王总回报价", "给王总回报价", date(2026, 6, 17)),
        ("6月20日演示", "演示", date(2026, 6, 20)),
        ("明天下午给王总回电话", "给王总回电话", FRIDAY),
        ("send the quote", "send the quote", None),
        ("offer a discount of 3.5", "offer a discount of 3.5", None),
        ("买8号产品的样品", "买8号产品的样品", None),
        ("follow up in May", "follow up in May", None),
    ],
)
def test_a_step_and_its_day(line: str, text: str, on: date | None) -> None:
    step = step_said(line, TODAY)
    assert (step.text, step.on) == (text, on)


@given(st.text(max_size=80))
def test_any_line_is_some_step(line: str) -> None:
    assert bool(step_said(line, TODAY).text) == bool(line.split())


@pytest.mark.parametrize(
    ("text", "key", "what", "line"),
    [
        ("Acme: next step quote Friday", "d1", What.STEP, "quote Friday"),
        ("- Acme next step: send quote by Friday", "d1", What.STEP, "send quote by Friday"),
        ("Acme: quote Friday", "d1", What.STEP, "quote Friday"),
        ("acme pilot is stuck on legal", "d1", What.STUCK, "legal"),
        ("Acme stuck", "d1", What.STUCK, "Acme stuck"),
        ("Acme moved", "d1", What.MOVED, ""),
        ("Acme moved to the next stage", "d1", What.MOVED, ""),
        ("Acme moved to offer, next send contract Mon", "d1", What.MOVED, "send contract Mon"),
        ("Acme dead: no budget", "d1", What.DEAD, "no budget"),
        ("Acme lost to a rival.", "d1", What.DEAD, "lost to a rival"),
        ("Acme: no change", "d1", What.NOTHING, ""),
        ("Kraftwerk West: stuck: price", "d4", What.STUCK, "price"),
        ("宏达 卡住了 价格", "d2", What.STUCK, "价格"),
        ("宏达卡在法务", "d2", What.STUCK, "法务"),
        ("宏达：周五前发报价", "d2", What.STEP, "周五前发报价"),
        ("宏达医疗推进到报价了", "d2", What.MOVED, ""),
        ("宏达丢单了，选了友商", "d2", What.DEAD, "选了友商"),
    ],
)
def test_a_deal_and_what_became_of_it(text: str, key: str, what: What, line: str) -> None:
    found = read(text, NAMES, ONWARD, TODAY)
    assert (found.told, found.rest.strip()) == ({key: Told(what, line)}, "")


@pytest.mark.parametrize(
    "text",
    [
        "Kraftwerk stuck on price",  # two are called so
        "Acme moved to Monday",
        "Acme moved to Contract",  # not the stage behind its own
        "Acme demo went well",
        "Acmeville: next step call Friday",
        "Done: Acme stuck on price",
        "met Acme; next: call Wang",
        "Acme",
        "",
    ],
)
def test_what_speaks_of_no_deal_is_left_as_it_is(text: str) -> None:
    found = read(text, NAMES, ONWARD, TODAY)
    assert (found.told, found.rest) == ({}, text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Done: met Beta\nAcme stuck on legal\nToday: call Wang", "Done: met Beta\nToday: call Wang"),
        ("Acme stuck on legal. Today: call Wang", "Today: call Wang"),
        ("Acme stuck on legal, today call Wang", "today call Wang"),
        ("昨天拜访了远航。宏达卡在法务。今天写方案", "昨天拜访了远航。今天写方案"),
    ],
)
def test_the_rest_is_left_to_others(text: str, rest: str) -> None:
    found = read(text, NAMES, ONWARD, TODAY)
    assert len(found.told) == 1
    assert found.rest == rest


@given(st.text(max_size=200))
def test_no_word_is_lost_in_any_text(text: str) -> None:
    found = read(text, NAMES, ONWARD, TODAY)
    assert found.told or found.rest == text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("legal has the Acme contract", "d1"),
        ("价格：宏达医疗嫌贵", "d2"),
        ("Kraftwerk says it is dear", ""),
        ("Acmeville is dear", ""),
        ("Acme and Kraftwerk West", "d1"),  # it begins with one
        ("both Acme and Kraftwerk West", ""),
    ],
)
def test_a_blocker_names_one_deal_or_none(text: str, key: str) -> None:
    assert mentioned(text, NAMES) == key
