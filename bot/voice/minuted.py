"""Minutes in words once they are decided: as a team reads them, as a whole, and in lists."""

from collections.abc import Mapping, Sequence

from bot.message import Button, Choices, Reply
from bot.minutes.calls.deciding import Goes
from bot.minutes.calls.model import Call, Item, Kind, State
from bot.minutes.model import Dropped, MomentKind, SensitiveKind, Transcript
from bot.team.model import Person
from bot.voice import calls
from bot.voice.labels import shorten
from bot.voice.minutes import Line, at, due, head, objections, plain, raised, row, summary
from prompts import render, words

LISTED = 10


def posted(one: Call, items: Sequence[Item], goes: Sequence[Goes], by: str, language: str) -> Reply:
    """The minutes as a team reads them, in the language of its channel; what was said in that of the call."""
    _ = words(language)
    here = [each for each in goes if each.item.stands]
    lines = [_("Objections: {kinds}", kinds=row(said, language))] if (said := objections(items, language)) else []
    text = render(
        "minutes/posted.message.md",
        language,
        head=head(one, language),
        by=by,
        summary=summary(items, 900),
        decisions=[plain(each.text) for each in items if each.kind is Kind.DECISION and each.stands][:12],
        todos=[_told(each, language) for each in here[:20]],
        lines=lines,
    )
    return Reply(text, (Button(_("Open"), f"/minutes #open {one.id}"),))


def _told(goes: Goes, language: str) -> Line:
    name = goes.to.name if goes.to and not goes.stays else shorten(goes.named, 40)
    about = [part for part in (name, due(goes.item, language)) if part]
    return Line(goes.item.n, plain(goes.item.text, 200), about)


# the whole, and lists


def of_deal(found: Sequence[Call], language: str) -> tuple[Choices, ...]:
    """The calls about a deal, to open their minutes."""
    buttons = tuple(Button(shorten(head(one, language), 60), f"/minutes #open {one.id}") for one in found)
    return (Choices(words(language)("Calls"), buttons),) if buttons else ()


def whole(
    one: Call, items: Sequence[Item], said: Transcript, dropped: Sequence[Dropped], who: Person, by: str, page: str
) -> Reply:
    """All that the minutes hold, with where in the call it was. `page`: where they stand beside the transcript, ""
    where the reader's chat cannot open it."""
    text = render(
        "minutes/whole.message.md",
        who.language,
        head=head(one, who.language),
        by=by,
        summary=summary(items, 1200),
        sections=list(_sections(items, said, dropped, who.language)),
        note=one.note,
    )
    link = f"\n\n[{words(who.language)('Beside the transcript')}]({page})" if page else ""
    return Reply(text + link, private=True)


def _sections(
    items: Sequence[Item], said: Transcript, dropped: Sequence[Dropped], language: str, most: int = 20
) -> list[tuple[str, list[str], int]]:
    _ = words(language)
    titles = {
        Kind.TOPIC: _("Topics"),
        Kind.DECISION: _("Decisions"),
        Kind.TODO: _("To-dos"),
        Kind.OBJECTION: _("Objections"),
        Kind.SENSITIVE: _("Sensitive words"),
        Kind.MOMENT: _("Key moments"),
    }
    found = []
    for kind, title in titles.items():
        lines = [_item(one, said, language) for one in items if one.kind is kind and one.stands]
        if lines:
            found.append((title, lines[:most], max(len(lines) - most, 0)))
    if dropped:
        lines = [f"{plain(one.text, 120)} ({calls.why(one.why, language)})" for one in dropped]
        found.append((_("Dropped: no line of the call supports it"), lines[:5], max(len(lines) - 5, 0)))
    return found


def _item(one: Item, said: Transcript, language: str) -> str:
    _ = words(language)
    first = said.turns[one.lines[0]].start if one.lines and one.lines[0] < len(said.turns) else None
    about = [at(first)]
    if one.kind is Kind.TODO:
        about = [shorten(one.about["owner"] or _("nobody named"), 40), due(one, language), *about]
    if one.kind is Kind.OBJECTION:
        card = _("card {id}", id=one.about["card"]) if one.about["card"] else ""
        about = [raised(one.about["kind"], one.about["answered"], language), card, *about]
    if one.kind is Kind.SENSITIVE:
        kind = calls.sensitive(SensitiveKind(one.about["kind"]), language)
        about = [kind, _("refused") if one.about["negated"] else "", *about]
    if one.kind is Kind.MOMENT:
        about = [calls.moment(MomentKind(one.about["kind"]), language), *about]
    return " · ".join([plain(one.text), *(part for part in about if part)])


def listed(found: Sequence[Call], names: Mapping[int, str], who: Person) -> Reply:
    """The calls that somebody may read, and how to send one."""
    _ = words(who.language)
    lines = [_listed(one, names, who) for one in found[:LISTED]]
    text = render("minutes/list.message.md", who.language, calls=lines)
    shown = [one for one in found[:LISTED] if one.state not in (State.READING, State.FAILED, State.FORGOTTEN)]
    buttons = tuple(
        Button(shorten(head(one, who.language), 40), f"/minutes #{'show' if _decides(one, who) else 'open'} {one.id}")
        for one in shown
    )
    return Reply(text, buttons, private=True)


def _decides(one: Call, who: Person) -> bool:
    return one.sent_by == who.id and one.state is State.DRAFT


def _listed(one: Call, names: Mapping[int, str], who: Person) -> str:
    by = names.get(one.sent_by, "") if one.sent_by != who.id else ""
    return " · ".join(part for part in (head(one, who.language), by, calls.state(one.state, who.language)) if part)
