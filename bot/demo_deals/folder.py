"""Writes a made-up CRM as the folder that `paceline import crm` takes."""

import csv
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from bot.demo_deals.plan import Plan
from bot.demo_deals.rows import HEADS, rows


def write(plan: Plan, folder: Path) -> dict[str, int]:
    """How many rows each file holds, by its kind. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    with ExitStack() as files:
        out = {}
        for kind, head in HEADS.items():
            file = files.enter_context((folder / f"{kind}.csv").open("w", encoding="utf-8", newline=""))
            out[kind] = csv.writer(file, lineterminator="\n")
            out[kind].writerow(head)
        for kind, some in rows(plan):
            out[kind].writerows(some)
            counts[kind] += len(some)
    return dict(counts)
