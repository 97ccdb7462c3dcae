"""Who the roster knows and what the stages are called, while a CRM's cells are read."""

from collections.abc import Collection, Iterable
from datetime import tzinfo

from bot.crm.model import LOST, WON, Stage
from bot.tables import Unfit
from bot.team.model import Person

MOST_STAGES = 500  # a column that holds something else has thousands
ENDS = {"won": WON, "closed won": WON, "赢单": WON, "lost": LOST, "closed lost": LOST, "输单": LOST}


class Owners:
    """Reads who owns something: by roster key, e-mail address or a name that only one has. Those who left count too.

    `strangers`: whom the roster does not know; they are kept as they are called, and their clock runs in `zone`.
    `always`: so does everybody's.
    """

    def __init__(self, people: Collection[Person], zone: tzinfo, *, always: bool = False) -> None:
        self._zone = zone
        self._zones: dict[str, tzinfo] = {person.key: zone if always else person.tz for person in people}
        self._names = [person.name for person in people]
        self._keys = _alone((person.name, person.key) for person in people)
        self._keys |= _alone((person.email, person.key) for person in people)
        self._keys |= _alone((person.key, person.key) for person in people)
        self.strangers: set[str] = set()

    def __call__(self, cell: str) -> str:
        if cell in self._zones:
            return cell
        found = self._keys.get(cell.casefold())
        if found is None:
            self.strangers.add(cell)
            return cell
        return found

    def zone(self, owner: str) -> tzinfo:
        """Of a time that carries none."""
        return self._zones.get(owner, self._zone)

    @property
    def names(self) -> list[str]:
        """The roster's keys, then names."""
        return [*self._zones, *self._names]


def _alone(said: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keys by what people are called; without what two of them are called."""
    found: dict[str, set[str]] = {}
    for name, key in said:
        found.setdefault(name.casefold(), set()).add(key)
    return {name: next(iter(keys)) for name, keys in found.items() if name and len(keys) == 1}


class Numbers:
    """Reads a stage by its name, a former name, or another way of writing it in capitals; won and lost are none.

    `fresh`: stages under names that were never heard, numbered on. `called`: the name of each number.
    """

    def __init__(self, stages: Collection[Stage]) -> None:
        self._numbers: dict[str, int] = {}
        for stage in stages:
            for name in stage.former:
                self._numbers.setdefault(name, stage.number)
        self._numbers |= {stage.name: stage.number for stage in stages}
        self._folded = {name.casefold(): number for name, number in self._numbers.items()} | ENDS
        self._next = max((stage.number for stage in stages), default=0) + 1
        self.called = {stage.number: stage.name for stage in stages}
        self.fresh: list[Stage] = []

    def __call__(self, cell: str) -> int:
        if cell in self._numbers:
            return self._numbers[cell]
        folded = cell.casefold()
        if folded in self._folded:
            return self._folded[folded]
        if self._next > MOST_STAGES:
            raise Unfit(lambda _: _("one of at most {most} stages", most=MOST_STAGES))
        return self.alias(cell, self._next)

    def alias(self, name: str, number: int) -> int:
        """Understand a name as the stage of that number, which is a fresh one when it is the next."""
        if number == self._next:
            self._next += 1
            self.called[number] = name
            self.fresh.append(Stage(number, name))
        self._numbers[name] = self._folded[name.casefold()] = number
        return number
