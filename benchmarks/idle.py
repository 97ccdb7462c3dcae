"""One look at the whole calendar of standups with nothing due, at 100,000 people."""

import statistics
import time
from datetime import UTC, datetime

from benchmarks.company import company
from jobs import blockers, standup

JOBS = (standup.plan, standup.ask, standup.nudge, standup.close, blockers.decide)


def main() -> None:
    with company(100_000, 2_000) as (app, clock):
        clock.now = datetime(2026, 6, 11, 5, 0, tzinfo=UTC)
        times = []
        for _ in range(50):
            began = time.perf_counter()
            for job in JOBS:
                job(app)
            times.append(time.perf_counter() - began)
    print(f"idle: a tick with nothing due at 100,000 people {statistics.median(times) * 1000:.1f} ms (target 5 ms)")
