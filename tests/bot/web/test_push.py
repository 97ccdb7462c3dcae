"""`POST /crm/push` over real HTTP: who may, how much, how often."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.crm.push.signing import signed
from bot.crm.standings import store as standings
from tests.bot.web.site import Site, running

SECRET = "the secret of both sides"
DEAL = {"deal": "D1", "owner": "anna", "stage": "Demo", "status": "open", "created": "2026-05-01T02:00:00Z"}


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path, PACELINE_CRM_PUSH_SECRET=SECRET) as site:
        yield site


def push(site: Site, *rows: dict[str, Any], at: float = 0.0, secret: str = SECRET, **headers: str) -> httpx.Response:
    body = json.dumps({"kind": "deals", "rows": rows}).encode()
    proof = signed(secret, int(time.time() + at), body)
    return httpx.post(f"{site.url}/crm/push", content=body, headers=proof | headers, timeout=60)


def kept(site: Site) -> list[str]:
    with site.app.db.read() as db:
        return [deal for rows in standings.rows(db, 1, "deals", ["deal"]) for (deal,) in rows]


def test_a_signed_batch_is_taken(crm: Site) -> None:
    answer = push(crm, DEAL, Host="crm.example")
    assert answer.status_code == 200
    assert answer.json()["kinds"] == {"deals": {"added": 1, "changed": 0, "unchanged": 0}}
    assert kept(crm) == ["D1"]


def test_without_a_secret_there_is_nothing_here(site: Site) -> None:
    assert push(site, DEAL).status_code == 404
    assert push(site, DEAL, Host="crm.example").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"secret": "another secret of 16"}, "does not fit"),
        ({"at": -310}, "five minutes"),
        ({"at": 310}, "five minutes"),
        ({"X-Paceline-Signature": ""}, "not signed"),
        ({"X-Paceline-Signature": "v1=" + "0" * 64}, "does not fit"),
        ({"X-Paceline-Signature": "0" * 64}, "not signed"),
        ({"X-Paceline-Timestamp": "yesterday"}, "not signed"),
        ({"X-Paceline-Timestamp": lambda: str(int(time.time()) + 5)}, "does not fit"),
        ({"X-Paceline-Timestamp": lambda: f"{int(time.time())}.0"}, "not signed"),
    ],
)
def test_who_does_not_sign_is_refused(crm: Site, wrong: dict[str, Any], says: str) -> None:
    answer = push(crm, DEAL, **{name: value() if callable(value) else value for name, value in wrong.items()})
    assert answer.status_code == 401
    assert says in answer.json()["error"]
    assert kept(crm) == []


def test_times_within_the_window_do(crm: Site) -> None:
    assert [push(crm, DEAL, at=at).status_code for at in (-290, 290)] == [200, 200]


def test_keys(crm: Site) -> None:
    first = push(crm, DEAL, **{"Idempotency-Key": "batch/1"})
    again = push(crm, DEAL, at=-3, **{"Idempotency-Key": "batch/1"})
    assert (again.status_code, again.json()) == (200, first.json())
    assert push(crm, DEAL | {"deal": "D2"}, **{"Idempotency-Key": "batch/1"}).status_code == 409
    assert push(crm, DEAL, **{"Idempotency-Key": "k" * 201}).status_code == 400
    assert push(crm, DEAL, **{"Idempotency-Key": "a b"}).status_code == 400


def test_faults_and_what_is_no_batch(crm: Site) -> None:
    answer = push(crm, DEAL | {"amount": "much"})
    assert answer.status_code == 422
    assert answer.json()["faults"] == [
        {
            "kind": "deals",
            "row": 1,
            "column": "amount",
            "key": "D1",
            "says": "Row 1 (D1), amount: found “much”, expected a number such as 12500 or 12,500.00",
        }
    ]
    body = b"deal,owner"
    wrong = httpx.post(f"{crm.url}/crm/push", content=body, headers=signed(SECRET, int(time.time()), body))
    assert wrong.status_code == 400


def test_a_body_that_is_too_large_is_not_read_to_its_end(crm: Site) -> None:
    proof = signed(SECRET, int(time.time()), b"")
    told = httpx.Headers(proof | {"Content-Length": str(9 * 1024**2)})
    with socket.create_connection(("127.0.0.1", int(crm.url.rpartition(":")[2])), timeout=10) as line:
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        line.sendall(f"POST /crm/push HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413")

    def endless() -> Iterator[bytes]:
        for _ in range(9):
            yield b" " * 1024**2

    answer = httpx.post(f"{crm.url}/crm/push", content=endless(), headers=proof)
    assert answer.status_code == 413


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_signature_as_the_readme_makes_it(crm: Site, tmp_path: Path, name: str) -> None:
    """The shell lines of the README, word for word but for the address."""
    readme = (Path(__file__).parents[3] / name).read_text(encoding="utf-8")
    script = readme.partition("```\n# push\n")[2].partition("```")[0]
    assert "openssl dgst" in script
    script = script.replace("https://paceline.example", crm.url)
    env = {"PACELINE_CRM_PUSH_SECRET": SECRET, "PATH": "/usr/bin:/bin:/usr/local/bin"}
    done = subprocess.run(["bash", "-euc", script], env=env, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["kinds"]["deals"]["added"] == 1
