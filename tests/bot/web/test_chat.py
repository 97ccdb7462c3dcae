"""The calls of the chat page, and the adapter behind it: over real HTTP."""

import json
from typing import Any

import httpx
import pytest

from bot.errors import ChatError
from bot.message import Picture, Place, Reply
from tests.bot.web.site import Site, done

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def say(client: httpx.Client, chat: str, text: str, act: str = "act-0001", **more: Any) -> httpx.Response:
    return client.post("/chat/say", json={"id": act, "chat": chat, "text": text, **more})


def messages(client: httpx.Client, chat: str, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/chat/history", params={"chat": chat, **more}).json()["messages"]
    return found


def unread(client: httpx.Client) -> dict[str, int]:
    return {c["id"]: c["unread"] for c in client.get("/chat/list").json()["chats"]}


def test_sending_the_same_key_again_posts_nothing(site: Site) -> None:
    chat = site.bot("anna")
    first = site.says(chat, "**One**", "k:1")
    assert site.says(chat, "**One**", "k:1") == first
    assert done(site.chat.find(Place("web", chat), "k:1")) == first
    assert done(site.chat.find(Place("web", chat), "k:2")) is None
    site.edits(chat, first, "Two")
    with site.signed_in("anna") as anna:
        assert [m["html"] for m in messages(anna, chat)] == ['<p dir="auto">Two</p>']
    with pytest.raises(ChatError) as gone:
        site.says("nowhere", "x", "k:3")
    assert gone.value.permanent


def test_resending_an_act_has_one_effect(site: Site) -> None:
    chat = site.bot("anna")
    with site.signed_in("anna") as anna:
        for _ in range(3):
            assert say(anna, chat, "hello").status_code == 200
        assert len(messages(anna, chat)) == 2  # hers, and one answer
    assert len(site.ear.heard) == 1


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "שלום 👩🏽‍💻 مرحبا", "字" * 20_000, "**a** _b_ [c](javascript:d)"]
)
def test_what_people_type_comes_back_as_typed(site: Site, text: str) -> None:
    with site.signed_in("anna") as anna:
        assert say(anna, site.bot("anna"), text).status_code == 200
        mine = messages(anna, site.bot("anna"))[0]
    assert mine["text"] == text
    assert "html" not in mine


def test_too_long_is_said_and_nothing_stored(site: Site) -> None:
    with site.signed_in("anna") as anna:
        answer = say(anna, site.bot("anna"), "x" * 20_001)
        assert answer.status_code == 422
        assert "20,000" in answer.json()["error"]
        assert messages(anna, site.bot("anna")) == []


def test_only_what_is_meant_for_the_bot_is_heard(site: Site) -> None:
    channel = site.channel("anna")
    root = int(site.says(channel, "Board", "board:1"))
    with site.signed_in("anna") as anna:
        say(anna, channel, "morning all", "act-0001")
        assert site.ear.heard == []
        say(anna, channel, "/who", "act-0002")
        say(anna, channel, "ask @Paceline about it", "act-0003")
        say(anna, channel, "looks good", "act-0004", thread=root)
        texts = [m["text"] for m in messages(anna, channel) if m["mine"]]
    assert texts == ["morning all", "ask @Paceline about it"]  # a command is not for the channel
    assert [m.text for m in site.ear.heard] == ["/who", "ask @Paceline about it", "looks good"]
    assert (site.ear.heard[2].about, site.ear.heard[2].place.thread) == ("board:1", str(root))


def test_buttons_forms_and_refusals(site: Site) -> None:
    chat = site.bot("anna")
    sent = int(site.says(chat, "Asked", "ask:1"))
    with site.signed_in("anna") as anna:
        form = say(anna, chat, "/form", how="button", about=sent).json()["form"]
        assert (form["says"], form["about"]) == ("/tell", str(sent))
        refused = say(anna, chat, "/tell", "act-0002", how="form", about=sent, answers={"next": "no"})
        assert (refused.status_code, refused.json()) == (422, {"faults": {"next": "Say more than no."}})
        taken = say(anna, chat, "/tell", "act-0003", how="form", about=sent, answers={"next": "demo", "done": ["1"]})
        assert taken.json() == {"stored": None, "form": None}
        assert say(anna, chat, "/refuse", "act-0004").json() == {"error": "That cannot be done today."}
        assert say(anna, chat, "", "act-0005").status_code == 422
        assert anna.post("/chat/say", content=b"[]").status_code == 422
    heard = site.ear.heard[2]
    assert (heard.how, heard.about, heard.answers) == ("form", "ask:1", {"next": "demo", "done": ("1",)})


def test_an_edit_is_heard_under_its_own_id(site: Site) -> None:
    chat = site.bot("anna")
    with site.signed_in("anna") as anna:
        mine = say(anna, chat, "first").json()["stored"]
        assert say(anna, chat, "second", "act-0002", how="edit", message=mine).status_code == 200
        shown = messages(anna, chat)[0]
        bots = messages(anna, chat)[1]["id"]
        assert say(anna, chat, "mine now", "act-0003", how="edit", message=bots).status_code == 404
    assert (shown["text"], shown["edited"]) == ("second", True)
    assert [m.how for m in site.ear.heard] == ["typed", "edit"]


