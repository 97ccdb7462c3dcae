"""Small linear models: hashed features against a file of weights. Trained by `benchmarks/train_minutes.py`."""

import struct
import zlib
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

BITS = 15
SIZE = 1 << BITS
_HEAD = struct.Struct("<f")


def hashed(features: Iterable[str]) -> list[int]:
    """Where the weight of each feature stands, each place once."""
    return sorted({zlib.crc32(name.encode()) % SIZE for name in features})


def score(model: str, places: Sequence[Sequence[int]]) -> list[float]:
    """The log odds of each row of places. `model`: the name of its file."""
    step, weights = _weights(model)
    return [step * sum(weights[place] for place in row) for row in places]


def packed(weights: Sequence[float]) -> bytes:
    """Weights as the file holds them: a step, then a signed byte a weight."""
    step = max(abs(weight) for weight in weights) / 127
    return _HEAD.pack(step) + array("b", (round(weight / step) for weight in weights)).tobytes()


@cache
def _weights(model: str) -> "tuple[float, array[int]]":
    data = (files("bot.minutes.offline") / "weights" / f"{model}.bin").read_bytes()
    weights = array("b")
    weights.frombytes(data[_HEAD.size :])
    return float(_HEAD.unpack_from(data)[0]), weights
