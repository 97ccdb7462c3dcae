"""`/talktrack`: a talk track filled in for a deal, in the length that a channel takes."""

import re
from collections.abc import Mapping

from bot.app import App
from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.library import service, templates
from bot.library.model import Card
from bot.library.uses import store as uses
from bot.message import Field, Form, Message, Option, Reply, answer
from bot.team.model import Person
from bot.voice import crm as deals
from bot.voice import library as voice
from handlers.ask import quotable
from prompts import escape, words


def talktrack(app: App, who: Person, msg: Message) -> Reply:
    """A talk track filled in for a deal: `/talktrack price Acme`"""
    _ = words(who.language)
    pressed = re.fullmatch(r"card (\d{1,15})(?: (.*))?", msg.text)
    if not msg.text:
        raise BotError(_("Name a card and the deal, such as /talktrack price Acme. /library shows the cards."))
    with app.db.read() as db:
        if pressed:
            card, rest = quotable(db, who, int(pressed[1])), pressed[2] or ""
        else:
            card, rest = _named(db, who, msg.text)
        trade = next((name for name in card.variants if rest.casefold().startswith(name)), "")
        deal = rest[len(trade) :].strip()
        found = crm.find(db, who, deal)
        if msg.how == "form":
            return _used(app, who, card, [one.key for one in found.deals], _filled(who, card, msg, deal))
        if len(found.deals) > 1:
            return deals.choose(found.deals, deal, f"/talktrack card {card.id} {trade}".strip(), who.language)
        known = _known(app, db, who, found.deals[0].key) if found.deals else {"customer": deal}
    return _open(who, card, trade, deal, known)


def _used(app: App, who: Person, card: Card, deals: list[str], reply: Reply) -> Reply:
    """A talk track that was written for a deal counts as used there."""
    if len(deals) == 1:
        with app.db.begin() as db:
            uses.add(db, app.workspace, card.id, deals[0], who.id, app.now())
    return reply


def _known(app: App, db: Connection, who: Person, key: str) -> dict[str, str]:
    """What the CRM tells of a deal for the blanks."""
    one = crm.deal(db, who, key, app.now())
    if one is None:
        return {}
    account = crm.account_of(db, one, app.workspace)
    found = {"customer": account.name or one.account, "contact": account.contact, "industry": account.industry}
    return found | {"product": one.deal.product_line, "stage": one.stage.name, "next_step": one.deal.next_step}


def _named(db: Connection, who: Person, text: str) -> tuple[Card, str]:
    """The card that the first words name, and what follows them: the deal."""
    parts = text.split()
    for many in range(len(parts), 0, -1):
        card = service.resolve(db, who, " ".join(parts[:many]))
        if card is not None:
            return card, " ".join(parts[many:])
    _ = words(who.language)
    raise BotError(_("No card is called “{name}”. /library shows the cards.", name=text[:60]))


def _open(who: Person, card: Card, trade: str, deal: str, told: Mapping[str, str]) -> Reply:
    """The form for what is still blank; the industry and the channel are chosen there too."""
    _ = words(who.language)
    blanks = dict.fromkeys(name for text in (card.answer, *card.variants.values()) for name in templates.blanks(text))
    trade = trade or next((name for name in card.variants if name == told.get("industry", "").casefold()), "")
    known = {"industry": voice.industry(trade, who.language) if trade else ""} | dict(told)
    trades = (Option("", _("any industry")), *(Option(n, voice.industry(n, who.language)) for n in card.variants))
    fields = [Field("channel", _("For"), "one", "call", voice.channels(who.language), required=True)]
    if card.variants:
        fields.append(Field("trade", _("Industry"), "one", trade, trades))
    fields += [
        Field(name, voice.blank(name, who.language).capitalize(), "line", known.get(name, ""), most=300, hint=hint)
        for name, hint in ((n, voice.hint(n, who.language)) for n in templates.BLANKS if n in blanks)
    ]
    return Reply(
        form=Form(_("Fill in"), f"/talktrack card {card.id} {deal}".strip(), tuple(fields), _("Write it"), card.title)
    )


def _filled(who: Person, card: Card, msg: Message, deal: str) -> Reply:
    _ = words(who.language)
    text = card.said_in(answer(msg, "trade"))
    values = {name: answer(msg, name) for name in templates.BLANKS}
    missing = [name for name in templates.blanks(text) if not values[name]]
    if missing:
        raise FormError({name: _("This talk track needs it.") for name in missing})
    done = templates.fill(text, values)
    channel = answer(msg, "channel")
    if channel == "im":
        done = templates.short(done, card.language)
    elif channel == "email":
        _ = words(card.language)  # the customer's, not the rep's
        greeting = _("Hello {name},", name=values["contact"]) if values["contact"] else _("Hello,")
        done = templates.letter(done, greeting, _("Best regards,\n{name}", name=who.name))
    return Reply(escape(done), private=True)
