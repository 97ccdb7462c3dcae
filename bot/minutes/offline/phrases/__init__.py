"""What people say, in files that anybody may edit: a regular expression a line, under headings."""

import re
from functools import cache
from importlib.resources import files


@cache
def phrases(name: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a file by its headings, case aside. `name`: without the ending."""
    found: dict[str, list[str]] = {}
    for line in (files(__name__) / f"{name}.txt").read_text("utf-8").splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            under = found.setdefault(heading[1], [])
        elif line and not line.startswith("#"):
            under.append(line)
    return {heading: re.compile("|".join(lines), re.IGNORECASE) for heading, lines in found.items()}
