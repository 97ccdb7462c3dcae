"""The library's pages over real HTTP: who sees what, hostile cards, writing and reviewing with forms alone."""

import re
from datetime import timedelta
from functools import partial
from html import unescape

import httpx
import pytest

from bot.inbox.ear import Inbox
from bot.library import service, store
from bot.library.model import Card, State
from bot.library.search import Search
from bot.outbox import store as outbox
from bot.team import service as team
from bot.team.model import Role
from handlers import FREE, MENU
from handlers.route import route
from tests.bot.web.site import ROSTER, Site

MORE = "sue,Sue Lang,East,support,Europe/Berlin,en,,boss\nolga,Olga Ott,East,observer,Europe/Berlin,en,,boss\n"
CARDS = """\
{"id": "price", "title": "Price too high", "answer": "Thank you, {{ contact }}.\\n\\nWhat do you compare it with?", "phrasings": ["it is too expensive", "your price is too high"], "variants": {"manufacturing": "What does an hour of downtime cost?"}, "tags": ["price"], "stage": "offer", "owner": "anna", "points": ["Names the concern"], "review_by": "2020-01-31"}
{"id": "delivery", "title": "Delivery takes too long", "answer": "When do you need it?", "phrasings": ["we cannot wait eight weeks"], "tags": ["delivery"], "industry": "software", "owner": "boss"}
{"id": "secret", "title": "Walk-away price", "answer": "Never below cost.", "phrasings": ["what is the lowest price you can do"], "roles": ["manager"], "owner": "boss"}
{"id": "old", "title": "The 2019 promotion", "answer": "Buy two.", "state": "retired"}
"""  # noqa: E501 - JSON lines
HTML = {"Accept": "text/html"}


def filled(site: Site, cards: str = CARDS) -> Site:
    """The site with the real handlers, a whole team and some cards. Search compares words, which is quick."""
    inbox = Inbox(site.app.db, 1, partial(route, site.app, MENU, FREE), site.app.now)
    site.ear.hear, site.ear.answer = inbox.hear, inbox.answer  # type: ignore[method-assign]
    site.app.shelf.search = Search(site.app.db, 1, site.app.settings.home, None)
    with site.app.db.begin() as db:
        assert not team.import_roster(db, 1, (ROSTER + MORE).encode(), site.app.now()).faults
        if cards:
            assert not service.import_cards(db, 1, cards.encode(), site.app.now(), name="cards.jsonl").faults
    return site


@pytest.fixture
def shop(site: Site) -> Site:
    return filled(site)


def card(site: Site, key: str) -> Card:
    with site.app.db.read() as db:
        found = store.by_key(db, 1, key)
    assert found is not None, key
    return found


def draft(site: Site, by: str, title: str = "They have no time") -> Card:
    with site.app.db.begin() as db:
        new = Card(0, 1, title.casefold().replace(" ", "-"), title, "Ten minutes, then.", state=State.DRAFT)
        return service.save(db, site.person(by), new, site.app.now())


def asked(site: Site, who: str, question: str, gap: bool = False) -> int:
    """Somebody asks in the chat; with `gap` they want it passed on."""
    wanted = service.Wanted(question, stage="demo", role=site.person(who).role)
    found = service.ask(site.app.db, site.app.shelf, wanted, site.app.now(), who=site.person(who))
    if gap:
        service.log_gap(site.app.db, site.app.shelf, site.person(who), found.ask_id, site.app.now())
    return found.ask_id


def buttons(page: str) -> dict[str, dict[str, str]]:
    """The buttons of a page by their label: what each hands in."""
    found = {}
    for form in re.findall(r'<form method="post" action="/say">.*?</form>', page, re.DOTALL):
        names = re.findall(r'name="(\w+)" value="([^"]*)"', form)
        found[unescape(re.findall(r"<button[^>]*>(.*?)</button>", form)[0])] = {n: unescape(v) for n, v in names}
    return found


def hidden(page: str) -> dict[str, str]:
    return {n: unescape(v) for n, v in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)}


def press(client: httpx.Client, page: str, label: str) -> httpx.Response:
    return client.post("/say", data=buttons(client.get(page).text)[label], follow_redirects=True)


