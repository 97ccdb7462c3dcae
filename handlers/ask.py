"""`/ask`, and questions in so many words: what to say to an objection."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.app import App
from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError
from bot.library import adapt, service, store
from bot.library.model import Band, Card, Wanted
from bot.message import Field, Form, Message, Reply, answer
from bot.redaction import Redaction, redactor
from bot.team import service as team
from bot.team.model import Person
from bot.voice import library as voice
from prompts import words

# What buttons say begins with a mark, so that nobody's objection is taken for one: "drop 12 seats from the offer".
_PRESSED = re.compile(r"#(show|choose|adapt|helped|none|gap|drop) (\d{1,15})(?: (\d{1,15}))?(?: (.+))?")
_LIKE_A_QUESTION = re.compile(
    r"[?？]\s*$|^[\"“「『]|怎么|如何|什么|咋|客户[说问嫌]"
    r"|\b(how|what|why|objection|they say|customer says?|client says?)\b",
    re.IGNORECASE,
)


def ask(app: App, who: Person, msg: Message) -> Reply:
    """What to say to an objection: `/ask it is too expensive`"""
    pressed = _PRESSED.fullmatch(msg.text)
    if pressed:
        verb, first, second, rest = pressed.groups()
        return _VERBS[verb](app, who, int(first), int(second or 0), rest or "")
    question = answer(msg, "question") or msg.text
    if not question:
        return Reply(form=_question(who))
    return _answered(app, who, question, answer(msg, "industry"))


def said(app: App, who: Person, msg: Message) -> Reply | None:
    """A question in so many words, without a command: answered when the library knows it, or it sounds like one."""
    if msg.how not in ("typed", "edit") or not 4 <= len(msg.text) <= 600 or msg.files:
        return None
    with app.db.read() as db:
        if not store.count(db, app.workspace):
            return None
    asks = bool(_LIKE_A_QUESTION.search(msg.text))
    if not asks and app.shelf.search.find(Wanted(msg.text, role=who.role)).band is not Band.ANSWER:
        return None
    return _answered(app, who, msg.text, "")


def _answered(app: App, who: Person, question: str, industry: str) -> Reply:
    wanted = Wanted(question, industry=industry, role=who.role)
    found = service.ask(app.db, app.shelf, wanted, app.now(), who=who)
    if app.model and found.found.band is Band.CHOOSE:
        found = _picked(app, who, found)
    with app.db.read() as db:
        keeper = service.keeper(db, app.workspace)
        names = _names(db, app.workspace)
    name = keeper.name if keeper and keeper.id != who.id else ""
    return voice.answer(found, names, name, who.language, adapts=app.model is not None)


def _picked(app: App, who: Person, found: service.Answer) -> service.Answer:
    """The model may say which of the closest cards it is; else they are offered as they are."""
    assert app.model
    card = adapt.pick(app.model, found.wanted.question, found.choices, _hides(app))
    if card is None:
        return found
    with app.db.begin() as db:
        store.save_ask(db, found.ask_id, card_id=card.id)
    return replace(found, found=replace(found.found, band=Band.ANSWER), card=card)


def _hides(app: App) -> Redaction:
    """What keeps names from the model."""
    with app.db.read() as db:
        people, companies = crm.known_names(db, app.workspace)
    return redactor(people, companies=companies)


def _adapt(app: App, who: Person, ask_id: int, card_id: int, deal: str) -> Reply:
    """The talk track in the words of the question, by the model; the stored one is a tap away."""
    _ = words(who.language)
    with app.db.read() as db:
        card = quotable(db, who, card_id)
        asked = store.asked(db, app.workspace, ask_id)
    if asked is None or asked.person_id != who.id or app.model is None:
        raise BotError(_("That card is not in the library any more. Ask again in your own words."))
    made = adapt.adapt(app.model, asked.question, [card], deal, asked.industry, _hides(app))
    return voice.adapted(card, made, ask_id, who.language)


def _names(db: Connection, workspace: int) -> dict[int, str]:
    return {p.id: p.name for p in team.people(db, workspace, active=None)}


def _question(who: Person) -> Form:
    _ = words(who.language)
    fields = (
        Field("question", _("What did the customer say?"), "text", required=True, most=600),
        Field("industry", _("Industry"), "one", "", voice.industries(who.language)),
    )
    return Form(_("What do I say?"), "/ask", fields, _("Ask"))


# buttons under an answer


def quotable(db: Connection, who: Person, card_id: int) -> Card:
    """The card that a button names, as long as it may be quoted."""
    card = store.by_id(db, who.workspace_id, card_id)
    if card is None or not service.usable(card, who):
        raise BotError(words(who.language)("That card is not in the library any more. Ask again in your own words."))
    return card


def _show(app: App, who: Person, ask_id: int, card_id: int, industry: str) -> Reply:
    with app.db.read() as db:
        card = quotable(db, who, card_id)
        return voice.quoted(card, industry, _names(db, app.workspace), who.language, ask_id=ask_id)


def _choose(app: App, who: Person, ask_id: int, card_id: int, _rest: str) -> Reply:
    with app.db.begin() as db:
        card = quotable(db, who, card_id)
        chosen = service.choose(db, who, ask_id, card.id, app.now())
        industry = chosen[1].industry if chosen else ""
        return voice.quoted(card, industry, _names(db, app.workspace), who.language, ask_id=ask_id if chosen else 0)


def _helped(app: App, who: Person, ask_id: int, _second: int, _rest: str) -> Reply:
    _ = words(who.language)
    with app.db.begin() as db:
        if not service.helped(db, who, ask_id, True):
            raise BotError(_("That answer is not yours to judge. Ask in your own words."))
    return Reply(_("Good to know. It counts for this card."), private=True)


def _none(app: App, who: Person, ask_id: int, _second: int, _rest: str) -> Reply:
    with app.db.begin() as db:
        service.helped(db, who, ask_id, False)
        keeper = service.keeper(db, app.workspace)
    return voice.offer_gap(ask_id, keeper.name if keeper and keeper.id != who.id else "", who.language)


def _gap(app: App, who: Person, ask_id: int, _second: int, _rest: str) -> Reply:
    _ = words(who.language)
    if service.log_gap(app.db, app.shelf, who, ask_id, app.now()) is None:
        raise BotError(_("That question is not yours to pass on. Ask in your own words."))
    return Reply(_("Noted as a gap. You hear from me when there is a card."), private=True)


def _drop(app: App, who: Person, ask_id: int, _second: int, _rest: str) -> Reply:
    return Reply(words(who.language)("All right."), private=True)


_VERBS: Mapping[str, Callable[[App, Person, int, int, str], Reply]] = {
    "show": _show,
    "choose": _choose,
    "adapt": _adapt,
    "helped": _helped,
    "none": _none,
    "gap": _gap,
    "drop": _drop,
}
