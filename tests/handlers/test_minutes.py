"""From a transcript dropped into chat to posted minutes and to-dos: say this, expect that."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.crm import service as crm
from bot.message import Choices, File, Reply, load
from bot.minutes.calls import store
from bot.minutes.calls.model import Call, State
from bot.outbox import store as outbox
from bot.todos import store as todos
from bot.voice import drafts
from jobs import minutes as jobs
from tests.bot.minutes.test_calls import CALL
from tests.conftest import Office
from tests.handlers.deals import bring

COUNT = itertools.count(1)


class Now:
    """Steps that are done at once."""

    def do(self, label: str, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    def progress(self, done: int, of: int) -> None:
        pass


def dropped(office: Office, key: str, text: str | bytes, name: str = "acme.txt", **more: Any) -> File:
    """Drop a file into somebody's chat."""
    data = text.encode() if isinstance(text, str) else text
    folder = Path(office.app.settings.home) / "files"
    folder.mkdir(exist_ok=True)
    path = folder / f"f{next(COUNT)}"
    path.write_bytes(data)
    file = File(name, str(path), len(data))
    office.say(key, str(more.pop("text", "")), files=(file,), **more)
    return file


def calls(office: Office) -> list[Call]:
    with office.app.db.read() as db:
        return list(reversed(store.calls(db, 1)))


def work(office: Office) -> Call:
    """All calls are read; the last one."""
    for one in calls(office):
        jobs.read(office.app, Now(), one.id)  # type: ignore[arg-type]
    return calls(office)[-1]


def message(office: Office, key: str) -> Reply:
    """A message as it stands."""
    with office.app.db.read() as db:
        row = db.execute(outbox.outbox.select().where(outbox.outbox.c.key == key)).one()
    return load(row.body)


def drafted(office: Office, key: str = "anna", text: str = CALL) -> Call:
    dropped(office, key, text)
    return work(office)


def press(office: Office, key: str, one: Call, label: str, under: str = "") -> Reply | None:
    """Press a button of a draft; `under`: the list that it stands in."""
    for button in message(office, drafts.key(one)).buttons:
        for each in button.buttons if isinstance(button, Choices) else (button,):
            if each.label == label and button.label.startswith(under or label):
                return office.say(key, each.says, how="button", about=drafts.key(one))
    raise AssertionError(f"no {label!r} among {message(office, drafts.key(one)).buttons}")


def owed(office: Office, key: str) -> list[str]:
    with office.app.db.read() as db:
        return [one.task for one in todos.todos(db, 1, owners=[office.person(key).id])]


def test_from_a_dropped_file_to_posted_minutes(east: Office) -> None:
    bring(east)
    file = dropped(east, "anna", CALL)
    (one,) = calls(east)
    assert "**Acme demo · Wed 10 Jun: the minutes are being made**" in message(east, drafts.key(one)).text
    assert not Path(file.path).exists()  # what was said stands in the database, from which it can be erased
    work(east)
    text = message(east, drafts.key(one)).text
    assert text.startswith("**Acme demo · Wed 10 Jun**\n")
    assert "Send the SOC 2 report · you · Thu 11 Jun\n↳ “I'll send the SOC 2 report tomorrow.”" in text
    assert "objections: price (open)" in text
    assert "Deal: Acme\nIts next step becomes: Meet to walk through the pilot (Tue 16 Jun 10:00)" in text
    assert owed(east, "anna") == []  # nothing is done before it is said
    press(east, "anna", one, "Post to East")
    assert calls(east)[0].state is State.POSTED
    (posted,) = east.heard("team:East", "minutes-posted")
    assert "- Send the SOC 2 report · Anna Berg · Thu 11 Jun" in posted
    assert "Send the SOC 2 report" in owed(east, "anna")
    assert "4 to-dos are on your list.\nNext step of Acme" in message(east, drafts.key(one)).text
    with east.app.db.read() as db:
        standing = crm.deal(db, east.person("anna"), "D1", east.app.now())
    assert standing
    assert (standing.deal.next_step, str(standing.deal.next_step_on)) == (
        "Meet to walk through the pilot",
        "2026-06-16",
    )
