"""Calls in words: a draft to whoever sent it, the minutes as a team reads them, and what became of a draft."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.message import Button, Choices, Reply
from bot.minutes.calls.deciding import Goes
from bot.minutes.calls.model import Call, Item, Kind, State
from bot.minutes.calls.posting import Posted
from bot.minutes.model import Dropped, ObjectionKind, Transcript
from bot.minutes.transcripts.pieces import unlinked
from bot.team.model import Person, Team
from bot.voice import calls
from bot.voice.labels import shorten
from prompts import N_, clock, day, escape, render, words

SHOWN = 8  # to-dos of a draft; the others stand in the whole minutes
QUOTED = 4  # to-dos up to which each shows the words it comes from
TERMS = 5  # sensitive words that a draft names
DEALS = 10  # that a draft offers
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")

_OBJECTIONS = {
    ObjectionKind.PRICE: N_("price"),
    ObjectionKind.COMPETITOR: N_("competitor"),
    ObjectionKind.TIMING: N_("timing"),
    ObjectionKind.AUTHORITY: N_("authority"),
    ObjectionKind.NEED: N_("need"),
    ObjectionKind.TRUST: N_("trust"),
    ObjectionKind.SECURITY: N_("security"),
    ObjectionKind.EFFORT: N_("effort"),
    ObjectionKind.OTHER: N_("something else"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft shows. `goes`: its to-dos in order. `teams`: where it may be posted. `deals`: (key, called) of those
    that it may be about. `step`: the next step that the deal gets. `standing`: whether the deal's own is left alone."""

    call: Call
    items: Sequence[Item]
    goes: Sequence[Goes]
    said: Transcript
    dropped: Sequence[Dropped] = ()
    teams: Sequence[Team] = ()
    deals: Sequence[tuple[str, str]] = ()
    step: Item | None = None
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A to-do as a message shows it."""

    n: int
    task: str
    about: list[str] = field(default_factory=list)
    quote: str = ""
    dropped: bool = False


def plain(text: str, most: int = 300) -> str:
    """What was said on a call, on one line, with nothing in it that a chat makes a link or a mention of."""
    return unlinked(shorten(text, most))


def head(one: Call, language: str) -> str:
    """Which call it is: "Acme · demo · 42 min · Wed 10 Jun"."""
    title = one.title or one.name.rpartition(".")[0] or one.name
    customer = one.customer if one.customer.casefold() not in title.casefold() else ""
    parts = [customer, plain(title, 60), calls.length(one, language), day(one.on, language)]
    return " · ".join(part for part in parts if part)


def reading(one: Call, language: str, *, ahead: int = 0, done: int = 0, of: int = 0) -> Reply:
    """It was taken in. `ahead`: calls that come first; `done` of `of` parts are read."""
    text = render("minutes/reading.message.md", language, head=head(one, language), ahead=ahead, done=done, of=of)
    return Reply(text)


def arrived(name: str, language: str) -> Reply:
    """A file was taken in that is still to be heard."""
    return Reply(render("minutes/reading.message.md", language, head=plain(name, 60), ahead=0, done=0, of=0))


def failed(one: Call, language: str) -> Reply:
    """No minutes come of it, or not any more."""
    _ = words(language)
    if one.state is State.FORGOTTEN:
        return Reply(_("This call is erased, and what was said on it."))
    return Reply(f"**{escape(head(one, language))}**\n{escape(_(one.reason))}")


def note(model: str, done: int, of: int, language: str, *, spent: bool = False) -> str:
    """How the minutes were made: by whom `done` of `of` parts were read; "" where there is no model. `spent`: so is its
    budget of today."""
    _ = words(language)
    if not of:
        return ""
    why = [_("Today's budget for the model is spent.")] if spent and done < of else []
    if not done:
        return " ".join(why) or _("Made without the language model: it did not help.")
    if done < of:
        told = _("{model} read {done} of {of} parts; the others were read without it.", model=model, done=done, of=of)
        return " ".join([told, *why])
    return _("Made with {model}.", model=model)


# the draft


def draft(shown: Draft, who: Person) -> Reply:
    """One message that fits a phone: the call, what it was about, each to-do, what else there is, and what to do."""
    one, language = shown.call, who.language
    _ = words(language)
    text = render(
        "minutes/draft.message.md",
        language,
        head=head(one, language),
        state=calls.state(one.state, language) if one.state is not State.DRAFT else "",
        summary=summary(shown.items, 320),
        todos=[_line(each, n, shown, who) for n, each in enumerate(shown.goes[:SHOWN], 1)],
        more=max(len(shown.goes) - SHOWN, 0),
        facts=_facts(shown, language),
        lines=_lines(shown, language),
    )
    return Reply(text, (*_decisions(shown, language), *_moves(shown, language)))


def summary(items: Sequence[Item], most: int) -> list[str]:
    """The first sentences of the summary, as many as there is room for."""
    found: list[str] = []
    for one in items:
        if one.kind is Kind.SUMMARY and (not found or sum(map(len, found)) + len(one.text) <= most):
            found.append(plain(one.text, most))
    return found[:3]


def _line(goes: Goes, n: int, shown: Draft, who: Person) -> Line:
    item, language = goes.item, who.language
    if not item.stands:
        return Line(n, plain(item.text, 80), dropped=True)
    about = [owner(goes, who), due(item, language)]
    quote = _quote(item, shown.said) if len(shown.goes) <= QUOTED else ""
    return Line(n, plain(item.text, 140), [part for part in about if part], quote)


def owner(goes: Goes, who: Person) -> str:
    """Whose to-do it is, as its sender reads it."""
    _ = words(who.language)
    if goes.stays:
        name = shorten(goes.named, 40)
        return _("you, for {name} takes none of yours", name=name) if name else _("you, nobody was named")
    if goes.to is None:
        return shorten(goes.named, 40)
    return _("you") if goes.to.id == who.id else goes.to.name


def due(item: Item, language: str) -> str:
    """When it is due; "" where nobody said."""
    if item.due is None:
        return ""
    return day(item.due.day, language) + (f" {clock(item.due.at)}" if item.due.at else "")


def _quote(item: Item, said: Transcript) -> str:
    """The line that says most of a to-do, the last of those where several say as much."""
    turns = [said.turns[line] for line in item.lines if line < len(said.turns)]
    if not turns:
        return ""
    task = _spoken(item.text)
    turn = max(turns, key=lambda one: (len(task & _spoken(one.text)), one.i))
    return f"{at(turn.start)} “{plain(turn.text, 90)}”".strip()


def _spoken(text: str) -> set[str]:
    """The words of a text, of Chinese the characters."""
    return set(_WORD.findall(text.casefold()))


def at(seconds: float | None) -> str:
    """A time of the call: 12:31, 1:02:05; "" where it has none."""
    if seconds is None:
        return ""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _facts(shown: Draft, language: str) -> list[str]:
    """What else the minutes hold, in one line."""
    _ = words(language)
    decisions = sum(one.kind is Kind.DECISION and one.stands for one in shown.items)
    facts = [_.n("{n} decision", "{n} decisions", decisions)] if decisions else []
    if said := objections(shown.items, language):
        facts.append(_("objections: {kinds}", kinds=row(said, language)))
    if shown.dropped:
        facts.append(
            _.n(
                "{n} item dropped: no line of the call supports it",
                "{n} items dropped: no line of the call supports them",
                len(shown.dropped),
            )
        )
    return [facts[0][:1].upper() + facts[0][1:], *facts[1:]] if facts else []


def objections(items: Sequence[Item], language: str) -> list[str]:
    """What kinds were raised, and whether they were answered: open when one of a kind is."""
    kinds: dict[str, bool] = {}
    for one in items:
        if one.kind is Kind.OBJECTION and one.stands:
            kinds[one.about["kind"]] = kinds.get(one.about["kind"], True) and one.about["answered"]
    return [raised(kind, done, language) for kind, done in kinds.items()]


def row(items: Iterable[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(items)


def raised(kind: str, answered: bool, language: str) -> str:
    _ = words(language)
    name = objection(kind, language)
    return _("{kind} (answered)", kind=name) if answered else _("{kind} (open)", kind=name)


def objection(kind: str, language: str) -> str:
    return words(language)(_OBJECTIONS[ObjectionKind(kind)])


def _lines(shown: Draft, language: str) -> list[str]:
    """What to look at before it is posted, a line each."""
    _, one = words(language), shown.call
    lines = []
    if terms := _terms(shown.items, language):
        lines.append(_("Mind these words: {terms}", terms=row(terms, language)))
    if one.deal:
        lines.append(_("Deal: {deal}", deal=shorten(one.customer, 60)))
    elif shown.deals:
        lines.append(_("It is not clear which deal this was about."))
    if one.deal and shown.step is not None:
        step = plain(shown.step.text, 90)
        lines.append(_("Its next step becomes: {step} ({day})", step=step, day=due(shown.step, language)))
    elif shown.standing:
        lines.append(_("Its next step stays as it is."))
    return [*lines, one.note] if one.note else lines


def _terms(items: Sequence[Item], language: str) -> list[str]:
    _ = words(language)
    terms: dict[str, bool] = {}
    for one in items:
        if one.kind is Kind.SENSITIVE:
            terms[one.text] = terms.get(one.text, True) and one.about["negated"]
    said = [
        _("“{term}” (refused)", term=plain(term, 30)) if no else f"“{plain(term, 30)}”" for term, no in terms.items()
    ]
    more = len(said) - TERMS
    return [*said[:TERMS], *([_.n("{n} more", "{n} more", more)] if more > 0 else [])]


def _decisions(shown: Draft, language: str) -> list[Choices]:
    """Keep, Change, Drop for each to-do."""
    _, call = words(language), shown.call.id
    found = []
    for n, goes in enumerate(shown.goes[:SHOWN] if shown.call.state is State.DRAFT else (), 1):
        item = goes.item
        buttons = (
            Button(_("Keep"), f"/minutes #keep {call} {item.n}"),
            Button(_("Change"), f"/minutes #change {call} {item.n}"),
            Button(_("Drop"), f"/minutes #drop {call} {item.n}"),
        )
        most = 24 if item.text.isascii() else 12  # Chinese letters are twice as wide
        found.append(Choices(f"{n}. {shorten(item.text, most)}", buttons if item.stands else buttons[:2]))
    return found


def _moves(shown: Draft, language: str) -> list[Button | Choices]:
    _, one = words(language), shown.call
    moves: list[Button | Choices] = []
    if one.state is State.DRAFT and (shown.deals or one.deal):
        moves.append(Choices(_("Deal"), _deal_buttons(shown, language)))
    if one.state in (State.DRAFT, State.KEPT) and shown.teams:
        label = _("Post to {team}", team=shorten(shown.teams[0].name, 24))
        moves.append(Button(label, f"/minutes #post {one.id} {shown.teams[0].id}", "primary"))
        rest = tuple(Button(shorten(team.name, 40), f"/minutes #post {one.id} {team.id}") for team in shown.teams[1:])
        moves += [Choices(_("Post elsewhere"), rest)] if rest else []
    if one.state is State.DRAFT:
        moves.append(Button(_("Only me"), f"/minutes #only {one.id}"))
    return [*moves, Button(_("Open"), f"/minutes #open {one.id}")]


def _deal_buttons(shown: Draft, language: str) -> tuple[Button, ...]:
    _, one = words(language), shown.call
    others = [(key, called) for key, called in shown.deals if key != one.deal][:DEALS]
    found = [Button(shorten(called, 40), f"/minutes #deal {one.id} {key}") for key, called in others]
    if one.deal and (shown.step or shown.standing):
        label = _("Leave its next step") if shown.step else _("Set its next step")
        found.append(Button(label, f"/minutes #step {one.id} {'off' if shown.step else 'on'}"))
    return (*found, Button(_("No deal"), f"/minutes #deal {one.id} -")) if one.deal else tuple(found)


def waiting(one: Call, language: str) -> Reply:
    """A draft that took long is ready: its message stands further up."""
    _ = words(language)
    text = _("The minutes of {call} are ready.", call=head(one, language))
    return Reply(escape(text), (Button(_("Open"), f"/minutes #show {one.id}", "primary"),))


# what became of it


def done(shown: Draft, posted: Posted, who: Person) -> Reply:
    """The draft once it was decided: where the minutes are, and what came of them."""
    _, one = words(who.language), posted.call
    title = _("Posted to {team}", team=one.posted_to) if one.state is State.POSTED else _("Kept for you alone")
    mine = sum(owner.id == who.id for _todo, owner in posted.given)
    others = [owner.name for _todo, owner in posted.given if owner.id != who.id]
    lines = [_.n("{n} to-do is on your list.", "{n} to-dos are on your list.", mine)] if mine else []
    counted = [f"{name} {others.count(name)}" for name in dict.fromkeys(others)]
    lines += [_("Given: {people}", people=row(counted, who.language))] if counted else []
    if posted.withheld:
        names = dict.fromkeys(goes.to.name for goes in posted.withheld if goes.to)
        lines.append(_("Not told of theirs: {people}", people=row(names, who.language)))
    if posted.after:
        step = shorten(posted.after.deal.next_step, 90)
        lines.append(_("Next step of {deal}: {step}", deal=one.customer, step=step))
    lines += [posted.refused] if posted.refused else []
    text = "\n".join([f"**{escape(title)}** · {escape(head(one, who.language))}", *map(escape, lines)])
    mine_too = [Button(_("To-dos"), "/todo")] if mine else []
    return Reply(text, (*_moves(shown, who.language), *mine_too))
