"""To-dos in chat: say this, expect that."""

from datetime import UTC, date, datetime

from bot.message import Form
from bot.todos import service, store
from bot.todos.model import State, Todo
from tests.conftest import Office
from tests.handlers.deals import KRAFTWERK, bring
from tests.handlers.test_library import last, press


def open_of(office: Office, key: str) -> list[Todo]:
    with office.app.db.read() as db:
        return store.todos(db, 1, owners=[office.person(key).id])


def test_one_line_is_enough(east: Office) -> None:
    east.say("anna", "/todo add send the quote by Friday")
    (one,) = open_of(east, "anna")
    assert (one.task, str(one.due), one.phrase) == ("send the quote", "2026-06-12", "by Friday")
    assert last(east, "anna").text == "**send the quote**\nFri 12 Jun"
    east.say("anna", "/todo")
    assert last(east, "anna").text.startswith("**1 open to-do**\n- send the quote · Fri 12 Jun")


def test_heard_twice_it_is_one(east: Office) -> None:
    for _ in range(2):
        east.say("anna", "/todo call Chidi", id="same")
    assert [one.task for one in open_of(east, "anna")] == ["call Chidi"]


def test_done_and_open_again(east: Office) -> None:
    east.say("li", "/待办 加 周五前给宏达发报价")
    press(east, "li", "完成")
    assert "已完成：给宏达发报价" in last(east, "li").text
    assert open_of(east, "li") == []
    press(east, "li", "重新打开")
    assert [one.task for one in open_of(east, "li")] == ["给宏达发报价"]


def test_given_to_another_who_gives_it_back(east: Office) -> None:
    form = east.form("weber", "/todo add")
    east.fill("weber", form, task="visit Kraftwerk", due="2026-06-18", owner=str(east.person("anna").id))
    assert last(east, "anna").text.startswith("**Jonas Weber has a to-do for you: visit Kraftwerk**")
    press(east, "anna", "Not mine")
    assert open_of(east, "anna") == []
    assert "Anna Berg has a to-do for you: visit Kraftwerk" in last(east, "weber").text
    reply = press(east, "weber", "Hand over")
    assert reply is not None
    assert reply.form is not None
    east.fill("weber", reply.form, to=str(east.person("omar").id))
    assert [one.task for one in open_of(east, "omar")] == ["visit Kraftwerk"]


def test_others_to_dos_cannot_be_seen_or_guessed(east: Office) -> None:
    east.say("anna", "/todo call Chidi tomorrow")
    (one,) = open_of(east, "anna")
    for verb in ("show", "done", "drop", "reopen", "snooze", "hand", "notmine", "change"):
        east.say("omar", f"/todo {verb} {one.id}", how="button")
        assert "not yours to see" in last(east, "omar").text
    east.say("weber", f"/todo show {one.id}", how="button")
    assert "call Chidi" in last(east, "weber").text
    assert open_of(east, "anna") == [one]


def test_what_a_task_says_is_data(east: Office) -> None:
    east.say("anna", "/todo add **@channel** {{ 7*7 }} <b>x</b> by Friday")
    assert last(east, "anna").text.startswith("**\\*\\*")
    assert "{{ 7\\*7 }}" in last(east, "anna").text.replace("\\{", "{").replace("\\}", "}")


def test_a_reminder_calls_a_deal_as_people_do(east: Office) -> None:
    bring(east, KRAFTWERK.replace("A2", "Kraftwerk AG"))
    anna = east.person("anna")
    with east.app.db.begin() as db:
        service.add(db, anna, anna, "send the quote", east.app.now(), key="k", due=date(2026, 6, 12), deal="D2")
    east.run(datetime(2026, 6, 11, 13, 30, tzinfo=UTC), 600)
    (said,) = east.heard("bot:anna", "todo-ahead")
    assert "Kraftwerk AG" in said
    assert "D2" not in said


def test_a_reminder_ahead_one_after_then_the_managers_list(east: Office) -> None:
    east.say("anna", "/todo send the quote by Friday")
    east.run(datetime(2026, 6, 11, 12, 40, tzinfo=UTC), 600)
    assert east.heard("bot:anna", "todo-ahead") == []
    east.run(datetime(2026, 6, 11, 13, 30, tzinfo=UTC), 600)
    assert [text.splitlines()[0] for text in east.heard("bot:anna", "todo-ahead")] == [
        "**Due Fri 12 Jun: send the quote**"
    ]
    east.run(datetime(2026, 6, 15, 6, 20, tzinfo=UTC), 1800)
    assert east.heard("bot:anna", "todo-after") == []
    east.run(datetime(2026, 6, 16, 12, 0, tzinfo=UTC), 1800)
    assert [text.splitlines()[0] for text in east.heard("bot:anna", "todo-after")] == [
        "**Was due Fri 12 Jun: send the quote**"
    ]
    east.run(datetime(2026, 6, 22, 12, 0, tzinfo=UTC), 3600)
    lists = east.heard("bot:weber", "todos-overdue")
    assert [text.splitlines()[1] for text in lists] == [
        "- Anna Berg: send the quote (Fri 12 Jun, 3 days late)",
        "- Anna Berg: send the quote (Fri 12 Jun, 10 days late)",
    ]
    assert len(east.heard("bot:anna", "todo-after")) == 1


def test_who_is_on_leave_hears_of_it_afterwards(east: Office) -> None:
    east.say("anna", "/todo send the quote by Friday")
    east.say("anna", "/leave until Friday")
    east.run(datetime(2026, 6, 15, 6, 20, tzinfo=UTC), 1800)
    assert east.heard("bot:anna", "todo-") == []
    east.run(datetime(2026, 6, 15, 8, 0, tzinfo=UTC), 600)
    assert len(east.heard("bot:anna", "todo-after")) == 1


def test_snoozed_it_is_due_later(east: Office) -> None:
    east.say("anna", "/todo send the quote today")
    press(east, "anna", "Next week")
    (one,) = open_of(east, "anna")
    assert (str(one.due), one.state) == ("2026-06-18", State.OPEN)


def due_options(form: Form) -> list[str]:
    return [option.label for field in form.fields if field.name == "due.todos" for option in field.options]


def test_what_is_due_comes_up_in_the_standup_and_a_tick_finishes_it(east: Office) -> None:
    for said in (
        "send the quote today",
        "call Chidi by 2026-06-10",
        "visit Kraftwerk by 2026-06-18",
        "write the offer",
    ):
        east.say("anna", f"/todo add {said}")
    east.say("omar", "/todo add not Anna's today")
    east.run(datetime(2026, 6, 11, 7, 31, tzinfo=UTC))
    form = east.form("anna", "/standup")
    assert due_options(form) == ["call Chidi (Wed 10 Jun, 1 day late)", "send the quote (today)"]
    chidi = next(one for one in open_of(east, "anna") if one.task == "call Chidi")
    theirs = open_of(east, "omar")[0]
    east.fill("anna", form, due__todos=(str(chidi.id), str(theirs.id)), blocker__kind="none")
    assert [one.task for one in open_of(east, "anna")] == ["send the quote", "visit Kraftwerk", "write the offer"]
    assert open_of(east, "omar") == [theirs]
    assert "done 1" in east.heard("team:East", "standup-board")[-1]
    assert due_options(east.form("anna", "/standup")) == ["send the quote (today)"]


def test_a_standup_takes_few_of_many_to_dos(east: Office) -> None:
    for n in range(9):
        east.say("anna", f"/todo add call customer {n} today")
    east.run(datetime(2026, 6, 11, 7, 31, tzinfo=UTC))
    assert len(due_options(east.form("anna", "/standup"))) == 5
