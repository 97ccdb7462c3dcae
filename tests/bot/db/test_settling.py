"""What is deleted is gone from the files, not only from the tables."""

from pathlib import Path

import pytest

from bot.db import Database

WORDS = "quillfeather " * 400  # more than a page, so that it spills over into others


def held(database: Database) -> bool:
    return any(
        b"quillfeather" in path.read_bytes() for path in Path(database.engine.url.database or "").parent.iterdir()
    )


@pytest.fixture
def file(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'here' / 'a.db'}")
    with database.begin() as db:
        db.exec_driver_sql("CREATE TABLE said (id INTEGER PRIMARY KEY, words TEXT)")
        for n in range(9):
            db.exec_driver_sql("INSERT INTO said (words) VALUES (?)", (f"{n} {WORDS}",))
    return database


def test_nothing_is_left_once_it_is_settled(file: Database) -> None:
    assert held(file)
    with file.begin() as db:
        db.exec_driver_sql("UPDATE said SET words = 'short' WHERE id < 4")
        db.exec_driver_sql("DELETE FROM said WHERE id >= 4")
    assert held(file)  # the log beside the file still tells how it was
    assert file.settle()
    assert not held(file)
    file.close()


def test_whoever_still_reads_is_not_waited_for_long(file: Database) -> None:
    with file.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM said").scalar() == 9
        with file.begin() as writing:
            writing.exec_driver_sql("DELETE FROM said")
        assert not file.settle(patience=0.05)
    assert file.settle()
    assert not held(file)
    file.close()
