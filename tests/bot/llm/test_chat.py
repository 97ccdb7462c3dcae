"""A model is asked for JSON, in the simplest way that its server understands, and nothing of its answer is believed."""

import json
from typing import Any

import pytest

from bot.llm.chat import Chat
from bot.settings import LlmSettings
from tests.bot.llm.server import Json, completion, serving, slowly

SCHEMA = {"type": "object", "properties": {"card": {"type": "string"}}, "required": ["card"]}


def into(body: dict[str, Any]) -> str:
    return str(body["card"])


def chat(url: str, **more: Any) -> Chat:
    return Chat(LlmSettings(url, "", "m"), **more)


@pytest.mark.parametrize(
    "text",
    [
        '{"card": "price"}',
        '```json\n{"card": "price"}\n```',
        '<think>{"card": "no"}</think>{"card": "price"}',
        'Sure. {"card": "price"} I hope this helps.',
    ],
)
def test_json_is_found_in_what_a_model_writes(text: str) -> None:
    with serving(lambda _: text) as server:
        assert chat(server.url).ask("which?", into, SCHEMA, 5) == "price"
        assert len(server.asked) == 1


def test_a_server_without_schemas_is_asked_more_simply_and_remembered() -> None:
    def answer(body: Json) -> str | int:
        return 400 if "response_format" in body else '{"card": "price"}'

    with serving(answer) as server:
        asks = chat(server.url)
        assert asks.ask("which?", into, SCHEMA, 5) == "price"
        assert [body.get("response_format", {}).get("type") for body in server.asked] == [
            "json_schema",
            "json_object",
            None,
        ]
        assert asks.ask("which?", into, SCHEMA, 5) == "price"
        assert len(server.asked) == 4


@pytest.mark.parametrize(
    "said",
    [
        b"<html>hello</html>",
        b'{"error": {"message": "out of memory"}}',
        b'{"choices": null}',
        b"",
        b'{"choices": [{"index": 0, "mess',
        json.dumps(completion('{"card": "pri', "length")).encode(),
        json.dumps(completion("")).encode(),
        "I cannot help with that.",
        "[1, 2]",
        '{"other": 1}',
        "{" * 5000,
        500,
        401,
        429,
    ],
)
def test_what_does_not_hold_is_no_answer(said: str | bytes | int) -> None:
    with serving(lambda _: said) as server:
        assert chat(server.url).ask("which?", into, SCHEMA, 5) is None
        assert len(server.asked) <= 4


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_refusals_do_not_lead_to_a_simpler_question(status: int) -> None:
    with serving(lambda _: status) as server:
        assert chat(server.url).ask("which?", into, SCHEMA, 5) is None
        assert len(server.asked) == 1


def test_after_three_failures_it_is_left_alone_for_a_minute() -> None:
    now = [0.0]
    with serving(lambda _: 500) as server:
        asks = chat(server.url, monotonic=lambda: now[0])
        for _ in range(5):
            assert asks.ask("which?", into, SCHEMA, 5) is None
        assert len(server.asked) == 3
        now[0] = 61
        server.answer = lambda _: '{"card": "price"}'
        assert asks.ask("which?", into, SCHEMA, 5) == "price"


def test_nobody_waits_longer_than_the_deadline() -> None:
    with serving(slowly(3, '{"card": "price"}')) as server:
        import time

        began = time.monotonic()
        assert chat(server.url).ask("which?", into, SCHEMA, 0.3) is None
        assert time.monotonic() - began < 2