# who sees what

KEEPERS = ("boss", "sue", "root")
OTHERS = ("anna", "li", "omar", "olga")


@pytest.mark.parametrize("who", [*KEEPERS, *OTHERS])
def test_every_route_for_every_role(shop: Site, who: str) -> None:
    hers, theirs = draft(shop, "anna"), draft(shop, "omar", "We have a supplier")
    keeps = who in KEEPERS
    manager = shop.person(who).role in (Role.MANAGER, Role.ADMIN)
    expected = {
        "/library": 200,
        "/library?state=draft": 200,
        "/library/gaps": 200 if keeps else 403,
        "/library/usage": 200 if keeps else 403,
        f"/library/card?id={card(shop, 'price').id}": 200,
        f"/library/card?id={card(shop, 'secret').id}": 200 if manager else 404,
        f"/library/card?id={card(shop, 'old').id}": 200 if keeps else 404,
        f"/library/card?id={hers.id}": 200 if keeps or who == "anna" else 404,
        f"/library/card?id={theirs.id}": 200 if keeps or who == "omar" else 404,
        "/library/card?id=999": 404,
        "/library/card?id=1%20or%201": 404,
        "/library/card?id=²": 404,
        "/library/card": 404,
    }
    with shop.signed_in(who) as client:
        assert {path: client.get(path).status_code for path in expected} == expected
        listed = client.get("/library?state=any").text
        cards = {key: card(shop, key).title in listed for key in ("price", "secret", "old")}
        assert cards == {"price": True, "secret": manager, "old": keeps}
        assert (hers.title in listed) == (keeps or who == "anna")
    for path in expected:
        assert httpx.get(shop.url + path).status_code == 401


def test_what_is_hidden_reads_like_what_is_not_there(shop: Site) -> None:
    with shop.signed_in("anna") as anna:
        pages = [
            anna.get(f"/library/card?id={number}", headers=HTML).text.replace(f"id={number}", "id=N")
            for number in (card(shop, "secret").id, 999)
        ]
        assert pages[0] == pages[1]
        refused = anna.get("/library/gaps", headers=HTML)
    assert "those who keep the library" in refused.text


def test_what_a_rep_may_not_see_is_in_no_list_and_no_answer(shop: Site) -> None:
    asked(shop, "omar", "what is the lowest price you can do")
    with shop.signed_in("anna") as anna:
        for path in (
            "/library",
            "/library?state=any",
            "/library?q=what is the lowest price you can do",
            "/library?words=cost",
        ):
            page = anna.get(path).text
            assert "Walk-away" not in page
            assert "90 days" not in page
            assert "manager" not in page
        mine = anna.get(f"/library/card?id={card(shop, 'delivery').id}").text
    assert "How it is used" not in mine
    assert {*buttons(mine)} == {"Fill in for a deal"}
    assert "Tell Jonas Weber what to change" in mine


# the list


def test_the_list_is_narrowed_by_each_filter(shop: Site) -> None:
    def titles(query: str) -> set[str]:
        found = boss.get(f"/library?{query}").text
        return {
            c.title
            for c in map(partial(card, shop), ("price", "delivery", "secret", "old"))
            if f">{c.title}</a>" in found
        }

    with shop.signed_in("boss") as boss:
        assert titles("") == {"Price too high", "Delivery takes too long", "Walk-away price"}
        assert titles("words=eight WEEKS") == {"Delivery takes too long"}
        assert titles("words=downtime") == {"Price too high"}
        assert titles("industry=manufacturing") == {"Price too high"}
        assert titles("industry=software") == {"Delivery takes too long"}
        assert titles("stage=offer") == {"Price too high"}
        assert titles("tag=delivery") == {"Delivery takes too long"}
        assert titles("language=zh") == set()
        assert titles("state=retired") == {"The 2019 promotion"}
        assert titles("state=due") == {"Price too high"}
        assert titles("state=nonsense") == set()
        assert titles("page=99&words=price") == {"Price too high", "Walk-away price"}
        assert "look due since Fri 31 Jan 2020" in boss.get("/library").text


