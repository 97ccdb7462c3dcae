"""Who covers what: region x product line x tier. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from bot.team.model import Person, Role

MOST = 100_000  # combinations that are looked at; a roster with free text in these columns could have billions


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination and the reps who cover it, by name. "" is a column that nobody filled in."""

    region: str
    product_line: str
    tier: str
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """`cells`: every combination of the known values. `cut`: there are more than could be looked at."""

    regions: tuple[str, ...]
    product_lines: tuple[str, ...]
    tiers: tuple[str, ...]
    cells: tuple[Cell, ...]
    cut: bool = False

    @property
    def overlaps(self) -> tuple[Cell, ...]:
        """What two reps or more cover."""
        return tuple(cell for cell in self.cells if len(cell.people) > 1)

    @property
    def gaps(self) -> tuple[Cell, ...]:
        """What nobody covers."""
        return tuple(cell for cell in self.cells if not cell.people)


def coverage(people: Iterable[Person]) -> Coverage:
    """Known are the values that anybody on the roster has. Reps cover; an empty cell of theirs covers all values."""
    active = [person for person in people if person.active]
    regions = _known(person.region for person in active)
    lines = _known(person.product_line for person in active)
    tiers = _known(person.tier for person in active)
    reps: dict[tuple[str, str, str], list[Person]] = {}
    for person in sorted(active, key=lambda person: (person.name, person.id)):
        if person.role is Role.REP:
            reps.setdefault((person.region, person.product_line, person.tier), []).append(person)
    cells: list[Cell] = []
    for place, cell in enumerate(product(regions, lines, tiers)):
        if place == MOST:
            return Coverage(regions, lines, tiers, tuple(cells), cut=True)
        cells.append(Cell(*cell, tuple(person for key in _covering(cell) for person in reps.get(key, ()))))
    return Coverage(regions, lines, tiers, tuple(cells))


def _known(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value})) or ("",)


def _covering(cell: tuple[str, str, str]) -> Iterator[tuple[str, str, str]]:
    """What the three columns of a rep may say for them to cover the cell."""
    region, line, tier = ((value, "") if value else ("",) for value in cell)
    return product(region, line, tier)
