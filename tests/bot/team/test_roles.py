"""What each role may do. The table is repeated here in words, so that no change to it goes unnoticed."""

from dataclasses import replace

import pytest

from bot.team.model import Role
from bot.team.roles import ORDER, TABLE, Action, Scope, Span, may, scope, span_of
from tests.bot.team.conftest import make_person

LOCKED = """
answer the standup: rep own, manager own
opt in to being asked: manager own
set when someone is asked: rep own, manager team, support own, observer own, admin all
set or cancel leave: rep own, manager team, support own, observer own, admin all
read the team's channel and roster: rep team, manager team, support team, observer team, admin all
see the team's board: rep team, manager team, support team, observer team, admin all
see what someone answered before: rep own, manager team, admin all
acknowledge, update, hand over or resolve a blocker: rep team, manager team, support team, admin all
assign, escalate or accept a blocker that does not move: manager team, admin all
see who did not answer: manager team, admin all
nudge those who did not answer: manager team, admin all
see why someone was, or was not, asked: rep own, manager team, support own, observer own, admin all
edit the questions: manager team, admin all
set the team's standup time, window and language: manager team, admin all
see who covers what: manager all, admin all
see every team: admin all
import or export the roster, leave and holidays: admin all
hand out codes that link an account: manager team, admin all
see which messages did not get through, and send them again: admin all
see someone's deals: rep own, manager team, admin all
see how complete the CRM's data is: manager team, admin all
freeze the numbers as a baseline: manager team, admin all
change someone's deals: rep own, manager team, admin all
see, change and finish someone's to-dos: rep own, manager team, support own, observer own, admin all
give someone a to-do: rep team, manager team, support team, observer own, admin all
read someone's calls and their minutes: rep own, manager team, admin all
erase someone's calls, and withdraw them as examples: rep own, manager team, admin all
read the calls that a team published as examples: rep team, manager team, support team, observer team, admin all
say how long calls are kept: admin all
see a team's alerts, and say what they were: manager team, admin all
suggest a card for the library: rep all, manager all, support all, admin all
approve, change and retire cards; see gaps and usage: manager all, support all, admin all
see what the language model is used for, and what it costs: manager all, admin all
make sign-in links for others: admin all
"""


def test_the_table() -> None:
    lines = [
        f"{action}: "
        + ", ".join(f"{role} {reach.name.lower()}" for role, reach in zip(ORDER, row, strict=True) if reach)
        for action, row in TABLE.items()
    ]
    assert lines == LOCKED.strip().splitlines()
    assert set(TABLE) == set(Action)
    assert set(ORDER) == set(Role)


REP, MATE = make_person(1), make_person(2)
STRANGER = make_person(3, team_id=2)
MANAGER, OBSERVER = make_person(4, role=Role.MANAGER), make_person(5, role=Role.OBSERVER)
ADMIN = make_person(6, role=Role.ADMIN, team_id=9)
REPORT = make_person(7, team_id=3, manager_id=4)


@pytest.mark.parametrize(
    ("who", "action", "team_id", "about", "allowed"),
    [
        (REP, Action.ANSWER, None, REP, True),
        (REP, Action.ANSWER, None, None, True),
        (REP, Action.ANSWER, None, MATE, False),
        (OBSERVER, Action.ANSWER, None, OBSERVER, False),
        (REP, Action.SET_LEAVE, None, MATE, False),
        (MANAGER, Action.SET_LEAVE, None, MATE, True),
        (MANAGER, Action.SET_LEAVE, None, REPORT, True),
        (MANAGER, Action.SET_LEAVE, None, STRANGER, False),
        (ADMIN, Action.SET_LEAVE, None, STRANGER, True),
        (OBSERVER, Action.READ_BOARD, 1, None, True),
        (OBSERVER, Action.READ_BOARD, 2, None, False),
        (OBSERVER, Action.READ_MISSING, 1, None, False),
        (MANAGER, Action.READ_MISSING, 1, None, True),
        (MANAGER, Action.READ_MISSING, 2, None, False),
        (ADMIN, Action.READ_MISSING, 2, None, True),
        (replace(ADMIN, active=False), Action.READ_BOARD, 2, None, False),
        (replace(ADMIN, workspace_id=2), Action.SET_LEAVE, None, REP, False),
        (MANAGER, Action.IMPORT_ROSTER, None, None, False),
    ],
)
def test_may(who: object, action: Action, team_id: int | None, about: object, allowed: bool) -> None:
    assert may(who, action, team_id, about) is allowed  # type: ignore[arg-type]


def test_a_manager_of_managers_reaches_down_the_chain() -> None:
    top = make_person(10, role=Role.MANAGER, team_id=5)
    middle = make_person(11, role=Role.MANAGER, team_id=6, manager_id=10)
    below = make_person(12, team_id=7, manager_id=11)
    span = span_of(top, [top, middle, below, STRANGER])
    assert span == Span(frozenset({11, 12}), frozenset({6, 7}))
    assert may(top, Action.READ_MISSING, 7, span=span)
    assert may(top, Action.READ_HISTORY, about=below, span=span)
    assert not may(top, Action.READ_HISTORY, about=below)
    assert not may(top, Action.READ_HISTORY, about=STRANGER, span=span)
    assert span_of(below, [top, middle, below]) == Span()


def test_a_circle_of_managers_ends() -> None:
    one, two = make_person(1, manager_id=2), make_person(2, manager_id=1)
    assert span_of(one, [one, two]).people == {2}


def test_scope_names_the_reach() -> None:
    assert scope(Role.ADMIN, Action.IMPORT_ROSTER) is Scope.ALL
