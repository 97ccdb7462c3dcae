"""Under the real limits nothing is refused, and no limit is broken."""

from tests.storms.pace import on_slack, on_telegram


def test_slack_is_never_asked_for_too_much() -> None:
    found = on_slack(people=12, in_channel=4)
    assert (found.refused, found.broken) == (0, ())


def test_telegram_is_never_asked_for_too_much() -> None:
    found = on_telegram(people=70, in_group=4)
    assert (found.refused, found.broken) == (0, ())
