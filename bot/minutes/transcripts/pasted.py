"""Whether words that somebody typed are the transcript of a call. Pure, and strict: an answer to a standup, a list of
customers or a mail is none, whatever stands before its colons."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from bot.errors import BotError
from bot.minutes.model import Transcript
from bot.minutes.transcripts import read

LEAST = 300  # characters
_TURNS, _CHANGES = 8, 6
_TIMED = 4  # turns, where each has its time
_PEOPLE = 12
_BOTH = 3  # turns of each of the two who speak most
_WORDS = """
done next blocker blockers deal deals note notes todo today yesterday tomorrow plan focus mood number
subject from to cc date re fwd 昨天 今天 明天 完成 已完成 计划 下一步 卡点 商机 待办 备注
进展 问题 风险 心情 数字 主题 发件人 收件人
"""
_LABELS = frozenset(_WORDS.split())  # of a standup, a report or a mail: nobody is called so


_UNNAMED = re.compile(r"(?:speaker|participant|说话人|发言人)\s?\d+|me|you|我|客户|customer|rep|销售", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Talk:
    """Who speaks in turns. `timed`: each turn has its time, as only recording tools write them."""

    names: frozenset[str]
    timed: bool

    @property
    def unnamed(self) -> bool:
        """Whether all are called as recording tools call those whose names they do not know."""
        return all(_UNNAMED.fullmatch(name) for name in self.names)


def talk(text: str) -> Talk | None:
    """What was pasted, when two people at least speak in turns; with times, a short exchange is enough."""
    if len(text) < LEAST or text.count("\n") < _TIMED:
        return None
    try:
        said = read(text.encode())
    except BotError:
        return None
    timed = sum(turn.start is not None for turn in said.turns) >= len(said.turns) * 0.8
    names = frozenset(turn.speaker for turn in said.turns if turn.speaker)
    return Talk(names, timed) if _in_turns(said, timed) else None


def _in_turns(said: Transcript, timed: bool) -> bool:
    spoken = [turn.speaker for turn in said.turns if turn.speaker]
    counts = Counter(spoken)
    if not 2 <= len(counts) <= _PEOPLE or any(name.casefold() in _LABELS for name in counts):
        return False
    if len(spoken) < len(said.turns) * 0.8:
        return False
    changes = sum(one != other for one, other in pairwise(spoken))
    if timed:
        return len(spoken) >= _TIMED and changes >= _TIMED // 2
    return len(spoken) >= _TURNS and changes >= _CHANGES and counts.most_common(2)[1][1] >= _BOTH
