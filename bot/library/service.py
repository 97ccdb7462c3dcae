"""The use cases of the library. Functions that return values; they send nothing and put nothing into words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.db import Connection, Database
from bot.library import store
from bot.library.columns import tidy
from bot.library.gaps import Gap, close_gap, gaps, log_gap
from bot.library.imports import Import, import_cards, import_starter
from bot.library.model import Band, Card, Found, State, Wanted, industry_of, revised, same
from bot.library.shelf import Shelf
from bot.library.text import sound
from bot.team import service as team
from bot.team.model import Person, Role
from bot.team.roles import Action, may

__all__ = ["Gap", "Import", "close_gap", "gaps", "import_cards", "import_starter", "log_gap"]

REVIEW_EVERY = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got. `card` is there when the band is `answer`; `choices`: the closest, best first.

    `ask_id` is what buttons refer to; 0 when it was not kept. `empty`: the library holds no approved card at all.
    """

    ask_id: int
    wanted: Wanted
    found: Found
    card: Card | None = None
    choices: tuple[Card, ...] = ()
    empty: bool = False

    @property
    def text(self) -> str:
        """The talk track, verbatim, in the variant for the industry that was asked for."""
        return self.card.said_in(self.wanted.industry) if self.card else ""


def ask(
    db: Database, shelf: Shelf, wanted: Wanted, now: datetime, *, who: Person | None = None, deal: str = ""
) -> Answer:
    """Find what to say. What `who` asks is kept, so that it can be learnt from."""
    question, industry, stage = map(sound, (wanted.question, wanted.industry, wanted.stage))
    wanted = replace(wanted, question=question, industry=industry, stage=stage)
    found = shelf.search.find(wanted)
    with db.read() as look:
        workspace = shelf.workspace
        cards = {c.id: c for c in store.cards(look, workspace, ids=[hit.card_id for hit in found.hits[:3]])}
        empty = not found.hits and not store.cards(look, workspace, states=[State.APPROVED])
    # What changed since the index looked is judged by what stands in the table.
    near = [cards[hit.card_id] for hit in found.hits[:3] if hit.card_id in cards]
    near = [card for card in near if card.state is State.APPROVED and card.seen_by(wanted.role)]
    first = bool(near) and near[0].id == found.hits[0].card_id
    band = found.band if first or found.band is not Band.ANSWER else Band.CHOOSE
    band = band if near else Band.NONE
    found = replace(found, band=band)
    card = near[0] if band is Band.ANSWER else None
    answer = Answer(0, wanted, found, card, tuple(near) if band is not Band.NONE else (), empty)
    return replace(answer, ask_id=_keep(db, answer, who, deal, now)) if who else answer


def _keep(db: Database, answer: Answer, who: Person, deal: str, now: datetime) -> int:
    fresh = {
        "workspace_id": who.workspace_id,
        "at": now,
        "person_id": who.id,
        "question": answer.wanted.question[:2_000],
        "industry": industry_of(answer.wanted.industry),
        "stage": answer.wanted.stage,
        "deal": deal,
        "band": answer.found.band.value,
        "card_id": answer.card.id if answer.card else None,
        "confidence": answer.found.confidence,
    }
    with db.begin() as keeping:
        return store.add_ask(keeping, fresh)


def any_cards(db: Connection, workspace: int) -> bool:
    """Whether the library holds anything that could answer."""
    return store.count(db, workspace) > 0


# learning


def choose(db: Connection, who: Person, ask_id: int, card_id: int, now: datetime) -> tuple[Card, Wanted] | None:
    """Somebody says which card was meant. Their question is offered as one more phrasing of it, for a review."""
    asked, card = store.asked(db, who.workspace_id, ask_id), store.by_id(db, who.workspace_id, card_id)
    if asked is None or card is None or asked.person_id != who.id or not usable(card, who):
        return None
    store.save_ask(db, ask_id, card_id=card.id)
    known = {row.casefold() for row in card.rows}
    if asked.question.casefold() not in known and 3 <= len(asked.question) <= 300:
        store.add_offer(db, who.workspace_id, card.id, asked.question, who.id, now)
    return card, Wanted(asked.question, industry=asked.industry, stage=asked.stage, role=who.role)


def helped(db: Connection, who: Person, ask_id: int, yes: bool) -> bool:
    """Whether the card helped; False when that question is not theirs to judge."""
    asked = store.asked(db, who.workspace_id, ask_id)
    if asked is None or asked.person_id != who.id or asked.card_id is None:
        return False
    store.save_ask(db, ask_id, helped=yes)
    return True


