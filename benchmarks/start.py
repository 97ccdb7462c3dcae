"""Cold start of `paceline serve` until /healthz answers, beside a bare interpreter; and its memory when idle."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

PORT = 8199


def main() -> None:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    bare = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {"PACELINE_HOME": home, "PACELINE_PORT": str(PORT), "PYTHONPATH": os.getcwd()}
        subprocess.run([sys.executable, "-m", "bot", "migrate"], env=env, check=True, capture_output=True)
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=env, stderr=subprocess.DEVNULL)
        while not answers() and time.perf_counter() - began < 30:
            time.sleep(0.02)
        took = time.perf_counter() - began
        time.sleep(3)
        memory = resident(process.pid)
        process.terminate()
        process.wait(10)
    print(f"start: healthy after {took:.2f} s, {took / bare:.0f}x a bare interpreter (target 2 s); idle {memory}")


def answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=1) as reply:
            return reply.status == 200
    except OSError:
        return False


def resident(pid: int) -> str:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return "memory unknown here"
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return f"{int(line.split()[1]) / 1024:.0f} MB (target 130 MB)"
