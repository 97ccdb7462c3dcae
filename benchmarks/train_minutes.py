"""Trains the linear models of the minutes and says how well they do.

    python -m benchmarks.train_minutes FOLDER [--write]
    python -m benchmarks.train_minutes --calls [--write]

FOLDER holds meetings, a JSON object a line in `*.jsonl`: `meeting` (its name; the last letter counts the meetings of
one series), `utterances` (`i`, `speaker`, `text`), `summary` (for `actions` and `decisions`: items with the `links` to
their utterances) and `extractive` (the utterances that matter). The AMI corpus (CC BY 4.0) comes so. Nothing of it is
kept but the weights, which `--write` puts beside the engine. Five folds by series judge; the weights come from all.

`--calls` trains the model that says which promises and requests of a sales call are to-dos, on our own calls in
`tests/bot/minutes/calls/open`; ten folds by call judge.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from bot.minutes.model import ObjectionKind, Speaker, Transcript, Turn
from bot.minutes.offline.candidates import Candidate, Reading
from bot.minutes.offline.features import features
from bot.minutes.offline.linear import SIZE, hashed, packed
from bot.minutes.offline.objections import marks as objected
from bot.minutes.offline.objections import ours_of, theirs
from bot.minutes.offline.people import People
from bot.minutes.offline.weighing import marks
from tests.bot.minutes import calls

WEIGHTS = Path(__file__).parent.parent / "bot/minutes/offline/weights"
FOLDS = 5
CALL_FOLDS = 10
CALLS = (0.3, 1.0)
OBJECTIONS = (0.1, 2.0)
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
    return placed([hashed(row) for row in features(transcript(meeting))])


def placed(places: Sequence[Sequence[int]]) -> csr_matrix:
    """Rows of places as a matrix."""
    starts = np.cumsum([0, *map(len, places)])
    flat = np.array([place for row in places for place in row], dtype=np.int64)
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


def is_todo(call: calls.Call, one: Candidate) -> bool:
    """Whether a candidate is what a reader marked in its lines."""
    for owed in call.todos.values():
        shared = set(one.lines) & set(owed.lines)
        if not shared or (one.owner and owed.owner and one.owner != owed.owner):
            continue
        alike = set(calls.words(one.text)) & set(calls.words(owed.task))
        brief = one.said.line in owed.lines and len(one.text) < 25
        if alike or one.accepted is not None or len(shared) > 1 or one.reports or brief:
            return True
    return False


def of_objections(write: bool) -> None:
    """The model of what customers have against it: each turn of theirs, by kind."""
    seen, wanted = [], []
    for call in calls.calls("open"):
        zh = call.transcript.language == "zh"
        pairs = [(turn, kind) for turn in theirs(call.transcript, ours_of(call.transcript)) for kind in ObjectionKind]
        seen.append(placed([hashed(objected(turn.text, kind, zh)) for turn, kind in pairs]))
        wanted.append(np.array([(kind, turn.i) in call.objections for turn, kind in pairs], dtype=float))
    weigh("objections", seen, wanted, OBJECTIONS, write)


def of_calls(write: bool) -> None:
    """Which promises and requests of a sales call are to-dos."""
    seen, wanted = [], []
    for call in calls.calls("open"):
        found = list(Reading(call.transcript, call.on, People(call.transcript, ())).found())
        size = len(call.transcript.turns)
        seen.append(placed([hashed(marks(one, size)) for one in found]))
        wanted.append(np.array([is_todo(call, one) for one in found], dtype=float))
    weigh("todos", seen, wanted, CALLS, write)


def weigh(
    name: str, seen: Sequence[csr_matrix], wanted: Sequence[np.ndarray], costs: tuple[float, float], write: bool
) -> None:
    """Say how well a model does on calls that it did not see, and store the one of all."""
    scores = []
    for fold in range(CALL_FOLDS):
        ours = [n for n in range(len(seen)) if n % CALL_FOLDS != fold]
        weights = fit(vstack([seen[n] for n in ours]), np.concatenate([wanted[n] for n in ours]), *costs)
        scores += [(n, seen[n] @ weights) for n in range(fold, len(seen), CALL_FOLDS)]
    right = np.concatenate(wanted)
    best, at = judged(np.concatenate([score for _n, score in sorted(scores, key=lambda one: one[0])]), right)
    print(f"{name}: F1 {best:.1f} of {int(right.sum())} in {len(right)} candidates of {len(seen)} calls, from {at:.2f}")
    if write:
        (WEIGHTS / f"{name}.bin").write_bytes(packed(list(fit(vstack(seen), right, *costs))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--calls", action="store_true")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    if asked.calls:
        of_calls(asked.write)
        of_objections(asked.write)
    if asked.folder is None:
        return
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
