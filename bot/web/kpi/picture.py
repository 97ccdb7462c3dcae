"""A number's past as a small picture: a line with the usual band behind it, as the numbers that an SVG wants. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.kpi.model import Point

AIR = 0.08  # of the height, above and below


@dataclass(frozen=True, slots=True)
class Picture:
    """`lines`: the points of each stretch without a gap, "0,12 10,8"; `dots`: stretches of one point, (x, y); `end`:
    the last point that there is. `band`: top and height of what is usual; `usual`: its middle. In px."""

    width: int
    height: int
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    end: tuple[float, float] | None
    band: tuple[float, float] | None
    usual: float | None


def picture(
    points: Sequence[Point],
    usual: float | None = None,
    low: float | None = None,
    high: float | None = None,
    *,
    width: int = 160,
    height: int = 40,
) -> Picture | None:
    """The picture of a past; None of fewer than two points that say something."""
    told = [one.value for one in points if one.value is not None]
    if len(told) < 2:
        return None
    seen = [*told, *(value for value in (usual, low, high) if value is not None)]
    least, most = min(seen), max(seen)
    spread = (most - least) or abs(most) or 1.0
    if most == least:
        least -= spread / 2
    edge = 4.0  # room for the dot at the end

    def x(at: int) -> float:
        return round(edge + at * (width - 2 * edge) / (len(points) - 1), 1)

    def y(value: float) -> float:
        return round(height * (1 - AIR - (value - least) / spread * (1 - 2 * AIR)), 1)

    places = [(x(at), y(one.value)) if one.value is not None else None for at, one in enumerate(points)]
    runs = [
        [place for place in run if place]
        for whole, run in groupby(places, key=lambda place: place is not None)
        if whole
    ]
    return Picture(
        width,
        height,
        tuple(" ".join(f"{a},{b}" for a, b in run) for run in runs if len(run) > 1),
        tuple(run[0] for run in runs if len(run) == 1),
        runs[-1][-1],
        (y(high), round(y(low) - y(high), 1)) if low is not None and high is not None else None,
        y(usual) if usual is not None else None,
    )
