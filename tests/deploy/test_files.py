"""What an operator copies is true: every setting has its line, every path is there, nothing is open without need."""

import json
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from bot.settings import read_settings

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
DOCKERFILE = re.sub(r"\\\n", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
UNIT = (DEPLOY / "paceline.service").read_text(encoding="utf-8")
EXAMPLE = (DEPLOY / "env.example").read_text(encoding="utf-8")
SET = dict(re.findall(r"^#(PACELINE_\w+)=(.*)$", EXAMPLE, re.MULTILINE))


class Asked(dict[str, str]):
    """An environment that keeps what it was asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, name: str, otherwise: str = "") -> str:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, otherwise)


def settings() -> set[str]:
    """Every variable that `read_settings` looks at, those that name a file left out."""
    slack, telegram = {"SLACK_BOT_TOKEN": "a", "SLACK_APP_TOKEN": "b"}, {"TELEGRAM_BOT_TOKEN": "c"}
    model = {"LLM_URL": "http://127.0.0.1/v1", "LLM_MODEL": "d", "LLM_PRICE_IN": "1", "LLM_PRICE_OUT": "1"}
    env = Asked({f"PACELINE_{name}": value for name, value in (slack | telegram | model).items()})
    read_settings(env)
    return {name for name in env.names if not name.endswith("_FILE")}


def test_the_example_has_every_setting_and_no_other() -> None:
    assert set(SET) == settings()
    assert re.findall(r"^[^#\n]", EXAMPLE, re.MULTILINE) == [], "copied as it is, it sets nothing"
    read_settings({name: value for name, value in SET.items() if value})  # each example is one that is taken


def test_each_setting_says_what_it_is_for() -> None:
    lines = EXAMPLE.splitlines()
    unsaid = [line for before, line in pairwise(lines) if line[1:9] == "PACELINE" and not before]
    assert unsaid == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_has_every_setting(name: str) -> None:
    table = re.findall(r"`(PACELINE_[A-Z_]*[A-Z])`", (ROOT / name).read_text(encoding="utf-8"))
    assert settings() - set(table) == set()
    assert set(table) - settings() == set()


def test_both_readmes_have_the_same_parts() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    for part in (r"^## ", r"^\| `?/", r"^\| `PACELINE_", r"^\d\. "):
        assert len(re.findall(part, english, re.MULTILINE)) == len(re.findall(part, chinese, re.MULTILINE)), part


def test_what_the_image_copies_is_there_and_let_in() -> None:
    wanted = [
        path for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for path in words.split()[:-1]
    ]
    let_in = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(wanted) == sorted(let_in)
    assert [path for path in wanted if not (ROOT / path).exists()] == []


def test_the_image_is_small_and_runs_as_nobody_in_particular() -> None:
    build, run = DOCKERFILE.split("\nFROM ")[1:]
    assert "--require-hashes" in build
    assert "pip install" not in run
    words = dict(re.findall(r"^(USER|VOLUME|CMD|EXPOSE) (.+)$", run, re.MULTILINE))
    assert words["USER"].isdecimal()
    assert words["USER"] != "0"
    assert words["VOLUME"] == "/data"
    assert json.loads(words["CMD"]) == ["paceline", "serve"]  # no shell between, so that SIGTERM arrives


def test_the_look_at_its_health_is_a_program() -> None:
    python, flag, program = json.loads(re.findall(r"^HEALTHCHECK .*?CMD (.+)$", DOCKERFILE, re.MULTILINE)[0])
    assert (python, flag) == ("python", "-c")
    compile(program, "HEALTHCHECK", "exec")
    assert "/healthz" in program


def test_compose_opens_nothing_but_this_machine() -> None:
    assert "\t" not in COMPOSE
    assert re.findall(r'- "(\S+:8100:8100)"', COMPOSE) == ["127.0.0.1:8100:8100"]
    for line in (
        "read_only: true",
        "restart: unless-stopped",
        "stop_grace_period: 15s",
        "- data:/data",
        "env_file: env",
    ):
        assert re.search(rf"^ +{line}$", COMPOSE, re.MULTILINE), line
    assert (DEPLOY / re.findall(r"context: (.+)", COMPOSE)[0] / "deploy" / "Dockerfile").is_file()


def test_the_unit_is_shut_in() -> None:
    sections = re.findall(r"^\[(\w+)\]$", UNIT, re.MULTILINE)
    assert sections == ["Unit", "Service", "Install"]
    values = dict(re.findall(r"^(\w+)=(.*)$", UNIT, re.MULTILINE))
    wanted = {
        "User": "paceline",
        "StateDirectory": "paceline",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "Restart": "on-failure",
        "CapabilityBoundingSet": "",
        "Environment": "PACELINE_HOME=/var/lib/paceline",
    }
    assert wanted.items() <= values.items()
    assert values["ExecStart"].endswith("/.venv/bin/paceline serve")


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.sh")), ids=lambda path: path.name)
def test_a_script_is_sound(path: Path) -> None:
    assert path.stat().st_mode & 0o111
    assert path.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", str(path)], capture_output=True, text=True).stderr == ""


def test_each_permission_on_slack_has_its_reason() -> None:
    manifest = (DEPLOY / "slack-manifest.yaml").read_text(encoding="utf-8")
    wanted = re.findall(r"^      - ([a-z_]+:[a-z.]+|commands)\b", manifest, re.MULTILINE)
    table = re.findall(
        r"^\| (`.+?`) \| |^\| (`.+?`), of the app", (ROOT / "SECURITY.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(wanted) == sorted(re.findall(r"`([^`]+)`", " ".join(one for one, _app in table)))


def test_what_holds_secrets_is_never_committed() -> None:
    ignored = (DEPLOY / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/env", "/secrets/"} <= set(ignored)
