"""A large CRM picture, written straight into a database: `python -m benchmarks.picture URL --deals 200000`.

What a CRM of some years looks like to a query: deals in the order in which they were created, owners mixed. Five moves
and ten touches a deal, one account to two deals, one lead to three. Seeded; a team of five owners to 5,000 deals.
"""

import argparse
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from bot.cli import tables  # noqa: F401 - declares every table
from bot.crm.model import LOST, NONE, WON, Stage
from bot.crm.store import EVER, TABLES, save_stages, source, state
from bot.crm.versions.store import analyze
from bot.db import Database, insert_new
from bot.team import service as team

NOW = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)
SPAN = 900  # days
STAGES = [
    Stage(n, name, float(n), touch_days=days, usual=timedelta(days=30), usual_of=500)
    for n, (name, days) in enumerate(
        [("Lead", 7.0), ("Talk", 7.0), ("Demo", 7.0), ("Trial", 7.0), ("Offer", 5.0), ("Contract", 3.0)], 1
    )
]
ADVANCE = [0.8, 0.85, 0.8, 0.8, 0.75, 0.75]
KINDS = ("call", "visit", "email", "im", "meeting", "demo", "quote")
BATCH = 20_000


def roster(teams: int) -> str:
    head = "person,name,team,role,timezone,calendar,manager\nada,Ada,Office,admin,UTC,,\n"
    lines = []
    for t in range(teams):
        lines.append(f"m{t},Manager {t},Team {t},manager,Europe/Berlin,DE,\n")
        lines += [f"r{t}-{r},Rep {t} {r},Team {t},rep,Europe/Berlin,DE,m{t}\n" for r in range(5)]
    return head + "".join(lines)


class Picture:
    """Rows of all kinds; what is drawn depends on the seed alone."""

    def __init__(self, deals: int, seed: int = 1) -> None:
        self.deals, self.teams, self._random = deals, max(deals // 5000, 1), random.Random(seed)

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each with its kind, deal by deal in the order of their creation."""
        for at in range(self.deals // 2):
            yield (
                "accounts",
                _row(
                    "accounts",
                    account=f"A{at}",
                    name=f"Account {at}",
                    owner=self._owner(),
                    industry=self._random.choice(["retail", "software", "health", ""]),
                    region=self._random.choice(["north", "south", "east", ""]),
                    contact=self._random.choice(["Kim", ""]),
                ),
            )
        for at in range(self.deals):
            yield from self._deal(at, NOW - timedelta(days=SPAN * (1 - at / self.deals)))

    def _owner(self) -> str:
        return f"r{self._random.randrange(self.teams)}-{self._random.randrange(5)}"

    def _deal(self, at: int, created: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
        draw, key, owner = self._random, f"D{at}", self._owner()
        account, stage, when, status, closed = f"A{draw.randrange(max(self.deals // 2, 1))}", 1, created, "open", None
        yield "moves", _row("moves", deal=key, from_stage=NONE, to_stage=1, at=when)
        while status == "open":
            left = when + timedelta(days=draw.expovariate(1 / 18), seconds=60)
            if left > NOW or draw.random() < 0.03:
                break
            advanced = draw.random() < ADVANCE[stage - 1]
            to = LOST if not advanced else WON if stage == len(STAGES) else stage + 1
            yield "moves", _row("moves", deal=key, from_stage=stage, to_stage=to, at=left)
            when, stage, status = left, to, {WON: "won", LOST: "lost"}.get(to, "open")
            closed = left if status != "open" else None
        yield (
            "deals",
            _row(
                "deals",
                deal=key,
                name=f"Deal {at}",
                account=account,
                owner=owner,
                stage=stage,
                product_line=draw.choice(["Cloud", "Data", "Care"]),
                status=status,
                created=created,
                amount=round(draw.lognormvariate(9, 1), 2),
                currency=draw.choice(["EUR", "EUR", "CNY"]),
                closed=closed,
                next_step=draw.choice(["call", ""]),
            ),
        )
        end = closed or NOW
        for mark in range(10):
            touched = created + (end - created) * draw.random()
            yield (
                "touches",
                _row(
                    "touches",
                    deal=key,
                    account=account,
                    owner=owner,
                    kind=draw.choice(KINDS),
                    direction=draw.choice(["in", "out"]),
                    at=touched,
                    mark=mark,
                ),
            )
        if at % 3 == 0:
            answered = created + timedelta(hours=draw.expovariate(1 / 9)) if draw.random() < 0.9 else None
            yield (
                "leads",
                _row(
                    "leads",
                    lead=f"L{at}",
                    source=draw.choice(["web", "fair", "call"]),
                    owner=owner,
                    created=created,
                    first_response=answered if answered and answered < NOW else None,
                    deal=key if draw.random() < 0.4 else "",
                ),
            )


def _row(table: str, /, **values: Any) -> dict[str, Any]:
    plain = {c.name: c.default.arg if c.default is not None else None for c in TABLES[table].c if c.name != "id"}  # type: ignore[attr-defined]
    return plain | {"workspace_id": 1, "since": 1, "until": EVER} | values


def fill(db: Database, deals: int, seed: int = 1) -> None:
    """A whole picture in an empty database."""
    picture = Picture(deals, seed)
    with db.begin() as connection:
        team.import_roster(connection, 1, roster(picture.teams).encode(), NOW)
        insert_new(connection, state, [{"workspace_id": 1, "generation": 1, "pending": 1}])
        save_stages(connection, 1, STAGES)
        heard = [
            {"workspace_id": 1, "source": "files", "kind": kind, "heard": NOW, "rows": 1, "columns": []}
            for kind in TABLES
        ]
        insert_new(connection, source, heard)
        insert_new(
            connection,
            TABLES["targets"],
            [
                _row("targets", team=f"Team {t}", period="2026-Q2", measure="won", target=500_000.0)
                for t in range(picture.teams)
            ],
        )
    waiting = picture.rows()
    while batch := list(islice(waiting, BATCH)):
        by_kind: dict[str, list[dict[str, Any]]] = {}
        for kind, row in batch:
            by_kind.setdefault(kind, []).append(row)
        with db.begin() as connection:
            for kind, rows in by_kind.items():
                insert_new(connection, TABLES[kind], rows)
    with db.begin() as connection:
        analyze(connection)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--deals", type=int, default=200_000)
    asked = parser.parse_args()
    db = Database(asked.url)
    db.migrate()
    fill(db, asked.deals)


if __name__ == "__main__":
    main()
