"""`python -m benchmarks [NAME ...]` runs all of them, or those that are named."""

import sys

from benchmarks import answer, crm, drain, due, idle, inbound, library, library_scale, preview, start

ALL = {
    "due": due.main,
    "idle": idle.main,
    "answer": answer.main,
    "preview": preview.main,
    "start": start.main,
    "inbound": inbound.main,
    "drain": drain.main,
    "library": library.main,
    "scale": library_scale.main,
    "crm": crm.main,
}

for name in sys.argv[1:] or ALL:
    ALL[name]()
