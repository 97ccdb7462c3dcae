"""Numbers as people say them."""

import pytest

from bot.kpi.model import Unit
from bot.voice.figures import figure

CASES = [
    (0.382, Unit.SHARE, "", "38%", "38%"),
    (0.042, Unit.SHARE, "", "4.2%", "4.2%"),
    (0.0996, Unit.SHARE, "", "10%", "10%"),
    (0.0, Unit.SHARE, "", "0%", "0%"),
    (1.0, Unit.SHARE, "", "100%", "100%"),
    (4.23, Unit.DAYS, "", "4.2 days", "4.2 天"),
    (1.0, Unit.DAYS, "", "1 day", "1 天"),
    (41.4, Unit.DAYS, "", "41 days", "41 天"),
    (9.96, Unit.HOURS, "", "10 hours", "10 小时"),
    (0.98, Unit.HOURS, "", "1 hour", "1 小时"),
    (2.94, Unit.TIMES, "", "2.9×", "2.9 倍"),
    (1234.0, Unit.COUNT, "", "1,234", "1,234"),
    (1_234_000, Unit.MONEY, "EUR", "1.2 m EUR", "123 万 EUR"),
    (999_800, Unit.MONEY, "EUR", "1 m EUR", "100 万 EUR"),
    (48_300, Unit.MONEY, "CNY", "48 k CNY", "4.8 万 CNY"),
    (950, Unit.MONEY, "USD", "950 USD", "950 USD"),
    (2.36e9, Unit.MONEY, "CNY", "2.4 bn CNY", "24 亿 CNY"),
    (-48_300, Unit.MONEY, "CNY", "-48 k CNY", "-4.8 万 CNY"),
    (0, Unit.MONEY, "", "0", "0"),
]


@pytest.mark.parametrize(("value", "unit", "currency", "english", "chinese"), CASES)
def test_a_number_as_people_say_it(value: float, unit: Unit, currency: str, english: str, chinese: str) -> None:
    assert figure(value, unit, "en", currency) == english
    assert figure(value, unit, "zh", currency) == chinese