def test_more_than_fifty_are_pages(site: Site) -> None:
    lines = [f'{{"id": "c{n}", "title": "Card {n:03}", "answer": "Say {n}.", "tags": ["t"]}}' for n in range(120)]
    filled(site, "\n".join(lines))
    with site.signed_in("anna") as anna:
        first, last = anna.get("/library?tag=t").text, anna.get("/library?tag=t&page=3").text
    assert "120 cards" in first
    assert ("Card 049" in first, "Card 050" in first) == (True, False)
    assert ("Card 099" in last, "Card 119" in last) == (False, True)
    assert "/library?tag=t&amp;page=2" in first
    assert "Page 3 of 3" in last


@pytest.mark.parametrize(("who", "button"), [("anna", True), ("olga", False)])
def test_an_empty_library_says_how_it_is_filled(site: Site, who: str, button: bool) -> None:
    filled(site, "")
    with site.signed_in(who) as client:
        page = client.get("/library").text
        assert client.get("/library?q=too expensive").status_code == 200
    assert "paceline import library --starter" in page
    assert ("Write a card" in buttons(page)) is button


def test_an_objection_is_answered_with_its_card_on_top(shop: Site) -> None:
    with shop.signed_in("anna") as anna:
        page = anna.get("/library", params={"q": "your price is too high"}).text
        answer = page.split('class="answer"')[1].split("</section>")[0]
        assert "Price too high" in answer
        nothing = anna.get("/library", params={"q": "xyzzy plugh"}).text
    assert "Not in the library." in nothing
    assert "I put it to Jonas Weber, who keeps the library" in nothing
    with shop.app.db.read() as db:
        assert store.bands(db, 1, shop.app.now() - timedelta(days=1)) == {}  # looking keeps nothing


# a card

HOSTILE = {
    "title": "<script>alert(1)</script> {{ 7*7 }}",
    "answer": "<img src=x onerror=alert(2)> {{ 7*7 }} {% raw %} [link](javascript:alert(3)) \u202egnp.exe\n\n**bold**",
    "phrasings": ("javascript:alert(4)", "</li><b>", "שלום, יקר מדי"),
    "variants": {'"><script>': "<script>alert(5)</script>"},
    "points": ("<i>point</i>",),
    "tags": ('"><script>alert(6)</script>', "a&b=c"),
    "product": "<u>",
    "owner": "<s>",
}


def test_hostile_cards_are_text(shop: Site) -> None:
    with shop.app.db.begin() as db:
        boss = shop.person("boss")
        one = service.save(db, boss, Card(0, 1, "hostile", **HOSTILE), shop.app.now())  # type: ignore[arg-type]
        other = {name: "x" if isinstance(v, str) else type(v)() for name, v in HOSTILE.items()}
        service.save(db, boss, Card(0, 1, "hostile", **other), shop.app.now())  # type: ignore[arg-type]
        service.save(db, boss, Card(0, 1, "hostile", **HOSTILE), shop.app.now())  # type: ignore[arg-type]
        store.add_offer(db, 1, one.id, "<b>offered</b>", boss.id, shop.app.now())
    asked(shop, "li", "<script>alert(7)</script> is what we lack", gap=True)
    with shop.signed_in("boss") as boss_:
        here = f"/library/card?id={one.id}"
        pages = [
            boss_.get(p).text
            for p in ("/library", here, "/library/gaps", "/library/usage?band=none", "/library?tag=a%26b%3Dc")
        ]
        pages.append(boss_.post("/say", data=buttons(pages[1])["Change"]).text)
        pages.append(boss_.get("/library", params={"q": HOSTILE["title"], "words": '"><script>'}).text)
    for page in pages:
        for tag in ("<script>", "<img src=x", "<i>point", "<b>", "<u>", "<s>"):
            assert tag not in page
        assert 'href="javascript' not in page
        assert "49" not in re.sub(r'(act|id|X-Request-Id)"? value="[^"]*"', "", page)
    assert "{{ 7*7 }} {% raw %} [link](javascript:alert(3))" in unescape(pages[1])
    assert "שלום, יקר מדי" in pages[1]
    assert "**bold**" in pages[1]


