"""The deals of a standup in words: why one waits, what is asked about it, what was said and what came of it."""

from collections.abc import Sequence

from bot.crm.risk import Reason, Why
from bot.standup.deals.model import DealAsk
from bot.voice import labels
from prompts import words


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
