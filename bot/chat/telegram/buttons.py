"""Buttons: what is written under a message, and what a press of it means.

Telegram takes 64 bytes a button, so a button carries the token of its keyboard and its place there; a row of ours
says what that means. The token is a digest of the keyboard: the same buttons cost one row, however often they are said.
"""

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.chat.telegram import store
from bot.chat.telegram.desk import Desk
from bot.message import Button, Choices

LIVES = timedelta(days=180)  # since a keyboard was said last
BACK = "‹"
MOST = 100  # buttons that Telegram takes
WIDTH = 32  # letters of a row on a phone; a Chinese one counts twice
_GATHER = 0.005  # seconds that keyboards wait to be written down together
_KNOWN = 20_000  # tokens that we remember having written down

_DATA = re.compile(r"([A-Za-z0-9_-]{16})(?:\.(\d{1,3})(v|\.\d{1,3})?)?")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Said = tuple[Button | Choices, ...]
Row = list[dict[str, str]]


def key(label: str, data: str, style: str = "") -> dict[str, str]:
    """One button as Telegram takes it."""
    one = {"text": " ".join(label.split())[:64] or "·", "callback_data": data}
    return one | {"style": style} if style in ("primary", "danger") else one


def rows(keys: Iterable[dict[str, str]]) -> list[Row]:
    """Buttons in rows that a phone shows without cutting them."""
    found: list[Row] = []
    left = 0
    for one in keys:
        wide = sum(2 if c > "\u2e7f" else 1 for c in one["text"]) + 3
        if wide > left or len(found[-1]) == 4:
            found.append([])
            left = WIDTH
        found[-1].append(one)
        left -= wide
    return found


def markup(found: Sequence[Row]) -> str:
    """A keyboard as it goes over the wire; none at all takes away what was there."""
    return _encode({"inline_keyboard": found})


def token_of(buttons: Said) -> str:
    digest = hashlib.blake2b(_encode(buttons).encode(), digest_size=12).digest()
    return base64.urlsafe_b64encode(digest).decode()


def closed(token: str, buttons: Said) -> str:
    """The keyboard as it first stands: choices are one button each."""
    keys = []
    for n, one in enumerate(buttons[:MOST]):
        if isinstance(one, Choices):
            keys.append(key(f"{one.label} ▾", f"{token}.{n}v"))
        else:
            keys.append(key(one.label, f"{token}.{n}", one.style))
    return markup(rows(keys))


def opened(token: str, buttons: Said, at: int, back: str) -> str:
    """The keyboard with the list of one of its choices, and the way back."""
    chosen = buttons[at]
    assert isinstance(chosen, Choices)
    keys = [key(one.label, f"{token}.{at}.{n}", one.style) for n, one in enumerate(chosen.buttons[: MOST - 1])]
    return markup([*rows(keys), [key(f"{BACK} {back}", token)]])


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a press means: words to be heard, or another view of the same keyboard (`view`: -1 is the first)."""

    token: str
    buttons: Said
    says: str = ""
    view: int = -1


@dataclass(slots=True)
class Keyboards:
    """Keyboards as markup, and back. What is said is written down before it can be pressed."""

    desk: Desk
    _known: dict[str, None] = field(default_factory=dict)  # the oldest first
    _fresh: dict[str, Said] = field(default_factory=dict)
    _writing: "asyncio.Task[None] | None" = None

    async def markup(self, buttons: Said) -> str:
        """The markup of these buttons; "" when there are none. Many at once share a transaction."""
        if not buttons:
            return ""
        token = token_of(buttons)
        if token not in self._known:
            self._fresh[token] = buttons
            if self._writing is None:
                self._writing = asyncio.create_task(self._write())
            await asyncio.shield(self._writing)
        return closed(token, buttons)

    async def _write(self) -> None:
        try:
            await asyncio.sleep(_GATHER)
        finally:
            fresh, self._fresh, self._writing = self._fresh, {}, None  # who comes now waits for the next
        await self.desk.away(self._keep, list(fresh.items()))
        self._known |= dict.fromkeys(fresh)
        while len(self._known) > _KNOWN:
            del self._known[next(iter(self._known))]

    def _keep(self, fresh: list[tuple[str, Any]]) -> None:
        with self.desk.db.begin() as db:
            store.keep_keyboards(db, self.desk.workspace, fresh, self.desk.now())

    def find(self, data: str) -> Pressed | None:
        """What the data of a press means; None when it is too old, or made up."""
        found = _DATA.fullmatch(data)
        if not found:
            return None
        with self.desk.db.read() as db:
            body = store.buttons(db, self.desk.workspace, found[1])
        return _meant(found[1], _load(body), found[2], found[3]) if body else None

    def forget(self) -> None:
        """Let go of what nobody will press any more."""
        self._known.clear()  # or those that live on would not be written down again in time
        with self.desk.db.begin() as db:
            store.forget_keyboards(db, self.desk.workspace, self.desk.now() - LIVES)


def _load(body: list[Any]) -> Said:
    return tuple(
        Button(one[0], one[1], *one[2:])
        if isinstance(one[1], str)
        else Choices(one[0], tuple(Button(*b) for b in one[1]))
        for one in body
    )


def _meant(token: str, buttons: Said, at: str | None, more: str | None) -> Pressed | None:
    if at is None:
        return Pressed(token, buttons)
    if int(at) >= len(buttons):
        return None
    one = buttons[int(at)]
    if isinstance(one, Button):
        return Pressed(token, buttons, says=one.says) if more is None else None
    if more == "v":
        return Pressed(token, buttons, view=int(at))
    inner = int(more[1:]) if more else len(one.buttons)
    return Pressed(token, buttons, says=one.buttons[inner].says) if inner < len(one.buttons) else None
