"""10,000 reps in 500 teams due in the same minute: planned, claimed, rendered and enqueued, against a bare insert."""

import sqlite3
import tempfile
import tracemalloc
from datetime import UTC, datetime

from benchmarks.company import company, timed
from jobs import standup

PEOPLE, TEAMS = 10_000, 500


def main() -> None:
    with company(PEOPLE, TEAMS) as (app, clock):
        standup.plan(app)  # yesterday is behind us, as it is for a bot that was up
        clock.now = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)
        ours = timed(lambda: (standup.plan(app), standup.ask(app)))
        with app.db.read() as db:
            bodies = [row[0] for row in db.exec_driver_sql("SELECT body FROM outbox WHERE key LIKE 'standup-prompt:%'")]
    assert len(bodies) == PEOPLE
    bare = min(timed(lambda: insert(bodies)) for _ in range(3))
    print(f"due: {PEOPLE} prompts {ours:.2f} s CPU, bare executemany {bare:.3f} s: {ours / bare:.1f}x (target 15x)")
    tracemalloc.start()
    with company(PEOPLE // 2, TEAMS // 2) as (app, clock):
        clock.now = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)
        tracemalloc.reset_peak()
        standup.plan(app)
        standup.ask(app)
        half = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"due: peak of Python memory for {PEOPLE // 2} prompts {half / 1e6:.0f} MB")


def insert(bodies: list[str]) -> None:
    """As many rows as the outbox got, of the same shape, by the shortest way there is."""
    with tempfile.TemporaryDirectory() as home:
        db = sqlite3.connect(f"{home}/bare.db")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE o (id INTEGER PRIMARY KEY, key TEXT UNIQUE, chat, body, due, state)")
        rows = [
            (f"standup-prompt:{n}:0", f"bot-{n}", body, "2026-06-11 07:30:00", "ready") for n, body in enumerate(bodies)
        ]
        with db:
            db.executemany("INSERT INTO o (key, chat, body, due, state) VALUES (?, ?, ?, ?, ?)", rows)
        db.close()