def test_blanks_are_shown_by_their_names(shop: Site) -> None:
    with shop.signed_in("anna") as anna, shop.signed_in("li") as li:
        path = f"/library/card?id={card(shop, 'price').id}"
        page, chinese = anna.get(path).text, li.get(path).text
    assert "Thank you, [contact].\n\nWhat do you compare it with?" in page
    assert "What does an hour of downtime cost?" in page
    assert "{{" not in page
    assert 'lang="zh-CN"' in chinese


def test_history_tells_who_changed_what(shop: Site) -> None:
    with shop.app.db.begin() as db:
        now, boss, sue = shop.app.now(), shop.person("boss"), shop.person("sue")
        one = card(shop, "price")
        two = service.save(
            db, boss, service.replace(one, title="Costs too much", phrasings=(*one.phrasings, "ouch")), now
        )
        service.save(db, sue, service.replace(two, answer="New text", state=State.RETIRED, tags=()), now)
    with shop.signed_in("boss") as client:
        page = client.get(f"/library/card?id={one.id}").text
    story = " ".join(re.sub(r"<[^>]+>", " ", unescape(page.split("How it came about")[1])).split())
    assert re.search(r"Version 3 · .*Sue Lang .*What to say It read before: Thank you, \{\{ contact \}\}", story)
    assert "Tags price" in story
    assert "State approved → retired" in story
    assert re.search(
        r"Version 2 · .*Jonas Weber Title Price too high → Costs too much How customers put it ouch", story
    )
    assert re.search(r"Version 1 · .*from a file$", story.split("</main>")[0].strip())


def test_usage_is_counted_for_those_who_keep_the_library(shop: Site) -> None:
    for who in ("anna", "li", "li"):
        number = asked(shop, who, "your price is too high")
    with shop.app.db.begin() as db:
        service.helped(db, shop.person("li"), number, True)
        service.choose(db, shop.person("li"), number, card(shop, "delivery").id, shop.app.now())
    asked(shop, "omar", "xyzzy plugh")
    path = f"/library/card?id={card(shop, 'price').id}"
    with shop.signed_in("sue") as sue, shop.signed_in("anna") as anna:
        page, usage, none = sue.get(path).text, sue.get("/library/usage").text, sue.get("/library/usage?band=none").text
        hers = anna.get(path).text
    assert "Asked 2 times in 90 days · by 2 people" in page
    assert "李伟" in page
    assert "Asked 2 times in 90 days" in hers  # its owner
    assert "李伟" not in hers.split("How it is used")[1].split("</section>")[0]
    assert "4 questions in the last 90 days" in usage
    assert "“your price is too high”" in usage
    assert "xyzzy" not in usage
    assert "xyzzy" in none


def test_never_used_means_for_a_month(shop: Site) -> None:
    with shop.signed_in("boss") as boss:
        assert "Never used" not in boss.get("/library/usage").text
        with shop.app.db.begin() as db:
            store.save(db, [Card(0, 1, "dusty", "Dusty", "x", seq=99, changed=shop.app.now() - timedelta(days=31))])
        page = boss.get("/library/usage").text.split("Never used")[1]
    assert "Dusty" in page
    assert "Price too high" not in page


# writing and reviewing


def test_a_button_is_a_sentence_and_its_answer_a_notice(shop: Site) -> None:
    one = draft(shop, "anna")
    with shop.signed_in("boss") as boss:
        page = press(boss, f"/library/card?id={one.id}", "Approve")
        assert page.url.path == "/library/card"
        assert "Approved: They have no time." in page.text
        assert card(shop, one.key).state is State.APPROVED
        assert "It is found from now on" in str(heard(shop, "boss"))
        assert "Approved: They" not in boss.get(f"/library/card?id={one.id}").text
        press(boss, f"/library/card?id={one.id}", "Still right")
        assert card(shop, one.key).review_by is not None
        assert "Retired" in press(boss, f"/library/card?id={one.id}", "Retire").text
        assert "Approved" in press(boss, f"/library/card?id={one.id}", "Approve again").text
    with shop.signed_in("anna") as anna:
        said = f"{page.url.params['said']}"
        assert "Approved: They" not in anna.get("/library", params={"said": said}).text


