"""Alerts in words: what happened, how sure that is, what drives it, and how it stands."""

from collections.abc import Mapping, Sequence

from bot.blockers.model import Category
from bot.kpi.alerts.model import Alert, Event, Facts, Precision, Rule, Said, State
from bot.kpi.weeks import thursday
from bot.message import Button, Choices, Reply
from bot.voice import labels
from prompts import N_, day, listing, percent, render, words

_EVENTS = {
    "opened": N_("It came up."),
    "opened noisy": N_("It came up, and nobody was paged: this stage is too restless for pages."),
    "opened budget": N_("It came up, and nobody was paged: there had been enough pages that week."),
    State.RECOVERED: N_("The number came back."),
    State.CORRECTED: N_("The CRM's data changed, and it no longer stands out."),
    State.GONE: N_("The CRM has no stage of this name any more."),
    Said.ACKNOWLEDGED: N_("{name} looks into it."),
    Said.SNOOZED: N_("{name} snoozed it: {detail}"),
    Said.ASSIGNED: N_("{name} gave {detail} a to-do for it."),
    Said.EXPLAINED: N_("{name} explained it: {detail}"),
    Said.NEW_NORMAL: N_("{name} said that this is the new normal."),
    Said.FALSE_ALARM: N_("{name} said that it is a false alarm."),
}
RAREST = 1000  # weeks, beyond which nobody counts


def message(one: Alert, names: Mapping[int, str], team: str, language: str) -> Reply:
    """The message of one alert as it stands now. `names`: people by id; `team`: its name, "" for the workspace."""
    text = render(
        "kpi/alert.message.md",
        language,
        headline=headline(one, language),
        sure=_sure(one, language),
        where=_where(one.facts, language),
        deals=_deals(one, language),
        blockers=_blockers(one.facts, language),
        answers=[(name, labels.shorten(said, 120)) for name, said in one.facts.answers],
        data=_data(one, language),
        stands=_stands(one, names, language),
    )
    return Reply(text, _buttons(one, team, language))


def headline(one: Alert, language: str) -> str:
    """Its first line, which says the whole thing."""
    _ = words(language)
    if one.state is State.RECOVERED and one.rule is Rule.SOURCE:
        return _("The CRM is heard from again")
    if one.state is State.RECOVERED and one.rule is Rule.TARGET:
        return _("Target within reach again: won and open make {now} of it", now=_share(one.facts.value, language))
    said = _told(one, language)
    match one.state:
        case State.RECOVERED:
            return _("Back to usual: {what}", what=said)
        case State.CORRECTED:
            return _("The CRM's data changed, and this no longer stands out: {what}", what=said)
        case State.GONE:
            return _("Closed, since the CRM has no stage of this name any more: {what}", what=said)
        case State.SETTLED:
            return _("Settled: {what}", what=said)
        case _:
            return said


def _told(one: Alert, language: str) -> str:
    _, facts = words(language), one.facts
    now, usual = _share(facts.value, language), _share(facts.usual, language)
    k, n = facts.k, facts.n
    # fmt: off
    match one.rule:
        case Rule.CONVERSION if facts.first and facts.first != facts.period:
            return _("{stage}: {k} of {n} deals moved on since {week} ({now}), usually {usual}",
                     stage=_stage(one, language), k=k, n=n, week=week(facts.first, language), now=now, usual=usual)
        case Rule.CONVERSION:
            return _("{stage}: {k} of {n} deals moved on in {week} ({now}), usually {usual}",
                     stage=_stage(one, language), k=k, n=n, week=week(facts.period, language), now=now, usual=usual)
        case Rule.STALLED:
            return _("Stalled deals: {k} of {n} ({now}), usually {usual}", k=k, n=n, now=now, usual=usual)
        case Rule.RESPONSE:
            return _("Leads answered in time: {k} of {n} ({now}), usually {usual}", k=k, n=n, now=now, usual=usual)
        case Rule.TARGET:
            return _("Target at risk: what is won and all that is open make {now} of it", now=now)
        case Rule.RECORDS:
            return _("Customer records are {now} complete, usually {usual}", now=now, usual=usual)
        case Rule.SOURCE:
            days = int(facts.value or 0)
            return _.n("The CRM has told nothing for {n} day", "The CRM has told nothing for {n} days", days)
    # fmt: on


def _stage(one: Alert, language: str) -> str:
    called = one.facts.called
    return words(language)("{stage}, {segment}", stage=one.stage, segment=called) if called else one.stage


def week(period: str, language: str) -> str:
    """ "week 22", in words; a day as it is written."""
    _ = words(language)
    return _("week {n}", n=thursday(period).isocalendar().week) if "W" in period else period


def _share(value: float | None, language: str) -> str:
    return "–" if value is None else percent(value, language)


def _sure(one: Alert, language: str) -> str:
    """How likely it is real, in plain words; "" once it is over."""
    _ = words(language)
    if not one.open or one.rule in (Rule.TARGET, Rule.SOURCE):
        return ""
    told_already = one.since == one.facts.period or bool(one.facts.first)
    since = "" if told_already else _("Since {week}.", week=week(one.since, language))
    if one.facts.chance is None:
        built_up = _("Likely real: lower week after week, more than chance explains.")
        told = built_up if one.rule is Rule.CONVERSION else ""
    else:
        often = min(round(1 / max(one.facts.chance, 1 / RAREST)), RAREST)
        told = (
            _("Likely real: chance alone does this less than once in {n} weeks.", n=f"{RAREST:,}")
            if often >= RAREST
            else _("Likely real: chance alone does this about once in {n} weeks.", n=often)
        )
    return f"{told} {since}".strip()


