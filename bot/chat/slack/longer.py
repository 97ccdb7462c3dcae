"""Words that do not fit where Slack would keep them for us: kept in a file named by what it holds.

A button takes 2,000 characters, an option 150, a form 3,000; what people typed may be longer.
"""

import hashlib
import re
import time
from pathlib import Path

_TOKEN = re.compile(r"kept:[0-9a-f]{40}")
KEPT = 90 * 86400  # seconds


def token(folder: Path, text: str, most: int) -> str:
    """`text` itself where it fits into `most` characters, else what `read` finds it by."""
    if 0 < len(text) <= most and not _TOKEN.fullmatch(text):
        return text
    name = hashlib.sha256(text.encode()).hexdigest()[:40]
    path = folder / "kept" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return f"kept:{name}"


def read(folder: Path, given: str) -> str:
    """What `token` was given; "" when that is not there any more."""
    if not _TOKEN.fullmatch(given):
        return given
    try:
        return (folder / "kept" / given.removeprefix("kept:")).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def forget(folder: Path) -> None:
    """Drop what nobody can press any more."""
    for path in (folder / "kept").glob("*"):
        if path.stat().st_mtime < time.time() - KEPT:
            path.unlink(missing_ok=True)
