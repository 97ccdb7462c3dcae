"""What was changed in chat goes to the CRM's webhook: a real server of ours that misbehaves in every way."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.crm import service
from bot.crm.changes import hook
from bot.crm.imports import import_folder
from bot.crm.service import Change, Kind
from bot.errors import BotError
from bot.settings import WebhookSettings, read_settings
from jobs import webhook
from tests.conftest import HEAD, Office
from tests.handlers.test_deals import FILES

SECRET = "a secret of our own, 24"
Answer = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


def status(code: int, **headers: str) -> Answer:
    def answer(door: BaseHTTPRequestHandler, _body: dict[str, Any]) -> None:
        door.send_response(code)
        for name, value in headers.items():
            door.send_header(name.replace("_", "-"), value)
        door.send_header("Content-Length", "0")
        door.end_headers()

    return answer


class Crm:
    """The other side. `answers`: what it does with one request after the other, then it takes all."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.elsewhere: list[str] = []
        outer = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                if self.path != "/in?from=paceline":
                    outer.elsewhere.append(self.path)
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                outer.heard.append((dict(self.headers), raw))
                body = json.loads(raw)
                answer = outer.answers.pop(0) if outer.answers else status(204)
                answer(self, body)

            def do_GET(self) -> None:
                outer.elsewhere.append(self.path)
                status(200)(self, {})

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self._http.server_port}/in?from=paceline"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def ids(self, n: int = -1) -> list[str]:
        return [one["id"] for one in json.loads(self.heard[n][1])["changes"]]

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def other() -> Iterator[Crm]:
    server = Crm()
    yield server
    server.close()


@pytest.fixture
def shop(east: Office, tmp_path: Path, other: Crm) -> Office:
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text)
    assert not import_folder(east.app.db, 1, tmp_path, east.app.now()).faults
    east.hire(
        HEAD + "weber,Jonas Weber,East,manager,Europe/Berlin,en,DE,,\n"
        "anna,Anna Berg,East,rep,Europe/Berlin,en,DE,weber,\n"
        "chen,Chen Yu,Office,admin,Europe/Berlin,en,DE,,\n"
    )
    settings = replace(east.app.settings, crm_webhook=WebhookSettings(other.url, SECRET))
    east.app = App(settings, east.app.db, east.app.now)
    return east


def change(shop: Office, text: str, deal: str = "D1") -> None:
    with shop.app.db.begin() as db:
        service.change(db, shop.person("anna"), deal, Change(Kind.NEXT_STEP, text), shop.app.now())


def look(shop: Office) -> None:
    webhook.send_changes(shop.app)


