"""The to-dos page: whose stand there, what its buttons do, the calendar file."""

import httpx

from bot.todos import service
from tests.bot.web.site import Site
from tests.bot.web.test_library import buttons, filled, hidden, press


def given(site: Site, who: str, task: str, *, deal: str = "") -> None:
    with site.app.db.begin() as db:
        person, now = site.person(who), site.app.now()
        service.add(db, person, person, task, now, key=task, due=person.today(now), deal=deal)


def test_each_sees_what_is_theirs(site: Site) -> None:
    filled(site, "")
    for who in ("anna", "omar"):
        given(site, who, f"task of {who}")
    for who, seen in {"anna": "anna", "omar": "omar", "boss": "anna", "olga": "", "root": "anna omar"}.items():
        with site.signed_in(who) as client:
            page = client.get("/todos").text
            assert [name for name in ("anna", "omar") if f"task of {name}" in page] == seen.split(), who
    assert httpx.get(f"{site.url}/todos.ics").status_code == 401
    with site.signed_in("anna") as client:
        calendar = client.get("/todos.ics")
    assert "SUMMARY:task of anna" in calendar.text
    assert "omar" not in calendar.text
    assert calendar.headers["content-type"].startswith("text/calendar")


def test_added_done_and_opened_again_without_a_script(site: Site) -> None:
    filled(site, "")
    with site.signed_in("anna") as anna:
        form = anna.post("/say", data=buttons(anna.get("/todos").text)["Add"])
        wrong = anna.post("/say", data=hidden(form.text) | {"one.task": "", "one.due": "soon"})
        assert wrong.status_code == 422
        assert "Please fill this in." in wrong.text
        sent = hidden(form.text) | {"one.task": "call <b>Chidi</b>", "one.due": "2026-06-12", "one.owner": ""}
        sent["one.owner"] = str(site.person("anna").id)
        page = anna.post("/say", data=sent, follow_redirects=True)
        assert page.url.path == "/todos"
        assert "call &lt;b&gt;Chidi&lt;/b&gt;" in page.text
        assert "1 finished lately" in press(anna, "/todos", "Done").text
        assert "finished lately" not in press(anna, "/todos", "Open again").text
        assert "Without a deal" in anna.get("/todos?by=deal").text


def test_a_page_says_nothing_but_what_it_shows(site: Site) -> None:
    filled(site, "")
    with site.signed_in("anna") as anna:
        sent = buttons(anna.get("/todos").text)["Add"]
        for more in ({"says": "/leave today"}, {"says": "/todo drop 1"}, {"back": "//evil.example"}):
            assert anna.post("/say", data=sent | more).status_code == 400
