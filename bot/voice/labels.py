"""Short words for things that come from tables: questions, blockers, reasons, roles."""

from collections.abc import Iterable

from bot.blockers.model import STAGES, Category
from bot.blockers.model import State as BlockerState
from bot.standup.model import Question, QuestionRole
from bot.team.model import Role
from prompts import N_, words

_QUESTIONS = {
    QuestionRole.DONE: N_("What did you get done?"),
    QuestionRole.NEXT: N_("What is next?"),
    QuestionRole.BLOCKER: N_("What is in the way?"),
    QuestionRole.DEAL: N_("Which deal needs attention?"),
    QuestionRole.MOOD: N_("How are things, 1 to 5?"),
    QuestionRole.NUMBER: N_("How many?"),
    QuestionRole.TEXT: N_("Anything else?"),
    QuestionRole.FOCUS: N_("One more question"),
}
_PARTS = {
    QuestionRole.DONE: N_("Done"),
    QuestionRole.NEXT: N_("Next"),
    QuestionRole.BLOCKER: N_("Blocker"),
    QuestionRole.DEAL: N_("Deal"),
    QuestionRole.MOOD: N_("Mood"),
    QuestionRole.NUMBER: N_("Number"),
    QuestionRole.TEXT: N_("Note"),
    QuestionRole.FOCUS: N_("Focus"),
}
_CATEGORIES = {
    Category.PRICE: N_("Price"),
    Category.DECISION: N_("Decision chain changed"),
    Category.COMPETITOR: N_("Competitor promotion"),
    Category.SUPPLY: N_("Supply"),
    Category.PRODUCT: N_("Product gap"),
    Category.APPROVAL: N_("Internal approval"),
    Category.OTHER: N_("Something else"),
}
_STAGES = dict(zip(STAGES, (N_("lead"), N_("demo"), N_("offer"), N_("contract")), strict=True))
_STATES = {
    BlockerState.OPEN: N_("open"),
    BlockerState.ACKNOWLEDGED: N_("taken up"),
    BlockerState.ESCALATED: N_("escalated"),
    BlockerState.RESOLVED: N_("resolved"),
    BlockerState.ACCEPTED: N_("accepted as it is"),
    BlockerState.WITHDRAWN: N_("withdrawn"),
}
SKIPS = {
    "visit": N_("Visiting a customer"),
    "travel": N_("Travelling"),
    "sick": N_("Not well"),
    "quiet": N_("Nothing new"),
}
_ROLES = {
    Role.REP: N_("rep"),
    Role.MANAGER: N_("manager"),
    Role.SUPPORT: N_("support"),
    Role.OBSERVER: N_("observer"),
    Role.ADMIN: N_("admin"),
}


def question(asked: Question, language: str) -> str:
    """The team's own words, or ours in the reader's language."""
    return asked.text or words(language)(_QUESTIONS[asked.role])


def part(asked: Question, language: str) -> str:
    """What the answer is called where it is shown."""
    if asked.role is QuestionRole.FOCUS:  # a whole sentence, which the reader has not forgotten
        return words(language)(_PARTS[asked.role])
    return asked.text.rstrip("?？") if asked.text else words(language)(_PARTS[asked.role])


def question_role(role: QuestionRole, language: str) -> str:
    return words(language)(_PARTS[role])


def category(kind: Category, language: str) -> str:
    return words(language)(_CATEGORIES[kind])


def stage(name: str, language: str) -> str:
    """A stage of ours in the reader's language, a stage of the CRM's as it is, and "no stage" for none."""
    _ = words(language)
    if not name:
        return _("stage unknown")
    return _(_STAGES[name]) if name in _STAGES else name


def blocker_state(state: BlockerState, language: str) -> str:
    return words(language)(_STATES[state])


def skip_reason(reason: str, language: str) -> str:
    """A reason that a button gave, or the words that were typed."""
    return words(language)(SKIPS[reason]) if reason in SKIPS else reason


def role(name: Role, language: str) -> str:
    return words(language)(_ROLES[name])


def run_on(items: Iterable[str], language: str) -> str:
    """Items on one line. They hold commas of their own, so semicolons part them."""
    return ("；" if language == "zh" else "; ").join(items)


def shorten(text: str, most: int = 90) -> str:
    """One line of at most `most` characters, cut at a word where there is one near."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > most * 2 // 3 else cut).rstrip(" ,;，；") + "…"
