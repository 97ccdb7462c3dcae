"""How single cells of the CRM's files are read, and written to read back the same. Each reader raises `Unfit`."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.crm.model import Status
from bot.tables import Unfit, one_of

MOST = 1e15  # beyond it cents are lost
FIRST, LAST = "1900", "2200"  # years

_STATUS = {status.value: status.value for status in Status}
_STATUS |= {"closed won": "won", "closed lost": "lost", "进行中": "open", "赢单": "won", "输单": "lost"}
_KINDS = {name: name for name in ("call", "visit", "email", "im", "meeting", "demo", "quote")}
_KINDS |= {"phone": "call", "e-mail": "email", "mail": "email", "wechat": "im", "chat": "im"}
_KINDS |= {
    "电话": "call",
    "拜访": "visit",
    "邮件": "email",
    "微信": "im",
    "会议": "meeting",
    "演示": "demo",
    "报价": "quote",
}
_WAYS = {"in": "in", "out": "out", "inbound": "in", "outbound": "out", "呼入": "in", "呼出": "out"}

status = one_of(_STATUS, ["open", "won", "lost"])
kind = one_of(_KINDS, ["call", "visit", "email", "im", "meeting", "demo", "quote"])
direction = one_of(_WAYS, ["in", "out"])


def number(cell: str) -> float:
    """`12500`, `12,500.00`, `-80`, `1e3`."""
    plain = cell.replace(",", "") if re.fullmatch(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", cell) else cell
    if re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?", plain):
        found = float(plain)
        if abs(found) < MOST:
            return found + 0.0  # no negative zero: it would be written otherwise than it was read
    raise Unfit(lambda _: _("a number such as 12500 or 12,500.00"))


def days(cell: str) -> float:
    """A number of days, above 0."""
    try:
        found = number(cell)
    except Unfit:
        found = 0.0
    if 0 < found < 100_000:
        return found
    raise Unfit(lambda _: _("a number of days such as 14"))


def currency(cell: str) -> str:
    asked = cell.upper()
    if re.fullmatch("[A-Z]{3}", asked):
        return "CNY" if asked == "RMB" else asked
    raise Unfit(lambda _: _("a currency such as CNY or EUR"))


def instant(cell: str) -> datetime:
    """`2026-06-11T09:30:00+08:00`; without a zone it comes back without one, without a time it is midnight.

    Parts of a second are dropped. Also as spreadsheets write it: `2026/6/11 9:30`.
    """
    try:
        found = _read(cell)
    except ValueError:
        found = None
    if found and int(FIRST) <= found.year < int(LAST):
        return found.replace(microsecond=0) if found.microsecond else found
    raise Unfit(lambda _: _("a time such as 2026-06-11T09:30:00Z or a date such as 2026-06-11"))


_LOOSE = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?")


def _read(cell: str) -> datetime:
    if cell[4:5] == "-" and cell[5:6] in "01":
        try:
            return datetime.fromisoformat(cell)
        except ValueError:
            pass
    found = _LOOSE.fullmatch(cell)
    if not found:
        raise ValueError(cell)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.group(1, 3, 4, 5, 6, 7))
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - its zone is its owner's


def period(cell: str) -> str:
    """`2026`, `2026-Q3`, `2026-09`, `2026-W36`."""
    found = re.fullmatch(r"([0-9]{4})(?:-?(Q)([1-4])|-?(W)([0-9]{1,2})|-([0-9]{1,2}))?", cell.upper())
    if found:
        year, quarter, week, month = found[1], found[3], found[5], found[6]
        if not (quarter or week or month):
            return year
        if quarter:
            return f"{year}-Q{quarter}"
        if week and 1 <= int(week) <= 53:
            return f"{year}-W{int(week):02}"
        if month and 1 <= int(month) <= 12:
            return f"{year}-{int(month):02}"
    raise Unfit(lambda _: _("a period such as 2026, 2026-Q3, 2026-09 or 2026-W36"))


# out


def number_text(value: float | None) -> str:
    if value is None:
        return ""
    if 0 < abs(value) < 1e-9:
        return repr(value)  # written out it may have hundreds of digits
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def instant_text(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def date_text(day: date | None) -> str:
    return "" if day is None else day.isoformat()
