"""`/card`: how cards are written, approved, reviewed and retired."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bot.app import App
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.library import files, service, store
from bot.library.model import STAGES, Card, State, industry_of
from bot.library.text import speaks
from bot.message import Field, Form, Message, Option, Reply, answer
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import cards as voice
from bot.voice import library as labels
from handlers import library
from prompts import LANGUAGES, N_, escape, words

MOST_ANSWER = 2_800  # characters that a form takes on every platform


def card(app: App, who: Person, msg: Message) -> Reply:
    """Write a card, or change one"""
    verb, _space, rest = msg.text.partition(" ")
    if not verb:
        return _write(app, who, None, msg)
    act = _VERBS.get(verb)
    if act is None or not re.fullmatch(r"\d{1,15}", rest):
        return library.library(app, who, replace(msg, text="", files=()))
    return act(app, who, int(rest), msg)


def _found(db: Connection, who: Person, card_id: int) -> Card:
    one = store.by_id(db, who.workspace_id, card_id)
    if one is None or not service.readable(one, who):
        raise BotError(words(who.language)("There is no such card. /library shows those you can see."))
    return one


def _kept(db: Connection, who: Person, card_id: int) -> Card:
    one = _found(db, who, card_id)
    if not service.keeps(who, one):
        raise BotError(
            words(who.language)("Whoever keeps the library does that. Write a card with /card to suggest one.")
        )
    return one


# writing


def _write(app: App, who: Person, before: Card | None, msg: Message, gap: service.Gap | None = None) -> Reply:
    _ = words(who.language)
    if not may(who, Action.WRITE_CARDS):
        raise BotError(_("Cards are written by reps, managers and support."))
    says = "/card" if before is None else f"/card edit {before.id}"
    says = f"/card gap {gap.id}" if gap else says
    if msg.how != "form":
        return Reply(form=_form(who, before, gap, says))
    with app.db.begin() as db:
        one = _of_form(db, app, who, before, msg)
        saved = service.save(db, who, one, app.now())
        if gap and saved.state is State.APPROVED:
            _close(app, db, gap, saved)
        if saved.state is State.DRAFT:
            _suggest(app, db, who, saved)
            return Reply(_("Thank you. {name} looks at it before others see it.", name=escape(_keeper_name(db, who))))
    return Reply(_("Saved as card {id}. It is found from now on.", id=escape(saved.key)), private=True)


def _form(who: Person, before: Card | None, gap: service.Gap | None, says: str) -> Form:
    _ = words(who.language)
    one = before or Card(0, who.workspace_id, "", "", "", phrasings=gap.questions if gap else (), language=who.language)
    languages = tuple(Option(name, {"en": "English", "zh": "中文"}[name]) for name in LANGUAGES)
    stages = (Option("", _("any stage")), *(Option(name, labels.stage(name, who.language)) for name in STAGES))
    fields = (
        Field("title", _("The objection, in a few words"), "line", one.title, required=True, most=200),
        Field("phrasings", _("How customers put it, one a line"), "text", "\n".join(one.phrasings), most=3000),
        Field(
            "answer",
            _("What to say"),
            "text",
            one.answer[:MOST_ANSWER],
            required=True,
            most=MOST_ANSWER,
            hint=_hint(who),
        ),
        Field("language", _("Language"), "one", one.language or who.language, languages, required=True),
        Field("industry", _("Industry"), "line", one.industry, most=200),
        Field("stage", _("Stage"), "one", one.stage if one.stage in STAGES else "", stages),
        Field("tags", _("Tags, divided by commas"), "line", ", ".join(one.tags), most=300),
        Field("review", _("Look at it again on"), "date", one.review_by.isoformat() if one.review_by else ""),
    )
    return Form(_("Card"), says, fields, _("Save"))


def _hint(who: Person) -> str:
    blanks = ", ".join("{{ " + name + " }}" for name in ("customer", "contact", "proof"))
    return words(who.language)("Blanks such as {blanks} are filled in for a deal.", blanks=blanks)


def _of_form(db: Connection, app: App, who: Person, before: Card | None, msg: Message) -> Card:
    _ = words(who.language)
    if before is not None and len(before.answer) > MOST_ANSWER:
        raise FormError({"answer": _("This talk track is too long for a form. Change it in a file and import that.")})
    title = " ".join(answer(msg, "title").split())
    said = [" ".join(line.split()) for line in answer(msg, "phrasings").split("\n")]
    keeps = service.keeps(who, before)
    key = before.key if before else service.new_key(db, app.workspace, title)
    owner, owner_id = (who.key, who.id) if keeps else ("", None)
    return replace(
        before or Card(0, who.workspace_id, key, "", "", owner=owner, owner_id=owner_id),
        title=title,
        answer=answer(msg, "answer"),
        phrasings=tuple(dict.fromkeys(line[:500] for line in said if line))[: files.MOST_PHRASINGS],
        language=answer(msg, "language") or speaks(title),
        industry=industry_of(answer(msg, "industry")),
        stage=answer(msg, "stage"),
        tags=tuple(
            dict.fromkeys(t for t in (" ".join(t.split()) for t in re.split("[,，、]", answer(msg, "tags"))) if t)
        ),
        review_by=_date(who, answer(msg, "review")),
        state=(before.state if before else State.APPROVED) if keeps else State.DRAFT,
    )


def _date(who: Person, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FormError({"review": words(who.language)("Give a date such as 2026-06-11.")}) from None


def _keeper_name(db: Connection, who: Person) -> str:
    keeper = service.keeper(db, who.workspace_id)
    return keeper.name if keeper else words(who.language)("Whoever keeps the library")


def _suggest(app: App, db: Connection, who: Person, one: Card) -> None:
    """Put a draft to whoever keeps the library."""
    keeper = service.keeper(db, app.workspace)
    place = team.place_of(db, keeper) if keeper else None
    if keeper and place:
        key = f"card-draft:{one.id}-{one.version}:{keeper.id}"
        app.say(db, place, voice.draft(one, who.name, keeper.language), key)


def _close(app: App, db: Connection, gap: service.Gap, one: Card) -> None:
    """A gap has its card: those who asked hear of it."""
    service.close_gap(db, app.workspace, gap.id, one.id)
    for person_id in dict.fromkeys(row.person_id for row in store.questions_of(db, app.workspace, [gap.id])):
        asker = team.person(db, app.workspace, person_id)
        place = team.place_of(db, asker) if asker and asker.active and service.usable(one, asker) else None
        if asker and place:
            reply = voice.written(one, gap.question, asker.language)
            app.say(db, place, reply, f"gap-written:{gap.id}:{asker.id}")


# deciding


def _show(app: App, who: Person, card_id: int, msg: Message) -> Reply:
    with app.db.read() as db:
        one = _found(db, who, card_id)
        if one.state is State.DRAFT:
            writer = team.person(db, app.workspace, one.changed_by or 0)
            return voice.draft(one, writer.name if writer else one.owner, who.language)
        names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
        return labels.quoted(one, "", names, who.language)


def _edit(app: App, who: Person, card_id: int, msg: Message) -> Reply:
    with app.db.read() as db:
        one = _kept(db, who, card_id)
    return _write(app, who, one, msg)


def _turn(state: State, said: str) -> Callable[[App, Person, int, Message], Reply]:
    def act(app: App, who: Person, card_id: int, msg: Message) -> Reply:
        with app.db.begin() as db:
            one = _kept(db, who, card_id)
            if not one.owner:
                one = replace(one, owner=who.key, owner_id=who.id)
            one = service.save(db, who, replace(one, state=state), app.now())
        return Reply(words(who.language)(said, title=escape(one.title)), private=True)

    return act


def _keep(app: App, who: Person, card_id: int, msg: Message) -> Reply:
    with app.db.begin() as db:
        one = service.reviewed(db, who, _kept(db, who, card_id), app.now())
    return voice.still_right(one, who.language)


def _gap(app: App, who: Person, gap_id: int, msg: Message) -> Reply:
    _ = words(who.language)
    with app.db.read() as db:
        gap = next((one for one in service.gaps(db, app.workspace) if one.id == gap_id), None)
    if gap is None or not may(who, Action.KEEP_LIBRARY):
        raise BotError(_("That gap is closed already. /library shows what is open."))
    return _write(app, who, None, msg, gap)


def _no_gap(app: App, who: Person, gap_id: int, msg: Message) -> Reply:
    _ = words(who.language)
    if not may(who, Action.KEEP_LIBRARY):
        raise BotError(_("Whoever keeps the library does that. Write a card with /card to suggest one."))
    with app.db.begin() as db:
        service.close_gap(db, app.workspace, gap_id)
        return voice.gaps(service.gaps(db, app.workspace), who.language)


def _take(app: App, who: Person, offer_id: int, msg: Message) -> Reply:
    return _settle(app, who, offer_id, lambda db: service.take_offer(db, who, offer_id, app.now()))


def _refuse(app: App, who: Person, offer_id: int, msg: Message) -> Reply:
    return _settle(app, who, offer_id, lambda db: service.refuse_offer(db, app.workspace, offer_id))


def _settle(app: App, who: Person, offer_id: int, settle: Callable[[Connection], object]) -> Reply:
    with app.db.begin() as db:
        for one in store.offers(db, app.workspace, offer_id=offer_id):
            _kept(db, who, one.card_id)
        settle(db)
        return library.next_offer(db, who)


_VERBS: Mapping[str, Callable[[App, Person, int, Message], Reply]] = {
    "show": _show,
    "edit": _edit,
    "approve": _turn(State.APPROVED, N_("Approved: {title}. It is found from now on.")),
    "retire": _turn(State.RETIRED, N_("Retired: {title}. It is not quoted any more.")),
    "keep": _keep,
    "gap": _gap,
    "nogap": _no_gap,
    "take": _take,
    "refuse": _refuse,
}
