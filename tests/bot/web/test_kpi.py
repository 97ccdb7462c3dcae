"""The pages about numbers over real HTTP: who sees whose, hostile names, what the buttons do, pictures."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.crm import service as crm
from bot.kpi import service
from bot.kpi.alerts import service as alerts
from bot.kpi.alerts import store
from bot.kpi.alerts.model import Alert, Facts, Rule, State
from bot.kpi.model import Point
from bot.kpi.service import MEASURES
from bot.team import service as team
from bot.todos import service as todos
from bot.voice import kpi as voice
from bot.web.kpi.picture import picture
from tests.bot.web.site import ROSTER, Site
from tests.bot.web.test_library import HTML, MORE, buttons, filled, hidden, press

EVIL = '<script>alert("x")</script>'
LONG = "Überlandwerke" * 12
RTL = "شركة النور"
HEAD = "deal,name,account,owner,amount,currency,stage,status,created,expected_close,closed,next_step"


def traded(site: Site, folder: Path) -> Site:
    """A CRM in which anna's and omar's deals leave Demo each week; some are open, one of them stalled and hostile."""
    filled(site, "")
    now = site.app.now()
    deals, moves = [HEAD], ["deal,from_stage,to_stage,at"]
    for week in range(20):
        for n, owner in enumerate(("anna", "omar") * 5):
            at = now - timedelta(weeks=week + 1)
            key, won = f"{owner}-{week}-{n}", (week + n) % 3 > 0
            stage, to = ("won,won", "won") if won else ("lost,lost", "lost")
            deals.append(f"{key},Secret of {owner},A1,{owner},1000,EUR,{stage},{_z(at - timedelta(days=9))},,{_z(at)},")
            moves.append(f"{key},Demo,{to},{_z(at)}")
    for owner in ("anna", "omar"):
        for n, name in enumerate((EVIL, LONG, RTL)):
            born = _z(now - timedelta(days=80))
            name = f"{owner} {name}".replace('"', '""')
            deals.append(f'{owner}-open-{n},"{name}",A1,{owner},500,EUR,Demo,open,{born},2020-01-01,,')
    deals.append(f"lone,Nobody knows,,stranger,0,EUR,Somewhere,open,{_z(now)},,,")
    moves.append(f"anna-open-0,Demo,Offer,{_z(now + timedelta(days=40))}")
    files = {
        "stages": ["stage,position,stall_days,touch_days", "Demo,1,20,7", "Offer,2,20,7"],
        "accounts": ["account,name,industry,owner", f'A1,"{EVIL.replace(chr(34), chr(34) * 2)}",retail,anna'],
        "leads": ["lead,source,owner,created", f"L1,{LONG},anna,{_z(now - timedelta(days=3))}"],
    } | {"deals": deals, "moves": moves}
    folder.mkdir()
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    done = crm.import_folder(site.app.db, 1, folder, now)
    assert not done.faults, done.faults
    return site


def _z(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def trade(site: Site, tmp_path: Path) -> Site:
    return traded(site, tmp_path / "crm")


def alerted(site: Site, team: str = "anna", rule: Rule = Rule.CONVERSION) -> Alert:
    """An alert of somebody's team, as the watch opens one."""
    facts = Facts("2026-W22", 0.2, 0.6, 20, 4, -0.66, 0.001, deals=(EVIL,), many=1, answers=((EVIL, EVIL),))
    with site.app.db.begin() as db:
        one = Alert(0, 1, site.person(team).team_id, rule, "Demo", "", "2026-W21", site.app.now(), State.OPEN, facts)
        kept = store.add(db, one)
        store.note(db, kept, site.app.now(), None, "opened")
    return kept


def deal(key: str) -> str:
    return f"/deal?{urlencode({'key': key})}"


# who sees what: roles, and whose deals each of them sees

SEES = {"anna": "anna", "li": "", "omar": "omar", "boss": "anna", "root": "anna omar lone"}
BLIND = ("olga", "sue")
LEAD = ("boss", "root")


