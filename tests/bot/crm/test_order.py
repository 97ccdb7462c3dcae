"""The order of stages that nobody listed."""

import pytest

from bot.crm.model import LOST, NONE, WON, Stage
from bot.crm.order import placed

NAMES = {1: "offer", 2: "lead", 3: "demo", 4: "talks"}


def order(flows: dict[tuple[int, int], int], numbers: int = 4) -> str:
    found = placed([Stage(number, NAMES[number]) for number in range(1, numbers + 1)], flows)
    assert [stage.position for stage in found] == list(range(1, numbers + 1))
    return " ".join(stage.name for stage in found)


@pytest.mark.parametrize(
    ("flows", "said"),
    [
        ({(2, 3): 90, (3, 1): 40, (1, 4): 20}, "lead demo offer talks"),
        ({(2, 3): 90, (3, 1): 40, (1, 4): 20, (3, 2): 30, (4, 3): 9, (2, 4): 5}, "lead demo offer talks"),
        # more go back from the offer than forward to it from the lead, and yet it is behind
        ({(NONE, 2): 100, (2, 3): 90, (3, 1): 80, (1, 2): 10, (1, 4): 40, (4, 1): 5}, "lead demo offer talks"),
        ({(NONE, 2): 100, (2, WON): 50, (2, LOST): 50}, "lead offer demo talks"),  # of the others nothing is known
        ({}, "offer lead demo talks"),
    ],
)
def test_it_is_the_one_with_few_moves_against_it(flows: dict[tuple[int, int], int], said: str) -> None:
    assert order(flows) == said


def test_a_list_is_the_order_even_where_it_lacks_a_stage() -> None:
    listed = [Stage(2, "lead", 1.0), Stage(3, "demo", 2.0), Stage(1, "offer")]
    assert placed(listed, {(1, 2): 100}) == listed


def test_no_stages_have_no_order() -> None:
    assert placed([], {(1, 2): 3}) == []
