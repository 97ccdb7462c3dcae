"""Reads a standup that was typed as one message: labels, order and line breaks tell which question each part answers.

Pure, and linear in the length of the text. What cannot be told apart goes to the first question, for the person to
see and edit; a blocker is only read where the text says that it is one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.blockers.model import Category, Said
from bot.standup.model import Items, Question, QuestionRole


@dataclass(frozen=True, slots=True)
class Parsed:
    """`answers` by question key. `said`: blockers named, () for "none", None when not spoken of. `sure`: labels,
    or exactly as many parts as questions, told them apart."""

    answers: dict[str, Items]
    said: tuple[Said, ...] | None
    sure: bool


# Words that open a part. The strict ones do so without a colon too: "Yesterday I met Acme", "今天拜访宏达".
_LABELS = {
    QuestionRole.DONE: (
        "what did you do|what i did|yesterday|accomplished|completed|finished|done|did|"
        "昨天完成|昨日完成|昨天|昨日|已完成|完成了|完成|做了"
    ),
    QuestionRole.NEXT: (
        "what will you do|next steps?|next up|next|today's plan|today|plans?|planned|to ?do|will do|"
        "今天计划|今日计划|今天打算|今天|今日|下一步|接下来|计划"
    ),
    QuestionRole.BLOCKER: (
        "blocked|blockers?|blocking|stuck|impediments?|obstacles?|卡点|卡住了?|卡在|障碍|阻碍|阻塞|困难"
    ),
    QuestionRole.MOOD: "mood|feeling|心情|状态",
    QuestionRole.DEAL: "deals?|商机",
    QuestionRole.NUMBER: "numbers?|数字",
    QuestionRole.FOCUS: "focus|关注|重点",
}
_STRICT = {
    QuestionRole.DONE: r"yesterday\b(?!')|昨天|昨日",
    QuestionRole.NEXT: r"today\b(?!')|今天|今日|接下来|下一步",
    QuestionRole.BLOCKER: (
        r"blocked\b|stuck\b|blockers?\b|no blockers?\b|nothing blocking\b|(?:没有|没什么|无|暂无)卡点|卡点|卡在|卡住"
    ),
}
_COLON = r"\s*[*_]*\s*(?:[:：]|\s[-–—]\s)[*_]*\s*"
_BULLET = r"\s*(?:[-*•·▪◦–—]|\(?\d{1,2}[.)、．）](?!\d))?\s*[*_]*"

_NOTHING = re.compile(
    r"(?:(?:there (?:are|is) )?(?:no|none|nope|nothing|nil|n/?a|not? any|no blockers?|nothing blocking(?: me)?|"
    r"no issues?|all good|all clear|not blocked|none (?:today|so far|at the moment|for now)|"
    r"no blockers? (?:today|so far|for now))|"
    r"没有?|无|暂无|暂时没有|目前没有|没有(?:卡点|问题|困难|阻碍)|没卡点|无卡点|暂无卡点|没什么|一切正常|都顺利|"
    r"нет|kein(?:e|er)?|nein|nada|aucun|-+|—+|/)",
    re.IGNORECASE,
)

_CATEGORIES = (
    (Category.COMPETITOR, r"competitor|competing|rival|竞品|竞争对手|友商|促销"),
    (Category.PRICE, r"pric|discount|budget|too expensive|cheaper|价格|折扣|预算|太贵|降价|报价"),
    (
        Category.DECISION,
        r"decision|champion|new (?:boss|head|buyer|c[feto]o)|left the company|换人|换了|决策|拍板|离职",
    ),
    (Category.SUPPLY, r"supply|stock|deliver|lead time|shipment|缺货|供货|库存|交期|发货"),
    (Category.APPROVAL, r"approv|legal|contract|sign[- ]?off|compliance|审批|法务|合同|盖章|流程"),
    (Category.PRODUCT, r"feature|bug|integration|product|功能|产品|缺陷|对接|接口"),
)


def read(text: str, questions: Sequence[Question]) -> Parsed:
    """The answers in `text`. Nothing of it is lost: every word stands in some answer, labels apart."""
    parts = _by_label(text, questions)
    if parts is not None:
        return _parsed(parts, questions, sure=True)
    pieces = _pieces(text)
    usual = [q for q in questions if q.role is not QuestionRole.FOCUS]  # what they answer every day
    for asked in (usual, questions):
        if len(pieces) == len(asked) and len(asked) > 1:
            return _parsed({q.key: piece for q, piece in zip(asked, pieces, strict=True)}, questions, sure=True)
    return _parsed(_guess(text, questions), questions, sure=False)


def nothing(text: str) -> bool:
    """Whether these words say that there is none: "none.", "没有", "n/a"."""
    return _NOTHING.fullmatch(text.strip().strip("。.!！,，;；~ ").strip()) is not None


def items(text: str) -> Items:
    """One item a line, or a semicolon, or a number in a run of them; bullets taken off."""
    lines = re.split(r"[\n;；]+", text)
    found = [piece for line in lines for piece in _numbered(line)]
    return tuple(clean for piece in found if (clean := re.sub(rf"^{_BULLET}\s*", "", piece).strip(" 。，,*_")))


def category(text: str) -> Category:
    """What kind of blocker these words speak of, as far as plain words tell."""
    return next((c for c, words in _CATEGORIES if re.search(words, text[:500], re.IGNORECASE)), Category.OTHER)


def blockers(text: str) -> tuple[Said, ...]:
    """The blockers in the answer to that question, none for "none"."""
    return tuple(Said(item, category(item)) for item in items(text) if not nothing(item))


def _numbered(line: str) -> list[str]:
    marks = list(re.finditer(r"(?:^|\s)\(?(\d{1,2})[.)、．）](?!\d)\s*", line))
    if len(marks) < 2 or [int(m[1]) for m in marks] != list(range(1, len(marks) + 1)):
        return [line]
    ends = [m.start() for m in marks[1:]] + [len(line)]
    return [line[: marks[0].start()]] + [line[m.end() : end] for m, end in zip(marks, ends, strict=True)]


def _by_label(text: str, questions: Sequence[Question]) -> dict[str, str] | None:
    """Parts by question key, as labels at the beginnings of lines and clauses divide them; None without labels."""
    clauses = re.split(r"([\n;；。,，]|\.\s)", text)
    openings = [(q, _opening(q)) for q in questions]
    parts: dict[str, str] = {}
    before, current = "", None
    for clause, mark in zip(clauses[::2], [*clauses[1::2], ""], strict=True):
        opened = next(((q, rest) for q, pattern in openings if (rest := _after(pattern, clause)) is not None), None)
        if opened:
            current, clause = opened[0].key, opened[1]
        if current is None:
            before += clause + mark
        else:
            parts[current] = parts.get(current, "") + clause + mark
    if not parts:
        return None
    homeless = (QuestionRole.BLOCKER, QuestionRole.FOCUS)  # what stands before any label answers neither
    unlabelled = next((q.key for q in questions if q.key not in parts and q.role not in homeless), None)
    if before.strip() and not re.fullmatch(
        r"(?i)[\s,，。.]*(?:hi|hello|morning|good morning|大家好|早)?[\s,，。.]*", before
    ):
        home = unlabelled or next(iter(parts))
        parts[home] = before + ("\n" + parts[home] if home in parts else "")
    return parts


def _opening(question: Question) -> re.Pattern[str]:
    words = _LABELS.get(question.role, "")
    own = "|".join(re.escape(w) for w in (question.text.rstrip("?？:："), question.key) if w)
    labels = "|".join(w for w in (own, words) if w)
    # a colon may follow a few more words: "Blockers for today:"
    loose = (
        rf"(?:{labels})(?:\s+(?:for|from|i|on|of|since|today|yesterday|so|far|did|do|done|plan|work)\b){{0,3}}{_COLON}"
    )
    strict = _STRICT.get(question.role)
    kept = rf"|(?P<kept>(?:{strict}))" if strict else ""
    return re.compile(rf"^{_BULLET}(?:{loose}{kept})", re.IGNORECASE)


def _after(opening: re.Pattern[str], clause: str) -> str | None:
    """What follows the label in a clause that begins with one. Words that carry meaning stay: "blocked by legal"."""
    found = opening.match(clause)
    if found is None:
        return None
    rest = clause[found.end() :]
    kept = found.groupdict().get("kept")
    if kept and not re.fullmatch(r"(?i)yesterday|today|昨天|昨日|今天|今日|接下来|下一步|卡点|blockers?", kept):
        return clause[found.start("kept") :]
    return rest.lstrip(" ,，:：") if kept else rest


def _pieces(text: str) -> list[str]:
    """Paragraphs when blank lines part them, else lines."""
    paragraphs = [p for p in re.split(r"\n\s*\n", text.strip()) if p.strip()]
    return paragraphs if len(paragraphs) > 1 else [line for line in text.strip().split("\n") if line.strip()]


def _guess(text: str, questions: Sequence[Question]) -> dict[str, str]:
    """Without labels and with another number of parts than questions: in order, the first taking what is over."""
    pieces = _pieces(text)
    blocker = next((q for q in questions if q.role is QuestionRole.BLOCKER), None)
    parts: dict[str, str] = {}
    if blocker and len(pieces) > 1 and nothing(re.sub(rf"^{_BULLET}", "", pieces[-1])):
        parts[blocker.key] = pieces.pop()
    open_questions = [q for q in questions if q.role in (QuestionRole.DONE, QuestionRole.NEXT)] or [
        q for q in questions if q.role is not QuestionRole.BLOCKER
    ]
    if not open_questions:
        return {questions[0].key: text} if questions else {}
    if len(pieces) < 2 or len(open_questions) < 2:
        parts[open_questions[0].key] = "\n".join(pieces)
        return parts
    parts[open_questions[0].key] = "\n".join(pieces[: -len(open_questions) + 1])
    for question, piece in zip(open_questions[1:], pieces[-len(open_questions) + 1 :], strict=True):
        parts[question.key] = piece
    return parts


def _parsed(parts: dict[str, str], questions: Sequence[Question], *, sure: bool) -> Parsed:
    said: tuple[Said, ...] | None = None
    answers: dict[str, Items] = {}
    for question in questions:
        part = parts.get(question.key)
        if part is None:
            continue
        if question.role is QuestionRole.BLOCKER:
            said = blockers(part)
            answers[question.key] = tuple(s.text for s in said)
        else:
            answers[question.key] = () if nothing(part) else items(part)
    return Parsed(answers, said, sure)
