"""Which cards somebody wants to see: the filters of the list, as the address holds them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from urllib.parse import urlencode

from bot.library.model import STAGES, Card, State
from bot.library.text import folded

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """Each "" takes all. `words`: all of them stand somewhere in the card. `state`: a state, `due` for cards whose
    review date has come, or `any`."""

    words: str = ""
    industry: str = ""
    stage: str = ""
    language: str = ""
    tag: str = ""
    state: str = ""

    @staticmethod
    def of(asked: Mapping[str, str]) -> "Filter":
        return Filter(**{name: asked.get(name, "").strip()[:200] for name in Filter.__slots__})

    @property
    def narrow(self) -> bool:
        """Whether anything is asked for."""
        return self != Filter()

    @property
    def labelled(self) -> bool:
        """Whether anything but words is asked for."""
        return replace(self, words="") != Filter()

    def address(self, page: int) -> str:
        """The query of a page of this list, for a link."""
        asked = {name: value for name, value in asdict(self).items() if value}
        return urlencode(asked | ({"page": str(page)} if page > 1 else {}))

    def takes(self, card: Card, today: date) -> bool:
        return self._labelled(card) and self._in_state(card, today) and self._says(card)

    def _labelled(self, card: Card) -> bool:
        trades = (card.industry, *card.variants)
        return (
            (not self.industry or self.industry in trades)
            and self.stage in ("", card.stage)
            and self.language in ("", card.language)
            and (not self.tag or self.tag in card.tags)
        )

    def _in_state(self, card: Card, today: date) -> bool:
        if self.state == "due":
            return due(card, today)
        return self.state in ("any", card.state)

    def _says(self, card: Card) -> bool:
        wanted = folded(self.words).split()
        if not wanted:
            return True
        texts = (card.key, card.title, card.answer, card.product, *card.phrasings, *card.tags, *card.variants.values())
        said = folded("\n".join(texts))
        return all(word in said for word in wanted)


def due(card: Card, today: date) -> bool:
    """Whether somebody should look whether it still holds."""
    return card.state is State.APPROVED and card.review_by is not None and card.review_by <= today


@dataclass(frozen=True, slots=True)
class Offered:
    """What the filters offer: only what stands in the cards that somebody may read."""

    industries: tuple[str, ...]
    stages: tuple[str, ...]
    languages: tuple[str, ...]
    tags: tuple[str, ...]

    @staticmethod
    def by(cards: Sequence[Card]) -> "Offered":
        order = {stage: place for place, stage in enumerate(STAGES)}
        stages = sorted({card.stage for card in cards if card.stage}, key=lambda s: (order.get(s, len(order)), s))
        return Offered(
            _all(trade for card in cards for trade in (card.industry, *card.variants)),
            tuple(stages),
            _all(card.language for card in cards),
            _all(tag for card in cards for tag in card.tags),
        )


def _all(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({each for each in found if each}, key=str.casefold))
