"""What an import takes in and yet names: a warning for each kind of thing, with how many rows and the most frequent."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.tables import Saying, Words

SHOWN = 5  # examples of one kind
_MOST = 10_000  # names of one column: beyond these it is no column of names


class What(StrEnum):
    """The values are for scripts."""

    OWNER = "unknown_owner"
    ACCOUNT = "unknown_account"
    STAGE = "unknown_stage"
    NO_ACCOUNT = "no_account"
    DEAL = "unknown_deal"
    TEAM = "unknown_team"
    NAME = "near_name"
    FUTURE = "future"
    NEGATIVE = "negative_amount"
    CLOSED_BEFORE = "closed_before_created"
    STATUS = "status_and_stage"
    OUTLIVED = "older_than_any_closed"
    RENAMED = "stage_renamed"
    COLUMN = "unknown_column"
    FILE = "unknown_file"


@dataclass(frozen=True, slots=True)
class Example:
    """`found` stands in so many `rows`, first in `row`; 0 where it is no row's. `meant`: what it perhaps should be."""

    found: str
    rows: int = 0
    row: int = 0
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """`rows`: how many it is about; `names`: in how many ways, of which the `examples` are the most frequent."""

    what: What
    file: str
    column: str = ""
    rows: int = 0
    names: int = 0
    examples: Sequence[Example] = ()


@dataclass(slots=True)
class Tally:
    """Counts the values of a column with the row where each stood first, as long as they are names."""

    rows: Counter[Any] = field(default_factory=Counter)
    first: dict[Any, int] = field(default_factory=dict)

    def add(self, values: Sequence[Any], rows: Sequence[int]) -> None:
        if len(self.first) > _MOST:
            return
        counted = Counter(values)
        for value in counted:
            if value not in self.first:
                self.first[value] = rows[values.index(value)]
        self.rows.update(counted)

    def called(self, names: Mapping[int, str]) -> "Tally":
        """The same by name, where the values are numbers of what has one."""
        there = {name: number for number, name in names.items() if number in self.first}
        rows = Counter({name: self.rows[number] for name, number in there.items()})
        return Tally(rows, {name: self.first[number] for name, number in there.items()})

    def notice(self, what: What, file: str, column: str, meant: Callable[[str], str], among: Sequence[Any]) -> Notice:
        """What is to say about some of the values. `meant` is asked for those alone that are shown."""
        found = sorted((value for value in among if value in self.first), key=lambda value: -self.rows[value])
        examples = [Example(str(value), self.rows[value], self.first[value]) for value in found[:SHOWN]]
        examples = [replace(one, meant=meant(one.found)) for one in examples]
        return Notice(what, file, column, sum(self.rows[value] for value in found), len(found), examples)


# fmt: off
_SAYINGS: dict[What, Callable[[int], Saying]] = {
    What.OWNER: lambda n: lambda _: _.n("{n} row has an owner who is not on the roster",
                                        "{n} rows have owners who are not on the roster", n),
    What.ACCOUNT: lambda n: lambda _: _.n("{n} row names an account that is not known",
                                          "{n} rows name accounts that are not known", n),
    What.NO_ACCOUNT: lambda n: lambda _: _.n("{n} deal names no account", "{n} deals name no account", n),
    What.STAGE: lambda n: lambda _: _.n("{n} row names a stage that stages.csv does not have",
                                        "{n} rows name stages that stages.csv does not have", n),
    What.DEAL: lambda n: lambda _: _.n("{n} row is about a deal that is not known and counts once it is here",
                                       "{n} rows are about deals that are not known and count once those are here", n),
    What.TEAM: lambda n: lambda _: _.n("{n} row names a team that is not on the roster",
                                       "{n} rows name teams that are not on the roster", n),
    What.NAME: lambda n: lambda _: _.n("{n} row has a name that looks like a slip",
                                       "{n} rows have names that look like slips", n),
    What.FUTURE: lambda n: lambda _: _.n("{n} row is dated in the future; it counts from then on",
                                         "{n} rows are dated in the future; they count from then on", n),
    What.NEGATIVE: lambda n: lambda _: _.n("{n} amount is below 0; it counts in sums, not in averages",
                                           "{n} amounts are below 0; they count in sums, not in averages", n),
    What.CLOSED_BEFORE: lambda n: lambda _: _.n("{n} deal was closed before it was created",
                                                "{n} deals were closed before they were created", n),
    What.STATUS: lambda n: lambda _: _.n("{n} deal has a stage that contradicts its status; the status counts",
                                         "{n} deals have stages that contradict their status; the status counts", n),
    What.OUTLIVED: lambda n: lambda _: _.n("{n} open deal is older than any was that ever closed",
                                           "{n} open deals are older than any was that ever closed", n),
    What.RENAMED: lambda n: lambda _: _("a new name in the place of another, so the same stage"),
    What.COLUMN: lambda n: lambda _: _("columns that are not known were passed over"),
    What.FILE: lambda n: lambda _: _("files that are not known were passed over"),
}
# fmt: on


def notice_line(notice: Notice, _: Words) -> str:
    """A warning in one line, with its examples."""
    where = ", ".join(filter(None, (notice.file, notice.column)))
    shown = [_example(one, _) for one in notice.examples]
    if shown and notice.names > len(shown):
        shown.append(_.n("and {n} more", "and {n} more", notice.names - len(shown)))
    return ": ".join(filter(None, (where, _SAYINGS[notice.what](notice.rows)(_), "; ".join(shown))))


def _example(one: Example, _: Words) -> str:
    values = {"found": one.found, "row": one.row, "meant": one.meant}
    if not one.row:
        return _("“{found}”, did you mean “{meant}”?", **values) if one.meant else f"“{one.found}”"
    # fmt: off
    if one.meant:
        return _.n("“{found}” in row {row}, did you mean “{meant}”?",
                   "“{found}” in {n} rows, first in row {row}, did you mean “{meant}”?", one.rows, **values)
    return _.n("“{found}” in row {row}", "“{found}” in {n} rows, first in row {row}", one.rows, **values)
    # fmt: on
