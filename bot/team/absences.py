"""The leave and holiday files: reads them, finds every fault, writes them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.tables import Column, Fault, Record, Sheet, Source, iso_date, read, write
from bot.team import cells
from bot.team.model import Leave, Override, Person

LEAVE = (
    Column("person", needed=True, most=100),
    Column("from", iso_date, needed=True),
    Column("to", iso_date, needed=True),
    Column("part", cells.part),
    Column("reason"),
)
HOLIDAYS = (
    Column("calendar", cells.calendar, needed=True),
    Column("date", iso_date, needed=True),
    Column("kind", cells.kind, needed=True),
    Column("name"),
)


@dataclass(frozen=True, slots=True)
class LeaveFile:
    """No leave when there are `faults`."""

    leave: Sequence[Leave] = ()
    faults: Sequence[Fault] = ()
    unknown: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class HolidayFile:
    """No overrides when there are `faults`."""

    overrides: Sequence[Override] = ()
    faults: Sequence[Fault] = ()
    unknown: Sequence[str] = ()


def read_leave(source: Source, people: Iterable[Person]) -> LeaveFile:
    """Leave of the people given; a row about anybody else is a fault."""
    sheet = read(source, LEAVE)
    ids = {person.key: person.id for person in people}
    faults = [*sheet.faults, *_each(sheet, _backwards)]
    faults += _each(sheet, lambda record: None if record.values.get("person") in ids else _unknown(record))
    if faults:
        return LeaveFile(faults=faults, unknown=sheet.unknown)
    found = (_leave(record.values, ids) for record in sheet.records)
    spells = {(spell.person_id, spell.first, spell.last, spell.part): spell for spell in found}
    return LeaveFile(list(spells.values()), (), sheet.unknown)


def _each(sheet: Sheet, check: Callable[[Record], Fault | None]) -> list[Fault]:
    return [fault for record in sheet.records if (fault := check(record))]


def _unknown(record: Record) -> Fault | None:
    person = record.cells.get("person", "")
    return Fault(record.row, "person", person, lambda _: _("somebody on the roster")) if person else None


def _backwards(record: Record) -> Fault | None:
    first, last = record.values.get("from"), record.values.get("to")
    if not first or not last or first <= last:
        return None
    return Fault(record.row, "to", record.cells["to"], lambda _: _("a date that is not before {day}", day=first))


def _leave(values: Mapping[str, Any], ids: Mapping[str, int]) -> Leave:
    part, reason = values.get("part", ""), values.get("reason", "")
    return Leave(ids[values["person"]], values["from"], values["to"], part, reason)


def read_holidays(source: Source) -> HolidayFile:
    """Days off and make-up workdays that an admin sets; the header may be missing, as in pasted lines."""
    sheet = read(source, HOLIDAYS, header=[column.name for column in HOLIDAYS])
    faults = [*sheet.faults]
    first: dict[tuple[Any, Any], Record] = {}
    for record in sheet.records:
        key = (record.values.get("calendar"), record.values.get("date"))
        earlier = first.setdefault(key, record)
        if None not in key and earlier.values.get("kind") != record.values.get("kind"):
            faults.append(_contrary(record, earlier.row))
    if faults:
        return HolidayFile(faults=faults, unknown=sheet.unknown)
    return HolidayFile([_override(record.values) for record in first.values()], (), sheet.unknown)


def _contrary(record: Record, earlier: int) -> Fault:
    return Fault(record.row, "kind", record.cells.get("kind", ""), lambda _: _("the same as in row {row}", row=earlier))


def _override(values: Mapping[str, Any]) -> Override:
    return Override(values["calendar"], values["date"], values["kind"], values.get("name", ""))


def leave_text(leave: Iterable[Leave], people: Iterable[Person]) -> str:
    """Leave as CSV; importing it again changes nothing."""
    keys = {person.id: person.key for person in people}
    return write(
        [column.name for column in LEAVE],
        (
            [keys[spell.person_id], spell.first.isoformat(), spell.last.isoformat(), spell.part, spell.reason]
            for spell in leave
            if spell.person_id in keys
        ),
    )


def holidays_text(overrides: Iterable[Override]) -> str:
    """Overrides as CSV; importing it again changes nothing."""
    lines = ([o.calendar, o.day.isoformat(), o.kind, o.name] for o in overrides)
    return write([column.name for column in HOLIDAYS], lines)