def test_what_was_changed_is_sent_once_signed_in_order(shop: Office, other: Crm) -> None:
    change(shop, "One")
    change(shop, "Two")
    look(shop)
    look(shop)
    ((headers, raw),) = other.heard
    stamp = headers["X-Paceline-Timestamp"]
    signed = hmac.new(SECRET.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    assert headers["X-Paceline-Signature"] == f"v1={signed}"
    assert int(stamp) == int(shop.app.now().timestamp())
    first, second = json.loads(raw)["changes"]
    assert (first["deal"], first["by"], first["how"]) == ("D1", "anna", "chat")
    assert first["fields"] == [
        {"field": "next_step", "before": "Call Ida", "after": "One"},
        {"field": "next_step_on", "before": "2026-06-20", "after": ""},
    ]
    assert second["fields"] == [{"field": "next_step", "before": "One", "after": "Two"}]
    assert first["id"] != second["id"]
    assert SECRET.encode() not in raw
    assert SECRET not in str(headers)


def hang_up(door: BaseHTTPRequestHandler, _body: dict[str, Any]) -> None:
    door.connection.close()


def nonsense(door: BaseHTTPRequestHandler, _body: dict[str, Any]) -> None:
    door.wfile.write(b"what?\r\n\r\n")


@pytest.mark.parametrize("answer", [status(500), status(503), status(408), status(425), hang_up, nonsense])
def test_what_fails_is_tried_again_with_the_same_id_and_longer_pauses(shop: Office, other: Crm, answer: Answer) -> None:
    other.answers = [answer, answer]
    change(shop, "One")
    look(shop)
    change(shop, "Two")
    look(shop)
    assert len(other.heard) == 1, "what is behind it waits too"
    shop.clock.forward(seconds=31)
    look(shop)
    assert len(other.heard) == 2
    shop.clock.forward(seconds=31)
    look(shop)
    assert len(other.heard) == 2
    shop.clock.forward(seconds=60)
    look(shop)
    assert other.ids(2)[0] == other.ids(0)[0]
    look(shop)
    assert len(other.heard) == 3
    assert shop.keys("crm-refused") == []


def test_how_far_it_is_survives_a_restart(shop: Office, other: Crm) -> None:
    other.answers = [status(500)]
    change(shop, "One")
    look(shop)
    shop.app = App(shop.app.settings, shop.app.db, shop.app.now)
    look(shop)
    assert len(other.heard) == 1
    shop.clock.forward(seconds=31)
    look(shop)
    assert len(other.heard) == 2


def test_who_dies_with_it_in_hand_sends_it_again_later(shop: Office, other: Crm) -> None:
    from bot.crm.changes import sending

    change(shop, "One")
    with shop.app.db.begin() as db:
        assert len(sending.claim(db, 1, shop.app.now())) == 1
    look(shop)
    assert other.heard == [], "perhaps the other is at it"
    shop.clock.forward(seconds=121)
    look(shop)
    assert len(other.heard) == 1


@pytest.mark.parametrize("after", ["600", "Thu, 11 Jun 2026 06:40:00 GMT"])
def test_who_asks_to_wait_is_given_the_time(shop: Office, other: Crm, after: str) -> None:
    start = shop.app.now()
    other.answers = [status(429, Retry_After=after)]
    change(shop, "One")
    look(shop)
    due = 600 if after.isdecimal() else (start.replace(hour=6, minute=40) - start).total_seconds()
    shop.clock.forward(seconds=max(due, 30) - 1)
    look(shop)
    assert len(other.heard) == (1 if due > 30 else 2)
    shop.clock.forward(seconds=2)
    look(shop)
    assert len(other.heard) == 2


@pytest.mark.parametrize("code", [400, 401, 404, 410, 302, 307])
def test_what_is_refused_is_not_sent_again_and_the_admins_hear_of_it_once(shop: Office, other: Crm, code: int) -> None:
    other.answers = [status(code, Location=other.url.replace("/in", "/elsewhere"))] * 2
    for text in ("One", "Two"):
        change(shop, text)
        look(shop)
        shop.clock.forward(hours=2)
        look(shop)
    assert len(other.heard) == 2
    assert other.elsewhere == [], "who sends us elsewhere gets nothing there"
    (told,) = shop.heard("bot:chen", "crm-refused")
    assert f"(HTTP {code})" in told
    shop.say("anna", "/deals #resend")
    assert len(other.heard) == 2
    shop.say("chen", "/deals #resend", how="button")
    look(shop)
    assert len(other.ids()) == 2


def test_one_bad_change_of_many_does_not_hold_up_the_rest(shop: Office, other: Crm) -> None:
    took: list[str] = []

    def picky(door: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        said = [field["after"] for one in body["changes"] for field in one["fields"] if field["field"] == "next_step"]
        took.extend([] if "n5" in said else said)
        status(422 if "n5" in said else 200)(door, body)

    other.answers = [picky] * 30
    for n in range(12):
        change(shop, f"n{n}")
    look(shop)
    assert took == [f"n{n}" for n in range(12) if n != 5]
    assert "1 change made in chat" in shop.heard("bot:chen", "crm-refused")[0]


def test_what_the_crm_has_overtaken_is_not_sent(shop: Office, other: Crm, tmp_path: Path) -> None:
    change(shop, "One")
    folder = tmp_path / "again"
    folder.mkdir()
    (folder / "deals.csv").write_text(FILES["deals"].replace("Call Ida", "Lunch"))
    assert not import_folder(shop.app.db, 1, folder, shop.app.now()).faults
    look(shop)
    assert other.heard == []


def test_many_go_in_several_bodies(shop: Office, other: Crm) -> None:
    for n in range(120):
        change(shop, f"n{n}")
    look(shop)
    assert [len(other.ids(n)) for n in range(len(other.heard))] == [50, 50, 20]


def test_a_slow_word_now_and_then_is_not_waited_for(other: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "PATIENCE", 0.5)
    monkeypatch.setattr(hook, "ALL_IN_ALL", 1.0)
    over = threading.Event()

    def drip(door: BaseHTTPRequestHandler, _body: dict[str, Any]) -> None:
        door.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not over.wait(0.2):
            try:
                door.wfile.write(b"X-More: and more\r\n")
            except OSError:
                return

    def silent(door: BaseHTTPRequestHandler, _body: dict[str, Any]) -> None:
        over.wait(5)

    from datetime import UTC, datetime

    for answer, most in ((drip, 3.0), (silent, 2.0)):
        other.answers = [answer]
        began = time.monotonic()
        found = hook.post(WebhookSettings(other.url, SECRET), b'{"changes": []}', datetime(2026, 6, 11, tzinfo=UTC))
        assert (found.status, found.taken, found.refused) == (0, False, False)
        assert time.monotonic() - began < most
    over.set()


def test_nobody_there(shop: Office) -> None:
    nowhere = replace(shop.app.settings, crm_webhook=WebhookSettings("http://127.0.0.1:1/in", SECRET))
    shop.app = App(nowhere, shop.app.db, shop.app.now)
    change(shop, "One")
    look(shop)
    assert shop.keys("crm-refused") == []


@pytest.mark.parametrize(
    "env",
    [
        {"URL": "https://crm.example/in"},
        {"SECRET": SECRET},
        {"URL": "https://crm.example/in", "SECRET": "short"},
        {"URL": "ftp://crm.example/in", "SECRET": SECRET},
        {"URL": "https://me:word@crm.example/in", "SECRET": SECRET},
    ],
)
def test_settings_that_cannot_be(env: dict[str, str]) -> None:
    with pytest.raises(BotError, match="PACELINE_CRM_WEBHOOK_URL") as refused:
        read_settings({f"PACELINE_CRM_WEBHOOK_{name}": value for name, value in env.items()})
    assert SECRET not in str(refused.value)


def test_the_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    env = {
        "PACELINE_CRM_WEBHOOK_URL": "https://crm.example/in/",
        "PACELINE_CRM_WEBHOOK_SECRET_FILE": str(tmp_path / "secret"),
    }
    assert read_settings(env).crm_webhook == WebhookSettings("https://crm.example/in/", SECRET)
