"""What the import rules cannot say: every room has its floor, a model reads no clock, no file outgrows its reader."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RULES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
FLOORS = {name.strip(" ()") for layer in RULES[0]["layers"] for name in layer.split("|")}

# Rooms of the house that are no capability; a chat adapter may know some of them.
NO_CAPABILITY = {
    "__main__",
    "app",
    "chat",
    "cli",
    "db",
    "demo",
    "demo_company",
    "demo_calls",
    "demo_deals",
    "inbox",
    "logs",
    "outbox",
    "serve",
    "team",
    "voice",
    "web",
}
GROUND = {"message", "markdown", "tables", "charts", "settings", "errors", "llm", "redaction", "work"}


def rooms() -> set[str]:
    return {
        path.stem
        for path in (ROOT / "bot").iterdir()
        if path.name not in ("__init__.py", "__pycache__") and (path.suffix == ".py" or any(path.glob("*.py")))
    }


def test_every_room_has_a_floor() -> None:
    assert {f"bot.{room}" for room in rooms()} <= FLOORS, "give the new room its line in pyproject.toml"


def test_adapters_are_kept_from_every_capability() -> None:
    (rule,) = (rule for rule in RULES if rule.get("source_modules") == ["bot.chat"])
    capabilities = rooms() - NO_CAPABILITY - GROUND
    assert set(rule["forbidden_modules"]) == {f"bot.{room}" for room in capabilities}


def impure(source: str) -> list[str]:
    """The calls that read a clock or touch the outside."""
    calls = (ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    reads = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "open", "print", "input")
    return [call for call in calls if call.removeprefix("datetime.") in reads or call in reads]


@pytest.mark.parametrize("path", sorted((ROOT / "bot").rglob("model.py")), ids=lambda path: path.parent.name)
def test_a_model_reads_no_clock_and_no_file(path: Path) -> None:
    assert impure(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ["x = datetime.now(UTC)", "x = datetime.datetime.now()", "date.today()", "open('x')"])
def test_a_clock_in_a_model_is_seen(line: str) -> None:
    assert impure(line)


def test_names_say_what_is_inside() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
    files = (path for room in ("bot", "handlers", "jobs", "prompts") for path in (ROOT / room).rglob("*.py"))
    assert [path for path in files if path.stem in vague] == []
