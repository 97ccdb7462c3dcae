"""The pages about calls over real HTTP: who reads which, hostile words, deciding a draft, erasing, what is left."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import Place, load
from bot.minutes import offline
from bot.minutes.calls import posting, service, store
from bot.minutes.calls.model import Call, State
from bot.minutes.examples import service as examples
from bot.minutes.keeping import service as keeping
from bot.minutes.model import Side, Speaker, Topic, Transcript, Turn
from bot.outbox import store as outbox
from bot.outbox.model import State as Out
from bot.team import service as team
from bot.todos import store as todos
from bot.web.minutes.transcript import STRETCH, cites, clock, stretches
from jobs import minutes as jobs
from tests.bot.web.site import Site, done
from tests.bot.web.test_chat import messages, say
from tests.bot.web.test_library import HTML, buttons, filled, hidden, press

EVIL = '<script>alert("x")</script>'
CALL = f"""Title: Pilot {EVIL}
Date: 2026-06-10

[00:00:04] Anna Berg: Good morning Maria, thanks for making the time. Quillfeather sends regards.
[00:00:12] Maria Rossi: Happy to. We like it, but the price is more than we budgeted for, says Plumbeous our auditor.
[00:00:31] Anna Berg: I hear you. I will send you the volume quote by Friday. Nacreous told me to hurry with it.
[00:00:45] Maria Rossi: Good {EVIL} and Zephyrine wants the report before our IT signs off on anything.
[00:01:02] Anna Berg: I'll send the SOC 2 report tomorrow. Crepuscule wrote it in the spring of that year.
[00:01:15] Maria Rossi: Then we have decided to go with the two-week pilot, whatever Halcyonic may say about it.
[00:01:30] Anna Berg: Great. We never pay kickbacks, as Ombrophobe once put it to all of us in the meeting.
"""
MARKS = ("Quillfeather", "Plumbeous", "Nacreous", "Zephyrine", "Crepuscule", "Halcyonic", "Ombrophobe")


class Now:
    """Steps that are done at once."""

    def do(self, label: str, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    def progress(self, done: int, of: int) -> None:
        pass


def taken(site: Site, who: str, text: str = CALL, key: str = "") -> Call:
    """A draft of somebody's."""
    with site.app.db.begin() as db:
        now = site.app.now()
        one = service.take(db, site.person(who), text.encode(), "call.txt", now, key=key or f"web:{who}")
        said = service.transcript(db, one)
        return service.found(db, one, offline.minutes(said, one.on, service.names(db, one)), now)


def posted(site: Site, who: str, key: str = "", text: str = CALL) -> Call:
    one = taken(site, who, text, key)
    with site.app.db.begin() as db:
        person = site.person(who)
        team_ = next(t for t in team.teams(db, 1) if t.id == person.team_id)
        return posting.post(db, person, one.id, team_, site.app.now()).call


@pytest.fixture
def desk(site: Site) -> Site:
    return filled(site, "")


# who sees what

ALL = ("anna", "li", "omar", "boss", "olga", "sue", "root")


@pytest.mark.parametrize("who", ALL)
def test_every_route_for_every_role(desk: Site, who: str) -> None:
    draft, out, other = taken(desk, "anna", key="d"), posted(desk, "anna", "p"), posted(desk, "omar", "o")
    gone = posted(desk, "anna", "g")
    with desk.app.db.begin() as db:
        keeping.erase(db, gone, desk.app.now(), desk.person("anna"))
    blind = who in ("olga", "sue")
    mine, leads, admin = who == "anna", who == "boss", who == "root"
    expected = {
        "/minutes": 403 if blind else 200,
        "/minutes?person=anna": 403 if blind else 200,
        "/minutes?below=x&person=nobody": 403 if blind else 200,
        f"/minutes/{draft.id}": 200 if mine or admin else 404,
        f"/minutes/{out.id}": 200 if mine or leads or admin else 404,
        f"/minutes/{other.id}": 200 if who == "omar" or admin else 404,
        f"/minutes/{gone.id}": 200 if mine or leads or admin else 404,
        "/minutes/0": 404,
        "/minutes/99999999999999999999": 404,
        "/minutes/x": 404,
    }
    with desk.signed_in(who) as client:
        found = {path: client.get(path) for path in expected}
        assert {path: answer.status_code for path, answer in found.items()} == expected
        listed = set(re.findall(r'href="/minutes/(\d+)"', found["/minutes"].text))
        seen = {str(one.id) for one in (draft, out, other, gone) if expected[f"/minutes/{one.id}"] == 200}
        assert listed == seen
        assert ('href="/minutes"' in client.get("/standup").text) is not blind
        assert ("Erase this call" in found[f"/minutes/{out.id}"].text) is (mine or leads or admin)
    for path in expected:
        assert httpx.get(desk.url + path).status_code == 401


