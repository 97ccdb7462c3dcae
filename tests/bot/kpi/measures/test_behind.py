"""The deals behind a number are as many as it counts, and only those that are somebody's to see."""

from datetime import UTC, datetime

import pytest

from bot.errors import BotError
from bot.kpi import service
from tests.bot.crm.conftest import Crm
from tests.bot.kpi.measures.test_past import history

NOW = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)


def behind(crm: Crm, who: str, kpi: str, **more: str) -> list[str]:
    with crm.db.read() as db:
        return [one.deal.key for one in service.deals_behind(db, crm.person(who), kpi, NOW, **more)]  # type: ignore[arg-type]


def number(crm: Crm, who: str, kpi: str, stage: str = "") -> float:
    with crm.db.read() as db:
        found = service.numbers(db, crm.person(who), NOW)
    one = next(one for one in found if one.kpi == kpi and one.stage == stage)
    return (
        (one.value or 0) * one.n if kpi == "stalled" else one.n * (1 - (one.value or 0)) if kpi == "coverage" else one.n
    )


@pytest.mark.parametrize(
    ("kpi", "stage"),
    [
        ("conversion", "Lead"),
        ("conversion", "Demo"),
        ("win_rate", ""),
        ("deal_size", ""),
        ("stalled", ""),
        ("coverage", ""),
    ],
)
def test_there_are_as_many_as_the_number_counts(crm: Crm, kpi: str, stage: str) -> None:
    crm.bring(history())
    for who in ("li", "mei", "ada"):
        assert len(behind(crm, who, kpi, stage=stage)) == pytest.approx(number(crm, who, kpi, stage))
    assert bool(behind(crm, "li", kpi, stage=stage)) == (stage != "Lead")  # nothing left that one last week
    assert behind(crm, "anna", kpi, stage=stage) == []
    assert behind(crm, "walt", kpi, stage=stage) == []
    with pytest.raises(BotError):
        behind(crm, "walt", kpi, stage=stage, team="East")


def test_the_longest_stalled_comes_first(crm: Crm) -> None:
    crm.bring(history())
    assert behind(crm, "li", "stalled")[:2] == ["O8", "O7"]
    assert behind(crm, "li", "response_time") == []
