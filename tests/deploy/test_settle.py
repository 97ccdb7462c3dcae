"""A restored bot sends nothing that the original sent after the backup, and goes on with all that is new."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.message import Place, Reply
from deploy.settle import settle
from tests.deploy.company import ROSTER, Company, copy, rows
from tests.fakes import FakeChat

Posts = dict[str, tuple[Place, Reply, str]]


def at(time: str, day: int = 11) -> datetime:
    return datetime(2026, 6, day, *map(int, time.split(":")), tzinfo=UTC)


MOMENTS = [
    *(at(time, 10) for time in ("06:30", "07:30", "07:31", "07:37", "07:40", "12:30", "13:30", "13:40")),
    *(at(time) for time in ("06:30", "06:31", "07:30", "07:31", "07:33", "07:35", "07:36", "07:37", "07:38", "07:40")),
    *(at(time) for time in ("07:41", "08:20", "08:35", "08:45", "12:30", "13:30", "13:37", "13:40", "13:41", "13:50")),
    *(at(time, 12) for time in ("06:30", "07:30", "08:31", "12:30", "13:30")),
    *(at(time, 15) for time in ("06:30", "07:30")),
]
# Slots 1 to 4 are of the 10th, 5 to 8 of the 11th: Anna, Li, Omar, June.
SAID = {
    at("07:31", 10): ("anna", "Yesterday: demo. Today: call Acme. Blockers: legal has the contract"),
    at("07:33"): ("anna", "Yesterday: demo. Today: call. Blockers: none"),
    at("07:35"): ("li", "/standup later 6 60"),
}


@dataclass
class Life:
    """The original. `homes`: its backups, taken when what comes at that moment is written down and not sent yet;
    `known`, `stands`: what was on the platform then, and a moment later."""

    homes: dict[datetime, Path] = field(default_factory=dict)
    known: dict[datetime, Posts] = field(default_factory=dict)
    stands: dict[datetime, Posts] = field(default_factory=dict)

    def since(self, backup: datetime, end: datetime) -> set[tuple[str, str]]:
        """(chat, key) of what it sent after the backup, until `end`."""
        new = self.stands[end].keys() - self.known[backup].keys()
        return {(place.chat, key) for place, _reply, key in (self.stands[end][sent] for sent in new)}

    def restored(self, backup: datetime, end: datetime, home: Path, *, settled: bool = True) -> Company:
        """What comes of the backup at `end`, when the original dies."""
        copy(self.homes[backup], home)
        if settled:
            settle(f"sqlite:///{home / 'paceline.db'}", end)
        return Company(home, end, FakeChat(posts=dict(self.stands[end])))


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    folder, lived = tmp_path_factory.mktemp("original"), Life()
    bot = Company(folder / "home", at("04:00", 10))
    bot.office.hire(ROSTER)
    for moment in MOMENTS:
        bot.come(moment, SAID)
        lived.known[moment] = dict(bot.chat.posts)
        lived.homes[moment] = copy(bot.home, folder / f"{moment:%d-%H%M}")
        bot.deliver()
        lived.stands[moment] = dict(bot.chat.posts)
    return lived


TIMES = [
    (at("12:30", 10), at("08:20")),  # a night's backup, restored in the morning after everybody was asked
    (at("06:31"), at("07:36")),  # planned; restored while the window is open
    (at("07:30"), at("07:38")),  # the prompts are in the outbox, unsent
    (at("07:36"), at("07:38")),  # the nudge came in between
    (at("07:36"), at("08:20")),  # one put it off beyond the restore
    (at("07:37"), at("13:50")),  # both offices are over
    (at("13:50"), at("08:31", 12)),  # a blocker was put to the manager
    (at("07:36"), at("06:30", 15)),  # days went by, with numbers given and keys used
]


@pytest.mark.parametrize(("backup", "end"), TIMES, ids=[f"{b:%d-%H%M}-{e:%d-%H%M}" for b, e in TIMES])
def test_nothing_is_said_twice(life: Life, tmp_path: Path, backup: datetime, end: datetime) -> None:
    bot = life.restored(backup, end, tmp_path / "copy")
    stood = len(bot.sent())
    said = {end + timedelta(minutes=1): ("anna", "/standup")}
    said |= {end + timedelta(minutes=2): ("omar", "Yesterday: visit. Today: quote")}
    bot.live(sorted({*MOMENTS, *said}), said)
    fresh, since = bot.sent()[stood:], life.since(backup, end)
    assert since, "the original said nothing after the backup: the test proves nothing"
    assert set(fresh) & since == set()
    assert [key for _chat, key in fresh if key.startswith("reply:")], "people are answered"
    asked = {chat for chat, key in fresh if key.startswith("standup-prompt:")}
    assert {"bot-2", "bot-3"} <= asked, "and asked again on the next day"
    open_still = "SELECT id FROM standup_slot WHERE day = '2026-06-11' AND state IN ('planned', 'later', 'asked')"
    assert rows(bot.home, open_still) == [], "no window stays open for a prompt that never comes"


def test_without_settling_it_would_be(life: Life, tmp_path: Path) -> None:
    backup, end = at("06:31"), at("08:20")
    bot = life.restored(backup, end, tmp_path / "copy", settled=False)
    stood = len(bot.sent())
    bot.live(m for m in MOMENTS if m < at("06:30", 12))
    again = set(bot.sent()[stood:]) & life.since(backup, end)
    assert {"standup-prompt", "standup-board", "standup-summary"} <= {key.partition(":")[0] for _chat, key in again}


def test_what_was_due_is_passed_over_and_what_is_not_stays(life: Life, tmp_path: Path) -> None:
    bot = life.restored(at("12:30", 10), at("08:20"), tmp_path / "copy")
    slots = rows(bot.home, "SELECT p.key, s.state FROM standup_slot s JOIN person p ON p.id = person_id WHERE s.id > 4")
    assert dict(slots) == {"anna": "stale", "li": "stale", "omar": "stale", "june": "planned"}
    due = "SELECT count(*) FROM standup_office WHERE due <= '2026-06-11 08:20:00.000000'"
    assert rows(bot.home, due) == [(0,)]
    aside = {key for key, (_state, why) in bot.states().items() if why}
    assert aside >= {"standup-board:2:web/team-1", "standup-manager:2:0:1"}, "an admin can still send these"


def test_days_that_are_long_over_trouble_no_admin(life: Life, tmp_path: Path) -> None:
    bot = life.restored(at("07:36"), at("06:30", 15), tmp_path / "copy")
    aside = [key for key, (_state, why) in bot.states().items() if why]
    assert [key for key in aside if key.startswith(("standup-board", "standup-summary", "standup-manager"))] == []


def test_a_blocker_is_put_to_the_manager_once(life: Life, tmp_path: Path) -> None:
    end = at("08:31", 12)  # its third working day, 10:30 in Berlin
    assert "blocker-decide:1:0:1" in {key for _chat, key in life.since(at("13:50"), end)}
    bot = life.restored(at("13:50"), end, tmp_path / "copy")
    assert bot.states()["blocker-decide:1:0:1"] == ("unknown", "restored from a backup")


def test_what_was_heard_is_left_and_nobody_holds_a_lane(life: Life, tmp_path: Path) -> None:
    home = copy(life.homes[at("06:30", 10)], tmp_path / "copy")
    rows(
        home,
        "INSERT INTO inbox (workspace_id, platform, heard_id, person_id, body, heard, attempts)"
        " VALUES (1, 'web', 'm1', 2, '{}', '2026-06-10 06:29:00.000000', 0)",
    )
    rows(home, "DELETE FROM lane")
    rows(home, "INSERT INTO lane VALUES ('1/web', 'elsewhere/1/a', '2026-06-10 06:30:30.000000', 7, NULL, '')")
    settle(f"sqlite:///{home / 'paceline.db'}", at("06:30", 10))
    assert rows(home, "SELECT answered FROM inbox WHERE heard_id = 'm1'") == [("2026-06-10 06:30:00.000000",)]
    assert rows(home, "SELECT owner, lease_until, epoch FROM lane") == [("", None, 7)]