def test_roles_decide_what_is_seen(site: Site) -> None:
    east, west = site.channel("anna"), site.channel("omar")
    low, high = sorted((site.person("omar").id, site.person("root").id))
    closed = [west, site.bot("omar"), f"direct-{low}-{high}", f"direct-{high}-{low}", "team-999", "team-0", "x"]
    secret = site.says(west, "secret", "w:1")
    with site.signed_in("anna") as anna:
        for chat in closed:
            assert anna.get("/chat/history", params={"chat": chat}).status_code == 404
            assert say(anna, chat, "hello").status_code == 404
            assert anna.post("/chat/read", json={"chat": chat, "upto": 1}).status_code == 404
        assert say(anna, east, "hi", "act-0002", thread=int(secret)).status_code == 404
        assert set(unread(anna)) == {site.bot("anna"), east}
    with site.signed_in("boss") as boss, site.signed_in("root") as root:
        assert {east, site.channel("boss")} <= set(unread(boss))
        assert west not in unread(boss)
        assert {east, west} <= set(unread(root))


def test_private_words_reach_one_person(site: Site) -> None:
    channel = site.channel("anna")
    site.says(channel, "for Anna", "p:1", only=str(site.person("anna").id))
    with site.signed_in("anna") as anna, site.signed_in("li") as li:
        assert [m["only"] for m in messages(anna, channel)] == [True]
        assert messages(li, channel) == []
        assert unread(li)[channel] == 0


def test_unread_counts_what_others_said_once(site: Site) -> None:
    channel = site.channel("anna")
    root = site.says(channel, "Board", "b:1")
    site.says(channel, "in its thread", "b:2", thread=root)
    with site.signed_in("anna") as anna:
        assert unread(anna)[channel] == 1
        anna.post("/chat/read", json={"chat": channel, "upto": 10**9})
        assert unread(anna)[channel] == 0
        site.edits(channel, root, "Board, later")
        assert unread(anna)[channel] == 0
        site.says(channel, "News", "b:3")
        assert unread(anna)[channel] == 1


def test_files_follow_their_chat(site: Site) -> None:
    channel = site.channel("anna")
    with site.signed_in("anna") as anna, site.signed_in("li") as li, site.signed_in("omar") as omar:
        page = {"file": ("../../<b>.html", b"<script>alert(1)</script>", "text/html")}
        kept = anna.post("/chat/files", params={"chat": channel}, files=page).json()
        path = f"/chat/files/{kept['id']}/x"
        assert (anna.get(path).status_code, li.get(path).status_code) == (200, 404)  # not posted yet
        say(anna, channel, "see this", files=[kept["id"]])
        seen = li.get(path)
        assert seen.headers["content-disposition"].startswith("attachment")
        assert seen.headers["content-type"] == "application/octet-stream"
        assert "sandbox" in seen.headers["content-security-policy"]
        assert omar.get(path).status_code == 404
        assert httpx.get(site.url + path).status_code == 404
        assert say(li, channel, "mine", "act-0002", files=[kept["id"]]).status_code == 404
        large = {"file": ("big.bin", bytes(21 * 1024 * 1024))}
        assert anna.post("/chat/files", params={"chat": channel}, files=large).status_code == 413
    picture = Reply("Numbers", pictures=(Picture("week.png", PNG, "A line"),))
    done(site.chat.send(Place("web", channel), picture, "pic:1"))
    with site.signed_in("li") as li, site.signed_in("omar") as omar:
        file = messages(li, channel)[-1]["files"][0]
        path = f"/chat/files/{file['id']}/{file['name']}"
        assert (li.get(path).content, li.get(path).headers["content-type"]) == (PNG, "image/png")
        assert omar.get(path).status_code == 404


def changes(client: httpx.Client, count: int, **sent: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    with client.stream("GET", "/chat/events", **sent) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                found.append(json.loads(line[6:]))
                if len(found) == count:
                    break
    return found


def test_events_go_on_where_they_were_lost(site: Site) -> None:
    chat = site.bot("anna")
    first = site.says(chat, "one", "e:1")
    site.says(site.bot("omar"), "not for her", "e:x")
    site.says(chat, "two", "e:2")
    with site.signed_in("anna") as anna:
        seen = changes(anna, 2, params={"after": 0})
        assert [m["html"] for m in seen] == ['<p dir="auto">one</p>', '<p dir="auto">two</p>']
        site.says(chat, "three", "e:3")
        site.edits(chat, first, "one, edited")
        missed = changes(anna, 2, params={"after": 0}, headers={"Last-Event-ID": str(seen[-1]["seq"])})
    assert [m["html"] for m in missed] == ['<p dir="auto">three</p>', '<p dir="auto">one, edited</p>']
    assert httpx.get(f"{site.url}/chat/events").status_code == 401