def _where(facts: Facts, language: str) -> str:
    _ = words(language)
    named = [
        _("{segment} {k} of {n} (usually {usual})", segment=w.called, k=w.k, n=w.n,
          usual=percent(w.usual, language))
        for w in facts.where
    ]  # fmt: skip
    if named and facts.others:
        named.append(_("the rest as usual"))
    return " · ".join(named)


def _deals(one: Alert, language: str) -> str:
    _, facts = words(language), one.facts
    if not facts.deals or not one.open:
        return ""
    shown, more = listing([labels.shorten(name, 40) for name in facts.deals], language), facts.many - len(facts.deals)
    if more > 0:
        return _.n("Deals: {names} and {n} more", "Deals: {names} and {n} more", more, names=shown)
    return _("Deals: {names}", names=shown)


def _blockers(facts: Facts, language: str) -> str:
    return ", ".join(f"{labels.category(Category(kind), language)} ×{count}" for kind, count in facts.blockers)


def _data(one: Alert, language: str) -> str:
    _ = words(language)
    if not one.open or one.rule in (Rule.TARGET, Rule.SOURCE):
        return ""
    if not one.facts.complete:
        return _("Data: not complete. The CRM has not been heard since; the figures may still change.")
    return _("Data: complete") if one.rule is Rule.CONVERSION else ""


def _stands(one: Alert, names: Mapping[int, str], language: str) -> str:
    """Who has it and what was said of it."""
    _ = words(language)
    name, note = names.get(one.owner_id or 0, ""), labels.shorten(one.note, 200)
    match one.said:
        case Said.ACKNOWLEDGED:
            return _("{name} looks into it.", name=name)
        case Said.ASSIGNED:
            return _("{name} has a to-do for it.", name=name)
        case Said.SNOOZED if one.snoozed_until:
            return _("Snoozed until {day}: {reason}", day=day(one.snoozed_until, language), reason=note)
        case Said.EXPLAINED:
            return _("Explained: {reason}", reason=note)
        case Said.NEW_NORMAL:
            return _("This is the new normal since {week}.", week=week(one.since, language))
        case Said.FALSE_ALARM:
            return _("Said to be a false alarm.")
        case _:
            return ""


def event(one: Event, names: Mapping[int, str], language: str) -> str:
    """What happened to an alert, in one line: "Mei snoozed it: the fair is over on Friday"."""
    _, detail = words(language), labels.shorten(one.detail, 200)
    text = _EVENTS.get(f"{one.kind} {one.detail}".strip() if one.kind == "opened" else one.kind)
    name = names.get(one.person_id or 0, "") or _("Somebody who left")
    return _(text, name=name, detail=detail) if text else one.kind


def _buttons(one: Alert, team: str, language: str) -> tuple[Button | Choices, ...]:
    _ = words(language)
    why = Button(_("Why?"), f"/why {one.rule.value} {team}".strip())
    if not one.open:
        return (why,)
    first = () if one.owner_id else (Button(_("Acknowledge"), f"/alert ack {one.id}", "primary"),)
    more: tuple[Button | Choices, ...] = (
        Button(_("Snooze"), f"/alert snooze {one.id}"),
        Button(_("Explained"), f"/alert explain {one.id}"),
        Button(_("Assign"), f"/alert assign {one.id}"),
        Button(_("False alarm"), f"/alert false {one.id}"),
    )
    if one.rule is Rule.CONVERSION:
        more = (*more[:3], Button(_("New normal"), f"/alert normal {one.id}"), more[3])
    if one.rule is Rule.STALLED:
        more = (*more[:1], Button(_("Known reason"), f"/alert known {one.id}"), *more[1:])
    return (*first, *more, why)


def listed(alerts: Sequence[Alert], teams: Mapping[int, str], rules: Sequence[Precision], language: str) -> Reply:
    """All that is open, and how good each rule has been."""
    shown = [one for one in alerts if one.open]
    several = len({one.team_id for one in shown}) > 1
    text = render(
        "kpi/alerts.message.md",
        language,
        open=[(headline(one, language), teams.get(one.team_id, "") if several else "") for one in shown],
        precision=" · ".join(filter(None, (precision(each, language) for each in rules))),
    )
    buttons = tuple(Button(labels.shorten(headline(one, language), 28), f"/alert show {one.id}") for one in shown[:10])
    return Reply(text, buttons, private=True)


def rule(one: Rule, language: str) -> str:
    _ = words(language)
    return {
        Rule.CONVERSION: _("conversion"),
        Rule.STALLED: _("stalled deals"),
        Rule.RESPONSE: _("leads answered in time"),
        Rule.TARGET: _("target at risk"),
        Rule.RECORDS: _("customer records"),
        Rule.SOURCE: _("CRM silent"),
    }[one]


def precision(one: Precision, language: str) -> str:
    """ "conversion 3 of 4 right"; "" while nobody said anything."""
    _ = words(language)
    if one.share is None:
        return ""
    return _(
        "{rule} {right} of {told} right", rule=rule(one.rule, language), right=one.right, told=one.right + one.wrong
    )
