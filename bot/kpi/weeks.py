"""ISO weeks as they are written, "2026-W05", and which month of its quarter one belongs to."""

from collections.abc import Iterator
from datetime import date, timedelta


def week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def thursday(week: str) -> date:
    """The day that says which month and year a week belongs to. ValueError when there is no such week."""
    return date.fromisoformat(f"{week}-4")


def weeks_between(first: str, last: str) -> Iterator[str]:
    """Both included."""
    day, end = thursday(first), thursday(last)
    while day <= end:
        yield week_of(day)
        day += timedelta(days=7)


def season(week: str, fiscal_start: int = 1) -> int:
    """The month of the fiscal quarter, 0 to 2, in a year that begins with month `fiscal_start` (1..12). A week belongs
    to the month of its Thursday: by its Sunday, the rush of a quarter's last days falls into the next quarter."""
    return (thursday(week).month - fiscal_start) % 3
