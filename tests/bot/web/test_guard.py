"""Hosts, origins, links that work once, sessions, errors: over real HTTP."""

from datetime import timedelta

import httpx
import pytest

from bot.web import store
from tests.bot.web.site import Site


def test_health_and_headers(site: Site) -> None:
    answer = httpx.get(f"{site.url}/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    other = httpx.get(f"{site.url}/healthz")
    assert answer.headers["x-request-id"] != other.headers["x-request-id"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:1", 200),
        ("127.0.0.1", 200),
        ("[::1]:9", 200),
        ("evil.example", 400),
        ("localhost@evil.example", 400),
    ],
)
def test_only_our_hosts(site: Site, host: str, status: int) -> None:
    assert httpx.get(f"{site.url}/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_forged_origin_changes_nothing(site: Site, headers: dict[str, str]) -> None:
    with site.signed_in("anna") as anna:
        assert anna.post("/sign-out", headers=headers).status_code == 403
        assert anna.get("/chat").status_code == 200
        assert anna.post("/sign-out", headers={"Origin": site.url}).status_code == 303
        assert anna.get("/chat").status_code == 401


def test_link_signs_in_once(site: Site) -> None:
    link = site.link("anna")
    assert httpx.get(link).status_code == 200  # a preview of the link does not use it up
    first = httpx.post(link)
    assert first.status_code == 303
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "domain" not in cookie
    second = httpx.post(link, headers={"Accept": "text/html"})
    assert second.status_code == 410
    assert "paceline login" in second.text
    again = httpx.post(link, cookies={"paceline": first.cookies["paceline"]})
    assert (again.status_code, again.headers["location"]) == (303, "/chat")


def test_link_lapses_and_tokens_are_not_kept(site: Site) -> None:
    with site.app.db.begin() as db:
        path = store.new_link(db, site.person("anna"), site.app.now() - timedelta(minutes=16))
        kept = {value for row in db.execute(store.signin.select()) for value in row}
    assert path.removeprefix("/in/") not in kept
    assert httpx.post(site.url + path).status_code == 410
    assert httpx.post(f"{site.url}/in/guessed").status_code == 410


def test_errors_say_the_next_step(site: Site) -> None:
    page = httpx.get(f"{site.url}/nothing", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "Back to the chat" in page.text
    chinese = httpx.get(f"{site.url}/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert 'lang="zh-CN"' in chinese.text


def test_a_broken_page_names_its_request(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    with site.signed_in("anna") as anna:
        monkeypatch.setattr(site.chat, "now", fail)
        said = {"id": "abcdefgh", "chat": site.bot("anna"), "text": "hello"}
        answer = anna.post("/chat/say", json=said, headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "default-src" in answer.headers["content-security-policy"]
    assert "on purpose" not in answer.text
