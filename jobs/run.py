"""The clock: looks at the calendar as often as it says, and lets no failing job stop another."""

import logging
from collections.abc import Callable, Mapping

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.app import App
from jobs import Every

log = logging.getLogger("paceline.jobs")


def start(app: App, calendar: Mapping[str, Every]) -> BackgroundScheduler:
    """A running scheduler, its jobs in memory: what is due stands in our tables, so that any number of clocks may
    tick. Stop it with `shutdown`."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone="UTC",
    )
    for name, every in calendar.items():
        scheduler.add_job(tick, "interval", (app, name, every.job), id=name, seconds=every.seconds)
        scheduler.add_job(tick, args=(app, name, every.job), id=f"{name} at start")
    scheduler.start()
    return scheduler


def tick(app: App, name: str, job: Callable[[App], None]) -> None:
    """Run one job; a failure is logged and the next tick tries again."""
    try:
        job(app)
    except Exception:
        log.exception("job %s failed; it runs again at its next tick", name)
