"""What those who keep the library read: drafts, reviews, gaps, new phrasings."""

from collections.abc import Mapping, Sequence

from bot.library.model import Card
from bot.library.service import Gap
from bot.message import Button, Choices, Reply
from bot.team.model import Person
from bot.voice import library
from bot.voice.labels import shorten
from prompts import day, escape, render, words


def gaps(found: Sequence[Gap], language: str, *, weekly: bool = False) -> Reply:
    """What was asked and stands in no card, with a button to write each."""
    _ = words(language)
    text = render(
        "library/gaps.message.md",
        language,
        gaps=[(gap, _trades(gap, language)) for gap in found[:8]],
        count=len(found),
        weekly=weekly,
        shorten=shorten,
    )
    buttons = [
        Choices(
            shorten(gap.question, 28),
            (
                Button(_("Write the card"), f"/card gap {gap.id}", "primary"),
                Button(_("No gap"), f"/card nogap {gap.id}"),
            ),
        )
        for gap in found[:8]
    ]
    return Reply(text, tuple(buttons), private=not weekly)


def _trades(gap: Gap, language: str) -> str:
    trades = [f"{library.industry(name, language)} {many}" for name, many in gap.industries]
    stages = [f"{library.stage(name, language)} {many}" for name, many in gap.stages]
    return " · ".join([*trades, *stages])


def review(card: Card, language: str) -> Reply:
    """A card whose review date has come, put to its owner."""
    _ = words(language)
    text = render(
        "library/review.message.md",
        language,
        title=card.title,
        key=card.key,
        until=day(card.review_by, language) if card.review_by else "",
        text=library.read(card, "", language),
    )
    buttons = (
        Button(_("Still right"), f"/card keep {card.id}", "primary"),
        Button(_("Change"), f"/card edit {card.id}"),
        Button(_("Retire"), f"/card retire {card.id}", "danger"),
    )
    return Reply(text, buttons)


def draft(card: Card, writer: str, language: str) -> Reply:
    """A card that awaits approval, put to whoever keeps the library."""
    _ = words(language)
    text = render(
        "library/draft.message.md",
        language,
        title=card.title,
        key=card.key,
        writer=writer,
        phrasings=card.phrasings[:6],
        text=library.read(card, "", language),
    )
    buttons = (
        Button(_("Approve"), f"/card approve {card.id}", "primary"),
        Button(_("Change"), f"/card edit {card.id}"),
        Button(_("Turn down"), f"/card retire {card.id}"),
    )
    return Reply(text, buttons)


def still_right(card: Card, language: str) -> Reply:
    """What its owner reads after saying that a card still holds."""
    _ = words(language)
    until = day(card.review_by, language) if card.review_by else ""
    return Reply(_("Thank you. I ask again on {day}.", day=until), private=True)


def written(card: Card, question: str, language: str) -> Reply:
    """What those who asked in vain read once there is a card."""
    _ = words(language)
    asked, title = escape(shorten(question, 90)), escape(card.title)
    said = _("You asked about “{question}”. There is a card now: {title}", question=asked, title=title)
    return Reply(said, (Button(_("Show"), f"/ask #show 0 {card.id}", "primary"),))


def phrasing(offer_id: int, text: str, card: Card, language: str) -> Reply:
    """A question that somebody asked and found this card for, offered as one more phrasing."""
    _ = words(language)
    said = _(
        "Shall “{question}” lead to {title} from now on?", question=escape(text), title=f"**{escape(card.title)}**"
    )
    yes = Button(_("Yes"), f"/card take {offer_id}", "primary")
    return Reply(said, (yes, Button(_("No"), f"/card refuse {offer_id}")))


def overview(
    cards: Sequence[Card], drafts: Sequence[Card], open_gaps: int, offers: int, bands: Mapping[str, int], who: Person
) -> Reply:
    """What the library holds and what awaits somebody, for those who keep it."""
    _ = words(who.language)
    text = render(
        "library/overview.message.md",
        who.language,
        cards=len(cards),
        drafts=len(drafts),
        gaps=open_gaps,
        offers=offers,
        asked=sum(bands.values()),
        answered=bands.get("answer", 0),
        chosen=bands.get("choose", 0),
    )
    buttons: list[Button | Choices] = [Button(_("Write a card"), "/card", "primary")]
    if open_gaps:
        buttons.append(Button(_("Gaps"), "/library gaps"))
    if offers:
        buttons.append(Button(_("New phrasings"), "/library offers"))
    buttons += [Button(shorten(one.title, 28), f"/card show {one.id}") for one in drafts[:10]]
    return Reply(text, tuple(buttons), private=True)


def titles(cards: Sequence[Card], who: Person) -> Reply:
    """What the library holds, for a rep who browses: a button a card."""
    _ = words(who.language)
    if not cards:
        return Reply(_("The library is empty. Whoever runs Paceline fills it: paceline import library --starter"))
    count = _.n("{n} talk track", "{n} talk tracks", len(cards))
    text = _("{count}. Say what the customer said, or pick one.", count=count)
    return Reply(text, tuple(Button(shorten(c.title, 40), f"/ask #show 0 {c.id}") for c in cards[:20]), private=True)
