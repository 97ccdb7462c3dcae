"""Deals in words: how one stands and what was changed about it, somebody's list, and which one was meant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.crm.changes.model import Changed, Kind, State
from bot.crm.changes.outward import fields
from bot.crm.model import Deal, Stage
from bot.crm.risk import Reason, Standing, reason_line
from bot.crm.service import Named
from bot.message import Button, Choices, Reply
from bot.team.model import Person
from bot.voice.labels import shorten
from prompts import N_, day, escape, number, render, words

LISTED, PRESSED, RECENT = 15, 8, 4  # deals in a list; buttons under it; changes that are shown

_FIELDS = {
    "next_step": N_("next step"),
    "next_step_on": N_("day of the next step"),
    "owner": N_("owner"),
    "stage": N_("stage"),
    "status": N_("status"),
    "lost_reason": N_("why it is lost"),
    "stage_remark": N_("remark"),
}
_STATUS = {"open": N_("under way"), "won": N_("won"), "lost": N_("lost")}


def called(standing: Standing) -> str:
    return standing.deal.name or standing.account or standing.deal.key


def shown(
    standing: Standing,
    reasons: Sequence[Reason],
    changes: Sequence[Changed],
    remark: Changed | None,
    stages: Sequence[Stage],
    names: Mapping[str, str],
    reader: Person,
    now: datetime,
    *,
    done: str = "",
    buttons: tuple[Button | Choices, ...] = (),
) -> Reply:
    """How one deal stands. `names`: of people, by roster key; `done`: what was just changed."""
    deal, _ = standing.deal, words(reader.language)
    text = render(
        "crm/deal.message.md",
        reader.language,
        done=done,
        called=called(standing),
        account=standing.account,
        owner="" if deal.owner == reader.key else names.get(deal.owner, deal.owner),
        place=place(standing, reader, now),
        amount=amount(deal, reader.language),
        close=deal.expected_close if deal.open else None,
        open=deal.open,
        step=deal.next_step,
        step_on=deal.next_step_on,
        touched=now - standing.touched if standing.touched else None,
        reasons=[_begin(reason_line(reason, _)) for reason in reasons],
        remark=remark.after["stage_remark"] if remark else "",
        remark_by=names.get(remark.who, remark.who) if remark else "",
        changes=[changed(one, stages, names, reader) for one in changes[:RECENT]],
    )
    return Reply(text, buttons, private=True)


def amount(deal: Deal, language: str) -> str:
    """ "12,000 EUR"; "" when the CRM tells none."""
    return f"{number(deal.amount, language)} {deal.currency}".strip() if deal.amount else ""


def place(standing: Standing, reader: Person, now: datetime) -> str:
    """Where a deal stands, and for how long; or how it ended."""
    _, deal = words(reader.language), standing.deal
    on = day(deal.closed.astimezone(reader.tz), reader.language) if deal.closed else ""
    if deal.won:
        return _("Won on {day}", day=on) if on else _("Won")
    if deal.lost:
        where = standing.stage.name if standing.stage.number > 0 else ""
        return " · ".join(filter(None, (_("Lost on {day}", day=on) if on else _("Lost"), where)))
    days = standing.age(now).days
    return _.n("In {stage} for {n} day", "In {stage} for {n} days", days, stage=standing.stage.name)


def changed(one: Changed, stages: Sequence[Stage], names: Mapping[str, str], reader: Person) -> str:
    """A change in one line: "Thu 11 Jun, Li Wei: stage Demo → Offer"."""
    _ = words(reader.language)
    said = [_line(name, before, after, names, reader.language) for name, before, after in fields(one, stages)]
    head = f"{day(one.at.astimezone(reader.tz), reader.language)} · {names.get(one.who, one.who)}"
    end = _(" (the CRM says otherwise by now)") if one.state is State.OVERTAKEN else ""
    return f"{head} · {'; '.join(said)}{end}"


def _line(name: str, before: str, after: str, names: Mapping[str, str], language: str) -> str:
    _ = words(language)
    if name == "owner":
        before, after = names.get(before, before), names.get(after, after)
    if name == "status":
        before, after = (_(_STATUS[value]) if value in _STATUS else value for value in (before, after))
    values = {"field": _(_FIELDS[name]), "before": shorten(before, 60), "after": shorten(after, 60)}
    if not before:
        return _("{field}: {after}", **values)
    return _("{field}: {before} → {after}", **values) if after else _("{field}: no longer {before}", **values)


def moves(standing: Standing, *, lives: bool, owners: bool, language: str) -> tuple[Button | Choices, ...]:
    """What can be done with a deal. `lives`: it is closed, and may be taken back; `owners`: may be given away."""
    _, key = words(language), standing.deal.key
    if not standing.deal.open:
        return (Button(_("It lives on…"), f"/deal #move {key}"),) if lives else ()
    buttons = [
        Button(_("Next step…"), f"/deal #step {key}", "primary"),
        Button(_("Moved…"), f"/deal #move {key}"),
        Button(_("Remark…"), f"/deal #remark {key}"),
        Button(_("Dead…"), f"/deal #dead {key}", "danger"),
    ]
    return (*buttons, Button(_("Owner…"), f"/deal #owner {key}")) if owners else tuple(buttons)


def listed(found: Sequence[tuple[Standing, Sequence[Reason]]], owner: Person, reader: Person, now: datetime) -> Reply:
    """Somebody's open deals, in the order given."""
    _ = words(reader.language)
    text = render(
        "crm/deals.message.md",
        reader.language,
        mine=owner.id == reader.id,
        owner=owner.name,
        count=len(found),
        risky=sum(bool(why) for _one, why in found),
        deals=[_row(one, why, reader, now) for one, why in found[:LISTED]],
        more=max(len(found) - LISTED, 0),
    )
    buttons = tuple(Button(shorten(called(one), 28), f"/deal #show {one.deal.key}") for one, _why in found[:PRESSED])
    return Reply(text, buttons, private=True)


