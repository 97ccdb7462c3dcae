"""Who somebody means: by a full name, a first name, or 张工 and 王总, where only one person can be meant."""

import re
from collections.abc import Iterable, Sequence

from bot.minutes.model import Transcript

_TITLES = re.compile(r"^([\u4e00-\u9fff]{1,2})(?:总监|总|工|经理|老师|姐|哥|主任|部长|院长|处长|科长|博士|律师)$")
_HAN = re.compile(r"^[\u4e00-\u9fff]{2,4}$")
_LOOKED_AT = 400  # characters in which somebody may be called by name
_MOST = 60  # names: on a call with more, nobody is meant by half a name


class People:
    """Those who may own a to-do: who speaks, and the roster."""

    def __init__(self, transcript: Transcript, roster: Iterable[str]) -> None:
        self.speakers: tuple[str, ...] = tuple(speaker.name for speaker in transcript.speakers)
        self.everyone: tuple[str, ...] = tuple(dict.fromkeys((*self.speakers, *roster)))
        self._exact = {name.casefold(): name for name in self.everyone}
        self._names = {call.casefold(): name for name in self.everyone for call in self._calls(name)}
        self._called = _calling(self._names)
        self.alone = len({turn.speaker for turn in transcript.turns}) < 2

    def named(self, said: str) -> str | None:
        """The one person that these words mean, None where there is none or there are several."""
        said = said.strip(" ,，.:：")
        if exact := self._exact.get(said.casefold()):
            return exact
        if len(self.everyone) > _MOST:
            return None
        for among in (self.speakers, self.everyone):
            found = [name for name in among if _means(said, name)]
            if len(found) == 1:
                return found[0]
        return None

    def addressed(self, text: str, speaker: str) -> str | None:
        """Somebody who is called by name in a sentence, other than its speaker."""
        for match in self._called.finditer(text[:_LOOKED_AT]):
            name = self._names.get(next(part for part in match.groups() if part).casefold())
            if name and name != speaker:
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


def _calling(calls: Iterable[str]) -> re.Pattern[str]:
    """How somebody is called: Chinese names anywhere, others with a comma or at either end."""
    ordered = sorted((call for call in calls if call), key=len, reverse=True)
    han = "|".join(re.escape(call) for call in ordered if not call.isascii())
    rest = "|".join(re.escape(call) for call in ordered if call.isascii())
    parts = [f"({han})"] if han else []
    if rest:
        parts.append(rf"(?:^|[,.!?;]\s*|\b(?:and|so|ok|okay|hey|hi|then|well|yes)\s+)({rest})\s*[,–—:-]")
        parts.append(rf",\s*({rest})\s*[?.!]?$")
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)