def heard(site: Site, who: str) -> list[str]:
    with site.app.db.read() as db:
        rows = db.execute(outbox.outbox.select().order_by(outbox.outbox.c.id))
        return [row.body["text"] for row in rows if row.chat == site.bot(who)]


FORM = {"one.title": "No time", "one.answer": "Ten minutes.", "one.language": "en", "filled": "yes"}


def test_a_gap_becomes_a_card_with_forms_alone(shop: Site) -> None:
    asked(shop, "li", "your app is only in english", gap=True)
    asked(shop, "omar", "your app is only in english", gap=True)
    with shop.signed_in("sue") as sue:
        gaps = sue.get("/library/gaps").text
        assert "asked 2 times · by 2 people" in gaps
        assert "demo" in gaps
        form = sue.post("/say", data=buttons(gaps)["Write the card"])
        assert form.status_code == 200
        assert "your app is only in english</textarea>" in form.text
        sent = hidden(form.text) | {
            "one.title": "Only in English",
            "one.answer": "  It speaks German from May.\r\nShall I show you?",
            "one.phrasings": "your app is only in english",
            "one.language": "en",
            "one.stage": "demo",
        }
        page = sue.post("/say", data=sent, follow_redirects=True)
        new = card(shop, "only-in-english")
        assert (page.url.path, page.url.params["id"]) == ("/library/card", str(new.id))
        assert "Saved as card only-in-english" in page.text
        assert new.answer == "It speaks German from May.\nShall I show you?"
        assert new.stage == "demo"
        assert "No gaps" in sue.get("/library/gaps").text
        again = sue.post("/say", data=sent, follow_redirects=True)  # pressed twice, or sent again
        assert "Saved as card" in again.text
        with shop.app.db.read() as db:
            assert store.count(db, 1) == 5
    assert any("There is a card now" in text for text in heard(shop, "omar"))


def test_a_double_press_writes_one_card(shop: Site) -> None:
    import concurrent.futures

    with shop.signed_in("boss") as boss:
        form = hidden(boss.post("/say", data=buttons(boss.get("/library").text)["Write a card"]).text)
        with concurrent.futures.ThreadPoolExecutor(5) as pool:
            sent = list(pool.map(lambda _: boss.post("/say", data=form | FORM).status_code, range(5)))
    assert sent == [303] * 5
    with shop.app.db.read() as db:
        assert store.count(db, 1) == 5


def test_faults_stand_beside_the_fields_and_nothing_typed_is_lost(shop: Site) -> None:
    with shop.signed_in("boss") as boss:
        form = boss.post("/say", data=buttons(boss.get("/library").text)["Write a card"])
        bad = {"one.title": "  ", "one.answer": "<kept> & typed", "one.language": "tlh", "one.review": "soon"}
        page = boss.post("/say", data=hidden(form.text) | bad)
        assert page.status_code == 422
        faults = re.findall(r'class="fault" id="field-(\w+)-fault">([^<]+)', page.text)
        assert faults == [
            ("title", "Please fill this in."),
            ("language", "Choose one."),
            ("review", "Give a date such as 2026-06-11."),
        ]
        assert "&lt;kept&gt; &amp; typed</textarea>" in page.text
        assert hidden(page.text)["act"] != hidden(form.text)["act"]
        long = boss.post("/say", data=hidden(page.text) | FORM | {"one.answer": "x" * 2_801})
        assert "1 characters over the limit of 2,800." in long.text
        assert boss.post("/say", data=hidden(long.text) | FORM).status_code == 303
    assert card(shop, "no-time").state is State.APPROVED


def test_a_handlers_own_faults_stand_there_too(shop: Site) -> None:
    with shop.app.db.begin() as db:
        service.save(db, shop.person("boss"), Card(0, 1, "long", "Long", "x" * 3_000), shop.app.now())
    with shop.signed_in("boss") as boss:
        form = boss.post("/say", data=buttons(boss.get(f"/library/card?id={card(shop, 'long').id}").text)["Change"])
        page = boss.post("/say", data=hidden(form.text) | FORM)
    assert page.status_code == 422
    assert "too long for a form" in page.text


