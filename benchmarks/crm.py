"""The CRM picture at size: a first import, a day's increment, the numbers of teams; beside the bare work of each.

`python -m benchmarks.crm --deals 1000000` measures any size, `--url postgresql+psycopg://...` an empty Postgres.
Ratios are of CPU time of this process, beside reading the same files into bare tables of SQLite, in the same run; on
Postgres the server's own time is not in them.
"""

import argparse
import csv
import json
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path

from benchmarks.company import timed
from benchmarks.deals import NOW, PER_TEAM, plan, roster, sellers
from bot.cli import tables  # noqa: F401 - declares every table
from bot.crm.imports import import_folder
from bot.db import Connection, Database
from bot.demo_deals.folder import write
from bot.kpi import service as kpi
from bot.kpi.digest import service as digests
from bot.kpi.digest.model import Kind
from bot.kpi.digest.service import Desk
from bot.team import service as team
from bot.team.model import Person
from bot.voice import digest as voice

DEALS, TEAMS, INCREMENT, ASKED = 20_000, 200, 20_000, 20
ODD = 0.02
SHARES = {"deals": 0.15, "moves": 0.20, "touches": 0.65}  # of a day's rows


def main() -> None:
    measure(DEALS, "")


def measure(deals: int, url: str) -> None:
    with tempfile.TemporaryDirectory(prefix="paceline-bench-") as home:
        folder = Path(home) / "crm"
        counts = write(plan(deals, teams=TEAMS), folder)
        size = sum(path.stat().st_size for path in folder.iterdir())
        say(f"{sum(counts.values()):,} rows of {deals:,} deals, {size / 1e6:,.0f} MB")
        bare = child("bare", home, str(folder))
        took = child("take", home, str(folder), url)
        told(f"first import{' into Postgres' if url else ''}", took, bare, "target 50,000 a second")
        kept = child("keep", home, url)
        say(f"the past of {TEAMS} teams and of all, the first time: {kept['cpu']:.0f} s of CPU, {kept['peak']:.0f} MB")
        day = increment(folder, Path(home) / "day", INCREMENT)
        again = child("take", home, str(day), url)
        say(f"increment of {again['rows']:,.0f} rows: {again['wall']:.1f} s, {again['cpu']:.1f} s of CPU")
        past = child("keep", home, url)
        look = child("look", home, url)
        say(
            f"one team's numbers: median {look['median'] * 1e3:.0f} ms, p95 {look['p95'] * 1e3:.0f} ms (target 300); "
            f"by CPU {look['cpu'] * 1e3:.0f} ms, {look['cpu'] / look['bare']:.0f}x to count its rows in plain SQL; "
            f"peak {look['peak']:.0f} MB"
        )
        say(
            f"after the increment: the past once more {past['cpu']:.1f} s of CPU; {look['digests']:.0f} weekly digests "
            f"{look['data']:.1f} s for what they say, {look['drawn']:.1f} s for words and pictures"
        )
        parts = ("cpu", look["data"] + look["drawn"]), ("wall", look["wall"])
        whole = {kind: again[kind] + past[kind] + digests for kind, digests in parts}
        say(f"increment, past and digests: {whole['wall']:.1f} s, {whole['cpu']:.1f} s of CPU (target 30 s)")
        if not url:
            say(f"database {sum(path.stat().st_size for path in Path(home).glob('bench.db*')) / 1e6:,.0f} MB")


def told(what: str, took: dict[str, float], bare: dict[str, float], target: str) -> None:
    rows = took["rows"]
    say(
        f"{what}: {rows / took['wall']:,.0f} rows a second ({target}), {rows / took['cpu']:,.0f} by CPU, "
        f"{took['cpu'] / bare['cpu']:.1f}x bare rows into bare tables; peak {took['peak']:.0f} MB (target 500 MB)"
    )


def say(line: str) -> None:
    print(f"crm: {line}", flush=True)


