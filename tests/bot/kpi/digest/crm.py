"""A CRM folder whose funnel is known: so many deals a week leave each stage, so many of them advance."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.crm.imports import import_folder
from bot.db import Database

STAGES = "stage,position\nLead,1\nDemo,2\nOffer,3\n"
DEALS = "deal,name,account,owner,product_line,stage,status,created,closed"
MOVES = "deal,from_stage,to_stage,at"
SINCE = date(2025, 5, 5)  # a Monday


def folder(
    path: Path,
    until: date,
    owners: tuple[str, ...] = ("anna", "li"),
    odd: Mapping[date, int] | None = None,
    industries: tuple[str, ...] = ("retail", "medical"),
) -> Path:
    """Each week 20 deals leave Demo, 8 of them to Offer, or as many as `odd` says of the week's Monday."""
    deals, moves, number = [DEALS], [MOVES], 0
    accounts = ["account,name,industry", *(f"A{n},Account {n},{trade}" for n, trade in enumerate(industries))]
    monday = SINCE
    while monday + timedelta(days=7) <= until:
        advance = (odd or {}).get(monday, 8 + (number // 20) % 3 - 1)
        for n in range(20):
            number += 1
            entered, left = (datetime.combine(monday, time(9), UTC) + timedelta(days=d) for d in (-14, n % 5))
            owner, trade = owners[n % len(owners)], n % len(industries)
            status = "lost" if n >= advance else "open"
            stage, closed = ("lost", left.isoformat()) if status == "lost" else ("Offer", "")
            deals.append(
                f"D{number},Deal {number},A{trade},{owner},Cloud,{stage},{status},{entered.isoformat()},{closed}"
            )
            moves += [f"D{number},,Demo,{entered.isoformat()}", f"D{number},Demo,{stage},{left.isoformat()}"]
        monday += timedelta(days=7)
    path.mkdir(exist_ok=True)
    for name, text in {"stages": STAGES, "deals": deals, "moves": moves, "accounts": accounts}.items():
        (path / f"{name}.csv").write_text(text if isinstance(text, str) else "\n".join(text) + "\n")
    return path


def take_in(db: Database, path: Path, now: datetime) -> None:
    done = import_folder(db, 1, path, now)
    assert not done.faults, done.faults
