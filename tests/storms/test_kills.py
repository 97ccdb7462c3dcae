"""Killed at random moments while it sends: nothing is lost, and nothing is said twice that could be known."""

from pathlib import Path

from tests.storms.kills import on_slack, on_telegram


def test_killed_while_sending_on_slack(tmp_path: Path) -> None:
    found = on_slack(tmp_path, messages=400, kills=4, seed=7)
    assert (found.lost, found.doubled) == (0, frozenset())


def test_killed_while_sending_on_telegram(tmp_path: Path) -> None:
    found = on_telegram(tmp_path, messages=400, kills=4, seed=7)
    assert found.lost == 0
    assert found.doubled <= found.listed
