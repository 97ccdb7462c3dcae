"""`python -m benchmarks.maven FROM TO` turns Maven Analytics' "CRM Sales Opportunities" into a CRM folder.

FROM holds its CSV files, with or without `maven_` before their names; TO is written. Nothing is mended on the way, so
that an import shows what it makes of the faults: a product that no price list has, deals without an account or a date.
A deal that was never engaged has no date; it is created on the last day that the files have, since it must have one.
"""

import argparse
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

Row = dict[str, str]
STAGES = ("Prospecting", "Engaging")


def read(folder: Path, name: str) -> list[Row]:
    path = next(path for path in (folder / f"maven_{name}.csv", folder / f"{name}.csv") if path.exists())
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def deals(pipeline: list[Row]) -> Iterator[Row]:
    last = max(max(row["engage_date"], row["close_date"]) for row in pipeline)
    for row in pipeline:
        closed = row["deal_stage"] in ("Won", "Lost")
        yield {
            "deal": row["opportunity_id"],
            "name": f"{row['product']} for {row['account'] or 'nobody named'}",
            "account": row["account"],
            "owner": row["sales_agent"],
            "product_line": row["product"],
            "amount": row["close_value"],
            "currency": "USD",
            "stage": row["deal_stage"],
            "status": row["deal_stage"].lower() if closed else "open",
            "created": row["engage_date"] or last,
            "closed": row["close_date"],
        }


def moves(pipeline: list[Row]) -> Iterator[Row]:
    for row in pipeline:
        engaged = {"deal": row["opportunity_id"], "from_stage": STAGES[0], "to_stage": STAGES[1]}
        if row["engage_date"]:
            yield engaged | {"at": row["engage_date"]}
        if row["close_date"]:
            yield engaged | {"from_stage": STAGES[1], "to_stage": row["deal_stage"], "at": row["close_date"]}


def write(folder: Path, name: str, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)


def main(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    pipeline = read(source, "sales_pipeline")
    write(target, "stages", ({"stage": name, "position": str(at)} for at, name in enumerate(STAGES, 1)))
    theirs = (
        {"account": row["account"], "name": row["account"], "industry": row["sector"]}
        | {"region": row["office_location"]}
        for row in read(source, "accounts")
    )
    write(target, "accounts", theirs)
    write(target, "deals", deals(pipeline))
    write(target, "moves", moves(pipeline))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", metavar="FROM", type=Path)
    parser.add_argument("target", metavar="TO", type=Path)
    asked = parser.parse_args()
    main(asked.source, asked.target)