def child(part: str, *given: str) -> dict[str, float]:
    """What a process of its own measured."""
    command = [sys.executable, "-m", "benchmarks.crm", part, *given]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def increment(folder: Path, day: Path, rows: int) -> Path:
    """A day later: some deals as they are now or with another amount, and what happened to them. Most of them are open;
    one in fifty is any, of whatever year."""
    dice, later = random.Random(1), NOW + timedelta(hours=9)
    day.mkdir()
    with (folder / "deals.csv").open(encoding="utf-8", newline="") as file:
        deals = list(csv.DictReader(file))
    alive = [deal for deal in deals if deal["status"] == "open"]
    among = [dice.choice(alive if dice.random() > ODD else deals) for _ in range(rows)]
    lines: dict[str, list[list[str]]] = {"deals": [], "moves": [], "touches": []}
    for deal in {deal["deal"]: deal for deal in among[: int(rows * SHARES["deals"])]}.values():
        lines["deals"].append(list((deal | {"amount": str(dice.randrange(1, 90) * 1000)}).values()))
    for n, deal in enumerate(among[: int(rows * SHARES["moves"])]):
        at = (later - timedelta(seconds=n)).isoformat()
        lines["moves"].append([deal["deal"], "Demo", "Proposal", at])
    for n, deal in enumerate(among[: int(rows * SHARES["touches"])]):
        at = (later - timedelta(seconds=n)).isoformat()
        lines["touches"].append([deal["deal"], deal["account"], deal["owner"], "call", "out", at, "spoke of the offer"])
    for kind, some in lines.items():
        head = (folder / f"{kind}.csv").open(encoding="utf-8").readline()
        with (day / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(head)
            csv.writer(file).writerows(some)
    return day


# in a process of its own


def take(home: str, folder: str, url: str) -> dict[str, float]:
    """Import a folder."""
    db = Database(url or f"sqlite:///{home}/bench.db")
    db.migrate()
    with db.begin() as connection:
        done = team.import_roster(connection, 1, roster(sellers(TEAMS)).encode(), NOW)
        assert not done.faults, done.faults[:3]
    began, spent = time.perf_counter(), time.process_time()
    found = import_folder(db, 1, Path(folder), NOW + timedelta(hours=12))
    assert not found.faults, found.faults
    rows = sum(count.added + count.changed + count.unchanged + count.twice for count in found.counts.values())
    spent = time.process_time() - spent
    return {"rows": rows, "wall": time.perf_counter() - began, "cpu": spent, "peak": peak()}


def bare(home: str, folder: str) -> dict[str, float]:
    """The same files, cell by cell as they stand, into tables that nothing is asked of."""
    began, rows = time.process_time(), 0
    with closing(sqlite3.connect(f"{home}/bare.db")) as db, db:
        for path in sorted(Path(folder).iterdir()):
            with path.open(encoding="utf-8", newline="") as file:
                reader = csv.reader(file)
                names = next(reader)
                db.execute(f"CREATE TABLE {path.stem} ({', '.join(names)})")
                blanks = ", ".join("?" * len(names))
                rows += db.executemany(f"INSERT INTO {path.stem} VALUES ({blanks})", reader).rowcount
    for path in Path(home).glob("bare.db*"):
        path.unlink()
    return {"rows": rows, "cpu": time.process_time() - began}


def look(home: str, url: str) -> dict[str, float]:
    """The numbers of each team's manager; and the rows behind one team's, counted in plain SQL."""
    db = Database(url or f"sqlite:///{home}/bench.db")
    with db.read() as connection:
        managers = [person for person in team.people(connection, 1) if person.key.startswith("m")]
        kpi.numbers(connection, managers[0], NOW)  # what is made once in a process
        spent = time.process_time()
        times = [seconds(lambda who=who: kpi.numbers(connection, who, NOW)) for who in every(managers, ASKED)]
        spent = (time.process_time() - spent) / len(times)
        counts = [timed(lambda n=n: count(connection, n)) for n in range(0, TEAMS, TEAMS // 10)]
        digests = weekly(connection, managers)
    found = digests | {"cpu": spent, "median": statistics.median(times), "p95": statistics.quantiles(times, n=20)[-1]}
    return found | {"all": statistics.mean(times) * TEAMS, "bare": statistics.median(counts), "peak": peak()}


def weekly(db: Connection, managers: list[Person]) -> dict[str, float]:
    """The CPU time of everybody's weekly digests: `data` for what they say, `drawn` for words and pictures."""
    began = time.perf_counter()
    desk, spent = Desk(db, 1, NOW, UTC), time.process_time()
    told = [desk.digest(who, Kind.WEEKLY, digests.wish_of(db, who)) for who in managers]
    read = time.process_time()
    pictures = sum(len(voice.digest(one, "", who.language).pictures) for who, one in zip(managers, told, strict=True))
    drawn, wall = time.process_time() - read, time.perf_counter() - began
    return {"digests": len(managers), "pictures": pictures, "data": read - spent, "drawn": drawn, "wall": wall}


def keep(home: str, url: str) -> dict[str, float]:
    """Bring what is kept of the past up to date."""
    began, spent = time.perf_counter(), time.process_time()
    kpi.keep_past(Database(url or f"sqlite:///{home}/bench.db"), 1, NOW + timedelta(hours=12))
    return {"cpu": time.process_time() - spent, "wall": time.perf_counter() - began, "peak": peak()}


def every(among: list[Person], most: int) -> Iterator[Person]:
    yield from among[:: max(len(among) // most, 1)]


def count(db: Connection, n: int) -> None:
    """How many moves and touches the deals of a team have: what its numbers cannot do without."""
    owners = ", ".join(f"'p{n * PER_TEAM + k:04}'" for k in range(PER_TEAM))
    for table in ("crm_move", "crm_touch"):
        db.exec_driver_sql(
            f"SELECT count(*), max(t.at) FROM crm_deal d JOIN {table} t ON t.workspace_id = 1 AND t.deal = d.deal "
            f"WHERE d.workspace_id = 1 AND d.owner IN ({owners})"
        ).all()


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak() -> float:
    """MB of this process at most; macOS counts bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 if sys.platform == "darwin" else 1 / 1024) / 1024 / 1024


def asked() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crm")
    parser.add_argument("--deals", type=int, default=DEALS)
    parser.add_argument("--url", default="", help="an empty Postgres database, in place of SQLite")
    wanted = parser.parse_args()
    measure(wanted.deals, wanted.url)


if __name__ == "__main__":
    parts: dict[str, Callable[..., dict[str, float]]] = {"take": take, "bare": bare, "keep": keep, "look": look}
    if sys.argv[1:2] and sys.argv[1] in parts:
        print(json.dumps(parts[sys.argv[1]](*sys.argv[2:])))
    else:
        asked()