def test_a_rep_suggests_and_the_keeper_decides(shop: Site) -> None:
    with shop.signed_in("omar") as omar:
        form = omar.post("/say", data=buttons(omar.get("/library").text)["Write a card"])
        page = omar.post("/say", data=hidden(form.text) | FORM, follow_redirects=True)
        assert "looks at it before others see it" in page.text
        assert page.url.path == "/library/card"
        assert {*buttons(page.text)} == set()
        refused = omar.post("/say", data=says(f"/card approve {card(shop, 'no-time').id}"), follow_redirects=True)
        assert "Whoever keeps the library does that" in refused.text
    assert card(shop, "no-time").state is State.DRAFT


def says(text: str, **more: str) -> dict[str, str]:
    return {"says": text, "act": "act-00000001", "back": "/library", **more}


def test_a_talk_track_is_filled_in_for_a_deal(shop: Site) -> None:
    path = f"/library/card?id={card(shop, 'price').id}"
    with shop.signed_in("anna") as anna:
        form = anna.post("/say", data=buttons(anna.get(path).text)["Fill in for a deal"])
        typed = {"one.channel": "call", "one.trade": "", "one.contact": ""}
        fault = anna.post("/say", data=hidden(form.text) | typed)
        assert "This talk track needs it." in fault.text
        page = anna.post(
            "/say", data=hidden(fault.text) | typed | {"one.contact": "<b>Wang</b>"}, follow_redirects=True
        )
    assert "Thank you, &lt;b&gt;Wang&lt;/b&gt;." in page.text
    assert str(page.url).endswith(f"{path}&said={page.url.params['said']}")


@pytest.mark.parametrize(
    "sent",
    [
        says("/leave today"),
        says("/cards"),
        says("card edit 1"),
        says("/card\n/leave today"),
        says("/card edit 1", back="https://evil.example/"),
        says("/card edit 1", back="//evil.example"),
        says("/card edit 1", back="/library/card?id=1&x=1"),
        says("/card edit 1", act="x"),
        {"says": "/card"},
    ],
)
def test_only_sentences_of_these_pages_are_heard(shop: Site, sent: dict[str, str]) -> None:
    with shop.signed_in("boss") as boss:
        assert boss.post("/say", data=sent).status_code == 400
    assert heard(shop, "boss") == []


def test_saying_wants_a_session_our_origin_and_a_size(shop: Site) -> None:
    one = card(shop, "price")
    sent = says(f"/card retire {one.id}")
    assert httpx.post(f"{shop.url}/say", data=sent).status_code == 401
    with shop.signed_in("boss") as boss:
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert boss.post("/say", data=sent, headers=headers).status_code == 403
        assert boss.get("/say", params=sent).status_code == 303
        assert boss.post("/say", data=sent | {"one.x": "y" * 1_100_000}).status_code == 413
        assert card(shop, "price").state is State.APPROVED
        assert boss.post("/say", data=sent, headers={"Origin": shop.url}).status_code == 303
    assert card(shop, "price").state is State.RETIRED


def test_new_phrasings_are_taken_or_refused(shop: Site) -> None:
    with shop.app.db.begin() as db:
        store.add_offer(db, 1, card(shop, "price").id, "that is a lot", None, shop.app.now())
    with shop.signed_in("boss") as boss:
        page = press(boss, "/library/usage", "Yes")
        assert page.url.path == "/library/usage"
        assert "No new phrasings" in page.text
    assert "that is a lot" in card(shop, "price").phrasings


def test_no_gap_takes_it_away(shop: Site) -> None:
    asked(shop, "li", "we only buy from Bavaria", gap=True)
    asked(shop, "li", "do you have a blue one", gap=True)
    with shop.signed_in("boss") as boss:
        page = press(boss, "/library/gaps", "No gap")
    assert "Done." in page.text  # the chat's answer is the list that stands here anyway
    assert page.text.count("<h2 ") == 1
