"""Calls as long work: begun where nobody did, given up where it failed for good, cards and gaps of the library."""

from pathlib import Path

from bot.library import service as library
from bot.library import store as cards
from bot.minutes.calls import store
from bot.minutes.calls.model import State
from bot.voice import drafts
from bot.work import Progress
from bot.work import State as Work
from jobs import minutes as jobs
from tests.conftest import Office
from tests.handlers.test_minutes import Now, calls, drafted, dropped, message, press, work

CARDS = """\
{"id": "price", "title": "Price too high", "answer": "What do you compare it with?", "phrasings": ["your price is too high", "the price is more than we budgeted for"]}
{"id": "delivery", "title": "Delivery takes too long", "answer": "When do you need it?", "phrasings": ["we cannot wait eight weeks"]}
"""  # noqa: E501 - JSON lines


def test_a_call_that_nobody_began_is_begun(east: Office) -> None:
    dropped(east, "anna", "Anna Berg: hi\nMaria: hi\n")
    (one,) = calls(east)
    with east.app.db.begin() as db:
        other = store.save(db, one, state=State.READING)
    east.app.work.forget(east.app.now())
    jobs.look_after(east.app)
    assert east.app.work.progress(drafts.work_key(other)) == Progress(Work.WAITING, 0, 0, "")


def test_work_that_failed_for_good_is_told(east: Office) -> None:
    dropped(east, "anna", "Anna Berg: hi\nMaria: hi\n")
    (one,) = calls(east)
    with east.app.work._open().begin() as db:
        db.exec_driver_sql("UPDATE job SET state = 'failed', error = 'cut short'")
    jobs.look_after(east.app)
    assert calls(east)[0].state is State.FAILED
    assert "No minutes could be made of this call." in message(east, drafts.key(one)).text


def test_a_draft_that_took_long_is_said_to_be_ready(east: Office) -> None:
    dropped(east, "anna", "Anna Berg: hi\nMaria: hi\n", name="hi.txt")
    east.clock.forward(minutes=5)
    one = work(east)
    assert east.keys("minutes-ready") == [f"minutes-ready:{one.id}"]
    assert "The minutes of hi · Thu 11 Jun are ready." in east.heard("bot:anna")[-1]


def test_the_next_call_says_how_many_are_before_it(east: Office) -> None:
    for n in range(3):
        dropped(east, "anna", "Anna Berg: hi\nMaria: hi\n", name=f"{n}.txt")
    assert "2 other calls are before it." in east.heard("bot:anna")[-1]


def test_an_objection_gets_the_card_that_answers_it_and_one_without_is_a_gap(east: Office) -> None:
    with east.app.db.begin() as db:
        assert not library.import_cards(db, 1, CARDS, east.app.now(), name="cards.jsonl").faults
    one = drafted(east)
    with east.app.db.begin() as db:
        found = {item.about["kind"]: item for item in store.items(db, one) if item.kind == "objection"}
        assert found["price"].about["card"] == "price"
        about = found["security"].about | {"answered": False}
        store.save_item(db, found["security"], about=about)
    press(east, "anna", one, "Post to East")
    for _ in range(2):
        jobs.gaps(east.app, Now(), one.id)  # type: ignore[arg-type]
    with east.app.db.read() as db:
        assert [gap.question for gap in cards.gaps(db, 1)] == ["I need the SOC 2 report before our IT signs off."]


def test_without_a_library_there_are_no_gaps(east: Office) -> None:
    one = drafted(east)
    press(east, "anna", one, "Post to East")
    jobs.gaps(east.app, Now(), one.id)  # type: ignore[arg-type]
    with east.app.db.read() as db:
        assert cards.gaps(db, 1) == []


def test_a_large_file_is_heard_by_long_work_once(east: Office) -> None:
    text = "Anna Berg: hello there, and how are you\nMaria: all well, thank you\n" * 300
    file = dropped(east, "anna", text, name="long.txt", id="large")
    (one,) = calls(east)
    assert east.app.work.progress(f"minutes-hear:1:{one.key}") is not None
    assert not Path(file.path).exists()
    jobs.hear(east.app, Now(), one.key, one.sent_by, "long.txt", file.path)  # type: ignore[arg-type]
    assert calls(east) == [one]
    assert east.keys("reply:minutes") == ["reply:minutes:web:large"]


def test_a_large_file_that_went_missing_is_told(east: Office) -> None:
    dropped(east, "anna", "x" * 20_000, name="long.txt", id="large")  # names no speakers
    assert "names no speakers" in east.heard("bot:anna")[-1]
    anna = east.person("anna").id
    jobs.hear(east.app, Now(), "web:large", anna, "long.txt", "/nowhere")  # type: ignore[arg-type]
    assert "not here any more" in east.heard("bot:anna")[-1]
