"""Erases a call wherever it was said: what was posted reads "This call was erased", the file and the work are gone.

Here and not in `bot.minutes`, which knows no outbox and no chat. What stands on Slack or Telegram as a file that
somebody dropped there is theirs to delete.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.chat.web import store as web
from bot.chat.web.model import Body
from bot.db import Connection
from bot.errors import BotError
from bot.inbox import store as inbox
from bot.message import Button, Message, Reply
from bot.minutes.calls.model import Call
from bot.minutes.keeping import service as keeping
from bot.minutes.keeping.service import Gone
from bot.minutes.transcripts import MOST_BYTES, read
from bot.outbox import store as outbox
from bot.team import service as team
from bot.team.model import Person
from bot.voice import drafts
from prompts import words

AROUND = timedelta(hours=1)  # what was sent is stored a little before it is taken for a call
SURELY = 3  # sentences of the call in what a person wrote: one may be chance, and that is theirs
_OWN = re.compile(r"minutes(?:-\w+)?:(\d+)")  # the keys of what is said of one call, this or another
_DEEDS = "todo"  # to-dos stay: how the keys of what is said of them begin


def erase(app: App, one: Call, by: Person | None = None) -> bool:
    """Erase a call, on somebody's wish or because it was kept long enough; False when it was erased before."""
    with app.db.read() as db:  # years of messages are looked through: nobody is to wait for that
        gone = keeping.going(db, one)
        said, kept = _said(app, db, gone), {*_kept_files(app, gone)}
    with app.db.begin() as db:
        if not keeping.erase(db, one, app.now(), by):
            return False
        files = kept | {*_unhear(app, db, gone)}
        _take_back(app, db, gone, said, {path.name for path in files})
    for path in files:
        path.unlink(missing_ok=True)
    app.db.settle()
    return True


def _said(app: App, db: Connection, gone: Gone) -> list[tuple[int, str]]:
    """Messages of ours that say something of the call, or ask something about it: id and key."""
    call = gone.call.id
    asking = [f'{verb} {call}"' for verb in ("#open", "#show", "#only", "/example show", "/example yes", "/example no")]
    found = outbox.holding(db, app.workspace, gone.call.at, [*asking, *gone.signs])
    return [(row, key) for row, key, reply in found if _repeats(gone, key, reply)]


def _unhear(app: App, db: Connection, gone: Gone) -> list[Path]:
    """Forget the messages that brought the call; the files that came with them."""
    heard = inbox.heard_since(db, app.workspace, gone.call.sent_by, gone.call.at - AROUND)
    told = [(row, message) for row, message in heard if _brings(gone, message)]
    inbox.blank(db, [row for row, _message in told])
    return [Path(file.path) for _row, message in told for file in message.files]


def _take_back(app: App, db: Connection, gone: Gone, said: Sequence[tuple[int, str]], files: Collection[str]) -> None:
    """Let all that repeats the call say that it was erased."""
    one, now = gone.call, app.now()
    reply = Reply(words(_language(app, db, one))("This call was erased."))
    outbox.take_back(db, app.workspace, [row for row, _key in said], reply, now)
    shown = [message for _row, key in said if (message := web.by_key(db, app.workspace, key))]
    written = web.written_by(db, app.workspace, one.sent_by, one.at - AROUND, one.at + AROUND)
    shown += [each.id for each in written if gone.traces.count(each.body.text) >= SURELY]
    shown += [each.id for each in written if any(file.id in files for file in each.body.files)]
    for message_id in shown:
        web.change(db, app.workspace, message_id, Body(reply.text))
    web.drop_files(db, app.workspace, list(files))


def _language(app: App, db: Connection, one: Call) -> str:
    sender = team.person(db, app.workspace, one.sent_by)
    return sender.language if sender else app.settings.language


def _repeats(gone: Gone, key: str, reply: Reply) -> bool:
    """Whether a message of ours says something of the call, or asks something about it."""
    if key.startswith(drafts.key_of("")):
        return key == drafts.key(gone.call)
    if own := _OWN.match(key):
        return own[1] == str(gone.call.id)
    if key.startswith(_DEEDS):
        return False
    about = re.compile(rf"/(?:minutes|example) #?\w+ {gone.call.id}\b")
    says = [button.says for each in reply.buttons for button in ([each] if isinstance(each, Button) else each.buttons)]
    return any(map(about.match, says)) or gone.traces.count(reply.text) > 0


def _brings(gone: Gone, message: Message) -> bool:
    came = f"{message.place.platform}:{message.id}"
    return f"{gone.call.key}:".startswith(f"{came}:") or gone.traces.count(message.text) >= SURELY


def _kept_files(app: App, gone: Gone) -> Iterable[Path]:
    """Files in our keeping that read as this call, of those that came about when it did."""
    folder, at = app.settings.home / "files", gone.call.at.timestamp()
    for path in folder.rglob("*") if folder.is_dir() else ():
        hours = (at - path.stat().st_mtime) / 3600 if path.is_file() else 99.0
        if -1 <= hours <= 24 and path.stat().st_size <= MOST_BYTES and _reads_as(path, gone):
            yield path


def _reads_as(path: Path, gone: Gone) -> bool:
    try:
        said = read(path.read_bytes(), gone.call.name or path.name)
    except (BotError, OSError):
        return False
    return gone.traces.count("\n".join(turn.text for turn in said.turns)) >= SURELY
