"""`python -m benchmarks [NAME ...]` runs all of them, or those that are named."""

import sys

from benchmarks import answer, drain, due, idle, inbound, preview, start

ALL = {
    "due": due.main,
    "idle": idle.main,
    "answer": answer.main,
    "preview": preview.main,
    "start": start.main,
    "inbound": inbound.main,
    "drain": drain.main,
}

for name in sys.argv[1:] or ALL:
    ALL[name]()