def test_what_is_hidden_reads_like_what_is_not_there(desk: Site) -> None:
    one = posted(desk, "anna")
    with desk.signed_in("omar") as omar:
        assert omar.get(f"/minutes/{one.id}", headers=HTML).text == omar.get("/minutes/77", headers=HTML).text


def test_the_list_narrows_and_pages(desk: Site) -> None:
    ids = []
    with desk.app.db.begin() as db:
        for n in range(52):
            who = desk.person("omar" if n == 1 else "anna")
            ids.append(service.take(db, who, CALL.encode(), "a.txt", desk.app.now(), key=f"k{n}").id)
    listed = re.compile(r'href="/minutes/(\d+)"')
    with desk.signed_in("root") as root:
        page = root.get("/minutes").text
        assert listed.findall(page) == [str(n) for n in reversed(ids[2:])]
        older = re.findall(r'rel="next" href="([^"]+)"', page)[0]
        assert listed.findall(root.get(older).text) == [str(ids[1]), str(ids[0])]
        assert listed.findall(root.get("/minutes?person=omar").text) == [str(ids[1])]
        assert "No call is like that." in root.get("/minutes?deal=none").text


def test_the_list_counts_what_is_still_to_be_done(desk: Site) -> None:
    one = posted(desk, "anna")
    with desk.app.db.read() as db:
        n = len(todos.of_call(db, 1, one.id))
    with desk.signed_in("boss") as boss:
        assert f"{n} to-dos open" in boss.get("/minutes").text


def test_the_empty_page_says_how_to_begin(desk: Site) -> None:
    with desk.signed_in("anna") as anna:
        assert "Drop the transcript of a call into the chat" in anna.get("/minutes").text


# what a call's page shows


def test_what_was_said_is_text_and_every_item_leads_to_its_lines(desk: Site) -> None:
    one = taken(desk, "anna")
    with desk.signed_in("anna") as anna:
        page = anna.get(f"/minutes/{one.id}").text
    assert EVIL not in page
    assert "&lt;script&gt;" in page
    with desk.app.db.read() as db:
        minutes = service.minutes(db, one)
    items = (*minutes.summary, *minutes.decisions, *minutes.todos, *minutes.objections, *minutes.moments)
    assert minutes.todos
    assert minutes.objections
    for each in (*items, *minutes.sensitive):
        assert f'href="#line-{min(each.lines)}"' in page
    for anchor in re.findall(r'href="#(line-\d+)"', page):
        assert f'id="{anchor}"' in page
    for said in ("Sensitive words", "refused or denied", "no card in the library yet", "without a language model"):
        assert said in page, said


def test_dropped_items_are_counted_and_say_why(desk: Site) -> None:
    one = taken(desk, "anna")
    with desk.app.db.begin() as db:
        store.keep_minutes(db, one, service.items(db, one), [["They pay 900", "a number that was not said"]])
    with desk.signed_in("anna") as anna:
        page = anna.get(f"/minutes/{one.id}").text
    assert "1 item dropped: no line of the call bears it out" in page
    assert "They pay 900" in page
    assert "a number in it was not said" in page


def test_a_failed_call_says_why_and_one_that_is_read_says_so(desk: Site) -> None:
    with desk.app.db.begin() as db:
        one = service.take(db, desk.person("anna"), CALL.encode(), "a.txt", desk.app.now(), key="r")
    with desk.signed_in("anna") as anna:
        assert "It is being read" in anna.get(f"/minutes/{one.id}").text
        with desk.app.db.begin() as db:
            service.fail(db, one, f"It broke {EVIL}.")
        page = anna.get(f"/minutes/{one.id}").text
    assert "It broke &lt;script&gt;" in page


