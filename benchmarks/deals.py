"""`python -m benchmarks.deals DIR --deals 100000` writes a CRM folder of that size, and its roster beside it."""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.demo_deals.folder import write
from bot.demo_deals.plan import Drop, Plan, Seller

NOW = datetime(2026, 6, 11, 9, 0, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Africa/Lagos", "America/Sao_Paulo")
REGIONS = ("East China", "DACH", "India", "US East", "", "")
MONEY = ("CNY", "EUR", "INR", "USD", "USD", "USD")
PER_TEAM = 5


def sellers(teams: int) -> list[Seller]:
    return [
        Seller(
            f"p{n:04}",
            f"Team {n // PER_TEAM:03}",
            ZONES[at],
            "zh" if at == 0 else "en",
            REGIONS[at],
            currency=MONEY[at],
        )
        for n in range(teams * PER_TEAM)
        for at in [n // PER_TEAM % len(ZONES)]
    ]


def roster(among: list[Seller]) -> str:
    lines = ["person,name,team,role,timezone,language,manager,region,product_line"]
    for team, zone in dict.fromkeys((s.team, s.zone) for s in among):
        lines.append(f"m{team[-3:]},Manager {team[-3:]},{team},manager,{zone},en,,,")
    lines += [
        f"{s.key},Rep {s.key[1:]},{s.team},rep,{s.zone},{s.language},m{s.team[-3:]},{s.region},{s.product_line}"
        for s in among
    ]
    return "\n".join(lines) + "\n"


def plan(deals: int, *, teams: int = 200, seed: int = 1, now: datetime = NOW) -> Plan:
    return Plan(now, sellers(teams), deals, seed=seed, drop=Drop(2, "2026-W16", 0.5, "medical"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deals", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--teams", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    wanted = plan(asked.deals, teams=asked.teams, seed=asked.seed)
    began = time.perf_counter()
    counts = write(wanted, asked.folder)
    took = time.perf_counter() - began
    (asked.folder.parent / f"{asked.folder.name}-roster.csv").write_text(roster(sellers(asked.teams)), encoding="utf-8")
    print(", ".join(f"{kind} {n:,}" for kind, n in counts.items()))
    print(f"{sum(counts.values()) / took:,.0f} rows a second")


if __name__ == "__main__":
    main()
