"""The mapping file: which query or table of the CRM's database holds which rows, and which of its columns are ours.

```yaml
timezone: UTC                     # of times that the database keeps without a zone; else their owner's
deals:
  query: SELECT * FROM opportunity WHERE NOT is_deleted      # or  table: sales.opportunity
  columns: {deal: id, owner: owner_email, stage: stage_name, status: stage_name, created: created_at}
  values:
    status: {Closed Won: won, Closed Lost: lost, Negotiation: open}
```
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.crm.columns import COLUMNS, KINDS
from bot.errors import BotError


@dataclass(frozen=True, slots=True)
class Asked:
    """What to ask for one kind of rows: a `query`, or all of a `table`.

    `columns`: theirs by ours. `values`: of a column of ours, what stands for what they say.
    """

    kind: str
    query: str
    table: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SqlMapping:
    """`asked` in the order in which rows are taken. `zone`: of times without one, None for that of their owner."""

    file: Path
    zone: ZoneInfo | None
    asked: tuple[Asked, ...]


def read(file: Path) -> SqlMapping:
    """Raises `BotError`: one sentence with the file, the line or key, and what to do."""
    said = _loaded(file)
    if not isinstance(said, dict) or not said:
        raise _wrong(file, "", f"It maps nothing. Name a kind of rows ({', '.join(KINDS)}), its table and its columns.")
    for name in said:
        if name not in (*KINDS, "timezone"):
            raise _wrong(file, str(name), f"There is no such kind of rows. Name one of {', '.join(KINDS)}.")
    zone = said.get("timezone")
    if zone is not None and zone not in available_timezones():
        raise _wrong(file, "timezone", f"{zone!r} is no time zone. Give one such as Asia/Shanghai or UTC.")
    asked = tuple(_asked(file, kind, said[kind]) for kind in KINDS if kind in said)
    if not asked:
        raise _wrong(file, "", f"It maps no rows. Name a kind of them: {', '.join(KINDS)}.")
    return SqlMapping(file, ZoneInfo(zone) if zone else None, asked)


def _wrong(file: Path, where: str, what: str) -> BotError:
    return BotError(f"{file}{': ' if where else ''}{where}: {what}")


def _loaded(file: Path) -> Any:
    import yaml  # rarely needed

    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise _wrong(file, "", f"It cannot be read ({fault.strerror}). Name a readable mapping file.") from None
    except UnicodeDecodeError:
        raise _wrong(file, "", "It is not in UTF-8. Save it so.") from None
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        raise _wrong(
            file, where, f"It is no YAML: {getattr(fault, 'problem', None) or 'unreadable'}. Mend it."
        ) from None


def _asked(file: Path, kind: str, said: Any) -> Asked:
    if not isinstance(said, dict):
        raise _wrong(file, kind, "Give it a query or a table, and columns.")
    for name in said:
        if name not in ("query", "table", "columns", "values"):
            raise _wrong(file, f"{kind}.{name}", "It is not known. There are query, table, columns and values.")
    query, table = said.get("query"), said.get("table")
    given = query if query is not None else table
    if (query is None) == (table is None) or not isinstance(given, str) or not given.strip():
        raise _wrong(file, kind, "Give it either a query (a SELECT) or the name of a table.")
    if query is not None:
        query = _select(file, kind, query)
    columns = _columns(file, kind, said.get("columns"))
    return Asked(kind, query or "", table or "", columns, _values(file, kind, said.get("values"), columns))


def _select(file: Path, kind: str, query: str) -> str:
    """A query that looks as if it only read. What makes sure of it are the account and the connection."""
    bare = re.sub(r"--[^\n]*|/\*.*?\*/", " ", query, flags=re.DOTALL)
    quiet = re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"", "", bare).strip().rstrip(";")
    if not re.match(r"(select|with)\b", quiet, re.IGNORECASE) or ";" in quiet:
        raise _wrong(file, f"{kind}.query", "Give one SELECT; whatever else it does is refused.")
    return query.strip().rstrip(";")


def _columns(file: Path, kind: str, said: Any) -> dict[str, str]:
    ours = [column.name for column in COLUMNS[kind]]
    if not isinstance(said, dict) or not said:
        raise _wrong(file, f"{kind}.columns", f"Say which column of theirs is which of ours: {', '.join(ours)}.")
    for name, theirs in said.items():
        if name not in ours:
            raise _wrong(file, f"{kind}.columns.{name}", f"We have no such column. There are {', '.join(ours)}.")
        if not isinstance(theirs, str) or not theirs:
            raise _wrong(file, f"{kind}.columns.{name}", "Name the column of theirs, in quotation marks if need be.")
    needed = [column.name for column in COLUMNS[kind] if column.needed and column.name not in said]
    if needed:
        raise _wrong(
            file, f"{kind}.columns", f"{', '.join(needed)} must be there. Say which columns of theirs they are."
        )
    return dict(said)


def _values(file: Path, kind: str, said: Any, columns: Mapping[str, str]) -> dict[str, dict[str, str]]:
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise _wrong(file, f"{kind}.values", "Give it columns of ours, each with what stands for what they say.")
    for name, words in said.items():
        if name not in columns:
            raise _wrong(file, f"{kind}.values.{name}", "It is none of the columns that are mapped.")
        if not isinstance(words, dict) or any(isinstance(word, (dict, list)) for word in words.values()):
            raise _wrong(
                file, f"{kind}.values.{name}", "Give it what they say and what it is with us, as “theirs: ours”."
            )
    return {name: {plain(theirs): plain(ours) for theirs, ours in words.items()} for name, words in said.items()}


def plain(value: Any) -> str:
    """A value of YAML as a database would say it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
