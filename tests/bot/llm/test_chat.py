"""A model is asked for JSON, in the simplest way that its server understands, and nothing of its answer is believed."""

from typing import Any

import pytest

from bot.llm.chat import Chat, Question
from bot.llm.model import Outcome
from bot.settings import LlmSettings
from tests.bot.llm.server import WRONG, Json, serving, slowly, trickles

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
        '{"card": "no"} is wrong</think>{"card": "price"}',
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


@pytest.mark.parametrize("said", [*WRONG.values(), "[1, 2]", '{"other": 1}'], ids=[*WRONG, "a list", "another"])
def test_what_does_not_hold_is_no_answer(said: Any) -> None:
    with serving(lambda _: said) as server:
        assert chat(server.url).ask("which?", into, SCHEMA, 5) is None
        assert len(server.asked) <= 4


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (WRONG["html"], Outcome.STRANGE),
        (WRONG["a dead line"], Outcome.UNREACHABLE),
        (WRONG["a tool call"], Outcome.EMPTY),
        (WRONG["a refusal"], Outcome.REFUSED),
        (WRONG["a filter"], Outcome.REFUSED),
        (WRONG["a cut answer"], Outcome.CUT),
        (WRONG["prose"], Outcome.INVALID),
        (401, Outcome.KEY),
        (429, Outcome.BUSY),
        (503, Outcome.BROKEN),
        (404, Outcome.FORM),
        (trickles, Outcome.LATE),
    ],
)
def test_how_it_ended_is_told(said: Any, outcome: Outcome) -> None:
    with serving(lambda _: said) as server:
        assert chat(server.url).answer(Question("which?", into, SCHEMA), 1).outcome is outcome
    assert chat(server.url).answer(Question("which?", into, SCHEMA), 1).outcome is Outcome.UNREACHABLE


def test_slips_are_mended_in_plain_text_alone() -> None:
    with serving(lambda _: "{'card': 'price', /* why */ 'also': [1, 2,]") as server:
        assert chat(server.url).ask("which?", into, SCHEMA, 5) == "price"
        assert len(server.asked) == 3


def test_the_model_may_mend_its_answer_once() -> None:
    def answer(body: Json) -> str:
        return '{"card": "price"}' if len(body["messages"]) > 1 else "It is the card on price."

    with serving(answer) as server:
        asks = chat(server.url)
        assert asks.ask("which?", into, SCHEMA, 5) == "price"
        said = server.asked[-1]["messages"]
        assert [one["role"] for one in said] == ["user", "assistant", "user"]
        assert len(server.asked) == 4


def test_the_rung_is_forgotten_after_a_day() -> None:
    now = [0.0]
    with serving(lambda body: 400 if "response_format" in body else '{"card": "price"}') as server:
        asks = chat(server.url, monotonic=lambda: now[0])
        asks.ask("which?", into, SCHEMA, 5)
        now[0] = 86_000
        asks.ask("which?", into, SCHEMA, 5)
        assert len(server.asked) == 4
        now[0] = 87_000
        asks.ask("which?", into, SCHEMA, 5)
        assert len(server.asked) == 7


def test_one_wrong_answer_does_not_cost_the_schema() -> None:
    with serving(lambda body: "Hm.") as server:
        asks = chat(server.url)
        assert asks.ask("which?", into, SCHEMA, 5) is None
        server.answer = lambda _: '{"card": "price"}'
        assert asks.ask("which?", into, SCHEMA, 5) == "price"
        assert server.asked[-1]["response_format"]["type"] == "json_schema"


def test_a_model_that_takes_no_temperature_is_asked_without() -> None:
    def answer(body: Json) -> Any:
        if "temperature" not in body:
            return '{"card": "price"}'

        def refuse(door: Any) -> None:
            data = b'{"error": {"message": "Unsupported value: temperature"}}'
            door.send_response(400)
            door.send_header("Content-Type", "application/json")
            door.send_header("Content-Length", str(len(data)))
            door.end_headers()
            door.wfile.write(data)

        return refuse

    with serving(answer) as server:
        assert chat(server.url).ask("which?", into, SCHEMA, 5) == "price"
        assert server.asked[-1]["response_format"]["type"] == "json_schema"


def test_a_busy_server_is_asked_again_by_long_work() -> None:
    def busy(door: Any) -> None:
        door.send_response(429)
        door.send_header("Retry-After", "0")
        door.send_header("Content-Length", "0")
        door.end_headers()

    with serving(lambda _: busy) as server:
        assert chat(server.url).ask("which?", into, SCHEMA, 90) is None
        assert len(server.asked) == 2


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
