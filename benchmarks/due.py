"""10,000 reps in 500 teams due in the same minute: planned, claimed, rendered and enqueued, against a bare insert."""

import sqlite3
import tempfile
import tracemalloc
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from benchmarks.company import company, timed
from bot.app import App
from bot.db import Database
from jobs import standup

PEOPLE, TEAMS = 10_000, 500
MORNING = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)
WRITTEN = ("standup_run", "standup_office", "standup_slot", "standup_event", "outbox")

Rows = Mapping[str, Sequence[tuple[object, ...]]]


def main() -> None:
    ours, rows = min((morning() for _ in range(3)), key=lambda run: run[0])
    prompts = {"outbox": [row for row in rows["outbox"] if str(row[2]).startswith("standup-prompt:")]}
    assert len(prompts["outbox"]) == PEOPLE
    alone, all_rows = insert(prompts), insert(rows)
    count = sum(map(len, rows.values()))
    print(f"due: {PEOPLE} prompts {ours:.2f} s CPU")
    print(f"due: {ours / all_rows:.1f}x a bare executemany of the {count} rows that this wrote (target 15x)")
    print(f"due: {ours / alone:.1f}x a bare executemany of the {PEOPLE} prompts alone")
    tracemalloc.start()
    with company(PEOPLE // 2, TEAMS // 2) as (app, clock):
        clock.now = MORNING
        tracemalloc.reset_peak()
        plan_and_ask(app)
        half = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"due: peak of Python memory for {PEOPLE // 2} prompts {half / 1e6:.0f} MB")


def morning() -> tuple[float, Rows]:
    """Seconds of CPU from nothing planned to everything enqueued, and all rows that this wrote."""
    with company(PEOPLE, TEAMS) as (app, clock):
        standup.plan(app)  # yesterday is behind us, as it is for a bot that was up
        clock.now = MORNING
        ours = timed(lambda: plan_and_ask(app))
        with app.db.read() as db:
            return ours, {t: [tuple(row) for row in db.exec_driver_sql(f"SELECT * FROM {t}")] for t in WRITTEN}


def plan_and_ask(app: App) -> None:
    standup.plan(app)
    standup.ask(app)


def insert(rows: Rows) -> float:
    """Seconds of CPU for the same rows in the same tables by the shortest way there is; the best of three."""

    def write(db: sqlite3.Connection) -> None:
        with db:
            for table, values in rows.items():
                db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)

    times = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as home:
            fresh = Database(f"sqlite:///{home}/bare.db")
            fresh.migrate()
            fresh.close()
            db = sqlite3.connect(f"{home}/bare.db")
            times.append(timed(lambda db=db: write(db)))
            db.close()
    return min(times)
