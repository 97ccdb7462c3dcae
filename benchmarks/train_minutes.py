"""Trains the linear models of the minutes and says how well they do.

    python -m benchmarks.train_minutes FOLDER [--write]

FOLDER holds meetings, a JSON object a line in `*.jsonl`: `meeting` (its name; the last letter counts the meetings of
one series), `utterances` (`i`, `speaker`, `text`), `summary` (for `actions` and `decisions`: items with the `links` to
their utterances) and `extractive` (the utterances that matter). The AMI corpus (CC BY 4.0) comes so. Nothing of it is
kept but the weights, which `--write` puts beside the engine. Five folds by series judge; the weights come from all.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from bot.minutes.model import Speaker, Transcript, Turn
from bot.minutes.offline.features import features
from bot.minutes.offline.linear import SIZE, hashed, packed

WEIGHTS = Path(__file__).parent.parent / "bot/minutes/offline/weights"
FOLDS = 5
MODELS = {
    "actions": (0.1, 3.0),
    "decisions": (0.05, 3.0),
    "extractive": (0.02, 1.0),
}  # how much an error, a miss counts


def meetings(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.open(encoding="utf-8")]


def transcript(meeting: dict[str, Any]) -> Transcript:
    turns = tuple(Turn(n, one["speaker"], one["text"]) for n, one in enumerate(meeting["utterances"]))
    return Transcript(
        turns, tuple(Speaker(name) for name in dict.fromkeys(turn.speaker for turn in turns)), "en", "ami"
    )


def rows(meeting: dict[str, Any]) -> csr_matrix:
    """The hashed features of a meeting, a row an utterance."""
    places = [hashed(row) for row in features(transcript(meeting))]
    starts = np.cumsum([0, *map(len, places)])
    flat = np.concatenate([np.array(row, dtype=np.int64) for row in places])
    return csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(places), SIZE))


def linked(meeting: dict[str, Any], what: str) -> np.ndarray:
    """Which utterances belong to an item."""
    summary = meeting["summary"].get(what, [])
    links = meeting["extractive"] if what == "extractive" else [link for item in summary for link in item["links"]]
    return np.array([one["i"] in set(links) for one in meeting["utterances"]], dtype=float)


def fit(seen: csr_matrix, wanted: np.ndarray, strength: float, miss: float) -> np.ndarray:
    """Logistic regression with a quadratic penalty. `miss`: how much more a missed utterance costs than a wrong one."""
    sign, cost = np.where(wanted > 0, 1.0, -1.0), np.where(wanted > 0, miss, 1.0) * strength

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = (seen @ weights) * sign
        slope = seen.T @ (-cost * sign / (1 + np.exp(np.clip(margin, -30, 30))))
        return float((cost * np.logaddexp(0, -margin)).sum() + 0.5 * weights @ weights), slope + weights

    return np.asarray(minimize(loss, np.zeros(seen.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 100}).x)


def held_out(
    found: Sequence[dict[str, Any]], seen: Sequence[csr_matrix], what: str
) -> Iterator[tuple[int, np.ndarray]]:
    """Each meeting's scores by a model that saw no meeting of its series."""
    series = sorted({meeting["meeting"][:-1] for meeting in found})
    for fold in range(FOLDS):
        out = set(series[fold::FOLDS])
        ours = [n for n, meeting in enumerate(found) if meeting["meeting"][:-1] not in out]
        wanted = np.concatenate([linked(found[n], what) for n in ours])
        weights = fit(vstack([seen[n] for n in ours]), wanted, *MODELS[what])
        yield from ((n, seen[n] @ weights) for n, meeting in enumerate(found) if meeting["meeting"][:-1] in out)


def judged(scores: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    """The best F1 in percent, and the score from which it is reached."""
    order = np.argsort(-scores)
    hits = np.cumsum(wanted[order])
    f1 = 200 * hits / (np.arange(1, len(order) + 1) + wanted.sum())
    best = int(np.argmax(f1))
    return float(f1[best]), float(scores[order][best])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    found = meetings(asked.folder)
    seen = [rows(meeting) for meeting in found]
    for what in MODELS:
        scores = dict(held_out(found, seen, what))
        wanted = np.concatenate([linked(meeting, what) for meeting in found])
        best, at = judged(np.concatenate([scores[n] for n in range(len(found))]), wanted)
        print(f"{what}: F1 {best:.1f} of {int(wanted.sum())} utterances, from a score of {at:.2f}")
        if asked.write:
            weights = fit(vstack(seen), wanted, *MODELS[what])
            (WEIGHTS / f"{what}.en.bin").write_bytes(packed(list(weights)))


if __name__ == "__main__":
    main()