@pytest.mark.parametrize("who", [*SEES, *BLIND])
def test_every_route_for_every_role(trade: Site, who: str) -> None:
    seen, blind, leads = SEES.get(who, ""), who in BLIND, who in LEAD
    ours, theirs = alerted(trade), alerted(trade, "omar")
    expected = {
        "/numbers": 403 if blind else 200,
        "/numbers?team=East": 403 if blind else 200 if leads else 404,
        "/numbers?team=West": 403 if blind else 200 if who == "root" else 404,
        "/numbers?team=Nowhere": 403 if blind else 404,
        "/numbers/why?kpi=conversion&stage=Demo": 403 if blind else 200,
        "/numbers/why?kpi=conversion&team=West": 403 if blind else 200 if who == "root" else 404,
        "/numbers/why?kpi=gossip": 403 if blind else 404,
        "/numbers/why": 403 if blind else 404,
        "/numbers/deals?kpi=stalled": 403 if blind else 200,
        "/numbers/deals?kpi=stalled&team=West": 403 if blind else 200 if who == "root" else 404,
        "/numbers/deals?kpi=freshness": 403 if blind else 200,
        "/numbers/deals": 403 if blind else 404,
        "/numbers/data": 200 if leads else 403,
        "/alerts": 200 if leads else 403,
        deal("anna-open-0"): 403 if blind else 200 if "anna" in seen else 404,
        deal("omar-open-0"): 403 if blind else 200 if "omar" in seen else 404,
        deal("lone"): 403 if blind else 200 if "lone" in seen else 404,
        deal("no such"): 403 if blind else 404,
        deal("' or 1=1 --"): 403 if blind else 404,
        "/deal": 403 if blind else 404,
    }
    with trade.signed_in(who) as client:
        found = {path: client.get(path) for path in expected}
        assert {path: answer.status_code for path, answer in found.items()} == expected
        for answer in found.values():
            hidden_ones = {"anna", "omar"} - set(seen.split())
            said = [name for name in hidden_ones if f"Secret of {name}" in answer.text or f"{name}-open" in answer.text]
            assert not said, (answer.url, said)
        if leads:
            shown = re.findall(r'id="alert-(\d+)"', found["/alerts"].text)
            assert shown == [str(theirs.id), str(ours.id)][who != "root" :]
        assert ('href="/numbers"' in client.get("/standup").text) != blind
    for path in expected:
        assert httpx.get(trade.url + path).status_code == 401


@pytest.mark.parametrize("kpi", list(MEASURES))
def test_no_number_of_a_rep_counts_or_lists_what_is_not_theirs(trade: Site, kpi: str) -> None:
    with trade.signed_in("omar") as omar, trade.signed_in("li") as li:
        for stage in ("", "Demo", "Offer"):
            page = omar.get(f"/numbers/deals?kpi={kpi}&stage={stage}").text
            assert not re.search(r"key=(?!omar-)", page)
            assert "key=" not in li.get(f"/numbers/deals?kpi={kpi}&stage={stage}").text


def test_what_is_hidden_reads_like_what_is_not_there(trade: Site) -> None:
    with trade.signed_in("anna") as anna:
        pages = [anna.get(deal(key), headers=HTML).text for key in ("omar-open-0", "no such")]
        assert pages[0] == pages[1]
        refused = anna.get("/alerts", headers=HTML)
    assert refused.status_code == 403
    assert "who lead a team" in refused.text


@pytest.mark.parametrize("says", ["/alert ack {alert}", "/deal #dead omar-open-0", "/deal #owner omar-open-0"])
def test_a_button_that_is_not_theirs_changes_nothing(trade: Site, says: str) -> None:
    one = alerted(trade, "omar")
    with trade.signed_in("anna") as anna:
        form = buttons(anna.get(deal("anna-open-0")).text)["Dead…"]
        answer = anna.post("/say", data=form | {"says": says.format(alert=one.id)} | {"back": deal("anna-open-0")})
        assert answer.status_code in (303, 400)
        filled_in = form | {"says": says.format(alert=one.id), "filled": "1", "one.text": "x", "one.owner": "anna"}
        assert anna.post("/say", data=filled_in).status_code in (303, 400)
    with trade.app.db.read() as db:
        now = trade.app.now()
        standing = crm.deal(db, trade.person("root"), "omar-open-0", now)
        assert standing is not None
        assert (standing.deal.open, standing.deal.owner) == (True, "omar")
        assert alerts.get(db, trade.person("root"), one.id).said is None