def test_who_read_it_is_noted_once_an_hour_and_told_to_those_whom_it_concerns(desk: Site) -> None:
    one = posted(desk, "anna")
    with desk.signed_in("boss") as boss, desk.signed_in("anna") as anna:
        assert "Nobody else has read it" in anna.get(f"/minutes/{one.id}").text
        for _ in range(3):
            boss.get(f"/minutes/{one.id}")
        page = anna.get(f"/minutes/{one.id}").text
        assert "Read by 1" in page
        assert "Jonas Weber" in page
    with desk.app.db.read() as db:
        assert len(service.readers(db, one)) == 1


# what its buttons do


def test_a_draft_is_decided_and_posted_without_a_script(desk: Site) -> None:
    one = taken(desk, "anna")
    path = f"/minutes/{one.id}"
    with desk.signed_in("anna") as anna:
        before = anna.get(path).text
        assert {"Keep", "Change", "Drop", "Post to East", "Only me"} <= {*buttons(before)}
        after = press(anna, path, "Drop")
        assert after.url.path == path
        assert after.text.count("#drop") == before.count("#drop") - 1
        form = anna.post("/say", data=buttons(after.text)["Change"])
        sent = hidden(form.text) | {"one.task": "Send <b>both</b> offers", "one.due": "2026-06-19"}
        sent["one.owner"] = f"#{desk.person('anna').id}"
        changed = anna.post("/say", data=sent, follow_redirects=True)
        assert "Send &lt;b&gt;both&lt;/b&gt; offers" in changed.text
        assert "Fri 19 Jun" in changed.text
        page = press(anna, path, "Post to East").text
        assert 'class="badge posted"' in page
        assert "Keep" not in buttons(page)
        assert "Send &lt;b&gt;both&lt;/b&gt; offers" in anna.get("/todos").text
    assert store_state(desk, one) is State.POSTED


def store_state(site: Site, one: Call) -> State:
    with site.app.db.read() as db:
        found = store.by_id(db, 1, one.id)
    assert found
    return found.state


def test_a_page_says_nothing_but_what_it_shows(desk: Site) -> None:
    one = taken(desk, "anna")
    with desk.signed_in("anna") as anna:
        sent = buttons(anna.get(f"/minutes/{one.id}").text)["Drop"]
        for more in (
            {"says": "/leave today"},
            {"says": "/minutes #open 1"},
            {"back": "//evil.example"},
            {"back": "/minutes/1#x"},
        ):
            assert anna.post("/say", data=sent | more).status_code == 400, more


@pytest.mark.parametrize("who", ["li", "omar", "olga", "sue"])
def test_nobody_erases_or_decides_what_is_not_theirs(desk: Site, who: str) -> None:
    one = posted(desk, "anna")
    with desk.signed_in(who) as client:
        sent = next(iter(buttons(client.get("/todos").text).values())) | {"back": f"/minutes/{one.id}"}
        for says in (f"/forget call {one.id}", f"/forget call {one.id} now", f"/minutes #only {one.id}"):
            client.post(
                "/say",
                data=sent | {"says": says, "act": "act-" + says.replace("/", "").replace(" ", "-").replace("#", "")},
            )
    assert store_state(desk, one) is State.POSTED


# examples


@pytest.mark.parametrize("who", ALL)
def test_examples_for_every_role(desk: Site, who: str) -> None:
    asked, out, other = (posted(desk, of, key) for of, key in (("anna", "a"), ("anna", "b"), ("omar", "c")))
    with desk.app.db.begin() as db:
        now = desk.app.now()
        ids = {}
        for one in (asked, out, other):
            ids[one.id] = examples.ask(db, desk.person("root"), one, now, lesson=f"Lesson {one.id}").id
        examples.publish(db, desk.person("anna"), out.id, now)
        examples.publish(db, desk.person("omar"), other.id, now)
    east = who in ("anna", "li", "boss", "olga", "sue", "root")
    expected = {
        "/examples": 200,
        f"/examples/{ids[asked.id]}": 200 if who == "anna" else 404,
        f"/examples/{ids[out.id]}": 200 if east else 404,
        f"/examples/{ids[other.id]}": 200 if who in ("omar", "root") else 404,
        "/examples/0": 404,
        "/examples/x": 404,
    }
    with desk.signed_in(who) as client:
        found = {path: client.get(path) for path in expected}
        assert {path: answer.status_code for path, answer in found.items()} == expected
        page = found["/examples"].text
        assert (f"Lesson {out.id}" in page) is east
        assert (f"Lesson {asked.id}" in page) is (who == "anna")
        withdraws = "/example no" in found[f"/examples/{ids[out.id]}"].text
        assert withdraws is (who in ("anna", "boss", "root"))
        text = found[f"/examples/{ids[out.id]}"].text
        assert "Maria" not in text
        assert "Rossi" not in text
        assert EVIL not in text
    for path in expected:
        assert httpx.get(desk.url + path).status_code == 401


