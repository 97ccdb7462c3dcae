"""Calls that others learn from, in words: what their owner is asked, the list, one of them."""

from collections.abc import Mapping, Sequence

from bot.message import Button, Field, Form, Reply
from bot.minutes.examples.model import Example, State
from bot.minutes.model import ObjectionKind
from bot.team.model import Person
from bot.voice import calls
from bot.voice.labels import shorten
from bot.voice.minutes import plain
from prompts import escape, listing, render, words

LISTED = 10


def form(call_id: int, language: str) -> Form:
    """What is asked of whoever would have a call published."""
    _ = words(language)
    fields = (
        Field("lesson", _("What can others learn from it?"), "text", most=600),
        _left_out(language),
    )
    intro = _("Names, customers and numbers are replaced. Whoever sent the call reads it first and says yes or no.")
    return Form(_("Publish as an example"), f"/minutes publish {call_id}", fields, _("Go on"), intro=intro)


def more(one: Example, language: str) -> Form:
    """More words to leave out."""
    _ = words(language)
    return Form(_("Leave out more"), f"/example hide {one.call_id}", (_left_out(language),), _("Save"))


def _left_out(language: str) -> Field:
    _ = words(language)
    hint = _("A product, a place, whatever gives somebody away. One a line.")
    return Field("more", _("Words to leave out as well"), "text", hint=hint, most=2000)


def asked(one: Example, customer: str, team: str, asker: str, owner: Person, link: str) -> Reply:
    """To its owner, who says yes or no. `asker` "" when that is themselves; `customer`: who the call was with."""
    _ = words(owner.language)
    text = render(
        "minutes/example_asked.message.md",
        owner.language,
        customer=customer,
        team=team,
        asker=asker,
        lesson=one.lesson,
        summary=_summary(one),
        objections=_objections(one, owner.language),
        link=link,
    )
    return Reply(text, moves(one, owner.language), private=True)


def moves(one: Example, language: str) -> tuple[Button, ...]:
    """What its owner may do with one that waits for their yes."""
    _ = words(language)
    return (
        Button(_("Publish"), f"/example yes {one.call_id}", "primary"),
        Button(_("Leave out more"), f"/example hide {one.call_id}"),
        Button(_("Do not publish"), f"/example no {one.call_id}"),
    )


def withdraw(one: Example, language: str) -> Button:
    return Button(words(language)("Withdraw"), f"/example no {one.call_id}", "danger")


def shown(one: Example, team: str, who: Person, link: str, *, withdraws: bool) -> Reply:
    """A published one, as far as a message holds it."""
    text = render(
        "minutes/example.message.md",
        who.language,
        title=title(one, who.language),
        team=team,
        length=calls.lasted(one.seconds, who.language),
        lesson=one.lesson,
        summary=_summary(one),
        decisions=[plain(each.text) for each in one.minutes.decisions[:6]],
        objections=_objections(one, who.language),
        link=link,
    )
    return Reply(text, (withdraw(one, who.language),) if withdraws else (), private=True)


def listed(found: Sequence[Example], teams: Mapping[int, str], who: Person) -> Reply:
    """Those that somebody may read, newest first."""
    lines = [" · ".join(_parts(one, teams, who.language)) for one in found[:LISTED]]
    text = render("minutes/examples.message.md", who.language, lines=lines, count=len(found))
    buttons = tuple(
        Button(shorten(title(one, who.language), 40), f"/example show {one.call_id}") for one in found[:LISTED]
    )
    return Reply(text, buttons, private=True)


def _parts(one: Example, teams: Mapping[int, str], language: str) -> list[str]:
    parts = [title(one, language), teams.get(one.team_id, ""), calls.lasted(one.seconds, language)]
    return [part for part in parts if part]


def title(one: Example, language: str) -> str:
    """What can be learnt from it, else the first thing that its minutes say."""
    return plain(one.lesson or one.title, 90) or words(language)("A call")


def published(one: Example, team: str, language: str) -> Reply:
    """The owner's yes is taken."""
    _ = words(language)
    text = _("Published: everybody on {team} can read it. You can withdraw it at any time.", team=team)
    return Reply(escape(text), (withdraw(one, language),), private=True)


def settled(one: Example, owner: Person, customer: str, asker: Person) -> Reply:
    """To whoever had asked."""
    _ = words(asker.language)
    if one.state is State.PUBLISHED:
        return Reply(
            escape(_("{name} said yes: the call with {customer} is an example.", name=owner.name, customer=customer))
        )
    return Reply(
        escape(
            _("{name} would rather not have the call with {customer} published.", name=owner.name, customer=customer)
        )
    )


def _summary(one: Example) -> list[str]:
    return [plain(each.text) for each in one.minutes.summary[:4]]


def _objections(one: Example, language: str) -> str:
    kinds: dict[ObjectionKind, None] = dict.fromkeys(each.kind for each in one.minutes.objections)
    return listing([calls.objection(kind, language) for kind in kinds], language)
