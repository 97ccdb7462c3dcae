"""How calls are called, and the parts of their minutes."""

from bot.minutes.calls.model import Call, State
from bot.minutes.model import MomentKind, ObjectionKind, SensitiveKind
from prompts import N_, words

_STATES = {
    State.READING: N_("being read"),
    State.DRAFT: N_("draft"),
    State.POSTED: N_("posted"),
    State.KEPT: N_("for its sender alone"),
    State.FAILED: N_("no minutes"),
    State.FORGOTTEN: N_("erased"),
}
_OBJECTIONS = {
    ObjectionKind.PRICE: N_("Price"),
    ObjectionKind.COMPETITOR: N_("Competitor"),
    ObjectionKind.TIMING: N_("Timing"),
    ObjectionKind.AUTHORITY: N_("Authority"),
    ObjectionKind.NEED: N_("Need"),
    ObjectionKind.TRUST: N_("Trust"),
    ObjectionKind.SECURITY: N_("Security"),
    ObjectionKind.EFFORT: N_("Effort"),
    ObjectionKind.OTHER: N_("Something else"),
}
_SENSITIVE = {
    SensitiveKind.REBATE: N_("rebate"),
    SensitiveKind.PRICE_PROMISE: N_("price promise"),
    SensitiveKind.CONFIDENTIAL: N_("confidential"),
    SensitiveKind.ABSOLUTE_CLAIM: N_("absolute claim"),
    SensitiveKind.PERSONAL_DATA: N_("personal data"),
    SensitiveKind.COMPETITOR: N_("word about a competitor"),
}
_MOMENTS = {
    MomentKind.NEXT_STEP: N_("Next step agreed"),
    MomentKind.PRICE: N_("Price named"),
    MomentKind.COMPETITOR: N_("Competitor named"),
    MomentKind.COMMITMENT: N_("Commitment"),
    MomentKind.RISK: N_("Risk"),
}
_WHYS = {
    "no such line": N_("it cites a line that is not there"),
    "not in its lines": N_("its lines do not say so"),
    "a number that was not said": N_("a number in it was not said"),
    "an owner who is not there": N_("its owner was not on the call"),
}


def state(name: State, language: str) -> str:
    return words(language)(_STATES[name])


def objection(kind: ObjectionKind, language: str) -> str:
    return words(language)(_OBJECTIONS[kind])


def sensitive(kind: SensitiveKind, language: str) -> str:
    return words(language)(_SENSITIVE[kind])


def moment(kind: MomentKind, language: str) -> str:
    return words(language)(_MOMENTS[kind])


def why(reason: str, language: str) -> str:
    """Why an item was dropped; a reason that an engine gave in its own words stays as it is."""
    return words(language)(_WHYS[reason]) if reason in _WHYS else reason


_HOW = {"page": N_("on this page"), "chat": N_("in chat"), "export": N_("exported")}


def how(read: str, language: str) -> str:
    """Where somebody was shown a call."""
    return words(language)(_HOW[read])


def engine(one: Call, language: str) -> str:
    """What made the minutes."""
    _ = words(language)
    said = _("Written by rules on this machine, without a language model.")
    if one.engine != "offline":
        said = _("Written with a language model; every line was held against the call.")
    return f"{said} {one.note}".strip()


def kept(days: int | None, language: str) -> str:
    """How long calls are kept, a plain sentence."""
    _ = words(language)
    if days is None:
        return _("Calls are kept until somebody erases them.")
    return _.n(
        "Calls are kept for {n} day; then what was said and the minutes are erased.",
        "Calls are kept for {n} days; then what was said and the minutes are erased.",
        days,
    )


def called(one: Call, language: str) -> str:
    """By its customer, else its title, else its file."""
    return one.customer or one.title or one.name or words(language)("A call")


def length(one: Call, language: str) -> str:
    return lasted(one.seconds, language)


def lasted(seconds: float | None, language: str) -> str:
    """ "42 min", "1 h 20 min"; "" where its times do not tell."""
    if seconds is None:
        return ""
    _, minutes = words(language), max(1, round(seconds / 60))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{n} min", n=minutes)
    return _("{h} h {n} min", h=hours, n=rest) if rest else _("{h} h", h=hours)