def test_published_and_withdrawn_without_a_script(desk: Site) -> None:
    one = posted(desk, "anna")
    path = f"/minutes/{one.id}"
    with desk.signed_in("anna") as anna, desk.signed_in("olga") as olga:
        form = anna.post("/say", data=buttons(anna.get(path).text)["Publish as an example"])
        sent = hidden(form.text) | {"one.lesson": "How to hold a <b>price</b>", "one.more": "Halcyonic"}
        page = anna.post("/say", data=sent, follow_redirects=True)
        assert page.url.path.startswith("/examples/")
        assert "Nothing is published before you say yes" in page.text
        assert "Halcyonic" not in page.text
        assert "No examples yet" in olga.get("/examples").text
        form = anna.post("/say", data=buttons(page.text)["Leave out more"])
        page = anna.post("/say", data=hidden(form.text) | {"one.more": "Ombrophobe"}, follow_redirects=True)
        assert "Ombrophobe" not in page.text
        anna.post("/say", data=buttons(page.text)["Publish"])
        assert "How to hold a &lt;b&gt;price&lt;/b&gt;" in olga.get("/examples").text
        assert '<span class="badge">example</span>' in anna.get("/minutes").text
        assert "Publish as an example" not in anna.get(path).text
        gone = anna.post("/say", data=buttons(anna.get(page.url.path).text)["Withdraw"], follow_redirects=True)
        assert gone.url.path == "/examples"
        assert "No examples yet" in olga.get("/examples").text


# erasing leaves nothing


def deliver(site: Site) -> None:
    """All that waits reaches the chat, as the pump brings it there."""
    with site.app.db.read() as db:
        rows = db.execute(
            outbox.outbox.select().where(outbox.outbox.c.state == Out.READY).order_by(outbox.outbox.c.id)
        ).all()
    for row in rows:
        place, reply = Place(row.platform, row.chat, row.thread, row.only), load(row.body)
        sent = row.sent or done(site.chat.send(place, reply, row.key))
        if row.sent:
            done(site.chat.edit(place, row.sent, reply))
        with site.app.db.begin() as db:
            db.execute(outbox.outbox.update().where(outbox.outbox.c.id == row.id).values(state=Out.SENT, sent=sent))


def left(home: Path, marks: tuple[str, ...] = MARKS) -> set[str]:
    """Which of the call's own words stand in any file of the installation, whatever table or log they are in."""
    found = set()
    for path in home.rglob("*"):
        bytes_ = path.read_bytes() if path.is_file() else b""
        found |= {f"{mark} in {path.name}" for mark in marks if mark.encode() in bytes_}
    return found


