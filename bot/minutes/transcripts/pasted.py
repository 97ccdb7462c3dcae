"""Whether words that somebody typed are the transcript of a call. Pure, and strict: an answer to a standup, a list of
customers or a mail is none, whatever stands before its colons."""

from collections import Counter
from itertools import pairwise

from bot.errors import BotError
from bot.minutes.model import Transcript
from bot.minutes.transcripts import read

LEAST = 300  # characters
_LINES, _TURNS, _CHANGES = 8, 8, 6
_TIMED = 4  # turns, where each has its time
_PEOPLE = 12
_BOTH = 3  # turns of each of the two who speak most
_WORDS = """
done next blocker blockers deal deals note notes todo today yesterday tomorrow plan focus mood number
subject from to cc date re fwd 昨天 今天 明天 完成 已完成 计划 下一步 卡点 商机 待办 备注
进展 问题 风险 心情 数字 主题 发件人 收件人
"""
_LABELS = frozenset(_WORDS.split())  # of a standup, a report or a mail: nobody is called so


def is_call(text: str) -> bool:
    """Two people at least, who speak in turns; with times, a short exchange is enough."""
    if len(text) < LEAST or text.count("\n") < min(_LINES, _TIMED):
        return False
    try:
        said = read(text.encode())
    except BotError:
        return False
    return _talk(said)


def _talk(said: Transcript) -> bool:
    spoken = [turn.speaker for turn in said.turns if turn.speaker]
    counts = Counter(spoken)
    if not 2 <= len(counts) <= _PEOPLE or any(name.casefold() in _LABELS for name in counts):
        return False
    if len(spoken) < len(said.turns) * 0.8:
        return False
    changes = sum(one != other for one, other in pairwise(spoken))
    timed = sum(turn.start is not None for turn in said.turns) >= len(said.turns) * 0.8
    if timed and len(spoken) >= _TIMED:
        return changes >= _TIMED // 2
    return len(spoken) >= _TURNS and changes >= _CHANGES and counts.most_common(2)[1][1] >= _BOTH
