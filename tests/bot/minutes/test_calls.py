"""Calls as they are kept: taken in once, read by those whom they concern, their minutes as the verdicts left them."""

from datetime import date
from pathlib import Path

import pytest

from bot.crm.imports import import_folder
from bot.errors import BotError
from bot.minutes import offline
from bot.minutes.calls import apart, deals, service, store
from bot.minutes.calls.model import Call, Kind, State, Verdict, dump, items_of, load, minutes_of, pack, unpack
from bot.minutes.model import Side
from bot.minutes.transcripts import read
from tests.bot.minutes.found import CALL, FOUND
from tests.conftest import Office
from tests.handlers.deals import bring


def taken(office: Office, key: str = "anna", text: str = CALL, name: str = "acme.txt", of: str = "") -> Call:
    who = office.person(key)
    with office.app.db.begin() as db:
        return service.take(db, who, text.encode(), name, office.app.now(), key=of or f"web:{key}:{name}")


def drafted(office: Office, one: Call) -> Call:
    with office.app.db.begin() as db:
        return service.found(db, one, FOUND, office.app.now())


def test_the_same_upload_is_one_call(east: Office) -> None:
    one, two = taken(east), taken(east)
    assert one == two
    assert (one.state, one.title, one.on, one.language) == (State.READING, "Acme demo", date(2026, 6, 10), "en")
    with east.app.db.read() as db:
        assert len(store.calls(db, 1)) == 1
        said = service.transcript(db, one)
    assert [speaker.name for speaker in said.speakers] == ["Anna Berg", "Maria Rossi"]
    assert said.side_of("Anna Berg") is Side.OURS


def test_a_transcript_is_read_back_as_it_was() -> None:
    said = read(CALL.encode(), "acme.txt")
    assert load(dump(said)) == said


def test_minutes_are_read_back_as_they_were() -> None:
    assert minutes_of(items_of(FOUND), FOUND.dropped, FOUND.engine) == unpack(pack(FOUND)) == FOUND


def test_the_engine_makes_the_same_in_a_process_of_its_own() -> None:
    said = read(CALL.encode(), "acme.txt")
    made = apart.minutes(said, date(2026, 6, 10), ["Anna Berg"])
    assert unpack(made) == offline.minutes(said, date(2026, 6, 10), ["Anna Berg"])


def test_an_engine_that_hangs_or_dies_is_a_plain_sentence() -> None:
    said = read(CALL.encode(), "acme.txt")
    with pytest.raises(BotError, match="No minutes could be made"):
        apart.minutes(said, date(2026, 6, 10), [], patience=0.01)


def test_a_draft_names_whom_its_to_dos_are_of(east: Office) -> None:
    one = drafted(east, taken(east))
    assert one.state is State.DRAFT
    with east.app.db.read() as db:
        todos = [item for item in service.items(db, one) if item.kind is Kind.TODO]
    assert [(item.about["owner"], item.about["owner_id"]) for item in todos if "report" in item.text] == [
        ("Anna Berg", east.person("anna").id)
    ]
    assert drafted(east, one) == one  # made once


def test_what_was_dropped_is_no_part_of_the_minutes(east: Office) -> None:
    one = drafted(east, taken(east))
    with east.app.db.begin() as db:
        before = service.minutes(db, one)
        todo = next(item for item in service.items(db, one) if item.kind is Kind.TODO)
        store.save_item(db, todo, verdict=Verdict.DROPPED)
        after = service.minutes(db, one)
    assert after.todos == before.todos[1:]


def test_a_draft_is_its_senders_and_posted_minutes_are_the_managers_too(east: Office) -> None:
    one = drafted(east, taken(east))

    def may_read(key: str) -> bool:
        with east.app.db.read() as db:
            try:
                return service.get(db, east.person(key), one.id).id == one.id
            except BotError:
                assert one.id not in [each.id for each in service.seen(db, east.person(key))]
                return False

    assert [may_read(key) for key in ("anna", "weber", "omar", "olga")] == [True, False, False, False]
    with east.app.db.begin() as db:
        store.save(db, one, state=State.POSTED)
    assert [may_read(key) for key in ("anna", "weber", "omar", "olga")] == [True, True, False, False]
    with east.app.db.read() as db:
        assert [each.id for each in service.seen(db, east.person("weber"))] == [one.id]
        assert service.seen(db, east.person("omar")) == []


def test_the_deals_owner_reads_what_another_posted_about_it(east: Office) -> None:
    bring(east)
    one = drafted(east, taken(east, "weber"))
    assert (one.deal, one.customer) == ("D1", "Acme")  # by the title of the call
    with east.app.db.begin() as db:
        store.save(db, one, state=State.POSTED)
    with east.app.db.read() as db:
        assert [each.id for each in service.seen(db, east.person("anna"), deal="D1")] == [one.id]
        assert [each.id for each in service.seen(db, east.person("anna"))] == [one.id]
        assert service.seen(db, east.person("anna"), deal="D2") == []
        assert service.seen(db, east.person("omar"), deal="D1") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Berg: hello\nChidi Eze: hello", "D8"),  # the contact speaks
        ("Anna Berg: hello\nSomebody (Lagos Foods Ltd): hello", "D8"),  # a company beside a name
        ("Title: Lagos Foods review\n\nAnna Berg: hello\nGuest: hi", "D8"),
        ("Anna Berg: how was Lagos Foods?\nOmar Said: fine", "D8"),
        ("Anna Berg: hello\nGuest: hi", ""),
        ("Anna Berg: Lagos Foods or Kraft Mills?\nGuest: hi", ""),  # two are named: neither is guessed
    ],
)
def test_the_deal_is_guessed_only_where_one_is_meant(east: Office, text: str, expected: str) -> None:
    folder = Path(east.app.settings.home) / "crm"
    folder.mkdir()
    files = {
        "accounts.csv": "account,name,contact\nA8,Lagos Foods Limited,Chidi Eze\nA9,Kraft Mills GmbH,Ute Lang\n",
        "deals.csv": "deal,name,account,owner,stage,status,created\n"
        "D8,Canteen,A8,anna,Demo,open,2026-05-30T08:00:00Z\nD9,Mill 2,A9,anna,Demo,open,2026-05-30T08:00:00Z\n"
        "D7,Secret,A8,li,Demo,won,2026-05-30T08:00:00Z\n",
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    assert not import_folder(east.app.db, 1, folder, east.app.now()).faults
    with east.app.db.read() as db:
        found = deals.guess(db, east.person("anna"), read(text.encode(), "call.txt"), "call.txt")
    assert (found.deal.deal if found.deal else "") == expected


def test_a_reader_is_noted_and_a_sender_is_not(east: Office) -> None:
    one = taken(east)
    with east.app.db.begin() as db:
        service.note_read(db, east.person("anna"), one, east.app.now(), "chat")
        service.note_read(db, east.person("weber"), one, east.app.now(), "page")
        assert [(row.person_id, row.how) for row in service.readers(db, one)] == [(east.person("weber").id, "page")]


def test_what_is_forgotten_is_gone(east: Office) -> None:
    one = drafted(east, taken(east))
    with east.app.db.begin() as db:
        gone = store.erase(db, one)
        assert (gone.state, gone.title, service.items(db, one)) == (State.FORGOTTEN, "", [])
        with pytest.raises(BotError, match="erased"):
            service.transcript(db, one)


def test_whoever_sells_nothing_sends_no_calls(east: Office) -> None:
    with pytest.raises(BotError, match="those who sell"):
        taken(east, "olga")
