"""Who somebody means: by a full name, a first name, or 张工 and 王总, where only one person can be meant."""

import re
from collections.abc import Iterable, Sequence

from bot.minutes.model import Transcript

_TITLES = re.compile(r"^([\u4e00-\u9fff]{1,2})(?:总监|总|工|经理|老师|姐|哥|主任|部长|院长|处长|科长|博士|律师)$")
_HAN = re.compile(r"^[\u4e00-\u9fff]{2,4}$")
_OPENING = 60  # characters in which somebody is addressed


class People:
    """Those who may own a to-do: who speaks, and the roster."""

    def __init__(self, transcript: Transcript, roster: Iterable[str]) -> None:
        self.speakers: tuple[str, ...] = tuple(speaker.name for speaker in transcript.speakers)
        self.everyone: tuple[str, ...] = tuple(dict.fromkeys((*self.speakers, *roster)))
        self.alone = len({turn.speaker for turn in transcript.turns}) < 2

    def named(self, said: str) -> str | None:
        """The one person that these words mean, None where there is none or there are several."""
        said = said.strip(" ,，.:：")
        for among in (self.speakers, self.everyone):
            found = [name for name in among if _means(said, name)]
            if len(found) == 1:
                return found[0]
        return None

    def addressed(self, text: str, speaker: str) -> str | None:
        """Somebody who is called by name in a sentence, other than its speaker."""
        for name in self.everyone:
            if name != speaker and any(_called(text, call) for call in self._calls(name)):
                return name
        return None

    def other(self, speaker: str) -> str | None:
        """The only other person on the call."""
        rest = [name for name in self.speakers if name != speaker]
        return rest[0] if len(rest) == 1 and speaker else None

    def _calls(self, name: str) -> Sequence[str]:
        found = [name]
        if _HAN.match(name):
            titles = [
                name[0] + title for title in ("总", "工", "经理", "老师", "姐", "哥", "主任", "总监", "部长", "院长")
            ]
            titles += ["小" + name[0], "老" + name[0], name[1:] if len(name) > 2 else name]
            found += [call for call in titles if self.named(call) == name]
        elif " " in name and self.named(name.split()[0]) == name:
            found.append(name.split()[0])
        return found


def _means(said: str, name: str) -> bool:
    if said.casefold() == name.casefold():
        return True
    if titled := _TITLES.match(said):
        return bool(_HAN.match(name)) and name.startswith(titled[1])
    if _HAN.match(name) and re.fullmatch(r"[\u4e00-\u9fff]{2}", said):
        return (said[0] in "小老阿" and said[1] in (name[0], name[-1])) or (len(name) > 2 and name.endswith(said))
    parts = name.casefold().split()
    return len(said) > 1 and said.casefold() in parts[:1]


def _called(text: str, call: str) -> bool:
    if not call.isascii():
        return call in text[:_OPENING]
    escaped = re.escape(call)
    return bool(
        re.search(rf"(?:^|[,.!?;]\s*|\b(?:and|so|ok|okay|hey|hi|then|well)\s+){escaped}\s*[,–—:-]", text, re.IGNORECASE)
        or re.search(rf",\s*{escaped}\s*[?.!]?$", text, re.IGNORECASE)
    )
