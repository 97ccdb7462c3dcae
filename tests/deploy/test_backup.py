"""`backup.sh`, run as an operator runs it: beside a bot that writes, and into a new home."""

import asyncio
import os
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.web.adapter import WebChat
from bot.message import Picture, Place, Reply
from bot.outbox.pump import Pump
from tests.deploy.company import ROSTER, Company, rows

SCRIPT = Path(__file__).parent.parent.parent / "deploy" / "backup.sh"
ME = {"PYTHON": sys.executable, "PATH": os.environ["PATH"]}


def run(home: Path, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(SCRIPT), *map(str, words)]
    return subprocess.run(command, env=ME | {"PACELINE_HOME": str(home)} | env, capture_output=True, text=True)


def back_up(home: Path, folder: Path, most: int = 14) -> Path:
    done = run(home, folder, most)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def restore(archive: Path, home: Path) -> Path:
    done = run(home, "restore", archive)
    assert done.returncode == 0, done.stderr
    assert rows(home, "PRAGMA integrity_check") == [("ok",)]
    return home


@pytest.fixture
def bot(tmp_path: Path) -> Company:
    """It has a team, and the clock of this machine, as the script has."""
    made = Company(tmp_path / "home", datetime.now(UTC))
    made.office.hire(ROSTER)
    return made


@contextmanager
def talking(bot: Company) -> Iterator[None]:
    """Messages and pictures without end, said and delivered in threads of their own."""
    chat = WebChat(bot.db, 1, bot.home / "files", bot.clock)
    over = threading.Event()

    def say() -> None:
        number = 0
        while not over.is_set():
            number += 1
            picture = Picture(f"{number}.png", b"png %d" % number, "a number")
            with bot.db.begin() as db:
                bot.app.say(db, Place("web", "bot-2"), Reply(f"{number}", pictures=(picture,)), f"talk:{number}")

    async def deliver() -> None:
        while not over.is_set():
            await Pump(bot.db, {"web": chat}, bot.clock).drain()

    threads = [threading.Thread(target=say), threading.Thread(target=lambda: asyncio.run(deliver()))]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_taken_while_the_bot_writes_it_is_whole(bot: Company, tmp_path: Path) -> None:
    with talking(bot):
        while len(rows(bot.home, "SELECT 1 FROM web_message LIMIT 10")) < 10:
            time.sleep(0.02)
        archive = back_up(bot.home, tmp_path / "kept")
    home = restore(archive, tmp_path / "new")
    numbers = sorted(int(key.partition(":")[2]) for (key,) in rows(home, "SELECT key FROM outbox"))
    assert numbers == list(range(1, len(numbers) + 1)), "one moment: no message without those before it"
    assert len(numbers) < len(rows(bot.home, "SELECT 1 FROM outbox")), "it went on meanwhile"
    sent = {key for (key,) in rows(home, "SELECT key FROM outbox WHERE state = 'sent'")}
    assert sent <= {key for (key,) in rows(home, "SELECT key FROM web_message")}
    files = [file for (file,) in rows(home, "SELECT id FROM web_file")]
    assert len(files) >= 10
    assert all((home / "files" / file[:2] / file).read_bytes().startswith(b"png ") for file in files)


def test_a_restored_bot_sends_nothing_twice(bot: Company, tmp_path: Path) -> None:
    bot.say("stands", "k:stands")
    bot.deliver()
    bot.say("waits", "k:waits")
    bot.say("in hand", "k:held", "bot-3")
    with bot.db.begin() as db:
        bot.app.edit(db, "k:stands", Reply("stands, and changed"))
    rows(bot.home, "UPDATE outbox SET state = 'sending', epoch = 7 WHERE key = 'k:held'")
    archive = back_up(bot.home, tmp_path / "kept")
    bot.clock.forward(seconds=90)
    bot.deliver()  # after the backup
    assert len(bot.sent()) == 3

    copy = Company(restore(archive, tmp_path / "new"), datetime.now(UTC) + timedelta(seconds=90), bot.chat)
    copy.say("new", "k:new")
    copy.deliver()
    assert sorted(key for _chat, key in copy.sent()) == ["k:held", "k:new", "k:stands", "k:waits"]
    assert copy.states() == {
        "k:stands": ("sent", ""),
        "k:waits": ("unknown", "restored from a backup"),
        "k:held": ("unknown", "restored from a backup"),
        "k:new": ("sent", ""),
    }
    copy.office.say("ada", "/outbox")
    assert "restored from a backup" in copy.office.heard("bot:ada")[-1]


def test_the_copy_equals_the_original(tmp_path: Path) -> None:
    bot = Company(tmp_path / "home", datetime(2026, 6, 11, 5, 0, tzinfo=UTC))
    bot.office.hire(ROSTER)
    asked = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)
    bot.live([asked, asked + timedelta(minutes=1)])
    bot.office.say("anna", "Yesterday: demo. Today: call Acme. Blockers: legal has the contract")
    new = tmp_path / "new"
    (new / "backups").mkdir(parents=True)  # no reason to refuse
    copy = restore(back_up(bot.home, tmp_path / "kept"), new)
    for what in ("* FROM person", "* FROM place", "* FROM standup_answer", "id, text, state FROM blocker"):
        kept = rows(bot.home, f"SELECT {what} ORDER BY id")
        assert kept, what
        assert rows(copy, f"SELECT {what} ORDER BY id") == kept


def test_the_newest_stay(bot: Company, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in ("paceline-20260101-030000.tar.gz", "paceline-20260102-030000.tar.gz", "mine.tar.gz"):
        (kept / name).touch()
    made = back_up(bot.home, kept, 2)
    stay = {"mine.tar.gz", "paceline-20260102-030000.tar.gz", made.name}
    assert {path.name for path in kept.iterdir()} == stay
    assert made.stat().st_mode & 0o077 == 0, "names and answers are in it"
    with tarfile.open(made) as archive:
        assert archive.getnames() == ["paceline.db"]


def refused(done: subprocess.CompletedProcess[str], *said: str) -> None:
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("backup: ")
    assert all(words in last for words in said), last


def test_what_cannot_be_restored_is_refused_and_leaves_nothing(bot: Company, tmp_path: Path) -> None:
    archive, new = back_up(bot.home, bot.home / "backups"), tmp_path / "new"
    refused(run(bot.home, "restore", archive), str(bot.home), "not empty", "paceline.db", "Move that away")
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(archive.read_bytes()[:-2000])
    refused(run(new, "restore", cut), "cut short", "nothing was restored")
    refused(run(new, "restore", SCRIPT), "no backup of Paceline")
    refused(run(new, "restore", tmp_path / "none.tar.gz"), "no archive")
    rows(bot.home, "UPDATE alembic_version SET version_num = '9999'")
    newer = run(new, "restore", back_up(bot.home, tmp_path / "kept"))
    refused(newer, "nothing was restored")
    assert "newer Paceline (version 9999)" in newer.stderr
    assert list(new.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "env", "said"),
    [
        (("kept",), {"PACELINE_HOME": "/nowhere"}, ("no paceline.db in /nowhere", "PACELINE_HOME")),
        (("kept", "many"), {}, ("many", "whole number")),
        (("kept",), {"PACELINE_DB_URL": "postgresql://db/paceline"}, ("PACELINE_DB_URL", "own tools")),
        (("restore",), {}, ("restore ARCHIVE",)),
    ],
)
def test_a_refusal_says_what_to_do(tmp_path: Path, words: tuple[str], env: dict[str, str], said: tuple[str]) -> None:
    refused(run(tmp_path, *words, **env), *said)
