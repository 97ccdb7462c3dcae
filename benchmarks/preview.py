"""`paceline standup preview` for 10,000 people and 30 days, beside writing as many lines of JSON alone."""

import json
import os
import subprocess
import sys
import tempfile
import time

from benchmarks.company import file_in, roster


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = file_in(folder, "roster.csv", roster(10_000, 500))
        dates = ["--from", "2026-06-01", "--to", "2026-06-30"]
        command = [sys.executable, "-m", "bot", "standup", "preview", "--roster", str(path), *dates]
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=True, env=os.environ | {"PYTHONPATH": os.getcwd()})
        ours = time.perf_counter() - began
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        began = time.perf_counter()
        for row in rows:
            json.dumps(row)
        bare = time.perf_counter() - began
    print(f"preview: {len(rows)} lines {ours:.1f} s (target 10 s), {ours / bare:.1f}x of json.dumps of the same")
