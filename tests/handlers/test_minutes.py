"""From a transcript dropped into chat to posted minutes and to-dos: say this, expect that."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.crm import service as crm
from bot.message import Choices, File, Reply, load
from bot.minutes.calls import store
from bot.minutes.calls.model import Call, State, pack
from bot.minutes.model import Minutes
from bot.outbox import store as outbox
from bot.todos import store as todos
from bot.voice import drafts
from handlers.dropped import AT_ONCE
from jobs import minutes as jobs
from tests.bot.minutes.found import CALL, FOUND
from tests.conftest import Office
from tests.handlers.deals import bring

COUNT = itertools.count(1)


class Now:
    """Steps that are done at once."""

    def do(self, label: str, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    def progress(self, done: int, of: int) -> None:
        pass


def dropped(office: Office, key: str, content: str | bytes, name: str = "acme.txt", **more: Any) -> File:
    """Drop a file into somebody's chat."""
    data = content.encode() if isinstance(content, str) else content
    folder = Path(office.app.settings.home) / "files"
    folder.mkdir(exist_ok=True)
    path = folder / f"f{next(COUNT)}"
    path.write_bytes(data)
    file = File(name, str(path), len(data))
    says, id = str(more.pop("text", "")), str(more.pop("id", f"d{next(COUNT)}"))
    office.say(key, says, files=(file,), id=id, **more)
    if len(data) > AT_ONCE and not says and office.keys(drafts.key_of(f"web:{id}")):
        jobs.hear(office.app, Now(), f"web:{id}", office.person(key).id, name, str(path))  # type: ignore[arg-type]
    return file


def calls(office: Office) -> list[Call]:
    with office.app.db.read() as db:
        return list(reversed(store.calls(db, 1)))


def work(office: Office, found: Minutes | None = FOUND) -> Call:
    """All calls are read, and found to be so; by the engine itself when that is None. The last one."""
    for one in calls(office):
        if found:
            with office.app.db.begin() as db:
                store.keep_part(db, one, jobs.OFFLINE, pack(found))
        jobs.read(office.app, Now(), one.id)  # type: ignore[arg-type]
    return calls(office)[-1]


def message(office: Office, key: str) -> Reply:
    """A message as it stands."""
    with office.app.db.read() as db:
        row = db.execute(outbox.outbox.select().where(outbox.outbox.c.key == key)).one()
    return load(row.body)


def drafted(office: Office, key: str = "anna", text: str = CALL, found: Minutes | None = FOUND) -> Call:
    dropped(office, key, text)
    return work(office, found)


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
    assert "Deal: Acme\nIts next step becomes: Walk through the pilot (Tue 16 Jun 10:00)" in text
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
        "Walk through the pilot",
        "2026-06-16",
    )


def fill(office: Office, key: str, one: Call, label: str, under: str, **answers: str) -> None:
    """Fill in the form that a button of a draft opens, over what it is prefilled with."""
    reply = press(office, key, one, label, under)
    assert reply
    assert reply.form
    kept = {field.name: str(field.value) for field in reply.form.fields}
    office.say(key, reply.form.says, how="form", answers=kept | answers, about=drafts.key(one))


def test_each_to_do_is_kept_changed_or_dropped(east: Office) -> None:
    one = drafted(east)
    press(east, "anna", one, "Drop", "1.")
    omar = f"#{east.person('omar').id}"
    fill(east, "anna", one, "Change", "2.", task="Send the SOC 2 report by mail", owner=omar, due="2026-06-15")
    text = message(east, drafts.key(one)).text
    assert "1. Dropped: Send Maria Rossi the volume quote" in text
    assert "2. Send the SOC 2 report by mail · Omar Said · Mon 15 Jun" in text
    press(east, "anna", one, "Drop", "3.")
    press(east, "anna", one, "Keep", "3.")
    press(east, "anna", one, "Post to East")
    assert owed(east, "omar") == ["Send the SOC 2 report by mail"]
    assert "Anna Berg has a to-do for you: Send the SOC 2 report by mail" in east.heard("bot:omar", "todo-given")[0]
    assert "Send Maria Rossi the volume quote" not in owed(east, "anna") + east.heard("team:East", "minutes-posted")
    assert "Walk through the pilot" in owed(east, "anna")


def test_a_customers_promise_stays_in_the_minutes(east: Office) -> None:
    one = drafted(east, "anna")
    fill(east, "anna", one, "Change", "1.", owner="Maria Rossi")
    assert "Send Maria Rossi the volume quote · Maria Rossi · Fri 12 Jun" in message(east, drafts.key(one)).text
    press(east, "anna", one, "Post to East")
    assert "Send Maria Rossi the volume quote" not in owed(east, "anna")
    assert "volume quote · Maria Rossi" in east.heard("team:East", "minutes-posted")[0]