def _row(one: Standing, why: Sequence[Reason], reader: Person, now: datetime) -> dict[str, Any]:
    _ = words(reader.language)
    said = [reason_line(reason, _) for reason in why[:2]]
    names = {"name": called(one), "account": one.account, "stage": one.stage.name}
    return names | {"long": one.age(now), "why": said}


def people(found: Sequence[tuple[Person, int]], language: str) -> Reply:
    """Whose deals there are to look at."""
    _ = words(language)
    lines = [escape(f"{one.name}: {number(count, language)}") for one, count in found]
    text = "\n".join([_("Whose deals?"), *(f"- {line}" for line in lines)])
    return Reply(
        text, tuple(Button(shorten(one.name, 28), f"/deals {one.key}") for one, _n in found[:20]), private=True
    )


def choose(found: Sequence[Named], said: str, before: str, language: str) -> Reply:
    """Several are called so. `before`: what a button says before the key."""
    _ = words(language)
    text = escape(_("Several deals are called “{name}”. Which one?", name=shorten(said, 60)))
    return Reply(text, offered(found, before), private=True)


def offered(found: Sequence[Named], before: str) -> tuple[Button, ...]:
    labels = [" · ".join(dict.fromkeys(filter(None, (one.name or one.key, one.account)))) for one in found]
    twice = {label for label in labels if labels.count(label) > 1}
    said = [f"{label} · {one.key}" if label in twice else label for one, label in zip(found, labels, strict=True)]
    return tuple(Button(shorten(label, 40), f"{before} {one.key}") for one, label in zip(found, said, strict=True))


def nobody(said: str, near: Sequence[Named], before: str, language: str) -> Reply:
    """None is called so."""
    _ = words(language)
    text = _("None of your deals is called “{name}”. /deals lists them.", name=shorten(said, 60))
    if near:
        text = _("None of your deals is called “{name}”. Did you mean one of these?", name=shorten(said, 60))
    return Reply(escape(text), offered(near, before), private=True)


def told(one: Changed, standing: Standing, stages: Sequence[Stage], names: Mapping[str, str], reader: Person) -> Reply:
    """What a deal's owner reads when somebody else changed it."""
    _ = words(reader.language)
    if one.kind is Kind.OWNER and one.after["owner"] == reader.key:
        head = _("{deal} is yours now.", deal=called(standing))
    else:
        head = _("{deal} was changed.", deal=called(standing))
    text = f"**{escape(head)}**\n{escape(changed(one, stages, names, reader))}"
    return Reply(text, (Button(_("Show the deal"), f"/deal #show {standing.deal.key}"),))


def given(standing: Standing, owner: str, language: str) -> Reply:
    """What is said to whoever gave a deal away and does not see it any more."""
    _ = words(language)
    return Reply(escape(_("{name} owns {deal} now.", name=owner, deal=called(standing))), private=True)


def refused(count: int, fault: str, language: str) -> Reply:
    """What an admin reads when the CRM's webhook refuses changes."""
    _ = words(language)
    text = _.n(
        "The CRM's webhook refused {n} change made in chat ({fault}). It is kept, also in an export's changes.csv.",
        "The CRM's webhook refused {n} changes made in chat ({fault}). They are kept, also in an export's changes.csv.",
        count,
        fault=fault,
    )
    return Reply(escape(text), (Button(_("Send again"), "/deals #resend"),))


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]
