"""Files that people give to the bot."""

from pathlib import Path

import pytest

from bot.chat.slack.files import ours
from tests.bot.chat.slack.desk import office, run


def test_files_are_kept_before_they_are_heard_of(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            await desk.slack.upload_file("anna", "dm", "../roster.csv", b"person,name\n", "here it is")
            (file,) = (await desk.hears()).files
            assert (file.name, file.size) == ("../roster.csv", 12)
            path = Path(file.path)
            assert path.read_bytes() == b"person,name\n"
            assert path.is_relative_to(tmp_path / "files" / "slack")

    run(test)


def test_a_file_that_cannot_be_had_now_is_had_later(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, ack_within=0.5) as desk:
            desk.slack.misbehave("download", "500")
            await desk.slack.upload_file("anna", "dm", "call.vtt", b"WEBVTT")
            assert [f.name for f in (await desk.hears()).files] == ["call.vtt"]

    run(test)


def test_a_file_that_is_too_large_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            monkeypatch.setattr("bot.chat.slack.files.MOST", 5)
            await desk.slack.upload_file("anna", "dm", "call_1.vtt", b"WEBVTT", "see")
            assert (await desk.hears()).files == ()
            said = await desk.slack.until(lambda: desk.slack.texts("anna"))
            assert said == ["I could not take call_1.vtt. I read files of up to 20 MB that are kept on Slack."]

    run(test)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://files.slack.com/files-pri/T-F/x", True),
        ("https://slack.com/x", True),
        ("http://files.slack.com/x", False),
        ("https://evilslack.com/x", False),
        ("https://slack.com.evil.example/x", False),
        ("https://slack.com@evil.example/x", False),
        ("http://127.0.0.1:81/x", False),
        ("http://127.0.0.1:80/x", True),
        ("", False),
    ],
)
def test_the_token_is_shown_to_slack_alone(address: str, shown: bool) -> None:
    assert ours("http://127.0.0.1:80/api/", address) is shown
