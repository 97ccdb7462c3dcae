"""The library in words: answers with their card, the closest cards, what is missing, what awaits a review."""

from collections.abc import Mapping, Sequence

from bot.library import templates
from bot.library.adapt import Adapted
from bot.library.model import STAGES, Band, Card
from bot.library.service import Answer
from bot.message import Button, Choices, Option, Reply
from bot.voice.labels import shorten
from prompts import N_, day, escape, render, words

_BLANKS = {
    "customer": N_("customer"),
    "contact": N_("contact"),
    "product": N_("product"),
    "industry": N_("industry"),
    "stage": N_("stage"),
    "pain": N_("what hurts"),
    "proof": N_("proof"),
    "next_step": N_("next step"),
}
_INDUSTRIES = {
    "manufacturing": N_("manufacturing"),
    "consumer goods": N_("consumer goods"),
    "software": N_("software"),
    "medical devices": N_("medical devices"),
}
_STAGES = dict(
    zip(
        STAGES,
        (N_("lead"), N_("discovery"), N_("demo"), N_("offer"), N_("negotiation"), N_("renewal")),
        strict=True,
    )
)


def blank(name: str, language: str) -> str:
    """What a blank of a talk track is called."""
    return words(language)(_BLANKS[name])


def industry(name: str, language: str) -> str:
    return words(language)(_INDUSTRIES[name]) if name in _INDUSTRIES else name


def stage(name: str, language: str) -> str:
    return words(language)(_STAGES[name]) if name in _STAGES else name


def read(card: Card, industry_of: str, language: str) -> str:
    """The talk track as it is read: verbatim, each blank by its name in brackets."""
    return templates.shown(card.said_in(industry_of), {name: blank(name, language) for name in templates.BLANKS})


def source(card: Card, industry_of: str, names: Mapping[int, str], language: str) -> str:
    """Where an answer comes from: the card, its variant, who keeps it and until when it holds."""
    _ = words(language)
    trade = industry(industry_of, language) if industry_of in card.variants else ""
    owner = names.get(card.owner_id or 0, card.owner)
    until = _("holds until {day}", day=day(card.review_by, language)) if card.review_by else ""
    parts = (trade, _("card {id}", id=card.key), owner, until)
    return " · ".join(escape(part) for part in parts if part)


def answer(found: Answer, names: Mapping[int, str], keeper: str, language: str, *, adapts: bool = False) -> Reply:
    """What the library says to a question. `adapts`: a model can put it into the words of the question."""
    if found.found.band is Band.ANSWER and found.card:
        rest = [card for card in found.choices if card.id != found.card.id]
        return quoted(
            found.card, found.wanted.industry, names, language, ask_id=found.ask_id, others=rest, adapts=adapts
        )
    if found.found.band is Band.CHOOSE:
        return choose(found, language)
    return missing(found, keeper, language)


def quoted(
    card: Card,
    industry_of: str,
    names: Mapping[int, str],
    language: str,
    *,
    ask_id: int = 0,
    others: Sequence[Card] = (),
    adapts: bool = False,
) -> Reply:
    """A card with its talk track, and what can be done with it."""
    text = render(
        "library/answer.message.md",
        language,
        title=card.title,
        source=source(card, industry_of, names, language),
        text=read(card, industry_of, language),
    )
    buttons = _with_card(card, industry_of, language, ask_id, others)
    if adapts and ask_id:
        fit = Button(words(language)("In other words"), f"/ask #adapt {ask_id} {card.id}")
        buttons = (buttons[0], fit, *buttons[1:])
    return Reply(text, buttons, private=True)


def adapted(card: Card, made: Adapted | None, ask_id: int, language: str) -> Reply:
    """A talk track in a model's words, labelled as such; the stored one is one tap away."""
    _ = words(language)
    stored = Button(_("The talk track as stored"), f"/ask #show {ask_id} {card.id}", "primary")
    if made is None:
        return Reply(_("The model had nothing that holds. The talk track stands as it is."), (stored,), private=True)
    text = render(
        "library/adapted.message.md",
        language,
        title=card.title,
        sentences=made.sentences,
        dropped=made.dropped,
    )
    return Reply(text, (stored, Button(_("Helped"), f"/ask #helped {ask_id}")), private=True)


def _with_card(
    card: Card, industry_of: str, language: str, ask_id: int, others: Sequence[Card]
) -> tuple[Button | Choices, ...]:
    _ = words(language)
    buttons: list[Button | Choices] = [
        Button(_("Fill in for a deal"), f"/talktrack card {card.id} {industry_of}".strip())
    ]
    trades = [name for name in ("", *card.variants) if name != industry_of]
    if trades:
        said = [(name, industry(name, language) if name else _("any industry")) for name in trades]
        variants = tuple(Button(label, f"/ask #show {ask_id} {card.id} {name}".strip()) for name, label in said)
        buttons.append(Choices(_("Industry"), variants[:8]))
    if ask_id:
        buttons.append(Button(_("Helped"), f"/ask #helped {ask_id}"))
        instead = [Button(shorten(other.title, 40), f"/ask #choose {ask_id} {other.id}") for other in others]
        none = Button(_("None of these") if instead else _("It did not help"), f"/ask #none {ask_id}")
        buttons.append(Choices(_("Not this"), (*instead, none)))
    return tuple(buttons)


def choose(found: Answer, language: str) -> Reply:
    """The closest cards as buttons."""
    _ = words(language)
    count = len(found.choices)
    text = _.n("One comes close. Is it this?", "{n} come close. Which is it?", count)
    buttons = [Button(shorten(card.title, 40), f"/ask #choose {found.ask_id} {card.id}") for card in found.choices]
    none = Button(_("None of these"), f"/ask #none {found.ask_id}")
    return Reply(text, (*buttons, none), private=True)


def missing(found: Answer, keeper: str, language: str) -> Reply:
    """Nothing fits, and nothing is made up."""
    _ = words(language)
    if found.empty:
        return Reply(_("The library is empty. Whoever runs Paceline fills it: paceline import library --starter"))
    return offer_gap(found.ask_id, keeper, language)


def offer_gap(ask_id: int, keeper: str, language: str) -> Reply:
    _ = words(language)
    if keeper:
        text = _("Not in the library. Shall I put it to {name}, who keeps it?", name=escape(keeper))
    else:
        text = _("Not in the library. Shall I note it as a gap?")
    yes, no = Button(_("Yes"), f"/ask #gap {ask_id}", "primary"), Button(_("No"), f"/ask #drop {ask_id}")
    return Reply(text, (yes, no), private=True)


_CHANNELS = {"call": N_("a call"), "email": N_("an e-mail"), "im": N_("a chat message")}
_HINTS = {
    "product": N_("as you would name it to them"),
    "pain": N_("such as: late orders"),
    "proof": N_("such as: a plant in Leipzig that cut rework by 18%"),
    "next_step": N_("such as: half an hour with your plant manager on Thursday"),
}


def channels(language: str) -> tuple[Option, ...]:
    """What a talk track is written for."""
    _ = words(language)
    return tuple(Option(name, _(label)) for name, label in _CHANNELS.items())


def industries(language: str) -> tuple[Option, ...]:
    _ = words(language)
    return (Option("", _("any industry")), *(Option(name, _(label)) for name, label in _INDUSTRIES.items()))


def hint(name: str, language: str) -> str:
    """What may stand in a blank."""
    return words(language)(_HINTS[name]) if name in _HINTS else ""