def test_whom_one_may_not_give_to_dos_gets_none_and_that_is_said(east: Office) -> None:
    east.hire(
        "person,name,team,role,timezone,language,calendar,manager,weekdays\n"
        "priya,Priya Nair,West,rep,Europe/Berlin,en,DE,,\n"
        "anna,Anna Berg,East,rep,Europe/Berlin,en,DE,,\n"
    )
    talk = "Anna Berg: Priya, can you send the contract by Friday?\nPriya Nair: Sure, I will send it by Friday.\n"
    one = drafted(east, "anna", talk, None)
    assert "Send the contract · you, for Priya Nair takes none of yours" in message(east, drafts.key(one)).text
    press(east, "anna", one, "Post to East")
    assert owed(east, "priya") == []
    assert owed(east, "anna") == ["Send the contract"]


def test_only_me_tells_nobody(east: Office) -> None:
    one = drafted(east)
    fill(east, "anna", one, "Change", "1.", owner=f"#{east.person('omar').id}")
    press(east, "anna", one, "Only me")
    assert calls(east)[0].state is State.KEPT
    assert east.keys("minutes-posted") == east.keys("todo-given") == []
    assert owed(east, "omar") == []
    assert "Not told of theirs: Omar Said" in message(east, drafts.key(one)).text
    press(east, "anna", one, "Post to East")  # they may still be
    assert owed(east, "omar") == ["Send Maria Rossi the volume quote"]
    assert len(owed(east, "anna")) == len(set(owed(east, "anna")))


def test_pressed_twice_it_is_posted_once(east: Office) -> None:
    one = drafted(east)
    for _ in range(2):
        east.say("anna", f"/minutes #post {one.id} {east.person('anna').team_id}", how="button")
    assert len(east.keys("minutes-posted")) == 1
    assert len(owed(east, "anna")) == 4


def test_heard_twice_it_is_one_call(east: Office) -> None:
    for _ in range(2):
        dropped(east, "anna", CALL, id="same")
    assert len(calls(east)) == 1


def test_a_draft_is_nobody_elses(east: Office) -> None:
    one = drafted(east)
    for says in (
        "keep {} 8",
        "change {} 8",
        "drop {} 8",
        "deal {} D2",
        "step {} off",
        "post {} 1",
        "only {}",
        "open {}",
    ):
        for key in ("omar", "weber", "olga"):
            east.say(key, "/minutes #" + says.format(one.id), how="button")
            said = east.heard(f"bot:{key}")[-1]
            assert "not yours" in said or "Only whoever sent the call" in said, said
    assert calls(east)[0].state is State.DRAFT


def test_the_deal_is_changed_or_taken_off(east: Office) -> None:
    bring(east)
    one = drafted(east)
    press(east, "anna", one, "Kraftwerk pilot", "Deal")
    assert "Deal: Kraftwerk pilot" in message(east, drafts.key(one)).text
    press(east, "anna", one, "Leave its next step", "Deal")
    assert "Its next step stays as it is." in message(east, drafts.key(one)).text
    press(east, "anna", one, "Set its next step", "Deal")
    assert "Its next step becomes" in message(east, drafts.key(one)).text
    east.say("anna", f"/minutes #deal {one.id} D5", how="button")  # another's
    assert "not among yours" in east.heard("bot:anna")[-1]
    press(east, "anna", one, "No deal", "Deal")
    assert "It is not clear which deal" in message(east, drafts.key(one)).text
    press(east, "anna", one, "Acme", "Deal")
    press(east, "anna", one, "Post to East")
    east.say("anna", "/deal Acme")
    buttons = load_last(east, "anna").buttons
    assert ("Acme demo · Wed 10 Jun", f"/minutes #open {one.id}", "") in [
        each for b in buttons if isinstance(b, Choices) for each in b.buttons
    ]


def test_the_whole_minutes_say_where_each_thing_was_said(east: Office) -> None:
    one = drafted(east)
    east.say("anna", f"/minutes {one.id}")
    text = load_last(east, "anna").text
    for line in (
        "**Topics**\n- Price and pilot",
        "- Send the SOC 2 report · Anna Berg · Thu 11 Jun",
        "- Walk through the pilot · nobody named · Tue 16 Jun 10:00",
        "- The price is more than we budgeted for. · price (open)",
        "- Walk through the pilot · Next step agreed",
        f"[Beside the transcript](/minutes/{one.id})",
    ):
        assert line in text
    east.say("anna", "/minutes")
    assert "- Acme demo · Wed 10 Jun · draft" in load_last(east, "anna").text


def load_last(office: Office, key: str) -> Reply:
    chat = f"bot-{office.person(key).id}"
    with office.app.db.read() as db:
        rows = db.execute(outbox.outbox.select().order_by(outbox.outbox.c.id)).all()
    return load([row for row in rows if row.chat == chat][-1].body)


def test_in_chinese(east: Office) -> None:
    talk = (
        "李伟：王总您好，谢谢您抽时间。\n王强：客气了。价格比预算高不少。\n"
        "李伟：我周五前把报价发给您。\n王强：好，下周二下午三点再开个会看试点。\n"
    )
    one = drafted(east, "li", talk, None)
    text = message(east, drafts.key(one)).text
    assert "**待办**" in text
    assert "6月12日 周五" in text
    assert "价格（未回应）" in text
    press(east, "li", one, "发到 East")
    assert east.heard("team:East", "minutes-posted")[0].startswith("**Minutes: ")  # the channel's language
