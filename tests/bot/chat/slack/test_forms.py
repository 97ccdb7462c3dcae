"""Forms on people's screens."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.message import Button, Field, Form, Option, Place, Reply
from tests.bot.chat.slack.desk import FORM, Desk, office, run
from tests.platforms.slack import View

FILLED = {
    "next": "Quote for Acme",
    "way": "price",
    "done": ["1", "2"],
    "on": "2026-06-12",
    "at": "09:30",
    "much": "12.5",
}


async def _open(desk: Desk, form: Form = FORM, slow: float = 0) -> View:
    desk.ear.slow, desk.ear.replies["/standup"] = slow, Reply(form=form)
    desk.slack.command("anna", "C1", "/standup")
    view = await desk.slack.until(lambda: desk.slack.screen("anna"))
    desk.ear.slow = 0
    return view  # type: ignore[no-any-return]


def test_a_form_opens_at_once_and_is_heard_as_its_command(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            view = await _open(desk)
            assert view.title == "Standup · Thu 11 Jun"
            act = await desk.slack.submit("anna", view, FILLED)
            message = await desk.hears(2)
            assert not act.errors
            assert not view.open
            assert (message.text, message.how, message.place) == ("/tell us", "form", Place("slack", "C1", only="U2"))
            assert message.answers == {**FILLED, "done": ("1", "2")}

    run(test)


def test_nothing_filled_in_is_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            await desk.slack.submit("anna", await _open(desk), {"next": "x"})
            message = await desk.hears(2)
            assert message.answers == {"next": "x", "way": "", "done": (), "on": "", "at": "", "much": ""}

    run(test)


@pytest.mark.parametrize("prefilled", ["a\nb", "w" * 7000, ("word " * 1500).strip(), "第一行\n" * 1500 + "末"])
def test_what_was_answered_before_stands_in_the_form(tmp_path: Path, prefilled: str) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            fields = (
                replace(FORM.fields[0], value=prefilled),
                replace(FORM.fields[1], value="price"),
                replace(FORM.fields[2], value=("2",)),
                replace(FORM.fields[3], value="2026-06-12"),
                replace(FORM.fields[4], value="09:30"),
                replace(FORM.fields[5], value="12"),
            )
            await desk.slack.submit("anna", await _open(desk, replace(FORM, fields=fields)), {})
            answers = (await desk.hears(2)).answers
            assert answers["next"] == prefilled
            assert [answers[name] for name in ("way", "done", "on", "at", "much")] == [
                "price",
                ("2",),
                "2026-06-12",
                "09:30",
                "12",
            ]

    run(test)


def test_slow_answers_open_something_at_once(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            view = await _open(desk, slow=1.6)
            assert view.shown == "One moment…"
            await desk.slack.until(lambda: view.title == "Standup · Thu 11 Jun")
            await desk.slack.submit("anna", view, {"next": "x"})
            assert (await desk.hears(2)).how == "form"

    run(test)


def test_slow_answers_without_a_form_say_so(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            desk.ear.slow = 1.3
            await desk.slack.command("anna", "dm", "/why")
            view = await desk.slack.until(lambda: desk.slack.screen("anna"))
            await desk.slack.until(lambda: view.shown == "Done. The answer stands in the chat.")

    run(test)


def test_words_and_late_presses_are_offered_a_button(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            desk.ear.replies["/standup"] = Reply(form=FORM)
            await desk.slack.say("li", "dm", "/standup")
            message = await desk.slack.until(lambda: desk.slack.said("li"))
            assert message[0].shown == "请填一张简短的表。\nStandup · Thu 11 Jun"
            await desk.slack.press("li", message[0], "Standup · Thu 11 Jun")
            await desk.slack.until(lambda: desk.slack.screen("li"))
            desk.slack.trigger_within = 0
            await desk.slack.command("anna", "C1", "/standup")
            await desk.slack.until(lambda: desk.slack.said("C1"))
            assert desk.slack.last("C1").only == "U2"
            assert desk.slack.last("C1").labels == ["Standup · Thu 11 Jun"]

    run(test)


def test_a_refused_form_stays_open_with_what_was_typed(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            view = await _open(desk)
            desk.ear.faults = [{"next": "Say what is next.", "nowhere": "And this."}, {"next": "Still not."}]
            act = await desk.slack.submit("anna", view, FILLED)
            assert act.errors == {"next": "Say what is next. And this."}
            assert view.open
            act = await desk.slack.submit("anna", view, FILLED)  # the same again is looked at again
            assert act.errors == {"next": "Still not."}
            act = await desk.slack.submit("anna", view, FILLED)
            assert not act.errors
            assert not view.open
            assert [m.how for m in desk.ear.answered] == ["typed", "form"]

    run(test)


def test_a_form_sent_three_times_is_heard_once(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            view = await _open(desk)
            desk.ear.slow = 0.2
            acts = [desk.slack.submit("anna", view, FILLED) for _ in range(3)]
            for act in acts:
                await act
                assert act.acked
            await desk.hears(2)
            assert [m.how for m in desk.ear.answered] == ["typed", "form"]

    run(test)


def test_a_form_that_cannot_be_stored_stays_and_is_sent_again(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, ack_within=0.5) as desk:
            view = await _open(desk)
            desk.ear.deaf = 1
            act = await desk.slack.submit("anna", view, FILLED)
            assert not act.acked
            assert view.open
            assert (await desk.slack.submit("anna", view, FILLED)).acked
            await desk.hears(2)

    run(test)


def test_a_form_that_is_not_stored_in_time_stays_and_counts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test() -> None:
        monkeypatch.setattr("bot.chat.slack.opening.PATIENCE", 0.2)
        async with office(tmp_path, ack_within=0.6) as desk:
            view = await _open(desk)
            desk.ear.slow_to_hear = 0.5
            assert not (await desk.slack.submit("anna", view, FILLED)).acked
            assert view.open
            desk.ear.slow_to_hear = 0
            assert (await desk.slack.submit("anna", view, FILLED)).acked
            await desk.hears(2)
            assert [m.how for m in desk.ear.answered] == ["typed", "form"]

    run(test)


def test_saving_takes_long_and_what_was_typed_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr("bot.chat.slack.opening.PATIENCE", 0.2)
        async with office(tmp_path) as desk:
            view = await _open(desk)
            desk.ear.slow, desk.ear.faults = 0.6, [{"next": "Too *short*."}]
            await desk.slack.submit("anna", view, FILLED)
            assert view.shown == "Saving…"
            await desk.slack.until(lambda: "> Too" in view.shown)
            again = await desk.slack.submit("anna", view, {})  # as it stands
            assert again.acked
            message = await desk.hears(2)
            assert message.answers == {**FILLED, "done": ("1", "2")}
            await desk.slack.until(lambda: view.shown == "Saved.")

    run(test)


def test_a_form_that_was_closed_meanwhile_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr("bot.chat.slack.opening.PATIENCE", 0.2)
        async with office(tmp_path) as desk:
            view = await _open(desk)
            desk.ear.slow, desk.ear.faults = 0.5, [{"next": "Too short."}]
            await desk.slack.submit("anna", view, FILLED)
            desk.slack.close_view("anna", view)
            said = await desk.slack.until(lambda: desk.slack.texts("C1"))
            assert "Too short." in said[0]
            assert "> Quote for Acme" in said[0]

    run(test)


def _choice(name: str, kind: Any, count: int, size: int = 5) -> Field:
    options = tuple(Option(f"{n}".rjust(size, "v"), f"Option {n} " + "x" * size) for n in range(count))
    return Field(name, name * 500, kind, options[-1].value if kind == "one" else (options[-1].value,), options)


LARGE = Form(
    "A title that is much longer than a modal takes",
    "/large " + "says " * 700,
    (
        *(_choice(f"{kind}{n}", kind, n) for kind in ("one", "many") for n in (1, 10, 11, 100)),
        _choice("many250", "many", 250),
        _choice("far", "one", 3, size=400),
        Field("hint", "Hint", hint="h" * 3000, most=20_000, kind="text"),
        Field("bad_date", "Bad", "date", value="soon"),
        Field("bad_number", "Bad", "number", value="many"),
    ),
    "Send it to everybody who wants it",
    intro="**Read this** " + "first " * 900,
)


def test_a_large_form_fits_and_comes_back(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            view = await _open(desk, LARGE)
            assert "A title that is much longer than a modal takes" in view.shown
            await desk.slack.submit("anna", view, {"far": "Option 1 " + "x" * 65 + "…", "many250": []})
            message = await desk.hears(2)
            assert message.text == LARGE.says
            assert message.answers["one100"] == "vvv99"
            assert message.answers["many11"] == ("vvv10",)
            assert message.answers["many250"] == ("vv249",)
            assert message.answers["far"] == "1".rjust(400, "v")

    run(test)


def test_more_fields_than_a_modal_has_room_for(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            fields = tuple(Field(f"f{n}", f"Field {n}") for n in range(150))
            view = await _open(desk, replace(FORM, fields=fields))
            assert "52 more fields do not fit here." in view.shown

    run(test)


def test_a_form_from_a_button_knows_its_message(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            desk.ear.replies["/standup open 1"] = Reply(form=FORM)
            await desk.says("U2", "Standup", "standup-prompt:1", Button("Answer", "/standup open 1"))
            await desk.slack.press("anna", desk.slack.last("anna"), "Answer")
            view = await desk.slack.until(lambda: desk.slack.screen("anna"))
            await desk.slack.submit("anna", view, FILLED)
            message = await desk.hears(2)
            assert (message.about, message.place) == ("standup-prompt:1", Place("slack", "U2"))

    run(test)
