"""What a language model was used for, in words."""

from collections.abc import Sequence

from bot.llm.model import Outcome, Usage
from bot.message import Reply
from bot.settings import LlmSettings
from prompts import N_, Words, number, render, words

_OUTCOMES = {
    Outcome.GOOD: N_("good answers"),
    Outcome.KEPT: N_("answered before"),
    Outcome.LATE: N_("too late"),
    Outcome.UNREACHABLE: N_("not reachable"),
    Outcome.KEY: N_("key refused"),
    Outcome.BUSY: N_("too busy"),
    Outcome.BROKEN: N_("failed on the server"),
    Outcome.FORM: N_("way of asking not known"),
    Outcome.STRANGE: N_("not an answer"),
    Outcome.EMPTY: N_("empty"),
    Outcome.CUT: N_("cut short"),
    Outcome.REFUSED: N_("refused by the model"),
    Outcome.INVALID: N_("not what was asked for"),
}
_TASKS = {"minutes": N_("minutes of calls"), "pick": N_("choosing a card"), "adapt": N_("fitting a talk track")}
_SPANS = {1: N_("Today"), 7: N_("7 days"), 30: N_("30 days")}


def usage(settings: LlmSettings, state: Outcome, spans: Sequence[tuple[int, Usage]], language: str) -> Reply:
    """`spans`: days, and what was asked in them; the last is told in full."""
    _ = words(language)
    lines = [(_(_SPANS[days]), _counts(used, language), _cost(used, settings, _)) for days, used in spans]
    whole = spans[-1][1]
    outcomes = [(_(_OUTCOMES[one]), n) for one, n in whole.outcomes if one in _OUTCOMES]
    tasks = [(_(_TASKS[name]), n) for name, n in whole.tasks if name in _TASKS]
    text = render(
        "usage/usage.message.md",
        language,
        model=settings.model,
        state=_state(state, _),
        budget=_budget(settings, language),
        lines=lines,
        outcomes=outcomes,
        tasks=tasks,
    )
    return Reply(text, private=True)


def _counts(used: Usage, language: str) -> str:
    _ = words(language)
    asked = _.n("{n} question", "{n} questions", used.calls)
    tokens = _("{given} tokens in, {made} out", given=number(used.given, language), made=number(used.made, language))
    kept = _.n("{n} kept answer used", "{n} kept answers used", used.kept)
    return " · ".join([asked, tokens, kept])


def _cost(used: Usage, settings: LlmSettings, _: Words) -> str:
    if used.cost is None or settings.prices is None:
        return _("price not known")
    places = 2 if used.cost >= 0.01 or not used.cost else 4
    return f"{used.cost:.{places}f} {settings.prices.currency}"


def _state(state: Outcome, _: Words) -> str:
    if state is Outcome.SPENT:
        return _("Today's budget is spent: until tomorrow everything is done without the model.")
    if state is Outcome.RESTING:
        return _("It failed three times in a minute and is left alone for a moment.")
    return ""


def _budget(settings: LlmSettings, language: str) -> str:
    _ = words(language)
    if settings.daily_budget and settings.prices:
        return _("{budget} {currency} a day", budget=f"{settings.daily_budget:g}", currency=settings.prices.currency)
    if settings.daily_tokens:
        return _("{tokens} tokens a day", tokens=number(settings.daily_tokens, language))
    return _("no limit a day")