def test_nothing_is_left_of_a_call_that_was_erased(desk: Site) -> None:
    chat, channel = desk.bot("anna"), desk.channel("anna")
    with desk.signed_in("anna") as anna, desk.signed_in("boss") as boss:
        file = anna.post(
            "/chat/files", params={"chat": chat}, files={"file": ("acme.txt", CALL.encode(), "text/plain")}
        )
        assert say(anna, chat, "", files=[file.json()["id"]]).status_code == 200
        assert (
            say(anna, chat, CALL.replace("Good morning", "Hello"), "act-0002").status_code == 200
        )  # and once more, pasted
        with desk.app.db.read() as db:
            ones = store.calls(db, 1)
        assert len(ones) == 2
        deliver(desk)
        for one in ones:
            jobs.read(desk.app, Now(), one.id)  # type: ignore[arg-type]
        deliver(desk)
        for n, one in enumerate(ones):
            say(anna, chat, f"/minutes #post {one.id} {desk.person('anna').team_id}", f"act-post{n}", how="button")
            say(boss, desk.bot("boss"), f"/minutes {one.id}", f"act-open{n}")
            boss.get(f"/minutes/{one.id}")
            jobs.gaps(desk.app, Now(), one.id)  # type: ignore[arg-type]
            form = anna.post("/say", data=buttons(anna.get(f"/minutes/{one.id}").text)["Publish as an example"])
            page = anna.post("/say", data=hidden(form.text) | {"one.lesson": ""}, follow_redirects=True)
            anna.post("/say", data=buttons(page.text)["Publish"])
            say(boss, desk.bot("boss"), f"/example show {one.id}", f"act-exam{n}")
        deliver(desk)
        assert any("Minutes" in m.get("html", "") for m in messages(anna, channel))
        assert left(desk.app.settings.home)
        path = f"/minutes/{ones[0].id}"
        form = boss.post("/say", data=buttons(boss.get(path).text)["Erase this call"])
        assert "gone for good" in form.text
        page = boss.post("/say", data=hidden(form.text), follow_redirects=True)
        assert "This call was erased" in page.text
        assert "By Jonas Weber" in page.text
        say(boss, desk.bot("boss"), f"/forget call {ones[1].id} now", "act-forget", how="button")
        deliver(desk)
        desk.app.db.settle()
        with desk.app.db.read() as db:
            deeds = " ".join(todo.task for one in ones for todo in todos.of_call(db, 1, one.id))
        marks = tuple(mark for mark in MARKS if mark not in deeds)  # what somebody has to do is no quote
        assert len(marks) > 4
        assert left(desk.app.settings.home, marks) == set()
        assert [m for m in messages(anna, channel) if "This call was erased." in m.get("html", "")]
        assert "Send the SOC 2 report" in anna.get("/todos").text
    with desk.app.db.read() as db:
        erased = keeping.of_call(db, 1, ones[0].id)
    assert erased
    assert (erased.sent_by, erased.by) == (desk.person("anna").id, desk.person("boss").id)


def test_what_others_said_stays(desk: Site) -> None:
    chat = desk.bot("anna")
    one = posted(desk, "anna")
    with desk.signed_in("anna") as anna:
        say(anna, chat, "We never pay kickbacks, as Ombrophobe once put it to all of us", "act-0009")
        say(anna, chat, f"/forget call {one.id} now", "act-0010")
        assert any("Ombrophobe" in m["text"] for m in messages(anna, chat) if m.get("text"))


# the transcript as a page shows it


def turns(n: int) -> Transcript:
    said = tuple(Turn(i, f"S{i // 3 % 2}", f"line {i}", float(i)) for i in range(n))
    return Transcript(said, (Speaker("S0", Side.OURS), Speaker("S1", Side.CUSTOMER)), "en", "txt")


@given(st.integers(0, 300), st.lists(st.integers(0, 299), max_size=6, unique=True))
def test_every_turn_stands_in_one_stretch_in_order(n: int, begins: list[int]) -> None:
    found = stretches(turns(n), [Topic(f"T{i}", i, i) for i in sorted(begins)])
    assert [row.i for each in found for row in each.rows] == list(range(n))
    assert all(len(each.rows) <= STRETCH and each.rows[0].name for each in found)
    assert [each.topic for each in found if each.topic] == [f"T{i}" for i in sorted(begins) if i < n]


@given(st.integers(1, 60), st.lists(st.integers(-5, 80), max_size=12))
def test_cites_name_lines_that_are_there(n: int, lines: list[int]) -> None:
    places, more = cites(turns(n), lines)
    told = [i for one in places for i in one.lines]
    assert told == sorted({*told})
    assert {*told} <= {i for i in lines if 0 <= i < n}
    assert more == 0 or len(places) == 3


def test_a_time_of_the_call() -> None:
    assert [clock(at) for at in (None, 0.0, 59.9, 751, 3723)] == ["", "0:00", "0:59", "12:31", "1:02:03"]
