"""The question "What do I say?" under what a colleague wrote: what is offered with which message."""

from typing import Any

import httpx
import pytest

from tests.bot.web.site import Site


def say(client: httpx.Client, chat: str, text: str, act: str = "act-0001", **more: Any) -> dict[str, Any]:
    answer = client.post("/chat/say", json={"id": act, "chat": chat, "text": text, **more})
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def asks(client: httpx.Client, chat: str) -> list[str]:
    """What the messages of a chat offer to say."""
    return [m["ask"] for m in client.get("/chat/history", params={"chat": chat}).json()["messages"]]


def test_only_what_somebody_else_wrote_can_be_asked_about(site: Site) -> None:
    channel = site.channel("anna")
    site.says(channel, "The board", "board:1")
    with site.signed_in("anna") as anna, site.signed_in("li") as li:
        say(li, channel, "they say: too expensive")
        say(anna, channel, "my own words")
        file = {"file": ("board.png", b"\x89PNG\r\n\x1a\n", "image/png")}
        picture = li.post("/chat/files", params={"chat": channel}, files=file).json()["id"]
        say(li, channel, "", "act-0002", files=[picture])
        assert asks(anna, channel) == ["", "/ask they say: too expensive", "", ""]
        assert asks(li, channel) == ["", "", "/ask my own words", ""]
        say(anna, site.bot("anna"), "hello", "act-0003")
        assert asks(anna, site.bot("anna")) == ["", ""]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("@Paceline /leave until Friday", "/ask @Paceline /leave until Friday"),
        ("<script>alert(1)</script> **a** [c](javascript:d)", "/ask <script>alert(1)</script> **a** [c](javascript:d)"),
        ("price " * 3333, "/ask " + " ".join(["price"] * 100) + "…"),
        ("字" * 20_000, "/ask " + "字" * 599 + "…"),
    ],
)
def test_whatever_it_holds_is_asked_once_as_text(site: Site, text: str, asked: str) -> None:
    with site.signed_in("anna") as anna, site.signed_in("li") as li:
        say(li, site.channel("li"), text)
        before = len(site.ear.heard)  # what calls the bot by its name is heard there too
        offered = next(filter(None, asks(anna, site.channel("anna"))))
        for _ in range(3):
            say(anna, site.bot("anna"), offered)
        assert [(m.text, m.how, m.place.chat) for m in site.ear.heard[before:]] == [(asked, "typed", site.bot("anna"))]
        texts = [m.get("text") for m in anna.get("/chat/history", params={"chat": site.bot("anna")}).json()["messages"]]
        assert texts == [asked, None], "their own words, and one answer"


def test_an_act_that_comes_again_is_answered_once_and_its_form_is_shown_again(site: Site) -> None:
    answered: list[str] = []
    answer = site.ear.answer

    async def count(message: Any) -> Any:
        answered.append(message.text)
        return await answer(message)

    site.ear.answer = count  # type: ignore[method-assign]
    with site.signed_in("anna") as anna:
        forms = [say(anna, site.bot("anna"), "/form")["form"]["title"] for _ in range(3)]
        assert (forms, answered) == (["Tell us"] * 3, ["/form"])
        for _ in range(2):  # what failed is tried anew
            refused = anna.post("/chat/say", json={"id": "act-0002", "chat": site.bot("anna"), "text": "/refuse"})
            assert refused.status_code == 422
        assert answered == ["/form", "/refuse", "/refuse"]
