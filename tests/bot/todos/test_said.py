"""What is to be done, and by when, as people write it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.todos.said import Said, read

THURSDAY = date(2026, 6, 11)


@pytest.mark.parametrize(
    ("text", "task", "due"),
    [
        ("send the quote by Friday", "send the quote", date(2026, 6, 12)),
        ("send the quote, by Friday.", "send the quote", date(2026, 6, 12)),
        ("call Chidi tomorrow", "call Chidi", date(2026, 6, 12)),
        ("tomorrow: call Chidi", "call Chidi", date(2026, 6, 12)),
        ("Call Mrs. Rao on 18 June", "Call Mrs. Rao", date(2026, 6, 18)),
        ("demo for Kraftwerk due 2026-07-01", "demo for Kraftwerk", date(2026, 7, 1)),
        ("contract to legal before Monday", "contract to legal", date(2026, 6, 14)),
        ("send the quote", "send the quote", None),
        ("read the Friday report twice", "read the Friday report twice", None),
        ("Friday", "Friday", None),
        ("take the week of 3-5 Dec off", "take the week of 3-5 Dec off", None),
        ("周五前给宏达发报价", "给宏达发报价", date(2026, 6, 12)),
        ("明天给陈总回电话", "给陈总回电话", date(2026, 6, 12)),
        ("下周三之前把合同交给法务", "把合同交给法务", date(2026, 6, 17)),
        ("给宏达发报价，周五前", "给宏达发报价", date(2026, 6, 12)),
        ("约远航物流演示 6月18日", "约远航物流演示", date(2026, 6, 18)),
        ("给宏达发报价", "给宏达发报价", None),
    ],
)
def test_tasks_and_days(text: str, task: str, due: date | None) -> None:
    found = read(text, THURSDAY)
    assert (found.task, found.due) == (task, due)
    assert bool(found.phrase) == (due is not None)


@given(st.text(max_size=200))
def test_nothing_that_is_said_is_lost(text: str) -> None:
    found = read(text, THURSDAY)
    assert isinstance(found, Said)
    assert len(found.task) + len(found.phrase) <= len(" ".join(text.split()))
    if found.due is None:
        assert found.task == " ".join(text.split()).strip(" .。")
