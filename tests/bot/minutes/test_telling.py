"""Sentences as a third person tells them, who can be told from whom."""

import pytest

from bot.minutes.model import Side, Speaker, Transcript, Turn
from bot.minutes.offline.extracts import Extracts
from bot.minutes.offline.telling import Teller


def teller(anna: Side, wang: Side, language: str = "en") -> Teller:
    speakers = (Speaker("Anna Berg", anna), Speaker("Wang Lei", wang))
    return Teller(Transcript((), speakers, language, "named"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("I'll send you the report tomorrow.", "Anna Berg will send Wang Lei the report tomorrow."),
        ("And I need the SOC 2 report first.", "Anna Berg needs the SOC 2 report first."),
        ("I have decided, we take it.", "Anna Berg has decided, we take it."),
        ("I don't have the list, I can ask.", "Anna Berg doesn't have the list, they can ask."),
        ("My colleague tries it on Monday.", "Anna Berg's colleague tries it on Monday."),
        ("You pay only if your waste goes down.", "They pay only if their waste goes down."),
        ("We install it on our side.", "We install it on our side."),
    ],
)
def test_ours_are_we_and_whoever_says_i_has_a_name(said: str, told: str) -> None:
    assert teller(Side.OURS, Side.CUSTOMER)(said, "Anna Berg") == told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Your price is above what we budgeted.", "Our price is above what they budgeted."),
        ("We'd want to see you in March.", "They'd want to see us in March."),
        ("Send me the contract.", "Send Wang Lei the contract."),
    ],
)
def test_a_customer_is_they(said: str, told: str) -> None:
    assert teller(Side.OURS, Side.CUSTOMER)(said, "Wang Lei") == told


def test_nobody_is_claimed_for_a_side_that_is_not_known() -> None:
    told = teller(Side.UNKNOWN, Side.UNKNOWN)
    assert told("Your price is above what we budgeted.", "Wang Lei") == "Anna Berg's price is above what they budgeted."
    assert told("I'll call you.", "Wang Lei") == "Wang Lei will call Anna Berg."


def test_chinese_minutes_say_whose_side_it_is() -> None:
    told = teller(Side.OURS, Side.CUSTOMER, "zh")
    assert told("我们把可用性写进合同。", "Anna Berg") == "我方把可用性写进合同"
    assert told("你们的价格比我们预算高。", "Wang Lei") == "我方的价格比客户预算高"
    assert teller(Side.UNKNOWN, Side.UNKNOWN, "zh")("我们预算不够。", "Wang Lei") == "他们预算不够"


def test_a_greeting_is_no_summary() -> None:
    lines = [
        ("Anna Berg", "Good morning, Wang Lei, thanks for making the time today for the pilot."),
        ("Wang Lei", "The pilot in the Lyon warehouse cut the waste by a fifth."),
        ("Anna Berg", "Thanks so much for the pilot numbers from the warehouse."),
    ]
    turns = tuple(Turn(n, who, text) for n, (who, text) in enumerate(lines))
    said = Transcript(turns, (Speaker("Anna Berg"), Speaker("Wang Lei")), "en", "named")
    assert [point.lines for point in Extracts(said).summary()] == [(1,)]
