"""The deals of a standup in words: why one waits, what is asked about it, what was said and what came of it."""

from collections.abc import Sequence
from datetime import datetime

from bot.crm.columns import STEP
from bot.crm.risk import Reason, Why
from bot.crm.service import reason_line
from bot.message import Field, Option
from bot.standup.deals.dated import step_said
from bot.standup.deals.model import Bar, DealAsk, Told, What
from bot.team.model import Person
from bot.voice import labels
from prompts import day, words


def waiting(deals: Sequence[DealAsk], language: str) -> tuple[str, ...]:
    """Each deal that is asked about, with its stage and why: "Acme (demo, 12 days without a touch)"."""
    _ = words(language)
    return tuple(
        _("{deal} ({stage}, {why})", deal=short(one), stage=one.stage, why=_why(one.reasons[0], language))
        for one in deals
        if one.asked and one.reasons
    )


def short(one: DealAsk) -> str:
    return labels.shorten(one.name, 40)


def _why(reason: Reason, language: str) -> str:
    """Why a deal waits, in as few words as a locked phone's preview has room for."""
    _ = words(language)
    match reason.why:
        case Why.STALLED:
            return _.n("{n} day in this stage", "{n} days in this stage", reason.days)
        case Why.CLOSE_PASSED:
            return _("close date passed")
        case Why.NO_STEP:
            return _("no next step")
        case Why.STEP_PASSED:
            return _("next step overdue")
        case Why.NO_TOUCH:
            return _.n("{n} day without a touch", "{n} days without a touch", reason.days)


# the form


def key(number: int) -> str:
    """The name of the field with the words about the n-th deal; the choice beside it is called `.what`."""
    return f"about{number}"


def fields(deals: Sequence[DealAsk], language: str) -> list[Field]:
    """One choice a deal, and one line that goes with it."""
    found: list[Field] = []
    for number, one in enumerate(deals):
        found += _fields(key(number), one, language)
    return found


def _fields(name: str, one: DealAsk, language: str) -> list[Field]:
    _ = words(language)
    why = " · ".join(reason_line(reason, _) for reason in one.reasons)
    moved = [Option(What.MOVED, _("Moved to {stage}", stage=one.onward))] if one.onward else []
    options = (
        *moved,
        Option(What.STEP, _("Next step")),
        Option(What.STUCK, _("Stuck")),
        Option(What.DEAD, _("Dead")),
        Option(What.NOTHING, _("No change")),
    )
    label = _("{deal} ({stage})", deal=one.name, stage=one.stage)
    hint = _("Next step with its day: send the quote by Friday. If stuck, on what; if dead, why.")
    said, line = (one.told.what, one.told.line) if one.told else ("", "")
    return [
        Field(f"{name}.what", label, "one", said, options, hint=why[:1].upper() + why[1:]),
        Field(name, _("{deal}: what next, and when?", deal=short(one)), "line", line, most=STEP, hint=hint),
    ]


def fault(one: DealAsk, told: Told, who: Person, now: datetime) -> str:
    """What is missing or wrong in what is said of a deal; "" when it can be taken."""
    _, deal = words(who.language), short(one)
    if one.told == told or told.what is What.NOTHING:
        return ""
    if not told.line:
        match told.what:
            case What.STUCK:
                return _("Say in one line what {deal} is stuck on.", deal=deal)
            case What.DEAD:
                return _("Say in a few words why {deal} is dead.", deal=deal)
            case What.STEP:
                return _("Say what happens next with {deal}, and by when.", deal=deal)
        return ""
    on = step_said(told.line, who.today(now)).on if told.what in (What.STEP, What.MOVED) else None
    return _("That day has passed. Name the day of the next step.") if on and on < who.today(now) else ""


# what came of it


def lines(deals: Sequence[DealAsk], language: str) -> tuple[str, ...]:
    """What was said of each deal, and what it changed."""
    return tuple(line for one in deals if (line := _line(one, language)))


def _line(one: DealAsk, language: str) -> str:
    _, deal = words(language), short(one)
    if one.bar is Bar.GONE:
        return _("{deal} is not yours any more, so it was left alone", deal=deal)
    if one.bar is Bar.CLOSED:
        return _("{deal} is closed already, so it was left alone", deal=deal)
    if one.bar is Bar.LAST:
        return _("{deal} is in the last stage: won or lost is said in the CRM", deal=deal)
    step = _step(one, language)
    match one.what:
        case What.MOVED:
            moved = _("{deal}: moved to {stage}", deal=deal, stage=one.onward)
            return _("{moved}, next {step}", moved=moved, step=step) if step else moved
        case What.STEP:
            return _("{deal}: next {step}", deal=deal, step=step)
        case What.STUCK:
            return _("{deal}: stuck, {why}", deal=deal, why=labels.shorten(one.told.line if one.told else ""))
        case What.DEAD:
            return _("{deal}: dead, {why}", deal=deal, why=labels.shorten(one.told.line if one.told else ""))
        case What.NOTHING:
            return ""


def _step(one: DealAsk, language: str) -> str:
    if one.done.step is None:
        return ""
    step = one.done.step[1]
    text = labels.shorten(step.text)
    return words(language)("{step} ({day})", step=text, day=day(step.on, language)) if step.on else text


def brief(deals: Sequence[DealAsk], language: str) -> tuple[str, ...]:
    """What the whole team should know of them, on its board."""
    _ = words(language)
    found = []
    for one in deals:
        if one.what is What.MOVED and not one.bar:
            found.append(_("moved: {deal} → {stage}", deal=short(one), stage=one.onward))
        elif one.what is What.DEAD and not one.bar:
            found.append(_("dead: {deal}", deal=short(one)))
    return tuple(found)
