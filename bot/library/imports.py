"""Takes files of cards into the library, all or nothing, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.db import Connection
from bot.library import store
from bot.library.columns import in_a_language
from bot.library.files import Entry, read_cards
from bot.library.model import Card, revised, same
from bot.tables import Fault, Source
from bot.team import service as team

STARTER = Path(__file__).parent / "starter"


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did, or with `dry_run` would do. It did nothing when there are `faults`.

    `strangers`: owners whom the roster does not know; their cards were taken without one.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: Sequence[Fault] = ()
    unknown: Sequence[str] = ()
    strangers: Sequence[str] = ()
    dry_run: bool = False


def import_cards(
    db: Connection,
    workspace: int,
    source: Source,
    now: datetime,
    *,
    name: str = "",
    by: int | None = None,
    dry_run: bool = False,
) -> Import:
    """Bring the cards of a file or folder into the library by their ids; those that it does not name stay.

    A column that the file lacks leaves what is there. Importing the same file again changes nothing.
    """
    found = read_cards(source, name)
    if found.faults:
        return Import(faults=found.faults, unknown=found.unknown, dry_run=dry_run)
    cards, fresh = _compared(db, workspace, found.entries)
    if fresh and not dry_run:
        seq = store.next_seq(db, workspace)
        store.save(db, [revised(card, seq, now, by) for card in fresh])
    added = sum(not card.id for card in fresh)
    strangers = dict.fromkeys(card.owner for card in cards if card.owner and card.owner_id is None)
    counts = (added, len(fresh) - added, len(cards) - len(fresh))
    return Import(*counts, unknown=found.unknown, strangers=tuple(strangers), dry_run=dry_run)


def _compared(db: Connection, workspace: int, entries: Sequence[Entry]) -> tuple[list[Card], list[Card]]:
    """The cards of the entries, and of them those that are new (`id` 0) or differ from what is there."""
    there = {card.key: card for card in store.cards(db, workspace)}
    owners = _owners(db, workspace, entries)
    cards = [_card(workspace, entry.values, there.get(entry.values["id"]), owners) for entry in entries]
    return cards, [card for card in cards if card.key not in there or not same(there[card.key], card)]


def _owners(db: Connection, workspace: int, entries: Sequence[Entry]) -> dict[str, int]:
    said = {str(entry.values.get("owner", "")) for entry in entries}
    found = {name: team.find_person(db, workspace, name) for name in said if name}
    return {name: who.id for name, who in found.items() if who}


def _card(workspace: int, values: Mapping[str, Any], before: Card | None, owners: Mapping[str, int]) -> Card:
    """The next state of a card. An owner who left the roster stays the owner of what the file says was theirs."""
    base = before or Card(0, workspace, values["id"], "", "", version=0)
    card = replace(base, **{name: value for name, value in values.items() if name != "id"})
    kept = base.owner_id if card.owner == base.owner else None
    return in_a_language(replace(card, owner_id=owners.get(card.owner, kept)))


def import_starter(
    db: Connection, workspace: int, now: datetime, language: str = "", *, dry_run: bool = False
) -> Import:
    """The cards that come with Paceline, in one language or in both."""
    return import_cards(db, workspace, STARTER / language if language else STARTER, now, dry_run=dry_run)