# what they show


@pytest.mark.parametrize("who", ["boss", "root"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_names_are_text_everywhere(trade: Site, who: str, language: str) -> None:
    alerted(trade)
    with trade.app.db.begin() as db:
        roster = re.sub(rf"^({who},.*?),en,", rf"\1,{language},", ROSTER + MORE, flags=re.MULTILINE)
        assert not team.import_roster(db, 1, roster.encode(), trade.app.now()).faults
    with trade.signed_in(who) as client:
        paths = ("/numbers", "/numbers/why?kpi=lead_conversion", "/numbers/deals?kpi=stalled", "/numbers/data")
        for path in (*paths, "/alerts", deal("anna-open-0"), f"/numbers?{urlencode({'team': EVIL})}"):
            text = client.get(path, headers=HTML).text
            assert EVIL not in text, path
            assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in text
        assert EVIL in unescape(client.get(deal("anna-open-0")).text)


def test_the_board_leads_to_why_and_why_to_the_deals(trade: Site) -> None:
    with trade.signed_in("boss") as boss:
        page = boss.get("/numbers").text
        links = [unescape(link) for link in re.findall(r'href="(/numbers/(?:why|deals)\?[^"]*)"', page)]
        assert len(links) > 8
        for link in links:
            assert boss.get(link).status_code == 200, link
        why = boss.get("/numbers/why?kpi=conversion&stage=Demo").text
        for said in ("Formula", "version 1", "the same", "deals that advanced", "stage moves, last heard"):
            assert said in why, said
        assert 'role="img" aria-label="The last 13 weeks: from ' in why
        listed = boss.get("/numbers/deals?kpi=stalled").text
        assert listed.count('href="/deal?key=anna-open-') == 3


def test_a_number_on_the_page_is_the_number_in_the_chat(trade: Site) -> None:
    with trade.app.db.read() as db:
        found = service.numbers(db, trade.person("boss"), trade.app.now(), zone=trade.app.settings.timezone)
    with trade.signed_in("boss") as boss:
        page = unescape(boss.get("/numbers").text)
    told = [one for one in found if not one.segment and one.value is not None]
    assert len(told) > 5
    for one in told:
        assert f">{voice.value(one.value, one.unit, 'en', one.currency)}</a>" in page, one.kpi


def test_the_empty_pages_say_what_will_stand_there(site: Site) -> None:
    filled(site, "")
    with site.signed_in("boss") as boss:
        assert "paceline import crm" in boss.get("/numbers").text
        assert "paceline import crm" in boss.get("/numbers/data").text
        assert "No open alerts" in boss.get("/alerts").text


def test_who_has_no_deals_reads_what_it_takes(trade: Site) -> None:
    with trade.signed_in("li") as li:
        page = li.get("/numbers").text
    assert "还没有数字" in page
    assert "<table" not in page


def test_the_data_page_counts_what_is_in_doubt_and_only_of_ones_own(trade: Site) -> None:
    with trade.signed_in("root") as root, trade.signed_in("boss") as boss:
        every, mine = root.get("/numbers/data").text, boss.get("/numbers/data").text
    assert "1 open deal has an owner who is not on the roster" in every
    assert "1 open deal names no account" in every
    assert "1 open deal is in a stage without a position" in every
    assert "6 open deals were to close by now" in every
    assert "1 stage move is dated in the future" in every
    assert "3 open deals were to close by now" in mine
    for said in ("not on the roster", "names no account", "omar"):
        assert said not in mine, said


# what their buttons do


def test_a_deal_is_changed_without_a_script(trade: Site) -> None:
    with trade.app.db.begin() as db:
        anna, now = trade.person("anna"), trade.app.now()
        todos.add(db, anna, anna, f"call {EVIL}", now, key="t", due=date(2030, 1, 1), deal="anna-open-0")
    with trade.signed_in("anna") as client:
        page = client.get(deal("anna-open-0"))
        assert {*buttons(page.text)} == {"Next step…", "Moved…", "Remark…", "Dead…"}
        assert "call &lt;script&gt;" in page.text
        assert "It needs a look" in page.text
        form = client.post("/say", data=buttons(page.text)["Next step…"])
        sent = hidden(form.text) | {"one.text": "ask for <b>budget</b>", "one.on": "2030-01-02"}
        after = client.post("/say", data=sent, follow_redirects=True)
        assert (after.url.path, after.url.params["key"]) == ("/deal", "anna-open-0")
        assert "ask for &lt;b&gt;budget&lt;/b&gt;" in after.text
        form = client.post("/say", data=buttons(after.text)["Dead…"])
        dead = client.post("/say", data=hidden(form.text) | {"one.text": "no money"}, follow_redirects=True)
        assert {*buttons(dead.text)} == {"It lives on…"}


def test_a_deal_that_was_given_away_leaves_its_page(trade: Site) -> None:
    with trade.signed_in("boss") as boss:
        form = boss.post("/say", data=buttons(boss.get(deal("anna-open-1")).text)["Owner…"])
        after = boss.post("/say", data=hidden(form.text) | {"one.owner": "omar"}, follow_redirects=True)
        assert after.status_code == 200
        assert "Omar Said owns" in after.text
        assert boss.get(deal("anna-open-1")).status_code == 404


def test_an_alert_is_settled_and_its_history_told(trade: Site) -> None:
    alerted(trade)
    with trade.signed_in("boss") as boss:
        assert {*buttons(boss.get("/alerts").text)} == {
            "Acknowledge",
            "Snooze",
            "Explained",
            "Assign",
            "New normal",
            "False alarm",
        }
        page = press(boss, "/alerts", "Acknowledge").text
        assert "Jonas Weber looks into it." in page
        form = boss.post("/say", data=buttons(page)["Explained"])
        after = boss.post("/say", data=hidden(form.text) | {"one.reason": f"a fair {EVIL}"}, follow_redirects=True)
        assert "Jonas Weber explained it: a fair &lt;script&gt;" in after.text
        assert "No open alerts" in after.text
        assert "Closed in the last 13 weeks" in after.text
        assert re.search(r"Conversion</th><td[^>]*>1</td><td[^>]*>0</td>", after.text, re.IGNORECASE)


def test_a_page_says_nothing_but_what_it_shows(trade: Site) -> None:
    with trade.signed_in("anna") as anna:
        sent = buttons(anna.get(deal("anna-open-0")).text)["Next step…"]
        for more in (
            {"says": "/deal #show anna-open-0"},
            {"says": "/leave today"},
            {"back": "//evil.example"},
            {"back": "/deal?key=x\r\nSet-Cookie: a=b"},
            {"back": "/deal?key=x&said=y"},
        ):
            assert anna.post("/say", data=sent | more).status_code == 400, more


# the picture

VALUES = st.lists(st.none() | st.floats(-1e9, 1e9), max_size=20)
LIMIT = st.none() | st.floats(-1e9, 1e9)


@given(VALUES, LIMIT, st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)) | st.none())
def test_a_picture_stays_within_its_frame(values: list[float | None], usual: float | None, band: object) -> None:
    points = [Point("", date(2026, 1, 5) + timedelta(weeks=n), value, 1) for n, value in enumerate(values)]
    low, high = sorted(band) if isinstance(band, tuple) else (None, None)
    found = picture(points, usual, low, high)
    told = [value for value in values if value is not None]
    assert (found is None) == (len(told) < 2)
    if found is None:
        return
    places = [tuple(map(float, place.split(","))) for line in found.lines for place in line.split()]
    places += [*found.dots, found.end] if found.end else []
    assert len(places) == len(told) + 1
    assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in places)
    if found.band:
        assert 0 <= found.band[0] <= sum(found.band) <= found.height + 0.2


def test_a_picture_has_a_gap_where_nothing_was_counted() -> None:
    points = [Point("", date(2026, 1, 5), value, 1) for value in (1.0, 2.0, None, 3.0, None, 2.0, 1.0)]
    found = picture(points)
    assert found is not None
    assert (len(found.lines), len(found.dots)) == (2, 1)
