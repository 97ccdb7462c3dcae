"""How a card came to read as it does: its versions, and of each what changed, old and new. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.library.model import Card, State, differing
from bot.team.model import Role
from bot.voice import labels
from bot.voice import library as voice
from prompts import N_, listing, long_day, words

MOST = 30  # versions that are shown

_FIELDS = {
    "title": N_("Title"),
    "answer": N_("What to say"),
    "phrasings": N_("How customers put it"),
    "language": N_("Language"),
    "industry": N_("Industry"),
    "product": N_("Product"),
    "stage": N_("Stage"),
    "tags": N_("Tags"),
    "variants": N_("What to say, by industry"),
    "points": N_("What a good answer covers"),
    "roles": N_("Who may see it"),
    "owner": N_("Owner"),
    "review_by": N_("Look at it again on"),
    "state": N_("State"),
}
STATES = {State.DRAFT: N_("draft"), State.APPROVED: N_("approved"), State.RETIRED: N_("retired")}
LANGUAGES = {"en": "English", "zh": "中文"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field. `old` and `new` are short texts, "" for nothing; `added` and `gone` are lines of a list; `was` is a
    long text as it read before."""

    label: str
    old: str = ""
    new: str = ""
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    was: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A version. `by` is "" when it came from a file; the first one changed nothing."""

    version: int
    at: datetime
    by: str
    changes: tuple[Change, ...]


def lines(versions: Sequence[tuple[datetime, int | None, Card]], names: Mapping[int, str], language: str) -> list[Line]:
    """Of versions, newest first, what each changed."""
    _ = words(language)
    found = []
    before: list[Card | None] = [was for _at, _who, was in versions[1:]]
    for (at, person, now), was in zip(versions[:MOST], [*before, None], strict=False):
        by = (names.get(person) or _("Somebody who left")) if person else ""
        changes = _changes(was, now, names, language) if was else ()
        found.append(Line(now.version, at, by, changes))
    return found


def _changes(was: Card, now: Card, names: Mapping[int, str], language: str) -> tuple[Change, ...]:
    _ = words(language)
    found: list[Change] = []
    for name in differing(was, now):
        label, old, new = _(_FIELDS[name]), getattr(was, name), getattr(now, name)
        if name in ("phrasings", "points"):
            added, gone = (tuple(x for x in one if x not in other) for one, other in ((new, old), (old, new)))
            found.append(Change(label, added=added, gone=gone))
        elif name == "answer":
            found.append(Change(label, was=old))
        elif name == "variants":
            found += [
                Change(f"{_(_FIELDS['answer'])}: {voice.industry(trade, language)}", was=old.get(trade, ""))
                for trade in dict.fromkeys([*old, *new])
                if old.get(trade) != new.get(trade)
            ]
        else:
            found.append(Change(label, _short(name, was, names, language), _short(name, now, names, language)))
    return tuple(found)


def _short(name: str, card: Card, names: Mapping[int, str], language: str) -> str:
    _ = words(language)
    value: Any = getattr(card, name)
    match name:
        case "owner":
            return names.get(card.owner_id or 0, card.owner)
        case "state":
            return _(STATES[value])
        case "roles":
            return listing([labels.role(role, language) for role in Role if role in value], language) or _("everybody")
        case "tags":
            return " · ".join(value)
        case "review_by":
            return long_day(value, language) if value else ""
        case "language":
            return LANGUAGES.get(str(value), str(value))
        case "industry":
            return voice.industry(value, language)
        case "stage":
            return voice.stage(value, language)
    return str(value)
