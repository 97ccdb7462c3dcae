"""The base of a search as a file, so that a restart need not make it again. It holds no text of any card."""

import logging
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from bot.library.bands import Fit
from bot.library.index import Meanings, Segment
from bot.library.lexical import Postings, Terms
from bot.library.model import Bands

log = logging.getLogger("paceline.library")
FORM = 1  # counted up whenever what is kept here, or how it is made, changes


def save(file: Path, model: str, parts: dict[str, Any]) -> None:
    """Keep a base; `parts` are its fields. A file that cannot be written costs time at the next start, no more."""
    flat: dict[str, Any] = {"form": FORM, "model": model, "seq": parts["seq"], "embedded": parts["embedded"]}
    segment: Segment = parts["segment"]
    for name in ("cards", "first", "chinese", "blank"):
        flat[name] = getattr(segment, name)
    flat["vectors"] = segment.vectors.astype(np.float16)
    for kind, terms, postings in zip(("words", "grams"), parts["terms"], (segment.words, segment.grams), strict=True):
        flat[f"{kind}.tokens"] = np.frombuffer("\n".join(terms.place).encode(), np.uint8)
        flat |= {f"{kind}.weight": terms.weight, f"{kind}.usual": [terms.unknown, terms.usual_length]}
        flat |= {f"{kind}.{part.name}": getattr(postings, part.name) for part in fields(postings)}
    for kind in ("by_meaning", "by_words"):
        fit: Fit = parts[kind]
        flat |= {f"{kind}.hub": fit.hub, f"{kind}.bands": [fit.bands.answer, fit.bands.none]}
    meanings: Meanings | None = parts["meanings"]
    flat |= {f"mean.{language}": mean for language, mean in (meanings.means if meanings else {}).items()}
    part = file.with_suffix(".part.npz")
    try:
        with part.open("wb") as out:
            np.savez(out, **flat)
        os.replace(part, file)
    except OSError as fault:
        log.warning("the library's index could not be kept (%s); it is made again at the next start", fault)
        part.unlink(missing_ok=True)


def load(file: Path, model: str) -> dict[str, Any] | None:
    """The fields of a base, or None when there is none for this model and form."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            if int(kept["form"]) != FORM or str(kept["model"]) != model:
                return None
            return _parts({name: kept[name] for name in kept.files})
    except FileNotFoundError:
        return None
    except Exception:  # a file cut short or changed by somebody; zipfile and numpy raise many kinds
        log.warning("the library's index in %s cannot be read; it is made again", file)
        return None


def _parts(flat: dict[str, Any]) -> dict[str, Any]:
    terms, postings = [], []
    for kind in ("words", "grams"):
        text = flat[f"{kind}.tokens"].tobytes().decode()
        unknown, usual = map(float, flat[f"{kind}.usual"])
        place = {token: i for i, token in enumerate(text.split("\n"))} if text else {}
        terms.append(Terms(place, flat[f"{kind}.weight"], unknown, usual))
        many = int(flat[f"{kind}.many"])
        postings.append(Postings(flat[f"{kind}.start"], flat[f"{kind}.rows"], flat[f"{kind}.adds"], many))
    means = {name.removeprefix("mean."): mean for name, mean in flat.items() if name.startswith("mean.")}
    kept = {name: flat[name] for name in ("cards", "first", "chinese", "blank")}
    segment = Segment(vectors=flat["vectors"].astype(np.float32), words=postings[0], grams=postings[1], **kept)
    fits = {k: Fit(flat[f"{k}.hub"], Bands(*map(float, flat[f"{k}.bands"]))) for k in ("by_meaning", "by_words")}
    stand = {"seq": int(flat["seq"]), "embedded": int(flat["embedded"])}
    return stand | fits | {"meanings": Meanings(means) if means else None, "terms": tuple(terms), "segment": segment}
