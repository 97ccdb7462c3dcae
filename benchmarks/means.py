"""`python -m benchmarks.means` makes what ships beside the starter library: the mean vector of each language.

It prints, too, from what PRIOR and PRIOR_LEXICAL in `bot/library/bands.py` are set: how sure the search looks when the
starter's own phrasings are asked and their card is left out. Run it again whenever the starter or the model changes.
"""

import numpy as np

from benchmarks.library import Remembering, libraries, starter
from bot.library import bands, shipped
from bot.library.index import Meanings, Segment, rows_of
from bot.library.text import speaks

MANY = 30


def main() -> None:
    encoder = Remembering()
    with libraries(encoder) as made:
        spoken = {language: rows_of(starter(made.db, language)) for language in ("en", "zh")}
    vectors = {language: encoder.encode([row.text for row in rows]) for language, rows in spoken.items()}
    means = {language: rows.mean(0).astype(np.float32) for language, rows in vectors.items()}
    np.savez(shipped.FILE, **means)
    print(f"means: {', '.join(f'{len(rows)} texts in {language}' for language, rows in vectors.items())}")
    meaning: list[float] = []
    words: list[float] = []
    for language, rows in spoken.items():
        languages = [speaks(row.text) for row in rows]
        placed = Meanings.of(vectors[language], languages, means).place(vectors[language], languages)
        found = bands.ask(Segment.of(rows, placed), rows)
        for kind, all_, sure in zip(("meaning", "words"), (meaning, words), found, strict=True):
            print(f"means: {language} by {kind}: {quantiles(sure)}")
            all_ += sure
    print(f"PRIOR = ({quantiles(meaning)})")
    print(f"PRIOR_LEXICAL = ({quantiles(words)})")


def quantiles(sure: list[float]) -> str:
    return ", ".join(f"{q:.3f}" for q in np.quantile(sure, (np.arange(MANY) + 0.5) / MANY))


if __name__ == "__main__":
    main()
