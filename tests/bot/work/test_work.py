"""Jobs are begun once, remember their steps, say how far they are, and fail one by one."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.work import Progress, State
from tests.bot.work.office import Office, wait


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("office"))
    office.work.start()
    yield office
    office.gate.set()
    office.work.stop()
    wait(lambda: not any(t.name.startswith(("dbos", "queue", "work")) for t in threading.enumerate()))


def test_begun_twice_is_done_once(office: Office) -> None:
    assert office.work.begin("note", "once", what="a") is True
    assert office.work.begin("note", "once", what="b") is False
    assert office.until("once") == Progress(State.DONE, 0, 0, "")
    assert office.work.begin("note", "once", what="c") is False
    assert office.seen == [["a", 1]]


def test_progress_is_seen_from_anywhere(office: Office) -> None:
    assert office.work.progress("nobody's") is None
    office.work.begin("measured", "far")
    other = office.another()
    wait(lambda: other.progress("far") == Progress(State.RUNNING, 3, 10, ""))
    office.gate.set()
    assert office.until("far") == Progress(State.DONE, 10, 10, "")
    other.stop()


def test_a_failure_is_told_and_stops_no_other(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("refused", "broken", "quits", "no_json"):
        office.work.begin(name, f"failing {name}")
    office.work.begin("note", "after them", what="fine")
    assert office.until("failing refused") == Progress(State.FAILED, 0, 0, "The file has no rows.")
    assert "ZeroDivisionError" in office.until("failing broken").error
    assert "secret" not in office.until("failing broken").error
    assert office.until("failing quits").state is State.FAILED
    assert "TypeError" in office.until("failing no_json").error
    assert office.until("after them").state is State.DONE
    assert "job broken failed" in caplog.text


def test_a_job_may_go_on_after_a_step_that_failed(office: Office) -> None:
    office.work.begin("bold", "bold")
    assert office.until("bold").state is State.DONE
    assert [seen for seen in office.seen if str(seen).startswith("no ")] == ["no 0", "no 1", "no 2"]


def test_a_step_belongs_in_the_thread_of_its_job(office: Office) -> None:
    office.work.begin("astray", "astray")
    assert office.until("astray").state is State.DONE
    assert "RuntimeError" in office.seen


def test_a_job_may_begin_another(office: Office) -> None:
    office.work.begin("chain", "chain")
    assert office.until("chain").error == ""
    assert 5 in office.seen
    assert "TypeError" in office.until("chained").error, "it was given no `what`"


def test_a_job_that_another_process_begins_is_done_here(office: Office) -> None:
    other = office.another()
    assert other.begin("note", "from afar", what="far") is True
    other.begin("unheard of", "strange")
    assert office.until("from afar").state is State.DONE
    assert "no job 'unheard of'" in office.until("strange").error
    other.stop()
    with pytest.raises(ValueError, match="no job"):
        office.work.begin("unheard of", "known to be strange")
    with pytest.raises(TypeError):
        office.work.begin("note", "no JSON", what=object())


def test_what_is_forgotten_may_be_begun_again(office: Office) -> None:
    office.now += timedelta(days=1)
    office.work.begin("note", "old", what="old")
    office.until("old")
    office.work.forget(office.now)
    assert office.work.progress("old") is not None, "it ended at that very moment, not before"
    office.now += timedelta(days=8)
    assert office.work.forget(office.now - timedelta(days=7)) == 1
    assert office.work.progress("old") is None
    assert office.work.begin("note", "old", what="new") is True
    office.until("old")
    assert office.seen[-1] == ["new", 1]


def test_the_engine_forgets_what_is_forgotten(office: Office) -> None:
    from dbos import DBOS

    office.work.begin("note", "gone", what="gone")
    office.until("gone")
    assert DBOS.list_workflows()
    office.now = datetime.now(UTC) + timedelta(days=1)  # the engine has a clock of its own

    def forgotten() -> bool:
        office.work.forget(office.now)
        return DBOS.list_workflows() == []

    wait(forgotten)
    assert office.work.progress("gone") is None