def take_offer(db: Connection, who: Person, offer_id: int, now: datetime) -> Card | None:
    """Make an offered question a phrasing of its card; None when it is settled already."""
    for one in store.offers(db, who.workspace_id, offer_id=offer_id):
        card = store.by_id(db, who.workspace_id, one.card_id)
        if card is None:
            continue
        store.settle_offer(db, one.id, "taken")
        return save(db, who, replace(card, phrasings=(*card.phrasings, one.text)), now)
    return None


def refuse_offer(db: Connection, workspace: int, offer_id: int) -> bool:
    there = store.offers(db, workspace, offer_id=offer_id)
    for one in there:
        store.settle_offer(db, one.id, "refused")
    return bool(there)


# cards


def usable(card: Card | None, who: Person) -> bool:
    """Whether a card may be quoted to somebody."""
    return card is not None and card.state is State.APPROVED and card.seen_by(who.role)


def readable(card: Card | None, who: Person) -> bool:
    """Whether somebody may look at a card: what they may quote, and for those who keep the library its drafts."""
    if card is None or not card.seen_by(who.role):
        return False
    return card.state is State.APPROVED or card.changed_by == who.id or keeps(who, card)


def keeps(who: Person, card: Card | None = None) -> bool:
    """Whether somebody may decide about cards: those who keep the library, and the owner of one that is no draft."""
    own = card is not None and card.owner_id == who.id and card.state is not State.DRAFT
    return own or may(who, Action.KEEP_LIBRARY)


def save(db: Connection, who: Person, card: Card, now: datetime) -> Card:
    """Keep a new card or a new version; one that says the same as before is left as it is."""
    card = tidy(card)
    before = store.by_key(db, who.workspace_id, card.key)
    if before is not None and same(before, card):
        return before
    seq = store.next_seq(db, who.workspace_id)
    if before is None:
        fresh = replace(card, id=0, seq=seq, changed=now, changed_by=who.id)
    else:
        fresh = revised(replace(card, id=before.id, version=before.version), seq, now, who.id)
    store.save(db, [fresh])
    kept = store.by_key(db, who.workspace_id, card.key)
    assert kept is not None
    return kept


def new_key(db: Connection, workspace: int, title: str) -> str:
    """An id for a card that was written in chat: from its title where that has letters, and free."""
    stem = "-".join(re.findall(r"[a-z0-9]+", title.casefold()))[:40].strip("-") or "card"
    taken = store.keys(db, workspace)
    numbers = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return stem if stem not in taken else next(key for key in numbers if key not in taken)


def due_reviews(db: Connection, workspace: int, day: date) -> list[Card]:
    """Approved cards whose review date has come."""
    return store.past_review(db, workspace, day)


def reviewed(db: Connection, who: Person, card: Card, now: datetime) -> Card:
    """It still holds: the next look is half a year away."""
    return save(db, who, replace(card, review_by=who.today(now) + REVIEW_EVERY), now)


def keeper(db: Connection, workspace: int) -> Person | None:
    """Who keeps the library: of those who may, the owner of most of its cards, else an admin, else a manager."""
    for person_id in store.owners(db, workspace):
        who = team.person(db, workspace, person_id)
        if who is not None and who.active and keeps(who):
            return who
    heads = [*team.admins(db, workspace), *team.people(db, workspace, roles=(Role.MANAGER,))]
    return heads[0] if heads else None


def resolve(db: Connection, who: Person, said: str) -> Card | None:
    """The card that somebody names by id, tag or title, one in their language first."""
    wanted = " ".join(said.split()).casefold()
    cards = [card for card in store.cards(db, who.workspace_id, states=[State.APPROVED]) if usable(card, who)]
    cards.sort(key=lambda card: (card.language != who.language, card.id))
    for fits in (_by_key, _by_tag, _by_title):
        found = [card for card in cards if wanted and fits(card, wanted)]
        if found:
            return found[0]
    return None


def _by_key(card: Card, wanted: str) -> bool:
    return card.key.casefold() == wanted


def _by_tag(card: Card, wanted: str) -> bool:
    return any(tag.casefold() == wanted for tag in card.tags)


def _by_title(card: Card, wanted: str) -> bool:
    return card.title.casefold() == wanted


def listed(db: Connection, who: Person, states: Sequence[State] = (State.APPROVED,)) -> list[Card]:
    """The cards that somebody may read, by title."""
    cards = [card for card in store.cards(db, who.workspace_id, states=states) if readable(card, who)]
    return sorted(cards, key=lambda card: (card.language != who.language, card.title.casefold()))
