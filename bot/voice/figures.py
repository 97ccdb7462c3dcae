"""Numbers as people say them: 38%, 4.2 days, 1.2 m EUR; 120 万 CNY."""

from bot.kpi.model import Number, Unit
from prompts import number as grouped
from prompts import percent, words


def figure(value: float, unit: Unit, language: str, currency: str = "") -> str:
    """A value in its unit, with as many digits as are worth saying."""
    _ = words(language)
    if unit is Unit.SHARE:
        return f"{_digits(value * 100)}%" if 0 < abs(value) < 0.0995 else percent(value, language)
    if unit is Unit.MONEY:
        return _money(value, currency, language)
    if unit is Unit.COUNT:
        return grouped(round(value), language)
    said = _digits(value)
    if unit is Unit.TIMES:
        return _("{value}×", value=said)
    if unit is Unit.DAYS:
        return _("1 day") if said == "1" else _("{value} days", value=said)
    return _("1 hour") if said == "1" else _("{value} hours", value=said)


def of(one: Number, value: float | None, language: str) -> str:
    """A value that stands beside a number, such as its target, in the number's unit; "" for none."""
    return "" if value is None else figure(value, one.unit, language, one.currency)


def _digits(value: float) -> str:
    """Two digits of what is small, all whole ones of the rest."""
    return grouped(round(value, 1), "") if abs(value) < 9.95 else grouped(round(value), "")


_SIZES = {
    "en": ((1e9, "{value} bn"), (1e6, "{value} m"), (1e3, "{value} k")),
    "zh": ((1e8, "{value} 亿"), (1e4, "{value} 万")),
}


def _money(value: float, currency: str, language: str) -> str:
    # What rounds to the next size is said in it: 1 m, never 1,000 k.
    sizes = _SIZES["zh" if language == "zh" else "en"]
    size, said = next(((size, said) for size, said in sizes if abs(value) >= size * 0.9995), (1.0, "{value}"))
    least = 9.95 if size > 1 else 0
    parts = grouped(round(value / size, 1 if abs(value / size) < least else 0), language)
    return f"{said.format(value=parts)} {currency}".strip()
