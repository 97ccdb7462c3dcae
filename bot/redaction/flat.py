"""One way to write what people write in many: same length, so that places in it are places in the text. Pure."""

import unicodedata
from functools import lru_cache

_DASHES = "‐‑‒–—―−－﹣"
_PLAIN = str.maketrans("øØłŁđĐıħŧðÞþ", "oOlLdDihtdTt")
_SPACES = frozenset(map(chr, (*range(0x2000, 0x200E), 0xA0, 0xAD, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF)))


@lru_cache(maxsize=20_000)
def _one(char: str) -> str:
    if char.isascii():
        return char
    if char in _DASHES:
        return "-"
    if char in _SPACES:
        return " "
    if char.isdecimal():  # of any script
        return str(unicodedata.decimal(char))
    char = char.translate(_PLAIN)
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and plain.isascii():
        return plain
    bare = unicodedata.normalize("NFD", char)
    return bare[0] if bare[0].isascii() and bare[0].isalpha() else char


def flat(text: str) -> str:
    """ASCII digits, letters without accents, one kind of space, dash and full-width sign; as long as `text`."""
    return text if text.isascii() else "".join(map(_one, text))
